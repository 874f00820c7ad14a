"""`parvis serve` and `parvis worker`: the processes of a site."""

import ctypes
import gc
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from threading import Thread
from typing import TYPE_CHECKING

import click
from sqlalchemy.exc import OperationalError

from parvis.cli.address import check_address
from parvis.cli.context import CommandContext, first_line, pass_context
from parvis.cli.database import upgrade_tables

if TYPE_CHECKING:  # heavy, and not wanted by every command
    from parvis.application.factory import Parvis
    from parvis.worker import Worker

METRICS = "PROMETHEUS_MULTIPROC_DIR"
STOP_SECONDS = 5
NICE = 5
"""By how much a worker gives way (nice(2)): where processors are busy, who waits for a page comes first."""
MEMORY = {
    "MALLOC_ARENA_MAX": (-8, 1),
    "MALLOC_MMAP_THRESHOLD_": (-3, 2**20),
    "MALLOC_TRIM_THRESHOLD_": (-1, 2**24),
}
"""For glibc in the web processes, where the environment says nothing else: parameters of mallopt(3).

It would give a page's memory back after each, and ask for it again: hundreds of page faults, up to a third of
what the page costs. And it would keep a heap for each thread, though only one of them runs at a time.
"""


@click.command()
@click.option("--host", help="Address to listen on, instead of server.host.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on, instead of server.port.")
@click.option("--upgrade", is_flag=True, help="Bring the tables up to date first.")
@click.option("--with-worker", is_flag=True, help="Run a worker beside the web processes.")
@pass_context
def serve(
    context: CommandContext, host: str | None, port: int | None, upgrade: bool, with_worker: bool
) -> None:
    """Serve the pages, until stopped."""
    gc.disable()  # until the app is made: a tenth of the start would go into looking for garbage
    with _shared_metrics():
        settings = context.config.server
        host, port = host or settings.host, port or settings.port
        check_address(host, port, remedy="--host and --port, or server.host and server.port")
        if upgrade:
            for problem in upgrade_tables(context):
                click.echo(f"parvis: {problem}", err=True)
        os.environ["PARVIS_CONFIG"] = str(context.config.path)
        context.app = _app()
        _check_database(context)
        with _worker_beside() if with_worker else nullcontext():
            _serve(host, port, workers=settings.workers, threads=settings.threads)


@contextmanager
def _shared_metrics() -> Iterator[None]:
    """Let the web processes count together: in a folder that is named before their library is imported."""
    if METRICS in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="parvis-metrics-", ignore_cleanup_errors=True) as folder:
        os.environ[METRICS] = folder
        yield


def _app() -> "Parvis":
    """Make the app of the web processes: forked from this one, they find it made, and share its memory."""
    _keep_memory()
    from parvis.wsgi import app  # noqa: PLC0415 - importing it makes it, which takes the environment

    gc.enable()
    return app


def _keep_memory() -> None:
    """Tell glibc about `MEMORY`: it reads the environment when a program begins, and a fork does not."""
    with suppress(AttributeError):  # other libraries of C have no such function
        tell = ctypes.CDLL(None).mallopt
        for name, (parameter, value) in MEMORY.items():
            if name not in os.environ:
                tell(parameter, value)


def _check_database(context: CommandContext) -> None:
    """Refuse old tables; a database that does not answer yet is waited for, page by page."""
    try:
        context.check_tables()
    except OperationalError as error:
        click.echo(f"parvis: the database does not answer yet: {first_line(error)}", err=True)


def _serve(host: str, port: int, *, workers: int, threads: int) -> None:
    from granian import Granian  # noqa: PLC0415 - heavy, and wanted only here
    from granian.constants import Interfaces  # noqa: PLC0415 - as above
    from granian.log import LogLevels  # noqa: PLC0415 - as above

    Granian(
        "parvis.wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        backlog=1024,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_enabled=True,
        log_level=LogLevels.error,
        websockets=False,
    ).serve()


@contextmanager
def _worker_beside() -> Iterator[None]:
    """Run `parvis worker` as a child, out of reach of a terminal's Ctrl-C, and end it with us."""
    environment = {name: value for name, value in os.environ.items() if name != METRICS}
    child = subprocess.Popen(
        [sys.executable, "-m", "parvis.cli", "worker", "--beside", str(os.getpid())],
        env=environment,
        process_group=0,
    )
    try:
        yield
    finally:
        child.terminate()
        try:
            child.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()


@contextmanager
def _keeping_index(working: "Worker") -> Iterator[None]:
    """Lead the search index of this machine on, in a thread of its own: making it takes minutes."""
    from parvis.search.indexer import keep_index  # noqa: PLC0415 - wanted only here

    keeping = Thread(target=keep_index, args=(working.app, working.stopping), name="search", daemon=True)
    keeping.start()
    try:
        yield
    finally:
        working.stopping.set()
        keeping.join(STOP_SECONDS)


@click.command()
@click.option("--beside", type=int, hidden=True, help="Stop when this parent process is gone.")
@pass_context
def worker(context: CommandContext, beside: int | None) -> None:
    """Run jobs and schedules, and follow the event log, until stopped."""
    from parvis.worker import Worker  # noqa: PLC0415 - heavy, and wanted only here

    os.nice(NICE)
    working = Worker(context.app)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: working.stopping.set())
    with working.running(), _keeping_index(working):
        working.follow_events(lambda: beside is not None and os.getppid() != beside)
    sys.stdout.flush()
    os._exit(
        0
    )  # jobs that still run have threads of their own: they end here, and run again after the next start
