"""Entering a closed place without belonging to it: with a reason, for some hours, before everybody's eyes.

Whoever does is a visitor of the place for that time (`let_visit`), stands in the list of its people, and only
reads. Its owners are told why, the log keeps it, and they can show the visitor out like any member.
"""

from collections.abc import Sequence
from datetime import timedelta

from parvis.api import Invalid, Member, NotAllowed, NotFound, clean, db, lock_row, may, record, utcnow
from parvis.api import gettext as _
from parvis_social.api import (
    Access,
    Membership,
    Place,
    Role,
    end_visit,
    let_visit,
    lock_place,
    place_kinds,
    role_in,
)
from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from ..event import Visited
from ..models import REASON_LENGTH, Case, Visit
from ..permission import ModerationPermission
from . import log
from .manager import is_manager
from .text import checked_text

HOURS = (1, 4, 24)
AT_ONCE = 200


def may_visit(member: Member) -> bool:
    """Tell whether somebody may enter closed places: administrators, and who moderates the whole site."""
    return may(member, ModerationPermission.OVERSEE) or is_manager(member)


def place_at(address: str) -> Place:
    """Return the place whose page has an address, or its path; also one that is closed or secret.

    Raises:
        Invalid: there is none, or it is open to everybody; `field` is `address`.
    """
    typed = clean(address)
    path = f"/{typed.partition('://')[2].partition('/')[2]}" if "://" in typed else typed
    slug = path.rstrip("/").rpartition("/")[2][:80]
    query = select(Place).where(
        Place.slug == slug, Place.kind.in_(place_kinds()), Place.access != Access.OPEN
    )
    for place in db.session.scalars(query):
        if place_kinds()[place.kind].url(place.slug) == path.rstrip("/"):
            return place
    raise Invalid(_("There is no closed group at this address."), field="address")


def place_of_case(place_id: int) -> Place | None:
    """Return a closed place in which something was reported, None if there is none of this number."""
    reported = select(Case.id).where(Case.place_id == Place.id).exists()
    query = select(Place).where(
        Place.id == place_id, Place.kind.in_(place_kinds()), Place.access != Access.OPEN, reported
    )
    return db.session.scalar(query)


def enter(*, place: Place, reason: str, hours: int, actor: Member) -> Visit:
    """Enter a closed place for some hours.

    Raises:
        NotFound: the actor may not.
        NotAllowed: it is open to them anyway.
        Invalid: there is no reason, or it is too long, or no such time; `field` says which.
    """
    if not may_visit(actor):
        raise NotFound(_("There is no such page, or it is not open to you."))
    why = checked_text(reason, most=REASON_LENGTH, field="reason")
    if hours not in HOURS:
        raise Invalid(_("Please choose for how long."), field="hours")
    lock_place(place)
    if place.access == Access.OPEN or role_in(place.id, actor.id) is not None:
        raise NotAllowed(_("%(place)s is open to you anyway.", place=place.shown_name))
    now = utcnow()
    shown_out = (Visit.person_id == actor.id, Visit.place_id == place.id, Visit.ended_at.is_(None))
    for earlier in db.session.scalars(select(Visit).where(*shown_out)).all():
        _end(earlier)
    visit = Visit(
        person_id=actor.id, place_id=place.id, reason=why, at=now, until=now + timedelta(hours=hours)
    )
    db.session.add(visit)
    let_visit(place=place, person_id=actor.id)
    record(Visited(actor=actor.id, place=place.id, visit=visit.id, ended=False))
    log.note("moderation.visit", actor=actor, place=place.id, reason=why)
    return visit


def list_visits(member: Member) -> Sequence[Visit]:
    """Return the visits of somebody that have not ended, and from which they were not shown out."""
    there = and_(Membership.place_id == Visit.place_id, Membership.person_id == Visit.person_id)
    query = select(Visit).join(Membership, and_(there, Membership.role == Role.VISITOR))
    query = query.where(Visit.person_id == member.id, Visit.ended_at.is_(None)).order_by(Visit.id)
    return db.session.scalars(query.options(joinedload(Visit.place))).all()


def leave(*, visit_id: int, actor: Member) -> None:
    """End one's own visit.

    Raises:
        NotFound: it is none of theirs.
    """
    visit = db.session.get(Visit, visit_id) if visit_id < 2**63 else None
    if visit is None or visit.person_id != actor.id:
        raise NotFound(_("There is no such page, or it is not open to you."))
    _end(visit)


def end_due() -> None:
    """End the visits whose time is over: a job, which may run twice."""
    due = select(Visit).where(Visit.ended_at.is_(None), Visit.until < utcnow()).order_by(Visit.id)
    for visit in db.session.scalars(due.limit(AT_ONCE)).all():
        _end(visit)


def _end(visit: Visit) -> None:
    lock_row(visit)
    if visit.ended_at is not None:
        return
    visit.ended_at = utcnow()
    end_visit(place=visit.place, person_id=visit.person_id)
    record(Visited(actor=visit.person_id, place=visit.place_id, visit=visit.id, ended=True))
    log.note("moderation.visit_ended", actor=visit.person_id, place=visit.place_id)
