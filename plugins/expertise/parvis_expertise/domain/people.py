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
    """List who has a skill, and who confirms it: who can teach it, who is an expert ...

    Among equals, who works in another department than the viewer comes first: one knows one's own
    colleagues already. Then by name. One query, however many there are; two for a later page.
    """
    query = _of(skill.id, wanted, viewer.person.department_id)
    if after is not None:
        query = query.where(_behind(after, skill.id, viewer.person.department_id))
    listed: dict[int, Listed] = {}
    for person, rank, asks, near, number, note, by in db.session.execute(_with_words(query, skill.id)):
        one = listed.get(person.id) or Listed(person, list(Level)[rank - 1], asks, not near, number or 0)
        listed[person.id] = one if by is None else replace(one, words=(*one.words, Word(by, note)))
    people = list(listed.values())
    return Found(people[:PAGE], people[PAGE - 1].person.id if len(people) > PAGE else None)


def _near(department: int | None) -> Any:
    """Return 1 for those of a department, 0 for others."""
    if department is None:
        return literal(0)
    return case((func.coalesce(Person.department_id, 0) == department, 1), else_=0)


def _of(skill_id: int, wanted: Filter, department: int | None) -> Select[Any]:
    near = _near(department).label("near")
    return (
        select(Person.id, Person.sort_name, Declaration.rank, Declaration.asks, near)
        .join(Person, Person.id == Declaration.person_id)
        .where(Declaration.skill_id == skill_id, *_conditions(wanted))
        .order_by(Declaration.rank, near, Person.sort_name, Person.id)
        .limit(PAGE + 1)
    )


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    """Return what narrows a list, in forms that leave the index of the skill to lead."""
    rank = Declaration.rank
    conditions = [rank == RANKS[Level.WISH] if wanted.wish else rank <= KNOWING, Person.present.is_(True)]
    conditions += in_units(wanted)
    if wanted.asks:
        conditions.append(Declaration.asks.is_(True))
    for skill_id in (*wanted.also, *([wanted.language] if wanted.language else [])):
        other = aliased(Declaration)
        conditions.append(
            exists().where(other.person_id == Person.id, other.skill_id == skill_id, other.rank <= KNOWING)
        )
    return conditions


def in_units(wanted: Filter) -> list[ColumnElement[bool]]:
    """Return what narrows people to a site and a department, in a form that no index serves: what they are
    found by leads."""
    units = ((Person.site_id, wanted.site), (Person.department_id, wanted.department))
    return [func.coalesce(column, 0) == unit for column, unit in units if unit is not None]


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


def _with_words(listed: Select[Any], skill_id: int) -> Select[Any]:
    """Return people of a list in its order, with how many confirm the skill and the latest of them: a row for
    each of these, and one of who has none."""
    page = listed.cte("page")
    place = func.row_number().over(partition_by=Endorsement.person_id, order_by=Endorsement.at.desc())
    given = (
        select(
            Endorsement.person_id, Endorsement.by_id, Endorsement.note, place.label("place"),
            func.count().over(partition_by=Endorsement.person_id).label("number"),
        )
        .join(Person, Person.id == Endorsement.by_id)
        .where(
            Endorsement.skill_id == skill_id,
            Endorsement.person_id.in_(select(page.c.id)),
            Endorsement.state == State.GIVEN,
            Person.present.is_(True),
        )
        .subquery()
    )  # fmt: skip
    by = aliased(Person)
    latest = and_(given.c.person_id == page.c.id, given.c.place <= NAMED)
    return (
        select(Person, page.c.rank, page.c.asks, page.c.near, given.c.number, given.c.note, by)
        .join(page, page.c.id == Person.id)
        .outerjoin(given, latest)
        .outerjoin(by, by.id == given.c.by_id)
        .order_by(page.c.rank, page.c.near, page.c.sort_name, page.c.id, given.c.place)
        .options(
            load_only(*CARD), joinedload(Person.site), joinedload(Person.department),
            load_only(by.handle, by.display_name),
        )
    )  # fmt: skip


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
