"""The page of a group, what it is, its files, its picture."""

from typing import Any

from flask import Response, g, request, url_for
from parvis.api import is_fragment, needs, page
from parvis_social.api import Card, files_of_place, place_page, place_stream

from ..domain.card import GroupCard
from ..domain.directory import owners_of
from ..domain.face import faces_of
from ..domain.read import View, get_group_for
from ..domain.similar import similar_groups
from ..forms import LANGUAGES
from ..permission import GroupsPermission
from ..picture import picture_answer
from ..web import bp, number
from . import group_page, known_group, readable_group

PAGE_OF_FILES = 30


@bp.get("/groups/<slug>")
@needs(GroupsPermission.USE)
def show(slug: str) -> Response:
    """Show a group: what was written last in it; to whom it is closed, what it is and how to get in."""
    view = known_group(slug)
    if not view.reads:
        return group_page("groups/closed.html", view, owners=owners_of(view.place.id))
    return _stream_page(view)


def _stream_page(view: View) -> Response:
    place, order = view.place, "active" if request.args.get("order") == "active" else "new"
    more: dict[str, Any] = {"order": order} if order == "active" else {}
    pinned: list[Card] = []
    if before := number("before"):
        cards = place_stream(place.id, viewer=g.member, order=order, before=before)
    else:
        pinned, cards = place_page(place.id, viewer=g.member, order=order)
    return group_page(
        "groups/show.html",
        view,
        fragment="part" if before else None,
        cards=cards.cards,
        older=url_for("groups.show", slug=place.slug, before=cards.before, **more) if cards.before else "",
        pinned=pinned,
        order=order,
        newest=0 if before else max((card.latest_id for card in cards.cards), default=0),
        faces=[] if before and is_fragment() else faces_of(place.id),
    )


@bp.get("/groups/<slug>/about")
@needs(GroupsPermission.USE)
def about(slug: str) -> Response:
    """Show what a group is, who looks after it, and which groups are like it."""
    view = known_group(slug)
    names = dict(LANGUAGES)
    spoken = [names[code] for code in view.group.languages if code in names]
    owners = owners_of(view.place.id)
    return group_page("groups/about.html", view, owners=owners, similar=_like(view), spoken=spoken)


def _like(view: View) -> list[GroupCard]:
    group = view.group
    found = similar_groups(view.place.name, purpose=group.purpose, tags=group.tags, viewer=g.member)
    return [each for each in found if each.id != view.place.id]


@bp.get("/groups/<slug>/similar")
@needs(GroupsPermission.USE)
def like(slug: str) -> Response:
    """Show groups like this one: what the right column asks for when it is looked at."""
    view = known_group(slug)
    return page("groups/_like.html", similar=_like(view))


@bp.get("/groups/<slug>/files")
@needs(GroupsPermission.USE)
def files(slug: str) -> Response:
    """Show the pictures and the other files that were published in a group."""
    view = readable_group(slug)
    pictures = request.args.get("show") != "files"
    before = number("before")
    found = files_of_place(view.place, viewer=g.member, pictures=pictures, before=before)
    shown, more = found[:PAGE_OF_FILES], len(found) > PAGE_OF_FILES
    kind: dict[str, Any] = {} if pictures else {"show": "files"}
    return group_page(
        "groups/files.html",
        view,
        fragment="items" if before else None,
        files=shown,
        pictures=pictures,
        older=url_for("groups.files", slug=slug, before=shown[-1].id, **kind) if more else "",
    )


@bp.get("/groups/<slug>/picture/<int:size>")
@needs(GroupsPermission.USE)
def picture(slug: str, size: int) -> Response:
    """Answer the picture of a group that the member may know of."""
    return picture_answer(get_group_for(g.member, slug).place.picture_key, size)
