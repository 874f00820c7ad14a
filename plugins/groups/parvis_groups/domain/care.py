"""Groups whose owners have left the company: offered to who is most active there, then to who cares for all.

A member who leaves the company stays in the table, so that nothing is lost if they come back, but is neither
listed nor counted. A group is *orphaned* while none of its owners is in the company.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from parvis.api import Invalid, Member, NotAllowed, NotFound, Person, add_once, db, may, record, utcnow
from parvis.api import gettext as _
from parvis_social.api import (
    Access,
    Content,
    Membership,
    Place,
    Role,
    cares_for_site,
    is_member,
    lock_place,
    name_for_reader,
)
from parvis_social.api import set_role as give_role
from sqlalchemy import Select, func, or_, select, update

from ..event import Orphaned, RoleChanged
from ..models import KIND, Group, Offer
from ..permission import GroupsPermission
from ..settings import settings
from .directory import standing
from .life import first_since
from .membership import count_present, has_owner
from .read import nothing, role_now

OFFERED_TO = 3
LATELY = timedelta(days=90)


class Ownerless(NamedTuple):
    """A group without an owner; `due`: nobody took it over in time. Of a secret one no name is told."""

    id: int
    slug: str
    name: str
    members_count: int
    orphaned_at: datetime
    due: bool


def follow_leaving(person_id: int) -> None:
    """Follow somebody's leaving: count the members of their groups anew, offer those they owned alone."""
    count_present(_groups_of(person_id))
    for place_id in db.session.scalars(_owned_alone(person_id)).all():
        _orphan(db.session.get_one(Group, place_id))


def follow_return(person_id: int) -> None:
    """Follow somebody's return: they count again, and what they own has an owner."""
    places = _groups_of(person_id)
    count_present(places)
    owned = select(Membership.place_id).where(
        Membership.person_id == person_id, Membership.role == Role.OWNER
    )
    for group in db.session.scalars(
        select(Group).where(Group.place_id.in_(owned), Group.orphaned_at.is_not(None))
    ).all():
        has_owner(group)


def become_owner(*, group: Group, actor: Member) -> None:
    """Take over a group that has no owner: who is asked to, or looks after it anyway; the first is owner.

    Raises:
        NotAllowed: it is not offered to the actor, or somebody else was faster.
        NotFound: they may not even know of it.
    """
    lock_place(group.place)
    role = role_now(group, actor.id)
    if role is None and group.place.access == Access.SECRET:
        raise nothing()
    db.session.refresh(group)
    asked = db.session.get(Offer, (group.place_id, actor.id), populate_existing=True) is not None
    if group.orphaned_at is None:
        raise NotAllowed(_("%(group)s has an owner.", group=group.place.shown_name))
    if not is_member(role) or not (asked or role == Role.MODERATOR):
        raise NotAllowed(_("This is for those who are asked to take over."))
    _make_owner(group, actor.id, actor)


def appoint(*, group_id: int, person_id: int, actor: Member) -> None:
    """Make one of its members the owner of a group that has none: by who cares for all groups.

    Raises:
        NotAllowed: the actor may not, or the group has an owner.
        NotFound: there is no such group.
        Invalid: the person is no member, or not in the company; `field` is `person`.
    """
    _check_cares(actor)
    group = db.session.get(Group, group_id)
    if group is None:
        raise nothing()
    lock_place(group.place)
    db.session.refresh(group)
    if group.orphaned_at is None:
        raise NotAllowed(_("This group has an owner."))
    present = db.session.scalar(select(Person.present).where(Person.id == person_id))
    if not present or role_now(group, person_id) is None:
        raise Invalid(_("Please choose a member of the group."), field="person")
    _make_owner(group, person_id, actor)


def list_ownerless(viewer: Member, *, after: int | None = None, limit: int = 50) -> list[Ownerless]:
    """Return the groups without an owner by their ids, after one of them; one more than a page.

    Raises:
        NotFound: the viewer does not care for all groups.
    """
    _check_cares(viewer)
    mine = select(Membership.place_id).where(Membership.person_id == viewer.id)
    told: Any = or_(Place.access != Access.SECRET, Place.id.in_(mine))
    query = (
        select(
            Place.id,
            Place.slug,
            Place.name,
            Place.members_count,
            Group.orphaned_at,
            Group.cared_at,
            told,
            Place.second_name,
            Place.second_language,
        )
        .join(Place, Place.id == Group.place_id)
        .where(Group.orphaned_at.is_not(None), Place.moved_to_id.is_(None), Group.place_id > (after or 0))
        .order_by(Group.place_id)
        .limit(limit + 1)
    )
    return [
        Ownerless(
            id=row[0],
            slug=row[1] if row[6] else "",
            name=name_for_reader(row[2], *row[7:]) if row[6] else "",
            members_count=row[3],
            orphaned_at=row[4],
            due=row[5] is not None,
        )  # fmt: skip
        for row in db.session.execute(query)
    ]


def pass_on_offers() -> list[int]:
    """Pass groups that nobody took over in time on to those who care for all: a job. Return which are new.

    The offers stay: whoever takes the group over first is its owner.
    """
    until = utcnow() - timedelta(days=settings().offer_days)
    late = (
        update(Group)
        .where(Group.orphaned_at < until, Group.cared_at.is_(None))
        .values(cared_at=utcnow())
        .returning(Group.place_id)
    )
    return list(db.session.scalars(late, execution_options={"synchronize_session": False}))


def offered_to(place_id: int) -> Sequence[int]:
    """Return the ids of those to whom a group is offered."""
    return db.session.scalars(select(Offer.person_id).where(Offer.place_id == place_id)).all()


def cares_for_all(member: Member) -> bool:
    """Tell whether somebody finds owners for groups that have none."""
    return may(member, GroupsPermission.CARE) or cares_for_site(member)


def _check_cares(member: Member) -> None:
    if not cares_for_all(member):
        raise NotFound(_("There is no such page, or it is not open to you."))


def _groups_of(person_id: int) -> list[int]:
    query = (
        select(Membership.place_id)
        .join(Place, Place.id == Membership.place_id)
        .where(Membership.person_id == person_id, Place.kind == KIND)
    )
    return list(db.session.scalars(query))


def _owned_alone(person_id: int) -> Select[int]:
    """Return the groups that somebody owns and nobody else who is in the company does."""
    owner = (Membership.role == Role.OWNER, Place.kind == KIND, Place.moved_to_id.is_(None))
    others = (
        select(Membership.place_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.role == Role.OWNER, Person.present.is_(True))
    )
    mine = select(Membership.place_id).join(Place, Place.id == Membership.place_id)
    mine = mine.where(Membership.person_id == person_id, *owner)
    return mine.where(Membership.place_id.not_in(others.where(Membership.place_id.in_(_owned(person_id)))))


def _owned(person_id: int) -> Select[int]:
    return select(Membership.place_id).where(Membership.person_id == person_id, Membership.role == Role.OWNER)


def _orphan(group: Group) -> None:
    lock_place(group.place)
    db.session.refresh(group)
    if group.orphaned_at is not None:
        return
    group.orphaned_at = utcnow()
    db.session.flush()
    for person_id in db.session.scalars(_most_active(group)).all():
        add_once(Offer, place_id=group.place_id, person_id=person_id)
    record(Orphaned(place=group.place_id))


def _most_active(group: Group) -> Select[int]:
    """Return who contributed most in the last ninety days; of equals who looks after it, who came first."""
    written: Any = (
        select(Content.author_id, func.count().label("many"))
        .where(
            Content.place_id == group.place_id,
            Content.id >= first_since(utcnow() - LATELY),
            Content.deleted_at.is_(None),
        )
        .group_by(Content.author_id)
        .subquery()
    )
    many = func.coalesce(written.c.many, 0)
    return (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .join(Member, Member.id == Membership.person_id)
        .outerjoin(written, written.c.author_id == Membership.person_id)
        .where(
            Membership.place_id == group.place_id,
            Membership.role != Role.VISITOR,
            Person.present.is_(True),
        )
        .order_by(many.desc(), standing(), Membership.since, Person.id)
        .limit(OFFERED_TO)
    )


def _make_owner(group: Group, person_id: int, actor: Member) -> None:
    give_role(place=group.place, person_id=person_id, role=Role.OWNER)
    has_owner(group)
    record(RoleChanged(actor=actor.id, person=person_id, place=group.place_id, role=Role.OWNER))
