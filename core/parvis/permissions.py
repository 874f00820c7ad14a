"""Who may do what: permissions are declared where they are needed, with the role that has them."""

from enum import Enum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # members stand above permissions
    from parvis.identity.models import Member


class Role(Enum):
    """Whom a permission is given to."""

    MEMBER = "members"
    ADMINISTRATOR = "administrators"


class Permission(StrEnum):
    """Base of the permissions that core or a plugin declares: `SEND = "thanks:message:send", Role.MEMBER`."""

    role: Role

    def __new__(cls, value: str, role: Role = Role.MEMBER) -> "Permission":
        member = str.__new__(cls, value)
        member._value_ = value
        member.role = role
        return member


class CorePermission(Permission):
    """What core itself asks for."""

    SEE_STATUS = "core:status:see", Role.ADMINISTRATOR
    END_SESSIONS = "core:session:end", Role.ADMINISTRATOR


def may(member: "Member | None", permission: Permission) -> bool:
    """Tell whether a member has a permission; who is signed out has none."""
    if member is None:
        return False
    return permission.role is Role.MEMBER or member.administrator
