"""The charter: read by everybody, accepted by members, published by who moderates."""

from typing import Any

from flask import Response, g, request, url_for
from parvis.api import Invalid, beside, db, done, needs, next_join_url, page, public, redirected
from parvis.api import gettext as _

from ..domain import charter as charters
from ..domain.manager import check_manager, is_manager
from ..forms import CharterForm
from ..permission import ModerationPermission
from ..web import bp, number
from . import language


@bp.get("/charter")
@public
def charter() -> Response:
    """Show the charter, as it is or as a version was, to whoever asks, signed in or not."""
    version = number("version")
    found = charters.get_charter(version) if version else charters.current_charter()
    return page(
        "moderation/charter.html",
        charter=found,
        text_html=found.html(language()) if found else "",
        versions=charters.list_versions() if g.member else [],
        manages=g.member is not None and is_manager(g.member),
    )


@bp.get("/charter/accept")
@needs(ModerationPermission.USE)
def accept() -> Response:
    """Ask for the charter to be accepted, with what changed since one did."""
    found = charters.current_charter()
    if found is None or charters.step_of(found.version) in g.member.steps_done:
        return redirected(url_for("moderation.charter"))
    return _accept_page()


def _accept_page(**context: Any) -> Response:
    found = charters.current_charter()
    since = charters.last_accepted(g.member)
    return page(
        "moderation/accept.html",
        charter=found,
        text_html=found.html(language()) if found else "",
        changes=charters.what_changed(found, since, language()) if found else [],
        **context,
    )


@bp.post("/charter/accept")
@needs(ModerationPermission.USE)
def accepted() -> Response:
    """Accept the charter."""
    version = request.form.get("version", "")
    try:
        charters.accept_charter(
            version=int(version) if version.isdecimal() and len(version) < 10 else 0, actor=g.member
        )
    except Invalid as refusal:
        db.session.rollback()
        return _accept_page(refusal=refusal.message, status=refusal.status)
    return redirected(next_join_url(g.member))


@bp.route("/charter/edit", methods=["GET", "POST"])
@needs(ModerationPermission.USE)
def change_charter() -> Response:
    """Publish a new version, after a look at it."""
    check_manager(g.member)
    form = CharterForm()
    if request.method == "GET":
        now = charters.current_charter()
        texts = charters.read_texts() if now is None else {"fr": now.french, "en": now.english}
        form.french.data, form.english.data = texts["fr"], texts["en"]
        return page("moderation/charter_edit.html", form=form, now=now)
    try:
        made = charters.publish_charter(
            french=form.french.data or "", english=form.english.data or "", actor=g.member
        )
        charters.accept_charter(version=made.version, actor=g.member)
    except Invalid as refusal:
        db.session.rollback()
        return page(
            "moderation/charter_edit.html", form=beside(form, refusal), now=charters.current_charter(),
            status=refusal.status,
        )  # fmt: skip
    return done(
        _("The charter is published. Everybody is asked to accept it."), url_for("moderation.charter")
    )
