"""What waits for those who look after the whole site: groups without an owner, merges, groups that are alike.

One query for all of it. Of a group that the viewer may not know of, no name is told, nor that it merges.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from parvis.api import BigId, Member, UTCDateTime, prepared, read_rows, unseen, utcnow
from parvis.api import gettext as _
from parvis_social.api import Matter, Place, name_for_reader, visible_places
from sqlalchemy import Select, String, bindparam, case, cast, literal, null, select, union_all
from sqlalchemy.orm import aliased

from ..models import KIND, Group, Merge, State

LIKE_DAYS = timedelta(days=30)
"""For how long a group that was opened beside similar ones is shown: then it has found its people, or not."""


def matters(viewer: Member, since: datetime | None, limit: int) -> Iterator[Matter]:
    """Return what waits, the oldest first."""
    now = utcnow()
    values = {"viewer": viewer.id, "now": now, "lately": now - LIKE_DAYS, "most": limit, "first": since}
    for row in read_rows(_waiting(later=since is not None), values):
        yield _matter(row)


@prepared
def _waiting(*, later: bool) -> Select[Any]:
    """Return the query of all that waits; `later`: since the moment `first`."""
    parts = union_all(_ownerless(), _merges(), _alike()).subquery()
    query = select(parts).order_by(parts.c.since, parts.c.kind, parts.c.id)
    query = query.limit(bindparam("most", type_=BigId))
    return query.where(parts.c.since >= bindparam("first")) if later else query


def _matter(row: Any) -> Matter:
    if row.kind == "ownerless":
        name = _name(row) or _("A secret group")
        # the page begins with the group that is meant
        address = f"/groups/ownerless?after={row.id - 1}"
        return Matter(_("Group without an owner"), name, address, row.since)
    if row.kind == "merge":
        other = name_for_reader(row.other, row.other_second, row.other_language)
        title = _("%(origin)s into %(target)s", origin=_name(row), target=other)
        address = f"/groups/{row.slug}"
        return Matter(_("Groups to be merged: their owners decide"), title, address, row.since, row.note)
    address = f"/groups/{row.slug}/about"
    return Matter(_("Opened though there are similar groups"), _name(row), address, row.since, row.note)


def _name(row: Any) -> str:
    return name_for_reader(row.name, row.second, row.language)


def _columns(kind: str, since: Any, **given: Any) -> list[Any]:
    """Return the columns that every part has, in one order."""
    nothing = cast(null(), String)
    named = ("name", "second", "language", "slug", "other", "other_second", "other_language", "note")
    return [
        literal(kind).label("kind"),
        since.label("since"),
        Place.id.label("id"),
        *(given.get(name, nothing).label(name) for name in named),
    ]


def _ownerless() -> Select[Any]:
    """Return the groups that nobody took over in time: by when they lost their owners, which has an index."""
    names = {"name": Place.name, "second": Place.second_name, "language": Place.second_language}
    shown = {key: case((visible_places(), name), else_="") for key, name in names.items()}
    query: Any = select(*_columns("ownerless", Group.cared_at, **shown))
    return query.join(Group, Group.place_id == Place.id).where(
        Group.orphaned_at <= unseen(bindparam("now", type_=UTCDateTime)),
        Group.cared_at.is_not(None),
        Place.moved_to_id.is_(None),
    )


def _merges() -> Select[Any]:
    """Return the merges that are proposed, of groups that the viewer may know of."""
    origin = aliased(Place)
    known = select(Place.id).where(Place.id == Merge.origin_id, visible_places(), Place.kind == KIND)
    query: Any = select(
        *_columns(
            "merge",
            Merge.proposed_at,
            name=origin.name,
            second=origin.second_name,
            language=origin.second_language,
            slug=Place.slug,
            other=Place.name,
            other_second=Place.second_name,
            other_language=Place.second_language,
            note=Merge.message,
        )
    )
    return (
        query.select_from(Merge)
        .join(Place, Place.id == Merge.target_id)
        .join(origin, origin.id == Merge.origin_id)
        .where(
            Merge.state == State.PENDING, visible_places(), known.correlate(Merge).exists(),
            Place.moved_to_id.is_(None), origin.moved_to_id.is_(None),
        )
    )  # fmt: skip


def _alike() -> Select[Any]:
    """Return the groups that were opened lately beside similar ones, and what their founders say of that."""
    different = select(Group.place_id).where(Group.difference != "").correlate(None)  # few: they come first
    query: Any = select(
        *_columns(
            "alike",
            Place.created_at,
            name=Place.name,
            second=Place.second_name,
            language=Place.second_language,
            slug=Place.slug,
            note=Group.difference,
        )
    )
    return query.join(Group, Group.place_id == Place.id).where(
        Place.id.in_(different),
        Place.created_at > unseen(bindparam("lately", type_=UTCDateTime)),
        Place.archived_at.is_(None),
        Place.moved_to_id.is_(None),
        visible_places(),
    )
