"""A first post that waits: read, published, or refused with a word to its author."""

from io import BytesIO

from flask import Response, g, request, send_file, url_for
from parvis.api import DomainError, beside, db, done, needs, page
from parvis.api import gettext as _
from parvis_social.api import read_file

from ..domain.waiting import admit, file_of, get_waiting_for, refuse
from ..forms import RefusalForm
from ..permission import ModerationPermission
from ..web import bp

POST = "/moderation/waiting/<int:waiting_id>"


@bp.get(POST)
@needs(ModerationPermission.USE)
def waiting(waiting_id: int) -> Response:
    """Show a post that waits."""
    return _page(waiting_id, RefusalForm())


def _page(waiting_id: int, form: RefusalForm, *, refusal: str = "", status: int = 200) -> Response:
    found = get_waiting_for(g.member, waiting_id)
    return page("moderation/waiting.html", waiting=found, form=form, refusal=refusal, status=status)


@bp.post(f"{POST}/let-in")
@needs(ModerationPermission.USE)
def let_in_waiting(waiting_id: int) -> Response:
    """Publish it."""
    try:
        made = admit(waiting_id=waiting_id, actor=g.member)
    except DomainError as refusal:
        db.session.rollback()
        if refusal.status == 404:
            raise
        return _page(waiting_id, RefusalForm(formdata=None), refusal=refusal.message, status=refusal.status)
    return done(_("It is published, and its author is told."), f"/contents/{made.id}")


@bp.post(f"{POST}/refuse")
@needs(ModerationPermission.USE)
def refuse_waiting(waiting_id: int) -> Response:
    """Refuse it."""
    form = RefusalForm()
    try:
        refuse(waiting_id=waiting_id, text=form.text.data or "", actor=g.member)
    except DomainError as refusal:
        db.session.rollback()
        if refusal.status == 404:
            raise
        return _page(waiting_id, beside(form, refusal), status=refusal.status)
    words = _("It is not published. Its author reads why, and keeps the text.")
    return done(words, url_for("moderation.queue", show="posts"))


@bp.get(f"{POST}/files/<int:file_id>")
@needs(ModerationPermission.USE)
def waiting_file(waiting_id: int, file_id: int) -> Response:
    """Answer a file of it: pictures are shown, anything else is downloaded."""
    found = file_of(g.member, waiting_id, file_id)
    size = "thumb" if request.args.get("size") == "thumb" else "large"
    response = send_file(
        BytesIO(read_file(found, size)), mimetype=found.content_type, as_attachment=found.width is None,
        download_name=found.name,
    )  # fmt: skip
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
