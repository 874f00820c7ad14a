"""What a directory holds."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

from .dn import Key, parse_dn
from .matching import Comparable, comparable

Value: TypeAlias = str | bytes
Values: TypeAlias = Value | Sequence[Value] | None

OPERATIONAL = {
    "createtimestamp",
    "entryuuid",
    "memberof",
    "modifytimestamp",
    "nsuniqueid",
    "pwdaccountlockedtime",
}


class Entry:
    """One object of the directory; never changed once made, so that a running search may keep it.

    Args:
        dn: its distinguished name.
        attributes: name (in any case) to value or values, text or bytes; `None` and `[]` mean absent.
        more: attributes too, for those whose name is a Python name.
    """

    def __init__(self, dn: str, attributes: Mapping[str, Values] | None = None, **more: Values) -> None:
        self.dn = dn
        self._attributes: dict[str, tuple[str, tuple[bytes, ...]]] = {}
        self._comparable: dict[str, list[Comparable]] = {}
        for name, values in {**(attributes or {}), **more}.items():
            if encoded := _encoded(values):
                self._attributes[name.lower()] = (name, encoded)

    def __repr__(self) -> str:
        return f"Entry({self.dn!r})"

    def __getitem__(self, name: str) -> tuple[bytes, ...]:
        """Return an attribute's values: none when it is absent."""
        return self._attributes.get(name.lower(), ("", ()))[1]

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._attributes

    def __iter__(self) -> Iterator[tuple[str, tuple[bytes, ...]]]:
        return iter(self._attributes.values())

    @cached_property
    def key(self) -> Key:
        return parse_dn(self.dn)

    def text(self, name: str) -> str:
        """Return an attribute's first value as text, empty when it is absent."""
        return next((value.decode() for value in self[name]), "")

    def comparable(self, name: str) -> list[Comparable]:
        """Return an attribute's values as filters compare them; kept, for each search asks each entry."""
        if name not in self._comparable:
            self._comparable[name] = [_lenient(name, value) for value in self[name]]
        return self._comparable[name]

    def but(self, attributes: Mapping[str, Values], *, dn: str | None = None) -> "Entry":
        """Return a copy with some attributes replaced, or under another name."""
        changed = {name.lower() for name in attributes}
        kept = {name: values for name, values in self if name.lower() not in changed}
        return Entry(dn or self.dn, {**kept, **attributes})


def _encoded(values: Values) -> tuple[bytes, ...]:
    if isinstance(values, str):
        return (values.encode(),)
    listed = [values] if isinstance(values, bytes) else values or ()
    return tuple(value.encode() if isinstance(value, str) else value for value in listed)


def _lenient(name: str, value: bytes) -> Comparable:
    try:
        return comparable(name, value)
    except ValueError:
        return value  # a bad value is kept, as real directories keep many, and equals nothing but itself
