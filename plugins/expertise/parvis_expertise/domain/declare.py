"""What a person says of their skills."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from parvis.api import (
    BigId,
    Invalid,
    Member,
    Person,
    db,
    lock_row,
    prepared,
    read_rows,
    record,
    unseen,
    utcnow,
)
from parvis.api import gettext as _
from sqlalchemy import Select, bindparam, delete, func, select

from ..event import Declared
from ..models import KNOWING, LEVELS, RANKS, Declaration, Endorsement, Level, Skill, State
from .vocabulary import SkillLabel, reader_language, recount, skills_named
from .word import said_names, skill_key

MOST = 40
"""How many skills one person may name in all."""
FIELDS = LEVELS


class Shown(NamedTuple):
    """One skill of a person, as their page shows it."""

    skill: SkillLabel
    name: str
    """What the skill is called in the reader's language."""
    rank: int
    asks: bool
    endorsed: int
    """How many colleagues confirm it."""

    @property
    def level(self) -> Level:
        """What they say, in a word."""
        return LEVELS[self.rank - 1]


def declare(*, said: Mapping[str, str], actor: Member) -> None:
    """Put what the actor says of their skills in the place of what they said.

    Args:
        said: names parted by commas, by `Level`. Who names a skill twice, knows it as well as they say best;
            under `ask` are those about which they may be asked, at whatever level.
    Raises:
        Invalid: a name is too long, or there are too many; `field` says where.
        TooMany: too many new names in a day.
    """
    lock_row(actor)  # of two forms at once, the later finds what the earlier said
    wanted = _wanted(said, actor)
    before = {each.skill_id: each for each in _declarations(actor.id)}
    changed = [skill_id for skill_id in wanted if _differs(before.get(skill_id), wanted[skill_id])]
    gone = before.keys() - wanted.keys()
    if gone:
        mine = Declaration.person_id == actor.id
        db.session.execute(delete(Declaration).where(mine, Declaration.skill_id.in_(gone)))
    for skill_id in changed:
        _write(before.get(skill_id), actor, skill_id, *wanted[skill_id])
    if changed or gone:
        recount([*changed, *gone])
        record(Declared(actor=actor.id, person=actor.id, skills=sorted(changed)))


def _wanted(said: Mapping[str, str], actor: Member) -> dict[int, tuple[int, bool]]:
    """Return the rank and whether they may be asked, by skill."""
    names = {level: said_names(said.get(level, ""), MOST) for level in FIELDS}
    _check_number(names)
    wanted: dict[int, tuple[int, bool]] = {}
    for level in FIELDS:
        try:
            skills = skills_named(names[level], actor=actor)
        except Invalid as refusal:
            raise Invalid(refusal.message, field=level) from None
        for skill in skills:
            rank, asks = wanted.get(skill.id, (RANKS[level], False))
            if level == Level.LEARN and rank == RANKS[Level.ASK]:
                rank = RANKS[level]
            wanted[skill.id] = rank, asks or level == Level.ASK
    return wanted


def _check_number(names: Mapping[Level, Sequence[str]]) -> None:
    keys = {skill_key(name) for listed in names.values() for name in listed}
    if len(keys) > MOST:
        fullest = max(names, key=lambda level: len(names[level]))
        raise Invalid(
            _("Please name at most %(most)s skills: those you would like to be found by.", most=MOST),
            field=fullest,
        )


def _differs(before: Declaration | None, now: tuple[int, bool]) -> bool:
    return before is None or (before.rank, before.asks) != now


def _write(before: Declaration | None, actor: Member, skill_id: int, rank: int, asks: bool) -> None:
    row = before or Declaration(person_id=actor.id, skill_id=skill_id)
    row.rank, row.asks, row.at = rank, asks, utcnow()
    db.session.add(row)


def _declarations(person_id: int) -> Sequence[Declaration]:
    return db.session.scalars(select(Declaration).where(Declaration.person_id == person_id)).all()


def said_of(person: Person) -> dict[str, str]:
    """Return what somebody said, as the form takes it: names parted by commas, by `Level`."""
    names: dict[str, list[str]] = {level: [] for level in FIELDS}
    for shown in skills_of(person):
        if shown.level != Level.ASK:
            names[shown.level].append(shown.name)
        if shown.asks:
            names[Level.ASK].append(shown.name)
    return {level: ", ".join(listed) for level, listed in names.items()}


def skills_of(person: Person) -> list[Shown]:
    """Return somebody's skills by their levels, with how many colleagues confirm each: one query."""
    language = reader_language()
    shown = []
    for rank, asks, endorsed, *label in read_rows(_skills(), {"person": person.id}):
        skill = SkillLabel(*label)
        shown.append(Shown(skill, skill.name_for(language), rank, asks, endorsed if rank <= KNOWING else 0))
    return sorted(shown, key=lambda each: (each.rank, skill_key(each.name)))


@prepared
def _skills() -> Select[Any]:
    by = select(Person.id).where(Person.id == Endorsement.by_id, Person.present.is_(True)).exists()
    endorsed = (
        select(func.count())
        .select_from(Endorsement)
        .where(
            Endorsement.person_id == Declaration.person_id,
            Endorsement.skill_id == Declaration.skill_id,
            Endorsement.state == State.GIVEN,
            by,
        )
        .correlate(Declaration)
        .scalar_subquery()
    )
    return (
        select(Declaration.rank, Declaration.asks, endorsed, Skill.id, Skill.english, Skill.french)
        .join(Skill, Skill.id == Declaration.skill_id)
        .where(Declaration.person_id == unseen(bindparam("person", type_=BigId)))
    )


def get_declaration(person: Person, skill_id: int) -> Declaration | None:
    """Return what somebody says of a skill that they know something of."""
    found = db.session.get(Declaration, (person.id, skill_id))
    return found if found is not None and found.rank <= KNOWING else None
