"""Following places, people and tags: I want it in my feed. Of what I am told is said beside it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from parvis.api import (
    BigId,
    Invalid,
    Member,
    Person,
    add_once,
    db,
    one_of,
    prepared,
    read_rows,
    record,
    utcnow,
)
from parvis.api import gettext as _
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    delete,
    func,
    literal,
    or_,
    select,
    true,
    update,
)

from ..content.card import FACE, PLACE, Face, PlaceLabel
from ..content.models import Tag, TagFollow
from ..event import Followed, Unfollowed
from ..statement import VIEWER
from .access import may_read, nothing, readable_places, role_in
from .models import Level, Membership, PersonFollow, Place, PlaceFollow, Posting, Role

FOR_GOOD = datetime.fromisoformat("9999-12-31T00:00:00+00:00")
PAGE = 50
PLACES_PAGE = 20
"""Fewer: each comes with all that one may choose of it."""


class Following(NamedTuple):
    """Of what in a place somebody is told, and until when they hear nothing of it."""

    level: str
    muted_until: datetime | None
    """None if it is not muted now, the year 9999 if it is for good."""


class FollowedPlace(NamedTuple):
    """A place that somebody follows: whether there is something new in it, of what they are told, and whether
    they publish in it.
    """

    place: PlaceLabel
    unread: bool
    level: str
    muted_until: datetime | None
    posts: bool


def follow_place(*, place: Place, actor: Member) -> None:
    """Follow a place that one may read.

    Raises:
        NotFound: it is not open to the actor.
    """
    if not may_read(place, role_in(place.id, actor.id)):
        raise nothing()
    values = {"level": place.level, "seen_id": place.latest_id, "since": utcnow()}
    if add_once(PlaceFollow, person_id=actor.id, place_id=place.id, **values):
        record(Followed(actor=actor.id, place=place.id))


def unfollow_place(*, place: Place, actor: Member) -> None:
    """Follow a place no longer; whether one belongs to it is another matter."""
    if _delete(PlaceFollow, PlaceFollow.person_id == actor.id, PlaceFollow.place_id == place.id):
        record(Unfollowed(actor=actor.id, place=place.id))


def follow_of(place_id: int, member: Member) -> Following | None:
    """Return how a member follows a place, if they do."""
    mine = (PlaceFollow.person_id == member.id, PlaceFollow.place_id == place_id)
    found = db.session.execute(select(PlaceFollow.level, PlaceFollow.muted_until).where(*mine)).first()
    return Following(found.level, _still(found.muted_until, utcnow())) if found else None


def _still(muted_until: datetime | None, now: datetime) -> datetime | None:
    return muted_until if muted_until is not None and muted_until > now else None


def set_level(*, place: Place, level: str, actor: Member) -> None:
    """Say of what in a place one wants to be told.

    Raises:
        Invalid: there is no such level, or the actor does not follow the place.
    """
    if level not in set(Level):
        raise Invalid(_("Please choose one of the three."), field="level")
    _change(place, actor, level=level)


def mute(*, place: Place, until: datetime | None, actor: Member) -> None:
    """Hear nothing of a place, until a moment or for good, without leaving it."""
    _change(place, actor, muted_until=until or FOR_GOOD)


def unmute(*, place: Place, actor: Member) -> None:
    """Hear of a place again."""
    _change(place, actor, muted_until=None)


def _change(place: Place, actor: Member, **values: Any) -> None:
    mine = (PlaceFollow.person_id == actor.id, PlaceFollow.place_id == place.id)
    changing = update(PlaceFollow).where(*mine).values(**values).returning(PlaceFollow.place_id)
    if db.session.execute(changing).first() is None:
        raise Invalid(_("You do not follow %(place)s.", place=place.shown_name))


def follow_person(*, person: Person, actor: Member) -> None:
    """Follow what a colleague publishes wherever one may read it.

    Raises:
        Invalid: nobody follows themselves.
    """
    if person.id == actor.id:
        raise Invalid(_("What you write yourself is in your feed anyway."))
    if add_once(PersonFollow, person_id=actor.id, followed_id=person.id, since=utcnow()):
        record(Followed(actor=actor.id, person=person.id))


def unfollow_person(*, person: Person, actor: Member) -> None:
    """Follow a colleague no longer."""
    if _delete(PersonFollow, PersonFollow.person_id == actor.id, PersonFollow.followed_id == person.id):
        record(Unfollowed(actor=actor.id, person=person.id))


def follows_person(person_id: int, member: Member) -> bool:
    """Tell whether a member follows a colleague."""
    return bool(read_rows(_follows_person(), {"viewer": member.id, "person": person_id}))


@prepared
def _follows_person() -> Select[Any]:
    followed = PersonFollow.followed_id == bindparam("person", type_=BigId)
    return select(literal(1)).where(PersonFollow.person_id == VIEWER, followed)


def follow_tag(*, tag: Tag, actor: Member) -> None:
    """Follow what carries a tag, in all places that one may read."""
    if add_once(TagFollow, person_id=actor.id, tag_id=tag.id, since=utcnow()):
        record(Followed(actor=actor.id, tag=tag.id))


def unfollow_tag(*, tag: Tag, actor: Member) -> None:
    """Follow a tag no longer."""
    if _delete(TagFollow, TagFollow.person_id == actor.id, TagFollow.tag_id == tag.id):
        record(Unfollowed(actor=actor.id, tag=tag.id))


def _delete(model: Any, *conditions: Any) -> bool:
    return bool(db.session.execute(delete(model).where(*conditions).returning(model.since)).all())


def followed_places(viewer: Member, *, after: tuple[str, int] = ("", 0)) -> list[FollowedPlace]:
    """Return all places that a member follows and reads, by name, from `after` (name, id) on; one more than
    a page.
    """
    now, (name, number) = utcnow(), after
    values = {"viewer": viewer.id, "name": name, "number": number}
    return [followed(row, now) for row in read_rows(_followed_places(), values)]


def followed(row: Sequence[Any], now: datetime) -> FollowedPlace:
    """Make a followed place of a row of `places_query`."""
    place, (latest, seen, level, muted, posts) = row[:-5], row[-5:]
    silent = _still(muted, now)
    return FollowedPlace(PlaceLabel(*place), latest > seen and silent is None, level, silent, bool(posts))


@prepared
def _followed_places() -> Select[Any]:
    name, last = func.lower(Place.name), func.lower(bindparam("name", type_=Place.name.type))
    further = or_(name > last, and_(name == last, Place.id > bindparam("number", type_=BigId)))
    return places_query().where(further).order_by(name, Place.id).limit(PLACES_PAGE + 1)


def places_query(follow: FromClause | None = None) -> Select[Any]:
    """Return the select of places that the viewer follows and reads, for `followed`.

    `follow`: the one `PlaceFollow` of the viewer for a `Place`, where it is found by the place.
    """
    how = PlaceFollow.__table__ if follow is None else follow
    columns: tuple[Any, ...] = (*PLACE, Place.latest_id, how.c.seen_id, how.c.level, how.c.muted_until)
    theirs = and_(how.c.person_id == VIEWER, how.c.place_id == Place.id) if follow is None else true()
    mine = and_(Membership.place_id == Place.id, Membership.person_id == VIEWER)
    found = select(*columns, _posts()).select_from(Place).join(how, theirs).outerjoin(Membership, mine)
    return found.where(readable_places(Membership.role.is_not(None)), Place.moved_to_id.is_(None))


def followed_people(viewer: Member, *, after: int = 0) -> Sequence[Face]:
    """Return whom a member follows, those present, by their ids from `after` on; one more than a page."""
    query = (
        select(*FACE)
        .join(PersonFollow, PersonFollow.followed_id == Person.id)
        .where(PersonFollow.person_id == viewer.id, Person.present.is_(True), Person.id > after)
        .order_by(Person.id)
        .limit(PAGE + 1)
    )
    return [Face(*row) for row in db.session.execute(query)]


def followed_tags(viewer: Member) -> Sequence[Tag]:
    """Return the tags that a member follows, in order."""
    query = select(Tag).join(TagFollow).where(TagFollow.person_id == viewer.id).order_by(Tag.folded)
    return db.session.scalars(query.limit(200)).all()


def _posts() -> ColumnElement[bool]:
    """Return whether the viewer publishes in a place, by what they are there."""
    managing = one_of(Membership.role, [Role.OWNER, Role.MODERATOR])
    return and_(
        func.coalesce(Membership.role, Role.VISITOR) != Role.VISITOR,
        Place.archived_at.is_(None),
        Place.moved_to_id.is_(None),
        or_(Place.posting != Posting.MODERATORS, managing),
    )
