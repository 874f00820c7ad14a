"""Following, muting, walls: what one does with places and people, whatever kind they are of."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeVar

from flask import Response, g, request, url_for
from parvis.api import (
    Invalid,
    Person,
    clean,
    done,
    get_person_for,
    get_timezone,
    is_fragment,
    needs,
    own_path,
    page,
    utcnow,
)
from parvis.api import gettext as _

from ..content.form import PostForm
from ..feed.stream import activity_of, place_stream
from ..permission import SocialPermission
from ..registry import place_kinds
from ..web import bp, number
from . import follow as following
from .access import get_place_by_id
from .models import Place
from .wall import find_wall

MUTES = {"hour": timedelta(hours=1), "week": timedelta(days=7)}
T = TypeVar("T")


@bp.post("/places/<int:place_id>/follow")
@needs(SocialPermission.USE)
def follow_place(place_id: int) -> Response:
    """Follow a place, or no longer."""
    place, _role = get_place_by_id(g.member, place_id)
    if request.form.get("take_back"):
        following.unfollow_place(place=place, actor=g.member)
        return _back(_("%(place)s no longer comes into your feed.", place=place.shown_name), place)
    following.follow_place(place=place, actor=g.member)
    return _back(_("%(place)s now comes into your feed.", place=place.shown_name), place)


@bp.post("/places/<int:place_id>/level")
@needs(SocialPermission.USE)
def set_level(place_id: int) -> Response:
    """Say of what in a place one wants to be told."""
    place, _role = get_place_by_id(g.member, place_id)
    following.set_level(place=place, level=request.form.get("level", ""), actor=g.member)
    return _back(_("Saved."), place)


@bp.post("/places/<int:place_id>/mute")
@needs(SocialPermission.USE)
def mute(place_id: int) -> Response:
    """Hear nothing of a place for a while, or hear of it again."""
    place, _role = get_place_by_id(g.member, place_id)
    if request.form.get("take_back"):
        following.unmute(place=place, actor=g.member)
        return _back(_("You hear of %(place)s again.", place=place.shown_name), place)
    following.mute(place=place, until=_until(request.form.get("how_long", "")), actor=g.member)
    return _back(
        _("You hear nothing of %(place)s now, and still belong to it.", place=place.shown_name), place
    )


def _until(how_long: str) -> datetime | None:
    """Return a moment, None (of an empty choice) for good. A day ends at midnight where the member is.

    Raises:
        Invalid: there is no such choice: nothing is muted for longer than somebody said.
    """
    if how_long == "today":
        here = utcnow().astimezone(get_timezone())
        return datetime.combine(here.date() + timedelta(days=1), time(), here.tzinfo).astimezone(UTC)
    if how_long and how_long not in MUTES:
        raise Invalid(_("Please choose for how long."))
    return utcnow() + MUTES[how_long] if how_long else None


def _back(message: str, place: Place) -> Response:
    """Show the choices anew in their place, or go back to where the form stood, else to the place's page."""
    if is_fragment():
        return page("social/_followed.html", place=place, follow=following.follow_of(place.id, g.member))
    return done(message, own_path(request.form.get("next"), place_kinds()[place.kind].url(place.slug)))


@bp.post("/people/<handle>/follow")
@needs(SocialPermission.USE)
def follow_person(handle: str) -> Response:
    """Follow a colleague, or no longer."""
    person = get_person_for(g.member, handle)
    if request.form.get("take_back"):
        following.unfollow_person(person=person, actor=g.member)
        message = _("You no longer follow %(name)s.", name=person.display_name)
    else:
        following.follow_person(person=person, actor=g.member)
        message = _("You follow %(name)s.", name=person.display_name)
    return after_follow(f"person-{person.id}", person.display_name, message, default=f"/people/{handle}")


def after_follow(key: str, label: str, message: str, *, default: str) -> Response:
    """Show the button of somebody or of a tag anew in its place, or go back to where it stood."""
    if is_fragment():
        follows = not request.form.get("take_back")
        return page(
            "social/_followed.html", place=None, action=request.path, follows=follows, key=key, label=label
        )
    return done(message, own_path(request.form.get("next"), default))


@bp.get("/people/<handle>/wall")
@needs(SocialPermission.USE)
def wall(handle: str) -> Response:
    """Show a person's wall, or all that they published anywhere."""
    person = get_person_for(g.member, handle)
    found = find_wall(person.id)
    everywhere = "all" in request.args
    if everywhere:
        cards = activity_of(person.id, viewer=g.member, before=number("before"))
    elif found is not None:
        cards = place_stream(found.id, viewer=g.member, before=number("before"))
    else:
        cards = None
    return page(
        "social/wall.html",
        fragment="part" if number("before") else None,
        person=person,
        follows=following.follows_person(person.id, g.member),
        wall=found,
        everywhere=everywhere,
        cards=cards.cards if cards else [],
        older=_older(person, everywhere, cards.before) if cards and cards.before else "",
        form=PostForm(formdata=None),
    )


def _older(person: Person, everywhere: bool, before: int) -> str:
    more: dict[str, Any] = {"all": 1} if everywhere else {}
    return url_for("social.wall", handle=person.handle, before=before, **more)


@bp.get("/following")
@needs(SocialPermission.USE)
def follows() -> Response:
    """Show what one follows, to look after it."""
    after, last = number("after"), (clean(request.args.get("name", ""))[:200], number("places") or 0)
    places = following.followed_places(g.member, after=last)
    people = following.followed_people(g.member, after=after or 0)
    return page(
        "social/following.html",
        fragment="people" if after else "places" if last[1] else None,
        places=places[: following.PLACES_PAGE],
        places_after=_last(places, following.PLACES_PAGE),
        people=people[: following.PAGE],
        after=_last(people, following.PAGE),
        tags=following.followed_tags(g.member),
    )


def _last(found: Sequence[T], most: int) -> T | None:
    """Return what the next part comes after, None if this was all."""
    return found[most - 1] if len(found) > most else None
