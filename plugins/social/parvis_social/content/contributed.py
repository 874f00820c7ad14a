"""What people contributed on a subject where everybody can read it: to tell what somebody knows.

Whether a person wants that to be gathered is for who asks to know: say of whom by `people`.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from parvis.api import Person, db, one_of, plain_text
from sqlalchemy import Select, and_, literal, select, union_all
from sqlalchemy.orm import aliased

from ..place.access import MANAGING
from ..place.models import EVERYONE, Access, Membership, Place
from ..registry import content_types, place_kinds
from .card import FACE, Face
from .models import Content, ContentTag, Tag
from .text import tag_key

BEGINNING = 80
NO_PLACE = literal("").label("kind")


class OpenContribution(NamedTuple):
    """An answer, or a content with a title, in an open place; or an open place that somebody looks after."""

    person: Face
    content_id: int
    """Of a place: its id."""
    root_id: int | None
    """Of an answer: what it answers."""
    subject: str
    """The title of the content, or of what was asked, or how that begins; the name of the place."""
    place_url: str = ""
    """The address of the place, of one."""

    @property
    def url(self) -> str:
        """Return the address of it."""
        if self.place_url:
            return self.place_url
        if self.root_id is None:
            return f"/contents/{self.content_id}"
        return f"/contents/{self.root_id}?comment={self.content_id}#c{self.content_id}"


def open_contributions(
    *, tags: Sequence[str], people: Sequence[int] | Select[int], limit: int = 100
) -> list[OpenContribution]:
    """Return what some people contributed under some tags, the newest first: one query.

    Answers count that were marked as such by somebody else's question, contents with a title of their own,
    such as articles, and places that they look after: open ones alone, whoever asks, and nothing that is
    hidden, archived or gone.

    Args:
        tags: as people write them.
        people: ids of people, or a query of them; who has left the company is left out.
    """
    keys = sorted({tag_key(tag) for tag in tags} - {""})
    if not keys:
        return []
    newest = union_all(_answers(keys, people), _titled(keys, people), *_places(keys, people)).subquery()
    query = select(newest).distinct().order_by(newest.c.kind, newest.c.content_id.desc()).limit(limit)
    return [_row(row) for row in db.session.execute(query)]


def _row(row: Any) -> OpenContribution:
    face, (kind, content_id, root_id, title, html) = Face(*row[:5]), row[5:]
    if kind:
        return OpenContribution(face, content_id, None, title, place_kinds()[kind].url(html))
    return OpenContribution(face, content_id, root_id, title or _beginning(html))


def _beginning(html: str) -> str:
    words = plain_text(html[: BEGINNING * 20])
    return words if len(words) <= BEGINNING else f"{words[:BEGINNING].rstrip()}…"


def _answers(keys: Sequence[str], people: Sequence[int] | Select[int]) -> Select[Any]:
    answer = aliased(Content)
    columns = answer.id.label("content_id"), Content.id.label("root_id"), Content.title, Content.body_html
    return (
        _open(select(*FACE, NO_PLACE, *columns), keys)
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
        _open(select(*FACE, NO_PLACE, *columns, Content.title, Content.body_html), keys)
        .join(Person, Person.id == Content.author_id)
        .where(Content.title != "", Person.present.is_(True), Person.id.in_(people))
    )


def _places(keys: Sequence[str], people: Sequence[int] | Select[int]) -> list[Select[Any]]:
    """Return the open places about some tags that people look after, for each kind that knows of such."""
    root = literal(None, Content.id.type).label("root_id")
    columns = Place.kind, Place.id.label("content_id"), root, Place.name, Place.slug
    query: Any = (
        select(*FACE, *columns)
        .join(Membership, Membership.person_id == Person.id)
        .join(Place, Place.id == Membership.place_id)
        .where(
            Membership.role.in_(MANAGING), Place.access == Access.OPEN, Place.archived_at.is_(None),
            Place.moved_to_id.is_(None), Person.present.is_(True), Person.id.in_(people),
        )
    )  # fmt: skip
    return [
        query.where(Place.kind == kind.name, Place.id.in_(kind.tagged(keys)))
        for kind in place_kinds().values()
        if kind.tagged is not None
    ]


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
