"""What the plugins of this app have registered: kinds of places and notifications, types of contents."""

from typing import Any, TypeVar

from flask import current_app
from parvis.api import hooks

from .contribution import Action, Caretakers, ContentType, NotificationKind, PlaceKind, Reportable

T = TypeVar("T")
EXTENSION = "parvis_social"
OWNERS = "owners of types"


def place_kinds() -> dict[str, PlaceKind]:
    """Return the kinds of places by name."""
    return _registered("register_place_kinds", PlaceKind)


def content_types() -> dict[str, ContentType]:
    """Return the types of contents by name."""
    return _registered("register_content_types", ContentType)


def notification_kinds() -> dict[str, NotificationKind]:
    """Return the kinds of notifications by name."""
    return _registered("register_notification_kinds", NotificationKind)


def notification_kinds_by_plugin() -> list[tuple[str, list[NotificationKind]]]:
    """Return the kinds of notifications under the title of the plugin that tells of them."""
    told: dict[str, list[NotificationKind]] = {}
    for owned in hooks().collect("register_notification_kinds", NotificationKind):
        plugin = hooks().states[owned.owner].plugin
        told.setdefault(plugin.title if plugin else owned.owner, []).append(owned.value)
    return list(told.items())


def reportables() -> dict[str, Reportable]:
    """Return the kinds of things that can be reported by name."""
    return _registered("register_reportables", Reportable)


def caretakers() -> dict[str, Caretakers]:
    """Return who looks after the whole site, by the names that plugins give."""
    return _registered("register_caretakers", Caretakers)


def actions(on: str) -> list[Action]:
    """Return what plugins lead to from contents or from places."""
    return [each for each in _registered("register_actions", Action).values() if each.on == on]


def owner_of_type(name: str) -> str:
    """Return which plugin registered a type of content: it is named where a piece of it fails."""
    content_types()
    owner: str = current_app.extensions[EXTENSION][OWNERS][name]
    return owner


def _registered(hook: str, expected: type[T]) -> dict[str, T]:
    """Ask a hook once in the life of an app: labels are lazy, and plugins do not come and go."""
    kept: dict[str, dict[str, Any]] = current_app.extensions.setdefault(EXTENSION, {})
    if hook not in kept:
        owned: list[Any] = hooks().collect(hook, expected)
        kept[hook] = {each.value.name: each.value for each in owned}
        if expected is ContentType:
            kept[OWNERS] = {each.value.name: each.owner for each in owned}
    return kept[hook]
