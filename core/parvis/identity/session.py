"""Sessions kept on the server: the cookie is a random token, the row its digest, and ending the row ends it.

Somebody signed out has a cookie of our own making too, signed but never dated: two machines' clocks may
differ, and a dated signature then fails.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, cast

from flask import Flask, Request, Response, g
from flask import session as flask_session
from flask.sessions import SessionMixin
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Select, Table, Update, bindparam, delete, select, update
from sqlalchemy.exc import OperationalError, TimeoutError
from sqlalchemy.orm.attributes import set_committed_value
from werkzeug.datastructures import CallbackDict

from parvis.config import Config
from parvis.db import BigId, db, set_writing, utcnow, writing
from parvis.directory.models import Person
from parvis.identity.models import Member, MemberSession
from parvis.security import CSRF_KEY
from parvis.statement import columns_of, entities, prepared, read_rows, write_rows
from parvis.web.unit_of_work import SAFE_METHODS, KeptSessions

SEEN_EVERY = timedelta(minutes=10)


class BrowserSession(CallbackDict[str, Any], SessionMixin):
    """What one browser carries: flash messages, the CSRF secret; with `row` when signed in."""

    def __init__(self, data: dict[str, Any] | None = None, row: MemberSession | None = None) -> None:
        def changed(_self: Any) -> None:
            self.modified = True

        super().__init__(data or {}, changed)
        self.row = row
        self.modified = False
        self.token: str | None = None
        """The token to put into the cookie, when it is new."""
        self.ended = False


def browser_session() -> BrowserSession:
    """Return the present request's session itself, behind Flask's proxy."""
    found = flask_session._get_current_object()  # type: ignore[attr-defined]  # every LocalProxy has it
    assert isinstance(found, BrowserSession)
    return found


@prepared
def _alive() -> Select[Any]:
    """Return the query of every request: a session that has not ended, its member, and who that is."""
    return (
        select(*columns_of(MemberSession, Member, Person))
        .join(Member, Member.id == MemberSession.member_id)
        .join(Person, Person.id == Member.id)
        .where(
            MemberSession.digest == bindparam("digest"),
            MemberSession.seen_at > bindparam("seen_after"),
            MemberSession.created_at > bindparam("created_after"),
        )
    )


@prepared
def _keeping() -> Update:
    """Return the statement by which a session keeps what it carries."""
    kept = cast(Table, MemberSession.__table__)
    keeping = update(kept).where(kept.c.id == bindparam("row", type_=BigId))
    return keeping.values(data=bindparam("kept", type_=kept.c.data.type))


def digest(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


class ServerSessions(KeptSessions):
    """Flask's sessions in the table `member_session`."""

    def __init__(self, config: Config) -> None:
        self.secure = config.site.secure
        self.cookie = "__Host-parvis" if self.secure else "parvis"
        self.idle = timedelta(hours=config.identity.session_idle)
        self.absolute = timedelta(days=config.identity.session_absolute)
        self.signer = URLSafeSerializer(config.server.secret_key, salt="parvis.anonymous")

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        """Find the browser's session and, with it, the member; what follows may write if the method may."""
        g.member = None
        set_writing(False)
        kind, _, value = request.cookies.get(self.cookie, "").partition(".")
        try:
            session = self._signed_in(value) if kind == "s" else self._anonymous(value)
        except (OperationalError, TimeoutError) as error:
            db.session.rollback()
            g.database_error = error  # the gate answers with it, so that the page is one of ours
            return BrowserSession()
        if session.row is not None:
            g.member = session.row.member
            self._touch(session.row)
        if request.method not in SAFE_METHODS:
            db.session.commit()
            set_writing(True)
        return session

    def _signed_in(self, token: str) -> BrowserSession:
        now = utcnow()
        values = {
            "digest": digest(token),
            "seen_after": now - self.idle,
            "created_after": now - self.absolute,
        }
        for found in read_rows(_alive(), values):
            row, member, person = entities(found, MemberSession, Member, Person)
            set_committed_value(row, "member", member)
            set_committed_value(member, "person", person)
            if person.present:
                return BrowserSession(dict(row.data), row)
        return BrowserSession()

    def _anonymous(self, value: str) -> BrowserSession:
        try:
            data = self.signer.loads(value) if value else {}
        except BadSignature:
            data = {}
        return BrowserSession(data if isinstance(data, dict) else {})

    def _touch(self, row: MemberSession) -> None:
        """Note, now and then, that the session is used: the one write that reading a page may cause."""
        now = utcnow()
        if now - row.seen_at >= SEEN_EVERY:
            db.session.commit()
            with writing():
                db.session.execute(
                    update(MemberSession).where(MemberSession.id == row.id).values(seen_at=now)
                )
                db.session.commit()

    def keep(self) -> None:
        """Write a signed-in session's data into its row, as part of the request's transaction."""
        session = browser_session()
        if session.row is not None and session.modified and not session.ended:
            write_rows(_keeping(), {"row": session.row.id, "kept": dict(session)})

    def keep_after_reading(self) -> None:
        """Forget a message that the page has shown."""
        session = browser_session()
        if session.row is not None and session.modified:
            db.session.commit()
            set_writing(True)
            self.keep()
            db.session.commit()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie where it is new; personal pages are kept by nobody's cache.

        Where the database could not be asked whose session it is, its cookie stays.
        """
        assert isinstance(session, BrowserSession)
        response.vary.add("Cookie")
        if session.token is not None:
            self._set_cookie(response, f"s.{session.token}")
        elif session.ended and not session:
            response.delete_cookie(self.cookie, path="/", secure=self.secure, httponly=True, samesite="Lax")
        elif session.row is None and session.modified and "database_error" not in g:
            self._set_cookie(response, f"a.{self.signer.dumps(dict(session))}")

    def _set_cookie(self, response: Response, value: str) -> None:
        response.set_cookie(self.cookie, value, path="/", secure=self.secure, httponly=True, samesite="Lax")


def begin(session: BrowserSession, member: Member, *, address: str, browser: str) -> None:
    """Give a browser a new session, with a new id: whatever it carried before is forgotten."""
    if session.row is not None:
        db.session.execute(delete(MemberSession).where(MemberSession.id == session.row.id))
    session.clear()
    session.token = secrets.token_urlsafe(32)
    session[CSRF_KEY] = secrets.token_hex(20)
    session.row = MemberSession(
        digest=digest(session.token),
        member_id=member.id,
        address=address,
        browser=browser[:300],
        data=dict(session),
    )
    db.session.add(session.row)
    db.session.flush()
    g.member = member


def end(session: BrowserSession) -> None:
    """Sign this browser out; a copy of its cookie is worth nothing afterwards."""
    if session.row is not None:
        db.session.execute(delete(MemberSession).where(MemberSession.id == session.row.id))
    session.clear()
    session.row, session.ended = None, True
    g.member = None


def sessions_of(member: Member) -> list[MemberSession]:
    """Return the member's sessions, last used first."""
    found = read_rows(_sessions_of(), {"member": member.id})
    return [session for row in found for session in entities(row, MemberSession)]


@prepared
def _sessions_of() -> Select[Any]:
    theirs = MemberSession.member_id == bindparam("member")
    return select(*columns_of(MemberSession)).where(theirs).order_by(MemberSession.seen_at.desc())


def end_sessions(*, member_id: int, only: int | None = None, but: int | None = None) -> int:
    """End a member's sessions: all, `only` one, or all `but` one (ids of MemberSession); return how many."""
    query = delete(MemberSession).where(MemberSession.member_id == member_id)
    if only is not None:
        query = query.where(MemberSession.id == only)
    if but is not None:
        query = query.where(MemberSession.id != but)
    return len(db.session.scalars(query.returning(MemberSession.id)).all())


def forget_old_sessions(config: Config) -> None:
    """Delete the rows of sessions that ended by time."""
    now = utcnow()
    idle, absolute = (
        timedelta(hours=config.identity.session_idle),
        timedelta(days=config.identity.session_absolute),
    )
    db.session.execute(
        delete(MemberSession).where(
            (MemberSession.seen_at < now - idle) | (MemberSession.created_at < now - absolute)
        )
    )
