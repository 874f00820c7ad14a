"""A plugin that stops its process at a chosen moment, for good, so that a test can kill it right there.

The file `halt` in the folder PARVIS_HALT says where: the name of a table, and `before` or `after` the commit
of the transaction that first inserts into it. The process renames it to `halted` and stands still.
"""

import os
import threading
import time
from pathlib import Path

from parvis.api import Plugin
from parvis.plugin import NoSettings
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session


class Seen(threading.local):
    """Into which tables the present transaction of this thread has inserted, and whether it is committed."""

    tables: tuple[str, ...] = ()
    committed: bool = False


seen = Seen()


def halt(moment: str) -> None:
    folder = Path(os.environ["PARVIS_HALT"])
    try:
        table, wanted = (folder / "halt").read_text().split()
    except FileNotFoundError:
        return
    if wanted == moment and table in seen.tables:
        (folder / "halt").rename(folder / "halted")
        time.sleep(600)


@event.listens_for(Engine, "begin")
def begin(_connection):
    seen.tables, seen.committed = (), False


@event.listens_for(Engine, "before_cursor_execute")
def note(_connection, _cursor, statement, *_rest):
    if statement.startswith("INSERT INTO "):
        seen.tables = (*seen.tables, statement.split()[2])


@event.listens_for(Engine, "commit")
def before_commit(_connection):
    halt("before")
    seen.committed = True


@event.listens_for(Session, "after_commit")
def after_commit(_session):
    if seen.committed:  # and not only a savepoint of it released
        halt("after")
        seen.tables, seen.committed = (), False  # a session commits, too, what has no transaction


class HaltPlugin(Plugin[NoSettings]):
    """It halts."""

    name = "halt"
