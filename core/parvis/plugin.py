"""What a plugin declares."""

import importlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar, get_args, get_origin

import click
from flask import Blueprint

from parvis.permissions import Permission
from parvis.settings import Settings

S = TypeVar("S", bound=Settings)
NAME = re.compile(r"[a-z][a-z0-9]{1,30}")


class NoSettings(Settings):
    """The table of a plugin that has nothing to set."""


class Plugin(Generic[S]):
    """Base class of every plugin: class attributes say what it is, `@hookimpl` methods what it adds.

    `Plugin[ThanksSettings]` makes ThanksSettings the model of `[plugins.thanks]`; inside hooks and views the
    validated values are `self.settings`. Everything a plugin owns (tables, blueprint, template folder,
    permissions, event and job names) begins with its `name`; that is checked when it is loaded.
    """

    name: ClassVar[str]
    title: ClassVar[str] = ""
    version: ClassVar[str] = "0"
    api: ClassVar[str] = ">=0.1,<0.2"
    """The versions of core it was made for, as a version specifier."""
    requires: ClassVar[tuple[str, ...]] = ()
    essential: ClassVar[bool] = False
    """A plugin of authentication or policy: without it the site stays closed rather than open."""
    blueprint: ClassVar[Blueprint | None] = None
    permissions: ClassVar[type[Permission] | None] = None
    styles: ClassVar[Sequence[str]] = ()
    """Style sheets for every page, in the static folder of the blueprint."""
    scripts: ClassVar[Sequence[str]] = ()
    """JavaScript modules for every page, likewise."""
    commands: ClassVar[click.Group | None] = None
    hookspecs: ClassVar[Sequence[type]] = ()
    """Hooks that this plugin in turn offers to those that require it."""

    settings: S

    def __init__(self, settings: S) -> None:
        self.settings = settings

    @classmethod
    def settings_model(cls) -> type[Settings]:
        """Return the model of its table: the argument of `Plugin[...]`."""
        for base in getattr(cls, "__orig_bases__", ()):
            if isinstance(get_origin(base), type) and issubclass(get_origin(base), Plugin):
                model = get_args(base)[0]
                if isinstance(model, type):
                    return model
        return NoSettings

    @classmethod
    def folder(cls) -> Path:
        """Return the folder of the plugin's package."""
        return Path(importlib.import_module(cls.__module__.partition(".")[0]).__file__ or "").parent

    @classmethod
    def migrations(cls) -> Path | None:
        """Return the folder of its migrations, if it has tables."""
        folder = cls.folder() / "migrations"
        return folder if folder.is_dir() else None

    @classmethod
    def translations(cls) -> Path | None:
        """Return the folder of its catalogues, if it has any."""
        folder = cls.folder() / "translations"
        return folder if folder.is_dir() else None

    def check(self) -> Sequence[str]:
        """Name what keeps the plugin from working here (a missing program, a setting); empty is well."""
        return ()

    def __repr__(self) -> str:
        return f"<plugin {self.name} {self.version}>"


AnyPlugin = Plugin[Any]
