"""Whoosh: pure Python, nothing to compile; for companies of some thousand people.

Whoosh says what one word finds in a segment, which is kept; what several find is put together here: its
trees of matchers take five times as long. Who may read, who wrote, where and when are compared with columns
of numbers that are read once a segment, so that a member of 300 places costs as much as one of none.
Written to Whoosh 2.7.4's interface.
"""

import heapq
import threading
import time
from array import array
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from whoosh import query
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, NUMERIC, STORED, TEXT, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.support.levenshtein import distance

from parvis.search.engine import STATE
from parvis.search.query import Term
from parvis.search.record import (
    BOOSTS,
    FORGIVEN,
    MOST_BEGINNINGS,
    NUMBERS,
    PHRASE,
    TEXTS,
    Found,
    Match,
    Plan,
    Record,
    errors_forgiven,
    forms,
)

SECONDS = 1.0
"""How long one question may take; what was found by then is the answer."""
KEPT = 150_000
"""So many documents that words were found in are kept of a segment, some 15 MB."""
Scores = dict[int, float]
Segment = tuple[dict[str, "array[int]"], dict[Any, Scores]]
"""What is known of a segment, read once in its life: numbers of all documents, and what words find."""


class WhooshEngine:
    """An index of Whoosh. Its readers are shared by threads, one at a time."""

    def __init__(self, found: Any) -> None:
        self.index = found
        self.searcher = found.searcher()
        self._lock = threading.Lock()
        self._segments: dict[str, Segment] = {}

    @classmethod
    def create(cls, folder: Path) -> "WhooshEngine":
        """Make an empty index."""
        return cls(FileStorage(str(folder)).create_index(_schema()))

    @classmethod
    def open(cls, folder: Path) -> "WhooshEngine":
        """Open an index."""
        return cls(FileStorage(str(folder)).open_index())

    @classmethod
    def version(cls, folder: Path) -> Hashable:
        """Return the names of the lists of segments: each commit writes one of its own."""
        return tuple(sorted(path.name for path in folder.glob("_*.toc")))

    @classmethod
    def is_fixed(cls, name: str) -> bool:
        """Segments are; the lists of them and locks are not."""
        return name.endswith(".seg")

    def close(self) -> None:
        """Close what the searcher reads."""
        with self._lock:
            self.searcher.close()
            self.index.close()

    def write(
        self, gone: Sequence[str], records: Sequence[Record], state: str, *, fresh: bool = False
    ) -> None:
        """Commit one batch."""
        old = [*gone, *(record.key for record in records if not fresh), STATE]
        with self.index.writer(limitmb=16) as writer:
            for key in old if self.searcher.doc_count_all() else ():
                writer.delete_by_term("key", key)
            for record in records:
                writer.add_document(**vars(record))
            writer.add_document(key=STATE, state=state, kind=-1, **dict.fromkeys(NUMBERS[1:], 0))
        self.look_again()

    def look_again(self) -> None:
        """Read the newest list of segments; what is known of old ones stays."""
        with self._lock:
            self.searcher.close()
            self.searcher = self.index.searcher()

    def state(self) -> str:
        """Return what the last commit kept."""
        with self._lock:
            found = self.searcher.document(key=STATE)
            return str(found["state"]) if found else ""

    def search(self, plan: Plan) -> Found:
        """Answer a question."""
        with self._lock:
            return _Search(self.searcher, plan, self._segment).run()

    def _segment(self, searcher: Any) -> Segment:
        """Return what is known of a segment; what is known of those that are gone is forgotten."""
        reader = searcher.reader()
        name = reader.segment().segment_id() if reader.segment() else ""
        if name not in self._segments:
            leaves = (leaf.segment() for leaf, _offset in self.searcher.reader().leaf_readers())
            alive = {segment.segment_id() for segment in leaves if segment}
            self._segments = {key: kept for key, kept in self._segments.items() if key in alive}
            columns = {key: reader.column_reader(key, translate=True) for key in NUMBERS}
            every = range(reader.doc_count_all())
            numbers = {key: array("q", (int(column[n]) for n in every)) for key, column in columns.items()}
            self._segments[name] = numbers, {}
        return self._segments[name]


class _Search:
    """One question, put to each segment."""

    def __init__(self, searcher: Any, plan: Plan, segment_of: Callable[[Any], Segment]) -> None:
        self.searcher, self.plan, self.segment_of = searcher, plan, segment_of
        self.until = time.monotonic() + SECONDS
        self.counts: Counter[int] = Counter()
        self.hits: list[tuple[float, int, int]] = []
        self.cut = False

    def run(self) -> Found:
        """Return the page that was asked for, and how many there are of each kind."""
        plan = self.plan
        close = self._close if plan.match == Match.FUZZY else self._as_is
        wanted = [close(term) for term in plan.terms]
        if plan.match == Match.SOME and wanted:
            wanted = [[each for any_of in wanted for each in any_of]]
        wanted += [[query.Term("tags", tag, boost=BOOSTS["tags"])] for tag in plan.tags]
        without = [each for term in plan.without for each in self._as_is(term)]
        for searcher, _offset in self.searcher.leaf_searchers():
            if searcher.doc_count_all():
                self._take(searcher, wanted or [[query.Every()]], without)
        page = heapq.nlargest(plan.offset + plan.limit, self.hits)[plan.offset :]
        return Found(tuple((kind, id) for _rank, id, kind in page), dict(self.counts), self.cut)

    def _take(self, searcher: Any, wanted: Sequence[Sequence[Any]], without: Sequence[Any]) -> None:
        segment, plan = self.segment_of(searcher), self.plan
        kinds, ids, moments = (segment[0][name] for name in ("kind", "id", "at"))
        found = _in_all([self._any(searcher, segment, any_of) for any_of in wanted])
        gone = self._any(searcher, segment, without)
        for number in self._allowed(searcher, segment, found.keys() - gone.keys() if gone else found):
            self.counts[kinds[number]] += 1
            if plan.kinds is None or kinds[number] in plan.kinds:
                rank = moments[number] if plan.newest else found[number]
                self.hits.append((rank, ids[number], kinds[number]))

    def _any(self, searcher: Any, segment: Segment, any_of: Sequence[Any]) -> Scores:
        """Return what has any of some words or phrases."""
        found: Scores = {}
        for each in any_of:
            for number, score in self._one(searcher, segment, each).items():
                found[number] = found.get(number, 0.0) + score
        return found

    def _one(self, searcher: Any, segment: Segment, wanted: Any) -> Scores:
        """Return what has one word or phrase; what time cut short is not kept."""
        kept = segment[1]
        if wanted in kept:
            return kept[wanted]
        matcher, found = wanted.matcher(searcher), Scores()
        while matcher.is_active() and not self.cut:
            found[matcher.id()] = matcher.score()
            self.cut = len(found) % 256 == 0 and time.monotonic() > self.until
            matcher.next()
        if not self.cut:
            kept[wanted] = found
            while sum(map(len, kept.values())) > KEPT:
                del kept[next(iter(kept))]
        return found

    def _allowed(self, searcher: Any, segment: Segment, found: Iterable[int]) -> Iterator[int]:
        """Yield what may be found, of what has the words."""
        plan, audiences = self.plan, {0, *self.plan.audiences}
        kinds, audience, moments = (segment[0][name] for name in ("kind", "audience", "at"))
        filters = [(segment[0][name[:-1]], getattr(plan, name)) for name in ("authors", "places")]
        more: list[tuple[Any, Any]] = [each for each in filters if each[1] is not None]
        reader = searcher.reader() if searcher.reader().has_deletions() else None
        for number in found:
            if (
                audience[number] in audiences
                and kinds[number] in plan.known
                and (plan.after is None or moments[number] >= plan.after)
                and (plan.before is None or moments[number] < plan.before)
                and (reader is None or not reader.is_deleted(number))
                and all(column[number] in wanted for column, wanted in more)
            ):
                yield number

    def _as_is(self, term: Term) -> list[Any]:
        if len(term.words) > 1:
            return [query.Phrase("exact", list(term.words), boost=PHRASE)]
        return [query.Term(*form, boost=BOOSTS[form[0]]) for form in forms(term, self._longer)]

    def _longer(self, word: str) -> list[str]:
        return [
            found.decode() if isinstance(found, bytes) else found
            for found in islice(self.searcher.reader().expand_prefix("exact", word), MOST_BEGINNINGS)
        ]

    def _close(self, term: Term) -> list[Any]:
        """Forgive errors: letters too many, missing, wrong, or two changed for each other."""
        word, errors = term.word, errors_forgiven(term.word) if len(term.words) == 1 else 0
        near = (each for each in _words_of(self.searcher) if errors and _is_near(each, word, errors))
        return [*self._as_is(term), *(query.Term("exact", each, boost=FORGIVEN) for each in near)]


@lru_cache(maxsize=2)
def _words_of(searcher: Any) -> Sequence[str]:
    return [word.decode() for word in searcher.reader().lexicon("exact")]


def _is_near(one: str, other: str, errors: int) -> bool:
    """Tell whether words are as alike as that; what is quickly told comes first."""
    return (
        abs(len(one) - len(other)) <= errors
        and len(set(one).symmetric_difference(other)) <= 2 * errors
        and distance(one, other, limit=errors) <= errors
    )


def _in_all(each: Sequence[Scores]) -> Scores:
    """Return what is in all of some, with all that it is worth."""
    least, *others = sorted(each, key=len)
    return {
        number: score + sum(other[number] for other in others)
        for number, score in least.items()
        if all(number in other for other in others)
    }


def _schema() -> Schema:
    words = SpaceSeparatedTokenizer()
    numbers = {name: NUMERIC(int, bits=64, signed=True, sortable=True, default=0) for name in NUMBERS}
    texts = {name: TEXT(analyzer=words, phrase=False) for name in TEXTS}
    exact = TEXT(analyzer=words, phrase=True)
    return Schema(key=ID(unique=True), state=STORED, exact=exact, **numbers, **texts)
