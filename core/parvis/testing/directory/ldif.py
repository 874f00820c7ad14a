"""Entries as LDIF (RFC 2849), for `slapadd` and for reading eyes."""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import TextIO

from .entry import Entry

_WIDTH = 76
_PLAIN = re.compile(rb"(?![ :<])[\x01-\x09\x0b\x0c\x0e-\x7f]*(?<! )")


def write_entries(entries: Iterable[Entry], file: TextIO) -> int:
    """Write entries, parents before children as they come, and return how many."""
    number = 0
    for number, entry in enumerate(entries, 1):  # noqa: B007 - the last number is the answer
        file.writelines(f"{line}\n" for line in _lines(entry))
        file.write("\n")
    return number


def _lines(entry: Entry) -> Iterator[str]:
    yield from _folded(_line("dn", entry.dn.encode()))
    for name, values in entry:
        for value in values:
            yield from _folded(_line(name, value))


def _line(name: str, value: bytes) -> str:
    if _PLAIN.fullmatch(value):
        return f"{name}: {value.decode()}"
    return f"{name}:: {b64encode(value).decode()}"


def _folded(line: str) -> Iterator[str]:
    yield line[:_WIDTH]
    for start in range(_WIDTH, len(line), _WIDTH - 1):
        yield f" {line[start : start + _WIDTH - 1]}"
