"""`parvis db`: the tables of core and of the enabled plugins."""

import logging
from collections.abc import Callable

import click
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
    failed = upgrade_all(context, tell=click.echo)
    if failed:
        raise Trouble("; ".join(failed) + ". These plugins stay out of use until that works")


def upgrade_all(context: CommandContext, *, tell: Callable[[str], None] = lambda _line: None) -> list[str]:
    """Upgrade the tables of jobs, of core and of the plugins, as `upgrade_tables` does."""
    from parvis.worker import prepare_jobs  # noqa: PLC0415 - heavy, and wanted only here

    with context.in_app(tables=False, plugins=False):
        prepare_jobs()
    return upgrade_tables(context, tell=tell)


def upgrade_tables(context: CommandContext, *, tell: Callable[[str], None] = lambda _line: None) -> list[str]:
    """Upgrade what is not at its newest revision; return what went wrong with plugins.

    Raises:
        Trouble: core's tables could not be updated, or the database does not answer.
    """
    failed = []
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with context.in_app(tables=False, plugins=False):
        for history in _histories(context):
            try:
                _upgrade(history)
            except Exception as error:
                what = f"the tables of {history.owner} could not be updated: {first_line(error)}"
                if history.owner == "core" or isinstance(error, OperationalError):
                    raise Trouble(what) from error
                failed.append(what)
            else:
                tell(f"{history.owner}: {history.head}")
    return failed


def _upgrade(history: History) -> None:
    with database.engine.connect() as connection:
        reached = current(connection, history)
    if reached != history.head:
        upgrade_history(history)


@db.command("current")
@pass_context
def show_current(context: CommandContext) -> None:
    """Show the revision of each owner's tables, and the newest there is."""
    with context.in_app(tables=False, plugins=False), database.engine.connect() as connection:
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
    from alembic.util import CommandError  # noqa: PLC0415 - heavy, and wanted only here

    logging.getLogger("alembic").setLevel(logging.WARNING)
    with context.in_app(tables=False, plugins=False):
        try:
            downgrade(history, to=revision)
        except CommandError as error:
            raise Trouble(f"{first_line(error)}; revisions of {owner} go up to {history.head}") from error
    click.echo(f"{owner}: {revision}")
