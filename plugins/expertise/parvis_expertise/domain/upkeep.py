"""What follows when the directory says something else of somebody."""

from parvis.api import db
from sqlalchemy import select

from ..models import Declaration
from .title import index_title
from .vocabulary import recount

TITLES = ("core.person_added", "core.person_changed", "core.person_returned")
PRESENCE = ("core.person_left", "core.person_returned")


def person_changed(kind: str, person_id: int) -> None:
    """Keep by what titles people are found, and how many there are who have a skill."""
    if kind in TITLES:
        index_title(person_id)
    if kind in PRESENCE:
        recount(db.session.scalars(select(Declaration.skill_id).where(Declaration.person_id == person_id)))
