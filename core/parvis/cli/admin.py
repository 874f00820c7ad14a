"""`parvis admin`: the break-glass administrator."""

import click

from parvis.cli.context import CommandContext, pass_context
from parvis.db import db
from parvis.identity.local import create_administrator
from parvis.identity.local import reset_password as reset

PASSWORD = click.password_option(
    "--password", envvar="PARVIS_ADMIN_PASSWORD", help="Asked for when not given; at least 12 characters."
)


@click.group()
def admin() -> None:
    """Look after local administrators, who get in without the directory."""


@admin.command()
@click.argument("username")
@click.option("--name", prompt="Name as people read it", help="Name as people read it.")
@PASSWORD
@pass_context
def create(context: CommandContext, username: str, name: str, password: str) -> None:
    """Create the local administrator USERNAME."""
    with context.in_app():
        create_administrator(username=username, name=name, password=password)
        db.session.commit()
    click.echo(f"{username} may now sign in as an administrator.")


@admin.command("reset-password")
@click.argument("username")
@PASSWORD
@pass_context
def reset_password(context: CommandContext, username: str, password: str) -> None:
    """Give the local administrator USERNAME a new password, and end the old sessions."""
    with context.in_app():
        reset(username=username, password=password)
        db.session.commit()
    click.echo(f"{username} has a new password and is signed out everywhere.")
