"""Inviting colleagues to a group."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from parvis.api import (
    BigId,
    Invalid,
    Member,
    NotAllowed,
    NotFound,
    Person,
    TooMany,
    add_once,
    db,
    prepared,
    read_rows,
    record,
    utcnow,
)
from parvis.api import gettext as _
from parvis_social.api import FACE, VIEWER, Access, Face, Membership, Role, is_member, lock_place, manages
from parvis_social.api import take_back as untell
from sqlalchemy import Select, and_, bindparam, delete, exists, func, or_, select
from sqlalchemy.orm import aliased

from ..event import InvitationAnswered, Invited
from ..models import Ban, Group, Invitation, State
from .card import GroupCard, cards
from .membership import INVITED, inviter_of, join, subject
from .read import View, check_not_over, nothing, role_now
from .said import message as checked_message

AT_ONCE = 50
PER_DAY = 300
AGAIN = timedelta(days=30)
"""How long after somebody declined they may be invited again."""
SHOWN = 200


class InvitedPerson(NamedTuple):
    """Somebody who is invited and has not answered."""

    face: Face
    inviter_name: str
    message: str
    at: datetime


class MyInvitation(NamedTuple):
    """A group to which the reader is invited, by whom, and what they say."""

    group: GroupCard
    inviter: Face
    message: str


def invite(*, group: Group, people: Iterable[int], message: str, actor: Member) -> int:
    """Invite colleagues; return how many. Members, banned ones, and who declined lately are passed over.

    Into an open group every member invites, into others those who look after it.

    Raises:
        NotAllowed, NotFound: the actor may not invite here, or it is archived.
        Invalid: nobody is named, or too many at once; `field` is `people`. The message is too long.
        TooMany: the day's allowance is spent.
    """
    words = checked_message(message)
    wanted = list(dict.fromkeys(people))
    if not wanted:
        raise Invalid(_("Please choose somebody to invite."), field="people")
    if len(wanted) > AT_ONCE:
        raise Invalid(_("At most %(most)s people at once, please.", most=AT_ONCE), field="people")
    lock_place(group.place)
    _check_may_invite(group, actor)
    _check_allowance(actor, len(wanted))
    invited = list(db.session.scalars(_invitable(group, wanted)))
    for person_id in invited:
        _write(group, person_id, words, actor)
    record(*(Invited(actor=actor.id, person=person_id, place=group.place_id) for person_id in invited))
    return len(invited)


def accept(*, group: Group, actor: Member) -> None:
    """Come upon an invitation.

    Raises:
        NotFound: it was taken back, or there is none.
        NotAllowed: the group is archived.
    """
    if inviter_of(group, actor.id) is None and role_now(group, actor.id) is None:
        raise NotFound(_("This invitation was taken back."))
    join(group=group, actor=actor)


def decline(*, group: Group, actor: Member) -> None:
    """Not want an invitation; one that is gone already changes nothing."""
    lock_place(group.place)
    inviter = inviter_of(group, actor.id)
    if inviter is None:
        return
    mine = db.session.get_one(Invitation, (group.place_id, actor.id), populate_existing=True)
    mine.state, mine.at = State.REFUSED, utcnow()
    db.session.flush()
    untell(kind=INVITED, root=subject(group.place_id), people=[actor.id])
    record(InvitationAnswered(actor=actor.id, person=inviter, place=group.place_id, accepted=False))


def take_back(*, group: Group, person_id: int, actor: Member) -> None:
    """Take an invitation back, of one's own or as who looks after the group.

    Raises:
        NotAllowed, NotFound: it is somebody else's.
    """
    lock_place(group.place)
    if inviter_of(group, person_id) != actor.id and not manages(role_now(group, actor.id)):
        if group.place.access == Access.SECRET and role_now(group, actor.id) is None:
            raise nothing()
        raise NotAllowed(_("Only those who look after %(group)s can do this.", group=group.place.shown_name))
    theirs = (Invitation.place_id == group.place_id, Invitation.person_id == person_id)
    db.session.execute(delete(Invitation).where(*theirs, Invitation.state == State.PENDING))
    untell(kind=INVITED, root=subject(group.place_id), people=[person_id])


def invitations_of(view: View) -> Sequence[InvitedPerson]:
    """Return who is invited to a group, the latest first: all to who looks after it, else one's own."""
    if view.role is None:
        return []
    inviter = aliased(Person)
    query = (
        select(inviter.display_name, Invitation.message, Invitation.at, *FACE)
        .join(Person, Person.id == Invitation.person_id)
        .join(inviter, inviter.id == Invitation.inviter_id)
        .where(
            Invitation.place_id == view.place.id,
            Invitation.state == State.PENDING,
            Person.present.is_(True),
        )
        .order_by(Invitation.at.desc(), Invitation.person_id)
        .limit(SHOWN)
    )
    if not view.manages:
        query = query.where(Invitation.inviter_id == view.viewer.id)
    return [InvitedPerson(Face(*row[3:]), *row[:3]) for row in db.session.execute(query)]


def my_invitations(viewer: Member, *, limit: int = 20) -> list[MyInvitation]:
    """Return the groups to which a member is invited, the latest first; two queries however many."""
    rows = read_rows(_open_to_viewer(), {"viewer": viewer.id, "most": limit})
    groups = {card.id: card for card in cards([row[0] for row in rows], viewer=viewer, invited=True)}
    return [MyInvitation(groups[row[0]], Face(*row[2:]), row[1]) for row in rows if row[0] in groups]


@prepared
def _open_to_viewer() -> Any:
    return (
        select(Invitation.place_id, Invitation.message, *FACE)
        .join(Person, Person.id == Invitation.inviter_id)
        .where(Invitation.person_id == VIEWER, Invitation.state == State.PENDING)
        .order_by(Invitation.at.desc(), Invitation.place_id.desc())
        .limit(bindparam("most", type_=BigId))
    )


def chosen_people(ids: Collection[int]) -> Sequence[Person]:
    """Return whom somebody is about to invite, of those who are in the company, by name."""
    if not ids:
        return []
    query = select(Person).where(Person.id.in_(ids), Person.present.is_(True))
    return db.session.scalars(query.order_by(Person.sort_name, Person.id)).all()


def _check_may_invite(group: Group, actor: Member) -> None:
    role = role_now(group, actor.id)
    if role is None and group.place.access == Access.SECRET:
        raise nothing()
    check_not_over(group)
    if not is_member(role):
        raise NotAllowed(_("Only members of %(group)s can invite.", group=group.place.shown_name))
    if group.place.access != Access.OPEN and not manages(role):
        raise NotAllowed(_("Only those who look after %(group)s can invite.", group=group.place.shown_name))


def _check_allowance(actor: Member, more: int) -> None:
    """Refuse who invites without end: a person does not, a program can."""
    recent = (Invitation.inviter_id == actor.id, Invitation.at > utcnow() - timedelta(days=1))
    if (db.session.scalar(select(func.count()).where(*recent)) or 0) + more > PER_DAY:
        raise TooMany(_("You have invited a great many people today. Please go on tomorrow."))


def _invitable(group: Group, people: list[int]) -> Select[int]:
    place = group.place_id
    member = exists().where(
        Membership.place_id == place, Membership.person_id == Person.id, Membership.role != Role.VISITOR
    )
    banned = exists().where(Ban.place_id == place, Ban.person_id == Person.id)
    waiting = Invitation.state == State.PENDING
    declined = and_(Invitation.state == State.REFUSED, Invitation.at > utcnow() - AGAIN)
    asked = exists().where(
        Invitation.place_id == place, Invitation.person_id == Person.id, or_(waiting, declined)
    )
    return (
        select(Person.id)
        .where(Person.id.in_(people), Person.present.is_(True), ~member, ~banned, ~asked)
        .order_by(Person.id)
    )


def _write(group: Group, person_id: int, words: str, actor: Member) -> None:
    values = {"inviter_id": actor.id, "message": words, "state": State.PENDING, "at": utcnow()}
    if add_once(Invitation, place_id=group.place_id, person_id=person_id, **values):
        return
    again = db.session.get_one(Invitation, (group.place_id, person_id), populate_existing=True)
    for name, value in values.items():
        setattr(again, name, value)
    db.session.flush()
