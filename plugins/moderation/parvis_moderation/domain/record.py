"""The open record: every decision of the last year, without names, and what they come to."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from parvis.api import BigId, UTCDateTime, prepared, read_rows, utcnow
from sqlalchemy import BindParameter, Select, bindparam, func, select

from ..models import Act, Appeal, Case, Decision, Outcome, Report

YEAR = timedelta(days=365)
PAGE = 30


class Entry(NamedTuple):
    """One decision: of what kind of thing, why, what, after how long; never whose nor where."""

    id: int
    kind: str
    reason: str
    act: str
    delay: int
    at: datetime
    undone_at: datetime | None
    appeal: str | None


@dataclass(frozen=True)
class Sums:
    """What the year comes to."""

    reports: int
    decisions: int
    by_act: dict[str, int]
    appeals: int
    overturned: int


def list_record(*, before: int | None = None) -> tuple[Sequence[Entry], int | None]:
    """Return a page of the decisions of the last year, the latest first."""
    query = _entries(later=before is not None)
    rows = [Entry(*row) for row in read_rows(query, {"since": utcnow() - YEAR, "before": before})]
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


@prepared
def _entries(*, later: bool) -> Select[Any]:
    """Return the query of the decisions since a moment; `later`: of those `before` one."""
    query: Any = (
        select(
            Decision.id, Case.kind, Decision.reason, Decision.act, Decision.delay, Decision.at,
            Decision.undone_at, Appeal.outcome,
        )
        .join(Case, Case.id == Decision.case_id)
        .outerjoin(Appeal, Appeal.decision_id == Decision.id)
        .where(Decision.at > _since())
        .order_by(Decision.id.desc())
        .limit(PAGE + 1)
    )  # fmt: skip
    return query.where(Decision.id < bindparam("before", type_=BigId)) if later else query


def _since() -> BindParameter[datetime]:
    return bindparam("since", type_=UTCDateTime)


def sums() -> Sums:
    """Add up the last year: reports, decisions by what was decided, appeals and how they ended."""
    since = {"since": utcnow() - YEAR}
    [reports] = read_rows(_reports(), since)[0]
    by_act: Counter[str] = Counter()
    appeals = overturned = 0
    for act, number, appealed, lost in read_rows(_decisions(), since):
        by_act[act] = number
        appeals, overturned = appeals + appealed, overturned + lost
    ordered = {str(act): by_act[act] for act in Act if by_act[act]}
    return Sums(reports, by_act.total(), ordered, appeals, overturned)


@prepared
def _reports() -> Select[int]:
    return select(func.count()).select_from(Report).where(Report.at > _since())


@prepared
def _decisions() -> Select[str, int, int, int]:
    overturned = func.count().filter(Appeal.outcome == Outcome.OVERTURNED)
    return (
        select(Decision.act, func.count(), func.count(Appeal.decision_id), overturned)
        .outerjoin(Appeal, Appeal.decision_id == Decision.id)
        .where(Decision.at > _since())
        .group_by(Decision.act)
    )
