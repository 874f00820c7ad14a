"""`parvis search`: the index of the search on this machine."""

import click

from parvis.cli.context import CommandContext, Trouble, pass_context
from parvis.cli.progress import Progress
from parvis.db import read_only
from parvis.search.cursor import FAR_BEHIND
from parvis.search.folder import IndexBusy
from parvis.search.indexer import Indexer, index_folder
from parvis.search.status import search_status


@click.group()
def search() -> None:
    """Look after the search index of this machine."""


@search.command()
@pass_context
def rebuild(context: CommandContext) -> None:
    """Make the index anew beside the one in use, which answers until then."""
    with context.in_app(), read_only(), Progress() as progress:
        try:
            count = Indexer(index_folder()).rebuild(progress)
        except IndexBusy as error:
            raise Trouble("another process is writing the index; try again when it has done") from error
        except ModuleNotFoundError as error:
            raise Trouble(
                f"{error.name} is not installed; run: pip install 'parvis[{error.name}]'"
            ) from error
    click.echo(f"The index has {count} documents.")


@search.command()
@pass_context
def status(context: CommandContext) -> None:
    """Say whether there is an index, and how far behind it is. Exit code 1 if there is none."""
    with context.in_app(), read_only():
        found = search_status()
        click.echo(f"engine    {index_folder().engine}")
        click.echo(f"folder    {index_folder().root}")
        if found.problem:
            raise Trouble(found.problem)
        lag = found.lag
        events = f"{lag.events}{' or more' if lag.events >= FAR_BEHIND else ''}"
        click.echo(f"behind    {events} events, {lag.age.total_seconds():.0f} s")
