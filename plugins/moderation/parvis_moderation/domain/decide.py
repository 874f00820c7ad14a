"""Deciding on a case, and taking that back. Whom a decision is about is told by the worker, with its text."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from parvis.api import Invalid, Member, NotAllowed, NotFound, db, record, utcnow
from parvis.api import gettext as _
from parvis_social.api import Reportable, reportables
from sqlalchemy import delete, select

from ..event import CaseMoved, Decided
from ..models import REASON_LENGTH, Act, Case, Decision, Desk, State, Suspension
from . import log
from .case import CaseView, get_case_for
from .manager import is_kept
from .queue import forget_figures
from .text import TOLD, begun, checked_reason, checked_text, finished, language_of, reasons

MOST_DAYS = 365


def decide(
    *, case_id: int, act: Act, reason: str, text: str, actor: Member, days: int | None = None
) -> Decision:
    """Decide on a case.

    Args:
        act: what is decided.
        reason: name of one of the `reasons`; the open record shows it.
        text: what whom it is about is sent; of nothing to be done, nobody is sent any.
        days: for how long contributions are suspended.

    Raises:
        NotFound: the case is not the actor's to decide on.
        NotAllowed: this cannot be decided on such a thing, or not by them.
        Invalid: something is missing or too long; `field` says which.
    """
    view = _locked(actor, case_id)
    if act not in view.acts:
        raise NotAllowed(_("This cannot be decided here."))
    why = checked_reason(reason)
    said = checked_text(text) if act in TOLD and view.case.person_id else ""
    until = utcnow() + timedelta(days=_days(days)) if act == Act.SUSPEND else None
    said = finished(said, person_id=view.case.person_id, reason=why, until=until)
    made = Decision(
        case_id=view.case.id, act=act, reason=why.name, by_id=actor.id, desk=view.desk,
        person_id=view.case.person_id, text=said, until=until, at=utcnow(), kept={},
        delay=int((utcnow() - view.case.opened_at).total_seconds()),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    made.kept = dict(_carry_out(view, made, actor, held=held_of(view.case)))
    _close(view.case, made)
    _told(made, actor)
    return made


def _locked(actor: Member, case_id: int) -> CaseView:
    """Fetch a case while nobody else decides on it."""
    view = get_case_for(actor, case_id)
    db.session.refresh(view.case, with_for_update={"of": Case})
    return view


def _days(days: int | None) -> int:
    if days is None or not 1 <= days <= MOST_DAYS:
        raise Invalid(_("Please say for how many days: 1 to %(most)s.", most=MOST_DAYS), field="days")
    return days


def _close(case: Case, made: Decision) -> None:
    case.outcome, case.reason = made.act, made.reason
    case.state = State.WAITING if made.act == Act.EDIT else State.CLOSED
    case.decided_at = made.at


def _told(made: Decision, actor: Member | None, *, undone: bool = False) -> None:
    db.session.flush()
    forget_figures()
    case = db.session.get_one(Case, made.case_id)
    who = actor.id if actor else None
    record(
        Decided(
            actor=who, person=made.person_id, place=case.place_id, decision=made.id, act=made.act,
            undone=undone,
        )
    )  # fmt: skip
    what = f"moderation.{made.act}_undone" if undone else f"moderation.{made.act}"
    log.note(what, actor=actor, case=case, reason=made.reason)


# what a decision does


def _carry_out(view: CaseView, made: Decision, actor: Member, *, held: Decision | None) -> Mapping[str, Any]:
    """Do what was decided; return what takes it back. What was held is shown again, or stays hidden."""
    kind, subject = view.reportable, view.case.subject_id
    if held is not None and made.act == Act.HIDE:
        held.until, kept, held.kept = made.at, held.kept, {}
        return kept
    if held is not None:
        take_back(held, kind, actor)
    if made.act == Act.SUSPEND and made.person_id is not None and made.until is not None:
        db.session.add(Suspension(decision_id=made.id, person_id=made.person_id, until=made.until))
    elif made.act == Act.HIDE and kind is not None and kind.hide is not None:
        return kind.hide(subject, actor)
    elif made.act == Act.LOCK and kind is not None and kind.lock is not None:
        kind.lock(subject, checked_reason(made.reason).label(language_of(None)), actor)
    return {}


def _lift(made: Decision, kind: Reportable | None, actor: Member) -> None:
    """Take back what a decision did."""
    case = made.case
    if made.act == Act.SUSPEND:
        db.session.execute(delete(Suspension).where(Suspension.decision_id == made.id))
    elif made.act in (Act.HIDE, Act.HOLD) and kind is not None and kind.show is not None:
        kind.show(case.subject_id, made.kept, actor)
    elif made.act == Act.LOCK and kind is not None and kind.unlock is not None:
        kind.unlock(case.subject_id, actor)


def undo(*, decision_id: int, actor: Member) -> Decision:
    """Take a decision back: what it did is undone, whom it is about is told, and the case is open again.

    Raises:
        NotFound: there is none, or the case is not the actor's to decide on.
        NotAllowed: it was made by those who moderate the whole site, and the actor does not.
    """
    made = get_decision(decision_id)
    view = _locked(actor, made.case_id)
    if made.desk == Desk.MANAGERS and not view.is_manager and made.act != Act.HOLD:
        raise NotAllowed(_("This cannot be decided here."))
    if made.stands:
        take_back(made, view.reportable, actor)
        _reopen(view.case)
    return made


def take_back(made: Decision, kind: Reportable | None, actor: Member) -> None:
    """Undo what a decision did, and tell whom it is about; the case stays as it is."""
    _lift(made, kind, actor)
    made.undone_at, made.undone_by_id = utcnow(), actor.id
    _told(made, actor, undone=True)


def _reopen(case: Case) -> None:
    """Let a case be decided on anew, unless something else was reported of the same thing meanwhile."""
    other = select(Case.id).where(
        Case.kind == case.kind,
        Case.subject_id == case.subject_id,
        Case.state != State.CLOSED,
        Case.id != case.id,
    )
    if db.session.scalar(other) is None:
        case.state, case.decided_at, case.outcome = State.OPEN, None, ""


def get_decision(decision_id: int) -> Decision:
    """Fetch a decision; whether somebody may see it, the caller asks.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(Decision, decision_id) if decision_id < 2**63 else None
    if found is None:
        raise NotFound(_("There is no such page, or it is not open to you."))
    return found


# what is hidden by itself, where a setting says so


def hold(case: Case) -> None:
    """Hide what enough colleagues reported until somebody decides, unless somebody has decided on it before.

    So a crowd hides nothing that was looked at once, and nothing for longer than until that is done.
    """
    kind = reportables().get(case.kind)
    if kind is None or kind.hide is None or _looked_at(case):
        return
    why = reasons()[case.reason]
    said = begun(act=Act.HOLD, person=case.person, title=case.title) if case.person else ""
    made = Decision(
        case_id=case.id, act=Act.HOLD, reason=why.name, by_id=None, desk=case.desk, person_id=case.person_id,
        text=finished(said, person_id=case.person_id, reason=why, until=None), at=utcnow(), kept={},
        delay=int((utcnow() - case.opened_at).total_seconds()),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    made.kept = dict(kind.hide(case.subject_id, None))
    _told(made, None)


def _looked_at(case: Case) -> bool:
    """Tell whether anything was decided, or held, on the same thing before."""
    same = Case.person_id == case.person_id if case.person_id else Case.person_id.is_(None)
    query = select(Decision.id).join(Case, Case.id == Decision.case_id)
    query = query.where(same, Case.kind == case.kind, Case.subject_id == case.subject_id).limit(1)
    return db.session.scalar(query) is not None


def held_of(case: Case) -> Decision | None:
    """Return by what a thing is hidden until somebody decides, None if it is not."""
    query = select(Decision).where(
        Decision.case_id == case.id,
        Decision.act == Act.HOLD,
        Decision.undone_at.is_(None),
        Decision.until.is_(None),
    )
    return db.session.scalar(query)


# who is to decide


def move(*, case_id: int, desk: Desk, reason: str, actor: Member) -> None:
    """Hand a case to those who look after its place, or to those who moderate the whole site.

    Raises:
        NotFound: the case is not the actor's to decide on.
        NotAllowed: it is in no place that somebody else looks after.
        Invalid: there is no reason, or it is too long; `field` is `text`.
    """
    view = _locked(actor, case_id)
    case = view.case
    said = checked_text(reason, most=REASON_LENGTH)
    if desk == Desk.PLACE and not (view.is_manager and can_be_kept(case)):
        raise NotAllowed(_("There is nobody to hand this to."))
    case.desk = desk
    record(CaseMoved(actor=actor.id, place=case.place_id, case=case.id, desk=desk))
    log.note(f"moderation.moved_to_{desk}", actor=actor, case=case, reason=said)


def can_be_kept(case: Case) -> bool:
    """Tell whether somebody looks after the place of a case who is not concerned by it."""
    return case.kind != "place" and is_kept(case.place_id, but=[case.person_id])
