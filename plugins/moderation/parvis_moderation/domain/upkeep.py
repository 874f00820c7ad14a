"""What goes on by itself: late cases come to those of the whole site, and what is old is forgotten.

What would be forgotten can be seen before: `forgettable`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from parvis.api import UTCDateTime, db, media, one_of, prepared, read_rows, record, utcnow
from parvis_social.api import Content, let_go
from sqlalchemy import BindParameter, Select, bindparam, delete, func, literal_column, or_, select

from ..event import CaseMoved
from ..models import Act, Case, Decision, Desk, LogEntry, State
from ..settings import settings
from . import log
from .question import forget_questions

AT_ONCE = 500
COUNTED = 10_000
"""Up to so many are counted of what is to go."""
OPEN: Any = literal_column(f"'{State.OPEN}'")
CLOSED: Any = literal_column(f"'{State.CLOSED}'")
TERMS = ("hidden_days", "case_days", "log_days")
"""Settings that say for how long something is kept."""


@dataclass(frozen=True)
class Keeping:
    """For how many days a kind of things is kept, and how many would go now."""

    setting: str
    days: int
    number: int


def keep_in_order() -> None:
    """Do what is due: a job, which may run twice."""
    escalate_late()
    forget_hidden()
    forget_kept()
    forget_cases()
    forget_questions()
    forget_log()


def forgettable() -> list[Keeping]:
    """Tell what the next run forgets, up to 10,000 of each kind."""
    numbers = read_rows(_due(), _terms())[0]
    return [
        Keeping(name, getattr(settings(), name), number) for name, number in zip(TERMS, numbers, strict=True)
    ]


@prepared
def _due() -> Select[Any]:
    """Return the query of how much is to go, in the order of `TERMS`."""
    some = (query.limit(COUNTED).subquery() for query in (_hidden(), _old_cases(), _old_entries()))
    return select(*(select(func.count()).select_from(each).scalar_subquery() for each in some))


def _terms() -> dict[str, datetime]:
    """Return before when what goes now was hidden, decided or written."""
    return {name: _before(getattr(settings(), name)) for name in TERMS}


def _term(name: str) -> BindParameter[datetime]:
    return bindparam(name, type_=UTCDateTime)


def _before(days: int) -> datetime:
    return utcnow() - timedelta(days=days)


def escalate_late() -> None:
    """Bring cases that wait with a place's owners for too long to those who moderate the whole site."""
    late = select(Case).where(
        Case.state == OPEN, Case.desk == Desk.PLACE, Case.opened_at < _before(settings().place_days)
    )
    for case in db.session.scalars(late.order_by(Case.id).limit(AT_ONCE)):
        case.desk = Desk.MANAGERS
        record(CaseMoved(place=case.place_id, case=case.id, desk=Desk.MANAGERS))
        log.note("moderation.moved_to_managers", actor=None, case=case, reason="late")


def forget_hidden() -> None:
    """Let contents be forgotten that were hidden so long ago that nobody can appeal any more."""
    let_go(db.session.scalars(_hidden().limit(AT_ONCE), _terms()).all())


def _hidden() -> Select[int]:
    return (
        select(Case.subject_id)
        .join(Decision, Decision.case_id == Case.id)
        .join(Content, Content.id == Case.subject_id)
        .where(
            Decision.act == Act.HIDE, Decision.undone_at.is_(None),
            Decision.at < _term("hidden_days"), one_of(Case.kind, ("content", "comment")),
            Content.withheld_at.is_not(None),
        )
    )  # fmt: skip


def forget_kept() -> None:
    """Forget what profiles said, and copies of photos, hidden so long ago; the bytes go first."""
    old = select(Decision).join(Case, Case.id == Decision.case_id)
    over = or_(Decision.act == Act.HIDE, Decision.undone_at.is_not(None))
    old = old.where(Case.kind.in_(("profile", "photo")), over, Decision.at < _before(settings().hidden_days))
    for made in db.session.scalars(old.order_by(Decision.id)):
        if "key" in made.kept:
            media().delete([made.kept["key"]])
        if made.kept:
            made.kept = {}


def forget_cases() -> None:
    """Forget cases that were decided long ago, with their reports, decisions and appeals."""
    gone = list(db.session.scalars(_old_cases().limit(AT_ONCE), _terms()))
    db.session.execute(delete(Case).where(Case.id.in_(gone)))


def _old_cases() -> Select[int]:
    return select(Case.id).where(Case.state == CLOSED, Case.decided_at < _term("case_days"))


def forget_log() -> None:
    """Forget what was written into the log long ago."""
    db.session.execute(delete(LogEntry).where(LogEntry.at < _before(settings().log_days)))


def _old_entries() -> Select[int]:
    return select(LogEntry.id).where(LogEntry.at < _term("log_days"))
