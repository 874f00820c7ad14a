"""Marks of views that the gate reads, and the permission a view asks for."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import g

from parvis.errors import NotFound
from parvis.i18n import gettext as _
from parvis.permissions import Permission, may

F = TypeVar("F", bound=Callable[..., Any])
P = ParamSpec("P")
R = TypeVar("R")


def public(view: F) -> F:
    """Let a view answer people who are not signed in; every other view is for members."""
    view.is_public = True  # type: ignore[attr-defined]  # a mark that the gate reads
    return view


def needs(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a view answer only members who have the permission; others are told that there is no such page."""

    def wrap(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            if not may(g.member, permission):
                raise NotFound(_("There is no such page, or it is not open to you."))
            return view(*args, **kwargs)

        return checked

    return wrap
