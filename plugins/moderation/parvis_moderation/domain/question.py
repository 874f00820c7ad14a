"""Asking those who moderate the whole site: may I, is this the right place, whose is this?"""

from collections.abc import Sequence
from datetime import timedelta

from parvis.api import Invalid, Member, NotFound, TooMany, db, record, utcnow
from parvis.api import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload

from ..event import Asked, QuestionAnswered
from ..models import NOTE_LENGTH, Question
from ..settings import settings
from . import log
from .manager import is_manager
from .text import checked_text

MOST_OPEN = 5
"""So many questions of one person wait at most."""
SHOWN = 20


def ask(*, text: str, actor: Member) -> Question:
    """Ask those who moderate the whole site something.

    Args:
        text: of at most 1,000 characters.

    Raises:
        Invalid: there is no text, or it is too long; `field` is `text`.
        TooMany: five of the actor's wait for an answer.
    """
    said = checked_text(text, most=NOTE_LENGTH)
    waiting = select(func.count()).where(Question.person_id == actor.id, Question.answered_at.is_(None))
    if (db.session.scalar(waiting) or 0) >= MOST_OPEN:
        raise TooMany(_("%(most)s of your questions wait for an answer already.", most=MOST_OPEN))
    question = Question(person_id=actor.id, text=said, at=utcnow())
    db.session.add(question)
    db.session.flush()
    record(Asked(actor=actor.id, question=question.id))
    return question


def list_asked(member: Member) -> Sequence[Question]:
    """Return what somebody has asked lately, the newest first, with the answers."""
    query = select(Question).where(Question.person_id == member.id).order_by(Question.id.desc()).limit(SHOWN)
    return db.session.scalars(query).all()


def get_question_for(member: Member, question_id: int) -> Question:
    """Fetch a question as one of those who moderate the whole site; nobody answers their own.

    Raises:
        NotFound: there is none, it is their own, or they do not moderate.
    """
    query = select(Question).where(Question.id == question_id).options(joinedload(Question.person))
    found = db.session.scalar(query) if question_id < 2**63 else None
    if found is None or found.person_id == member.id or not is_manager(member):
        raise NotFound(_("There is no such page, or it is not open to you."))
    return found


def answer_question(*, question_id: int, text: str, actor: Member) -> None:
    """Answer a question.

    Raises:
        NotFound: see `get_question_for`.
        Invalid: there is no text, it is too long (`field` is `text`), or somebody was faster.
    """
    question = get_question_for(actor, question_id)
    said = checked_text(text)
    db.session.refresh(question, with_for_update={"of": Question})
    if question.answered_at is not None:
        raise Invalid(_("Somebody has answered this already."))
    question.answered_at, question.by_id, question.answer = utcnow(), actor.id, said
    db.session.flush()
    record(QuestionAnswered(actor=actor.id, person=question.person_id, question=question.id))
    log.note("moderation.question_answered", actor=actor, person=question.person_id)


def forget_questions() -> None:
    """Forget questions that were answered as long ago as decided cases are kept."""
    until = utcnow() - timedelta(days=settings().case_days)
    db.session.execute(delete(Question).where(Question.answered_at < until))
