"""Who may not contribute for a time; they read as before."""

from datetime import datetime

from parvis.api import Member, Veto, db, utcnow
from parvis.api import gettext as _
from sqlalchemy import func, select

from ..models import Suspension


def suspended_until(person_id: int) -> datetime | None:
    """Return until when somebody may not contribute, None if they may."""
    query = select(func.max(Suspension.until)).where(
        Suspension.person_id == person_id, Suspension.until > utcnow()
    )
    return db.session.scalar(query)


def check_not_suspended(actor: Member, format_day: object) -> None:
    """Refuse contributions of who is suspended.

    Raises:
        Veto: they are; the sentence says until when.
    """
    until = suspended_until(actor.id)
    if until is not None:
        day = format_day(until)  # type: ignore[operator]  # babel has no types
        raise Veto(
            _("Your contributions are suspended until %(day)s. You can read everything as before.", day=day)
        )
