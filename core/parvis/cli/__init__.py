"""`parvis`: what an administrator does from a shell.

Every command is loaded when it is called, so that `parvis --help` costs nothing; plugins add groups of their
own under their name.
"""

import importlib
import sys
from collections.abc import Sequence

import click

from parvis import __version__
from parvis.cli.context import CommandContext, Trouble
from parvis.config import ConfigError

CORE_COMMANDS = {
    "check": "parvis.cli.check:check",
    "serve": "parvis.cli.serve:serve",
    "worker": "parvis.cli.serve:worker",
    "db": "parvis.cli.database:db",
    "directory": "parvis.cli.directory:directory",
    "plugins": "parvis.cli.plugins:plugins",
    "admin": "parvis.cli.admin:admin",
    "config": "parvis.cli.config:config",
    "i18n": "parvis.cli.i18n:i18n",
}


class Commands(click.Group):
    """Core's commands, loaded when asked for, and those of the enabled plugins."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command; a configuration that cannot be read leaves core's."""
        try:
            return [*CORE_COMMANDS, *sorted(ctx.ensure_object(CommandContext).plugin_commands())]
        except (ConfigError, Trouble):
            return list(CORE_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name in CORE_COMMANDS:
            module, _, attribute = CORE_COMMANDS[cmd_name].partition(":")
            command: click.Command = getattr(importlib.import_module(module), attribute)
            return command
        return ctx.ensure_object(CommandContext).plugin_commands().get(cmd_name)


@click.group(cls=Commands)
@click.option("--config", "config_path", metavar="FILE", help="The configuration; else PARVIS_CONFIG, ./parvis.toml or /etc/parvis/parvis.toml.")
@click.version_option(__version__, prog_name="parvis")
@click.pass_context
def parvis(ctx: click.Context, config_path: str | None) -> None:
    """Run and look after a Parvis site."""
    ctx.ensure_object(CommandContext).config_path = config_path


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command line; a foreseeable fault ends with a sentence and exit code 1 or 2, never a traceback."""
    try:
        parvis.main(args=list(arguments) if arguments is not None else None, prog_name="parvis")
    except ConfigError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except Trouble as trouble:
        click.echo(f"parvis: {trouble}", err=True)
        sys.exit(1)
