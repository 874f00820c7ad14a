"""Who has a skill, and why they are listed: in the order of what they say, never of a score."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from parvis.api import Member, Person, Unit, db, fold
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased, joinedload, load_only

from ..models import KNOWING, LANGUAGE, RANKS, Declaration, Endorsement, Level, Skill, State
from .vocabulary import reader_language

PAGE = 20
NAMED = 3
"""How many of those who confirm a skill are named in a list."""
CARD = (
    Person.handle, Person.display_name, Person.title, Person.sort_name, Person.face_key, Person.site_id,
    Person.department_id, Person.present,
)  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """What a list of people is narrowed to: ids of units, of a language, of further skills."""

    site: int | None = None
    department: int | None = None
    language: int | None = None
    asks: bool = False
    """Those alone who say that they may be asked."""
    wish: bool = False
    """Those who have the skill not, and would like to."""
    also: tuple[int, ...] = ()


class Word(NamedTuple):
    """One colleague's word on a skill."""

    by: Person
    note: str


@dataclass(frozen=True)
class Listed:
    """One person, and why they are listed."""

    person: Person
    level: Level
    asks: bool
    elsewhere: bool
    """Whether they work in another department than who reads."""
    endorsed: int = 0
    words: Sequence[Word] = ()
    """The latest of those who confirm it."""


@dataclass(frozen=True)
class Found:
    """One page of a list; `after` is the id that the next page starts after, None at the end."""

    people: Sequence[Listed] = field(default_factory=list)
    after: int | None = None


def list_people(skill: Skill, wanted: Filter, *, viewer: Member, after: int | None = None) -> Found:
    """List who has a skill: who can teach it, who is an expert ...

    Among equals, who works in another department than the viewer comes first: one knows one's own
    colleagues already. Then by name. Three queries, however many there are.
    """
    department = viewer.person.department_id
    query = _of(skill.id, wanted, department)
    if after is not None:
        query = query.where(_behind(after, skill.id, department))
    rows = db.session.execute(query.limit(PAGE + 1)).all()
    more, rows = len(rows) > PAGE, rows[:PAGE]
    words = _words_on(skill.id, [row[0].id for row in rows]) if not wanted.wish else {}
    listed = [
        replace(
            Listed(person, list(Level)[rank - 1], asks, not near),
            endorsed=words.get(person.id, (0, []))[0],
            words=words.get(person.id, (0, []))[1],
        )
        for person, rank, asks, near in rows
    ]
    return Found(listed, rows[-1][0].id if more else None)


def _near(department: int | None) -> Any:
    """Return 1 for those of a department, 0 for others."""
    if department is None:
        return literal(0)
    return case((func.coalesce(Person.department_id, 0) == department, 1), else_=0)


def _of(skill_id: int, wanted: Filter, department: int | None) -> Select[Any]:
    near = _near(department)
    return (
        select(Person, Declaration.rank, Declaration.asks, near)
        .join(Person, Person.id == Declaration.person_id)
        .where(Declaration.skill_id == skill_id, *_conditions(wanted))
        .order_by(Declaration.rank, near, Person.sort_name, Person.id)
        .options(load_only(*CARD), joinedload(Person.site), joinedload(Person.department))
    )


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    """Return what narrows a list, in forms that leave the index of the skill to lead."""
    rank = Declaration.rank
    conditions = [rank == RANKS[Level.WISH] if wanted.wish else rank <= KNOWING, Person.present.is_(True)]
    for column, unit in ((Person.site_id, wanted.site), (Person.department_id, wanted.department)):
        if unit is not None:
            conditions.append(func.coalesce(column, 0) == unit)
    if wanted.asks:
        conditions.append(Declaration.asks.is_(True))
    for skill_id in (*wanted.also, *([wanted.language] if wanted.language else [])):
        other = aliased(Declaration)
        conditions.append(
            exists().where(other.person_id == Person.id, other.skill_id == skill_id, other.rank <= KNOWING)
        )
    return conditions


def _behind(after: int, skill_id: int, department: int | None) -> ColumnElement[bool]:
    """Return the condition of those who come after a person in the list."""
    mark = db.session.execute(
        select(Declaration.rank, _near(department), Person.sort_name)
        .join(Person, Person.id == Declaration.person_id)
        .where(Declaration.skill_id == skill_id, Declaration.person_id == after)
    ).first()
    if mark is None:
        return true()
    rank, near, name = mark
    same_rank = Declaration.rank == rank
    return and_(
        Declaration.rank >= rank,
        or_(
            Declaration.rank > rank,
            and_(same_rank, _near(department) > near),
            and_(same_rank, _near(department) == near, tuple_(Person.sort_name, Person.id) > (name, after)),
        ),
    )


def _words_on(skill_id: int, people: Sequence[int]) -> dict[int, tuple[int, list[Word]]]:
    """Return how many confirm a skill of some people, and the latest of them: one query."""
    place = func.row_number().over(partition_by=Endorsement.person_id, order_by=Endorsement.at.desc())
    count = func.count().over(partition_by=Endorsement.person_id)
    given = (
        select(
            Endorsement.person_id, Endorsement.by_id, Endorsement.note, place.label("place"), count.label("n")
        )
        .join(Person, Person.id == Endorsement.by_id)
        .where(
            Endorsement.skill_id == skill_id,
            Endorsement.person_id.in_(people),
            Endorsement.state == State.GIVEN,
            Person.present.is_(True),
        )
        .subquery()
    )
    query = select(given.c.person_id, given.c.n, given.c.note, Person)
    query = query.join(Person, Person.id == given.c.by_id).where(given.c.place <= NAMED)
    found: dict[int, tuple[int, list[Word]]] = {}
    for person_id, number, note, by in db.session.execute(query.order_by(given.c.place)):
        found.setdefault(person_id, (number, []))[1].append(Word(by, note))
    return found


class Choices(NamedTuple):
    """What lists can be narrowed to."""

    sites: list[tuple[int, str]]
    departments: list[tuple[int, str]]
    languages: list[tuple[int, str]]


def choices() -> Choices:
    """Return the sites and departments people work in, and the languages they say they speak: one query."""
    mine, other = (
        (Skill.french, Skill.english) if reader_language() == "fr" else (Skill.english, Skill.french)
    )
    name = func.coalesce(func.nullif(mine, ""), other)
    spoken = Skill.people_count > 0, Skill.kind == LANGUAGE, Skill.merged_into_id.is_(None)
    query = union_all(
        select(Unit.kind, Unit.id, Unit.name).where(Unit.headcount > 0),
        select(literal(LANGUAGE), Skill.id, name).where(*spoken),
    )
    rows = db.session.execute(query).all()

    def of(kind: str) -> list[tuple[int, str]]:
        return sorted(((row[1], row[2]) for row in rows if row[0] == kind), key=lambda each: fold(each[1]))

    return Choices(of("site"), of("department"), of(LANGUAGE))
