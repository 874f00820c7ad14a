"""A person's wall: a place that each person has, made when it is first needed."""

from parvis.api import Person, add_once, db
from sqlalchemy import select

from .models import Access, Level, Place, Posting

KIND = "wall"


def find_wall(person_id: int) -> Place | None:
    """Return a person's wall, if anything was ever written or followed there."""
    return db.session.scalar(select(Place).where(Place.kind == KIND, Place.person_id == person_id))


def wall_of(person: Person) -> Place:
    """Return a person's wall; the first time, it is made. Colleagues may write on it."""
    wall = find_wall(person.id)
    if wall is None:
        add_once(
            Place,
            kind=KIND, slug=person.handle, name=person.display_name, access=Access.OPEN,
            posting=Posting.READERS, level=Level.MENTIONS, types=[], person_id=person.id,
        )  # fmt: skip
        wall = find_wall(person.id)
        assert wall is not None
    return wall
