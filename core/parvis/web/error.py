"""Error pages: what happened, what was not lost, what to do; whole or as a fragment, in both languages."""

import structlog
from flask import Flask, Response, g, make_response, render_template
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import (
    IntegrityError,
    InternalError,
    OperationalError,
    PendingRollbackError,
    TimeoutError,
)
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError

from parvis.db import db
from parvis.errors import DomainError
from parvis.i18n import gettext as _
from parvis.runtime import runtime
from parvis.web.page import is_fragment

log = structlog.get_logger()

UNREACHABLE = (OperationalError, TimeoutError, InternalError, PendingRollbackError)
"""`InternalError`: the server has become one that is only read. The last is what is seen of a lost connection
by whoever asks next, after a plugin's fault was caught."""

LAST_RESORT = """<!doctype html><title>Parvis</title><h1>Something went wrong</h1>
<p>Please try again in a moment. / Veuillez réessayer dans un instant.</p>"""


def init_errors(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(DomainError, lambda e: error_page(e.status, e.message))
    app.register_error_handler(CSRFError, lambda e: error_page(400, _csrf_sentence()))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(IntegrityError, _conflict)
    app.register_error_handler(StaleDataError, _conflict)
    for kind in UNREACHABLE:
        app.register_error_handler(kind, database_error)


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]  # a redirect that was raised
    code = error.code or 500
    response = error_page(code, _sentence(code))
    response.headers.extend({k: v for k, v in error.get_headers() if k in ("Allow", "Retry-After")})
    return response


def database_error(error: Exception) -> Response:
    """Return the page for when the database does not answer, or was lost while the page was made."""
    log.error("database_unavailable", error=str(error.__cause__ or error).splitlines()[0])
    g.member = None
    response = error_page(503, _sentence(503))
    response.headers["Retry-After"] = "10"
    return response


def _conflict(error: Exception) -> Response:
    """Two requests made the same thing at the same moment: one of them did."""
    log.warning("conflict", error=str(error.__cause__ or error).splitlines()[0])
    return error_page(
        409, _("Somebody did the same at the same moment. Nothing was changed; please look, and try again.")
    )


def error_page(status: int, sentence: str) -> Response:
    """Render an error in the reader's language; if even that fails, a page that needs nothing."""
    template = "errors/partial.html" if is_fragment() else "errors/error.html"
    try:
        html = render_template(
            template, status=status, title=_title(status), sentence=sentence, advice=_advice(status)
        )
    except Exception:
        db.session.rollback()
        log.exception("error_page_failed")
        html = LAST_RESORT
    return make_response(html, status)


def _csrf_sentence() -> str:
    return _(
        "This page was open for too long or in another session, so nothing was sent."
        " Reload it, and send again."
    )


def _title(status: int) -> str:
    titles = {
        400: _("That could not be understood"),
        401: _("Please sign in"),
        403: _("Not for you to do"),
        404: _("Nothing here"),
        405: _("Not like this"),
        413: _("Too large"),
        422: _("That did not work"),
        429: _("A moment, please"),
        503: _("Back in a moment"),
    }
    return titles.get(status) or _("Something went wrong")


def _sentence(status: int) -> str:
    sentences = {
        400: _("What your browser sent could not be understood. Nothing was changed."),
        404: _("There is no such page, or it is not open to you."),
        405: _("This address cannot be used like that. Nothing was changed."),
        413: _(
            "What you sent is larger than %(size)s MiB. Nothing was changed.",
            size=runtime().config.server.max_upload,
        ),
        429: _("You did that often in a short time. Please wait a moment."),
        503: _("The service cannot answer at the moment. What was saved before is safe."),
    }
    return sentences.get(status) or _("We could not finish that, and noted why. Nothing of it was saved.")


def _advice(status: int) -> str:
    contact = runtime().config.site.contact
    if status >= 500:
        return (
            _("Try again in a minute; if it stays so, write to %(contact)s.", contact=contact)
            if contact
            else _("Try again in a minute.")
        )
    return ""


def internal_error() -> Response:
    """Return the page of a fault of ours."""
    return error_page(InternalServerError.code, _sentence(500))
