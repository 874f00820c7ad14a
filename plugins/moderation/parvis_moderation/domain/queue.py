"""The queue: cases to decide on, of the whole site or of the groups that somebody looks after.

Each list walks one index from where the last page ended: ten thousand open cases cost what ten do.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median
from typing import Any, NamedTuple

from flask import current_app
from parvis.api import BigId, Member, NotFound, Person, UTCDateTime, one_of, prepared, read_rows, utcnow
from parvis.api import gettext as _
from parvis_social.api import VIEWER, Access, Membership, Place, Role, Waiting
from sqlalchemy import Select, and_, bindparam, func, or_, select

from ..models import Act, Appeal, Case, Decision, Desk, Question, State
from .manager import is_manager

PAGE = 25
COUNTED = 100
"""Up to so many are counted; beyond, it is said that there are more."""
KEEPING = (Role.OWNER, Role.MODERATOR)
LOOKED_AT = 1000
"""Decisions that the figures are made of."""
COMPARED = 200
"""Open cases whose places are compared: with more, a long queue would cost more than a short one."""
BUSIEST = 5
"""So many places are named in which there are several cases."""
KEPT_SECONDS = 60
EXTENSION = "parvis_moderation_figures"


class Row(NamedTuple):
    """A case as the queue shows it."""

    id: int
    kind: str
    title: str
    reason: str
    reports_count: int
    opened_at: datetime
    decided_at: datetime | None
    outcome: str
    desk: str
    state: str
    person: str | None
    place_id: int | None
    place: str | None
    access: str | None

    @property
    def place_name(self) -> str:
        """Return where it is; of a secret group, not which, and not that somebody wrote on their own wall."""
        return "" if self.access == Access.SECRET or self.place == self.person else self.place or ""


@dataclass(frozen=True)
class Queue:
    """One page of cases; the next one comes `after` this id."""

    rows: Sequence[Row] = ()
    after: int | None = None


@dataclass(frozen=True)
class Figures:
    """How long people wait for a decision, over the last 90 days: hours, half of them less."""

    decided: int
    hours: int | None


SHOWS = ("managers", "place", "waiting", "decided")


def kept_places() -> Select[int]:
    """Return the query of the places that `VIEWER` looks after."""
    return select(Membership.place_id).where(Membership.person_id == VIEWER, one_of(Membership.role, KEEPING))


def keeps_any(member: Member) -> bool:
    """Tell whether somebody looks after any place but their wall."""
    return bool(read_rows(_kept(), {"viewer": member.id}))


@prepared
def _kept() -> Select[int]:
    return select(Place.id).where(Place.id.in_(kept_places()), Place.person_id.is_(None)).limit(1)


def list_cases(
    viewer: Member,
    *,
    show: str = "managers",
    place_id: int | None = None,
    after: int | None = None,
    manager: bool | None = None,
) -> Queue:
    """Return a page of cases.

    Args:
        show: `managers`: theirs to decide; `place`: with those who look after a place; `waiting`: for a
            change that was asked for; `decided`, the latest first.
        place_id: only those of a place.
        after: the id that the last page ended with.
        manager: whether the viewer moderates the whole site, where that was asked already.

    Raises:
        NotFound: the viewer neither moderates the whole site nor looks after a place.
    """
    kept = not (is_manager(viewer) if manager is None else manager)
    if kept:
        if not keeps_any(viewer):
            raise NotFound(_("There is no such page, or it is not open to you."))
        show = show if show in ("decided", "waiting") else "place"
    query = _cases(show, kept=kept, of_place=place_id is not None, later=after is not None)
    rows = [Row(*row) for row in read_rows(query, {"viewer": viewer.id, "place": place_id, "after": after})]
    return Queue(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


@prepared
def _cases(show: str, *, kept: bool, of_place: bool, later: bool) -> Select[Any]:
    """Return the query of a list: of all places or of those that `VIEWER` looks after, of one `place`, what
    comes `after` a case."""
    query = _rows().where(_not_about_viewer()).limit(PAGE + 1)
    if kept:
        query = query.where(Case.place_id.in_(kept_places()), Case.desk == Desk.PLACE, Case.kind != "place")
    if of_place:
        query = query.where(Case.place_id == bindparam("place", type_=BigId))
    return _ordered(query, show, later=later)


def _rows() -> Select[Any]:
    rows: Any = (
        select(
            Case.id, Case.kind, Case.title, Case.reason, Case.reports_count, Case.opened_at, Case.decided_at,
            Case.outcome, Case.desk, Case.state, Person.display_name, Case.place_id, Place.name, Place.access,
        )
        .outerjoin(Person, Person.id == Case.person_id)
        .outerjoin(Place, Place.id == Case.place_id)
    )  # fmt: skip
    return rows


def _not_about_viewer() -> Any:
    """Return the condition that a case is not about the viewer: nobody decides on what they wrote."""
    return or_(Case.person_id.is_(None), Case.person_id != VIEWER)


def _ordered(query: Select[Any], show: str, *, later: bool) -> Select[Any]:
    after = bindparam("after", type_=BigId)
    if show == "decided":
        query = query.where(Case.state == State.CLOSED).order_by(Case.decided_at.desc(), Case.id.desc())
        if later:
            last = select(Case.decided_at).where(Case.id == after).scalar_subquery()
            query = query.where(or_(Case.decided_at < last, and_(Case.decided_at == last, Case.id < after)))
        return query
    if show == "waiting":
        query = query.where(Case.state == State.WAITING)
    else:
        query = query.where(
            Case.state == State.OPEN, Case.desk == (Desk.PLACE if show == "place" else Desk.MANAGERS)
        )
    return query.where(Case.id > after).order_by(Case.id) if later else query.order_by(Case.id)


def count_open() -> int:
    """Count what waits for those who moderate the whole site, up to a hundred: a page needs no more."""
    return sum(read_rows(_open_counts(), {})[0])


@prepared
def _open_counts() -> Select[Any]:
    some = select(Case.id).where(Case.state == State.OPEN, Case.desk == Desk.MANAGERS)
    some = some.order_by(Case.id).limit(COUNTED)
    appeals = select(Appeal.decision_id).where(Appeal.answered_at.is_(None)).limit(COUNTED)
    posts = select(Waiting.id).join(Place, Place.id == Waiting.place_id)
    posts = posts.where(Waiting.refused_at.is_(None), Place.access == Access.OPEN).limit(COUNTED)
    asked = select(Question.id).where(Question.answered_at.is_(None)).limit(COUNTED)
    return select(
        select(func.count()).select_from(asked.subquery()).scalar_subquery(),
        select(func.count()).select_from(some.subquery()).scalar_subquery(),
        select(func.count()).select_from(appeals.subquery()).scalar_subquery(),
        select(func.count()).select_from(posts.subquery()).scalar_subquery(),
    )


def busiest_places() -> Sequence[Any]:
    """Return where most of the oldest 200 open cases are: places that need a look as a whole."""
    return read_rows(_busiest(), {})


@prepared
def _busiest() -> Select[int, str, str, int]:
    """Count the cases of each place before the places are named."""
    oldest = select(Case.place_id).where(
        Case.state == State.OPEN, Case.desk == Desk.MANAGERS, Case.place_id.is_not(None)
    )
    some = oldest.order_by(Case.id).limit(COMPARED).subquery()
    counted = select(some.c.place_id, func.count().label("cases")).group_by(some.c.place_id)
    busy = counted.having(func.count() > 1).subquery()
    return (
        select(Place.id, Place.name, Place.access, busy.c.cases)
        .join(busy, busy.c.place_id == Place.id)
        .order_by(busy.c.cases.desc(), Place.id)
        .limit(BUSIEST)
    )


def figures() -> Figures:
    """Tell how long people waited lately: of the latest thousand decisions of the last 90 days.

    A process remembers it for a minute; what was decided in it counts at once.
    """
    kept: tuple[float, Figures] | None = current_app.extensions.get(EXTENSION)
    if kept is None or time.monotonic() - kept[0] > KEPT_SECONDS:
        kept = current_app.extensions[EXTENSION] = (time.monotonic(), _figures())
    return kept[1]


def forget_figures() -> None:
    """Ask anew how long people wait: something was decided."""
    current_app.extensions.pop(EXTENSION, None)


def _figures() -> Figures:
    delays = [row.delay for row in read_rows(_delays(), {"since": utcnow() - timedelta(days=90)})]
    return Figures(len(delays), max(1, ceil(median(delays) / 3600)) if delays else None)


@prepared
def _delays() -> Select[int]:
    return (
        select(Decision.delay)
        .where(
            Decision.at > bindparam("since", type_=UTCDateTime), Decision.undone_at.is_(None),
            Decision.act != Act.HOLD,
        )
        .order_by(Decision.at.desc())
        .limit(LOOKED_AT)
    )  # fmt: skip
