"""What carries one of some tags, in short: for pages that lead there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from parvis.api import BigId, Member, Person, among, one_of, prepared, read_rows
from sqlalchemy import Select, bindparam, select

from ..place.access import readable
from ..place.models import Place
from ..registry import content_types
from .card import FACE, Face
from .models import Content, ContentTag, Tag
from .text import beginning, tag_key

BEGINNING = 120


class TaggedContent(NamedTuple):
    """One content, as far as a line that leads to it needs."""

    author: Face
    id: int
    type: str
    text: str
    """Its title, or how it begins."""
    place: str
    """The name of its place; of the author's own wall, nothing."""
    at: datetime
    comments: int
    answered: bool

    @property
    def url(self) -> str:
        """Address of it."""
        return f"/contents/{self.id}"

    @property
    def label(self) -> str:
        """What such a content is called, in the reader's language."""
        return str(content_types()[self.type].label)


def tagged_contents(
    *,
    tags: Sequence[str],
    viewer: Member,
    types: Sequence[str] | None = None,
    unanswered: bool = False,
    limit: int = 20,
) -> list[TaggedContent]:
    """Return what carries one of some tags and the viewer may read, the newest first: one query.

    Args:
        tags: as people write them.
        types: names of types of contents; None: of all.
        unanswered: only that of which no comment is marked as the answer.
    """
    keys = sorted({tag_key(tag) for tag in tags} - {""})
    if not keys:
        return []
    query = _tagged(None if types is None else tuple(types), unanswered)
    rows = read_rows(query, {"viewer": viewer.id, "keys": keys, "most": limit})
    return [_row(row) for row in rows]


@prepared
def _tagged(types: tuple[str, ...] | None, unanswered: bool) -> Select[Any]:
    carrying = select(ContentTag.content_id).join(Tag, Tag.id == ContentTag.tag_id)
    carrying = carrying.where(among(Tag.folded, "keys"))
    query: Any = (
        select(
            *FACE, Content.id, Content.type, Content.title, Content.body_html, Place.name, Content.created_at,
            Content.comments_count, Content.answer_id, Place.person_id,
        )
        .join(Person, Person.id == Content.author_id)
        .join(Place, Place.id == Content.place_id)
        .where(
            Content.id.in_(carrying), Content.root_id.is_(None), Content.deleted_at.is_(None), readable(),
        )
    )  # fmt: skip
    if types is not None:
        query = query.where(one_of(Content.type, types))
    if unanswered:
        query = query.where(Content.answer_id.is_(None))
    found: Select[Any] = query.order_by(Content.id.desc()).limit(bindparam("most", type_=BigId))
    return found


def _row(row: Any) -> TaggedContent:
    face, (id, kind, title, html, place, at, comments, answer, wall) = Face(*row[:5]), row[5:]
    where = "" if wall == face.id else place
    return TaggedContent(
        face, id, kind, title or beginning(html, BEGINNING), where, at, comments, answer is not None
    )
