"""Distinguished names (RFC 4514): the same name in its many spellings."""

import re
import unicodedata
from functools import lru_cache
from typing import TypeAlias

Key: TypeAlias = tuple[tuple[tuple[str, str], ...], ...]


@lru_cache(maxsize=100_000)
def parse_dn(dn: str) -> Key:
    """Bring a name into a form in which equal names are equal, whatever their case, spaces and escapes.

    Raises:
        ValueError: it is no distinguished name.
    """
    parts = [_assertions(rdn) for rdn in _split(dn, ",")] if dn.strip() else []
    return tuple(tuple(sorted((name.lower(), fold(value)) for name, value in part)) for part in parts)


def naming(dn: str) -> dict[str, str]:
    """Return the attributes that the first part of a name consists of."""
    return dict(_assertions(_split(dn, ",")[0]))


def parent_dn(dn: str) -> str:
    """Return the name of the entry above, empty when there is none."""
    return ",".join(_split(dn, ",")[1:])


def fold(text: str) -> str:
    """Forget case, composition, and spaces that mean nothing."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _split(text: str, separator: str) -> list[str]:
    parts = re.findall(rf"(?:\\.|[^\\{separator}])+", text, re.DOTALL)
    if separator.join(parts) != text:
        raise ValueError(f"not a distinguished name: {text!r}")
    return parts


def _assertions(rdn: str) -> list[tuple[str, str]]:
    found = []
    for assertion in _split(rdn, "+"):
        name, _, value = (part.strip() for part in assertion.partition("="))
        if not value or not re.fullmatch(r"[A-Za-z][\w-]*|\d+(\.\d+)+", name, re.ASCII):
            raise ValueError(f"not a part of a distinguished name: {assertion!r}")
        found.append((name, re.sub(rb"\\([0-9a-fA-F]{2}|.?)", _unescape, value.encode()).decode()))
    return found


def _unescape(match: re.Match[bytes]) -> bytes:
    escaped = match[1]
    return bytes.fromhex(escaped.decode()) if len(escaped) == 2 else escaped
