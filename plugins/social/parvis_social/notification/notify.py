"""Telling people: one way for every kind, which asks whether they want it and may read it.

It is called by whoever follows the event log, never while somebody waits for a page. Other channels (mail)
will stand beside this one: what they need to know is the row that is written here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from parvis.api import BigId, Person, db, utcnow
from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, insert, literal, or_, select, update
from sqlalchemy import cast as sql_cast

from ..content.models import Content
from ..place.models import Access, Level, Membership, Place, PlaceFollow, Visitor
from ..place.visitor import blank_row
from ..registry import notification_kinds
from ..statement import add_once
from .models import Notification


def notify(
    *,
    kind: str,
    people: Sequence[int] | Select[Any],
    actor: int | None = None,
    place: int | None = None,
    content: int | None = None,
    root: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> int:
    """Tell people something, those who want to know and may; return how many are told.

    Args:
        kind: name of a registered `NotificationKind`.
        people: ids of people, or a query of them: as many as follow a place, by one statement.
        actor: who did it, and is not told.
        place, content: what it is about; who may not read them is not told.
        root: what is gathered: several unread of one kind on one root are one row, with a count.
        data: plain values that the kind's sentence needs.

    A person is told by a new row, which takes over the count of an unread one on the same root.
    """
    told = _wanting(kind, people, actor=actor, place=place, content=content).subquery("told")
    gathered = _gathered(kind, root)
    rows = db.session.execute(
        insert(Notification)
        .from_select(
            [
                "person_id",
                "kind",
                "actor_id",
                "place_id",
                "content_id",
                "root_id",
                "count",
                "data",
                "created_at",
            ],
            select(
                told.c.id,
                literal(kind),
                literal(actor, BigId),
                literal(place, BigId),
                literal(content, BigId),
                literal(root, BigId),
                _count_before(gathered, told.c.id) + 1,
                literal(dict(data or {}), Notification.data.type),
                literal(utcnow(), Notification.created_at.type),
            ),
        )
        .returning(Notification.id, Notification.person_id)
    ).all()
    if rows:
        _replace([row.person_id for row in rows], min(row.id for row in rows), gathered)
    return len(rows)


def _wanting(
    kind: str,
    people: Sequence[int] | Select[Any],
    *,
    actor: int | None,
    place: int | None,
    content: int | None,
) -> Select[int]:
    """Return who of some people is present, wants this kind, hears of this place, and may read it."""
    ids = people if isinstance(people, Select) else list(people)
    query = select(Person.id).where(Person.id.in_(ids), Person.present.is_(True))
    if actor is not None:
        query = query.where(Person.id != actor)
    query = query.where(*_switched_on(kind))
    if place is not None:
        query = query.where(_may_read(place), _hears_of(kind, place))
    if content is not None:
        there = exists().where(Content.id == content, Content.deleted_at.is_(None))
        query = query.where(there)
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


def _gathered(kind: str, root: int | None) -> ColumnElement[bool] | None:
    """Return the condition of the unread rows that a new one takes the place of."""
    if root is None:
        return None
    mark = select(Visitor.read_up_to).where(Visitor.person_id == Notification.person_id)
    return and_(
        Notification.kind == kind,
        Notification.root_id == root,
        Notification.read_at.is_(None),
        Notification.id > func.coalesce(mark.correlate(Notification).scalar_subquery(), 0),
    )


def _count_before(gathered: ColumnElement[bool] | None, person: Any) -> Any:
    if gathered is None:
        return literal(0, BigId)
    count = select(func.sum(Notification.count)).where(gathered, Notification.person_id == person)
    return sql_cast(func.coalesce(count.scalar_subquery(), 0), BigId)


def _replace(people: list[int], first: int, gathered: ColumnElement[bool] | None) -> None:
    """Delete the rows that new ones took the place of, and count what is unread."""
    gone: set[int] = set()
    if gathered is not None:
        older = delete(Notification).where(
            gathered, Notification.person_id.in_(people), Notification.id < first
        )
        removing = older.returning(Notification.person_id)
        gone = set(db.session.scalars(removing, execution_options={"synchronize_session": False}))
    _count_more([person for person in people if person not in gone])


def _count_more(people: list[int]) -> None:
    """Count one more unread notification for each of some people, making the rows that are missing."""
    known = set(db.session.scalars(select(Visitor.person_id).where(Visitor.person_id.in_(people))))
    for person in people:
        if person not in known:
            add_once(Visitor, **blank_row(person))
    counting = update(Visitor).where(Visitor.person_id.in_(people)).values(unread=Visitor.unread + 1)
    db.session.execute(counting, execution_options={"synchronize_session": False})
