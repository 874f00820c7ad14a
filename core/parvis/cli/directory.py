"""`parvis directory`: the company's LDAP directory."""

import click

from parvis.cli.context import CommandContext, Trouble, pass_context
from parvis.cli.progress import Progress
from parvis.directory.ldap import Directory, DirectoryUnavailable, Refused
from parvis.directory.synchronisation import Outcome, synchronise
from parvis.runtime import runtime


@click.group()
def directory() -> None:
    """Read the company directory, and try it."""


def _directory() -> Directory:
    found = runtime().directory
    if found is None:
        raise Trouble("no directory is configured; see [directory] in what `parvis config example` prints")
    return found


@directory.command()
@click.option("--dry-run", is_flag=True, help="Report what would change, and write nothing.")
@click.option(
    "--force", is_flag=True, help="Go on where a safety valve would stop, such as many people leaving."
)
@click.option("--full", is_flag=True, help="Read everybody, also where reading what changed would do.")
@pass_context
def sync(context: CommandContext, dry_run: bool, force: bool, full: bool) -> None:
    """Bring the people here up to date with the directory. Exit code 1 if the run was stopped."""
    with context.in_app():
        _directory()
        with Progress() as progress:
            report = synchronise(dry_run=dry_run, force=force, full=full or None, progress=progress)
        click.echo(str(report))
    if report.outcome in (Outcome.STOPPED, Outcome.FAILED):
        raise SystemExit(1)


@directory.command("test-login")
@click.argument("username")
@click.password_option(confirmation_prompt=False, envvar="PARVIS_TEST_PASSWORD")
@pass_context
def test_login(context: CommandContext, username: str, password: str) -> None:
    """Try whether USERNAME could sign in, and show what the directory tells; nothing is written."""
    with context.in_app(tables=False):
        try:
            found = _directory().authenticate(username, password)
        except Refused as refused:
            raise Trouble(f"refused: {refused}") from refused
        except DirectoryUnavailable as error:
            raise Trouble(f"the directory does not answer: {error}") from error
    entry = found.entry
    click.echo(
        f"{entry.display_name} may sign in{' and administers the site' if found.is_administrator else ''}."
    )
    for name in (
        "key",
        "dn",
        "username",
        "mail",
        "title",
        "department",
        "site",
        "country",
        "job_family",
        "manager_dn",
    ):
        click.echo(f"  {name:<12} {getattr(entry, name)}")
