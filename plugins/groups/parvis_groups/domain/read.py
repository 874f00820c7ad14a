"""A group as one person meets it: what it is, what they are there, what they may do."""

from dataclasses import dataclass
from typing import Any

from parvis.api import (
    Member,
    NotAllowed,
    NotFound,
    Person,
    Unit,
    columns_of,
    entities,
    one_of,
    prepared,
    read_rows,
)
from parvis.api import gettext as _
from parvis_social.api import (
    VIEWER,
    Access,
    Membership,
    Place,
    PlaceFollow,
    Role,
    is_member,
    lock_place,
    manages,
    may_post,
    may_read,
    place_kinds,
    role_in,
)
from sqlalchemy import Select, and_, bindparam, case, func, literal_column, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import set_committed_value

from ..models import KIND, Ban, Group, Invitation, JoinRequest, Offer, State

SHOWN = (Group, Place, Unit, PlaceFollow)
LOOK_AFTER = (Membership.role == Role.OWNER, Membership.role == Role.MODERATOR)
PENDING: Any = literal_column(f"'{State.PENDING}'")
"""Written into the query, so that the index of what is pending is used."""


@dataclass(frozen=True)
class View:
    """A group, and what one person is to it."""

    group: Group
    role: Role | None
    banned: str
    """Why they are banned; empty if they are not."""
    asked: bool
    """Whether they have asked to join, and wait for the answer."""
    invited: bool
    offered: bool
    """Whether it lost its owners, and they are asked to take over."""
    viewer: Member
    follow: PlaceFollow | None = None
    """How they follow it, if they do."""
    waiting: int = 0
    """How many ask to be let in, to who looks after it."""

    @property
    def place(self) -> Place:
        """The place that the group is."""
        return self.group.place

    @property
    def archived(self) -> bool:
        """Whether nothing is added any more."""
        return self.place.archived_at is not None or self.place.moved_to_id is not None

    @property
    def reads(self) -> bool:
        """Whether they read what it holds."""
        return may_read(self.place, self.role)

    @property
    def is_member(self) -> bool:
        """Whether they belong to it."""
        return is_member(self.role)

    @property
    def visits(self) -> bool:
        """Whether they only read it, for a time."""
        return self.role == Role.VISITOR and self.place.access != Access.OPEN

    @property
    def owns(self) -> bool:
        """Whether they own it."""
        return self.role == Role.OWNER

    @property
    def manages(self) -> bool:
        """Whether they look after it, as owner or moderator."""
        return manages(self.role)

    @property
    def may_post(self) -> bool:
        """Whether they publish in it."""
        return may_post(self.place, self.role) and not self.banned

    @property
    def may_join(self) -> bool:
        """Whether they may become a member at once."""
        if self.is_member or self.banned or self.archived:
            return False
        return self.invited or self.place.access == Access.OPEN

    @property
    def may_ask(self) -> bool:
        """Whether they may ask to become a member."""
        closed = self.place.access == Access.CLOSED and not self.invited
        return closed and not self.is_member and not (self.banned or self.archived or self.asked)

    @property
    def may_invite(self) -> bool:
        """Whether they may invite colleagues: members of an open group, else those who look after it."""
        if self.archived:
            return False
        return self.manages or (self.is_member and self.place.access == Access.OPEN)


def get_group_for(member: Member, slug: str) -> View:
    """Fetch a group that the member may know of, and what they are to it; it may be closed to them.

    Raises:
        NotFound: there is none, or it is secret, and they are neither in it nor invited.
    """
    if not slug.isprintable():  # PostgreSQL takes not every character
        raise nothing()
    return _view(member, _by_slug(), slug=slug)


def get_group_by_id(member: Member, place_id: int) -> View:
    """Fetch a group as `get_group_for` does."""
    return _view(member, _by_id(), id=place_id)


def moved_to(view: View) -> str | None:
    """Return the address of the group that this one became part of, if the member may know of that."""
    if view.place.moved_to_id is None:
        return None
    try:
        return get_group_by_id(view.viewer, view.place.moved_to_id).place.slug
    except NotFound:
        return None


def nothing() -> NotFound:
    """Return the one answer to who may not know whether there is something."""
    return NotFound(_("There is no such group, or it is not open to you."))


def _view(member: Member, query: Select[Any], **values: Any) -> View:
    rows = read_rows(query, {"viewer": member.id, **values})
    if not rows:
        raise nothing()
    group, place, unit, follow = entities(rows[0], *SHOWN)
    set_committed_value(group, "place", place)
    set_committed_value(group, "unit", unit)
    role, reason, asked, invited, offered, waiting = rows[0][-6:]
    return View(
        group,
        Role(role) if role else None,
        reason or "",
        asked is not None,
        invited is not None,
        offered is not None and group.orphaned_at is not None,
        member,
        follow,
        waiting,
    )


@prepared
def _by_slug() -> Select[Any]:
    return _views().where(Place.slug == bindparam("slug"))


@prepared
def _by_id() -> Select[Any]:
    return _views().where(Place.id == bindparam("id"))


def _views() -> Any:
    known = (Place.access != Access.SECRET, Membership.role.is_not(None), Invitation.person_id.is_not(None))
    return (
        select(
            *columns_of(*SHOWN), Membership.role, Ban.reason, JoinRequest.person_id, Invitation.person_id,
            Offer.person_id, case((or_(*LOOK_AFTER), _waiting()), else_=0),
        )
        .select_from(Group)
        .join(Place, Place.id == Group.place_id)
        .outerjoin(Membership, _own(Membership))
        .outerjoin(Ban, _own(Ban))
        .outerjoin(JoinRequest, and_(_own(JoinRequest), JoinRequest.state == State.PENDING))
        .outerjoin(Invitation, and_(_own(Invitation), Invitation.state == State.PENDING))
        .outerjoin(Offer, _own(Offer))
        .outerjoin(PlaceFollow, _own(PlaceFollow))
        .outerjoin(Unit, Unit.id == Group.unit_id)
        .where(Place.kind == KIND, one_of(Place.kind, place_kinds()), or_(*known))
    )  # fmt: skip


def _waiting() -> Any:
    """Return how many ask to be let in, which has an index of its own."""
    asking = aliased(JoinRequest)
    return (
        select(func.count())
        .select_from(asking)
        .join(Person, Person.id == asking.person_id)
        .where(asking.place_id == Place.id, asking.state == PENDING, Person.present.is_(True))
        .correlate(Place)
        .scalar_subquery()
    )


def _own(model: Any) -> Any:
    return and_(model.place_id == Place.id, model.person_id == VIEWER)


@dataclass(frozen=True)
class Standing:
    """What somebody is to a group at this moment, whatever was read before."""

    role: Role | None
    banned: str | None
    """Why they are banned, None if they are not."""
    asked: bool
    """Whether they have asked to join, and wait for the answer."""
    inviter: int | None
    """Who has invited them, if they have not answered."""
    answers: bool
    """Whether they were ever invited, and may have been told so."""


def standing_of(group: Group, person_id: int) -> Standing:
    """Return what somebody is to a group that is locked: one query for all of it."""
    [row] = read_rows(_standing(), {"viewer": person_id, "id": group.place_id})
    pending = row.invited == State.PENDING
    return Standing(
        Role(row.role) if row.role else None,
        row.reason,
        row.asked == State.PENDING,
        row.inviter_id if pending else None,
        row.invited is not None,
    )


@prepared
def _standing() -> Select[Any]:
    states = (JoinRequest.state.label("asked"), Invitation.state.label("invited"))
    columns: tuple[Any, ...] = (Membership.role, Ban.reason, *states, Invitation.inviter_id)
    standing = select(*columns).select_from(Place)
    for model in (Membership, Ban, JoinRequest, Invitation):
        standing = standing.outerjoin(model, _own(model))
    return standing.where(Place.id == bindparam("id"))


def role_now(group: Group, person_id: int) -> Role | None:
    """Return what somebody is in a group at this moment, whatever was read before."""
    return role_in(group.place_id, person_id)


def as_owner(group: Group, actor: Member) -> None:
    """Keep a group for oneself until the transaction ends, as its owner.

    Raises:
        NotAllowed: the actor does not own it.
        NotFound: they may not even know of it.
    """
    if _locked_role(group, actor) != Role.OWNER:
        raise NotAllowed(_("Only the owners of %(group)s can do this.", group=group.place.shown_name))


def as_manager(group: Group, actor: Member) -> Role:
    """Keep a group for oneself as owner or moderator; return which. Raises as `as_owner`."""
    role = _locked_role(group, actor)
    if role is None or not manages(role):
        raise NotAllowed(_("Only those who look after %(group)s can do this.", group=group.place.shown_name))
    return role


def _locked_role(group: Group, actor: Member) -> Role | None:
    lock_place(group.place)
    role = role_now(group, actor.id)
    if role is None and group.place.access == Access.SECRET:
        raise nothing()
    return role


def check_not_over(group: Group) -> None:
    """Refuse what would add to a group that is archived, or part of another one."""
    if group.place.archived_at is not None or group.place.moved_to_id is not None:
        raise NotAllowed(
            _("%(place)s is archived: it can be read, but nothing is added.", place=group.place.shown_name)
        )
