"""Whoosh: pure Python, nothing to compile; for companies of some thousand people.

Only the words are asked of Whoosh. Who may read, who wrote, where and when are compared with columns of
numbers that are read once a segment, so that a member of 300 places costs as much as one of none.
Written to Whoosh 2.7.4's interface.
"""

import heapq
import threading
import time
from array import array
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from whoosh import query
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, NUMERIC, STORED, TEXT, Schema
from whoosh.filedb.filestore import FileStorage

from parvis.search.analysis import BEGINNING
from parvis.search.engine import STATE
from parvis.search.query import Term
from parvis.search.record import Found, Match, Plan, Record, errors_forgiven

SECONDS = 1.0
"""How long one question may take; what was found by then is the answer."""
MOST_BEGINNINGS = 30
NUMBERS = ("kind", "id", "audience", "author", "place", "at")
TEXTS = ("title", "body", "begin", "tags")
BOOSTS = {"title": 4.0, "body": 1.0, "exact": 0.5, "begin": 2.0, "tags": 3.0}
LOOK_AT_CLOCK = 256


class WhooshEngine:
    """An index of Whoosh. Its readers are shared by threads, one at a time."""

    def __init__(self, found: Any) -> None:
        self.index = found
        self.searcher = found.searcher()
        self._lock = threading.Lock()
        self._columns: dict[str, dict[str, Any]] = {}

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
        writer = self.index.writer(limitmb=16)
        try:
            old = [*gone, *(record.key for record in records if not fresh), STATE]
            if self.searcher.doc_count_all():
                for key in old:
                    writer.delete_by_term("key", key)
            for record in records:
                writer.add_document(**vars(record))
            writer.add_document(key=STATE, state=state, kind=-1, **dict.fromkeys(NUMBERS[1:], 0))
        except BaseException:
            writer.cancel()
            raise
        writer.commit()
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
            return _Search(self.searcher, plan, self._columns_of).run()

    def _columns_of(self, searcher: Any) -> dict[str, Any]:
        """Return the numbers of a segment, as arrays: read once in its life."""
        reader = searcher.reader()
        name = reader.segment().segment_id() if reader.segment() else ""
        if name not in self._columns:
            leaves = (leaf.segment() for leaf, _offset in self.searcher.reader().leaf_readers())
            alive = {segment.segment_id() for segment in leaves if segment}
            self._columns = {key: kept for key, kept in self._columns.items() if key in alive}
            self._columns[name] = {
                field: array("q", (int(reader_[number]) for number in range(reader.doc_count_all())))
                for field in NUMBERS
                for reader_ in (reader.column_reader(field, translate=True),)
            }
        return self._columns[name]


class _Search:
    """One question, put to each segment."""

    def __init__(self, searcher: Any, plan: Plan, columns: Callable[[Any], dict[str, Any]]) -> None:
        self.searcher, self.plan, self.columns = searcher, plan, columns
        self.until = time.monotonic() + SECONDS
        self.counts: Counter[int] = Counter()
        self.best: list[tuple[float, int, int]] = []
        self.cut = False

    def run(self) -> Found:
        """Return the page that was asked for, and how many there are of each kind."""
        wanted = self._query()
        for searcher, _offset in self.searcher.leaf_searchers():
            self._take(searcher, wanted)
        page = heapq.nlargest(self.plan.offset + self.plan.limit, self.best)[self.plan.offset :]
        return Found(tuple((kind, id) for _rank, id, kind in page), dict(self.counts), self.cut)

    def _take(self, searcher: Any, wanted: Any) -> None:
        if not searcher.doc_count_all():
            return
        columns = self.columns(searcher)
        allows, kinds, ids, moments = self._filter(columns), columns["kind"], columns["id"], columns["at"]
        plan, most = self.plan, self.plan.offset + self.plan.limit
        for number, score in self._matches(searcher, wanted):
            if not allows(number):
                continue
            kind = kinds[number]
            self.counts[kind] += 1
            if plan.kinds is not None and kind not in plan.kinds:
                continue
            hit = (moments[number] if plan.newest else score(), ids[number], kind)
            if len(self.best) < most:
                heapq.heappush(self.best, hit)
            elif hit > self.best[0]:
                heapq.heapreplace(self.best, hit)

    def _matches(self, searcher: Any, wanted: Any) -> Iterator[tuple[int, Callable[[], float]]]:
        matcher, seen = wanted.matcher(searcher), 0
        while matcher.is_active():
            yield matcher.id(), matcher.score
            seen += 1
            if seen % LOOK_AT_CLOCK == 0 and time.monotonic() > self.until:
                self.cut = True
                return
            matcher.next()

    def _filter(self, columns: dict[str, Any]) -> Callable[[int], bool]:
        plan = self.plan
        audiences, known = {0, *plan.audiences}, plan.known
        kinds, audience = columns["kind"], columns["audience"]
        more: list[tuple[Any, Any]] = [
            (columns[name[:-1]], getattr(plan, name))
            for name in ("authors", "places")
            if getattr(plan, name) is not None
        ]
        moments, after, before = columns["at"], plan.after, plan.before

        def allows(number: int) -> bool:
            if audience[number] not in audiences or kinds[number] not in known:
                return False
            if after is not None and moments[number] < after:
                return False
            if before is not None and moments[number] >= before:
                return False
            return all(column[number] in wanted for column, wanted in more)

        return allows

    def _query(self) -> Any:
        plan = self.plan
        terms = [self._close(term) if plan.match == Match.FUZZY else self._as_is(term) for term in plan.terms]
        tags = [self._term("tags", tag) for tag in plan.tags]
        if plan.match == Match.SOME and terms:
            terms = [query.Or(terms)]
        wanted = query.And([*terms, *tags]) if terms or tags else query.Every()
        if plan.without:
            wanted = query.AndNot(wanted, query.Or([self._as_is(term) for term in plan.without]))
        return wanted

    def _as_is(self, term: Term) -> Any:
        if len(term.words) > 1:
            return query.Phrase("exact", list(term.words), boost=2.0)
        if term.begins:
            return query.Or(self._beginning(term.word))
        return query.Or([*self._forms(term), *(self._beginning(term.word)[:1] if term.also else ())])

    def _forms(self, term: Term) -> list[Any]:
        return [
            self._term("exact", term.word),
            *(self._term(field, stem) for field in ("title", "body") for stem in term.stems),
        ]

    def _beginning(self, word: str) -> list[Any]:
        longer = islice(self.searcher.reader().expand_prefix("exact", word), MOST_BEGINNINGS)
        return [
            self._term("begin", word[:BEGINNING]),
            *(self._term("exact", found.decode() if isinstance(found, bytes) else found) for found in longer),
        ]

    def _close(self, term: Term) -> Any:
        distance = errors_forgiven(term.word) if len(term.words) == 1 else 0
        if not distance:
            return self._as_is(term)
        right = (
            distance - 1
        )  # of two errors none may be in the first letter: looking for those takes ten times as long
        fuzzy = query.FuzzyTerm("exact", term.word, maxdist=distance, prefixlength=right, boost=0.3)
        return query.Or([*self._forms(term), fuzzy])

    def _term(self, field: str, word: str) -> Any:
        return query.Term(field, word, boost=BOOSTS[field])


def _schema() -> Any:
    words = SpaceSeparatedTokenizer()
    numbers = {name: NUMERIC(int, bits=64, signed=True, sortable=True, default=0) for name in NUMBERS}
    texts = {name: TEXT(analyzer=words, phrase=False) for name in TEXTS}
    exact = TEXT(analyzer=words, phrase=True)
    return Schema(key=ID(unique=True), state=STORED, exact=exact, **numbers, **texts)
