"""Telling people: one way for every kind, which asks whether they want it and may read it.

It is called by whoever follows the event log, never while somebody waits for a page. Other channels (mail)
will stand beside this one: what they need to know is the row that is written here.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from parvis.api import BigId, Person, UTCDateTime, among, db, one_of, prepared, read_rows, utcnow, write_rows
from sqlalchemy import (
    ColumnElement,
    Delete,
    Insert,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import aliased

from ..content.models import Content
from ..place.models import Access, Level, Membership, Place, PlaceFollow, Visitor
from ..place.visitor import People, lock_visitors, make_visitors
from ..registry import content_types, notification_kinds, place_kinds
from .models import Notification

COLUMNS = (
    "person_id", "kind", "actor_id", "place_id", "content_id", "root_id", "count", "data", "created_at",
)  # fmt: skip

PLACE = bindparam("place", type_=BigId)

_table = cast(Table, Notification.__table__)


def notify(
    *,
    kind: str,
    people: People,
    actor: int | None = None,
    place: int | None = None,
    content: int | None = None,
    root: int | None = None,
    data: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> int:
    """Tell people something, those who want to know and may; return how many are told.

    Args:
        kind: name of a registered `NotificationKind`.
        people: ids of people, or a query of them: as many as follow a place, by the same few statements.
        actor: who did it, and is not told.
        place: where it was done; who may not read it is not told.
        content: what it is about; it counts where that is now, and nobody is told of what is gone.
        root: what is gathered: several unread of one kind on one root are one row, with a count.
        data: plain values that the kind's sentence needs.
        at: when it happened; None: now.

    A person is told by a new row, which takes over the count of an unread one on the same root.
    """
    ids = _ids(people, actor)
    if ids and content is not None:
        place = _place_of(content)
        if place is None:
            return 0
    told = _wanting(kind, ids, place)
    if not told:
        return 0
    row = {"kind": kind, "actor": actor, "place": place, "content": content, "root": root}
    written = write_rows(
        _telling(root is not None), {**row, "people": told, "data": data or {}, "now": at or utcnow()}
    )
    _replace(written, row)
    new = [row.person_id for row in written if row.count == 1]
    if new:
        write_rows(_counting(), {"people": new})
    return len(written)


def _ids(people: People, actor: int | None) -> list[int]:
    """Return the ids of people, each once, without that of who did it."""
    found: Iterable[int] = people if isinstance(people, Sequence) else db.session.scalars(people)
    return [id for id in dict.fromkeys(found) if id != actor]


def _place_of(content: int) -> int | None:
    """Return where a content is that can be read: neither it nor what it stands under is gone."""
    return next((row.place_id for row in read_rows(_place(), {"content": content})), None)


@prepared
def _place() -> Select[Any]:
    root = aliased(Content)
    return (
        select(Content.place_id)
        .join(Place, Place.id == Content.place_id)
        .outerjoin(root, root.id == Content.root_id)
        .where(
            Content.id == bindparam("content", type_=BigId),
            one_of(Content.type, content_types()),
            one_of(Place.kind, place_kinds()),
            Content.deleted_at.is_(None),
            root.deleted_at.is_(None),
        )
    )


def _wanting(kind: str, ids: list[int], place: int | None) -> list[int]:
    """Return who of some people is present, wants this kind, hears of this place, and may read it.

    What they have not read is theirs to be counted until the transaction ends.
    """
    if not ids:
        return []
    values = {"people": ids, "place": place, "now": utcnow()}
    found = read_rows(_wants(kind, place is not None), values)
    people = [row.id for row in found]
    if new := [row.id for row in found if not row.known]:
        make_visitors(new)
    if people:
        lock_visitors(people)
    return people


@prepared
def _wants(kind: str, somewhere: bool) -> Select[int, bool]:
    known = exists().where(Visitor.person_id == Person.id)
    query = select(Person.id, known.label("known")).where(
        among(Person.id, "people"), Person.present.is_(True), *_switched_on(kind)
    )
    return query.where(_may_read(), _hears_of(kind)) if somewhere else query


def _switched_on(kind: str) -> list[ColumnElement[bool]]:
    """Return the condition that a kind is on for a person: as they chose, else as the kind says."""
    default = notification_kinds()[kind].default
    choice = Visitor.choices[kind].as_boolean()
    chosen = exists().where(Visitor.person_id == Person.id, choice.is_(not default))
    return [~chosen if default else chosen]


def _may_read() -> ColumnElement[bool]:
    member = exists().where(Membership.place_id == PLACE, Membership.person_id == Person.id)
    is_open = exists().where(Place.id == PLACE, Place.access == Access.OPEN)
    return or_(is_open, member)


def _hears_of(kind: str) -> ColumnElement[bool]:
    """Return the condition that a person has not silenced a place for this kind; who follows not has not."""
    wanted = [Level.ALL] if notification_kinds()[kind].level == Level.ALL else [Level.ALL, Level.MENTIONS]
    silenced = exists().where(
        PlaceFollow.place_id == PLACE,
        PlaceFollow.person_id == Person.id,
        or_(
            ~one_of(PlaceFollow.level, wanted), PlaceFollow.muted_until > bindparam("now", type_=UTCDateTime)
        ),
    )
    return ~silenced


@prepared
def _telling(gathered: bool) -> Insert:
    """Write a row for each who is told, all of the same moment; give who, and how many it tells of."""
    person = select(Person.id).where(among(Person.id, "people")).subquery("told").c.id
    given = (*(bindparam(name, type_=BigId) for name in ("actor", "place", "content", "root")),)
    rows = select(
        person, bindparam("kind", type_=Notification.kind.type), *given,
        (_count_before(person) if gathered else 0) + literal(1, BigId),
        bindparam("data", type_=Notification.data.type), bindparam("now", type_=UTCDateTime),
    )  # fmt: skip
    adding = insert(_table).from_select(COLUMNS, rows)
    return adding.returning(_table.c.id, _table.c.person_id, _table.c.count)


def _count_before(person: Any) -> Any:
    count = select(func.sum(Notification.count)).where(_gathered(), Notification.person_id == person)
    return sql_cast(func.coalesce(count.scalar_subquery(), 0), BigId)


def _gathered() -> ColumnElement[bool]:
    """Return the condition of the unread rows that a new one takes the place of."""
    mark = select(Visitor.read_up_to).where(Visitor.person_id == Notification.person_id)
    return and_(
        Notification.kind == bindparam("kind", type_=Notification.kind.type),
        Notification.root_id == bindparam("root", type_=BigId),
        Notification.read_at.is_(None),
        Notification.id > mark.correlate(Notification).scalar_subquery(),
    )


def _replace(written: Sequence[Any], row: Mapping[str, Any]) -> None:
    """Delete the rows whose count new ones took over."""
    if people := [row.person_id for row in written if row.count > 1]:
        first = min(row.id for row in written)
        write_rows(_replacing(), {"people": people, "first": first, "kind": row["kind"], "root": row["root"]})


@prepared
def _replacing() -> Delete:
    older = Notification.id < bindparam("first", type_=BigId)
    return delete(_table).where(_gathered(), older, among(Notification.person_id, "people"))


@prepared
def _counting() -> Update:
    """Count one more unread for each whose row took nothing over."""
    counting = update(cast(Table, Visitor.__table__)).where(among(Visitor.person_id, "people"))
    return counting.values(unread=Visitor.unread + 1)
