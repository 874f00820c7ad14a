"""First posts that wait: who may let them in, or refuse them with a word to their author.

Those who look after the place; where it is open to everybody, those who moderate the whole site, too. What is
meant for a closed place alone, nobody reads who does not belong to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from parvis.api import BigId, Member, NotFound, Person, plain_text, prepared, read_rows
from parvis.api import gettext as _
from parvis_social.api import (
    VIEWER,
    Access,
    Content,
    File,
    Place,
    Waiting,
    get_waiting,
    get_waiting_file,
    let_in,
    manages,
    role_in,
    turn_away,
    visible_places,
)
from sqlalchemy import CompoundSelect, Select, bindparam, func, literal, or_, select, union_all

from ..models import Appeal, Case, Decision, Question
from . import log
from .manager import is_manager
from .queue import PAGE, keeps_any, kept_places

BEGINNING = 140
FEW = 3
"""So many stand above the cases; the rest has a page of its own."""


class Row(NamedTuple):
    """A post that waits, as the queue shows it."""

    id: int
    author: str
    place: str
    html: str
    at: datetime

    @property
    def beginning(self) -> str:
        """Return how it begins."""
        words = plain_text(self.html)
        return words if len(words) <= BEGINNING else f"{words[:BEGINNING].rstrip()}…"


@dataclass(frozen=True)
class Page:
    """One page of posts that wait; the next one comes `after` this id."""

    rows: Sequence[Row]
    after: int | None


def list_waiting(viewer: Member, *, manager: bool, after: int | None = None) -> Page:
    """Return a page of the posts that wait for the viewer, the oldest first.

    Raises:
        NotFound: they neither moderate the whole site nor look after a place.
    """
    if not manager and not keeps_any(viewer):
        raise NotFound(_("There is no such page, or it is not open to you."))
    query = _waiting(manager, later=after is not None)
    rows = [Row(*row) for row in read_rows(query, {"viewer": viewer.id, "after": after})]
    return Page(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


@prepared
def _waiting(manager: bool, *, later: bool) -> Select[Any]:
    query: Any = select(Waiting.id, Person.display_name, Place.name, Waiting.body_html, Waiting.at)
    query = query.select_from(Waiting).join(Place, Place.id == Waiting.place_id)
    query = query.join(Person, Person.id == Waiting.author_id).where(*_theirs(manager))
    query = query.order_by(Waiting.id).limit(PAGE + 1)
    return query.where(Waiting.id > bindparam("after", type_=BigId)) if later else query


def _theirs(manager: bool) -> list[Any]:
    """Return the conditions that a post waits for `VIEWER`, in a query that joins its place."""
    kept: Any = Waiting.place_id.in_(kept_places())
    return [
        Waiting.refused_at.is_(None),
        Waiting.author_id != VIEWER,
        visible_places(),
        or_(kept, Place.access == Access.OPEN) if manager else kept,
    ]


class Above(NamedTuple):
    """What stands above the cases: an appeal with its case and what was decided, a post, a question."""

    kind: str
    id: int
    title: str
    note: str
    at: datetime


def above_cases(viewer: Member, *, manager: bool) -> Sequence[Above]:
    """Return appeals and questions that wait, but of the viewer's own, and some posts: one query."""
    rows = [Above(*row) for row in read_rows(_above(manager), {"viewer": viewer.id})]
    return sorted(rows, key=lambda row: (row.at, row.id))


@prepared
def _above(manager: bool) -> CompoundSelect[Any]:
    posts: Any = (
        select(
            literal("post").label("kind"), Waiting.id.label("id"), Person.display_name.label("title"),
            Place.name.label("note"), Waiting.at.label("at"),
        )
        .select_from(Waiting)
        .join(Place, Place.id == Waiting.place_id)
        .join(Person, Person.id == Waiting.author_id)
        .where(*_theirs(manager))
        .order_by(Waiting.id)
        .limit(FEW + 1)
    )  # fmt: skip
    both = [select(posts.subquery())]
    if manager:
        both += [select(_appeals().subquery()), select(_questions().subquery())]
    return union_all(*both)


def _questions() -> Select[Any]:
    query: Any = select(
        literal("question").label("kind"), Question.id.label("id"), Person.display_name.label("title"),
        func.substr(Question.text, 1, BEGINNING).label("note"), Question.at.label("at"),
    )  # fmt: skip
    query = query.select_from(Question).join(Person, Person.id == Question.person_id)
    query = query.where(Question.answered_at.is_(None), Question.person_id != VIEWER)
    return query.order_by(Question.id).limit(PAGE)


def _appeals() -> Select[Any]:
    mine = or_(Decision.person_id.is_(None), Decision.person_id != VIEWER)
    query: Any = select(
        literal("appeal").label("kind"), Case.id.label("id"), Case.title.label("title"),
        Decision.act.label("note"), Appeal.at.label("at"),
    )  # fmt: skip
    query = query.select_from(Appeal).join(Decision, Decision.id == Appeal.decision_id)
    query = query.join(Case, Case.id == Decision.case_id).where(Appeal.answered_at.is_(None), mine)
    return query.order_by(Appeal.decision_id).limit(PAGE)


def get_waiting_for(viewer: Member, waiting_id: int) -> Waiting:
    """Fetch a post that waits and that somebody may decide on.

    Raises:
        NotFound: there is none, it is their own, or not theirs to decide on.
    """
    found = get_waiting(waiting_id)
    if found.author_id != viewer.id:
        if manages(role_in(found.place_id, viewer.id)):
            return found
        if found.place.access == Access.OPEN and is_manager(viewer):
            return found
    raise NotFound(_("There is no such page, or it is not open to you."))


def file_of(viewer: Member, waiting_id: int, file_id: int) -> File:
    """Fetch a file of such a post; raises as `get_waiting_for`."""
    return get_waiting_file(get_waiting_for(viewer, waiting_id), file_id)


def admit(*, waiting_id: int, actor: Member) -> Content:
    """Publish a post that waits, in its author's name.

    Raises:
        NotFound: see `get_waiting_for`.
        NotAllowed, Veto: its author has left, or may not publish there any more.
    """
    waiting = get_waiting_for(actor, waiting_id)
    person, place = waiting.author_id, waiting.place_id
    made = let_in(waiting=waiting, actor=actor)
    log.note("moderation.let_in", actor=actor, person=person, place=place, subject=f"content {made.id}")
    return made


def refuse(*, waiting_id: int, text: str, actor: Member) -> None:
    """Refuse a post that waits; its author keeps it, and reads why.

    Raises:
        NotFound: see `get_waiting_for`.
        Invalid: there is no text, or it is too long; `field` is `text`.
    """
    waiting = get_waiting_for(actor, waiting_id)
    turn_away(waiting=waiting, text=text, actor=actor)
    log.note(
        "moderation.turned_away", actor=actor, person=waiting.author_id, place=waiting.place_id,
        reason=waiting.answer,
    )  # fmt: skip
