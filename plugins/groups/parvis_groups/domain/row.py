"""Groups as lists show them, and how alive they are."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask_babel import get_locale
from sqlalchemy import Select, and_, select

from parvis.api import utcnow
from parvis_social.api import VIEWER, Membership, Place, visible_places

from ..models import Group

QUIET = timedelta(days=90)
"""After so long without a word a group is called quiet."""

COLUMNS: tuple[Any, ...] = (
    Place.id, Place.slug, Place.name, Place.access, Place.archived_at, Place.picture_key,
    Place.members_count, Place.active_at, Place.latest_id, Place.created_at, Group.purpose, Group.second_name,
    Group.second_purpose, Group.languages, Group.tags, Group.theme, Group.scope, Group.posts_month,
    Group.active_members, Membership.role,
)  # fmt: skip


class GroupRow(NamedTuple):
    """A group in a list; `role` is what the viewer is in it."""

    id: int
    slug: str
    own_name: str
    access: str
    archived_at: datetime | None
    picture_key: str | None
    members_count: int
    active_at: datetime | None
    latest_id: int
    created_at: datetime
    own_purpose: str
    second_name: str
    second_purpose: str
    languages: list[str]
    tags: list[str]
    theme: str
    scope: str
    posts_month: int
    active_members: int
    role: str | None

    @property
    def name(self) -> str:
        """Its name, in the reader's language if it has one there."""
        return in_reader_s(self.languages, self.own_name, self.second_name)

    @property
    def purpose(self) -> str:
        """What it is for, likewise."""
        return in_reader_s(self.languages, self.own_purpose, self.second_purpose)

    @property
    def alive(self) -> bool:
        """Whether something was written in the last three months, or it has only just begun."""
        return utcnow() - (self.active_at or self.created_at) < QUIET


def in_reader_s(languages: Sequence[str], own: str, second: str) -> str:
    """Choose between a group's own words and those in its second language, by what the reader reads."""
    locale = get_locale()
    if not second or locale is None or not languages or locale.language == languages[0]:
        return own
    return second


def list_rows() -> Select[Any]:
    """Return the select of rows: groups that `VIEWER` may know of, with their role."""
    mine = and_(Membership.place_id == Place.id, Membership.person_id == VIEWER)
    return (
        select(*COLUMNS)
        .join(Group, Group.place_id == Place.id)
        .outerjoin(Membership, mine)
        .where(visible_places(), Place.moved_to_id.is_(None))
    )
