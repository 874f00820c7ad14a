"""What a member chose and how far they have looked: one row."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask import g, has_request_context
from parvis.api import Member, Person, add_missing, add_once, among, db, prepared, read_rows
from sqlalchemy import ColumnElement, Select, exists, func, literal, select

from .models import Visitor

KEPT = "social_reader"
"""Where a request keeps what is known of its reader, until that is changed."""
People = Sequence[int] | Select[Any]
"""Ids of people, or a query of them: as many as follow a place."""


class Choices(NamedTuple):
    """The row of a member as pages read it; see `Visitor`."""

    person_id: int
    feed_order: str
    feed_filter: str
    seen_id: int
    last_visit_id: int
    seen_at: datetime | None
    unread: int
    read_up_to: int
    choices: Mapping[str, bool]


def own_visitor(actor: Member) -> Visitor:
    """Return a member's row to be written; the first time, it is made."""
    add_once(Visitor, **blank_row(actor.id))
    if has_request_context():
        g.pop(KEPT, None)
    return db.session.get_one(Visitor, actor.id, with_for_update=True)


def make_visitors(people: People) -> None:
    """Make the rows of those among some people who have none."""
    blank = blank_row(0)
    columns = [literal(value, Visitor.__table__.c[name].type) for name, value in blank.items()]
    missing = select(Person.id, *columns[1:]).where(
        Person.id.in_(people), ~exists().where(Visitor.person_id == Person.id)
    )
    add_missing(Visitor, list(blank), missing)


def lock_visitors(people: People) -> None:
    """Keep the rows of some people for oneself until the transaction ends.

    Whoever counts what somebody has not read takes their row first: many in the order of their ids, so that
    nobody waits in a circle. On SQLite whoever writes is alone anyway.
    """
    if db.engine.dialect.name != "postgresql":
        return
    if isinstance(people, Sequence):
        read_rows(_locking(), {"people": people})
    else:
        db.session.execute(_locked(Visitor.person_id.in_(people)))


@prepared
def _locking() -> Select[Any]:
    return _locked(among(Visitor.person_id, "people"))


def _locked(some: ColumnElement[bool]) -> Select[Any]:
    rows = select(Visitor.person_id).where(some).order_by(Visitor.person_id)
    return select(func.count()).select_from(rows.with_for_update().subquery())


def blank_row(person_id: int) -> dict[str, Any]:
    """Return the values of somebody's row before they chose anything."""
    return {
        "person_id": person_id, "feed_order": "new", "feed_filter": "all", "seen_id": 0, "last_visit_id": 0,
        "seen_at": None, "unread": 0, "read_up_to": 0, "choices": {},
    }  # fmt: skip
