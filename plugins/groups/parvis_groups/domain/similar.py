"""Groups like the one that somebody is about to open, and groups found as one types.

Both read a bounded part of one index, whatever is typed and however many groups there are. A word that few
groups have says more than one that many have, and one in a name more than one in a purpose.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from math import log2
from typing import Any

from parvis.api import BigId, Member, TooMany, db, prepared, record, utcnow
from parvis.api import gettext as _
from parvis_social.api import VIEWER, Access, Membership, Place
from sqlalchemy import String, and_, bindparam, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from ..event import SimilarJoined, TopicProposed
from ..models import KIND, Group, GroupWord, Proposal
from .card import GroupCard, cards
from .create import SHOWN
from .read import get_group_by_id
from .said import message
from .word import NAME, PURPOSE, TAG, forms, words_of

MOST_WORDS = 8
LOOKED_AT = 200
"""So many groups with a form of a word are looked at; one that more have is common, and adds to others."""
LOOKED_AT_ASIDE = 50
"""So many for a word of purpose and tags."""
TOGETHER = 2_000
"""So many groups with a common word are asked for a second one."""
CANDIDATES = 100
SHORT_LIST = 40
LAST = "\U0010ffff"
WORTH = {NAME: 1.0, TAG: 0.8, PURPOSE: 0.5}
BEGUN = 0.9
ASIDE = 0.33
"""How much the words of purpose and tags count beside those of the name."""
NEAR = 0.2
"""How much of what was typed, by weight, a group must share to be called similar."""
PROPOSALS_PER_DAY = 10


@dataclass
class Term:
    """A word that is looked for, and where it was found: the best rank by group."""

    forms: tuple[str, ...]
    begun: str = ""
    importance: float = 1.0
    hits: dict[int, float] = field(default_factory=dict)
    seen: int = 0

    @property
    def looked_at(self) -> int:
        """How many groups with a form of it are looked at."""
        return LOOKED_AT if self.importance == 1 else LOOKED_AT_ASIDE

    @property
    def common(self) -> bool:
        """Whether more groups may have it than were looked at."""
        return self.seen >= self.looked_at

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
    return _ranked(_terms(words), _terms(more, begun=False, importance=ASIDE), viewer, limit, NEAR)


def find_groups(q: str, *, viewer: Member, limit: int = 20) -> list[GroupCard]:
    """Return groups that have all words typed in their name, tags or purpose, the closest first."""
    return _ranked(_terms(words_of(q, MOST_WORDS)), [], viewer, limit, None)


def chose_to_join(*, group: Group, shown: Iterable[int], actor: Member) -> None:
    """Note that somebody joined, or asked to, where they were about to open another group."""
    get_group_by_id(actor, group.place_id)
    record(SimilarJoined(actor=actor.id, place=group.place_id, similar=_shown(shown)))


def propose(*, group: Group, text: str, actor: Member, shown: Iterable[int] = ()) -> None:
    """Propose a topic to the owners of a group, rather than open another one; they are told.

    Raises:
        Invalid: nothing is proposed, or it is too long; `field` is `text`.
        NotFound: the actor may not know of the group.
        TooMany: the day's allowance is spent.
    """
    words = message(text, field="text", missing=_("Please say what you would like there."))
    get_group_by_id(actor, group.place_id)
    recent = (Proposal.person_id == actor.id, Proposal.at > utcnow() - timedelta(days=1))
    if (db.session.scalar(select(func.count()).where(*recent)) or 0) >= PROPOSALS_PER_DAY:
        raise TooMany(_("You have proposed a great deal today. Please go on tomorrow."))
    made = Proposal(place_id=group.place_id, person_id=actor.id, text=words)
    db.session.add(made)
    db.session.flush()
    record(TopicProposed(actor=actor.id, place=group.place_id, proposal=made.id, similar=_shown(shown)))


def _shown(shown: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(shown))[:SHOWN]


def _terms(words: Sequence[str], *, begun: bool = True, importance: float = 1.0) -> list[Term]:
    terms = [Term(forms(word), importance=importance) for word in words]
    if terms and begun:
        terms[-1].begun = words[-1]
    return terms


def _ranked(
    name: list[Term], more: list[Term], viewer: Member, limit: int, near: float | None
) -> list[GroupCard]:
    if not name:
        return []
    terms = [*name, *more]
    _look_up(terms, viewer)
    if all(term.common for term in name) and len(name) > 1:
        _look_up_both(name[0], name[1], viewer)
    scores = _scores(terms)
    best = sorted(scores, key=lambda id_: (-sum(id_ in term.hits for term in name), -scores[id_], id_))
    best = best[:CANDIDATES]
    if any(term.common for term in terms):
        _complete([term for term in terms if term.common], best)
        scores = _scores(terms)
    whole = sum(term.rarity for term in name)
    if near is None:
        best = [place_id for place_id in best if all(place_id in term.hits for term in name)]
    best.sort(key=lambda place_id: (-scores[place_id], place_id))
    close = {place_id: scores[place_id] / whole for place_id in best[:SHORT_LIST]}
    found = [card for card in cards(list(close), viewer=viewer) if close[card.id] >= (near or 0)]
    found.sort(key=lambda card: (-round(close[card.id], 1), not card.alive, -card.members_count, card.id))
    return found[:limit]


def _scores(terms: list[Term]) -> dict[int, float]:
    scores: dict[int, float] = defaultdict(float)
    for term in terms:
        for place_id, worth in term.hits.items():
            scores[place_id] += term.rarity * worth
    return scores


def _look_up(terms: list[Term], viewer: Member) -> None:
    """Find groups that have each word: of a common one some, those first that have it in their name."""
    begun = next((number for number, term in enumerate(terms) if term.begun), None)
    values: dict[str, Any] = {"viewer": viewer.id}
    for number, term in enumerate(terms):
        values.update((f"form{number}_{part}", form) for part, form in enumerate(term.forms))
        values[f"most{number}"] = term.looked_at
    if begun is not None:
        values.update(low=terms[begun].begun, high=terms[begun].begun + LAST)
    query = _postings(tuple(len(term.forms) for term in terms), begun)
    for number, place_id, word, rank, known in db.session.execute(query, values):
        terms[number].seen += 1
        if known:
            terms[number].note(place_id, word, rank)


@prepared
def _postings(counts: tuple[int, ...], begun: int | None) -> Any:
    parts = [
        _part(number, GroupWord.word == bindparam(f"form{number}_{part}", type_=String))
        for number, count in enumerate(counts)
        for part in range(count)
    ]
    if begun is not None:
        low, high = bindparam("low", type_=String), bindparam("high", type_=String)
        parts.append(_part(begun, and_(GroupWord.word >= low, GroupWord.word < high)))
    found = union_all(*parts).subquery("found")
    return select(found, _known()).join(Place, Place.id == found.c.place_id)


def _part(number: int, condition: Any) -> Any:
    """Return the first groups along the index of words; as a query of its own, for a union."""
    page = (
        select(
            literal(number).label("number"),
            GroupWord.place_id.label("place_id"),
            GroupWord.word.label("word"),
            GroupWord.rank.label("rank"),
        )
        .where(condition)
        .order_by(GroupWord.word, GroupWord.rank, GroupWord.place_id)
        .limit(bindparam(f"most{number}", type_=BigId))
        .subquery()
    )
    return select(page)


def _look_up_both(first: Term, second: Term, viewer: Member) -> None:
    """Find groups that have two common words, which may be beyond those that were looked at for each."""
    values = {"viewer": viewer.id, "one": first.forms[-1], "two": list(second.forms)}
    for place_id, word, rank in db.session.execute(_with_both(), values):
        first.note(place_id, word, rank)
        second.hits.setdefault(place_id, WORTH[PURPOSE])


@prepared
def _with_both() -> Any:
    one = (
        select(GroupWord.place_id, GroupWord.word, GroupWord.rank)
        .where(GroupWord.word == bindparam("one", type_=String))
        .order_by(GroupWord.word, GroupWord.rank, GroupWord.place_id)
        .limit(TOGETHER)
        .subquery("one")
    )
    other = aliased(GroupWord)
    second = (other.place_id == one.c.place_id, other.word.in_(bindparam("two", expanding=True)))
    both = select(one).where(select(literal(1)).where(*second).exists()).limit(LOOKED_AT).subquery("both")
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
