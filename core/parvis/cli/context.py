"""What commands share: the configuration, the plugins and the app, each made when first needed."""

import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:  # loaded when needed: `parvis --help` stays quick
    from parvis.application.factory import Parvis
    from parvis.config import Config
    from parvis.manager import PluginManager


PLACES = (Path("parvis.toml"), Path("/etc/parvis/parvis.toml"))  # as parvis.config has them


class Trouble(Exception):
    """Why a command cannot go on, in a sentence with its remedy; and the exit code that says so."""

    def __init__(self, message: str, *, code: int = 1) -> None:
        super().__init__(message)
        self.code = code

    def __str__(self) -> str:
        return self.args[0] if self.code == 2 else f"parvis: {self.args[0]}"


def explain(error: Exception) -> Trouble | None:
    """Return a foreseeable fault in words, or None for one that is ours."""
    from sqlalchemy.exc import InterfaceError, OperationalError  # noqa: PLC0415 - heavy, and wanted only after a fault

    from parvis.config import ConfigError  # noqa: PLC0415 - as above
    from parvis.errors import DomainError  # noqa: PLC0415 - as above
    from parvis.media import MediaUnavailable  # noqa: PLC0415 - as above

    if isinstance(error, ConfigError):
        return Trouble(str(error), code=2)
    if isinstance(error, MediaUnavailable):
        return Trouble(f"the media store cannot be used: {error.reason}; see media.url")
    if isinstance(error, DomainError):
        return Trouble(error.message)
    if isinstance(error, OperationalError | InterfaceError):
        return Trouble(
            f"the database does not serve: {first_line(error)}; see database.url, and that it runs"
        )
    return None


def first_line(error: Exception) -> str:
    """Return what an error says, without the pages that some add."""
    return (str(error).splitlines() or [type(error).__name__])[0]


class CommandContext:
    """The state of one command line."""

    def __init__(self, config_path: str | None = None) -> None:
        self.config_path = config_path

    @cached_property
    def _loaded(self) -> "tuple[Config, PluginManager]":
        from parvis import logging  # noqa: PLC0415 - heavy, and `parvis --help` does without
        from parvis.application.factory import load  # noqa: PLC0415 - as above

        config, plugins = load(self.config_path)
        logging.configure(config.log)
        return config, plugins

    @property
    def config(self) -> "Config":
        """The validated configuration."""
        return self._loaded[0]

    @property
    def plugins(self) -> "PluginManager":
        """The manager that has found the enabled plugins."""
        return self._loaded[1]

    @cached_property
    def app(self) -> "Parvis":
        """The app."""
        from parvis.application.factory import create_app  # noqa: PLC0415 - as above

        return create_app(self.config, self.plugins)

    @contextmanager
    def in_app(self, *, tables: bool = True, plugins: bool = True) -> "Iterator[Parvis]":
        """Work within the app, in English.

        `tables`: on a database that has core's newest ones. `plugins`: with the plugins, or core alone, where
        they would find their own tables wanting.
        """
        from parvis.application.factory import create_app  # noqa: PLC0415 - as above
        from parvis.db import db, writing  # noqa: PLC0415 - as above
        from parvis.i18n import force_locale  # noqa: PLC0415 - as above
        from parvis.runtime import runtime  # noqa: PLC0415 - as above

        app = self.app if plugins else create_app(self.config, self.plugins, safe_mode=True)
        with app.app_context(), writing(), force_locale("en"):
            try:
                if tables:
                    self._check_tables()
                yield app
            finally:
                if directory := runtime().directory:
                    directory.close()
                db.session.remove()
                db.engine.dispose()

    def check_tables(self) -> None:
        """Refuse a database with old tables; no connection stays that forks would share."""
        from parvis.db import db  # noqa: PLC0415 - as above

        with self.app.app_context():
            try:
                self._check_tables()
            finally:
                db.engine.dispose()

    def _check_tables(self) -> None:
        from parvis.db import db  # noqa: PLC0415 - as above
        from parvis.migration import core_history, current  # noqa: PLC0415 - as above

        with db.engine.connect() as connection:
            reached = current(connection, core_history())
        if reached != core_history().head:
            raise Trouble("the tables of the database are not up to date; run: parvis db upgrade")

    def plugin_commands(self) -> dict[str, click.Command]:
        """Return the command groups of the enabled plugins."""
        found = (s.plugin_class.commands for s in self.plugins.states.values() if s.plugin_class)
        return {group.name or "": group for group in found if group}

    def names_plugins(self) -> bool:
        """Tell whether there is a configuration that enables any, without loading what checks it."""
        named = self.config_path or os.environ.get("PARVIS_CONFIG")
        for path in [Path(named)] if named else PLACES:
            with suppress(OSError, ValueError, AttributeError):
                return bool(tomllib.loads(path.read_text("utf-8-sig")).get("plugins", {}).get("enabled"))
        return False


pass_context = click.make_pass_decorator(CommandContext, ensure=True)
