"""What of a blog can be reported beside its articles and comments: questions."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from parvis.api import Member, db, record, utcnow
from parvis.api import gettext as _
from parvis.api import lazy_gettext as _l
from parvis_social.api import Reportable, Reported

from .domain.ask import get_question_for
from .domain.read import nothing
from .event import QuestionHidden
from .models import Question

KIND = "blog:question"
TITLE = 120


def _see(viewer: Member, question_id: int) -> Reported:
    """Return a question as it is shown; of an anonymous one, nobody learns who asked, here neither."""
    question, shown = get_question_for(viewer, question_id)
    if question.hidden_at is not None:
        raise nothing()
    text = question.text
    return Reported(
        question.id,
        text if len(text) <= TITLE else f"{text[:TITLE].rsplit(' ', 1)[0]}…",
        shown.url,
        str(Markup("<p>%s</p>") % text),
        None if question.anonymous else question.asker_id,
        question.place_id,
    )


def _hide(question_id: int, actor: Member | None) -> Mapping[str, Any]:
    """Put a mark in the place of a question, as those who write in the blog can."""
    question = db.session.get(Question, question_id)
    if question is None or question.hidden_at is not None:
        return {}
    question.hidden_at, question.hidden_by_id = utcnow(), actor.id if actor else None
    question.hide_reason = _("It goes against the charter.")
    _record(question, actor, hidden=True)
    return {"hidden": True}


def _show(question_id: int, kept: Mapping[str, Any], actor: Member) -> None:
    question = db.session.get(Question, question_id) if kept else None
    if question is not None and question.hidden_at is not None:
        question.hidden_at, question.hidden_by_id, question.hide_reason = None, None, ""
        _record(question, actor, hidden=False)


def _record(question: Question, actor: Member | None, *, hidden: bool) -> None:
    db.session.flush()
    record(
        QuestionHidden(
            actor=actor.id if actor else None, place=question.place_id, question=question.id, hidden=hidden
        )
    )


QUESTION = Reportable(KIND, _l("A question"), _see, _hide, _show)
