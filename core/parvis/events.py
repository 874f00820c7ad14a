"""The event log: what happened, written in the transaction of the change, and followed at least once.

Each follower keeps a cursor of its own. On PostgreSQL ids are given before commits and so may become visible
out of order; a follower therefore reads only events of transactions older than every one still running, in
the order (transaction, id), and misses none.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar

import structlog
from sqlalchemy import JSON, Index, String, insert, select, text, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from parvis.db import BigId, Model, db, utcnow

log = structlog.get_logger()

ATTEMPTS = 5
"""How often a follower tries one event before it is passed over, and named in the log and on the status page."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact, past tense. Subclass it, give `kind` (`<owner>.<verb past tense>`), add plain-valued fields.

    `actor` did it, `person` is whom it concerns (both person ids), `place` and `content` are ids too; what a
    subclass adds is kept as JSON.
    """

    kind: ClassVar[str]
    actor: int | None = None
    person: int | None = None
    place: int | None = None
    content: int | None = None


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


def record(*events: Event) -> None:
    """Write events into the present transaction; they exist if and only if it commits."""
    if not events:
        return
    txid = _present_txid()
    db.session.execute(insert(EventRecord), [_row(event, txid) for event in events])


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


def follow(followers: Iterable[Follower], *, limit: int = 200) -> int:
    """Bring every follower up to `limit` events further; return how many events were handled.

    Events and cursor move in one transaction, so what a handler writes to the database happens once; what it
    does elsewhere may happen again. Where an event of a batch fails, events are taken one by one.
    """
    return sum(_advance(follower, limit) for follower in followers)


def _advance(follower: Follower, limit: int) -> int:
    for size in (limit, 1):
        try:
            return _take(follower, size)
        except Exception:
            db.session.rollback()
            if size == 1:
                _count_failure(follower)
    return 0


def _take(follower: Follower, limit: int) -> int:
    cursor = _cursor(follower.name)
    events = unread(cursor, limit=limit)
    for event in events:
        follower.handle(event)
    if events:
        _move(cursor, events[-1])
        db.session.commit()
    else:
        db.session.rollback()
    return len(events)


def _count_failure(follower: Follower) -> None:
    cursor = _cursor(follower.name)
    event = unread(cursor, limit=1)[0]
    cursor.failures += 1
    details = {"follower": follower.name, "event": event.kind, "event_id": event.id, "attempt": cursor.failures}
    log.exception("event_handler_failed", **details)
    if cursor.failures >= ATTEMPTS:
        log.error("event_passed_over", **details)
        cursor.passed_over += 1
        _move(cursor, event)
    db.session.commit()


def _cursor(follower: str) -> EventCursor:
    cursor = db.session.get(EventCursor, follower, with_for_update=True)
    if cursor is None:
        cursor = EventCursor(follower=follower, txid=0, event_id=0, failures=0, passed_over=0)
        db.session.add(cursor)
    return cursor


def _move(cursor: EventCursor, event: EventRecord) -> None:
    cursor.txid, cursor.event_id, cursor.failures, cursor.moved_at = event.txid, event.id, 0, utcnow()
