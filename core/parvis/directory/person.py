"""Persons as the directory's entries become them: names, handles, units, managers."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from sqlalchemy import delete, insert, select

from parvis.db import db
from parvis.directory.entry import DirectoryEntry
from parvis.directory.models import Person, PersonName, Unit
from parvis.text import fold, tokens

HANDLE_LENGTH = 40
COLUMNS = ("dn", "username", "display_name", "given_name", "family_name", "mail", "phone", "mobile", "title", "country", "job_family")  # fmt: skip


def fingerprint(entry: DirectoryEntry) -> str:
    """Return a digest of what the directory says of a person, but for the time it says it and the photo."""
    values = {k: v for k, v in asdict(entry).items() if k not in ("modified", "photo")}
    return hashlib.blake2b(json.dumps(values, sort_keys=True).encode(), digest_size=16).hexdigest()


def sort_name(display_name: str, given_name: str, family_name: str) -> str:
    """Return what people are sorted by: family name, then given name, folded."""
    return fold(f"{family_name} {given_name}")[:250] or fold(display_name)[:250] or "~"


def name_words(person: Mapping[str, str | None]) -> set[str]:
    """Return the folded words that find a person: of every name, and the handle's parts."""
    text = " ".join(person.get(k) or "" for k in ("display_name", "given_name", "family_name", "username", "handle"))
    return {word[:100] for word in tokens(text)}


def handle_base(display_name: str, username: str) -> str:
    """Return the readable handle a name asks for, before it is made unique: `helene.dupont`."""
    words = [w for w in tokens(display_name) if w.isascii()] or [w for w in tokens(username) if w.isascii()] or ["person"]
    return ".".join(words)[:HANDLE_LENGTH].rstrip(".")


def free_handle(display_name: str, username: str) -> str:
    """Return an unused handle; it is given once and stays when the name changes."""
    return free_handles([(display_name, username)])[0]


def free_handles(names: Iterable[tuple[str, str]]) -> list[str]:
    """Return unused handles for many (display name, username), each different from the others."""
    bases = [handle_base(*name) for name in names]
    taken = _taken(bases)
    handles = []
    for base in bases:
        handle, number = base, 1
        while handle in taken:
            number += 1
            handle = f"{base}{number}"
        taken.add(handle)
        handles.append(handle)
    return handles


def _taken(bases: list[str]) -> set[str]:
    if len(bases) == 1:
        query = select(Person.handle).where(Person.handle.startswith(bases[0], autoescape=True))
    else:
        query = select(Person.handle)
    return set(db.session.scalars(query))


def unit_ids(names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the ids of units by (kind, name), making those that are new."""
    wanted = set(names)
    known = {(u.kind, u.name): u.id for u in db.session.scalars(select(Unit))}
    for kind, name in sorted(wanted - known.keys()):
        unit = Unit(kind=kind, name=name, headcount=0)
        db.session.add(unit)
        db.session.flush()
        known[kind, name] = unit.id
    return known


def values_of(entry: DirectoryEntry, units: Mapping[tuple[str, str], int], managers: Mapping[str, int]) -> dict[str, object]:
    """Return the columns of Person that an entry decides; `managers` maps DNs, lower-cased, to person ids."""
    values: dict[str, object] = {name: getattr(entry, name) for name in COLUMNS}
    values.update(
        directory_key=entry.key,
        sort_name=sort_name(entry.display_name, entry.given_name, entry.family_name),
        site_id=units.get(("site", entry.site or "")),
        department_id=units.get(("department", entry.department or "")),
        manager_id=managers.get((entry.manager_dn or "").casefold()),
        fingerprint=fingerprint(entry),
        present=not entry.disabled,
        missing_since=None,
    )
    return values


def units_of(entry: DirectoryEntry) -> list[tuple[str, str]]:
    """Return the (kind, name) of the units an entry names."""
    pairs = (("site", entry.site), ("department", entry.department))
    return [(kind, name) for kind, name in pairs if name]


def keep_person(entry: DirectoryEntry) -> Person:
    """Return the person of an entry, made or brought up to date: what a sign-in needs before any synchronisation."""
    person = db.session.scalar(select(Person).where(Person.directory_key == entry.key))
    if person is not None and person.fingerprint == fingerprint(entry):
        return person
    managers = _manager(entry)
    values = values_of(entry, unit_ids(units_of(entry)), managers)
    if person is None:
        person = Person(handle=free_handle(entry.display_name, entry.username), **values)
        db.session.add(person)
    else:
        for name, value in values.items():
            setattr(person, name, value)
    db.session.flush()
    write_names([{**values, "handle": person.handle, "id": person.id}])
    return person


def _manager(entry: DirectoryEntry) -> dict[str, int]:
    if not entry.manager_dn:
        return {}
    manager = db.session.scalar(select(Person.id).where(Person.dn == entry.manager_dn))
    return {entry.manager_dn.casefold(): manager} if manager else {}


def write_names(persons: list[dict[str, object]]) -> None:
    """Replace the name words of persons, given as their columns with `id` and `handle`."""
    db.session.execute(delete(PersonName).where(PersonName.person_id.in_([p["id"] for p in persons])))
    rows = [
        {"person_id": person["id"], "word": word, "sort_name": person["sort_name"]}
        for person in persons
        for word in name_words(person)  # type: ignore[arg-type]  # of these columns, those read are text
    ]
    if rows:
        db.session.execute(insert(PersonName), rows)
