"""`parvis people`: what the administrator does for people who cannot themselves any more."""

from pathlib import Path

import click
from sqlalchemy import select

from parvis.cli.context import CommandContext, Trouble, pass_context
from parvis.db import db, read_only
from parvis.directory.models import Person
from parvis.personal_data.export import write_archive
from parvis.personal_data.request import erase_now

SURE = "All that names this person will be erased, for good. Go on?"


@click.group()
def people() -> None:
    """Give people their data, or have them forgotten. Those who left the company, too."""


@people.command()
@click.argument("handle")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@pass_context
def export(context: CommandContext, handle: str, file: Path) -> None:
    """Write all that is kept about the person called HANDLE into FILE, a zip archive."""
    with context.in_app(), read_only():
        silent = write_archive(_called(handle), file)
        db.session.rollback()
    click.echo(f"{file}: {file.stat().st_size} bytes")
    if silent:
        raise Trouble(f"what these keep is missing, see the log: {', '.join(silent)}")


@people.command()
@click.argument("handle")
@click.option(
    "--contents",
    type=click.Choice(["keep", "remove"]),
    default="keep",
    show_default=True,
    help="What becomes of what they published, where identity.contents_of_leavers leaves it open.",
)
@click.confirmation_option(prompt=SURE)
@pass_context
def erase(context: CommandContext, handle: str, contents: str) -> None:
    """Forget the person called HANDLE, and report on it. Exit code 1 if something still names them."""
    with context.in_app():
        report = erase_now(person=_called(handle), contents=contents).report
    rewritten = sum(report["changed"].values())
    click.echo(
        f"{handle} is erased: {report['files']} files deleted, {rewritten} texts rewritten that named them."
    )
    for table, number in sorted(report["changed"].items()):
        click.echo(f"  {table}: {number}")
    looked = f"Looked in {report['columns']} columns of {report['tables']} tables"
    for name in report["off"]:
        click.echo(
            f"{name} keeps data here and is not in use: enable it and repeat, so that it forgets theirs."
        )
    if report["left"]:
        places = ", ".join(f"{where} ({number})" for where, number in sorted(report["left"].items()))
        raise Trouble(f"{looked}; the name still stands in: {places}")
    click.echo(f"{looked}: nothing names them any more. Search indexes forget as soon as their workers run.")


def _called(handle: str) -> Person:
    person = db.session.scalar(select(Person).where(Person.handle == handle.lstrip("@").lower()))
    if person is None:
        raise Trouble(f"there is nobody called {handle}")
    return person
