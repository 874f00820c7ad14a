"""Who may not contribute for a time; they read as before."""

from datetime import datetime

from parvis.api import Veto, utcnow
from parvis.api import gettext as _
from sqlalchemy import Select, func, select

from ..models import Suspension


def suspended_until(person_id: int) -> Select[datetime | None]:
    """Return the query of until when somebody may not contribute, which gives None if they may."""
    return select(func.max(Suspension.until)).where(
        Suspension.person_id == person_id, Suspension.until > utcnow()
    )


def check_not_suspended(until: datetime | None, format_day: object) -> None:
    """Refuse contributions of who is suspended.

    Raises:
        Veto: they are; the sentence says until when.
    """
    if until is not None:
        day = format_day(until)  # type: ignore[operator]  # babel has no types
        raise Veto(
            _("Your contributions are suspended until %(day)s. You can read everything as before.", day=day)
        )
