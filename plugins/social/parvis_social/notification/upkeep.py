"""What is done to notifications at night: old ones are forgotten, and the numbers at the bells set right.

A bell's number is stored. It counts what a plugin told that was switched off since, and misses what one told
that was switched on again: nobody counts that at the moment of the switch.
"""

from datetime import timedelta

from parvis.api import db, utcnow
from sqlalchemy import Select, and_, delete, func, or_, select, update

from ..place.models import Place, Visitor
from ..place.visitor import lock_visitors
from ..registry import notification_kinds, place_kinds
from ..settings import settings
from .forget import UNWATCHED
from .models import Notification

AT_ONCE = 500


def keep_in_order() -> None:
    """Forget what is old, then count anew: a job, which may run twice."""
    forget_old()
    recount()


def forget_old() -> None:
    """Delete notifications older than `keep_notifications_days`, read or not; `recount` follows."""
    before = utcnow() - timedelta(days=settings().keep_notifications_days)
    oldest_first = select(Notification.id).order_by(Notification.id)
    kept = db.session.scalar(oldest_first.where(Notification.created_at >= before).limit(1))
    gone = oldest_first.where(Notification.created_at < before)
    if kept is not None:
        gone = gone.where(Notification.id < kept)
    while ids := db.session.scalars(gone.limit(AT_ONCE)).all():
        db.session.execute(delete(Notification).where(Notification.id.in_(ids)), execution_options=UNWATCHED)
        db.session.commit()


def recount() -> None:
    """Set the numbers of unread notifications right, of those people whose number is wrong."""
    counted = _unread().subquery()
    wrong = (
        select(Visitor.person_id)
        .outerjoin(counted, counted.c.person_id == Visitor.person_id)
        .where(Visitor.unread != func.coalesce(counted.c.number, 0))
        .order_by(Visitor.person_id)
    )
    people = db.session.scalars(wrong).all()
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        lock_visitors(some)
        theirs = _unread().where(Notification.person_id == Visitor.person_id).with_only_columns(func.count())
        number = theirs.group_by(None).correlate(Visitor).scalar_subquery()
        setting_right = update(Visitor).where(Visitor.person_id.in_(some)).values(unread=number)
        db.session.execute(setting_right, execution_options=UNWATCHED)
        db.session.commit()


def _unread() -> Select[int, int]:
    """Return the query of how many notifications each person has not read, of kinds and places in use."""
    mark = Visitor.__table__.alias("mark")
    in_use = and_(
        Notification.kind.in_(notification_kinds()), or_(Place.id.is_(None), Place.kind.in_(place_kinds()))
    )
    return (
        select(Notification.person_id, func.count().label("number"))
        .join(mark, mark.c.person_id == Notification.person_id)
        .outerjoin(Place, Place.id == Notification.place_id)
        .where(in_use, Notification.read_at.is_(None), Notification.id > mark.c.read_up_to)
        .group_by(Notification.person_id)
    )
