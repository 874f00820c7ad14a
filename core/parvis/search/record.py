"""What an engine keeps of a document, and what it is asked: numbers, and words parted by spaces."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zlib import crc32

from parvis.contribution import SearchDocument
from parvis.search.analysis import BEGINNING, BORDER, beginnings, language_of, stemmed, tag_key, words
from parvis.search.query import Term

NUMBERS = ("kind", "id", "audience", "author", "place", "at")
TEXTS = ("title", "body", "topics", "begin", "tags")
BOOSTS = {"title": 4.0, "topics": 3.0, "body": 1.0, "exact": 0.5, "begin": 2.0, "tags": 3.0}
"""How much a word counts, by where it stands."""
PHRASE, FORGIVEN = 2.0, 0.3
"""How much a phrase counts, and a word that is like another."""
MOST_BEGINNINGS = 30
"""With how many words in full the beginning of one is looked for."""
NOBODY = 0
"""No author, no place; as an audience, everybody."""


def code_of(kind: str) -> int:
    """Return the number that a kind of documents is kept by."""
    return crc32(kind.encode()) & 0x7FFFFFFF


def number_of(moment: datetime | None) -> int:
    """Return a moment as it is kept, in microseconds since 1970; 0 if there is none."""
    return int(moment.timestamp() * 1_000_000) if moment else 0


def key_of(kind: str, id: int) -> str:
    """Return what a document is replaced by."""
    return f"{kind}:{id}"


@dataclass(frozen=True)
class Record:
    """A document as an engine keeps it. `at` is as `number_of` says; `begin` has the beginnings of the
    title's words; `exact` all words in their order, as they are; `topics` those of tags, too.
    """

    key: str
    kind: int
    id: int
    audience: int
    author: int
    place: int
    at: int
    title: str
    body: str
    topics: str
    exact: str
    begin: str
    tags: str


def record_of(kind: str, document: SearchDocument) -> Record:
    """Analyse a document."""
    title = words(document.title)
    body, topics = words(document.body), words(f"{document.topics} {' '.join(document.tags)}")
    language = document.language or language_of([*title, *body])
    return Record(
        key=key_of(kind, document.id),
        kind=code_of(kind),
        id=document.id,
        audience=document.audience or NOBODY,
        author=document.author or NOBODY,
        place=document.place or NOBODY,
        at=number_of(document.at),
        title=stemmed(title, language),
        body=stemmed(body, language),
        topics=stemmed(topics, None),
        exact=" ".join([*title, BORDER, *body, BORDER, *topics]),
        begin=beginnings(title),
        tags=" ".join(filter(None, map(tag_key, document.tags))),
    )


class Match(StrEnum):
    """How closely: every word as it is; every word, typing errors forgiven; some of the words."""

    ALL = "all"
    FUZZY = "fuzzy"
    SOME = "some"


@dataclass(frozen=True)
class Plan:
    """One question to an engine. `audiences`: the places whose members' contents are read, beside what
    everybody reads. Of `authors`, `places` and `kinds` None is any; `kinds` narrows the hits, not the counts.
    """

    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    tags: tuple[str, ...] = ()
    known: frozenset[int] = frozenset()
    """The kinds that there are today."""
    kinds: frozenset[int] | None = None
    audiences: frozenset[int] = frozenset()
    authors: frozenset[int] | None = None
    places: frozenset[int] | None = None
    after: int | None = None
    before: int | None = None
    newest: bool = False
    match: Match = Match.ALL
    offset: int = 0
    limit: int = 20
    counted: bool = True
    """Whether anybody wants to know how many there are: it takes as long again."""


@dataclass(frozen=True)
class Found:
    """What an engine answers: (kind, id) of one page, the best first; how many of each kind there are.

    `cut`: time ran out, so that there may be more.
    """

    hits: tuple[tuple[int, int], ...] = ()
    counts: Mapping[int, int] = field(default_factory=dict)
    cut: bool = False


def errors_forgiven(word: str) -> int:
    """Return how many wrong letters are forgiven in a word."""
    if len(word) < 4 or not word.isalpha():
        return 0
    return 1 if len(word) < 7 else 2


def forms(term: Term, longer: Callable[[str], Iterable[str]]) -> list[tuple[str, str]]:
    """Return as what one word is looked for, and where: any of these fields and words will do.

    Args:
        longer: gives words of `exact` that begin so, at most `MOST_BEGINNINGS`.
    """
    beginning = ("begin", term.word[:BEGINNING])
    if term.begins:
        return [beginning, *(("exact", word) for word in longer(term.word))]
    stems = [(field, stem) for field in ("title", "topics", "body") for stem in term.stems]
    return [("exact", term.word), *stems, *([beginning] if term.also else [])]
