"""`parvis db`: the tables of core and of the enabled plugins."""

import logging

import click
from alembic.util import CommandError
from sqlalchemy.exc import OperationalError

from parvis.cli.context import CommandContext, Trouble, first_line, pass_context
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
    from parvis.worker import prepare_jobs  # noqa: PLC0415 - heavy, and wanted only here

    failed = []
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with context.in_app(tables=False):
        prepare_jobs()
        for history in _histories(context):
            try:
                upgrade_history(history)
            except Exception as error:
                if history.owner == "core" or isinstance(error, OperationalError):
                    raise Trouble(
                        f"the tables of {history.owner} could not be updated: {first_line(error)}"
                    ) from error
                failed.append(history.owner)
                click.echo(f"{history.owner}: failed: {type(error).__name__}: {first_line(error)}", err=True)
            else:
                click.echo(f"{history.owner}: {history.head}")
    if failed:
        raise Trouble(f"these plugins stay out of use until their tables are updated: {', '.join(failed)}")


@db.command("current")
@pass_context
def show_current(context: CommandContext) -> None:
    """Show the revision of each owner's tables, and the newest there is."""
    with context.in_app(tables=False), database.engine.connect() as connection:
        known = _histories(context)
        for history in known:
            reached = current(connection, history)
            newest = "" if reached == history.head else f", newest is {history.head}"
            click.echo(f"{history.owner}: {reached or 'nothing'}{newest}")
        for owner in sorted(owners_present(connection) - {history.owner for history in known}):
            click.echo(f"{owner}: kept, though the plugin is not enabled")


@db.command("downgrade")
@click.argument("owner")
@click.argument("revision")
@click.confirmation_option(prompt="This may drop columns and tables with what is in them. Go on?")
@pass_context
def show_downgrade(context: CommandContext, owner: str, revision: str) -> None:
    """Take OWNER (core or a plugin) back to REVISION (such as 0001, or base)."""
    known = {history.owner: history for history in _histories(context)}
    if owner not in known:
        raise Trouble(f"there is no {owner!r} with tables; owners are: {', '.join(known)}")
    history = known[owner]
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with context.in_app(tables=False):
        try:
            downgrade(history, to=revision)
        except CommandError as error:
            raise Trouble(f"{first_line(error)}; revisions of {owner} go up to {history.head}") from error
    click.echo(f"{owner}: {revision}")
