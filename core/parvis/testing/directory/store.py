"""The tree of entries: found by name, searched by scope, changed while clients read."""

import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import uuid4

from .dn import Key, naming, parent_dn, parse_dn
from .entry import Entry, Values
from .filter import Predicate

BASE, ONE_LEVEL, SUBTREE, CHILDREN = range(4)  # CHILDREN is the subordinate scope that OpenLDAP adds
_ENDLESS = 1 << 30
_DEPTHS = {BASE: (0, 0), ONE_LEVEL: (1, 1), SUBTREE: (0, _ENDLESS), CHILDREN: (1, _ENDLESS)}


class Store:
    """Entries below one base, and their passwords.

    Passwords are taken out of the entries that come in, so that no search, comparison or filter ever sees
    one. Entries that are missing above others are made up, so that a test need not spell out its tree.
    """

    def __init__(self, entries: Iterable[Entry], base_dn: str) -> None:
        self.base_dn, self.base = base_dn, parse_dn(base_dn)
        self._entries: dict[Key, Entry] = {}
        self._passwords: dict[Key, tuple[bytes, ...]] = {}
        self._writing = threading.RLock()
        given = list(entries)
        for entry in given:
            self._insert(entry)
        for dn in {base_dn, *(parent_dn(entry.dn) for entry in given)}:
            self._complete(dn)

    def get(self, dn: str) -> Entry:
        """Return the entry of that name. Raises KeyError, or ValueError for what is no name."""
        return self._entries[parse_dn(dn)]

    def find(self, dn: str) -> Entry | None:
        """Return the entry of that name, if there is one."""
        try:
            return self.get(dn)
        except (KeyError, ValueError):
            return None

    def has_password(self, dn: str, password: bytes) -> bool:
        entry = self.find(dn)
        return entry is not None and password in self._passwords.get(entry.key, ())

    def search(self, base: Key, scope: int, matches: Predicate) -> list[Entry]:
        """Return the entries in scope for which the predicate is certainly true, in the order they came."""
        if scope not in _DEPTHS:
            raise ValueError(f"no search has the scope {scope}")
        least, most = _DEPTHS[scope]
        found = []
        for entry in list(self._entries.values()):  # a copy, for others may write meanwhile
            depth = len(entry.key) - len(base)
            if least <= depth <= most and entry.key[depth:] == base and matches(entry):
                found.append(entry)
        return found

    def add(self, entry: Entry) -> None:
        """Put in an entry, with what it lacks of its name and of operational attributes.

        Raises:
            ValueError: it exists already, or lies outside.
        """
        with self._writing:
            self._insert(entry)
            self._complete(parent_dn(entry.dn))

    def change(self, dn: str, **attributes: Values) -> None:
        """Replace attributes of an entry, removing those that are `None` or `[]`; the change is dated."""
        with self._writing:
            entry = self.get(dn)
            self._put(entry.but({**_dated(entry), **attributes}))

    def rename(self, dn: str, new_dn: str) -> None:
        """Give an entry without others below it another name or place; it stays the same entry.

        What names it elsewhere, as a manager or as a member, is left as it was: so do servers.
        """
        with self._writing:
            old = self.get(dn)
            passwords = self._passwords.get(old.key)
            renamed = old.but({**_dated(old), **naming(new_dn), "userPassword": passwords}, dn=new_dn)
            self.remove(dn)
            self.add(renamed)

    def remove(self, dn: str) -> None:
        """Take an entry out, leaving whatever names it to name nobody."""
        with self._writing:
            entry = self.get(dn)
            if any(key[1:] == entry.key for key in self._entries):
                raise ValueError(f"{dn} has entries below it")
            del self._entries[entry.key]
            self._passwords.pop(entry.key, None)

    def _insert(self, entry: Entry) -> None:
        if entry.key in self._entries:
            raise ValueError(f"{entry.dn} exists already")
        if entry.key[-len(self.base) :] != self.base:
            raise ValueError(f"{entry.dn} lies outside the directory")
        stamps = {"entryUUID": str(uuid4()), "createTimestamp": _now(), "modifyTimestamp": _now()}
        due = {**naming(entry.dn), **stamps}
        self._put(entry.but({name: value for name, value in due.items() if name not in entry}))

    def _put(self, entry: Entry) -> None:
        if passwords := entry["userPassword"]:
            self._passwords[entry.key] = passwords
        self._entries[entry.key] = entry.but({"userPassword": None})

    def _complete(self, dn: str) -> None:
        while dn and len(key := parse_dn(dn)) >= len(self.base):
            if key not in self._entries:
                self._insert(Entry(dn, objectClass="top"))
            dn = parent_dn(dn)


def _dated(entry: Entry) -> dict[str, Values]:
    of_active_directory = {"whenChanged": f"{_now()[:-1]}.0Z"} if "whenChanged" in entry else {}
    return {"modifyTimestamp": _now(), **of_active_directory}


def _now() -> str:
    return f"{datetime.now(UTC):%Y%m%d%H%M%SZ}"
