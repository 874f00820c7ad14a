"""The log of who did what to what, from where, when and why: only ever added to.

It is read by those who must be able to tell afterwards, and never a source for statistics about people.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from parvis.api import (
    BigId,
    EventRecord,
    Member,
    Person,
    UTCDateTime,
    account_of,
    db,
    prepared,
    read_rows,
)
from parvis_social.api import Access, Place
from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import aliased

from ..models import Case, LogEntry
from ..settings import settings

ADDRESS: ContextVar[str] = ContextVar("parvis_moderation_address", default="")
"""From where whoever acts at the moment does; the pages set it."""
PAGE = 50
MOST_EXPORTED = 50_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With what a cell begins that a spreadsheet would reckon."""
HEADS = ("at", "what", "who", "whom", "where", "subject", "case", "address", "why")


class Entry(NamedTuple):
    """What was done, by whom, about whom and where, as it is shown."""

    id: int
    at: datetime
    what: str
    actor: str | None
    actor_handle: str | None
    person: str | None
    person_handle: str | None
    place: str | None
    access: str | None
    subject: str
    case_id: int | None
    address: str
    reason: str

    @property
    def place_name(self) -> str:
        """Return where it was; of a secret group, not which, and not that it was on somebody's own wall."""
        return "" if self.access == Access.SECRET or self.place == self.person else self.place or ""


@dataclass(frozen=True)
class Filter:
    """What of the log is wanted: kinds that begin so, by whom, about whom, since and until when."""

    what: str = ""
    actor: str = ""
    person: str = ""
    since: datetime | None = None
    until: datetime | None = None


def note(
    what: str,
    *,
    actor: Member | int | None,
    case: Case | None = None,
    person: int | None = None,
    place: int | None = None,
    subject: str = "",
    reason: str = "",
) -> None:
    """Write down that something was done, in the transaction in which it is.

    Args:
        what: as events are called: `moderation.hidden`.
        actor: who did it; None: nobody, a rule did.
        case: of which person, place and subject are taken.
        reason: why, in the words of whoever did it.
    """
    if case is not None:
        person, place = person or case.person_id, place or case.place_id
        subject = subject or f"{case.kind} {case.subject_id}"
    db.session.add(
        LogEntry(
            what=what,
            actor_id=actor.id if isinstance(actor, Member) else actor,
            person_id=person,
            place_id=place,
            case_id=case.id if case else None,
            subject=subject,
            address=ADDRESS.get() if actor else "",
            reason=reason,
        )
    )


def follow(event: EventRecord) -> None:
    """Write down what others do who have some power, in whichever plugins: events say so themselves.

    Of what somebody does to what is their own, nothing is written down.
    """
    logged = bool(account_of(event.kind)) or event.kind in settings().log_events
    if not logged or event.actor_id == event.person_id is not None:
        return
    subject = f"content {event.content_id}" if event.content_id else ""
    entry = LogEntry(
        at=event.at, what=event.kind, actor_id=event.actor_id, person_id=event.person_id,
        place_id=event.place_id, subject=subject,
    )  # fmt: skip
    db.session.add(entry)


def list_log(wanted: Filter, *, before: int | None = None) -> tuple[Sequence[Entry], int | None]:
    """Return a page of the log, the latest first."""
    rows = _read(wanted, most=PAGE + 1, before=before)
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def _read(wanted: Filter, *, most: int, before: int | None = None) -> list[Entry]:
    until = wanted.until and wanted.until + timedelta(days=1)
    given = {
        "what": wanted.what, "actor": _handle(wanted.actor), "person": _handle(wanted.person),
        "since": wanted.since, "until": until, "before": before,
    }  # fmt: skip
    values = {name: value for name, value in given.items() if value not in {"", None}}
    query = _entries(frozenset(values))
    last = {"beyond": wanted.what + "\U0010ffff", "most": most}
    return [Entry(*row) for row in read_rows(query, values | last)]


def _handle(name: str) -> str:
    return name.removeprefix("@").lower()


@prepared
def _entries(given: frozenset[str]) -> Select[Any]:
    """Return the query of the log, narrowed by what is given."""
    actor, person = aliased(Person), aliased(Person)
    query: Any = (
        select(
            LogEntry.id, LogEntry.at, LogEntry.what, actor.display_name, actor.handle, person.display_name,
            person.handle, Place.name, Place.access, LogEntry.subject, LogEntry.case_id, LogEntry.address,
            LogEntry.reason,
        )
        .outerjoin(actor, actor.id == LogEntry.actor_id)
        .outerjoin(person, person.id == LogEntry.person_id)
        .outerjoin(Place, Place.id == LogEntry.place_id)
        .order_by(LogEntry.id.desc())
        .limit(bindparam("most", type_=BigId))
    )  # fmt: skip
    conditions = {
        "what": and_(LogEntry.what >= bindparam("what"), LogEntry.what < bindparam("beyond")),
        "actor": LogEntry.actor_id == _named_by("actor"),
        "person": LogEntry.person_id == _named_by("person"),
        "since": LogEntry.at >= bindparam("since", type_=UTCDateTime),
        "until": LogEntry.at < bindparam("until", type_=UTCDateTime),
        "before": LogEntry.id < bindparam("before", type_=BigId),
    }
    return cast("Select[Any]", query.where(*(conditions[name] for name in sorted(given))))


def _named_by(name: str) -> Any:
    return (
        select(Person.id).where(Person.handle == bindparam(name, type_=Person.handle.type)).scalar_subquery()
    )


def export_log(wanted: Filter, *, actor: Member) -> str:
    """Return what is wanted of the log as CSV, the latest 50,000 at most; that it was exported is logged."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADS)
    for entry in _read(wanted, most=MOST_EXPORTED):
        writer.writerow(_cells(entry))
    note("moderation.log_exported", actor=actor)
    return out.getvalue()


def _cells(entry: Entry) -> Iterator[str]:
    """Yield the cells of a row; what a spreadsheet would take for a formula begins with an apostrophe."""
    values = (
        entry.at.isoformat(timespec="seconds"), entry.what, _named(entry.actor, entry.actor_handle),
        _named(entry.person, entry.person_handle), entry.place_name, entry.subject, entry.case_id or "",
        entry.address, entry.reason,
    )  # fmt: skip
    for value in values:
        text = str(value)
        yield f"'{text}" if text.startswith(FORMULA) else text


def _named(name: str | None, handle: str | None) -> str:
    return f"{name} (@{handle})" if name else ""
