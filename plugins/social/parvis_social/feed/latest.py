"""What somebody published last, in a line each: their profile shows no cards."""

from datetime import datetime
from typing import Any, NamedTuple

from parvis.api import BigId, Member, prepared, read_rows
from sqlalchemy import Select, bindparam, case, select

from ..content.models import Content
from ..content.text import beginning
from ..place.access import readable
from ..place.models import Place
from ..registry import content_types
from .query import MOST, listed

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


def latest_of(person_id: int, *, viewer: Member, limit: int) -> list[Line]:
    """Return what a person published last, of what the viewer may read: one query."""
    rows = read_rows(_latest(), {"viewer": viewer.id, "person": person_id, "most": limit})
    return [
        Line(number, type_, title or beginning(html, SHORT), created, place)
        for number, type_, title, html, created, place in rows
    ]


@prepared
def _latest() -> Select[Any]:
    """Leave long texts where they are not shown, and walk the index of an author."""
    body = case((Content.title == "", Content.body_html))
    place = case((Place.person_id.is_(None), Place.name))
    theirs = Content.author_id == bindparam("person", type_=BigId)
    return (
        select(Content.id, Content.type, Content.title, body, Content.created_at, place)
        .join(Place, Place.id == Content.place_id)
        .where(theirs, listed(), readable())
        .order_by(Content.id.desc())
        .limit(MOST)
    )
