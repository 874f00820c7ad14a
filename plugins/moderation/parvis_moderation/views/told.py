"""A decision as whom it is about reads it; the open record; the texts with which decisions are told."""

from flask import Response, g, request, url_for
from parvis.api import DomainError, Invalid, beside, db, done, is_fragment, needs, page
from parvis.api import gettext as _

from ..domain import log
from ..domain.appeal import appeal, get_told, may_appeal
from ..domain.manager import check_manager
from ..domain.queue import figures
from ..domain.record import list_record, sums
from ..domain.text import LANGUAGES, TOLD, change_template, list_templates
from ..forms import TextForm
from ..models import Act
from ..permission import ModerationPermission
from ..settings import settings
from ..web import bp, number
from . import WORDS


@bp.get("/moderation/decisions/<int:decision_id>")
@needs(ModerationPermission.USE)
def decision(decision_id: int) -> Response:
    """Show whom it is about what was decided, and why."""
    return _decision_page(decision_id, TextForm())


def _decision_page(decision_id: int, form: TextForm, *, status: int = 200) -> Response:
    made = get_told(g.member, decision_id)
    return page(
        "moderation/decision.html", made=made, case=made.case, form=form, may_appeal=may_appeal(made),
        appeal_days=settings().appeal_days, status=status, **WORDS,
    )  # fmt: skip


@bp.post("/moderation/decisions/<int:decision_id>/appeal")
@needs(ModerationPermission.USE)
def send_appeal(decision_id: int) -> Response:
    """Ask for a decision to be looked at again."""
    form = TextForm()
    try:
        appeal(decision_id=decision_id, text=form.text.data or "", actor=g.member)
    except DomainError as refusal:
        db.session.rollback()
        return _decision_page(decision_id, beside(form, refusal), status=refusal.status)
    return done(
        _("Your appeal is sent. You are told what comes of it."),
        url_for("moderation.decision", decision_id=decision_id),
    )


@bp.get("/moderation/record")
@needs(ModerationPermission.USE)
def open_record() -> Response:
    """Show all decisions of the last year, without names."""
    before = number("before")
    rows, more = list_record(before=before)
    older = url_for("moderation.open_record", before=more) if more else ""
    if before and is_fragment():
        return page("moderation/record.html", fragment="items", rows=rows, older=older, **WORDS)
    return page("moderation/record.html", rows=rows, older=older, sums=sums(), figures=figures(), **WORDS)


@bp.get("/moderation/texts")
@needs(ModerationPermission.USE)
def texts() -> Response:
    """Show the texts with which decisions are told."""
    check_manager(g.member)
    return _texts_page()


def _texts_page(*, refused: tuple[str, str, str, str] | None = None, status: int = 200) -> Response:
    templates = list_templates()
    if refused:
        templates[refused[0], refused[1]] = refused[2]
    return page(
        "moderation/texts.html", templates=templates, acts=TOLD, languages=LANGUAGES, refused=refused,
        status=status, **WORDS,
    )  # fmt: skip


@bp.post("/moderation/texts/<act>/<code>")
@needs(ModerationPermission.USE)
def change_text(act: str, code: str) -> Response:
    """Change one of them."""
    check_manager(g.member)
    if act not in TOLD or code not in LANGUAGES:
        raise Invalid(_("There is no such text."))
    text = request.form.get("text", "")
    try:
        change_template(act=Act(act), language=code, text=text)
    except Invalid as refusal:
        db.session.rollback()
        return _texts_page(refused=(act, code, text, refusal.message), status=refusal.status)
    log.note("moderation.text_changed", actor=g.member, subject=f"{act} {code}")
    return done(_("Saved."), url_for("moderation.texts", _anchor=f"{act}-{code}"))
