"""What goes on by itself: cases that a group's owners leave come to those who moderate the whole site."""

from datetime import timedelta
from typing import Any

from parvis.api import db, record, utcnow
from parvis_social.api import Content, let_go
from sqlalchemy import literal_column, select

from ..event import CaseMoved
from ..models import Act, Case, Decision, Desk, State
from ..settings import settings
from . import log

AT_ONCE = 500
OPEN: Any = literal_column(f"'{State.OPEN}'")


def keep_in_order() -> None:
    """Do what is due: a job, which may run twice."""
    escalate_late()
    forget_hidden()


def escalate_late() -> None:
    """Bring cases that wait with a place's owners for too long to those who moderate the whole site."""
    late = select(Case).where(
        Case.state == OPEN,
        Case.desk == Desk.PLACE,
        Case.opened_at < utcnow() - timedelta(days=settings().place_days),
    )
    for case in db.session.scalars(late.order_by(Case.id).limit(AT_ONCE)):
        case.desk = Desk.MANAGERS
        record(CaseMoved(place=case.place_id, case=case.id, desk=Desk.MANAGERS))
        log.note("moderation.moved_to_managers", actor=None, case=case, reason="late")


def forget_hidden() -> None:
    """Let contents be forgotten that were hidden so long ago that nobody can appeal any more."""
    until = utcnow() - timedelta(days=settings().hidden_days)
    old = select(Case.subject_id).join(Decision, Decision.case_id == Case.id)
    old = old.where(
        Decision.act == Act.HIDE, Decision.undone_at.is_(None), Decision.at < until,
        Case.kind.in_(("content", "comment")), Content.id == Case.subject_id,
        Content.withheld_at.is_not(None),
    )  # fmt: skip
    let_go(db.session.scalars(old.limit(AT_ONCE)).all())
