"""Finding for somebody: what they typed, asked of the index, and shown as far as they may see it.

The index answers with ids, filtered by who may read them when it was last written. What is shown is loaded
now, by the owners of each kind, for the viewer: what they may no longer see does not show.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from markupsafe import Markup
from sqlalchemy import select

from parvis.contribution import SearchHit, SearchSource
from parvis.db import db
from parvis.directory.models import Person
from parvis.search.excerpt import Marks, excerpt, marked
from parvis.search.folder import IndexAway
from parvis.search.query import Query, Term, parse
from parvis.search.reader import index_reader
from parvis.search.record import Found, Match, Plan, number_of
from parvis.search.source import ask, kinds_of, sources

if TYPE_CHECKING:  # only named here: who signs in is above this layer
    from parvis.identity.models import Member

PAGE = 20
MOST_PAGES = 25
CATEGORIES = ("people", "groups", "contents")
FEW = 3
"""Where fewer are found, typing errors are forgiven."""
ME = ("me", "moi")


@dataclass(frozen=True)
class Result:
    """One thing that was found, as it is shown."""

    source: SearchSource
    hit: SearchHit
    title: Markup
    excerpt: Markup


@dataclass(frozen=True)
class Results:
    """One page of what was found. `counts` by category, `kinds` by the name of the kind.

    `away`: there is no index, and people are found by name alone. `cut`: it took too long; there may be more.
    """

    query: Query = field(default_factory=Query)
    results: Sequence[Result] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)
    match: Match = Match.ALL
    page: int = 1
    more: bool = False
    cut: bool = False
    away: bool = False
    nobody: Sequence[str] = ()
    nowhere: Sequence[str] = ()
    """Names of people and of places, where there is none that is called so, as far as the viewer may know."""

    @property
    def total(self) -> int:
        """How many there are of all categories."""
        return sum(self.counts.values())


def find(
    viewer: "Member",
    typed: str,
    *,
    category: str = "",
    kind: str = "",
    newest: bool = False,
    page: int = 1,
) -> Results:
    """Find what somebody typed, a page at a time.

    Args:
        category: one of `CATEGORIES`; empty: all.
        kind: the name of one kind.
        newest: the newest first, instead of what fits best.
        page: from 1 to `MOST_PAGES`.
    """
    query = parse(typed)
    if query.is_empty:
        return Results(query)
    page = min(max(page, 1), MOST_PAGES)
    plan = replace(
        _plan(query, viewer),
        kinds=_kinds(category, kind),
        newest=newest,
        offset=(page - 1) * PAGE,
        limit=PAGE + 1,
    )
    try:
        match, found = _search(plan)
    except IndexAway:
        return replace(_without_index(viewer, typed, query), page=1)
    shown = _shown(found.hits[:PAGE], viewer, Marks.of(query))
    counts = {name: sum(found.counts.get(code, 0) for code in kinds_of(name)) for name in CATEGORIES}
    return Results(
        query, shown, counts,
        {owned.value.name: found.counts.get(code, 0) for code, owned in sources().items()},
        match, page, len(found.hits) > PAGE and page < MOST_PAGES, found.cut,
        nobody=query.authors if plan.authors == frozenset() else (),
        nowhere=query.places if plan.places == frozenset() else (),
    )  # fmt: skip


def suggest(viewer: "Member", typed: str, *, most: Mapping[str, int]) -> Results:
    """Find while somebody types: people, groups and contents, so many of each at most."""
    query = parse(typed, typing=True)
    if query.is_empty:
        return Results(query)
    plan, marks = _plan(query, viewer), Marks.of(query)
    try:
        for match in (Match.ALL, Match.FUZZY):
            hits: list[tuple[int, int]] = []
            for category, number in most.items():
                kinds = kinds_of(category)
                if kinds:
                    asked = replace(plan, kinds=kinds, limit=number, match=match, counted=False)
                    hits += index_reader().search(asked).hits
            if hits:
                # while typing, what says it elsewhere than in its name comes later
                shown = sorted(_shown(hits, viewer, marks), key=lambda each: "<mark>" not in each.title)
                return Results(query, shown, match=match)
    except IndexAway:
        return _without_index(viewer, typed, query)
    return Results(query)


def _search(plan: Plan) -> tuple[Match, Found]:
    """Ask for all the words; if next to nothing has them, forgive errors; if nothing does, ask for some."""
    match, found = Match.ALL, index_reader().search(plan)
    if plan.terms and _count(found) < FEW:
        near = index_reader().search(replace(plan, match=Match.FUZZY))
        if _count(near) > _count(found):
            match, found = Match.FUZZY, near
    if len(plan.terms) > 1 and not _count(found):
        some = index_reader().search(replace(plan, match=Match.SOME))
        if _count(some):
            match, found = Match.SOME, some
    return match, found


def _count(found: Found) -> int:
    return sum(found.counts.values())


def _plan(query: Query, viewer: "Member") -> Plan:
    closed = {
        place
        for owned in sources().values()
        if (places := owned.value.closed_places) is not None
        for place in ask(owned, lambda places=places: places(viewer))  # type: ignore[misc]  # a bound default
    }
    return Plan(
        terms=query.terms,
        without=query.without,
        tags=query.tags,
        known=frozenset(sources()),
        audiences=frozenset(closed),
        authors=_authors(query.authors, viewer),
        places=_places(query.places, viewer),
        after=number_of(query.after) if query.after else None,
        before=number_of(query.before) if query.before else None,
    )


def _kinds(category: str, kind: str) -> frozenset[int] | None:
    named = (code for code, owned in sources().items() if owned.value.name == kind)
    return frozenset(named) if kind else kinds_of(category) if category in CATEGORIES else None


def _authors(handles: Sequence[str], viewer: "Member") -> frozenset[int] | None:
    if not handles:
        return None
    named = [viewer.person.handle if handle in ME else handle for handle in handles]
    return frozenset(db.session.scalars(select(Person.id).where(Person.handle.in_(named))))


def _places(names: Sequence[str], viewer: "Member") -> frozenset[int] | None:
    if not names:
        return None
    return frozenset(
        place
        for owned in sources().values()
        if (finding := owned.value.find_places) is not None
        for name in names
        for place in ask(owned, lambda finding=finding, name=name: finding(name, viewer))  # type: ignore[misc]  # as above
    )


def _shown(hits: Iterable[tuple[int, int]], viewer: "Member", marks: Marks) -> list[Result]:
    """Load what the viewer may see, a family at a time, and put it in the order of the hits."""
    hits, known = list(hits), sources()
    loaded: dict[tuple[int, int], SearchHit] = {}
    families: dict[Hashable, list[int]] = {}
    for code in dict.fromkeys(kind for kind, _id in hits if kind in known):
        families.setdefault(known[code].value.family or code, []).append(code)
    for codes in families.values():
        ids, show = [id for kind, id in hits if kind in codes], known[codes[0]].value.show
        for hit in ask(known[codes[0]], lambda show=show, ids=ids: show(ids, viewer)):  # type: ignore[misc]  # as above
            loaded |= {(code, hit.id): hit for code in codes}
    return [
        Result(known[code].value, hit, marked(hit.title, marks), excerpt(hit.text, marks))
        for code, id in hits
        if (hit := loaded.get((code, id)))
    ]


def _without_index(viewer: "Member", typed: str, query: Query) -> Results:
    """Find what the database alone can: people, by their names."""
    hits = [
        (code, id)
        for code, owned in sources().items()
        if (finding := owned.value.without_index) is not None
        for id in ask(owned, lambda finding=finding: finding(typed))  # type: ignore[misc]  # as above
    ]
    marks = Marks.of(Query(tuple(Term(term.words, also=len(term.words) == 1) for term in query.terms)))
    return Results(query, _shown(hits, viewer, marks), away=True)
