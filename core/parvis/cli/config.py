"""`parvis config`: the configuration, explained by its own declarations."""

import click

from parvis.cli.context import CommandContext, pass_context
from parvis.config import example_toml
from parvis.manager import installed
from parvis.settings import Settings


@click.group()
def config() -> None:
    """Explain the configuration."""


@config.command()
@pass_context
def example(_context: CommandContext) -> None:
    """Print a configuration with every key, its meaning and default, of core and all installed plugins."""
    models: dict[str, type[Settings]] = {}
    for name, load in sorted(installed().items()):
        try:
            models[name] = load().settings_model()
        except Exception as error:
            told = f"parvis: the settings of {name} are left out: {type(error).__name__}: {error}"
            click.echo(told, err=True)
    click.echo(example_toml(models), nl=False)
