"""Who may do what: permissions are declared where they are needed, with the role that has them."""

from collections.abc import Callable
from enum import Enum, StrEnum
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import g, redirect, request, url_for

from parvis.errors import NotFound
from parvis.i18n import gettext as _
from parvis.identity.models import Member

P = ParamSpec("P")
R = TypeVar("R")


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


def may(member: Member | None, permission: Permission) -> bool:
    """Tell whether a member has a permission; who is signed out has none."""
    if member is None:
        return False
    return permission.role is Role.MEMBER or (permission.role is Role.ADMINISTRATOR and member.administrator)


def needs(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a view answer only members who have the permission; others are told that there is no such page."""

    def wrap(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            if g.get("member") is None:
                return redirect(url_for("identity.login", next=request.full_path))  # type: ignore[return-value]  # a Response is a view's answer
            if not may(g.member, permission):
                raise NotFound(_("There is no such page."))
            return view(*args, **kwargs)

        return checked

    return wrap
