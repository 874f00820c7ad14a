"""The search operation: scope, filter, pages, what is returned of each entry (RFC 4511, 4.5; RFC 2696)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from ldap3.core import results

from . import ber
from .ber import OCTETS, SEQUENCE, SET, Element
from .entry import OPERATIONAL, Entry
from .filter import compile_filter
from .message import PAGED_RESULTS, START_TLS, WHO_AM_I, Refusal, Reply, envelope
from .store import BASE, Store

ENTRY_RESPONSE = 0x64


@dataclass(frozen=True)
class Found:
    """Entries yet to be sent, and whether a limit cut them short."""

    entries: list[Entry]
    cut: bool = False

    def reply(self, controls: bytes = b"") -> Reply:
        code = results.RESULT_SIZE_LIMIT_EXCEEDED if self.cut else results.RESULT_SUCCESS
        return Reply(code, controls=controls)


class Pages:
    """What one client has still to fetch, by the cookie it was given."""

    def __init__(self) -> None:
        self._waiting: dict[bytes, Found] = {}
        self._numbers = count(1)

    def keep(self, found: Found) -> bytes:
        cookie = b"page %d" % next(self._numbers)
        self._waiting[cookie] = found
        return cookie

    def take(self, cookie: bytes) -> Found:
        if cookie not in self._waiting:
            raise Refusal(results.RESULT_UNWILLING_TO_PERFORM, "paged results cookie is invalid or old")
        return self._waiting.pop(cookie)


class Search:
    """A search request, read."""

    def __init__(self, request: Element) -> None:
        base, scope, _, limit, _, types_only, self.filter, attributes = request.parts(8)
        self.base, self.scope, self.limit = base.text, scope.integer, limit.integer
        self.types_only = types_only.truth
        self.attributes = [name.text.lower() for name in attributes.children] or ["*"]

    @property
    def of_root(self) -> bool:
        """Tell whether it asks what this server is, which anyone may ask before all else."""
        return self.base == "" and self.scope == BASE

    def page(
        self, store: Store, limit: int | None, pages: Pages, control: bytes | None
    ) -> tuple[list[Entry], Reply]:
        """Return the entries to send now, and the reply that ends them.

        Args:
            limit: the server's own; like the client's it counts over all pages, as in OpenLDAP.
            control: the value of the paged results control, if it came.
        """
        if control is None:
            found = self._found(store, limit)
            return found.entries, found.reply()
        size, cookie = Element(SEQUENCE, control).parts(1)[0].parts(2)
        found = pages.take(cookie.content) if cookie.content else self._found(store, limit)
        if size.integer <= 0:  # the client has seen enough
            return [], Reply(controls=_paged(b""))
        now, later = found.entries[: size.integer], found.entries[size.integer :]
        if later:
            return now, Reply(controls=_paged(pages.keep(Found(later, found.cut))))
        return now, found.reply(_paged(b""))

    def encode(self, number: int, entry: Entry, max_values: int | None) -> bytes:
        """Encode an entry with the attributes that were asked for."""
        selected = (
            ber.encode(
                SEQUENCE, ber.text(name), ber.encode(SET, *(ber.encode(OCTETS, one) for one in values))
            )
            for name, values in self._selected(entry, max_values)
        )
        return envelope(
            number, ber.encode(ENTRY_RESPONSE, ber.text(entry.dn), ber.encode(SEQUENCE, *selected))
        )

    def _found(self, store: Store, limit: int | None) -> Found:
        matches = compile_filter(self.filter, store.find)
        if self.of_root:
            return Found([_root(store)])
        try:
            base = store.get(self.base).key
        except ValueError as error:
            raise Refusal(results.RESULT_INVALID_DN_SYNTAX, str(error)) from None
        except KeyError:
            raise Refusal(results.RESULT_NO_SUCH_OBJECT) from None
        entries = store.search(base, self.scope, matches)
        most = min(filter(None, (self.limit, limit)), default=len(entries))
        return Found(entries[:most], cut=len(entries) > most)

    def _selected(self, entry: Entry, max_values: int | None) -> Iterator[tuple[str, tuple[bytes, ...]]]:
        for name, values in entry:
            first = self._first_value(name.lower())
            if first is None and ("+" if name.lower() in OPERATIONAL else "*") not in self.attributes:
                continue
            if max_values and (first or len(values) > max_values):
                name, values = _range(name, values, first or 0, max_values)
            if values:
                yield name, () if self.types_only else values

    def _first_value(self, name: str) -> int | None:
        """Return from which value on an attribute was asked for by name: 0, or n by `name;range=n-*`."""
        for wanted in self.attributes:
            if match := re.fullmatch(rf"{re.escape(name)}(?:;range=(\d+)-(?:\*|\d+))?", wanted):
                return int(match[1] or 0)
        return None


def _root(store: Store) -> Entry:
    return Entry(
        "",
        objectClass="top",
        namingContexts=store.base_dn,
        supportedLDAPVersion="3",
        supportedControl=PAGED_RESULTS,
        supportedExtension=[START_TLS, WHO_AM_I],
    )


def _range(name: str, values: tuple[bytes, ...], first: int, most: int) -> tuple[str, tuple[bytes, ...]]:
    end = first + most
    return f"{name};range={first}-{'*' if end >= len(values) else end - 1}", values[first:end]


def _paged(cookie: bytes) -> bytes:
    value = ber.encode(SEQUENCE, ber.integer(0), ber.encode(OCTETS, cookie))
    return ber.encode(SEQUENCE, ber.text(PAGED_RESULTS), ber.encode(OCTETS, value))
