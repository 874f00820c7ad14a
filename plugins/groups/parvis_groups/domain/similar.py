"""Groups like the one that somebody is about to open, and groups found as one types.

Both read a bounded part of one index, whatever is typed and however many groups there are. A word that few
groups have says more than one that many have, and one in a name more than one in a purpose.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log2
from typing import Any

from parvis.api import BigId, Member, db, fold, prepared, record
from parvis_social.api import VIEWER, Access, Membership, Place
from sqlalchemy import String, and_, bindparam, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from ..event import SimilarJoined
from ..models import KIND, Group, GroupWord
from .card import GroupCard, cards, narrowed
from .create import shown_ids, slug_of
from .read import get_group_by_id
from .word import NAME, PURPOSE, TAG, forms, tag_key, words_of

MOST_WORDS = 8
LOOKED_AT = 200
"""So many groups with a form of a word are looked at; one that more have is common, and adds to others."""
LOOKED_AT_ASIDE = 50
"""So many for a word of purpose and tags."""
TOGETHER = 2_000
"""So many groups with a common word are asked for a second one."""
TO_NARROW = 2_000
"""So many groups with a form of a word are asked whether they are what a search is narrowed to."""
CANDIDATES = 100
"""So many groups are found at most."""
SHORT_LIST = 40
"""So many of those that are like another are looked at closely."""
LAST = "\U0010ffff"
WORTH = {NAME: 1.0, TAG: 0.8, PURPOSE: 0.5}
BEGUN = 0.9
ASIDE = 0.33
"""How much the words of purpose and tags count beside those of the name."""
NEAR = 0.2
"""How much of what was typed, by weight, a group must share to be called similar."""
CALLED_SO, BEYOND = -1, -2
"""What stands instead of the number of a word: a group that was opened under the very name that is typed; the
first of the groups with a word (whose number is the part) that were not asked whether they fit."""


@dataclass(frozen=True)
class Found:
    """A page of the groups that have some words; the next one comes `after` so many, None at the end.

    `count` is how many were found in all, and `more` whether there may be others.
    """

    groups: Sequence[GroupCard] = ()
    after: int | None = None
    count: int = 0
    more: bool = False


@dataclass
class Term:
    """A word that is looked for, and where it was found: the best rank by group."""

    forms: tuple[str, ...]
    begun: str = ""
    importance: float = 1.0
    hits: dict[int, float] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    """How many groups were looked at, by the part of the query that gave them."""
    beyond: bool = False
    """Whether others were not asked whether they are among those that a search is narrowed to."""

    @property
    def looked_at(self) -> int:
        """How many groups with a form of it are looked at."""
        return LOOKED_AT if self.importance == 1 else LOOKED_AT_ASIDE

    @property
    def common(self) -> bool:
        """Whether more groups may have it than were looked at."""
        return sum(self.seen.values()) >= self.looked_at

    @property
    def cut(self) -> bool:
        """Whether more groups have it, very likely, than were looked at."""
        return self.beyond or any(seen >= self.looked_at for seen in self.seen.values())

    @property
    def rarity(self) -> float:
        """How much it says; a word that no group has says nothing against those found by others."""
        return self.importance * (1 / log2(4 + len(self.hits)) if self.hits else 0.25)

    def note(self, place_id: int, word: str, rank: int) -> None:
        """Note that a group has it."""
        worth = WORTH[rank] * (1 if word in self.forms else BEGUN)
        self.hits[place_id] = max(self.hits.get(place_id, 0), worth)


def similar_groups(
    name: str, *, purpose: str = "", tags: Sequence[str] = (), viewer: Member, limit: int = 5
) -> list[GroupCard]:
    """Return groups like one that would be called so: those that share its words, the closest first.

    Accents, case, plurals and the order of words are ignored; the last word of the name may be only begun.
    Secret groups of others are left out. Of equally close ones those that live come first, then the larger.
    """
    words = words_of(name, MOST_WORDS)
    more = [word for word in words_of(f"{' '.join(tags)} {purpose}", MOST_WORDS) if word not in words]
    terms = _terms(words), _terms(more, begun=False, importance=ASIDE)
    return _ranked(*terms, typed=name, viewer=viewer, near=NEAR)[0][:limit]


def find_groups(q: str, *, viewer: Member, limit: int = 20) -> Sequence[GroupCard]:
    """Return groups that have all words typed in their name, tags or purpose, the closest first."""
    return find_page(q, viewer=viewer, limit=limit).groups


def find_page(
    q: str,
    *,
    viewer: Member,
    tag: str = "",
    unit_id: int | None = None,
    theme: str = "",
    after: int = 0,
    limit: int = 20,
) -> Found:
    """Return a page of the groups that have all words typed; a hundred are found at most.

    Args:
        tag, unit_id, theme: what it is narrowed to, as `list_groups` takes it.
        after: how many stood on the pages before.
    """
    given = {"tag": tag_key(tag), "unit": unit_id, "theme": theme}
    wanted = {name: value for name, value in given.items() if value}
    if tag and not wanted.get("tag"):
        return Found()
    found, more = _ranked(_terms(words_of(q, MOST_WORDS)), [], typed=q, viewer=viewer, wanted=wanted)
    following = after + limit
    page = found[after:following]
    return Found(page, following if len(found) > following else None, len(found), more)


def chose_to_join(*, group: Group, shown: Iterable[int], actor: Member) -> None:
    """Note that somebody joined, or asked to, where they were about to open another group."""
    get_group_by_id(actor, group.place_id)
    record(SimilarJoined(actor=actor.id, place=group.place_id, similar=shown_ids(shown)))


def _terms(words: Sequence[str], *, begun: bool = True, importance: float = 1.0) -> list[Term]:
    terms = [Term(forms(word), importance=importance) for word in words]
    if terms and begun:
        terms[-1].begun = words[-1]
    return terms


def _ranked(
    name: list[Term],
    more: list[Term],
    *,
    typed: str,
    viewer: Member,
    near: float | None = None,
    wanted: Mapping[str, Any] | None = None,
) -> tuple[list[GroupCard], bool]:
    """Return the groups that share words, the closest first, and whether there may be others.

    `near`: they must share so much of what was typed; without it, all of the name's words.
    """
    if not name:
        return [], False
    terms, wanted = [*name, *more], wanted or {}
    called_so = _look_up(terms, viewer, typed, wanted)
    if all(term.common for term in name) and len(name) > 1:
        _look_up_both(name[0], name[1], viewer, wanted)
    scores = _scores(terms)
    best = sorted(scores, key=lambda id_: (-sum(id_ in term.hits for term in name), -scores[id_], id_))
    best = list(dict.fromkeys([*called_so, *best]))
    whole, many = sum(term.rarity for term in name), len(best)
    best = best[:CANDIDATES]
    if any(term.common for term in terms):
        _complete([term for term in terms if term.common], best)
        scores = _scores(terms)
    if near is None:
        best = [place_id for place_id in best if all(place_id in term.hits for term in name)]
    best.sort(key=lambda place_id: (place_id not in called_so, -scores[place_id], place_id))
    close = {place_id: scores[place_id] / whole for place_id in best[: SHORT_LIST if near else CANDIDATES]}
    found = [card for card in cards(list(close), viewer=viewer) if close[card.id] >= (near or 0)]
    named = fold(typed)

    def order(card: GroupCard) -> tuple[Any, ...]:
        called = not card.archived and named in (fold(card.name), fold(card.second_name))
        return not called, -round(close[card.id], 1), not card.alive, -card.members_count, card.id

    found.sort(key=order)
    return found, len(best) == CANDIDATES < many or (len(name) == 1 and name[0].cut)


def _scores(terms: list[Term]) -> dict[int, float]:
    scores: dict[int, float] = defaultdict(float)
    for term in terms:
        for place_id, worth in term.hits.items():
            scores[place_id] += term.rarity * worth
    return scores


def _look_up(terms: list[Term], viewer: Member, typed: str, wanted: Mapping[str, Any]) -> list[int]:
    """Find groups that have each word: of a common one some, those first that have it in their name.

    Return those that were opened under the very name that is typed.
    """
    begun = next((number for number, term in enumerate(terms) if term.begun), None)
    values: dict[str, Any] = {"viewer": viewer.id, "slug": slug_of(typed), "narrowed": TO_NARROW, **wanted}
    for number, term in enumerate(terms):
        values.update((f"form{number}_{part}", form) for part, form in enumerate(term.forms))
        values[f"most{number}"] = term.looked_at
    if begun is not None:
        values.update(low=terms[begun].begun, high=terms[begun].begun + LAST)
    query = _postings(tuple(len(term.forms) for term in terms), begun, frozenset(wanted))
    called_so = []
    for number, part, place_id, word, rank, known in db.session.execute(query, values):
        if number >= 0:
            terms[number].seen[part] += 1
            if known:
                terms[number].note(place_id, word, rank)
        elif number == BEYOND:
            terms[part].beyond = True
        elif known:
            called_so.append(place_id)
    return called_so


@prepared
def _postings(counts: tuple[int, ...], begun: int | None, wanted: frozenset[str]) -> Any:
    looked_for = [
        (number, part, GroupWord.word == bindparam(f"form{number}_{part}", type_=String))
        for number, count in enumerate(counts)
        for part in range(count)
    ]
    if begun is not None:
        low, high = bindparam("low", type_=String), bindparam("high", type_=String)
        looked_for.append((begun, -1, and_(GroupWord.word >= low, GroupWord.word < high)))
    parts = [_part(*each, wanted) for each in looked_for]
    if wanted:
        parts += [_beyond(number, condition) for number, _number, condition in looked_for]
    found = union_all(*parts, _called_so(wanted)).subquery("found")
    return select(found, _known()).join(Place, Place.id == found.c.place_id)


def _part(number: int, part: int, condition: Any, wanted: frozenset[str]) -> Any:
    """Return the first groups along the index of words; as a query of its own, for a union."""
    page = (
        select(
            literal(number).label("number"),
            literal(part).label("part"),
            GroupWord.place_id.label("place_id"),
            GroupWord.word.label("word"),
            GroupWord.rank.label("rank"),
        )
        .where(condition)
        .order_by(GroupWord.word, GroupWord.rank, GroupWord.place_id)
        .limit(bindparam("narrowed" if wanted else f"most{number}", type_=BigId))
        .subquery()
    )
    if not wanted:
        return select(page)
    fitting = select(page).where(_fits(page.c.place_id, wanted))
    return select(fitting.limit(bindparam(f"most{number}", type_=BigId)).subquery())


def _beyond(number: int, condition: Any) -> Any:
    """Return the first group along the index that is not asked whether it fits."""
    parts = (literal(BEYOND).label("number"), literal(number).label("part"))
    further = select(*parts, GroupWord.place_id, GroupWord.word, GroupWord.rank).where(condition)
    further = further.order_by(GroupWord.word, GroupWord.rank, GroupWord.place_id)
    return select(further.offset(bindparam("narrowed", type_=BigId)).limit(1).subquery())


def _called_so(wanted: frozenset[str]) -> Any:
    """Return the group with the address that the name gives."""
    named: Any = select(literal(CALLED_SO), literal(0), Place.id, literal(""), literal(0))
    named = named.where(Place.kind == KIND, Place.slug == bindparam("slug", type_=String))
    return named.where(_fits(Place.id, wanted)) if wanted else named


def _fits(place_id: Any, wanted: frozenset[str]) -> Any:
    """Return the condition that a group is among those that a search is narrowed to."""
    return narrowed(select(literal(1)).select_from(Group).where(Group.place_id == place_id), wanted).exists()


def _look_up_both(first: Term, second: Term, viewer: Member, wanted: Mapping[str, Any]) -> None:
    """Find groups that have two common words, which may be beyond those that were looked at for each."""
    values = {"viewer": viewer.id, "one": first.forms[-1], "two": list(second.forms), **wanted}
    for place_id, word, rank in db.session.execute(_with_both(frozenset(wanted)), values):
        first.note(place_id, word, rank)
        second.hits.setdefault(place_id, WORTH[PURPOSE])


@prepared
def _with_both(wanted: frozenset[str]) -> Any:
    one = (
        select(GroupWord.place_id, GroupWord.word, GroupWord.rank)
        .where(GroupWord.word == bindparam("one", type_=String))
        .order_by(GroupWord.word, GroupWord.rank, GroupWord.place_id)
        .limit(TOGETHER)
        .subquery("one")
    )
    other = aliased(GroupWord)
    second = (other.place_id == one.c.place_id, other.word.in_(bindparam("two", expanding=True)))
    having = select(one).where(select(literal(1)).where(*second).exists())
    if wanted:
        having = having.where(_fits(one.c.place_id, wanted))
    both = having.limit(LOOKED_AT).subquery("both")
    return select(both).join(Place, Place.id == both.c.place_id).where(_known())


def _known() -> Any:
    mine = select(Membership.place_id).where(Membership.person_id == VIEWER)
    return and_(
        Place.kind == KIND,
        Place.moved_to_id.is_(None),
        or_(Place.access != Access.SECRET, Place.id.in_(mine)),
    )


def _complete(common: list[Term], places: list[int]) -> None:
    """Look common words up in the groups that others have found."""
    words: dict[str, list[Term]] = defaultdict(list)
    for term in common:
        for form in term.forms:
            words[form].append(term)
    begun = [term for term in common if term.begun]
    ranges = [and_(GroupWord.word >= term.begun, GroupWord.word < term.begun + LAST) for term in begun]
    query = select(GroupWord.place_id, GroupWord.word, GroupWord.rank).where(
        GroupWord.place_id.in_(places), or_(GroupWord.word.in_(words), *ranges)
    )
    for place_id, word, rank in db.session.execute(query):
        for term in words.get(word) or begun:
            term.note(place_id, word, rank)
