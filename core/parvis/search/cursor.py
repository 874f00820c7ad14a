"""How far an index has followed the event log. It is kept in the index, in the commit of what it tells of."""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from parvis.db import BigId, db, utcnow
from parvis.events import EventCursor, EventRecord, last_settled, unread
from parvis.statement import columns_of, prepared, read_rows

FAR_BEHIND = 10_000
"""So many events behind are not counted further."""


@dataclass(frozen=True)
class Cursor:
    """The last event whose documents are in the index. `at` tells it from one of another database."""

    txid: int = 0
    event_id: int = 0
    at: str = ""

    @classmethod
    def of(cls, event: EventRecord) -> "Cursor":
        """Return the cursor that stands on an event."""
        return cls(event.txid, event.id, event.at.isoformat())

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """Read what `str` wrote.

        Raises:
            ValueError: it is something else.
        """
        try:
            values = json.loads(text)
            return cls(int(values["txid"]), int(values["event_id"]), str(values["at"]))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError("the index does not say how far it has come") from error

    def __str__(self) -> str:
        return json.dumps(asdict(self))

    @property
    def row(self) -> EventCursor:
        """What `parvis.events` compares by; it is not kept."""
        return EventCursor(txid=self.txid, event_id=self.event_id)

    def is_of_this_log(self) -> bool:
        """Tell whether the event is in the database, as it was: not after another one was restored."""
        if not self.event_id:
            return True
        return any(Cursor.of(event) == self for event in read_rows(_event(), {"id": self.event_id}))


@prepared
def _event() -> Select[Any]:
    return select(*columns_of(EventRecord)).where(EventRecord.id == bindparam("id", type_=BigId))


def present_cursor() -> Cursor:
    """Return a cursor on the last event before which nothing can come any more."""
    event = last_settled()
    return Cursor.of(event) if event else Cursor()


@dataclass(frozen=True)
class Lag:
    """How far an index is behind: events, at most `FAR_BEHIND`, and the age of the oldest of them."""

    events: int
    age: timedelta


def lag_of(cursor: Cursor) -> Lag:
    """Measure how far behind a cursor is."""
    next_event = next(iter(unread(cursor.row, limit=1)), None)
    if next_event is None:
        return Lag(0, timedelta(0))
    later = select(EventRecord.id).where(EventRecord.id >= next_event.id).limit(FAR_BEHIND).subquery()
    count = db.session.scalar(select(func.count()).select_from(later)) or 1
    return Lag(count, max(utcnow() - next_event.at, timedelta(0)))
