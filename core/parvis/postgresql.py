"""Queries that PostgreSQL has prepared, asked for by their names.

psycopg's cursors find out anew for each query how its values are written and its answer is read: half of what
a page's queries cost its process. Here that is known once for a connection; what is prepared, and under
which name, remains psycopg's to say.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg._preparing import Prepare
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.generators import execute
from psycopg.pq import ExecStatus
from sqlalchemy.pool import PoolProxiedConnection

LINE = "parvis_line"
"""Of a connection that its pool lends: its `_Line`."""


class Asked(NamedTuple):
    """A query as psycopg remembers those that it has prepared."""

    query: bytes
    types: tuple[int, ...]


def ask_prepared(
    lent: PoolProxiedConnection, words: bytes, values: Sequence[Any]
) -> list[tuple[Any, ...]] | None:
    """Return the rows of a query that its connection has prepared; None if it has not: ask by a cursor.

    Raises:
        psycopg.Error: as a cursor would.
    """
    line: _Line | None = lent.info.get(LINE)
    if line is None:
        line = lent.info[LINE] = _Line(lent.dbapi_connection)
    return line.ask(words, values)


class _Line:
    """A connection, and what is known of how values are written and read on it."""

    def __init__(self, connection: Any) -> None:
        self.connection: Connection[Any] = connection
        self.adapting = Transformer(connection)

    def ask(self, words: bytes, values: Sequence[Any]) -> list[tuple[Any, ...]] | None:
        connection, adapting = self.connection, self.adapting
        written = adapting.dump_sequence(values, _best(len(values)))
        asked: Any = Asked(words, adapting.types or ())
        prepare, name = connection._prepared.get(asked)
        if prepare is not Prepare.YES:
            return None
        connection.pgconn.send_query_prepared(name, written, adapting.formats)
        (result,) = connection.wait(execute(connection.pgconn))
        if result.status == ExecStatus.COMMAND_OK:
            return []
        if result.status != ExecStatus.TUPLES_OK:
            raise error_from_result(result)
        adapting.set_pgresult(result)
        rows: list[tuple[Any, ...]] = adapting.load_rows(0, result.ntuples, tuple)
        adapting.set_pgresult(None)
        return rows


@cache
def _best(count: int) -> list[PyFormat]:
    """Return the formats in which so many values are written: which is best for each, psycopg chooses."""
    return [PyFormat.AUTO] * count
