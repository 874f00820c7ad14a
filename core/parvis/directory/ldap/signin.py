"""Sign-in by search and bind: find exactly one person, then let the directory judge the password."""

import contextlib
import re
import secrets
from dataclasses import dataclass

from ldap3.core.results import (
    RESULT_CONSTRAINT_VIOLATION,
    RESULT_INAPPROPRIATE_AUTHENTICATION,
    RESULT_INSUFFICIENT_ACCESS_RIGHTS,
    RESULT_INVALID_CREDENTIALS,
    RESULT_NO_SUCH_OBJECT,
    RESULT_UNWILLING_TO_PERFORM,
)
from ldap3.utils.conv import escape_filter_chars

from parvis.directory.entry import BadEntry, Decoder, DirectoryEntry, is_below, normal_dn
from parvis.directory.ldap.connection import Answer, Link
from parvis.directory.ldap.error import DirectoryUnavailable, Reason, Refused
from parvis.directory.ldap.group import is_member
from parvis.directory.settings import DirectorySettings

MAX_USERNAME = 256
MAX_PASSWORD = 1024
UNUSABLE = re.compile("[\x00-\x1f\x7f-\x9f]")
# Microsoft's codes in the message of a refused bind; the others mean a wrong name or password.
SUB_CODE = re.compile(r"\bdata ([0-9a-f]{3})\b")
SUB_CODES = {
    "532": Reason.MUST_CHANGE_PASSWORD,
    "533": Reason.DISABLED,
    "701": Reason.EXPIRED,
    "773": Reason.MUST_CHANGE_PASSWORD,
}
REFUSALS = {
    RESULT_INVALID_CREDENTIALS: Reason.WRONG_PASSWORD,
    RESULT_NO_SUCH_OBJECT: Reason.WRONG_PASSWORD,
    RESULT_INAPPROPRIATE_AUTHENTICATION: Reason.WRONG_PASSWORD,
    RESULT_CONSTRAINT_VIOLATION: Reason.DISABLED,  # 389ds: too many wrong passwords
    RESULT_UNWILLING_TO_PERFORM: Reason.DISABLED,  # 389ds: account inactivated
}
NOT_SUPPORTED = (2, 12, 53)  # answers of servers that do not know "Who am I?"


@dataclass(frozen=True)
class SignedIn:
    """Someone whose password the directory has accepted, and who may sign in."""

    entry: DirectoryEntry
    is_administrator: bool


def check_input(username: str, password: str) -> str:
    """Refuse what no directory should ever be asked, and return the user name without spaces around it.

    Raises:
        Refused: empty, over-long, or holding characters that belong in no name.
    """
    name = username.strip()
    if not name or len(name) > MAX_USERNAME or UNUSABLE.search(name) or not _is_text(name):
        raise Refused(Reason.BAD_INPUT, "user name")
    if not password or len(password) > MAX_PASSWORD or "\0" in password or not _is_text(password):
        raise Refused(Reason.BAD_INPUT, "password")
    return name


def sign_in(
    link: Link, username: str, password: str, *, settings: DirectorySettings, decoder: Decoder
) -> SignedIn:
    """Sign a person in over a service connection.

    Raises:
        Refused: nobody, more than one, a wrong password, disabled, or in no group that may.
        DirectoryUnavailable: this server did not answer as it should.
    """
    try:
        entry = _find(link, username, settings, decoder)
    except Refused:
        # As long a wait as for a name that exists.
        with contextlib.suppress(DirectoryUnavailable):
            _bind(link, f"cn={secrets.token_hex(8)},{settings.base_dn}", secrets.token_urlsafe(12))
        raise
    if refused := _bind(link, entry.dn, password):
        raise refused
    if entry.disabled:
        raise Refused(Reason.DISABLED, entry.dn)
    nests = settings.rules.nests_groups
    if settings.sign_in_group and not is_member(link, entry.dn, settings.sign_in_group, nests_groups=nests):
        raise Refused(Reason.NOT_IN_GROUP, entry.dn)
    group = settings.administrators_group
    return SignedIn(entry, bool(group) and is_member(link, entry.dn, group, nests_groups=nests))


def _find(link: Link, username: str, settings: DirectorySettings, decoder: Decoder) -> DirectoryEntry:
    filter = f"(&{settings.people}({decoder.username_attribute}={escape_filter_chars(username)}))"
    rows = link.find(settings.base_dn, filter, decoder.attributes, limit=2)
    if len(rows) != 1:
        raise Refused(Reason.AMBIGUOUS if rows else Reason.UNKNOWN)
    try:
        entry = decoder.decode(*rows[0])
    except BadEntry as error:
        raise Refused(Reason.UNREADABLE, str(error)) from None
    if not is_below(entry.dn, settings.base_dn):
        raise Refused(Reason.OUTSIDE, entry.dn)
    return entry


def _bind(service: Link, dn: str, password: str) -> Refused | None:
    """Let the directory judge a password on a connection of its own."""
    with service.sibling() as link:
        if (answer := link.bind(dn, password)).code:
            return _refusal(answer, dn)
        code, authority = link.who_am_i()
    return misidentified(code, authority, dn)


def misidentified(code: int, authority: str, dn: str) -> Refused | None:
    """Check who was bound: servers take some binds for anonymous ones and call that a success."""
    if code == RESULT_INSUFFICIENT_ACCESS_RIGHTS:  # OpenLDAP, after a password was reset
        return Refused(Reason.MUST_CHANGE_PASSWORD, dn)
    if code in NOT_SUPPORTED:
        return None
    kind, _, name = authority.partition(":")
    if code or not name or (kind == "dn" and normal_dn(name) != normal_dn(dn)):
        return Refused(Reason.NOT_BOUND, f"{dn} became {authority or 'nobody'}")
    return None


def _refusal(answer: Answer, dn: str) -> Refused:
    if answer.code not in REFUSALS:
        raise DirectoryUnavailable(f"bind as {dn}: {answer}")
    found = SUB_CODE.search(answer.message)
    sub_code = found[1] if found else ""
    detail = f"{dn} {answer.description}{f' {sub_code}' if sub_code else ''}"
    return Refused(SUB_CODES.get(sub_code, REFUSALS[answer.code]), detail)


def _is_text(text: str) -> bool:
    try:
        return bool(text.encode())
    except UnicodeEncodeError:
        return False
