"""Taking notifications back where they no longer concern somebody: neither they nor their number tell."""

from parvis.api import db
from sqlalchemy import delete, func, select, update

from ..place.models import Visitor
from .models import Notification


def forget_notifications(*, place_id: int, person_id: int) -> None:
    """Delete what a person was told of a place, and count their unread ones anew."""
    theirs = (Notification.place_id == place_id, Notification.person_id == person_id)
    if db.session.scalars(delete(Notification).where(*theirs).returning(Notification.id)).all():
        recount([person_id])


def recount(people: list[int]) -> None:
    """Count the unread notifications of some people anew."""
    unread = (
        select(func.count())
        .where(
            Notification.person_id == Visitor.person_id,
            Notification.id > Visitor.read_up_to,
            Notification.read_at.is_(None),
        )
        .scalar_subquery()
    )
    counting = update(Visitor).where(Visitor.person_id.in_(people)).values(unread=unread)
    db.session.execute(counting, execution_options={"synchronize_session": False})
