"""Asking those who moderate the whole site, and their answers."""

from flask import Response, g, url_for
from parvis.api import DomainError, beside, db, done, needs, page
from parvis.api import gettext as _

from ..domain.question import answer_question, ask, get_question_for, list_asked
from ..forms import QuestionForm, TextForm
from ..permission import ModerationPermission
from ..web import bp


@bp.get("/moderation/ask")
@needs(ModerationPermission.USE)
def asked() -> Response:
    """Offer to ask something, and show what one has asked, with the answers."""
    return _asked_page(QuestionForm())


def _asked_page(form: QuestionForm, *, status: int = 200) -> Response:
    return page("moderation/ask.html", form=form, rows=list_asked(g.member), status=status)


@bp.post("/moderation/ask")
@needs(ModerationPermission.USE)
def send_question() -> Response:
    """Ask it."""
    form = QuestionForm()
    try:
        ask(text=form.text.data or "", actor=g.member)
    except DomainError as refusal:
        db.session.rollback()
        return _asked_page(beside(form, refusal), status=refusal.status)
    return done(_("Your question is sent. You are told when it is answered."), url_for("moderation.asked"))


QUESTION = "/moderation/questions/<int:question_id>"


@bp.get(QUESTION)
@needs(ModerationPermission.USE)
def question(question_id: int) -> Response:
    """Show a question to who answers it."""
    return _question_page(question_id, TextForm())


def _question_page(question_id: int, form: TextForm, *, status: int = 200) -> Response:
    found = get_question_for(g.member, question_id)
    return page("moderation/question.html", question=found, form=form, status=status)


@bp.post(QUESTION)
@needs(ModerationPermission.USE)
def send_answer(question_id: int) -> Response:
    """Answer it."""
    form = TextForm()
    try:
        answer_question(question_id=question_id, text=form.text.data or "", actor=g.member)
    except DomainError as refusal:
        db.session.rollback()
        if refusal.status == 404:
            raise
        return _question_page(question_id, beside(form, refusal), status=refusal.status)
    return done(_("The answer is sent."), url_for("moderation.queue"))
