"""Reporting: by anybody, of anything that they see. Several reports of one thing are one case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from parvis.api import (
    BigId,
    Invalid,
    Member,
    NotFound,
    TooMany,
    UTCDateTime,
    columns_of,
    entities,
    insert_row,
    prepared,
    read_rows,
    record,
    utcnow,
    write_rows,
)
from parvis.api import gettext as _
from parvis_social.api import Reported, reportables
from sqlalchemy import Select, Table, Update, bindparam, func, select, update
from sqlalchemy.orm.attributes import set_committed_value

from ..event import Reported as ReportedEvent
from ..models import NOTE_LENGTH, TITLE_LENGTH, Case, Desk, Report, State
from ..settings import settings
from .decide import hold
from .manager import is_kept
from .text import Reason, checked_reason, checked_text

PAGE = 20


@dataclass(frozen=True)
class Sent:
    """A report as who made it sees it."""

    id: int
    kind: str
    title: str
    reason: str
    at: datetime
    state: str
    outcome: str
    decided_at: datetime | None


def see(*, kind: str, subject_id: int, viewer: Member) -> Reported:
    """Fetch what somebody is about to report.

    Raises:
        NotFound: there is no such thing, or it is not open to them.
    """
    reportable = reportables().get(kind)
    if reportable is None or not 0 < subject_id < 2**63:
        raise NotFound(_("There is no such page, or it is not open to you."))
    return reportable.see(viewer, subject_id)


def report(*, kind: str, subject_id: int, reason: str, actor: Member, note: str = "") -> tuple[Case, bool]:
    """Report something; return its case, and whether this is new: nobody reports one thing twice.

    Args:
        kind, subject_id: what, as a `Reportable` names it.
        reason: name of one of the `reasons`.
        note: what the actor wants to add, of at most 1,000 characters.

    Raises:
        NotFound: they cannot see it.
        Invalid: it is their own, there is no such reason, or the note is too long; `field` says which.
        TooMany: the day's allowance is spent.
    """
    seen = see(kind=kind, subject_id=subject_id, viewer=actor)
    why = checked_reason(reason, offered=True)
    said = checked_text(note, required=False, most=NOTE_LENGTH, field="note")
    if seen.author == actor.id:
        raise Invalid(_("This is your own: you can change or remove it yourself."))
    _check_allowance(actor)
    case, opened = open_case(kind, seen, why, actor)
    copy = _copy(seen)
    same = case.seen.get("version") == copy["version"]
    made = Report(
        case_id=case.id, reporter_id=actor.id, reason=why.name, note=said, seen=None if same else copy
    )
    if not insert_row(made, once=True):
        return case, False
    _count(case, why)
    record(ReportedEvent(person=case.person_id, place=case.place_id, case=case.id, opened=opened))
    if 0 < settings().hide_after_reports <= case.reports_count:
        hold(case)
    return case, True


def _check_allowance(actor: Member) -> None:
    values = {"reporter": actor.id, "since": utcnow() - timedelta(days=1)}
    [[number]] = read_rows(_recent(), values)
    if number >= settings().reports_per_day:
        raise TooMany(_("You have reported a great deal today. Please go on tomorrow."))


@prepared
def _recent() -> Select[int]:
    by = Report.reporter_id == bindparam("reporter", type_=BigId)
    return select(func.count()).where(by, Report.at > bindparam("since", type_=UTCDateTime))


def open_case(kind: str, seen: Reported, why: Reason, actor: Member) -> tuple[Case, bool]:
    """Return the case of a thing that is not decided yet, and whether it is new: opened since there was none.

    `actor` does not decide on it first: who reported it, or whose it is.
    """
    while True:
        for found in _undecided_of(kind, seen.id):
            return found, False
        case = Case(
            kind=kind, subject_id=seen.id, place_id=seen.place, person_id=seen.author, reason=why.name,
            desk=_desk(kind, seen, why, actor), title=seen.title[:TITLE_LENGTH], url=seen.url[:300],
            seen=_copy(seen), opened_at=utcnow(),
        )  # fmt: skip
        if insert_row(case, once=True):  # else somebody did at the same moment: theirs is found, or decided
            return case, True


def _undecided_of(kind: str, subject: int) -> list[Case]:
    """Return the case of a thing that is not decided yet, if there is one, and keep it from being decided."""
    rows = read_rows(_undecided(), {"kind": kind, "subject": subject})
    return [case for row in rows for case in entities(row, Case)]


@prepared
def _undecided() -> Select[Any]:
    same = (Case.kind == bindparam("kind"), Case.subject_id == bindparam("subject", type_=BigId))
    return select(*columns_of(Case)).where(*same, Case.state != State.CLOSED).with_for_update(key_share=True)


def _copy(seen: Reported) -> dict[str, Any]:
    return {
        "html": seen.html,
        "context": [list(each) for each in seen.context],
        "pictures": [list(each) for each in seen.pictures],
        "version": seen.version,
    }


def _desk(kind: str, seen: Reported, why: Reason, actor: Member) -> Desk:
    """Tell who decides first: those who look after the place, if somebody does who is not concerned."""
    if why.severe or kind == "place" or not is_kept(seen.place, but=[actor.id, seen.author]):
        return Desk.MANAGERS
    return Desk.PLACE


def _count(case: Case, why: Reason) -> None:
    """Count a report, also while others report the same; a severe reason brings the case to the managers."""
    [row] = write_rows(_counting(why.severe), {"case": case.id})
    set_committed_value(case, "reports_count", row.reports_count)
    set_committed_value(case, "desk", row.desk)


@prepared
def _counting(severe: bool) -> Update:
    kept = cast(Table, Case.__table__)
    counting = update(kept).where(kept.c.id == bindparam("case", type_=BigId))
    counting = counting.values(
        reports_count=kept.c.reports_count + 1, **({"desk": Desk.MANAGERS} if severe else {})
    )
    return counting.returning(kept.c.reports_count, kept.c.desk)


def list_sent(member: Member, *, before: int | None = None) -> tuple[Sequence[Sent], int | None]:
    """Return a page of what somebody has reported, the newest first, with what became of it."""
    query = _sent(later=before is not None)
    rows = [Sent(*row) for row in read_rows(query, {"reporter": member.id, "before": before})]
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


@prepared
def _sent(*, later: bool) -> Select[Any]:
    """Return the query of what a `reporter` reported; `later`: of that `before` one."""
    query: Any = (
        select(
            Report.id, Case.kind, Case.title, Report.reason, Report.at, Case.state, Case.outcome,
            Case.decided_at,
        )
        .join(Case, Case.id == Report.case_id)
        .where(Report.reporter_id == bindparam("reporter", type_=BigId))
        .order_by(Report.id.desc())
        .limit(PAGE + 1)
    )  # fmt: skip
    return query.where(Report.id < bindparam("before", type_=BigId)) if later else query
