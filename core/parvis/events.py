"""The event log: what happened, written in the transaction of the change, and followed at least once.

Each follower keeps a cursor of its own. On PostgreSQL ids are given before commits and so may become visible
out of order; a follower therefore reads only events of transactions older than every one still running, in
the order (transaction, id), and misses none.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

import structlog
from sqlalchemy import (
    JSON,
    ColumnElement,
    Index,
    Insert,
    Select,
    String,
    Table,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from parvis.db import BigId, Model, db, utcnow, writing
from parvis.statement import columns_of, entities, prepared, read_rows, write_rows

log = structlog.get_logger()

PAUSES = (1, 4, 16, 64)
"""Seconds between the attempts of a follower at one event; after the last it is passed over, and named in the
log and on the status page."""

SLICE = 0.5
"""Seconds after which a batch ends early: on SQLite nobody else writes meanwhile."""

BREATH = 0.15
"""Seconds between two batches: longer than who waits for SQLite's lock sleeps between two looks at it."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact, past tense. Subclass it, give `kind` (`<owner>.<verb past tense>`), add plain-valued fields.

    `actor` did it, `person` is whom it concerns (both person ids), `place` and `content` are ids too; what a
    subclass adds is kept as JSON. `accountable`: it is done by a power over what is others', so that who does
    it answers for it; a log of such things keeps it, and says this of it (translated lazily).
    """

    kind: ClassVar[str]
    accountable: ClassVar[Any] = ""
    actor: int | None = None
    person: int | None = None
    place: int | None = None
    content: int | None = None


def account_of(kind: str) -> str:
    """Return what a log says of events of a kind that somebody answers for, else nothing: see `Event`."""
    return next(
        (str(each.accountable) for each in Event.__subclasses__() if each.accountable and each.kind == kind),
        "",
    )


_COMMON = {f.name for f in fields(Event)}


class EventRecord(Model):
    """One event as kept; `kind`, ids and `data` are what followers get."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_order", "txid", "id"), Index("ix_event_kind", "kind", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    txid: Mapped[int] = mapped_column(BigId, default=0)
    at: Mapped[datetime] = mapped_column(default=utcnow)
    kind: Mapped[str] = mapped_column(String(80))
    actor_id: Mapped[int | None]
    person_id: Mapped[int | None]
    place_id: Mapped[int | None]
    content_id: Mapped[int | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class EventCursor(Model):
    """How far one follower has read, and how often it failed at the event after that."""

    __tablename__ = "event_cursor"

    follower: Mapped[str] = mapped_column(String(80), primary_key=True)
    txid: Mapped[int] = mapped_column(BigId, default=0)
    event_id: Mapped[int] = mapped_column(BigId, default=0)
    failures: Mapped[int] = mapped_column(default=0)
    passed_over: Mapped[int] = mapped_column(default=0)
    moved_at: Mapped[datetime] = mapped_column(default=utcnow)
    """When it last moved, or failed: the next attempt waits from then."""


_event = cast(Table, EventRecord.__table__)  # past the unit of work, which would double the cost of many


def record(*events: Event) -> None:
    """Write events into the present transaction; they exist if and only if it commits."""
    if len(events) == 1:
        write_rows(_recording(), {f"new_{name}": value for name, value in _row(events[0]).items()})
    elif events:
        db.session.execute(insert(_event).values(txid=_txid()), [_row(event) for event in events])


@prepared
def _recording() -> Insert:
    given = {
        name: bindparam(f"new_{name}", type_=column.type)
        for name, column in _event.c.items()
        if name not in ("id", "txid")
    }
    return insert(_event).values(txid=_txid(), **given)


def _row(event: Event) -> dict[str, Any]:
    return {
        "at": utcnow(),
        "kind": event.kind,
        "actor_id": event.actor,
        "person_id": event.person,
        "place_id": event.place,
        "content_id": event.content,
        "data": {f.name: getattr(event, f.name) for f in fields(event) if f.name not in _COMMON},
    }


def _on_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def _txid() -> ColumnElement[int]:
    """Return the present transaction's number, as the database says it; 0 where it numbers none."""
    return literal_column("pg_current_xact_id()::text::bigint" if _on_postgresql() else "0", BigId)


def _present_txid() -> int:
    return int(db.session.scalar(select(_txid())) or 0)


@dataclass(frozen=True)
class Follower:
    """Who follows the log: `name` keeps the cursor, `handle` gets one event and may see it again."""

    name: str
    handle: Callable[[EventRecord], None] = field(compare=False)


def unread(cursor: EventCursor, *, limit: int) -> Sequence[EventRecord]:
    """Return the next events after a cursor, oldest first."""
    values = {"txid": cursor.txid, "event_id": cursor.event_id, "most": limit}
    return [event for row in read_rows(_unread(), values) for event in entities(row, EventRecord)]


def last_settled() -> EventRecord | None:
    """Return the last event before which no other can come any more, None if nothing has happened yet."""
    return next((event for row in read_rows(_last(), {}) for event in entities(row, EventRecord)), None)


@prepared
def _unread() -> Select[Any]:
    after = tuple_(bindparam("txid", type_=BigId), bindparam("event_id", type_=BigId))
    query = _settled().where(tuple_(EventRecord.txid, EventRecord.id) > after)
    return query.order_by(EventRecord.txid, EventRecord.id).limit(bindparam("most", type_=BigId))


@prepared
def _last() -> Select[Any]:
    return _settled().order_by(EventRecord.txid.desc(), EventRecord.id.desc()).limit(1)


def _settled() -> Select[Any]:
    """Return the query of events of transactions older than every one still running: none older can come."""
    query = select(*columns_of(EventRecord))
    if not _on_postgresql():
        return query
    oldest_running = literal_column("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", BigId)
    return query.where(EventRecord.txid < oldest_running)


def follow(followers: Iterable[Follower], *, limit: int = 200, pause: float = 0.0) -> int:
    """Bring every follower up to `limit` events further; return how many events were handled.

    Events and cursor move in one transaction, so what a handler writes to the database happens once; what it
    does elsewhere may happen again. Where an event of a batch fails, events are taken one by one up to it; it
    is tried again after a pause, in a later call. Slow work does not belong here: enqueue a job.

    `pause`: seconds after each batch in which others may write. Who waits for SQLite's lock only looks for it
    now and then, and hardly finds it free for the moment between two batches.
    """
    handled = 0
    for follower in _due(followers):
        handled += _advance(follower, limit)
        time.sleep(pause)
    return handled


def _due(followers: Iterable[Follower]) -> list[Follower]:
    """Return who has something to handle, without waiting for anybody's lock."""
    with writing(False):
        last = next(iter(read_rows(_last(), {})), None)
        cursors = {row.follower: row for row in read_rows(_cursors(), {})}
        db.session.rollback()
    return [each for each in followers if last is not None and _is_due(cursors.get(each.name), last)]


def _is_due(cursor: Any, last: Any) -> bool:
    if cursor is None:
        return True
    pause = timedelta(seconds=PAUSES[cursor.failures - 1]) if cursor.failures else timedelta(0)
    behind = (cursor.txid, cursor.event_id) < (last.txid, last.id)
    return behind and utcnow() >= cursor.moved_at + pause


@prepared
def _cursors() -> Select[Any]:
    return select(*columns_of(EventCursor))


def _advance(follower: Follower, limit: int) -> int:
    handled = 0
    with writing():
        try:
            return _take(follower, limit)
        except Exception:
            db.session.rollback()
        try:
            while handled < limit and _take(follower, 1):
                handled += 1
        except Exception:
            db.session.rollback()
            _count_failure(follower)
    return handled


def _take(follower: Follower, limit: int) -> int:
    cursor, until = _cursor(follower), time.monotonic() + SLICE
    handled: list[EventRecord] = []
    for event in unread(cursor, limit=limit):
        follower.handle(event)
        handled.append(event)
        if time.monotonic() > until:
            break
    if handled:
        _move(cursor, handled[-1])
    db.session.commit()
    return len(handled)


def _count_failure(follower: Follower) -> None:
    cursor = _cursor(follower)
    event = unread(cursor, limit=1)[0]
    cursor.failures, cursor.moved_at = cursor.failures + 1, utcnow()
    details = {
        "follower": follower.name,
        "event_kind": event.kind,
        "event_id": event.id,
        "attempt": cursor.failures,
    }
    log.exception("event_handler_failed", **details)
    if cursor.failures > len(PAUSES):
        log.error("event_passed_over", **details)
        cursor.passed_over += 1
        _move(cursor, event)
    db.session.commit()


def _cursor(follower: Follower) -> EventCursor:
    cursor = db.session.get(EventCursor, follower.name, with_for_update=True)
    if cursor is None:
        cursor = _first_cursor(follower)
        db.session.add(cursor)
        db.session.flush()
    return cursor


def _first_cursor(follower: Follower) -> EventCursor:
    return EventCursor(
        follower=follower.name, txid=0, event_id=0, failures=0, passed_over=0, moved_at=utcnow()
    )


def _move(cursor: EventCursor, event: EventRecord) -> None:
    cursor.txid, cursor.event_id, cursor.failures, cursor.moved_at = event.txid, event.id, 0, utcnow()


def adopt_restored_log() -> bool:
    """Put the log of a database that was restored into a new PostgreSQL cluster in order again; commits.

    There transactions are numbered from the beginning, so that old events would look as if they were yet to
    come, and new ones as if they had been handled. Old events are put before all others, by their ids, and
    cursors on the last one they had handled (or before it: at least once).
    """
    present = _present_txid()
    last = (
        db.session.scalar(select(func.max(EventRecord.id)).where(EventRecord.txid > present))
        if present
        else None
    )
    if last is None:
        db.session.rollback()
        return False
    old = EventRecord.id <= last
    for cursor in db.session.scalars(select(EventCursor).with_for_update()):
        after = tuple_(EventRecord.txid, EventRecord.id) > (cursor.txid, cursor.event_id)
        first = db.session.scalar(select(func.min(EventRecord.id)).where(old, after))
        cursor.txid, cursor.event_id = 0, last if first is None else first - 1
    db.session.execute(update(EventRecord).where(old).values(txid=0))
    log.warning("event_log_restored", events_up_to=last)
    db.session.commit()
    return True
