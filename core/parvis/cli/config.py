"""`parvis config`: the configuration, explained by its own declarations."""

import click

from parvis.cli.context import CommandContext, pass_context
from parvis.config import example_toml
from parvis.manager import installed


@click.group()
def config() -> None:
    """Explain the configuration."""


@config.command()
@pass_context
def example(_context: CommandContext) -> None:
    """Print a configuration with every key, its meaning and default, of core and all installed plugins."""
    models = {name: load().settings_model() for name, load in sorted(installed().items())}
    click.echo(example_toml(models), nl=False)
