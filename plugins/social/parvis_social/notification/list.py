"""A person's notifications: listed, read, all read. Ten thousand unread ones cost what ten do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from parvis.api import BigId, Member, NotFound, Person, db, one_of, prepared, read_rows, utcnow
from parvis.api import gettext as _
from sqlalchemy import Select, and_, bindparam, case, false, func, or_, select, update
from sqlalchemy.orm import aliased

from ..content.card import FACE, PLACE, Face, PlaceLabel
from ..content.models import Content, Reaction
from ..content.text import beginning
from ..place.access import readable, readable_places
from ..place.models import Place, PlaceFollow
from ..place.reader import visitor_of
from ..place.visitor import own_visitor
from ..registry import notification_kinds
from ..statement import VIEWER
from .models import Notification
from .view import NotificationView

PAGE = 30
SUBJECT = 120
"""Characters of what a notification is about."""
END = 2**62


@dataclass(frozen=True)
class Notifications:
    """One page, newest first; the next one comes `before` this id.

    It is shorter where some of it can no longer be read: looking further would have no end.
    """

    notifications: Sequence[NotificationView] = ()
    before: int | None = None


def list_notifications(
    member: Member, *, before: int | None = None, unread: bool = False, limit: int = PAGE
) -> Notifications:
    """Return a page of what a member was told, as far as they may still read what it is about."""
    mark = visitor_of(member).read_up_to
    values = {"viewer": member.id, "before": before or END, "most": limit + 1, "mark": mark}
    rows = read_rows(_list(unread), values)
    told = [_view(row, mark) for row in rows[:limit] if row.readable]
    return Notifications(told, rows[limit - 1].id if len(rows) > limit else None)


def _view(row: Sequence[Any], mark: int) -> NotificationView:
    head, about, follows, rest = row[:8], row[8:12], row[12], row[14:]
    face, place = rest[: len(FACE)], rest[len(FACE) :]
    number, kind, created, count, read, content, root, data = head
    title, body, reactions, mine = about
    return NotificationView(
        number, kind, created, count, read is None and number > mark,
        Face(*face) if face[0] is not None else None,
        PlaceLabel(*place) if place[0] is not None else None, content, root, data,
        title or beginning(body or "", SUBJECT), sum((reactions or {}).values()) - mine, follows,
    )  # fmt: skip


@prepared
def _list(unread: bool) -> Select[Any]:
    """Take so many from one index, then look up what they are about, and whether that can be read."""
    told, root = aliased(Notification, _newest(unread).subquery()), aliased(Content)
    mine = select(func.count()).where(Reaction.content_id == told.content_id, Reaction.person_id == VIEWER)
    there = and_(
        readable(), Content.place_id == Place.id, Content.deleted_at.is_(None), root.deleted_at.is_(None)
    )
    may_read = and_(or_(told.place_id.is_(None), readable_places()), or_(told.content_id.is_(None), there))
    shown = case((Content.hidden_at.is_(None), Content.body_html), else_="")
    columns: tuple[Any, ...] = (
        told.id, told.kind, told.created_at, told.count, told.read_at, told.content_id, told.root_id,
        told.data, Content.title, func.substr(shown, 1, 8 * SUBJECT), Content.reactions,
        mine.scalar_subquery(), PlaceFollow.place_id.is_not(None),
        func.coalesce(may_read, false()).label("readable"), *FACE, *PLACE,
    )  # fmt: skip
    return (
        select(*columns)
        .outerjoin(Person, Person.id == told.actor_id)
        .outerjoin(Place, Place.id == told.place_id)
        .outerjoin(PlaceFollow, and_(PlaceFollow.place_id == Place.id, PlaceFollow.person_id == VIEWER))
        .outerjoin(Content, Content.id == told.content_id)
        .outerjoin(root, root.id == Content.root_id)
        .order_by(told.id.desc())
    )


def _newest(unread: bool) -> Select[Any]:
    query = (
        select(Notification)
        .where(
            Notification.person_id == VIEWER,
            Notification.id < bindparam("before", type_=BigId),
            one_of(Notification.kind, notification_kinds()),
        )
        .order_by(Notification.id.desc())
        .limit(bindparam("most", type_=BigId))
    )
    if unread:
        query = query.where(Notification.read_at.is_(None), Notification.id > bindparam("mark", type_=BigId))
    return query


def read(*, notification_id: int, actor: Member) -> NotificationView:
    """Mark a notification of the actor's as read, and return it: it leads somewhere.

    Raises:
        NotFound: it is not theirs, or what it is about is gone.
    """
    visitor = own_visitor(actor)
    values = {"viewer": actor.id, "before": notification_id + 1, "most": 1, "mark": visitor.read_up_to}
    row = next(iter(read_rows(_list(unread=False), values)), None)
    if row is None or row.id != notification_id or not row.readable:
        raise NotFound(_("What this was about is no longer there."))
    reading = (
        update(Notification)
        .where(Notification.id == notification_id, Notification.read_at.is_(None))
        .values(read_at=utcnow())
        .returning(Notification.id)
    )
    newly = db.session.execute(reading).first()
    if newly is not None and notification_id > visitor.read_up_to:
        visitor.unread = max(0, visitor.unread - 1)
    return _view(row, visitor.read_up_to)


def read_thread(*, root_id: int, actor: Member) -> None:
    """Mark as read what the actor was told of a thread: they are looking at it."""
    visitor = own_visitor(actor)
    mine = and_(Notification.person_id == actor.id, Notification.root_id == root_id)
    reading = update(Notification).where(mine, Notification.read_at.is_(None)).values(read_at=utcnow())
    newly = db.session.scalars(reading.returning(Notification.id)).all()
    visitor.unread = max(0, visitor.unread - sum(number > visitor.read_up_to for number in newly))


def read_all(*, actor: Member) -> None:
    """Mark everything as read, by one number however much there is."""
    visitor = own_visitor(actor)
    newest = select(func.max(Notification.id)).where(Notification.person_id == actor.id)
    visitor.read_up_to = max(visitor.read_up_to, db.session.scalar(newest) or 0)
    visitor.unread = 0


def choose(*, switched_on: set[str], actor: Member) -> None:
    """Keep which kinds of notifications the actor wants; kinds that nobody declares are left alone."""
    visitor = own_visitor(actor)
    kinds = notification_kinds()
    unknown = {name: on for name, on in visitor.choices.items() if name not in kinds}
    visitor.choices = {**unknown, **{name: name in switched_on for name in kinds}}


def switch_off(*, kind: str, actor: Member) -> None:
    """Be told no more of a kind.

    Raises:
        NotFound: nobody declares it.
    """
    if kind not in notification_kinds():
        raise NotFound(_("There is no such notification."))
    visitor = own_visitor(actor)
    visitor.choices = {**visitor.choices, kind: False}


def choices_of(member: Member) -> dict[str, bool]:
    """Return which kinds of notifications a member wants."""
    chosen = visitor_of(member).choices
    return {kind.name: chosen.get(kind.name, kind.default) for kind in notification_kinds().values()}
