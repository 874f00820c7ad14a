"""Who signs in: core's own two ways, and the rules around every way.

A refusal costs the same for names that exist and names that do not: whoever the directory does not know is
checked against a local account, and where there is none against a hash made for that.
"""

from functools import cache

import structlog
from flask import g, request
from pwdlib import PasswordHash
from sqlalchemy import select

from parvis.contribution import Identity
from parvis.db import db, utcnow
from parvis.directory.ldap import DirectoryUnavailable, Reason, Refused
from parvis.directory.person import keep_person
from parvis.errors import DomainError, Invalid
from parvis.events import record
from parvis.hookspecs import hookimpl
from parvis.i18n import gettext as _
from parvis.identity.event import SignedIn
from parvis.identity.models import LocalAccount, Member
from parvis.row import add_once
from parvis.runtime import hooks, runtime

log = structlog.get_logger("parvis.security")

MAX_USERNAME = 256
MAX_PASSWORD = 1024


class SignInRefused(DomainError):
    """Nobody signs in with these."""

    status = 401


class DirectorySignIn:
    """Core's first way: search and bind in the company directory."""

    @hookimpl
    def authenticate(self, username: str, password: str) -> Identity | None:
        """Ask the directory; when it cannot answer, leave it to the local account and remember why."""
        directory = runtime().directory
        if directory is None:
            return None
        try:
            found = directory.authenticate(username, password)
        except Refused as refused:
            log.info(
                "sign_in_refused_by_directory",
                username=username,
                reason=refused.reason,
                detail=refused.detail,
            )
            g.sign_in_refused = refused.reason
            return None
        except DirectoryUnavailable as error:
            log.error("directory_unavailable", error=str(error))
            g.directory_unavailable = True
            return None
        return Identity(keep_person(found.entry).id, administrator=found.is_administrator, way="directory")


class LocalSignIn:
    """Core's second way: the break-glass account made on the command line."""

    @hookimpl
    def authenticate(self, username: str, password: str) -> Identity | None:
        """Compare with the local account's Argon2id hash."""
        account = db.session.scalar(
            select(LocalAccount).where(LocalAccount.username == username.strip().casefold())
        )
        right = hasher().verify(password, account.password_hash if account else _nobodys_hash())
        return Identity(account.member_id, administrator=True, way="local") if account and right else None


@cache
def hasher() -> PasswordHash:
    """Return the hasher of local passwords: Argon2id."""
    return PasswordHash.recommended()


@cache
def _nobodys_hash() -> str:
    return hasher().hash("nobody's password, hashed to cost as much as somebody's")


def sign_in(*, username: str, password: str) -> Member:
    """Find who signs in with a name and a password, and let them in.

    Args:
        username: as typed; up to 256 characters.
        password: as typed, passed on unmodified; up to 1,024 characters.

    Raises:
        SignInRefused: nobody, or not like this; the sentence does not tell which.
        Veto: a `check_sign_in` hook refuses the person.
    """
    _refuse_malformed(username, password)
    identity: Identity | None = hooks().first("authenticate", username=username, password=password)
    if identity is None:
        raise SignInRefused(_reason())
    member = _member_of(identity)
    if not member.person.present:
        raise SignInRefused(_reason())
    hooks().check("check_sign_in", person=member.person)
    record(SignedIn(actor=member.id, way=identity.way))
    log.info("signed_in", person=member.id, username=username, way=identity.way, address=request.remote_addr)
    return member


def _refuse_malformed(username: str, password: str) -> None:
    if not username.strip() or not password:
        raise Invalid(_("Please type your user name and your password."))
    if len(username) > MAX_USERNAME or len(password) > MAX_PASSWORD or "\0" in username + password:
        raise SignInRefused(_reason())


def _reason() -> str:
    if g.get("directory_unavailable"):
        return _(
            "The company directory does not answer at the moment, so nobody new can sign in."
            " Please try again in a few minutes."
        )
    if g.get("sign_in_refused") is Reason.MUST_CHANGE_PASSWORD:
        return _("Your password has to be changed first, where you usually change it. Then sign in here.")
    return _("User name or password is not right, or this account may not sign in here.")


def _member_of(identity: Identity) -> Member:
    member = db.session.get(Member, identity.person_id)
    if member is None:
        add_once(Member, id=identity.person_id, steps_done=[], administrator=False, signed_in_at=utcnow())
        member = db.session.get_one(Member, identity.person_id)
    if identity.administrator is not None:
        member.administrator = identity.administrator
    return member
