"""`parvis check`: everything a site needs, tried; with the remedy for what does not work."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec

import click
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from parvis.cli.context import CommandContext, first_line, pass_context
from parvis.db import db
from parvis.directory.models import Person
from parvis.media import MediaUnavailable
from parvis.migration import current, histories
from parvis.runtime import runtime
from parvis.search.indexer import index_folder

MANY_PEOPLE = 5_000
"""From so many on, Whoosh is no longer quick enough."""


@dataclass(frozen=True)
class Finding:
    """One thing tried: how it went, and what to do about it."""

    subject: str
    ok: bool
    message: str
    remedy: str = ""


@click.command()
@pass_context
def check(context: CommandContext) -> None:
    """Try configuration, database, jobs, media, directory, search and plugins. Exit code 1 if one fails."""
    config = context.config
    findings = [Finding("configuration", True, str(config.path))]
    with context.in_app(tables=False):
        for examine in EXAMINATIONS:
            findings += examine(context)
    for finding in findings:
        mark = click.style("ok  ", fg="green") if finding.ok else click.style("FAIL", fg="red")
        click.echo(f"{mark} {finding.subject}: {finding.message}")
        if not finding.ok and finding.remedy:
            click.echo(f"     {finding.remedy}")
    if not all(finding.ok for finding in findings):
        raise SystemExit(1)


def _database(context: CommandContext) -> Iterator[Finding]:
    try:
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            yield Finding("database", True, f"{db.engine.dialect.name} answers")
            classes = [s.plugin_class for s in context.plugins.states.values() if s.plugin_class]
            for history in histories(classes):
                reached = current(connection, history)
                told = f"{history.owner} at {reached or 'nothing'}"
                yield Finding("migrations", reached == history.head, told, "Run: parvis db upgrade")
    except SQLAlchemyError as error:
        yield Finding("database", False, first_line(error), "Check database.url, and that the server runs.")


def _jobs(_context: CommandContext) -> Iterator[Finding]:
    engine = create_engine(runtime().config.jobs.url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        yield Finding("jobs", True, f"{engine.dialect.name} answers")
    except SQLAlchemyError as error:
        yield Finding("jobs", False, first_line(error), "Check jobs.url, and that the server runs.")
    finally:
        engine.dispose()


def _media(_context: CommandContext) -> Iterator[Finding]:
    try:
        runtime().media.check()
        yield Finding("media", True, f"{runtime().config.media.url} can be written")
    except MediaUnavailable as error:
        yield Finding(
            "media", False, error.reason, "Check media.url, free space, and that this user may write there."
        )


def _directory(_context: CommandContext) -> Iterator[Finding]:
    found = runtime().directory
    if found is None:
        yield Finding(
            "directory",
            True,
            "none is configured: only local administrators can sign in",
        )
        return
    for finding in found.probe():
        yield Finding("directory", finding.ok, f"{finding.server}: {finding.message}", finding.remedy)


def _plugins(context: CommandContext) -> Iterator[Finding]:
    for state in context.plugins.states.values():
        message = f"{state.name} {state.status}{f': {state.problem}' if state.problem else ''}"
        yield Finding(
            "plugins", state.status == "active", message, "Mend it, or take it out of [plugins] enabled."
        )


def _search(_context: CommandContext) -> Iterator[Finding]:
    engine = runtime().config.search.engine
    if find_spec(engine) is None:
        yield Finding("search", False, f"{engine} is not installed", f"Run: pip install 'parvis[{engine}]'")
        return
    root = index_folder().root
    try:
        root.mkdir(parents=True, exist_ok=True)
        with (root / "lock").open("a"):
            pass
    except OSError as error:
        remedy = "Check search.folder, free space, and that this user may write there."
        yield Finding("search", False, f"{root} cannot be written: {error.strerror}", remedy)
        return
    yield Finding("search", True, f"{engine} in {root}{_advice(engine)}")


def _advice(engine: str) -> str:
    """Advise the engine that serves a large company, where the tables are there to count."""
    try:
        with db.engine.connect() as connection:
            people = connection.execute(select(func.count()).select_from(Person)).scalar_one()
    except SQLAlchemyError:
        return ""
    if engine != "whoosh" or people <= MANY_PEOPLE:
        return ""
    return f"; for {people} people, install 'parvis[tantivy]' and set search.engine to tantivy"


EXAMINATIONS: tuple[Callable[[CommandContext], Iterator[Finding]], ...] = (
    _database,
    _jobs,
    _media,
    _directory,
    _search,
    _plugins,
)
