"""`parvis serve` and `parvis worker`: the processes of a site."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from parvis.cli.context import CommandContext, Trouble, pass_context


@click.command()
@click.option("--host", help="Address to listen on, instead of server.host.")
@click.option("--port", type=int, help="Port to listen on, instead of server.port.")
@click.option("--with-worker", is_flag=True, help="Run a worker beside the web processes.")
@pass_context
def serve(context: CommandContext, host: str | None, port: int | None, with_worker: bool) -> None:
    """Serve the pages, until stopped."""
    from granian import Granian  # heavy, and wanted only here
    from granian.constants import Interfaces  # as above

    settings = context.config.server
    _check_database(context)
    os.environ["PARVIS_CONFIG"] = str(context.config.path)
    server = Granian(
        "parvis.wsgi:app",
        address=host or settings.host,
        port=port or settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=settings.threads,
        backlog=1024,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_enabled=True,
        log_level="warning",
        websockets=False,
    )
    with _worker_beside() if with_worker else _nothing():
        server.serve()


def _check_database(context: CommandContext) -> None:
    from sqlalchemy.exc import SQLAlchemyError  # heavy, and wanted only here

    from parvis.db import db  # as above
    from parvis.migration import core_history, current  # as above

    try:
        with context.app.app_context(), db.engine.connect() as connection:
            reached = current(connection, core_history())
            db.engine.dispose()
    except SQLAlchemyError as error:
        click.echo(f"parvis: the database does not answer yet: {str(error).splitlines()[0]}", err=True)
        return
    if reached != core_history().head:
        raise Trouble("the tables of the database are not up to date; run: parvis db upgrade")


@contextmanager
def _worker_beside() -> Iterator[None]:
    """Run `parvis worker` as a child, and end it with us."""
    child = subprocess.Popen([sys.executable, "-m", "parvis.cli", "worker"])
    try:
        yield
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@click.command()
@pass_context
def worker(context: CommandContext) -> None:
    """Run jobs and schedules, and follow the event log, until stopped."""
    from parvis.jobs import Worker  # heavy, and wanted only here

    working = Worker(context.app)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: working.stopping.set())
    parent = os.getppid()
    with working.running():
        working.follow_events(lambda: os.getppid() != parent)
