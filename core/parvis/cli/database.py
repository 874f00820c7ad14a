"""`parvis db`: the tables of core and of the enabled plugins."""

import click

from parvis.cli.context import CommandContext, Trouble, pass_context
from parvis.db import db as database
from parvis.migration import History, current, downgrade, histories, owners_present
from parvis.migration import upgrade as upgrade_history


@click.group()
def db() -> None:
    """Bring the database's tables up to date."""


def _histories(context: CommandContext) -> list[History]:
    classes = [state.plugin_class for state in context.plugins.states.values() if state.plugin_class]
    return histories(classes)


@db.command()
@pass_context
def upgrade(context: CommandContext) -> None:
    """Create or update the tables of core, then of each plugin; one that fails is named, the others go on."""
    failed = []
    with context.app.app_context():
        for history in _histories(context):
            try:
                upgrade_history(history)
            except Exception as error:
                if history.owner == "core":
                    raise Trouble(f"the tables of core could not be updated: {error}") from error
                failed.append(history.owner)
                click.echo(f"{history.owner}: failed: {error}", err=True)
            else:
                click.echo(f"{history.owner}: {history.head}")
    if failed:
        raise Trouble(f"these plugins stay out of use until their tables are updated: {', '.join(failed)}")


@db.command("current")
@pass_context
def show_current(context: CommandContext) -> None:
    """Show the revision of each owner's tables, and the newest there is."""
    with context.app.app_context(), database.engine.connect() as connection:
        known = _histories(context)
        for history in known:
            reached = current(connection, history) or "nothing"
            click.echo(f"{history.owner}: {reached}{'' if reached == history.head else f', newest is {history.head}'}")
        for owner in sorted(owners_present(connection) - {history.owner for history in known}):
            click.echo(f"{owner}: kept, though the plugin is not enabled")


@db.command("downgrade")
@click.argument("owner")
@click.argument("revision")
@click.confirmation_option(prompt="This may drop columns and tables with what is in them. Go on?")
@pass_context
def show_downgrade(context: CommandContext, owner: str, revision: str) -> None:
    """Take OWNER (core or a plugin) back to REVISION (such as 0001, or base)."""
    history = next((h for h in _histories(context) if h.owner == owner), None)
    if history is None:
        raise Trouble(f"there is no {owner!r} with tables; owners are: {', '.join(h.owner for h in _histories(context))}")
    with context.app.app_context():
        downgrade(history, to=revision)
    click.echo(f"{owner}: {revision}")
