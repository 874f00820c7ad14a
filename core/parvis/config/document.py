"""Find and parse the configuration file, and say where each of its keys stands.

`tomllib` gives no positions, so `_Scanner` walks the (already proven valid) source a second time for them.
"""

import bisect
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from parvis.config.problem import ConfigError, Location, Problem

VARIABLE = "PARVIS_CONFIG"
PLACES = (Path("parvis.toml"), Path("/etc/parvis/parvis.toml"))


@dataclass(frozen=True)
class Document:
    """A parsed configuration file: its values, and the line of each key. The values hold secrets: no repr."""

    path: Path
    data: dict[str, Any] = field(repr=False)
    lines: Mapping[Location, int] = field(repr=False)

    @property
    def enabled(self) -> tuple[str, ...]:
        """Name the plugins the file switches on; what is wrong with the list is said by `validate`."""
        plugins = self.data.get("plugins")
        names = plugins.get("enabled") if isinstance(plugins, dict) else None
        if not isinstance(names, list):
            return ()
        return tuple(dict.fromkeys(name for name in names if isinstance(name, str)))


def locate(path: str | None = None, *, environ: Mapping[str, str] | None = None) -> Path:
    """Choose the configuration file: `--config`, then PARVIS_CONFIG, then the usual places.

    A file that was asked for by name is never silently replaced by another.
    """
    named = path or (os.environ if environ is None else environ).get(VARIABLE)
    if named:
        return Path(named)
    for place in PLACES:
        if place.is_file():
            return place
    places = " nor ".join(str(place) for place in PLACES)
    raise ConfigError(
        Problem(
            f"There is no configuration file: neither {places} exists. Name one with --config FILE or"
            f" {VARIABLE}=FILE; `parvis config example` prints a start."
        )
    )


def read(path: Path | str) -> Document:
    """Parse one configuration file. Raises ConfigError when it cannot be read or is not TOML."""
    path = Path(path).absolute()
    outcome = _parse(path)
    if isinstance(outcome, Problem):
        raise ConfigError(outcome)
    return outcome


def _parse(path: Path) -> Document | Problem:
    """Parse, with faults as values: an exception raised later then carries no piece of the file along."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Problem("there is no such file", file=path)
    except IsADirectoryError:
        return Problem("is a folder, not a file", file=path)
    except (OSError, ValueError) as error:
        return Problem(f"cannot be read: {getattr(error, 'strerror', None) or 'not a file name'}", file=path)
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return Problem("is not UTF-8 text; save the file in that encoding", file=path, line=line)
    try:
        data = tomllib.loads(text)
        return Document(path, data, _Scanner(text).scan())
    except RecursionError:
        return Problem("has brackets nested too deep", file=path)
    except ValueError as error:
        return _syntax_problem(path, text, str(error))


def _syntax_problem(path: Path, text: str, message: str) -> Problem:
    where = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    if where is None:
        return Problem(f"is not valid TOML: {message}", file=path)
    line, column = int(where[1] or text.count("\n") + 1), where[2]
    message = message[: where.start()]
    position = f" (column {column})" if column else " (at the end of the file)"
    hint = 'text is written in quotes: key = "text"' if message == "Invalid value" else None
    return Problem(f"is not valid TOML: {message}{position}", file=path, line=line, hint=hint)


class _Scanner:
    """Walk over valid TOML and note the line of each table, key and list item."""

    BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
    TEXT = re.compile(
        r'''"""(?:\\.|[^\\])*?"""(?:"{0,2})|"(?:\\.|[^"\\\n])*"''' + r"""|'''.*?'''(?:'{0,2})|'[^'\n]*'""",
        re.DOTALL,
    )
    PART = re.compile(rf"[ \t]*([A-Za-z0-9_-]+|{TEXT.pattern})[ \t]*", re.DOTALL)
    BARE = re.compile(r"[^,\]}\n#]*")

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.breaks = [match.start() for match in re.finditer("\n", text)]
        self.lines: dict[Location, int] = {}
        self.counts: dict[Location, int] = {}

    def scan(self) -> dict[Location, int]:
        table: Location = ()
        while self._blank():
            if self._opens("[["):
                table = self._array_of_tables()
            elif self._opens("["):
                table = self._table()
            else:
                self._pair(table)
        return self.lines

    def _table(self) -> Location:
        start, self.position = self.position, self.position + 1
        table = self._within(self._keys())
        self.position += 1
        return self._note(table, start)

    def _array_of_tables(self) -> Location:
        start, self.position = self.position, self.position + 2
        *parents, last = self._keys()
        self.position += 2
        array = (*self._within(parents), last)
        self._note(array, start)
        index = self.counts.get(array, 0)
        self.counts[array] = index + 1
        return self._note((*array, index), start)

    def _pair(self, table: Location) -> None:
        start = self.position
        for key in self._keys():
            table = self._note((*table, key), start)
        self.position += 1  # the equals sign
        self._value(table)

    def _value(self, path: Location) -> None:
        self._blank()
        if self._opens("["):
            self._items(path, "]")
        elif self._opens("{"):
            self._items(path, "}")
        else:
            self._take(self.TEXT) or self._take(self.BARE)

    def _items(self, path: Location, closing: str) -> None:
        self.position += 1
        index = 0
        while self._blank() and not self._opens(closing):
            if self._opens(","):
                self.position += 1
            elif closing == "}":
                self._pair(path)
            else:
                self._value(self._note((*path, index), self.position))
                index += 1
        self.position += 1

    def _keys(self) -> list[str]:
        keys = [self._key()]
        while self._opens("."):
            self.position += 1
            keys.append(self._key())
        return keys

    def _key(self) -> str:
        part = self._take(self.PART).strip(" \t")
        return next(iter(tomllib.loads(f"{part} = 0")))

    def _within(self, keys: list[str]) -> Location:
        """Turn the keys of a header into a path: below an array of tables they mean its latest entry."""
        path: Location = ()
        for key in keys:
            path = (*path, key)
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        return path

    def _note(self, path: Location, position: int) -> Location:
        self.lines.setdefault(path, bisect.bisect_left(self.breaks, position) + 1)
        return path

    def _blank(self) -> bool:
        """Skip blanks and comments; tell whether anything is left."""
        self._take(self.BLANK)
        return self.position < len(self.text)

    def _opens(self, token: str) -> bool:
        return self.text.startswith(token, self.position)

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.position)
        if match is None:
            return ""
        self.position = match.end()
        return match[0]
