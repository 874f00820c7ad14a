"""Asking for one's data, and asking to be forgotten; the worker does both."""

from sqlalchemy import select

from parvis.config.tables import Contents
from parvis.db import db, utcnow
from parvis.directory.models import Person
from parvis.errors import Invalid, NotFound
from parvis.events import EventRecord, record
from parvis.i18n import gettext as _
from parvis.identity.models import Member
from parvis.identity.session import end_sessions
from parvis.jobs import enqueue
from parvis.personal_data.erasure import erase
from parvis.personal_data.event import DataAsked
from parvis.personal_data.export import export
from parvis.personal_data.models import ERASE, EXPORT, VALID, DataRequest
from parvis.runtime import runtime

JOB = "core:personal_data"


def ask_export(*, actor: Member) -> None:
    """Ask for all that is kept about oneself; while an archive is on its way, it is the one asked for."""
    present = archive_of(actor)
    if present is None or present.done_at is not None:
        _ask(DataRequest(person_id=actor.id, kind=EXPORT), actor)


def ask_erasure(*, actor: Member, confirmation: str, contents: str) -> None:
    """Ask to be forgotten: the member is out at once, and the rest follows.

    Raises:
        Invalid: the handle typed is not their own, or they do not say what becomes of what they published;
            `field` says which.
    """
    if confirmation.strip().lstrip("@").lower() != actor.person.handle:
        raise Invalid(
            _("Please type %(handle)s, so that this does not happen by mistake.", handle=actor.person.handle),
            field="confirmation",
        )
    _ask(DataRequest(person_id=actor.id, kind=ERASE, contents=decided(contents)), actor)
    end_sessions(member_id=actor.id)


def decided(contents: str) -> str:
    """Return what becomes of what somebody published: as the site decides, or else as they chose.

    Raises:
        Invalid: it is open, and neither `keep` nor `remove`; `field` is `contents`.
    """
    rule: Contents = runtime().config.identity.contents_of_leavers
    chosen = contents if rule == "choose" else rule
    if chosen not in ("keep", "remove"):
        raise Invalid(_("Please choose what becomes of what was published."), field="contents")
    return chosen


def _ask(request: DataRequest, actor: Member) -> None:
    db.session.add(request)
    db.session.flush()
    record(DataAsked(actor=actor.id, person=request.person_id, request=request.id))


def follow(event: EventRecord) -> None:
    """Follow the event log: have the worker do what was asked for."""
    if event.kind == DataAsked.kind:
        enqueue(JOB, event.data["request"])


def answer(request_id: int) -> None:
    """Do what was asked for: a job, which may run twice."""
    request = db.session.get(DataRequest, request_id)
    if request is not None and request.done_at is None:
        (export if request.kind == EXPORT else erase)(request)


def erase_now(*, person: Person, contents: str) -> DataRequest:
    """Forget somebody at once, for the command line; return the request with its report."""
    request = DataRequest(person_id=person.id, kind=ERASE, contents=decided(contents))
    db.session.add(request)
    db.session.commit()
    erase(request)
    return request


def archive_of(member: Member) -> DataRequest | None:
    """Return the member's archive, on its way or ready to be downloaded."""
    mine = (DataRequest.person_id == member.id, DataRequest.kind == EXPORT)
    newest = db.session.scalar(select(DataRequest).where(*mine).order_by(DataRequest.id.desc()).limit(1))
    over = newest is not None and newest.done_at is not None and newest.done_at < utcnow() - VALID
    return None if over else newest


def get_archive_for(member: Member, request_id: int) -> DataRequest:
    """Fetch an archive that the member may download.

    Raises:
        NotFound: it is somebody else's, is not ready, or a day has passed.
    """
    found = archive_of(member)
    if found is None or found.id != request_id or found.done_at is None:
        raise NotFound(_("This archive is not there any more. Ask for another one."))
    return found
