"""Persons as the directory's entries become them: names, handles, units, managers."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, String, delete, func, select
from sqlalchemy.orm import aliased

from parvis.db import db
from parvis.directory.entry import DirectoryEntry, normal_dn
from parvis.directory.event import PersonAdded, PersonChanged, PersonReturned
from parvis.directory.models import NAMELESS, Person, PersonName, Unit
from parvis.events import record
from parvis.row import add_once
from parvis.text import fold, tokens

HANDLE_LENGTH = 40
COLUMNS = (
    "dn", "username", "display_name", "given_name", "family_name", "mail", "phone", "mobile", "title",
    "country", "job_family",
)  # fmt: skip
_SHAPES = {
    name: (cast(String, Person.__table__.c[name].type).length or 0, Person.__table__.c[name].nullable)
    for name in COLUMNS
}
_told = attrgetter(*(f.name for f in fields(DirectoryEntry) if f.name not in ("modified", "photo")))


def fingerprint(entry: DirectoryEntry) -> str:
    """Return a digest of what the directory says of a person, but for the time it says it and the photo."""
    return _digest(repr(_told(entry)))


def dn_key(dn: str) -> str | None:
    """Return a digest of a DN, equal for every spelling of it: short enough for any index."""
    return _digest(normal_dn(dn)) if dn else None


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def sort_name(display_name: str, given_name: str, family_name: str) -> str:
    """Return what people are sorted by: family name, then given name, folded."""
    return fold(f"{family_name} {given_name}")[:250] or fold(display_name)[:250] or NAMELESS


def name_words(person: Mapping[str, str | None]) -> set[str]:
    """Return the folded words that find a person: of every name, and the handle's parts."""
    text = " ".join(
        person.get(k) or "" for k in ("display_name", "given_name", "family_name", "username", "handle")
    )
    return {word[:100] for word in tokens(text)}


def handle_base(display_name: str, username: str) -> str:
    """Return the readable handle a name asks for, before it is made unique: `helene.obrien`."""
    name = display_name.replace("'", "").replace("’", "")
    words = (
        [w for w in tokens(name) if w.isascii()] or [w for w in tokens(username) if w.isascii()] or ["person"]
    )
    return ".".join(words)[:HANDLE_LENGTH].rstrip(".")


def free_handle(display_name: str, username: str) -> str:
    """Return an unused handle; it is given once and stays when the name changes."""
    base = handle_base(display_name, username)
    similar = select(Person.handle).where(Person.handle.startswith(base, autoescape=True))
    return free_handles([(display_name, username)], set(db.session.scalars(similar)))[0]


def free_handles(names: Iterable[tuple[str, str]], taken: set[str]) -> list[str]:
    """Return handles for many (display name, username); none was `taken`, to which they are added."""
    handles = []
    for base in (handle_base(*name) for name in names):
        handle, number = base, 1
        while handle in taken:
            number += 1
            handle = f"{base}{number}"
        taken.add(handle)
        handles.append(handle)
    return handles


def unit_ids(names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the ids of units by (kind, name), making those that are new."""
    known = _units()
    missing = sorted(set(names) - known.keys())
    for kind, name in missing:
        add_once(Unit, kind=kind, name=name, headcount=0)
    return _units() if missing else known


def _units() -> dict[tuple[str, str], int]:
    return {
        (kind, name): number
        for kind, name, number in db.session.execute(select(Unit.kind, Unit.name, Unit.id))
    }


def values_of(entry: DirectoryEntry, units: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    """Return the columns of Person that an entry decides, but for the manager: see `find_managers`."""
    values: dict[str, Any] = {}
    for name, (length, nullable) in _SHAPES.items():
        text = getattr(entry, name)[:length].replace("\0", "")
        values[name] = text or (None if nullable else "")
    values.update(
        directory_key=entry.key,
        dn_key=dn_key(entry.dn),
        manager_key=dn_key(entry.manager_dn),
        sort_name=sort_name(entry.display_name, entry.given_name, entry.family_name),
        site_id=units.get(("site", entry.site)),
        department_id=units.get(("department", entry.department)),
        fingerprint=fingerprint(entry),
        modified=entry.modified or None,
        present=not entry.disabled,
        missing_since=None,
    )
    return values


def units_of(entry: DirectoryEntry) -> list[tuple[str, str]]:
    """Return the (kind, name) of the units an entry names."""
    pairs = (("site", entry.site), ("department", entry.department))
    return [(kind, name) for kind, name in pairs if name]


def keep_person(entry: DirectoryEntry) -> Person:
    """Return the person of an entry, made or brought up to date: a sign-in waits for no synchronisation."""
    person = db.session.scalar(select(Person).where(Person.directory_key == entry.key))
    if person is not None and _is_current(person, entry):
        return person
    values = values_of(entry, unit_ids(units_of(entry)))
    added, returned = person is None, person is not None and not person.present
    if person is None:
        person = Person(handle=free_handle(entry.display_name, entry.username), **values)
        db.session.add(person)
    else:
        for name, value in values.items():
            setattr(person, name, value)
    db.session.flush()
    person.manager_id = db.session.execute(find_managers([person.id])).one().manager_id
    write_names([{**values, "handle": person.handle, "id": person.id}])
    event = PersonAdded if added else PersonReturned if returned and person.present else PersonChanged
    record(event(person=person.id))
    return person


def _is_current(person: Person, entry: DirectoryEntry) -> bool:
    here = person.present is not entry.disabled and person.missing_since is None
    return here and person.fingerprint == fingerprint(entry)


def find_managers(ids: Sequence[int] | None = None) -> Select[int, int | None, int | None]:
    """Select (id, manager_id, present_manager_id) of persons: who has the DN that the directory names.

    Nobody manages themselves. Where two persons have one DN, one is about to be found missing: the newer
    counts.
    """
    manager = aliased(Person)
    found = cast(ColumnElement[int | None], func.max(manager.id)).label("manager_id")
    led = (manager.dn_key == Person.manager_key) & (manager.id != Person.id)
    query = select(Person.id, found, Person.manager_id.label("present_manager_id")).outerjoin(manager, led)
    query = query.where(Person.directory_key.is_not(None)).group_by(Person.id)
    return query if ids is None else query.where(Person.id.in_(ids))


def write_names(persons: Sequence[Mapping[str, Any]], *, replace: bool = True) -> None:
    """Write the name words of persons, given as their columns with `id` and `handle`; new ones have none."""
    if replace and persons:
        db.session.execute(delete(PersonName).where(PersonName.person_id.in_([p["id"] for p in persons])))
    rows = [
        (person["id"], word, person["sort_name"]) for person in persons for word in sorted(name_words(person))
    ]
    if rows:
        marks = "?, ?, ?" if db.engine.dialect.name == "sqlite" else "$1, $2, $3"
        # Past SQLAlchemy's care for each value, which would cost more than all else: 300,000 words.
        statement = f"INSERT INTO person_name (person_id, word, sort_name) VALUES ({marks})"
        db.session.connection().exec_driver_sql(statement, rows)
