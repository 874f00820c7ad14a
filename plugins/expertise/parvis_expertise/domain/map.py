"""Where skills are: by department, counted every hour, and nobody named."""

from typing import NamedTuple

from parvis.api import Person, Unit, db
from sqlalchemy import delete, func, insert, select

from ..models import KNOWING, Declaration, Skill, Spot
from ..settings import settings

SHOWN = 12
"""How many skills of each department the map shows."""


class Region(NamedTuple):
    """A department with the skills that most of its people have; few people: no number."""

    unit: Unit
    skills: list[tuple[Skill, int | None]]


def count_spots() -> None:
    """Count anew how many people of each department know of each skill: a job."""
    db.session.execute(delete(Spot))
    counted = (
        select(Person.department_id, Declaration.skill_id, func.count())
        .join(Person, Person.id == Declaration.person_id)
        .where(Declaration.rank <= KNOWING, Person.present.is_(True), Person.department_id.is_not(None))
        .group_by(Person.department_id, Declaration.skill_id)
    )
    db.session.execute(insert(Spot).from_select(["unit_id", "skill_id", "people"], counted))


def read_map() -> list[Region]:
    """Return the departments that are large enough, by name, with what their people know: one query."""
    fewest = settings().map_from
    place = func.row_number().over(partition_by=Spot.unit_id, order_by=(Spot.people.desc(), Spot.skill_id))
    top = (
        select(Spot.unit_id, Spot.skill_id, Spot.people, place.label("place"))
        .join(Unit, Unit.id == Spot.unit_id)
        .where(Unit.headcount >= fewest)
        .subquery()
    )
    query = (
        select(Unit, Skill, top.c.people)
        .join(top, top.c.unit_id == Unit.id)
        .join(Skill, Skill.id == top.c.skill_id)
        .where(top.c.place <= SHOWN)
        .order_by(Unit.name, top.c.place)
    )
    regions: dict[int, Region] = {}
    for unit, skill, people in db.session.execute(query):
        number = people if people >= fewest else None
        regions.setdefault(unit.id, Region(unit, [])).skills.append((skill, number))
    return list(regions.values())
