"""Who looks after the words, beside administrators: a group of the directory, such as community managers."""

from parvis.api import Member, db, may, people_in_group
from sqlalchemy import delete, select

from ..models import Curator
from ..permission import ExpertisePermission
from ..settings import settings


def read_curators() -> None:
    """Note who is in the directory's group of those who look after the words: a job, which may run twice.

    Raises:
        IncompleteRead: the directory does not answer; who was known as one remains one.
    """
    group = settings().curators_group
    found = people_in_group(group) if group else frozenset[int]()
    known = set(db.session.scalars(select(Curator.person_id)))
    if gone := known - found:
        db.session.execute(delete(Curator).where(Curator.person_id.in_(gone)))
    db.session.add_all(Curator(person_id=person_id) for person_id in sorted(found - known))
    db.session.flush()


def may_curate(member: Member) -> bool:
    """Tell whether somebody names skills, and merges those that turn out to be one."""
    return may(member, ExpertisePermission.CURATE) or db.session.get(Curator, member.id) is not None
