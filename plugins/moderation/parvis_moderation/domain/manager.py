"""Who moderates the whole site: who is in a group of the directory or was appointed; else administrators."""

import time
from collections.abc import Sequence

from flask import current_app
from parvis.api import (
    BigId,
    Member,
    NotFound,
    Person,
    among,
    db,
    one_of,
    people_in_group,
    prepared,
    read_rows,
)
from parvis.api import gettext as _
from parvis_social.api import VIEWER, Membership, Place, Role
from sqlalchemy import Select, and_, bindparam, delete, or_, select

from ..models import Manager
from ..settings import settings
from . import log

KEPT_SECONDS = 30
"""How long a process remembers who moderates, to offer the way there: what they may do is asked each time."""
EXTENSION = "parvis_moderation_managers"


def read_managers() -> None:
    """Note who is in the directory's group of moderators: a job, which may run twice.

    Raises:
        IncompleteRead: the directory does not answer; who was known as one remains one.
    """
    group = settings().managers_group
    found = people_in_group(group) if group else frozenset[int]()
    rows = db.session.execute(select(Manager.person_id, Manager.appointed)).all()
    gone = {row.person_id for row in rows if not row.appointed} - found
    if gone:
        db.session.execute(delete(Manager).where(Manager.person_id.in_(gone)))
    known = {row.person_id for row in rows}
    db.session.add_all(Manager(person_id=person_id) for person_id in sorted(found - known))
    db.session.flush()


def appoint(*, person: Person, actor: Member | None) -> None:
    """Let somebody moderate the whole site. From the first on, administrators do so no longer by right.

    Args:
        actor: who appoints them; None: the command line.
    """
    row = db.session.get(Manager, person.id) or Manager(person_id=person.id)
    row.appointed = True
    db.session.add(row)
    db.session.flush()
    current_app.extensions.pop(EXTENSION, None)
    log.note("moderation.appointed", actor=actor, person=person.id)


def dismiss(*, person: Person, actor: Member | None) -> None:
    """Let somebody moderate no longer; who is in the directory's group is so again at its next reading."""
    db.session.execute(delete(Manager).where(Manager.person_id == person.id))
    current_app.extensions.pop(EXTENSION, None)
    log.note("moderation.dismissed", actor=actor, person=person.id)


def managers() -> Select[int]:
    """Return the query of the ids of those who moderate the whole site."""
    named = select(Manager.person_id)
    return select(Member.id).where(
        or_(Member.id.in_(named), and_(Member.administrator.is_(True), ~named.exists()))
    )


def is_manager(member: Member) -> bool:
    """Tell whether somebody moderates the whole site."""
    return bool(read_rows(_manager(), {"viewer": member.id}))


@prepared
def _manager() -> Select[int]:
    return managers().where(Member.id == VIEWER)


def check_manager(member: Member) -> None:
    """Answer who does not moderate the whole site as if there were nothing.

    Raises:
        NotFound: they do not.
    """
    if not is_manager(member):
        raise NotFound(_("There is no such page, or it is not open to you."))


def is_kept(place_id: int | None, *, but: Sequence[int | None]) -> bool:
    """Tell whether anybody looks after a place besides some people; walls are not meant."""
    others = [each for each in but if each]
    return place_id is not None and bool(read_rows(_keepers(), {"place": place_id, "but": others}))


@prepared
def _keepers() -> Select[int]:
    return (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .join(Place, Place.id == Membership.place_id)
        .where(
            Membership.place_id == bindparam("place", type_=BigId),
            one_of(Membership.role, (Role.OWNER, Role.MODERATOR)),
            ~among(Membership.person_id, "but"),
            Person.present.is_(True),
            Place.person_id.is_(None),
        )
        .limit(1)
    )


def seems_manager(member: Member) -> bool:
    """Tell, without asking the database on each page, whether to show somebody the way to the queue."""
    kept: tuple[float, frozenset[int]] | None = current_app.extensions.get(EXTENSION)
    if kept is None or time.monotonic() - kept[0] > KEPT_SECONDS:
        kept = (time.monotonic(), frozenset(db.session.scalars(managers())))
        current_app.extensions[EXTENSION] = kept
    return member.id in kept[1]
