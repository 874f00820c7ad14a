"""What can go wrong between us and the directory."""

from enum import StrEnum


class DirectoryUnavailable(Exception):
    """No server answered as it should, or not in time. The text is for logs and administrators."""


class ServiceRefused(DirectoryUnavailable):
    """The server does not accept the service account (`bind_dn`, `bind_password`)."""


class SearchFailed(DirectoryUnavailable):
    """The server did not complete a search. `code` is the LDAP result (RFC 4511, appendix A)."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class IncompleteRead(DirectoryUnavailable):
    """Not everybody was read: nothing may be concluded from who is missing."""


class Reason(StrEnum):
    """Why a sign-in was refused: for logs. The person sees one sentence, MUST_CHANGE_PASSWORD excepted."""

    BAD_INPUT = "bad-input"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    OUTSIDE = "outside-base"
    UNREADABLE = "unreadable-entry"
    WRONG_PASSWORD = "wrong-password"
    NOT_BOUND = "not-bound"
    DISABLED = "disabled"
    EXPIRED = "expired"
    MUST_CHANGE_PASSWORD = "must-change-password"
    NOT_IN_GROUP = "not-in-group"


class Refused(Exception):
    """The directory knows no such pair of name and password, or the person may not sign in."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail
