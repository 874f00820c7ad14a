"""Whom a decision is about: what they were told, and that they may ask once for it to be looked at again."""

from collections.abc import Sequence
from datetime import timedelta

from parvis.api import Invalid, Member, NotAllowed, NotFound, add_once, db, record, utcnow
from parvis.api import gettext as _
from parvis_social.api import reportables
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from ..event import AppealAnswered, Appealed
from ..models import Act, Appeal, Decision, Outcome
from ..settings import settings
from . import log
from .decide import get_decision, take_back
from .manager import check_manager, managers
from .text import checked_text

APPEALABLE = (Act.EDIT, Act.HIDE, Act.LOCK, Act.WARN, Act.SUSPEND)
PAGE = 20


def list_told(member: Member, *, before: int | None = None) -> tuple[Sequence[Decision], int | None]:
    """Return a page of the decisions that somebody was told of, the latest first."""
    query = select(Decision).where(Decision.person_id == member.id, Decision.act != Act.NOTHING)
    query = query.options(joinedload(Decision.case), joinedload(Decision.appeal))
    if before is not None:
        query = query.where(Decision.id < before)
    rows = db.session.scalars(query.order_by(Decision.id.desc()).limit(PAGE + 1)).all()
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def get_told(member: Member, decision_id: int) -> Decision:
    """Fetch a decision as whom it is about.

    Raises:
        NotFound: there is none, or it is about somebody else.
    """
    made = get_decision(decision_id)
    if made.person_id != member.id or made.act == Act.NOTHING:
        raise NotFound(_("There is no such page, or it is not open to you."))
    return made


def may_appeal(made: Decision) -> bool:
    """Tell whether whom a decision is about may still appeal: once, within some days, while it stands."""
    last = made.at + timedelta(days=settings().appeal_days)
    stands = made.undone_at is None and made.act in APPEALABLE
    return stands and made.appeal is None and utcnow() < last


def appeal(*, decision_id: int, text: str, actor: Member) -> None:
    """Ask for a decision to be looked at again.

    Raises:
        NotFound: it is about somebody else.
        NotAllowed: it was asked before, too late, or the decision was taken back.
        Invalid: there is no text, or it is too long; `field` is `text`.
    """
    made = get_told(actor, decision_id)
    said = checked_text(text)
    if not may_appeal(made) or not add_once(Appeal, decision_id=made.id, text=said, at=utcnow()):
        raise NotAllowed(_("You can appeal once, within %(days)s days.", days=settings().appeal_days))
    db.session.expire(made, ["appeal"])
    record(Appealed(actor=actor.id, person=actor.id, decision=made.id))
    log.note("moderation.appealed", actor=actor, case=made.case)


def may_answer(made: Decision, member: Member) -> bool:
    """Tell whether somebody may answer the appeal: who decided may not, where anybody else can."""
    if made.person_id == member.id:
        return False
    if made.by_id != member.id:
        return True
    others = managers().where(_is_not(member, made)).limit(1)
    return db.session.scalar(others) is None


def _is_not(member: Member, made: Decision) -> ColumnElement[bool]:
    """Return the condition that who moderates is another than who decided and whom it is about."""
    column = managers().selected_columns[0]
    return column.not_in([each for each in (member.id, made.person_id) if each])


def answer(*, decision_id: int, outcome: Outcome, text: str, actor: Member) -> None:
    """Answer an appeal: the decision stands, or it is taken back.

    Raises:
        NotFound: there is none, or the actor does not moderate the whole site.
        NotAllowed: they decided themselves, and somebody else can answer.
        Invalid: there is no text, or it is too long; `field` is `text`.
    """
    check_manager(actor)
    made = get_decision(decision_id)
    said = checked_text(text)
    if made.appeal is None or made.person_id == actor.id:
        raise NotFound(_("There is no such page, or it is not open to you."))
    if made.appeal.answered_at is not None:
        raise Invalid(_("Somebody has answered this already."))
    if not may_answer(made, actor):
        raise NotAllowed(_("You decided on this: somebody else looks at it again."))
    asked = made.appeal
    asked.answered_at, asked.by_id, asked.outcome, asked.answer = utcnow(), actor.id, outcome, said
    if outcome == Outcome.OVERTURNED and made.undone_at is None:
        take_back(made, reportables().get(made.case.kind), actor)
    db.session.flush()
    record(AppealAnswered(actor=actor.id, person=made.person_id, decision=made.id, outcome=outcome))
    log.note(f"moderation.appeal_{outcome}", actor=actor, case=made.case, reason=said)
