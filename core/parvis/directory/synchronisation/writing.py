"""Writing a plan in short transactions; what a killed run leaves undone, the next one does."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any, cast

from sqlalchemy import Table, bindparam, column, delete, func, insert, select, table, text, update
from sqlalchemy.exc import IntegrityError

from parvis.db import db, read_only, utcnow
from parvis.directory.entry import DirectoryEntry
from parvis.directory.event import PersonAdded, PersonChanged, PersonLeft, PersonReturned
from parvis.directory.models import Person, Unit
from parvis.directory.person import find_managers, free_handles, unit_ids, units_of, values_of, write_names
from parvis.directory.synchronisation.plan import Kind, Plan, parts
from parvis.events import Event, record

ATTEMPTS = 3
EVENTS: dict[Kind, type[Event]] = {
    Kind.ADDED: PersonAdded,
    Kind.CHANGED: PersonChanged,
    Kind.MOVED: PersonChanged,
    Kind.LEFT: PersonLeft,
    Kind.CAME_BACK: PersonReturned,
}
# Identity stands above the directory, so that its table is named here, not imported.
_session = table("member_session", column("member_id"))
_person, _unit = cast(Table, Person.__table__), cast(Table, Unit.__table__)
_by_id = _person.c.id == bindparam("person_id")


def write(plan: Plan, step: Callable[[int], None]) -> None:
    """Write all of a plan; `step` is called before each transaction with the number of entries written."""
    for ids in parts(plan.leaving):
        step(0)
        _leave(ids)
    for ids in parts(plan.missing):
        step(0)
        _miss(ids)
    if plan.entries:
        with _few_checkpoints():
            _write_entries(plan, step)
    for touched in parts(plan.touched):
        step(plan.entries)
        _update([{"person_id": id, "modified": modified} for id, modified in touched])
        db.session.commit()
    if plan.entries or plan.leaving or plan.missing or not plan.report.incremental:
        link_managers()
        count_heads()


def _write_entries(plan: Plan, step: Callable[[int], None]) -> None:
    writer = _Writer()
    done = 0
    for number, chunk in enumerate(plan.chunks(), 1):
        step(done)
        writer.write(chunk)
        done += len(chunk)
        if number.bit_count() == 1:
            _analyse()


@contextmanager
def _few_checkpoints() -> Iterator[None]:
    """Let SQLite's log grow while much is written, else each commit copies all it changed to the file too."""

    def set_pages(pages: int) -> None:
        db.session.connection().exec_driver_sql(f"PRAGMA wal_autocheckpoint = {pages}")
        db.session.commit()

    if db.engine.dialect.name != "sqlite":
        yield
        return
    set_pages(20_000)
    try:
        yield
    finally:
        db.session.rollback()
        set_pages(1000)


def _analyse() -> None:
    """Tell PostgreSQL how large the tables have become: plans made for empty ones read all of them."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ANALYZE person, person_name, unit"))
        db.session.commit()


def _leave(ids: list[int]) -> None:
    """End what people had who were missing twice."""
    db.session.execute(update(_person).where(_person.c.id.in_(ids)).values(present=False))
    _end_sessions(ids)
    record(*(PersonLeft(person=id) for id in ids))
    db.session.commit()


def _miss(ids: list[int]) -> None:
    """Note who was missing once. Without mark they are read again when they are back."""
    values = {"missing_since": utcnow(), "dn_key": None, "modified": None}
    db.session.execute(update(_person).where(_person.c.id.in_(ids)).values(values))
    db.session.commit()


def _end_sessions(ids: list[int]) -> None:
    if ids:
        db.session.execute(delete(_session).where(_session.c.member_id.in_(ids)))


def _update(rows: list[dict[str, Any]]) -> None:
    """Update persons, each by its `person_id`; every row has the same columns."""
    if rows:
        values: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "person_id"}
        db.session.connection().execute(update(_person).where(_by_id).values(values), rows)


class _Writer:
    """Writes entries; remembers units and handles from one transaction to the next."""

    def __init__(self) -> None:
        self._units: dict[tuple[str, str], int] = {}
        self._handles: set[str] = set()

    def write(self, chunk: list[tuple[Kind, DirectoryEntry]]) -> None:
        """Write some people, again where somebody just signed in for the first time as one of them."""
        rows = self._rows(chunk)
        for attempt in range(ATTEMPTS):
            try:
                self._write(rows)
                db.session.commit()
                return
            except IntegrityError:
                db.session.rollback()
                self._handles.clear()
                if attempt == ATTEMPTS - 1:
                    raise

    def _rows(self, chunk: list[tuple[Kind, DirectoryEntry]]) -> list[tuple[Kind, dict[str, Any]]]:
        """Make the rows, outside of the transaction that writes them."""
        units = set(chain.from_iterable(units_of(entry) for _kind, entry in chunk))
        if not units <= self._units.keys():
            self._units = unit_ids(units)
            db.session.commit()
        return [(kind, values_of(entry, self._units)) for kind, entry in chunk]

    def _write(self, rows: list[tuple[Kind, dict[str, Any]]]) -> None:
        before = self._known(row["directory_key"] for _kind, row in rows)
        new = [row for _kind, row in rows if row["directory_key"] not in before]
        changed = [row for _kind, row in rows if row["directory_key"] in before]
        self._insert(new)
        known = before | self._known(row["directory_key"] for row in new)
        _update([{"person_id": known[row["directory_key"]]["id"], **row} for row in changed])
        write_names([{**row, **known[row["directory_key"]]} for row in new], replace=False)
        write_names([{**row, **known[row["directory_key"]]} for row in changed])
        _end_sessions([known[row["directory_key"]]["id"] for kind, row in rows if kind == Kind.LEFT])
        told = [(kind, row["directory_key"]) for kind, row in rows if kind in EVENTS]
        # Who signed in meanwhile was recorded as added then.
        told = [(kind, key) for kind, key in told if kind != Kind.ADDED or key not in before]
        record(*(EVENTS[kind](person=known[key]["id"]) for kind, key in told))

    def _known(self, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
        query = select(_person.c.directory_key, _person.c.id, _person.c.handle)
        found = db.session.execute(query.where(_person.c.directory_key.in_(list(keys))))
        return {key: {"id": id, "handle": handle} for key, id, handle in found}

    def _insert(self, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        if not self._handles:
            self._handles = set(db.session.scalars(select(_person.c.handle)))
        handles = free_handles([(row["display_name"], row["username"]) for row in rows], self._handles)
        named = [{**row, "handle": handle} for row, handle in zip(rows, handles, strict=True)]
        db.session.connection().execute(insert(_person), named)


def link_managers() -> None:
    """Point people to who has the DN that the directory names; managers may come after their reports."""
    query = find_managers().subquery()
    differing = select(query.c.id, query.c.manager_id).where(
        query.c.manager_id.is_distinct_from(query.c.present_manager_id)
    )
    with read_only():
        rows = [{"person_id": id, "manager_id": manager} for id, manager in db.session.execute(differing)]
        db.session.commit()
    for part in parts(rows):
        _update(part)
        db.session.commit()


def count_heads() -> None:
    """Bring the headcounts of sites and departments up to date."""
    with read_only():
        counts = dict(chain(_heads(_person.c.site_id), _heads(_person.c.department_id)))
        stored = db.session.execute(select(Unit.id, Unit.headcount)).all()
        db.session.commit()
    rows = [
        {"unit_id": id, "headcount": counts.get(id, 0)} for id, count in stored if count != counts.get(id, 0)
    ]
    if rows:
        by_id = update(_unit).where(_unit.c.id == bindparam("unit_id"))
        db.session.connection().execute(by_id.values(headcount=bindparam("headcount")), rows)
        db.session.commit()


def _heads(unit: Any) -> Iterable[tuple[int, int]]:
    query = select(unit, func.count()).where(unit.is_not(None), _person.c.present).group_by(unit)
    return ((id, count) for id, count in db.session.execute(query))
