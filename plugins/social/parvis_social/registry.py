"""What the plugins of this app have registered: kinds of places and notifications, types of contents."""

from typing import Any, TypeVar

from flask import current_app
from parvis.api import hooks

from .contribution import ContentType, NotificationKind, PlaceKind

T = TypeVar("T")
EXTENSION = "parvis_social"


def place_kinds() -> dict[str, PlaceKind]:
    """Return the kinds of places by name."""
    return _registered("register_place_kinds", PlaceKind)


def content_types() -> dict[str, ContentType]:
    """Return the types of contents by name."""
    return _registered("register_content_types", ContentType)


def notification_kinds() -> dict[str, NotificationKind]:
    """Return the kinds of notifications by name."""
    return _registered("register_notification_kinds", NotificationKind)


def _registered(hook: str, expected: type[T]) -> dict[str, T]:
    """Ask a hook once in the life of an app: labels are lazy, and plugins do not come and go."""
    kept: dict[str, dict[str, Any]] = current_app.extensions.setdefault(EXTENSION, {})
    if hook not in kept:
        values: list[Any] = [owned.value for owned in hooks().collect(hook, expected)]
        kept[hook] = {value.name: value for value in values}
    return kept[hook]
