"""A group as one person stands to it: what it is, what they are there, what they may do."""

from dataclasses import dataclass

from sqlalchemy import Select, and_, bindparam, or_, select

from parvis.api import Member, NotAllowed, NotFound, db
from parvis.api import gettext as _
from parvis_social.api import VIEWER, Access, Membership, Place, Role, may_post, may_read, prepared

from ..models import Ban, Group, Invitation, Request

KIND = "group"


@dataclass(frozen=True)
class Standing:
    """A group, and what one person is to it."""

    group: Group
    role: Role | None
    invited: bool
    requested: bool
    ban: Ban | None

    @property
    def place(self) -> Place:
        """The place that the group is."""
        return self.group.place

    @property
    def belongs(self) -> bool:
        """Whether they are a member."""
        return self.role is not None

    @property
    def owns(self) -> bool:
        """Whether they own it."""
        return self.role == Role.OWNER

    @property
    def moderates(self) -> bool:
        """Whether they look after it, as owner or moderator."""
        return self.role in (Role.OWNER, Role.MODERATOR)

    @property
    def reads(self) -> bool:
        """Whether they read what it holds."""
        return may_read(self.place, self.role)

    @property
    def posts(self) -> bool:
        """Whether they publish in it."""
        return may_post(self.place, self.role) and self.ban is None

    @property
    def is_over(self) -> bool:
        """Whether it is archived or was merged into another."""
        return self.place.archived_at is not None or self.place.moved_to_id is not None

    @property
    def may_join(self) -> bool:
        """Whether they may become a member at once."""
        if self.belongs or self.ban is not None or self.is_over:
            return False
        return self.place.access == Access.OPEN or self.invited

    @property
    def may_ask(self) -> bool:
        """Whether they may ask to become a member."""
        return not (self.belongs or self.ban or self.is_over or self.may_join or self.requested)


def get_group_for(member: Member, slug: str) -> Standing:
    """Fetch a group that the member may know of.

    Raises:
        NotFound: there is none, or it is secret, and they are neither in it nor invited.
    """
    return _standing(db.session.execute(_by_slug(), {"viewer": member.id, "slug": slug}).first())


def get_group_by_id(member: Member, place_id: int) -> Standing:
    """Fetch a group as `get_group_for` does."""
    return _standing(db.session.execute(_by_id(), {"viewer": member.id, "id": place_id}).first())


def _standing(row: object) -> Standing:
    if row is None:
        raise NotFound(_("There is no such group, or it is not open to you."))
    group, role, invitation, request, ban = row  # type: ignore[misc]  # a row of five
    return Standing(group, Role(role) if role else None, invitation is not None, request is not None, ban)


@prepared
def _by_slug() -> Select[Group, str | None, int | None, int | None, Ban | None]:
    return _query().where(Place.slug == bindparam("slug"))


@prepared
def _by_id() -> Select[Group, str | None, int | None, int | None, Ban | None]:
    return _query().where(Place.id == bindparam("id"))


def _query() -> Select[Group, str | None, int | None, int | None, Ban | None]:
    def theirs(model: type[Membership] | type[Invitation] | type[Request] | type[Ban]) -> object:
        return and_(model.place_id == Place.id, model.person_id == VIEWER)

    return (
        select(Group, Membership.role, Invitation.person_id, Request.person_id, Ban)
        .join(Place, Place.id == Group.place_id)
        .outerjoin(Membership, theirs(Membership))  # type: ignore[arg-type]  # a condition
        .outerjoin(Invitation, theirs(Invitation))  # type: ignore[arg-type]  # as above
        .outerjoin(Request, theirs(Request))  # type: ignore[arg-type]  # as above
        .outerjoin(Ban, theirs(Ban))  # type: ignore[arg-type]  # as above
        .where(
            Place.kind == KIND,
            or_(
                Place.access != Access.SECRET,
                Membership.role.is_not(None),
                Invitation.person_id.is_not(None),
            ),
        )
    )


def as_owner(member: Member, group: Group) -> Standing:
    """Return how an owner stands to their group; nobody else gets through.

    Raises:
        NotAllowed: the member does not own it.
        NotFound: they may not even know of it.
    """
    standing = get_group_by_id(member, group.place_id)
    if not standing.owns:
        raise NotAllowed(_("Only the owners of %(group)s can do this.", group=group.place.name))
    return standing


def as_moderator(member: Member, group: Group) -> Standing:
    """Return how somebody who looks after a group stands to it; raises as `as_owner`."""
    standing = get_group_by_id(member, group.place_id)
    if not standing.moderates:
        raise NotAllowed(_("Only those who look after %(group)s can do this.", group=group.place.name))
    return standing
