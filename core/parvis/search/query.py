"""What people type, read into a small tree: words, phrases, what must not be there, and filters.

Nothing that is typed is an error: what cannot be read as a filter is words. Length and number of everything
are bounded here, and nothing nests, so that no engine is ever given more than a handful of conditions.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from parvis.cleaning import clean
from parvis.search.analysis import STOP_WORDS, normalised, stems, tag_key, words

MOST_CHARACTERS = 300
MOST_WORDS = 12
MOST_PHRASE = 8
MOST_WITHOUT = 6
MOST_FILTERS = 4

_PART = re.compile(r'(-?)(?:([^\W\d_]{1,12}):)?(?:["“”«»]([^"“”«»]*)(?:["“”«»]|$)|([^\s"“”«»]+))')
_KEYS = {
    "from": "authors", "de": "authors", "par": "authors",
    "in": "places", "dans": "places",
    "tag": "tags", "mot": "tags",
    "after": "after", "depuis": "after", "apres": "after", "après": "after",
    "before": "before", "avant": "before",
}  # fmt: skip
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?|(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(frozen=True)
class Term:
    """Something that is looked for: one folded word, or a phrase of several.

    `begins`: any word that begins so will do. `also`: one that is whole too, but whose beginning is enough.
    """

    words: tuple[str, ...]
    begins: bool = False
    also: bool = False

    @property
    def word(self) -> str:
        """The word, of one that is no phrase."""
        return self.words[0]

    @property
    def stems(self) -> tuple[str, ...]:
        """What the word is found under in either language; of a small word nothing: it stands in none."""
        return () if self.word in STOP_WORDS else stems(self.word)


@dataclass(frozen=True)
class Query:
    """What is looked for. Dates are moments in UTC: `after` is within, `before` is not."""

    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    authors: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    after: datetime | None = None
    before: datetime | None = None
    unread: tuple[str, ...] = field(default=(), compare=False)
    """Filters that could not be read, as they were typed: they are words instead."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is looked for."""
        return self == Query()

    @property
    def words(self) -> list[str]:
        """Every word that is looked for, in its order."""
        return [word for term in self.terms for word in term.words]


@dataclass
class _Reading:
    """What was read so far."""

    terms: list[Term] = field(default_factory=list)
    without: list[Term] = field(default_factory=list)
    filters: dict[str, list[str]] = field(default_factory=lambda: {"authors": [], "places": [], "tags": []})
    dates: dict[str, datetime] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)

    def filter(self, key: str, value: str) -> bool:
        """Take a filter; tell whether it could be read."""
        if key in ("after", "before"):
            moment = moment_of(value)
            if moment is not None:
                self.dates[key] = moment
            return moment is not None
        value = tag_key(value) if key == "tags" else value.strip().lstrip("@").lower()
        if value and value not in self.filters[key] and len(self.filters[key]) < MOST_FILTERS:
            self.filters[key].append(value)
        return bool(value)

    def add(self, text: str, *, negative: bool, phrase: bool) -> None:
        """Take words."""
        found = words(text)
        into, most = (self.without, MOST_WITHOUT) if negative else (self.terms, MOST_WORDS)
        if phrase and len(found) > 1:
            made = [Term(tuple(found[:MOST_PHRASE]))]
        else:
            last = len(found) - 1
            made = [Term((word,), begins=n == last and text.endswith("*")) for n, word in enumerate(found)]
        into += [term for term in made if term not in into]
        del into[most:]


def parse(typed: str, *, typing: bool = False) -> Query:
    """Read what somebody typed. `typing`: they may not have finished the last word."""
    text = normalised(clean(typed[: 4 * MOST_CHARACTERS]))[:MOST_CHARACTERS]
    reading = _Reading()
    for minus, name, quoted, plain in _PART.findall(text):
        value, key = quoted or plain, _KEYS.get(name.lower(), "")
        if key and not minus and reading.filter(key, value):
            continue
        if plain.startswith("#") and not minus and not name and reading.filter("tags", plain):
            continue
        said = f"{name} {value}" if name else value
        if key and not minus:
            reading.unread.append(f"{name}:{value}")
        reading.add(said, negative=bool(minus), phrase=bool(quoted) or bool(name))
    terms = _meaningful(reading.terms)
    if typing and terms and len(terms[-1].words) == 1 and not typed.endswith((" ", '"')):
        terms[-1] = Term(terms[-1].words, also=True)
    filters: dict[str, Any] = {name: tuple(values) for name, values in reading.filters.items()}
    filters |= {**reading.dates, "unread": tuple(reading.unread)}
    return Query(tuple(terms), tuple(reading.without), **filters)


def _meaningful(terms: list[Term]) -> list[Term]:
    """Leave out the small words, unless there are no others."""
    said = [term for term in terms if len(term.words) > 1 or term.word not in STOP_WORDS or term.begins]
    return said or terms


def moment_of(text: str) -> datetime | None:
    """Read a day, a month or a year (`2024-03-01`, `2024-03`, `2024`, `1/3/2024`) as the moment it begins."""
    found = _DAY.fullmatch(text.strip())
    if not found:
        return None
    year, month, day = (int(part or 1) for part in found.groups()[:3])
    if found[4]:
        day, month, year = (int(part) for part in found.groups()[3:])
    if not (year >= 1 and 1 <= month <= 12 and 1 <= day <= monthrange(max(year, 1), month)[1]):
        return None
    first = date(year, month, day)
    return datetime(first.year, first.month, first.day, tzinfo=UTC)
