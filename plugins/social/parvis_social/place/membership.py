"""Joining, leaving, roles. Whatever changes a place's members locks the place first, so that two who do it at
once take turns: the count stays true, and the last owner stays."""

from parvis.api import Invalid, Member, add_once, db, insert_row, lock_row, record, update_row
from parvis.api import gettext as _
from sqlalchemy import delete, func, select

from ..event import PlaceJoined, PlaceLeft
from ..notification.forget import forget_notifications
from .access import is_member, role_in
from .models import Membership, Place, PlaceFollow, Role


def add_member(
    *, place: Place, person_id: int, actor: Member, role: Role = Role.MEMBER, level: str | None = None
) -> bool:
    """Make a person a member, who then follows the place; tell whether they were not one before.

    Whether they may is the rule of the place's kind. `level`: of what they are told; else as the place says.
    """
    lock_place(place)
    before = role_in(place.id, person_id)
    if is_member(before):
        return False
    if before is not None:
        end_visit(place=place, person_id=person_id)
    admit(place=place, person_id=person_id, actor=actor, role=role, level=level)
    return True


def admit(
    *, place: Place, person_id: int, actor: Member, role: Role = Role.MEMBER, level: str | None = None
) -> None:
    """Make a person a member, as `add_member` does, of a place that is locked already, who is none."""
    insert_row(Membership(person_id=person_id, place_id=place.id, role=role))
    place.members_count += 1
    update_row(place)
    add_once(
        PlaceFollow,
        person_id=person_id,
        place_id=place.id,
        level=level or place.level,
        seen_id=place.latest_id,
    )
    record(PlaceJoined(actor=actor.id, person=person_id, place=place.id))


def let_visit(*, place: Place, person_id: int) -> bool:
    """Let somebody who does not belong to a place read it until `end_visit`; tell whether that is new.

    They stand among its people as what they are, are counted nowhere, and write nothing.
    """
    lock_place(place)
    return add_once(Membership, person_id=person_id, place_id=place.id, role=Role.VISITOR)


def end_visit(*, place: Place, person_id: int) -> None:
    """End the visit of somebody who has not become a member since."""
    lock_place(place)
    if role_in(place.id, person_id) == Role.VISITOR:
        _forget_member(place, person_id)


def remove_member(*, place: Place, person_id: int, actor: Member) -> bool:
    """End a membership, or a visit, with what followed from it; tell whether there was a membership.

    Raises:
        Invalid: they are the place's only owner.
    """
    lock_place(place)
    membership = db.session.get(Membership, (person_id, place.id), populate_existing=True)
    if membership is None:
        return False
    if membership.role == Role.OWNER:
        _check_other_owner(place)
    belonged = membership.role != Role.VISITOR
    _forget_member(place, person_id)
    if belonged:
        place.members_count -= 1
        record(PlaceLeft(actor=actor.id, person=person_id, place=place.id))
        db.session.flush()
    return belonged


def set_role(*, place: Place, person_id: int, role: Role) -> Membership:
    """Give a member another role; whether the actor may is the rule of the place's kind.

    Raises:
        Invalid: they are no member, or the only owner.
    """
    lock_place(place)
    membership = db.session.get(Membership, (person_id, place.id), populate_existing=True)
    if membership is None or membership.role == Role.VISITOR:
        raise Invalid(_("This person is not a member of %(place)s.", place=place.shown_name))
    if membership.role == Role.OWNER and role != Role.OWNER:
        _check_other_owner(place)
    membership.role = role
    db.session.flush()
    return membership


def _forget_member(place: Place, person_id: int) -> None:
    for model in (Membership, PlaceFollow):
        db.session.execute(delete(model).where(model.place_id == place.id, model.person_id == person_id))
    forget_notifications(place_id=place.id, person_id=person_id)


def lock_place(place: Place) -> None:
    """Keep the place for oneself until the transaction ends, as it is now.

    Rows that point at it can still be written: who publishes points at it first and counts there next, and
    two of them would wait for a third who had to wait for both (`key_share`).
    """
    lock_row(place)


def _check_other_owner(place: Place) -> None:
    owners = select(func.count()).where(Membership.place_id == place.id, Membership.role == Role.OWNER)
    if (db.session.scalar(owners) or 0) < 2:
        raise Invalid(
            _(
                "%(place)s would be left without an owner. Make somebody else an owner first.",
                place=place.shown_name,
            )
        )
