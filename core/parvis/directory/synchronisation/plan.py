"""What a run would write, found out before it writes anything, and whether it may.

Only entries that differ are kept, in a file: the first run's 73,000 would fill the memory.
"""

import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import chain, islice
from operator import attrgetter
from typing import IO, Any, NamedTuple, TypeVar, cast

from sqlalchemy import Boolean, Table, column, func, select, table

from parvis.db import db
from parvis.directory.ldap import BadEntry, DirectoryEntry
from parvis.directory.models import Person
from parvis.directory.person import dn_key, fingerprint
from parvis.directory.synchronisation.report import NAMES, Report, Tally
from parvis.i18n import gettext as _
from parvis.i18n import ngettext

CHUNK = 1000
"""How many people are written in one transaction: other writers wait no longer than for these."""
FEW = 50
SHARE = 0.05
FIELDS = tuple(name for name in DirectoryEntry.__slots__ if name != "photo")
UNREAD = "?"
"""No directory's mark of modification: whoever has it is read again."""
_values = attrgetter(*FIELDS)
_encode = json.JSONEncoder(ensure_ascii=False).encode
_person = cast(Table, Person.__table__)
# Identity stands above the directory, so that its tables are named here, not imported.
_member = table("member", column("id"), column("administrator", Boolean))
T = TypeVar("T")


class Kind(StrEnum):
    """What an entry means for its person."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    LEFT = "left"
    CAME_BACK = "came_back"
    QUIET = "quiet"
    """To be written, and nobody's news: found again after one run, or new and already disabled."""


class Known(NamedTuple):
    """What is kept of a person to compare with; `dn_key` is none while missing."""

    id: int
    fingerprint: str | None
    dn_key: str | None
    modified: str | None
    present: bool
    missing: bool


def known_marks() -> dict[str, str]:
    """Return the mark of modification of everybody who is in the directory or may be, by key."""
    here = _person.c.present | _person.c.missing_since.is_(None)
    query = select(_person.c.directory_key, func.coalesce(_person.c.modified, UNREAD))
    return {key: mark for key, mark in _all(query.where(_person.c.directory_key.is_not(None), here))}  # noqa: C416 - a result has keys(), which dict() would take it for a mapping by


def known_persons(keys: Iterable[str] | None = None) -> dict[str, Known]:
    """Return everybody who came from the directory, or those of some keys, by key."""
    c = _person.c
    missing = c.missing_since.is_not(None)
    query = select(c.directory_key, c.id, c.fingerprint, c.dn_key, c.modified, c.present, missing)
    if keys is None:
        return {key: Known(*values) for key, *values in _all(query.where(c.directory_key.is_not(None)))}
    found = chain.from_iterable(_all(query.where(c.directory_key.in_(part))) for part in parts(keys))
    return {key: Known(*values) for key, *values in found}


def _all(query: Any) -> Iterable[Any]:
    return db.session.execute(query.execution_options(yield_per=2000))


def parts(things: Iterable[T]) -> Iterator[list[T]]:
    """Give things in chunks of a transaction's size."""
    iterator = iter(things)
    while part := list(islice(iterator, CHUNK)):
        yield part


class Plan:
    """The differences between the directory and what is known of it."""

    def __init__(self, known: dict[str, Known], report: Report, spool: IO[str]) -> None:
        """Begin with those known whom the run may be about: everybody, where it reads everybody."""
        self.known, self.report = known, report
        self.leaving: list[int] = []
        """Not found for the second time."""
        self.missing: list[int] = []
        """Not found for the first time."""
        self.touched: list[tuple[int, str]] = []
        """Unchanged, under a new mark of modification."""
        self.disabled: list[int] = []
        self.entries = 0
        self._seen: set[str] = set()
        self._unreadable: set[str] = set()
        self._spool = spool

    def consider(self, entries: Iterable[DirectoryEntry], skipped: Iterable[BadEntry]) -> None:
        """Compare entries as they are read; those that cannot be taken are not counted as missing."""
        for bad in skipped:
            self._seen.add(bad.key)
            self._unreadable.add(dn_key(bad.dn) or "")
            self.report.skipped.add(f"{bad.dn}: {bad.reason}")
        for entry in entries:
            if entry.key in self._seen:
                self.report.skipped.add(_("%(dn)s: another entry has the same id", dn=entry.dn))
                continue
            self._seen.add(entry.key)
            self.report.read += 1
            self._compare(entry)

    def _compare(self, entry: DirectoryEntry) -> None:
        known = self.known.get(entry.key)
        if known is None:
            self._keep(Kind.QUIET if entry.disabled else Kind.ADDED, entry)
        elif known.present is entry.disabled:
            self._keep(Kind.LEFT if entry.disabled else Kind.CAME_BACK, entry)
            if entry.disabled:
                self.disabled.append(known.id)
        elif known.fingerprint != fingerprint(entry):
            moved = known.dn_key and known.dn_key != dn_key(entry.dn)
            self._keep(Kind.MOVED if moved else Kind.CHANGED, entry)
        elif known.missing or known.dn_key is None:
            self._keep(Kind.QUIET, entry)
        elif entry.modified and entry.modified != known.modified:
            self.touched.append((known.id, entry.modified))

    def _keep(self, kind: Kind, entry: DirectoryEntry) -> None:
        if kind != Kind.QUIET:
            tally: Tally = getattr(self.report, kind)
            tally.add(entry.display_name)
        self._spool.write(_encode((kind, *_values(entry))) + "\n")
        self.entries += 1

    def conclude(self) -> None:
        """Conclude, after a complete read, that whoever of the known was not seen is missing."""
        found = [person for key, person in self.known.items() if key not in self._seen]
        for person in found:
            if person.dn_key in self._unreadable:
                continue
            if person.present and person.missing:
                self.leaving.append(person.id)
            elif not person.missing:
                self.missing.append(person.id)
        present = {person.id for person in found if person.present}
        _name(self.report.left, self.leaving)
        _name(self.report.missing, [id for id in self.missing if id in present])

    def chunks(self) -> Iterator[list[tuple[Kind, DirectoryEntry]]]:
        """Give back what was kept, some at a time."""
        self._spool.seek(0)
        while lines := list(islice(self._spool, CHUNK)):
            decoded = map(json.loads, lines)
            yield [
                (Kind(kind), DirectoryEntry(**dict(zip(FIELDS, values, strict=True))))
                for kind, *values in decoded
            ]

    def objection(self) -> str | None:
        """Say why this must not be written, if so.

        Whoever is missing counts from the first run on: what would lock people out by the next run is better
        looked at now.
        """
        if not self.report.incremental and not self._seen - {""}:
            return _("The directory shows nobody. Check directory.base_dn and directory.person_filter.")
        losing = {*self.disabled, *self.leaving, *self.missing}
        gone = {person.id for person in self.known.values() if person.present and person.id in losing}
        present = _present()
        if gone and len(gone) == present:
            return _("Nobody of those known would be left. If that is right, repeat with --force.")
        if administrators := _administrators(gone):
            names = ", ".join(administrators)
            return _(
                "An administrator would be locked out: %(names)s. If that is right, repeat with --force.",
                names=names,
            )
        if len(gone) > max(FEW, present * SHARE):
            return ngettext(
                "%(num)s of %(present)s people would be locked out. If that is right, repeat with --force.",
                "%(num)s of %(present)s people would be locked out. If that is right, repeat with --force.",
                len(gone),
                present=present,
            )
        return None


def _present() -> int:
    query = select(func.count()).where(_person.c.present, _person.c.directory_key.is_not(None))
    return db.session.scalar(query) or 0


def _administrators(ids: set[int]) -> list[str]:
    query = (
        select(Person.id, Person.display_name)
        .join(_member, _member.c.id == Person.id)
        .where(_member.c.administrator)
    )
    return [name for id, name in db.session.execute(query) if id in ids]


def _name(tally: Tally, ids: list[int]) -> None:
    names = (
        db.session.scalars(select(Person.display_name).where(Person.id.in_(ids[:NAMES]))).all() if ids else []
    )
    tally.count += len(ids)
    tally.names = [*tally.names, *names][:NAMES]
