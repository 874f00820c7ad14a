"""Groups like the one that somebody is about to open, and groups found as one types. Flat at 20,000 groups: it
reads a bounded part of one index, whatever is typed."""

from collections.abc import Sequence
from math import log

from sqlalchemy import case, func, literal, or_, select, union_all

from parvis.api import Member, db

from ..models import GroupWord
from .row import GroupRow, list_rows
from .word import stems, words_of

MOST = 5
CANDIDATES = 60
COMMON = 2_000
"""A word that so many groups have says little, and is looked up only if there is no rarer one."""
LAST = "\U0010ffff"
NEAR = 0.34
"""How much of what was typed, by weight, a group must share to be called similar."""


def similar_groups(
    name: str, purpose: str = "", tags: Sequence[str] = (), *, viewer: Member, limit: int = MOST
) -> list[GroupRow]:
    """Return groups like one of this name: those that share its words, rare ones counting more.

    Accents, case, plurals and the order of words are ignored; the last word of the name may only be begun.
    Archived groups and secret ones of others are left out. The closest come first, of equals the alive ones.
    """
    words = words_of(name)
    more = [word for word in words_of(f"{purpose} {' '.join(tags)}") if word not in words]
    return _ranked(words, more, viewer=viewer, limit=limit, near=NEAR)


def find_groups(q: str, *, viewer: Member, limit: int = 20) -> list[GroupRow]:
    """Return groups whose name, purpose or tags have the words typed, the closest first."""
    return _ranked(words_of(q), [], viewer=viewer, limit=limit, near=0.5)


def _ranked(
    words: Sequence[str], more: Sequence[str], *, viewer: Member, limit: int, near: float
) -> list[GroupRow]:
    if not words:
        return []
    rarity = _rarity(words, begun=words[-1])
    scores = _scores({**rarity, **{word: weight / 3 for word, weight in _rarity(more).items()}}, words[-1])
    if not scores:
        return []
    whole = sum(rarity.values()) or 1
    rows = db.session.execute(list_rows().where(_ids(scores)), {"viewer": viewer.id})
    found = [(scores[row.id] / whole, GroupRow(*row)) for row in rows if row.archived_at is None]
    ranked = sorted(found, key=lambda pair: (round(pair[0], 2), pair[1].alive, pair[1].members_count))
    return [row for score, row in reversed(ranked) if score >= near][:limit]


def _ids(scores: dict[int, float]) -> "object":
    from parvis_social.api import Place  # noqa: PLC0415

    return Place.id.in_(list(scores))


def _begins(word: str) -> object:
    return GroupWord.word.between(word, word + LAST)


def _rarity(words: Sequence[str], begun: str = "") -> dict[str, float]:
    """Return how much each word tells: by how many groups have it, counted no further than matters."""
    if not words:
        return {}
    counts = [
        select(
            literal(word).label("word"),
            select(func.count())
            .select_from(select(GroupWord.place_id).where(_matching(word, begun)).limit(COMMON).subquery())
            .scalar_subquery()
            .label("many"),
        )
        for word in words
    ]
    found = {row.word: row.many for row in db.session.execute(union_all(*counts))}
    return {word: 1 / (1 + log(1 + many, 10)) for word, many in found.items()}


def _matching(word: str, begun: str) -> "object":
    exact = GroupWord.word.in_(stems(word))
    return or_(exact, _begins(word)) if word == begun and len(word) > 1 else exact


def _scores(rarity: dict[str, float], begun: str) -> dict[int, float]:
    """Return by how much groups share the words, of the groups that share most."""
    parts = [
        select(
            GroupWord.place_id,
            (literal(weight) * case((GroupWord.weight >= 3, 1.0), else_=0.5)).label("score"),
            literal(word).label("word"),
        ).where(_matching(word, begun)).limit(COMMON)
        for word, weight in rarity.items()
    ]
    hits = union_all(*(select(part.subquery()) for part in parts)).subquery()
    best = (
        select(hits.c.place_id, hits.c.word, func.max(hits.c.score).label("score"))
        .group_by(hits.c.place_id, hits.c.word)
        .subquery()
    )
    total = func.sum(best.c.score)
    query = select(best.c.place_id, total.label("total")).group_by(best.c.place_id)
    return {
        row.place_id: row.total for row in db.session.execute(query.order_by(total.desc()).limit(CANDIDATES))
    }
