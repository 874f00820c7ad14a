"""What differs from one kind of directory to the next: attributes, and what makes an account disabled."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

Values = Mapping[str, Sequence[bytes]]

ACCOUNT_DISABLED = 0x2  # MS-ADTS 2.2.16, userAccountControl
NEVER = (0, 2**63 - 1)  # MS-ADA1, accountExpires: both mean that the account never expires
WINDOWS_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
LOCKED_FOR_GOOD = b"000001010000Z"  # draft-behera-ldap-password-policy: locked until an administrator unlocks


@dataclass(frozen=True)
class Preset:
    """One kind of directory.

    `attributes` maps our fields to its attributes; `disabled` judges an entry from the attributes named by
    `disabled_by` (lower case); `nests_groups` says that the server itself follows groups within groups.
    """

    person_filter: str
    attributes: Mapping[str, str]
    disabled_by: tuple[str, ...]
    disabled: Callable[[Values], bool]
    nests_groups: bool = False


def says_yes(values: Sequence[bytes]) -> bool:
    """Judge an attribute that says whether an account is disabled."""
    return bool(values) and values[0].strip().lower() in (b"true", b"1", b"yes", b"y", b"disabled", b"locked")


def _locked_in_openldap(values: Values) -> bool:
    return LOCKED_FOR_GOOD in values.get("pwdaccountlockedtime", ())


def _locked_in_389ds(values: Values) -> bool:
    return says_yes(values.get("nsaccountlock", ()))


def _disabled_in_active_directory(values: Values) -> bool:
    if _number(values.get("useraccountcontrol")) & ACCOUNT_DISABLED:
        return True
    expires = _number(values.get("accountexpires"))
    return expires not in NEVER and expires <= _windows_time(datetime.now(UTC))


def _windows_time(moment: datetime) -> int:
    return (moment - WINDOWS_EPOCH) // timedelta(microseconds=1) * 10


def _number(values: Sequence[bytes] | None) -> int:
    return int(values[0]) if values else 0


INET_ORG_PERSON = {
    "username": "uid",
    "display_name": "displayName",
    "given_name": "givenName",
    "family_name": "sn",
    "mail": "mail",
    "phone": "telephoneNumber",
    "mobile": "mobile",
    "title": "title",
    "department": "ou",
    "site": "l",
    "country": "c",
    "job_family": "businessCategory",
    "manager": "manager",
    "photo": "jpegPhoto",
    "modified": "modifyTimestamp",
}

PRESETS: Mapping[str, Preset] = {
    "openldap": Preset(
        person_filter="(objectClass=inetOrgPerson)",
        attributes=INET_ORG_PERSON | {"id": "entryUUID"},
        disabled_by=("pwdaccountlockedtime",),
        disabled=_locked_in_openldap,
    ),
    "389ds": Preset(
        person_filter="(objectClass=inetOrgPerson)",
        attributes=INET_ORG_PERSON | {"id": "nsUniqueId"},
        disabled_by=("nsaccountlock",),
        disabled=_locked_in_389ds,
    ),
    "active-directory": Preset(
        person_filter="(&(objectCategory=person)(objectClass=user))",
        attributes=INET_ORG_PERSON
        | {
            "id": "objectGUID",
            "username": "sAMAccountName",
            "department": "department",
            "site": "physicalDeliveryOfficeName",
            "job_family": "employeeType",
            "photo": "thumbnailPhoto",
            "modified": "whenChanged",
        },
        disabled_by=("useraccountcontrol", "accountexpires"),
        disabled=_disabled_in_active_directory,
        nests_groups=True,
    ),
}
