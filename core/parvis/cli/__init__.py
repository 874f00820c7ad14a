"""`parvis`: what an administrator does from a shell.

Every command is loaded when it is called, so that `parvis --help` costs nothing; plugins add groups of their
own under their name.
"""

import importlib
import os
import sys
from collections.abc import Sequence

import click

from parvis import __version__
from parvis.cli.context import CommandContext, Trouble, explain

CORE_COMMANDS = {
    "check": ("check:check", "Try configuration, database, jobs, media, directory, search and plugins."),
    "serve": ("serve:serve", "Serve the pages, until stopped."),
    "worker": ("serve:worker", "Run jobs and schedules, and follow the event log, until stopped."),
    "db": ("database:db", "Bring the database's tables up to date."),
    "directory": ("directory:directory", "Read the company directory, and try it."),
    "search": ("search:search", "Look after the search index of this machine."),
    "plugins": ("plugins:plugins", "Look after plugins; they are switched on and off in the configuration."),
    "people": ("people:people", "Give people their data, or have them forgotten."),
    "admin": ("admin:admin", "Look after local administrators, who get in without the directory."),
    "config": ("config:config", "Explain the configuration."),
    "i18n": ("i18n:i18n", "Extract, update and compile the messages of a package."),
}
"""Where each command is, and what it does: help is given without loading them."""


class Commands(click.Group):
    """Core's commands, loaded when asked for, and those of the enabled plugins."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command; a configuration that cannot be read leaves core's."""
        return [*CORE_COMMANDS, *sorted(self._of_plugins(ctx))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in CORE_COMMANDS:
            return ctx.ensure_object(CommandContext).plugin_commands().get(cmd_name)
        module, _, attribute = CORE_COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(f"parvis.cli.{module}"), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading core's."""
        rows = [(name, words) for name, (_place, words) in CORE_COMMANDS.items()]
        rows += [
            (name, group.get_short_help_str(80)) for name, group in sorted(self._of_plugins(ctx).items())
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def _of_plugins(self, ctx: click.Context) -> dict[str, click.Command]:
        """Return the groups of plugins; where they cannot be had, core's commands still can."""
        context = ctx.ensure_object(CommandContext)
        try:
            return context.plugin_commands() if context.names_plugins() else {}
        except Exception as error:
            if explain(error) is None:
                raise
            return {}


def _remember_config(ctx: click.Context, _option: click.Parameter, path: str | None) -> None:
    """Keep the path before `--help` is answered: it names the plugins, and they have commands."""
    ctx.ensure_object(CommandContext).config_path = path


@click.group(cls=Commands)
@click.option(
    "--config",
    metavar="FILE",
    is_eager=True,
    expose_value=False,
    callback=_remember_config,
    help="The configuration; else PARVIS_CONFIG, ./parvis.toml or /etc/parvis/parvis.toml.",
)
@click.version_option(__version__, prog_name="parvis")
def parvis() -> None:
    """Run and look after a Parvis site."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command line.

    A foreseeable fault ends with a sentence and exit code 2 (the configuration, or how it was called) or 1
    (anything else), never with a traceback.
    """
    os.umask(0o027)  # what a site keeps is for its own user and group
    try:
        parvis.main(args=list(arguments) if arguments is not None else None, prog_name="parvis")
    except Exception as error:
        trouble = error if isinstance(error, Trouble) else explain(error)
        if trouble is None:
            raise
        click.echo(str(trouble), err=True)
        sys.exit(trouble.code)
