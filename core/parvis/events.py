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
from sqlalchemy import JSON, Index, String, Table, func, insert, select, text, tuple_, update
from sqlalchemy.orm import Mapped, mapped_column

from parvis.db import BigId, Model, db, utcnow, writing

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
    it answers for it; a log of such things keeps it.
    """

    kind: ClassVar[str]
    accountable: ClassVar[bool] = False
    actor: int | None = None
    person: int | None = None
    place: int | None = None
    content: int | None = None


def is_accountable(kind: str) -> bool:
    """Tell whether somebody answers for events of a kind: see `Event`."""
    return any(each.kind == kind for each in Event.__subclasses__() if each.accountable)


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
    if not events:
        return
    txid = _present_txid()
    db.session.execute(insert(_event), [_row(event, txid) for event in events])


def _row(event: Event, txid: int) -> dict[str, Any]:
    return {
        "txid": txid,
        "kind": event.kind,
        "actor_id": event.actor,
        "person_id": event.person,
        "place_id": event.place,
        "content_id": event.content,
        "data": {f.name: getattr(event, f.name) for f in fields(event) if f.name not in _COMMON},
    }


def _on_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def _present_txid() -> int:
    if not _on_postgresql():
        return 0
    return int(db.session.scalar(text("SELECT pg_current_xact_id()::text::bigint")) or 0)


def _settled_before() -> int | None:
    """Return the oldest transaction still running: events before it can get no older neighbour any more."""
    if not _on_postgresql():
        return None
    return int(db.session.scalar(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")) or 0)


@dataclass(frozen=True)
class Follower:
    """Who follows the log: `name` keeps the cursor, `handle` gets one event and may see it again."""

    name: str
    handle: Callable[[EventRecord], None] = field(compare=False)


def unread(cursor: EventCursor, *, limit: int) -> Sequence[EventRecord]:
    """Return the next events after a cursor, oldest first."""
    query = (
        select(EventRecord)
        .where(tuple_(EventRecord.txid, EventRecord.id) > (cursor.txid, cursor.event_id))
        .order_by(EventRecord.txid, EventRecord.id)
        .limit(limit)
    )
    settled = _settled_before()
    if settled is not None:
        query = query.where(EventRecord.txid < settled)
    return db.session.scalars(query).all()


def last_settled() -> EventRecord | None:
    """Return the last event before which no other can come any more, None if nothing has happened yet."""
    query = select(EventRecord).order_by(EventRecord.txid.desc(), EventRecord.id.desc()).limit(1)
    settled = _settled_before()
    return db.session.scalar(query if settled is None else query.where(EventRecord.txid < settled))


def follow(followers: Iterable[Follower], *, limit: int = 200, pause: float = 0.0) -> int:
    """Bring every follower up to `limit` events further; return how many events were handled.

    Events and cursor move in one transaction, so what a handler writes to the database happens once; what it
    does elsewhere may happen again. Where an event of a batch fails, events are taken one by one up to it; it
    is tried again after a pause, in a later call. Slow work does not belong here: enqueue a job.

    `pause`: seconds after each batch in which others may write. Who waits for SQLite's lock only looks for it
    now and then, and hardly finds it free for the moment between two batches.
    """
    handled = 0
    for follower in followers:
        if _is_due(follower):
            handled += _advance(follower, limit)
            time.sleep(pause)
    return handled


def _is_due(follower: Follower) -> bool:
    """Tell whether there is something to handle, without waiting for anybody's lock."""
    cursor = db.session.get(EventCursor, follower.name) or _first_cursor(follower)
    pause = timedelta(seconds=PAUSES[cursor.failures - 1]) if cursor.failures else timedelta(0)
    due = utcnow() >= cursor.moved_at + pause and bool(unread(cursor, limit=1))
    db.session.rollback()
    return due


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
    cursor, until, handled = _cursor(follower), time.monotonic() + SLICE, 0
    for event in unread(cursor, limit=limit):
        follower.handle(event)
        _move(cursor, event)
        handled += 1
        if time.monotonic() > until:
            break
    db.session.commit()
    return handled


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
