"""Reporting something, and what became of it."""

from typing import Any

from flask import Response, g, request, url_for
from parvis.api import DomainError, beside, db, done, needs, page
from parvis.api import gettext as _

from ..domain.appeal import list_told
from ..domain.manager import is_manager
from ..domain.queue import keeps_any
from ..domain.report import list_sent, report, see
from ..domain.text import reasons
from ..forms import ReportForm
from ..permission import ModerationPermission
from ..web import bp, number
from . import WORDS, language


@bp.get("/moderation/report/<kind>/<int:subject_id>")
@needs(ModerationPermission.USE)
def begin_report(kind: str, subject_id: int) -> Response:
    """Ask why something is reported."""
    return _report_page(kind, subject_id, ReportForm())


def _report_page(kind: str, subject_id: int, form: ReportForm, *, status: int = 200) -> Response:
    seen = see(kind=kind, subject_id=subject_id, viewer=g.member)
    offered = [each for each in reasons().values() if each.offered]
    return page(
        "moderation/report.html", seen=seen, kind=kind, form=form, reasons=offered,
        language=language(), status=status, **WORDS,
    )  # fmt: skip


@bp.post("/moderation/report/<kind>/<int:subject_id>")
@needs(ModerationPermission.USE)
def send_report(kind: str, subject_id: int) -> Response:
    """Report something. A photo of a profile can be chosen there: it is then what is reported."""
    form = ReportForm()
    kind, subject_id = _chosen(kind, subject_id)
    try:
        _case, new = report(
            kind=kind, subject_id=subject_id, reason=request.form.get("reason", ""),
            note=form.note.data or "", actor=g.member,
        )  # fmt: skip
    except DomainError as refusal:
        db.session.rollback()
        if refusal.status == 404:
            raise
        return _report_page(kind, subject_id, beside(form, refusal), status=refusal.status)
    if not new:
        return done(_("You have reported this already. It is being looked at."), url_for("moderation.mine"))
    return done(
        _("Thank you. Somebody looks at it, and you are told what became of it."), url_for("moderation.mine")
    )


def _chosen(kind: str, subject_id: int) -> tuple[str, int]:
    photo = request.form.get("photo", "")
    if kind == "profile" and photo.isascii() and photo.isdecimal() and len(photo) < 19:
        return "photo", int(photo)
    return kind, subject_id


@bp.get("/moderation/reports")
@needs(ModerationPermission.USE)
def mine() -> Response:
    """Show what one has reported and what came of it, and what was decided about oneself."""
    before, told_before = number("before"), number("told")
    sent, more = list_sent(g.member, before=before)
    told, told_more = list_told(g.member, before=told_before)
    context: dict[str, Any] = {
        "older": url_for("moderation.mine", before=more) if more else "",
        "told_older": url_for("moderation.mine", told=told_more) if told_more else "",
        "decides": is_manager(g.member) or keeps_any(g.member),
    }
    return page("moderation/mine.html", sent=sent, told=told, **context, **WORDS)
