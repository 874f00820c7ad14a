"""What a profile shows of somebody: what they published last, a line each, and whether one follows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from flask import g, has_request_context
from parvis.api import BigId, Member, prepared, read_rows
from sqlalchemy import Select, bindparam, case, select, true

from ..content.models import Content
from ..content.text import beginning
from ..place.access import readable
from ..place.models import PersonFollow, Place, name_for_reader
from ..registry import content_types
from ..statement import VIEWER
from .query import MOST, listed

KEPT = "social_acquaintance"
LATEST = 3
SHORT = 140
"""Characters of a text without title."""


class Line(NamedTuple):
    """A content, as far as a line about it needs."""

    id: int
    type: str
    said: str
    """Its title, or how its text begins; empty: it is pictures and files."""
    created_at: datetime
    place: str | None
    """None: a wall, which needs no name."""

    @property
    def url(self) -> str:
        """Address of its page."""
        own = content_types()[self.type].url
        return own(self.id) if own else f"/contents/{self.id}"


@dataclass(frozen=True)
class Acquaintance:
    """What a profile tells its reader of somebody: what they published last, and whether one follows them."""

    key: tuple[int, int, int]
    latest: Sequence[Line]
    follows: bool


def acquaintance(person_id: int, *, viewer: Member, limit: int = LATEST) -> Acquaintance:
    """Return what a profile tells a member of somebody, of what they may read: one query a request."""
    key = (person_id, viewer.id, limit)
    kept: Acquaintance | None = g.get(KEPT) if has_request_context() else None
    if kept is None or kept.key != key:
        rows = read_rows(_latest(), {"viewer": viewer.id, "person": person_id, "most": limit})
        rows.sort(key=lambda row: row.id or 0, reverse=True)
        lines = [
            Line(
                number,
                type_,
                title or beginning(html, SHORT),
                created,
                name and name_for_reader(name, *second),
            )
            for number, type_, title, html, created, name, *second, _follows in rows
            if number is not None
        ]
        kept = Acquaintance(key, lines, rows[0].follows is not None)
        if has_request_context():
            setattr(g, KEPT, kept)
    return kept


@prepared
def _latest() -> Select[Any]:
    """Leave long texts where they are not shown, and walk the index of an author."""
    body = case((Content.title == "", Content.body_html)).label("body")
    place = case((Place.person_id.is_(None), Place.name)).label("place")
    person = bindparam("person", type_=BigId)
    lines = (
        select(
            Content.id,
            Content.type,
            Content.title,
            body,
            Content.created_at,
            place,
            Place.second_name,
            Place.second_language,
        )
        .join(Place, Place.id == Content.place_id)
        .where(Content.author_id == person, listed(), readable())
        .order_by(Content.id.desc())
        .limit(MOST)
        .subquery()
    )
    followed = select(PersonFollow.followed_id)
    followed = followed.where(PersonFollow.person_id == VIEWER, PersonFollow.followed_id == person)
    one = select(followed.scalar_subquery().label("follows")).subquery()
    return select(*lines.c, one.c.follows).select_from(one.outerjoin(lines, true()))
