"""What one running app consists of besides Flask: reached by `runtime()` wherever an app context is."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from flask import current_app

from parvis.config import Config
from parvis.manager import PluginManager
from parvis.media import MediaStore
from parvis.plugin import AnyPlugin

if TYPE_CHECKING:  # the directory stands above this module
    from parvis.directory.ldap import Directory

EXTENSION = "parvis"
P = TypeVar("P", bound=AnyPlugin)


@dataclass
class Runtime:
    """The parts of one app: its configuration, plugins, media store and directory (None: no server named)."""

    config: Config
    plugins: PluginManager
    media: MediaStore
    directory: "Directory | None"
    safe_mode: bool = False


def runtime() -> Runtime:
    """Return the parts of the present app."""
    found: Runtime = current_app.extensions[EXTENSION]
    return found


def hooks() -> PluginManager:
    """Return the present app's plugins, to call hooks: `hooks().collect("slot", SlotContent, …)`."""
    return runtime().plugins


def media() -> MediaStore:
    """Return where the present app keeps photos and files."""
    return runtime().media


def active(plugin_class: type[P]) -> P:
    """Return the present app's plugin of a class: `active(ThanksPlugin).settings.per_day`.

    Raises:
        LookupError: it is not running in this app.
    """
    plugin = hooks().states[plugin_class.name].plugin
    if not isinstance(plugin, plugin_class):
        raise LookupError(f"the plugin {plugin_class.name} is not running")
    return plugin
