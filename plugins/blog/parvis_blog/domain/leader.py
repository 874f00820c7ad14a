"""Who leads, as the company's directory says: a group that the configuration names."""

from parvis.api import db, people_in_group
from sqlalchemy import delete

from ..models import Leader
from ..settings import settings


def read_leaders() -> None:
    """Note who is in the directory's group of leaders: a job, which may run twice.

    Raises:
        IncompleteRead: the directory does not answer; who was known as a leader remains one.
    """
    group = settings().leaders_group
    found = people_in_group(group) if group else frozenset[int]()
    known = set(db.session.scalars(db.select(Leader.person_id)))
    if gone := known - found:
        db.session.execute(delete(Leader).where(Leader.person_id.in_(gone)))
    db.session.add_all(Leader(person_id=person_id) for person_id in sorted(found - known))
    db.session.flush()
