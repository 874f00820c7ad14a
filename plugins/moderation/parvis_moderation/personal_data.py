"""What moderation keeps about somebody: given to them, or forgotten."""

from collections.abc import Iterator

from parvis.api import Erasure, Person, PersonalData, db, rows
from parvis_social.api import let_go, take_back_about
from sqlalchemy import delete, select, update

from .domain.told import KINDS
from .models import (
    Acceptance,
    Act,
    Appeal,
    Case,
    Decision,
    LogEntry,
    Manager,
    Question,
    Report,
    Suspension,
    Visit,
)


def export(person: Person) -> Iterator[PersonalData]:
    """Tell what they accepted, reported and appealed against, what was decided about them, and what they did.

    Who reported something of theirs is told to nobody.
    """
    accepted = select(Acceptance.version, Acceptance.at).where(Acceptance.person_id == person.id)
    yield PersonalData("charter_accepted", rows(accepted))
    sent = select(Case.kind, Case.title, Report.reason, Report.note, Report.at, Case.outcome)
    sent = sent.join(Case, Case.id == Report.case_id).where(Report.reporter_id == person.id)
    yield PersonalData("reports", rows(sent.order_by(Report.id)))
    told = (
        select(
            Case.kind, Case.title, Decision.act, Decision.reason, Decision.text, Decision.until, Decision.at,
            Decision.undone_at, Appeal.text.label("appeal"), Appeal.outcome, Appeal.answer,
        )
        .join(Case, Case.id == Decision.case_id)
        .outerjoin(Appeal, Appeal.decision_id == Decision.id)
        .where(Decision.person_id == person.id, Decision.act != Act.NOTHING)
    )  # fmt: skip
    yield PersonalData("decisions", rows(told.order_by(Decision.id)))
    asked = select(Question.text, Question.at, Question.answer, Question.answered_at)
    yield PersonalData("questions", rows(asked.where(Question.person_id == person.id).order_by(Question.id)))
    visits = select(Visit.reason, Visit.at, Visit.until).where(Visit.person_id == person.id)
    yield PersonalData("visits", rows(visits))
    did = select(LogEntry.what, LogEntry.at, LogEntry.subject, LogEntry.address, LogEntry.reason)
    yield PersonalData("log", rows(did.where(LogEntry.actor_id == person.id).order_by(LogEntry.id)))


def erase(erasure: Erasure) -> None:
    """Forget what is only theirs and what was written to them; the facts of what was decided stay."""
    person = erasure.person.id
    for model in (Acceptance, Manager, Question, Suspension):
        db.session.execute(delete(model).where(model.person_id == person))
    about = select(Decision).where(Decision.person_id == person)
    for made in db.session.scalars(about).all():
        made.text = ""
        if "key" in made.kept:
            erasure.forget_files([made.kept["key"]])
        if made.case.kind in ("profile", "photo"):
            made.kept = {}
        if made.appeal is not None:
            made.appeal.text = made.appeal.answer = ""
    db.session.flush()
    mine = Report.reporter_id == person
    db.session.execute(update(Report).where(mine).values(note="", reporter_id=None))
    _forget_copies(erasure)


def _forget_copies(erasure: Erasure) -> None:
    """Forget copies of what they wrote if that is to go; of their profile and photos in any case."""
    mine = Case.person_id == erasure.person.id
    wanted = mine if erasure.removes else mine & Case.kind.in_(("profile", "photo"))
    cases = select(Case.id).where(wanted)
    ids = list(
        db.session.scalars(select(Case.subject_id).where(wanted, Case.kind.in_(("content", "comment"))))
    )
    let_go(ids)
    told = list(db.session.scalars(cases))
    for kind in KINDS:
        take_back_about(kind=kind.name, key="case", ids=told)
    nothing: dict[str, object] = {"seen": {}, "title": erasure.words}
    db.session.execute(update(Report).where(Report.case_id.in_(cases)).values(seen=None))
    db.session.execute(update(Case).where(wanted).values(**nothing))
