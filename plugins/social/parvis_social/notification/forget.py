"""Taking notifications back where they no longer concern somebody: neither they nor their number tell."""

from collections.abc import Collection

from parvis.api import db
from sqlalchemy import ColumnElement, case, delete, func, select, update
from sqlalchemy.orm import aliased

from ..place.models import Visitor
from ..place.visitor import lock_visitors
from .models import Notification

UNWATCHED = {"synchronize_session": False}


def forget_notifications(*, place_id: int, person_id: int) -> None:
    """Delete what a person was told of a place."""
    forget(Notification.place_id == place_id, Notification.person_id == person_id)


def forget(*conditions: ColumnElement[bool]) -> None:
    """Delete the notifications that meet all conditions, of however many people, and count them off."""
    concerned = select(Notification.person_id).where(*conditions)
    lock_visitors(concerned)
    mark = aliased(Visitor)
    gone = (
        select(Notification.person_id, func.count().label("number"))
        .join(mark, mark.person_id == Notification.person_id)
        .where(*conditions, Notification.read_at.is_(None), Notification.id > mark.read_up_to)
        .group_by(Notification.person_id)
        .subquery()
    )
    rest = case((Visitor.unread > gone.c.number, Visitor.unread - gone.c.number), else_=0)
    counting = update(Visitor).where(Visitor.person_id == gone.c.person_id).values(unread=rest)
    db.session.execute(counting, execution_options=UNWATCHED)
    db.session.execute(delete(Notification).where(*conditions), execution_options=UNWATCHED)


def take_back_about(*, kind: str, key: str, ids: Collection[int]) -> None:
    """Delete what anybody was told of a kind whose `data` has one of some ids under a key."""
    forget(Notification.kind == kind, Notification.data[key].as_integer().in_(ids))


def take_back(*, kind: str, root: int, people: list[int]) -> None:
    """Delete what some people were told of a kind about one thing."""
    forget(Notification.kind == kind, Notification.root_id == root, Notification.person_id.in_(people))
