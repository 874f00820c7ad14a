"""Telling people: one way for every kind, which asks whether they want it and may read it.

It is called by whoever follows the event log, never while somebody waits for a page. Other channels (mail)
will stand beside this one: what they need to know is the row that is written here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from parvis.api import BigId, Person, db, one_of, utcnow
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    delete,
    exists,
    false,
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
from .forget import UNWATCHED
from .models import Notification

COLUMNS = (
    "person_id", "kind", "actor_id", "place_id", "content_id", "root_id", "count", "data", "created_at",
)  # fmt: skip


def notify(
    *,
    kind: str,
    people: People,
    actor: int | None = None,
    place: int | None = None,
    content: int | None = None,
    root: int | None = None,
    data: Mapping[str, Any] | None = None,
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

    A person is told by a new row, which takes over the count of an unread one on the same root.
    """
    if content is not None:
        place = _place_of(content)
        if place is None:
            return 0
    told = _wanting(kind, people, actor=actor, place=place)
    make_visitors(told)
    lock_visitors(told)
    newest = db.session.scalar(select(func.max(Notification.id))) or 0
    gathered, now = _gathered(kind, root), utcnow()
    row = (kind, actor, place, content, root, dict(data or {}))
    number = _insert(told, row, now, gathered)
    new = select(Notification.person_id).where(
        Notification.id > newest, Notification.kind == kind, Notification.created_at == now
    )
    new = new.correlate(None)
    _replace(new, gathered, newest)
    _count_more(new)
    return number


def _place_of(content: int) -> int | None:
    """Return where a content is that can be read: neither it nor what it stands under is gone."""
    root = aliased(Content)
    return db.session.scalar(
        select(Content.place_id)
        .join(Place, Place.id == Content.place_id)
        .outerjoin(root, root.id == Content.root_id)
        .where(
            Content.id == content,
            one_of(Content.type, content_types()),
            one_of(Place.kind, place_kinds()),
            Content.deleted_at.is_(None),
            root.deleted_at.is_(None),
        )
    )


def _wanting(kind: str, people: People, *, actor: int | None, place: int | None) -> Select[int]:
    """Return who of some people is present, wants this kind, hears of this place, and may read it."""
    query = select(Person.id).where(Person.id.in_(people), Person.present.is_(True), *_switched_on(kind))
    if actor is not None:
        query = query.where(Person.id != actor)
    if place is not None:
        query = query.where(_may_read(place), _hears_of(kind, place))
    return query


def _switched_on(kind: str) -> list[ColumnElement[bool]]:
    """Return the condition that a kind is on for a person: as they chose, else as the kind says."""
    default = notification_kinds()[kind].default
    choice = Visitor.choices[kind].as_boolean()
    chosen = exists().where(Visitor.person_id == Person.id, choice.is_(not default))
    return [~chosen if default else chosen]


def _may_read(place: int) -> ColumnElement[bool]:
    member = exists().where(Membership.place_id == place, Membership.person_id == Person.id)
    is_open = exists().where(Place.id == place, Place.access == Access.OPEN)
    return or_(is_open, member)


def _hears_of(kind: str, place: int) -> ColumnElement[bool]:
    """Return the condition that a person has not silenced a place for this kind; who follows not has not."""
    wanted = [Level.ALL] if notification_kinds()[kind].level == Level.ALL else [Level.ALL, Level.MENTIONS]
    silenced = exists().where(
        PlaceFollow.place_id == place,
        PlaceFollow.person_id == Person.id,
        or_(PlaceFollow.level.not_in(wanted), PlaceFollow.muted_until > utcnow()),
    )
    return ~silenced


def _gathered(kind: str, root: int | None) -> ColumnElement[bool]:
    """Return the condition of the unread rows that a new one takes the place of."""
    if root is None:
        return false()
    mark = select(Visitor.read_up_to).where(Visitor.person_id == Notification.person_id)
    return and_(
        Notification.kind == kind,
        Notification.root_id == root,
        Notification.read_at.is_(None),
        Notification.id > mark.correlate(Notification).scalar_subquery(),
    )


def _count_before(gathered: ColumnElement[bool], person: Any) -> Any:
    count = select(func.sum(Notification.count)).where(gathered, Notification.person_id == person)
    return sql_cast(func.coalesce(count.scalar_subquery(), 0), BigId)


def _insert(told: Select[int], row: tuple[Any, ...], now: datetime, gathered: ColumnElement[bool]) -> int:
    """Write a row for each who is told, all of the same moment; return how many."""
    kind, actor, place, content, root, data = row
    person = told.subquery("told").c.id
    rows = select(
        person, literal(kind), *(literal(number, BigId) for number in (actor, place, content, root)),
        _count_before(gathered, person) + 1, literal(data, Notification.data.type),
        literal(now, Notification.created_at.type),
    )  # fmt: skip
    adding = insert(Notification).from_select(COLUMNS, rows)
    inserted: Any = db.session.execute(adding, execution_options={"preserve_rowcount": True})
    return int(inserted.rowcount)


def _replace(new: Select[int], gathered: ColumnElement[bool], newest: int) -> None:
    """Delete the rows whose count new ones took over."""
    older = delete(Notification).where(
        gathered, Notification.id <= newest, Notification.person_id.in_(new.where(Notification.count > 1))
    )
    db.session.execute(older, execution_options=UNWATCHED)


def _count_more(new: Select[int]) -> None:
    """Count one more unread for each whose row took nothing over."""
    counting = update(Visitor).where(Visitor.person_id.in_(new.where(Notification.count == 1)))
    db.session.execute(counting.values(unread=Visitor.unread + 1), execution_options=UNWATCHED)
