"""One synchronisation at a time across machines, by a lock that ends with whoever holds it.

A row saying "running" would outlive a killed run; these do not.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from parvis.db import db

KEY = 0x706172766973_01
"""Key of the PostgreSQL advisory lock: "parvis" in ASCII, and a number of its own."""


@contextmanager
def alone() -> Iterator[Callable[[], None] | None]:
    """Hold the lock; give a function that raises once it is lost, or `None` where another run has it."""
    with _alone_on_postgresql() if db.engine.dialect.name == "postgresql" else _alone_on_sqlite() as check:
        yield check


@contextmanager
def _alone_on_postgresql() -> Iterator[Callable[[], None] | None]:
    """Hold an advisory lock on a connection of its own: the server gives it up when the connection ends."""
    connection = db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    connection.detach()  # so that closing ends it, rather than returning it to the pool with the lock
    with connection:
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": KEY}):
            yield None
            return
        try:
            yield lambda: connection.execute(text("SELECT 1")).close()
        finally:
            with suppress(DBAPIError):  # a lost connection has lost the lock too
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": KEY})


@contextmanager
def _alone_on_sqlite() -> Iterator[Callable[[], None] | None]:
    """Lock a file beside the database, which only this machine uses; the lock ends with the process."""
    database = db.engine.url.database
    if not database or database == ":memory:":
        yield _nothing_to_lose
        return
    with Path(f"{database}.directory-lock").open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield _nothing_to_lose


def _nothing_to_lose() -> None:
    """Do nothing: this lock cannot be lost."""
