"""Values that stand in the words of a query, and are not given to it apart.

SQLite uses a partial index only for a value that it reads. PostgreSQL keeps the plan of a prepared query
only where it seems to cost no more than one made for the values given: of a limit that it does not read it
supposes a tenth of all rows, and so plans anew each time, which takes longer than the query.
"""

from typing import Any

from sqlalchemy import literal_column

from ..models import Desk, State


def constant(value: str | int) -> Any:
    """Return a value of ours, never one that somebody gives, as a word of a query."""
    return literal_column(str(value) if isinstance(value, int) else f"'{value}'")


OPEN, WAITING, CLOSED = map(constant, (State.OPEN, State.WAITING, State.CLOSED))
MANAGERS, KEEPERS = map(constant, (Desk.MANAGERS, Desk.PLACE))
