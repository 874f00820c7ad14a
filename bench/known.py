"""What people know: skills that they declare, and what colleagues confirm."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from parvis.db import db, utcnow
from parvis.identity.models import Member
from parvis_expertise.models import KNOWING, RANKS, Declaration, Endorsement, Level, Skill, State
from sqlalchemy import func, select, update

from bench.load import loading, opened

DECLARING = 0.35
"""So many of the members say what they know."""
LEVELS = {Level.TEACH: 5, Level.EXPERT: 20, Level.PRACTISE: 45, Level.ASK: 5, Level.LEARN: 15, Level.WISH: 10}
MOST = 25
CONFIRMED = 0.6
"""Colleagues who confirm a skill, in the mean: most have none, some many."""


def populate(
    url: str, people: list[int] | None = None, *, now: datetime | None = None, seed: int = 1
) -> None:
    """Let a third of some people say what they know, the commonest skills much more often than the others.

    Args:
        people: ids of members; None: all of them.
    """
    rng, now = Random(f"known {seed}"), now or utcnow()
    with opened(url):
        if people is None:
            people = list(db.session.scalars(select(Member.id).order_by(Member.id)))
        skills = list(db.session.scalars(select(Skill.id).order_by(Skill.id)))
        db.session.rollback()
        rng.shuffle(skills)
        declared = list(_declared(rng, people, skills, now))
        with loading((Declaration, Endorsement)) as loader:
            loader.load(Declaration, ("person_id", "skill_id", "rank", "asks", "at"), declared)
            loader.load(
                Endorsement, ("person_id", "skill_id", "by_id", "state", "note", "at"),
                _endorsed(rng, people, declared, now),
            )  # fmt: skip
        count = select(func.count()).select_from(Declaration)
        known = count.where(Declaration.skill_id == Skill.id, Declaration.rank <= KNOWING).scalar_subquery()
        db.session.execute(update(Skill).values(people_count=known))
        db.session.commit()


def _declared(
    rng: Random, people: list[int], skills: list[int], now: datetime
) -> Iterator[tuple[int, int, int, bool, datetime]]:
    often = list(accumulate(1 / rank for rank in range(1, len(skills) + 1)))
    levels, shares = list(LEVELS), list(accumulate(LEVELS.values()))
    for person in people:
        if rng.random() >= DECLARING:
            continue
        count = min(MOST, 1 + int(rng.lognormvariate(1.2, 0.8)))
        for skill in dict.fromkeys(rng.choices(skills, cum_weights=often, k=count)):
            level = rng.choices(levels, cum_weights=shares)[0]
            at = now - timedelta(days=rng.random() * 300)
            yield person, skill, RANKS[level], level is Level.ASK or rng.random() < 0.2, at


def _endorsed(
    rng: Random, people: list[int], declared: list[tuple[int, int, int, bool, datetime]], now: datetime
) -> Iterator[tuple[int, int, int, str, str, datetime]]:
    for person, skill, rank, _asks, at in declared:
        if rank > KNOWING:
            continue
        for other in {rng.choice(people) for _ in range(int(rng.expovariate(1 / CONFIRMED)))} - {person}:
            yield person, skill, other, State.GIVEN, "", at + (now - at) * rng.random()
