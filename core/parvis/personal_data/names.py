"""Under what somebody is named in texts, and what stands there once they are forgotten."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, MetaData, Table, Text, cast, or_, select
from sqlalchemy.types import JSON, String

from parvis.db import db
from parvis.directory.models import NAMELESS, Person
from parvis.text import fold, tokens

FLAGS = re.IGNORECASE | re.DOTALL
END = r"(?![\w@-]|\.\w)"


class Names:
    """The names of one person as others write them, taken down before the person has none any more.

    A full name is taken out where it has two words at least and nobody else in the company bears it: `Rose`
    and another `Anne Martin` stay. `label` and `handle` are what stands for it in words and in addresses.
    """

    def __init__(self, person: Person, *, label: str, handle: str) -> None:
        said = re.escape(person.handle)
        out = [
            (rf'<a [^>]*href="/people/{said}(?:[/?#][^"]*)?"[^>]*>(.*?)</a>', r"\1"),
            (rf"(?<![\w@])@{said}{END}", label),
            (rf"/people/{said}{END}", f"/people/{handle}"),
            *((re.escape(value), label) for value in (person.mail, person.dn) if value),
        ]
        self.near = {person.handle, *filter(None, (person.mail, person.dn))}
        full = _orders(person)
        whole = [rf"(?<!\w){_spelled(words)}(?!\w)" for words in full]
        if full and not _has_namesake(person):
            slug = "-".join(tokens(person.display_name))
            out += [
                *((pattern, label) for pattern in whole),
                (rf"(?<![^\W_]){slug}(?![^\W_])", handle.replace(".", "-")),
            ]
            self.near.add(slug)
        if full:
            self.near |= _forms(max(full[0], key=len))
        alone = [value for value in (person.handle, person.username, person.phone, person.mobile) if value]
        left = [pattern for pattern, _new in out] + whole + [rf"\A{re.escape(value)}\Z" for value in alone]
        self.near |= set(alone)
        self._out = [(re.compile(pattern, FLAGS), new) for pattern, new in out]
        self._left = re.compile("|".join(f"(?:{pattern})" for pattern in left), FLAGS)

    def without(self, value: Any) -> Any:
        """Return a text, or the texts in a list or mapping, without the names."""
        if isinstance(value, str):
            for pattern, new in self._out:
                value = pattern.sub(new, value)
        elif isinstance(value, list):
            return [self.without(each) for each in value]
        elif isinstance(value, dict):
            return {key: self.without(each) for key, each in value.items()}
        return value

    def are_in(self, value: Any) -> bool:
        """Tell whether a text, or one of the texts in a list or mapping, names the person."""
        if isinstance(value, list | dict):
            return any(map(self.are_in, value.values() if isinstance(value, dict) else value))
        return isinstance(value, str) and self._left.search(value) is not None

    def may_be_in(self, columns: Sequence[Column[Any]]) -> ColumnElement[bool]:
        """Return the condition that one of some columns has something alike, in text or in JSON."""
        looks = {form for word in self.near for form in (word, json.dumps(word)[1:-1])}
        return or_(
            *(cast(c, Text).icontains(look, autoescape=True) for c in columns for look in sorted(looks))
        )


def text_columns() -> Iterator[tuple[Table, list[Column[Any]]]]:
    """Yield every table of the database, whosever it is, with its columns that hold words."""
    metadata = MetaData()
    metadata.reflect(db.session.connection())
    for table in metadata.sorted_tables:
        if columns := [column for column in table.columns if isinstance(column.type, String | JSON)]:
            yield table, columns


def _orders(person: Person) -> list[list[str]]:
    """Return the full name's words, in the orders people write them; none of who has no name any more."""
    if person.directory_key is None and person.sort_name == NAMELESS:
        return []
    turned = f"{person.family_name} {person.given_name}"
    orders = [name.split() for name in (person.display_name, turned, fold(person.display_name))]
    return [words for words in orders if len(words) > 1]


def _spelled(words: Sequence[str]) -> str:
    return r"\s+".join(re.escape(word).replace("'", "(?:'|’|&#39;)") for word in words)


def _forms(word: str) -> set[str]:
    """Return a word in the cases that a database may not take for the same."""
    return {word, word.lower(), word.upper(), fold(word)}


def _has_namesake(person: Person) -> bool:
    other = (Person.id != person.id, Person.display_name == person.display_name)
    return db.session.scalar(select(Person.id).where(*other).limit(1)) is not None
