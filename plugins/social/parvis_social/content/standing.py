"""What is known, at this moment, of somebody who is about to write in a place: one query for all of it.

It is asked once the place is locked: what was true before may have changed while one waited for that.
"""

from datetime import timedelta
from typing import Any, NamedTuple

from parvis.api import BigId, Member, UTCDateTime, next_key, prepared, read_rows, utcnow
from sqlalchemy import Select, bindparam, func, select

from ..place.models import Membership, Place, Role
from ..settings import settings
from ..statement import VIEWER
from .models import Content, Draft


class Standing(NamedTuple):
    """What somebody is in a place, and what they have written."""

    role: Role | None
    sent_before: int | None
    """What was published by the same form already."""
    recent: int
    """How much they have written in the last hour, wherever; no more is counted than one may."""
    drafted: bool
    """Whether they keep a draft for this place."""
    next_id: int
    """The id of what they write, if they may."""


def standing_of(actor: Member, place: Place, *, author: int, key: str | None) -> Standing:
    """Return what is known of somebody who writes in a place, in the name of `author`, by a form of a key."""
    values = {
        "viewer": actor.id, "place": place.id, "author": author, "key": key,
        "since": utcnow() - timedelta(hours=1), "most": settings().posts_per_hour,
    }  # fmt: skip
    [row] = read_rows(_standing(), values)
    role = Role(row.role) if row.role else None
    return Standing(role, row.sent_before, row.recent, row.draft is not None, row.next_id)


@prepared
def _standing() -> Select[Any]:
    place = bindparam("place", type_=BigId)
    role = select(Membership.role).where(Membership.person_id == VIEWER, Membership.place_id == place)
    form = (Content.author_id == bindparam("author", type_=BigId), Content.form_key == bindparam("key"))
    draft = select(Draft.place_id).where(Draft.person_id == VIEWER, Draft.place_id == place)
    lately = (Content.author_id == VIEWER, Content.created_at > bindparam("since", type_=UTCDateTime))
    recent = select(Content.id).where(*lately).limit(bindparam("most", type_=BigId)).subquery()
    return select(
        role.scalar_subquery().label("role"),
        select(Content.id).where(*form).scalar_subquery().label("sent_before"),
        select(func.count()).select_from(recent).scalar_subquery().label("recent"),
        draft.scalar_subquery().label("draft"),
        next_key(Content).label("next_id"),
    )
