"""Joining, leaving, roles, bans. Whoever changes a group's people locks it first, so that all take turns."""

from parvis.api import (
    BigId,
    Invalid,
    Member,
    NotAllowed,
    NotFound,
    Person,
    add_once,
    db,
    prepared,
    read_rows,
    record,
)
from parvis.api import gettext as _
from parvis_social.api import Access, Membership, Place, Role, admit, end_visit, is_member, lock_place
from parvis_social.api import remove_member as end_membership
from parvis_social.api import set_role as give_role
from parvis_social.api import take_back as untell
from sqlalchemy import Select, bindparam, delete, func, select, update

from ..event import Banned, InvitationAnswered, Removed, RoleChanged
from ..models import KIND, Ban, Group, Invitation, JoinRequest, Offer, State
from .read import Standing, as_manager, as_owner, check_not_over, nothing, role_now, standing_of
from .said import line, one_of

INVITED = "groups:invited"
ORPHANED = "groups:orphaned"
REASON_LENGTH = 300


def subject(place_id: int) -> int:
    """Return what notifications about a group are gathered under: below 0, so that no content has it."""
    return -place_id


def join(*, group: Group, actor: Member) -> bool:
    """Become a member at once, of an open group or of one to which one is invited; tell whether that is new.

    Raises:
        NotAllowed: the actor is banned, it is archived, or one has to ask first.
        NotFound: it is secret, and the actor is not invited.
    """
    lock_place(group.place)
    standing = standing_of(group, actor.id)
    if is_member(standing.role):
        return False
    inviter = standing.inviter
    check_may_come(group, standing)
    if inviter is None and group.place.access != Access.OPEN:
        raise NotAllowed(_("Ask those who look after %(group)s to let you in.", group=group.place.shown_name))
    if standing.role is not None:
        end_visit(place=group.place, person_id=actor.id)
    admit(place=group.place, person_id=actor.id, actor=actor)
    if standing.asked or standing.answers:
        settle(group, actor.id, State.ACCEPTED)
    if inviter is not None:
        record(InvitationAnswered(actor=actor.id, person=inviter, place=group.place_id, accepted=True))
    return True


def leave(*, group: Group, actor: Member) -> None:
    """Leave a group; who has left already changes nothing.

    Raises:
        Invalid: nobody else who is in the company owns it.
    """
    lock_place(group.place)
    role = role_now(group, actor.id)
    if role is None:
        return
    if role == Role.OWNER:
        _check_other_owner(group, actor.id)
    end_membership(place=group.place, person_id=actor.id, actor=actor)
    _forget_offer(group, actor.id)


def remove(*, group: Group, person_id: int, actor: Member) -> None:
    """Take somebody out of a group; they may come again.

    Raises:
        NotAllowed: the actor does not look after it, or the member does too, and the actor does not own it.
        NotFound: they are no member.
    """
    if _check_above(group, person_id, actor) is None:
        raise NotFound(_("This person is not a member of %(place)s.", place=group.place.shown_name))
    _take_out(group, person_id, actor)
    record(Removed(actor=actor.id, person=person_id, place=group.place_id))


def set_role(*, group: Group, person_id: int, role: str, actor: Member) -> None:
    """Make a member an owner, a moderator or a plain member; of owners there may be several.

    Raises:
        NotAllowed, NotFound: the actor does not own the group: a delegated role raises nobody, itself least.
        Invalid: there is no such role, they are no member, have left the company, or are its only owner.
    """
    as_owner(group, actor)
    role = one_of(role, Role, "role")
    if role == Role.VISITOR:
        raise Invalid(_("Please choose one of these."), field="role")
    before = role_now(group, person_id)
    if before == role:
        return
    if role != Role.MEMBER and not _is_present(person_id):
        raise Invalid(_("This person has left the company."))
    if before == Role.OWNER:
        _check_other_owner(group, person_id)
    give_role(place=group.place, person_id=person_id, role=Role(role))
    if role == Role.OWNER:
        has_owner(group)
    record(RoleChanged(actor=actor.id, person=person_id, place=group.place_id, role=role))


def hand_over(*, group: Group, person_id: int, role: str, actor: Member) -> None:
    """Make a member an owner, and step back to a lesser role oneself; raises as `set_role`."""
    set_role(group=group, person_id=person_id, role=Role.OWNER, actor=actor)
    set_role(group=group, person_id=actor.id, role=role, actor=actor)


def ban(*, group: Group, person_id: int, reason: str, actor: Member) -> None:
    """Keep somebody out of a group, for a reason that they are told; what is open they may still read.

    Raises:
        NotAllowed: the actor does not look after it, or they do too, and the actor does not own it.
        Invalid: there is no reason, or it is too long; `field` is `reason`.
        NotFound: there is no such person.
    """
    role = _check_above(group, person_id, actor)
    reason = line(reason, REASON_LENGTH, "reason", missing=_("Please say why: they are told."))
    if db.session.get(Person, person_id) is None:
        raise NotFound(_("There is nobody of this name in the company."))
    if role is not None:
        _take_out(group, person_id, actor)
    settle(group, person_id, None)
    values = {"place_id": group.place_id, "person_id": person_id, "by_id": actor.id}
    if add_once(Ban, reason=reason, **values):
        record(Banned(actor=actor.id, person=person_id, place=group.place_id, banned=True))


def unban(*, group: Group, person_id: int, actor: Member) -> None:
    """Let somebody join a group again.

    Raises:
        NotAllowed, NotFound: the actor does not look after it.
    """
    as_manager(group, actor)
    lifting = delete(Ban).where(Ban.place_id == group.place_id, Ban.person_id == person_id)
    if db.session.execute(lifting.returning(Ban.person_id)).first() is not None:
        record(Banned(actor=actor.id, person=person_id, place=group.place_id, banned=False))


def ban_of(place_id: int, person_id: int) -> str | None:
    """Return why somebody is banned from a group, None if they are not."""
    rows = read_rows(_ban(), {"place": place_id, "person": person_id})
    return rows[0].reason if rows else None


@prepared
def _ban() -> Select[str]:
    place, person = (bindparam(name, type_=BigId) for name in ("place", "person"))
    return select(Ban.reason).where(Ban.place_id == place, Ban.person_id == person)


def banned_sentence(name: str, reason: str) -> str:
    """Return what somebody who is banned from a group is told."""
    return _("You were banned from %(group)s: %(reason)s", group=name, reason=reason)


def check_may_come(group: Group, standing: Standing) -> None:
    """Refuse who may not come into a group at all; raises as `join`."""
    if group.place.access == Access.SECRET and standing.inviter is None:
        raise nothing()
    if standing.banned is not None:
        raise NotAllowed(banned_sentence(group.place.shown_name, standing.banned))
    check_not_over(group)


def inviter_of(group: Group, person_id: int) -> int | None:
    """Return who has invited somebody, if they have not answered."""
    return db.session.scalar(
        select(Invitation.inviter_id).where(
            Invitation.place_id == group.place_id,
            Invitation.person_id == person_id,
            Invitation.state == State.PENDING,
        )
    )


def settle(group: Group, person_id: int, state: State | None) -> None:
    """Let what somebody asked for or was asked be answered, or (None) forget it; and what they were told."""
    for model in (JoinRequest, Invitation):
        theirs = (model.place_id == group.place_id, model.person_id == person_id)
        if state is None:
            db.session.execute(delete(model).where(*theirs))
        else:
            pending = (*theirs, model.state == State.PENDING)
            db.session.execute(update(model).where(*pending).values(state=state))
    untell(kind=INVITED, root=subject(group.place_id), people=[person_id])


def has_owner(group: Group) -> None:
    """Note that somebody in the company owns a group: it is offered to nobody any more."""
    db.session.refresh(group)
    if group.orphaned_at is not None:
        group.orphaned_at = group.cared_at = None
        offered = delete(Offer).where(Offer.place_id == group.place_id).returning(Offer.person_id)
        people = list(db.session.scalars(offered))
        untell(kind=ORPHANED, root=subject(group.place_id), people=people)
        db.session.flush()


def count_present(places: list[int]) -> None:
    """Count the members of groups anew: those who are in the company. Their places are locked, in order."""
    some = (Place.id.in_(places), Place.kind == KIND)
    db.session.execute(select(Place.id).where(*some).order_by(Place.id).with_for_update(key_share=True)).all()
    present = (
        select(func.count())
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.place_id == Place.id, Membership.role != Role.VISITOR, Person.present.is_(True))
        .scalar_subquery()
    )
    counting = update(Place).where(*some).values(members_count=present)
    db.session.execute(counting, execution_options={"synchronize_session": False})
    db.session.expire_all()


def _take_out(group: Group, person_id: int, actor: Member) -> None:
    if end_membership(place=group.place, person_id=person_id, actor=actor) and not _is_present(person_id):
        group.place.members_count += 1  # who has left the company was not counted any more
    _forget_offer(group, person_id)
    db.session.flush()


def _check_above(group: Group, person_id: int, actor: Member) -> Role | None:
    """Let moderators deal with members, and owners with everybody but themselves; return what they are."""
    own = as_manager(group, actor)
    if person_id == actor.id:
        raise NotAllowed(_("To go yourself, leave the group."))
    role = role_now(group, person_id)
    if role in (Role.OWNER, Role.MODERATOR) and own != Role.OWNER:
        raise NotAllowed(_("Only the owners can do this to somebody who looks after the group."))
    return role


def _check_other_owner(group: Group, person_id: int) -> None:
    """Refuse that the only owner who is in the company goes."""
    others = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.place_id == group.place_id,
            Membership.role == Role.OWNER,
            Membership.person_id != person_id,
            Person.present.is_(True),
        )
        .limit(1)
    )
    if db.session.scalar(others) is None:
        raise Invalid(
            _(
                "%(place)s would be left without an owner. Make somebody else an owner first.",
                place=group.place.shown_name,
            )
        )


def _is_present(person_id: int) -> bool:
    return bool(db.session.scalar(select(Person.present).where(Person.id == person_id)))


def _forget_offer(group: Group, person_id: int) -> None:
    db.session.execute(delete(Offer).where(Offer.place_id == group.place_id, Offer.person_id == person_id))
