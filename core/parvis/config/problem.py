"""What can be wrong with a configuration, said to the person who wrote it."""

import difflib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

Location = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One fault: where it is, what is wrong in plain words, and what was perhaps meant."""

    message: str
    file: Path | None = None
    line: int | None = None
    key: str | None = None
    hint: str | None = None

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.file and self.line else self.file
        text = ": ".join(str(part) for part in (where, self.key, self.message) if part)
        return f"{text} ({self.hint})" if self.hint else text


class ConfigError(Exception):
    """Carry every problem of a configuration at once, so that it takes one correction and not ten."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def did_you_mean(word: object, choices: Iterable[str]) -> str | None:
    """Suggest the choice that a misspelt word resembles, if any does."""
    if not isinstance(word, str):
        return None
    by_fold = {choice.casefold(): choice for choice in choices}
    close = difflib.get_close_matches(word.casefold()[:100], by_fold, n=1, cutoff=0.6)
    return f"did you mean “{by_fold[close[0]]}”?" if close else None


def key_name(location: Location) -> str:
    """Write a location as people do: `directory.servers#2.url`, counting list items from one."""
    parts = (f"#{part + 1}" if isinstance(part, int) else f".{_quoted(part)}" for part in location)
    return "".join(parts).removeprefix(".")


def _quoted(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key)
