"""What people contributed on a subject where everybody can read it: to tell what somebody knows.

Whether a person wants that to be gathered is for who asks to know: say of whom by `people`.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from parvis.api import Person, db, plain_text
from sqlalchemy import Select, and_, literal, select, union_all
from sqlalchemy.orm import aliased

from ..place.models import EVERYONE, Access, Place
from ..registry import content_types, place_kinds
from ..statement import one_of
from .card import FACE, Face
from .models import Content, ContentTag, Tag
from .text import tag_key

BEGINNING = 80


class OpenContribution(NamedTuple):
    """One answer, or one content with a title, in an open place."""

    person: Face
    content_id: int
    root_id: int | None
    """Of an answer: what it answers."""
    subject: str
    """The title of the content, or of what was asked; or how that begins."""

    @property
    def url(self) -> str:
        """Return the address of it."""
        if self.root_id is None:
            return f"/contents/{self.content_id}"
        return f"/contents/{self.root_id}?comment={self.content_id}#c{self.content_id}"


def open_contributions(
    *, tags: Sequence[str], people: Sequence[int] | Select[int], limit: int = 100
) -> list[OpenContribution]:
    """Return what some people contributed under some tags, the newest first: one query.

    Answers count that were marked as such by somebody else's question, and contents with a title of their
    own, such as articles: in open places alone, whoever asks, and neither what is hidden nor what is gone.

    Args:
        tags: as people write them.
        people: ids of people, or a query of them; who has left the company is left out.
    """
    keys = sorted({tag_key(tag) for tag in tags} - {""})
    if not keys:
        return []
    newest = union_all(_answers(keys, people), _titled(keys, people)).subquery()
    query = select(newest).distinct().order_by(newest.c.content_id.desc()).limit(limit)
    return [_row(row) for row in db.session.execute(query)]


def _row(row: Any) -> OpenContribution:
    face, (content_id, root_id, title, html) = Face(*row[:5]), row[5:]
    return OpenContribution(face, content_id, root_id, title or _beginning(html))


def _beginning(html: str) -> str:
    words = plain_text(html[: BEGINNING * 20])
    return words if len(words) <= BEGINNING else f"{words[:BEGINNING].rstrip()}…"


def _answers(keys: Sequence[str], people: Sequence[int] | Select[int]) -> Select[Any]:
    answer = aliased(Content)
    columns = answer.id.label("content_id"), Content.id.label("root_id"), Content.title, Content.body_html
    return (
        _open(select(*FACE, *columns), keys)
        .join(answer, answer.id == Content.answer_id)
        .join(Person, Person.id == answer.author_id)
        .where(
            answer.root_id == Content.id,
            answer.author_id != Content.author_id,
            answer.deleted_at.is_(None),
            answer.hidden_at.is_(None),
            answer.audience == EVERYONE,
            Person.present.is_(True),
            Person.id.in_(people),
        )
    )


def _titled(keys: Sequence[str], people: Sequence[int] | Select[int]) -> Select[Any]:
    columns = Content.id.label("content_id"), literal(None, Content.id.type).label("root_id")
    return (
        _open(select(*FACE, *columns, Content.title, Content.body_html), keys)
        .join(Person, Person.id == Content.author_id)
        .where(Content.title != "", Person.present.is_(True), Person.id.in_(people))
    )


def _open(query: Any, keys: Sequence[str]) -> Select[Any]:
    """Return a query of columns, of contents that carry a tag and that everybody can read."""
    return (
        query.select_from(Tag)
        .join(ContentTag, ContentTag.tag_id == Tag.id)
        .join(Content, Content.id == ContentTag.content_id)
        .join(Place, Place.id == Content.place_id)
        .where(
            Tag.folded.in_(keys),
            and_(Content.audience == EVERYONE, Place.access == Access.OPEN),
            one_of(Content.type, content_types()),
            one_of(Place.kind, place_kinds()),
            Content.root_id.is_(None),
            Content.deleted_at.is_(None),
        )
    )
