"""The page on which one asks for one's data, or to be forgotten."""

from flask import Blueprint, Response, g, url_for
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice

from parvis.errors import Invalid
from parvis.i18n import gettext as _
from parvis.i18n import lazy_gettext as _l
from parvis.identity.session import browser_session, end
from parvis.personal_data.request import archive_of, ask_erasure, ask_export, get_archive_for
from parvis.runtime import runtime
from parvis.web.page import beside, done, page

bp = Blueprint("personal_data", __name__)


class LeaveForm(FlaskForm):
    """What becomes of what one published, and one's handle, typed, so that it does not happen by mistake."""

    contents = RadioField(
        _l("What you published"),
        choices=[
            SelectChoice(
                "keep", _l("It stays, as a former colleague's: answers and discussions remain whole")
            ),
            SelectChoice("remove", _l("It is removed. Where others answered, a mark stays in its place")),
        ],
        validate_choice=False,
    )
    confirmation = StringField(
        _l("Your handle, to confirm"), render_kw={"autocomplete": "off", "autocapitalize": "none"}
    )


@bp.get("/account/data")
def show() -> Response:
    """Show what one can ask for, and the archive that one asked for."""
    return page("personal_data/show.html", archive=archive_of(g.member))


@bp.post("/account/data")
def ask() -> Response:
    """Ask for all that is kept about oneself."""
    ask_export(actor=g.member)
    return done(
        _("Your archive is being prepared. Look here again in a few minutes."), url_for("personal_data.show")
    )


@bp.get("/account/data/<int:request_id>.zip")
def download(request_id: int) -> Response:
    """Answer the archive, to nobody else."""
    archive = get_archive_for(g.member, request_id)
    response = Response(runtime().media.stream(archive.media_key or ""), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{archive.person.handle}.zip"'
    response.content_length = archive.size
    return response


@bp.get("/account/leave")
def leave() -> Response:
    """Say what becomes of everything when one leaves, and ask whether one is sure."""
    return _leave_page(LeaveForm())


@bp.post("/account/leave")
def leave_for_good() -> Response:
    """Ask to be forgotten, and be signed out."""
    form = LeaveForm()
    try:
        ask_erasure(
            actor=g.member, confirmation=form.confirmation.data or "", contents=form.contents.data or ""
        )
    except Invalid as refusal:
        return _leave_page(beside(form, refusal), status=422)
    end(browser_session())
    return done(
        _("Your account is being erased. Within a few minutes nothing here names you any more."),
        url_for("identity.login"),
    )


def _leave_page(form: LeaveForm, status: int = 200) -> Response:
    rule = runtime().config.identity.contents_of_leavers
    return page(
        "personal_data/leave.html", form=form, rule=rule, handle=g.member.person.handle, status=status
    )
