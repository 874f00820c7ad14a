"""Who may not contribute for a time; they read as before."""

from datetime import datetime

from parvis.api import UTCDateTime, Veto
from parvis.api import gettext as _
from parvis_social.api import VIEWER
from sqlalchemy import Select, bindparam, func, select

from ..models import Suspension


def suspended_until() -> Select[datetime | None]:
    """Return the query of until when the viewer may not contribute, as of `now`: None if they may."""
    now = bindparam("now", type_=UTCDateTime)
    return select(func.max(Suspension.until)).where(Suspension.person_id == VIEWER, Suspension.until > now)


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
