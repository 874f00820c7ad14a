"""Is it alive, is it ready, what does it measure; and the administrator's page on all that."""

import json
from dataclasses import dataclass

import structlog
from flask import Blueprint, Response, g, jsonify, request, url_for
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from parvis import __version__
from parvis.db import db
from parvis.directory.models import DirectoryRun, Person
from parvis.errors import NotFound
from parvis.events import EventCursor
from parvis.i18n import gettext as _
from parvis.identity.session import end_sessions
from parvis.media import MediaUnavailable
from parvis.metrics import exposition
from parvis.migration import core_history, current
from parvis.permissions import CorePermission
from parvis.runtime import hooks, runtime
from parvis.search.status import search_status
from parvis.web.access import needs
from parvis.web.page import done, page

log = structlog.get_logger("parvis.security")
bp = Blueprint("status", __name__)


@dataclass(frozen=True)
class Check:
    """One thing that must work, and what is wrong with it if it does not."""

    name: str
    problem: str = ""


@bp.get("/healthz")
def healthz() -> Response:
    """Answer that the process lives; asks nobody else."""
    return jsonify(status="ok", version=__version__)


@bp.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Answer whether what every page needs is there: not the directory, which pages can do without."""
    checks = [_database(), _media(), _essential_plugins()]
    ready = not any(check.problem for check in checks)
    told = {check.name: "ok" if not check.problem else "unavailable" for check in checks}
    return jsonify(status="ok" if ready else "unavailable", checks=told), 200 if ready else 503


@bp.get("/metrics")
def metrics() -> Response:
    """Answer the measurements of this process, to whom the configuration allows."""
    return exposition(_search_gauges)


@bp.get("/administration")
@needs(CorePermission.SEE_STATUS)
def administration() -> Response:
    """Show the administrator what works, what does not, and which plugins run."""
    run = db.session.scalar(select(DirectoryRun).order_by(DirectoryRun.id.desc()).limit(1))
    return page(
        "administration/status.html",
        checks=[_database(), _media(), _essential_plugins()],
        plugins=list(hooks().states.values()),
        safe_mode=runtime().safe_mode,
        run=run,
        directory=runtime().directory,
        report=json.loads(run.report) if run else {},
        cursors=db.session.scalars(select(EventCursor).order_by(EventCursor.follower)).all(),
        search=search_status(),
        version=__version__,
    )


@bp.post("/administration/people/<handle>/sign-out")
@needs(CorePermission.END_SESSIONS)
def sign_out(handle: str) -> Response:
    """End all sessions of anybody."""
    person = db.session.scalar(select(Person).where(Person.handle == handle))
    if person is None:
        raise NotFound(_("There is nobody of that name."))
    count = end_sessions(member_id=person.id)
    log.info("sessions_ended", person=person.id, by=g.member.id, count=count, address=request.remote_addr)
    return done(
        _("%(name)s is signed out everywhere.", name=person.display_name), url_for("status.administration")
    )


def _search_gauges() -> dict[str, tuple[str, float]]:
    """Measure the search index of this machine, when somebody looks."""
    try:
        found = search_status()
    except SQLAlchemyError:  # the database is away: the numbers of the process are worth having all the more
        db.session.rollback()
        return {}
    return {
        "parvis_search_ready": (
            "Whether the search index of this machine answers.",
            float(not found.problem),
        ),
        "parvis_search_lag_seconds": (
            "Age of the oldest event that is not in it yet.",
            found.lag.age.total_seconds(),
        ),
        "parvis_search_lag_events": ("How many events are not in it yet, at most 10,000.", found.lag.events),
    }


def _database() -> Check:
    name = "database"
    try:
        db.session.execute(text("SELECT 1"))
        reached = current(db.session.connection(), core_history())
    except Exception as error:
        db.session.rollback()
        return Check(name, _("It does not answer: %(error)s", error=type(error).__name__))
    if reached != core_history().head:
        return Check(name, _("Its tables are not up to date; run: parvis db upgrade"))
    return Check(name)


def _media() -> Check:
    try:
        runtime().media.check()
    except MediaUnavailable as error:
        return Check("media", str(error))
    return Check("media")


def _essential_plugins() -> Check:
    closed = ", ".join(state.name for state in hooks().closed_by)
    return Check(
        "plugins", _("The site is closed, since these do not run: %(names)s", names=closed) if closed else ""
    )
