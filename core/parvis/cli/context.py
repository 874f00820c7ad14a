"""What commands share: the configuration, the plugins and the app, each made when first needed."""

from functools import cached_property
from typing import TYPE_CHECKING

import click

from parvis.config import Config, locate, read

if TYPE_CHECKING:  # loaded when needed: `parvis --help` stays quick
    from parvis.application.factory import Parvis
    from parvis.manager import PluginManager


class Trouble(Exception):
    """Why a command cannot go on, in a sentence with its remedy."""


class CommandContext:
    """The state of one command line."""

    config_path: str | None = None

    @cached_property
    def _loaded(self) -> "tuple[Config, PluginManager]":
        from parvis import logging  # as above
        from parvis.application.factory import load  # as above

        config, plugins = load(self.config_path)
        logging.configure(config.log)
        return config, plugins

    @property
    def config(self) -> Config:
        """The validated configuration."""
        return self._loaded[0]

    @property
    def plugins(self) -> "PluginManager":
        """The manager that has found the enabled plugins."""
        return self._loaded[1]

    @cached_property
    def app(self) -> "Parvis":
        """The app."""
        from parvis.application.factory import create_app  # as above

        return create_app(self.config, self.plugins)

    def plugin_commands(self) -> dict[str, click.Command]:
        """Return the command groups of the enabled plugins; without any, nothing heavy is loaded."""
        if not read(locate(self.config_path)).enabled:
            return {}
        found = (s.plugin_class.commands for s in self.plugins.states.values() if s.plugin_class)
        return {group.name or "": group for group in found if group}


pass_context = click.make_pass_decorator(CommandContext, ensure=True)
