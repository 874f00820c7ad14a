"""Who moderates the whole site: those in a group of the directory, or administrators."""

import time
from collections.abc import Sequence

from flask import current_app
from parvis.api import Member, NotFound, db, people_in_group
from parvis.api import gettext as _
from sqlalchemy import Select, delete, select

from ..models import Manager
from ..settings import settings

KEPT_SECONDS = 30
"""How long a process remembers who moderates, to offer the way there: what they may do is asked each time."""


def read_managers() -> None:
    """Note who is in the directory's group of moderators: a job, which may run twice.

    Raises:
        IncompleteRead: the directory does not answer; who was known as one remains one.
    """
    group = settings().managers_group
    found = people_in_group(group) if group else frozenset[int]()
    known = set(db.session.scalars(select(Manager.person_id)))
    if gone := known - found:
        db.session.execute(delete(Manager).where(Manager.person_id.in_(gone)))
    db.session.add_all(Manager(person_id=person_id) for person_id in sorted(found - known))
    db.session.flush()


def managers() -> Select[int]:
    """Return the query of the ids of those who moderate the whole site."""
    if settings().managers_group:
        return select(Manager.person_id)
    return select(Member.id).where(Member.administrator.is_(True))


def is_manager(member: Member) -> bool:
    """Tell whether somebody moderates the whole site."""
    if not settings().managers_group:
        return member.administrator
    return db.session.get(Manager, member.id) is not None


def check_manager(member: Member) -> None:
    """Answer who does not moderate the whole site as if there were nothing.

    Raises:
        NotFound: they do not.
    """
    if not is_manager(member):
        raise NotFound(_("There is no such page, or it is not open to you."))


def seems_manager(member: Member) -> bool:
    """Tell, without asking the database on each page, whether to show somebody the way to the queue."""
    if not settings().managers_group:
        return member.administrator
    kept: dict[str, tuple[float, frozenset[int]]] = current_app.extensions.setdefault(
        "parvis_moderation_managers", {}
    )
    if "ids" not in kept or time.monotonic() - kept["ids"][0] > KEPT_SECONDS:
        ids: Sequence[int] = db.session.scalars(select(Manager.person_id)).all()
        kept["ids"] = (time.monotonic(), frozenset(ids))
    return member.id in kept["ids"][1]
