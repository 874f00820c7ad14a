"""Tantivy: a library in Rust, for companies of any size."""

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Occur, Query

from parvis.search.engine import STATE
from parvis.search.query import Term
from parvis.search.record import (
    BOOSTS,
    FORGIVEN,
    MOST_BEGINNINGS,
    NOBODY,
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

WORDS = "words"
HEAP = 32 * 1024 * 1024
CLOSED = -1
"""The audience that closed documents have besides their place: to leave them out takes half the time that it
takes to look for the open ones, which are many more."""


class TantivyEngine:
    """An index of Tantivy."""

    def __init__(self, index: Any) -> None:
        self.index = index
        self.index.config_reader("manual")
        self.schema = index.schema
        self.searcher = index.searcher()

    @classmethod
    def create(cls, folder: Path) -> "TantivyEngine":
        """Make an empty index."""
        return cls._of(tantivy.Index(_schema(), str(folder)))

    @classmethod
    def open(cls, folder: Path) -> "TantivyEngine":
        """Open an index."""
        return cls._of(tantivy.Index.open(str(folder)))

    @classmethod
    def _of(cls, index: Any) -> "TantivyEngine":
        index.register_tokenizer(WORDS, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        return cls(index)

    @classmethod
    def version(cls, folder: Path) -> Hashable:
        """Return when the list of segments was last written."""
        facts = (folder / "meta.json").stat()
        return facts.st_mtime_ns, facts.st_ino

    @classmethod
    def is_fixed(cls, name: str) -> bool:
        """Segments are; the lists of them and locks are not."""
        return not name.startswith(".") and name != "meta.json"

    def close(self) -> None:
        """Nothing is held that is not let go with this object."""

    def write(
        self, gone: Sequence[str], records: Sequence[Record], state: str, *, fresh: bool = False
    ) -> None:
        """Commit one batch."""
        writer = self.index.writer(HEAP, 1)
        try:
            for key in [*gone, *(record.key for record in records if not fresh), STATE]:
                writer.delete_documents_by_term("key", key)
            for record in records:
                writer.add_document(_document(record))
            kept = tantivy.Document()
            kept.add_text("key", STATE)
            kept.add_text("state", state)
            kept.add_integer("kind", -1)
            writer.add_document(kept)
            writer.commit()
        finally:
            writer.wait_merging_threads()
        self.look_again()

    def look_again(self) -> None:
        """Read the newest list of segments."""
        self.index.reload()
        self.searcher = self.index.searcher()

    def state(self) -> str:
        """Return what the last commit kept."""
        query = Query.term_query(self.schema, "key", STATE)
        found = self.searcher.search(query, 1).hits
        return str(self.searcher.doc(found[0][1]).get_first("state")) if found else ""

    def search(self, plan: Plan) -> Found:
        """Answer a question."""
        query = Query.boolean_query(self._conditions(plan))
        counting = {"kinds": {"terms": {"field": "kind", "size": 100}}}
        buckets = self.searcher.aggregate(query, counting)["kinds"]["buckets"] if plan.counted else ()
        counts = {int(each["key"]): int(each["doc_count"]) for each in buckets}
        if plan.kinds is not None:
            query = Query.boolean_query(
                [(Occur.Must, query), (Occur.Must, _any_of(self.schema, "kind", plan.kinds))]
            )
        order = {"order_by_field": "at"} if plan.newest else {}
        page = self.searcher.search(query, plan.limit, count=False, offset=plan.offset, **order).hits
        kinds, ids = (
            map(int, self.searcher.fast_field_values(name, [address for _score, address in page]))
            for name in ("kind", "id")
        )
        return Found(
            tuple((kind, id) for kind, id in zip(kinds, ids, strict=True) if kind in plan.known),
            {kind: count for kind, count in counts.items() if kind in plan.known},
        )

    def _conditions(self, plan: Plan) -> list[tuple[Any, Any]]:
        mine = _any_of(self.schema, "audience", plan.audiences)
        closed = Query.term_query(self.schema, "audience", CLOSED)
        found = [(Occur.MustNot, Query.boolean_query([(Occur.Must, closed), (Occur.MustNot, mine)]))]
        for name in ("authors", "places"):
            if (wanted := getattr(plan, name)) is not None:
                found.append((Occur.Must, _any_of(self.schema, name[:-1], wanted)))
        if plan.after is not None or plan.before is not None:
            until = None if plan.before is None else plan.before - 1
            within = Query.range_query(self.schema, "at", tantivy.FieldType.Integer, plan.after, until)
            found.append((Occur.Must, Query.const_score_query(within, 0.0)))
        found += [(Occur.Must, self._term("tags", tag)) for tag in plan.tags]
        found += [(Occur.MustNot, self._as_is(term)) for term in plan.without]
        terms = [self._close(term) if plan.match == Match.FUZZY else self._as_is(term) for term in plan.terms]
        if plan.match == Match.SOME and terms:
            terms = [_either(terms)]
        found += [(Occur.Must, term) for term in terms]
        if {Occur.MustNot} == {
            occur for occur, _query in found
        }:  # alone, what must not be there finds nothing
            found.append((Occur.Must, _any_of(self.schema, "kind", plan.known)))
        return found

    def _as_is(self, term: Term) -> Any:
        if len(term.words) > 1:
            return Query.boost_query(Query.phrase_query(self.schema, "exact", list(term.words)), PHRASE)
        return _either([self._term(*form) for form in forms(term, self._longer)])

    def _longer(self, word: str) -> list[str]:
        return [
            found for found, _count in self.searcher.terms_with_prefix("exact", word, limit=MOST_BEGINNINGS)
        ]

    def _close(self, term: Term) -> Any:
        distance = errors_forgiven(term.word) if len(term.words) == 1 else 0
        if not distance:
            return self._as_is(term)
        fuzzy = Query.fuzzy_term_query(self.schema, "exact", term.word, distance)
        return _either([self._as_is(term), Query.boost_query(fuzzy, FORGIVEN)])

    def _term(self, field: str, word: str) -> Any:
        return Query.boost_query(
            Query.term_query(self.schema, field, word, index_option="freq" if field in TEXTS else "position"),
            BOOSTS[field],
        )


def _either(queries: Sequence[Any]) -> Any:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _any_of(schema: Any, field: str, values: Any) -> Any:
    """Return one condition, however many values there are."""
    found = Query.term_set_query(schema, field, sorted(values)) if values else Query.empty_query()
    return Query.const_score_query(found, 0.0)


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("state", stored=True, tokenizer_name="raw", index_option="basic")
    for name in NUMBERS:
        builder.add_integer_field(name, indexed=True, fast=True)
    for name in TEXTS:
        builder.add_text_field(name, tokenizer_name=WORDS, index_option="freq")
    builder.add_text_field("exact", tokenizer_name=WORDS, index_option="position")
    return builder.build()


def _document(record: Record) -> Any:
    made = tantivy.Document()
    made.add_text("key", record.key)
    for name in NUMBERS:
        made.add_integer(name, getattr(record, name))
    if record.audience != NOBODY:
        made.add_integer("audience", CLOSED)
    for name in (*TEXTS, "exact"):
        made.add_text(name, getattr(record, name))
    return made
