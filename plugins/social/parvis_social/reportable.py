"""What can be reported of social: contents of every type, comments, places; and what can be done to them."""

from collections.abc import Mapping
from typing import Any

from parvis.api import Member, NotFound, Person, db
from parvis.api import gettext as _
from parvis.api import lazy_gettext as _l
from sqlalchemy import select

from .content.card import attached, file_url
from .content.care import close_comments, open_comments
from .content.comment import TYPE as COMMENT
from .content.delete import give_back, withhold
from .content.file import read_file
from .content.models import Content, File
from .content.read import Reading, get_content_for
from .content.text import beginning
from .contribution import Reportable, Reported
from .place.access import get_place_by_id, nothing
from .place.change import withhold_place
from .place.models import Membership, Place, Role
from .registry import content_types, place_kinds

TITLE = 120
"""Characters of its text that name what has no title."""


def _seen(reading: Reading) -> Reported:
    content = reading.content
    return Reported(
        content.id,
        content.title or beginning(content.body_html, TITLE) or str(content_types()[content.type].label),
        _url(reading),
        content.body_html,
        content.author_id,
        content.place_id,
        content.version,
        _around(reading),
        tuple(
            (file_url(file.id, "picture", "large"), file.alternative)
            for file in attached(content.files)
            if file.width
        ),
    )


def _see_root(viewer: Member, content_id: int) -> Reported:
    reading = get_content_for(viewer, content_id)
    if reading.content.type == COMMENT:
        raise nothing()
    return _seen(reading)


def _see_comment(viewer: Member, content_id: int) -> Reported:
    reading = get_content_for(viewer, content_id)
    if reading.content.type != COMMENT:
        raise nothing()
    return _seen(reading)


def _url(reading: Reading) -> str:
    content, own = reading.content, content_types()[reading.content.type].url
    if content.root_id is not None:
        return f"/contents/{content.root_id}?comment={content.id}#c{content.id}"
    return own(content.id) if own else f"/contents/{content.id}"


def _around(reading: Reading) -> list[tuple[str, str]]:
    """Return what a comment stands under and what it answers."""
    comment = reading.content
    if comment.root_id is None:
        return []
    ids = [comment.root_id, *([comment.parent_id] if comment.parent_id else [])]
    query = select(Person.display_name, Content.title, Content.body_html, Content.deleted_at)
    query = query.join(Person, Person.id == Content.author_id).where(Content.id.in_(ids)).order_by(Content.id)
    return [(row[0], row[1] or row[2]) for row in db.session.execute(query) if row[3] is None]


def _content(content_id: int) -> Content:
    found = db.session.get(Content, content_id)
    if found is None:
        raise NotFound(_("It is no longer there."))
    return found


def _hide(content_id: int, actor: Member | None) -> Mapping[str, Any]:
    return {"hidden": withhold(content=_content(content_id), actor=actor)}


def _show(content_id: int, kept: Mapping[str, Any], actor: Member) -> None:
    content = db.session.get(Content, content_id)
    if content is not None and kept.get("hidden"):  # it may be forgotten by now
        give_back(content=content, actor=actor)


def _picture(content_id: int, number: int, kept: Mapping[str, Any]) -> bytes:
    pictures = [file["id"] for file in _content(content_id).files if file.get("width")]
    file = db.session.get(File, pictures[number]) if number < len(pictures) else None
    if file is None:
        raise nothing()
    return read_file(file)


def _lock(content_id: int, reason: str, actor: Member) -> None:
    close_comments(content=_content(content_id), reason=reason, actor=actor)


def _unlock(content_id: int, actor: Member) -> None:
    open_comments(content=_content(content_id), actor=actor)


def _see_place(viewer: Member, place_id: int) -> Reported:
    place, _role = get_place_by_id(viewer, place_id)
    if place.person_id is not None:
        raise nothing()
    owner = select(Membership.person_id).where(
        Membership.place_id == place.id, Membership.role == Role.OWNER, Membership.person_id != viewer.id
    )
    answers_for = db.session.scalar(owner.order_by(Membership.since, Membership.person_id).limit(1))
    return Reported(
        place.id, place.name, place_kinds()[place.kind].url(place.slug), "", answers_for, place.id
    )


def _place(place_id: int) -> Place:
    found = db.session.get(Place, place_id)
    if found is None:
        raise NotFound(_("It is no longer there."))
    return found


def _hide_place(place_id: int, actor: Member | None) -> Mapping[str, Any]:
    withhold_place(place=_place(place_id), actor=actor)
    return {}


def _show_place(place_id: int, kept: Mapping[str, Any], actor: Member) -> None:
    place = db.session.get(Place, place_id)
    if place is not None:
        withhold_place(place=place, actor=actor, withheld=False)


REPORTABLES = (
    Reportable("content", _l("A contribution"), _see_root, _hide, _show, _lock, _unlock, picture=_picture),
    Reportable("comment", _l("A comment"), _see_comment, _hide, _show, picture=_picture),
    Reportable("place", _l("A group or a blog"), _see_place, _hide_place, _show_place),
)
