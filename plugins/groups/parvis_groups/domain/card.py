"""Groups as lists show them, with their signs of life."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from parvis.api import BigId, Member, Unit, db, utcnow
from parvis_social.api import VIEWER, Membership, Place, Role, visible_places
from sqlalchemy import ColumnElement, Select, String, and_, bindparam, or_, select

from ..models import KIND, Group, GroupTag, Invitation, JoinRequest, State

QUIET = timedelta(days=60)
"""A group is called alive while something was published or commented in the last sixty days, or while it is
younger than that and so has had no time to be quiet; an archived one is not."""


class GroupCard(NamedTuple):
    """A group in a list; `role` is what the viewer is in it, `known` how many people near them are."""

    id: int
    slug: str
    name: str
    second_name: str
    purpose: str
    second_purpose: str
    languages: Sequence[str]
    theme: str
    scope: str
    unit_name: str | None
    access: str
    archived_at: datetime | None
    picture_key: str | None
    members_count: int
    posts_month: int
    active_members: int
    active_at: datetime | None
    created_at: datetime
    latest_id: int
    tags: Sequence[str]
    role: str | None
    asked: bool
    known: int = 0

    @property
    def url(self) -> str:
        """Address of its page."""
        return f"/groups/{self.slug}"

    @property
    def archived(self) -> bool:
        """Whether nothing is added any more."""
        return self.archived_at is not None

    @property
    def alive(self) -> bool:
        """Whether something was written not long ago, or it has only just begun."""
        return not self.archived and utcnow() - (self.active_at or self.created_at) < QUIET

    def name_for(self, language: str) -> str:
        """Its name, in a reader's language if it has one there."""
        return in_language(language, self.languages, self.name, self.second_name)

    def purpose_for(self, language: str) -> str:
        """What it is for, likewise."""
        return in_language(language, self.languages, self.purpose, self.second_purpose)


@dataclass(frozen=True)
class Groups:
    """One page of a list; the next one comes `after` this mark, None at the end."""

    groups: Sequence[GroupCard] = ()
    after: str | None = None


def in_language(language: str, languages: Sequence[str], own: str, second: str) -> str:
    """Choose between a group's own words and its second ones, by the language of who reads."""
    if second and language in languages[1:2] and language not in languages[:1]:
        return second
    return own


COLUMNS: tuple[Any, ...] = (
    Place.id, Place.slug, Place.name, Place.second_name, Group.purpose, Group.second_purpose, Group.languages,
    Group.theme, Group.scope, Unit.name, Place.access, Place.archived_at, Place.picture_key,
    Place.members_count, Group.posts_month, Group.active_members, Place.active_at, Place.created_at,
    Place.latest_id, Group.tags, Membership.role, JoinRequest.person_id.is_not(None),
)  # fmt: skip


def card_rows(*, invited: bool = False) -> Select[Any]:
    """Return the select of cards: groups that `VIEWER` may know of, but for those that became part of others.

    `invited`: also secret ones to which they are invited.
    """
    belongs = (Membership.person_id == VIEWER, Membership.role != Role.VISITOR)
    mine = and_(Membership.place_id == Place.id, *belongs)
    asked = and_(
        JoinRequest.place_id == Place.id,
        JoinRequest.person_id == VIEWER,
        JoinRequest.state == State.PENDING,
    )
    known: ColumnElement[bool] = visible_places()
    if invited:
        to = select(Invitation.place_id).where(
            Invitation.person_id == VIEWER, Invitation.state == State.PENDING
        )
        known = or_(known, Place.id.in_(to))
    return (
        select(*COLUMNS)
        .select_from(Group)
        .join(Place, Place.id == Group.place_id)
        .outerjoin(Unit, Unit.id == Group.unit_id)
        .outerjoin(Membership, mine)
        .outerjoin(JoinRequest, asked)
        .where(Place.kind == KIND, known, Place.moved_to_id.is_(None))
    )


def narrowed(query: Select[Any], wanted: Collection[str]) -> Select[Any]:
    """Narrow a select of groups to those with a `tag`, local to a `unit`, or of a `theme`: those `wanted`."""
    if "tag" in wanted:
        query = query.join(GroupTag, GroupTag.place_id == Group.place_id)
        query = query.where(GroupTag.folded == bindparam("tag", type_=String))
    if "unit" in wanted:
        query = query.where(Group.unit_id == bindparam("unit", type_=BigId))
    if "theme" in wanted:
        query = query.where(Group.theme == bindparam("theme", type_=String))
    return query


def cards(ids: Sequence[int], *, viewer: Member, invited: bool = False) -> list[GroupCard]:
    """Return some groups, in no order, of those that the viewer may know of."""
    if not ids:
        return []
    query = card_rows(invited=invited).where(Group.place_id.in_(ids))
    return [GroupCard(*row) for row in db.session.execute(query, {"viewer": viewer.id})]
