"""`parvis plugins`: which there are, how they are, and dropping what one keeps."""

import click
from sqlalchemy import delete

from parvis.cli.context import CommandContext, Trouble, pass_context
from parvis.db import db
from parvis.events import EventCursor, EventRecord
from parvis.manager import PluginState
from parvis.migration import histories, owners_present, purge
from parvis.runtime import runtime


@click.group()
def plugins() -> None:
    """Look after plugins; they are switched on and off in the configuration."""


@plugins.command("list")
@pass_context
def list_plugins(context: CommandContext) -> None:
    """List installed plugins, and what keeps an enabled one from running. Exit code 1 if one does not run."""
    with context.in_app(tables=False):
        if runtime().safe_mode:
            click.echo("Safe mode: core runs alone (PARVIS_SAFE_MODE=1).")
    states = context.plugins.states
    for name in sorted({*context.plugins.available, *states}):
        click.echo(_line(name, states.get(name)))
    if any(state.status != "active" for state in states.values()):
        raise SystemExit(1)


def _line(name: str, state: PluginState | None) -> str:
    if state is None:
        return f"{name:<16} not enabled"
    version = state.plugin_class.version if state.plugin_class else "?"
    return f"{name:<16} {state.status:<10} {version}{f'  {state.problem}' if state.problem else ''}"


@plugins.command("purge")
@click.argument("name")
@click.confirmation_option(prompt="Everything this plugin keeps in the database will be deleted. Go on?")
@pass_context
def purge_plugin(context: CommandContext, name: str) -> None:
    """Drop all tables of the installed plugin NAME, which must not be enabled."""
    if name in context.plugins.states:
        raise Trouble(f"{name} is enabled; take it out of [plugins] enabled and restart first")
    if name not in context.plugins.available:
        raise Trouble(f"{name} is not installed, so its migrations, which drop its tables, are not here")
    _refuse_if_needed(context, name)
    plugin_class = context.plugins.available[name]()
    with context.in_app():
        for history in histories([plugin_class])[1:]:
            purge(history)
        db.session.execute(delete(EventCursor).where(EventCursor.follower == name))
        # enabled again, it would take what happened to rows of once for what happens to new ones of their ids
        db.session.execute(
            delete(EventRecord).where(EventRecord.kind.startswith(f"{name}.", autoescape=True))
        )
        db.session.commit()
    click.echo(f"{name}: all it kept in the database is gone")


def _refuse_if_needed(context: CommandContext, name: str) -> None:
    """Refuse while another plugin with data here requires it: enabled or not, its rows may point to these."""
    with context.in_app(), db.engine.connect() as connection:
        present = owners_present(connection)
    needing = [n for n, load in context.plugins.available.items() if n in present and name in load().requires]
    if needing:
        raise Trouble(f"purge first what requires it: {', '.join(sorted(needing))}")
