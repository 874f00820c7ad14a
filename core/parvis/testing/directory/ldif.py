"""Entries as LDIF (RFC 2849), for `slapadd` and for reading eyes."""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import TextIO

from .entry import Entry

_WIDTH = 76
_PLAIN = re.compile(rb"(?![ :<])[\x01-\x09\x0b\x0c\x0e-\x7f]*(?<! )")


def write_entries(entries: Iterable[Entry], file: TextIO) -> int:
    """Write entries in the order they come, which should be parents first, and return how many."""
    number = 0
    for number, entry in enumerate(entries, 1):  # noqa: B007 - the last number is the answer
        lines = [_line("dn", entry.dn.encode())]
        lines += [_line(name, value) for name, values in entry for value in values]
        file.write("\n".join(lines) + "\n\n")
    return number


def _line(name: str, value: bytes) -> str:
    plain = _PLAIN.fullmatch(value)
    line = f"{name}: {value.decode()}" if plain else f"{name}:: {b64encode(value).decode()}"
    return line if len(line) <= _WIDTH else "\n ".join(_folded(line))


def _folded(line: str) -> Iterator[str]:
    yield line[:_WIDTH]
    for start in range(_WIDTH, len(line), _WIDTH - 1):
        yield line[start : start + _WIDTH - 1]
