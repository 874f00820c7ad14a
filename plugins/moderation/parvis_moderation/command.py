"""`parvis moderation`: what administrators do at the command line."""

from pathlib import Path

import click
from parvis.api import DomainError, Person, db
from sqlalchemy import select

from .domain import manager
from .domain.charter import TEXTS, publish_charter, read_texts


@click.group("moderation")
def commands() -> None:
    """Look after the charter, and after who moderates."""


@commands.command("charter")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False)
@click.pass_obj
def charter(context: object, folder: Path | None) -> None:
    """Publish charter.fr.md and charter.en.md of FOLDER as a new version of the charter.

    Without FOLDER, those that come with Parvis. Everybody is then asked to accept it.
    """
    with context.in_app():  # type: ignore[attr-defined]  # what every command of parvis is given
        try:
            texts = read_texts(folder or TEXTS)
            made = publish_charter(french=texts["fr"], english=texts["en"], actor=None)
        except OSError as error:
            raise click.ClickException(f"the charter cannot be read: {error}") from error
        except DomainError as refusal:
            raise click.ClickException(refusal.message) from refusal
        db.session.commit()
        click.echo(f"Version {made.version} of the charter is published.")


@commands.command("appoint")
@click.argument("handle")
@click.pass_obj
def appoint(context: object, handle: str) -> None:
    """Let the person called @HANDLE moderate the whole site; administrators then do so no longer by right."""
    with context.in_app():  # type: ignore[attr-defined]  # what every command of parvis is given
        person = _person(handle)
        manager.appoint(person=person, actor=None)
        db.session.commit()
        click.echo(f"{person.display_name} moderates.")


@commands.command("dismiss")
@click.argument("handle")
@click.pass_obj
def dismiss(context: object, handle: str) -> None:
    """Let the person called @HANDLE moderate no longer."""
    with context.in_app():  # type: ignore[attr-defined]  # what every command of parvis is given
        person = _person(handle)
        manager.dismiss(person=person, actor=None)
        db.session.commit()
        click.echo(f"{person.display_name} moderates no longer.")


def _person(handle: str) -> Person:
    found = db.session.scalar(select(Person).where(Person.handle == handle.removeprefix("@").lower()))
    if found is None:
        raise click.ClickException(f"nobody is called @{handle.removeprefix('@')}")
    return found
