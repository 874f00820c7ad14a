"""Statements: made once in the life of an app, since making one takes as long as running it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import current_app
from parvis.api import BigId, Model, db
from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    ColumnElement,
    CursorResult,
    Executable,
    Insert,
    Select,
    any_,
    bindparam,
    func,
    literal,
    select,
)
from sqlalchemy import inspect as sqlalchemy_inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute

P = ParamSpec("P")
R = TypeVar("R")
EXTENSION = "parvis_social_statements"

VIEWER = bindparam("viewer", type_=BigId)
"""Who reads. Whatever is built of conditions that name a viewer is executed with `{"viewer": member.id}`."""


class Alone:
    """A cache for the compiled form of one statement, in the place of that of all statements.

    SQLAlchemy looks a statement up by all its parts, whose hash takes longer than many a query. Here that is
    done once, where the engine was given a cache (`shared`).
    """

    def __init__(self, shared: Any) -> None:
        self.shared = shared
        self.compiled: Any = None

    def get(self, key: Any) -> Any:
        """Return what was compiled, whatever the key."""
        if self.compiled is None and self.shared is not None:
            self.compiled = self.shared.get(key)
        return self.compiled

    def __setitem__(self, key: Any, compiled: Any) -> None:
        self.compiled = compiled
        if self.shared is not None:
            self.shared[key] = compiled


def prepared(make: Callable[P, R]) -> Callable[P, R]:
    """Keep what a function makes for each app and each set of (hashable) arguments."""

    @wraps(make)
    def kept(*args: P.args, **kwargs: P.kwargs) -> R:
        made: dict[Any, Any] = current_app.extensions.setdefault(EXTENSION, {})
        key = (make, args, tuple(kwargs.items()))
        if key not in made:
            made[key] = make(*args, **kwargs)
            if isinstance(made[key], Executable):
                made[made[key]] = Alone(db.engine.get_execution_options().get("compiled_cache"))
        found: R = made[key]
        return found

    return kept


def one_of(
    column: ColumnElement[str] | InstrumentedAttribute[str], names: Iterable[str]
) -> ColumnElement[bool]:
    """Return the condition that a column is one of some names that are the same for the life of an app.

    Each is a value of its own: a list would be put into the words of the statement with each execution.
    """
    return column.in_([literal(name) for name in names])


def among(column: ColumnElement[Any] | InstrumentedAttribute[Any], name: str) -> ColumnElement[bool]:
    """Return the condition that a column is one of the numbers given as the list `name`.

    The list is one value, whatever its length. With a value for each of them, the words of the statement
    would be made anew each time, which takes longer than running it.
    """
    if db.engine.dialect.name == "postgresql":
        return column == any_(bindparam(name, type_=ARRAY(BigInteger)))
    given = func.json_each(bindparam(name, type_=JSON)).table_valued("value")
    return column.in_(select(given.c.value))


def read_rows(statement: Executable, values: Mapping[str, Any]) -> CursorResult[*tuple[Any, ...]]:
    """Run a prepared query of columns on the session's connection, at a quarter of the session's own cost.

    What the session was given is written first, as it would be; entities are not made.
    """
    db.session.flush()
    alone: Alone = current_app.extensions[EXTENSION][statement]
    return db.session.connection().execute(statement, values, execution_options={"compiled_cache": alone})


def add_once(model: type[Model], **values: Any) -> bool:
    """Insert a row unless one with its key is there, or comes at the same moment; tell whether it was."""
    adding: Insert = _insert(model).values(**values).on_conflict_do_nothing()
    keys = sqlalchemy_inspect(model).primary_key  # rowcount is not known of tables that number their rows
    return db.session.execute(adding.returning(*keys)).first() is not None


def add_missing(model: type[Model], columns: Sequence[str], rows: Select[Any]) -> None:
    """Insert what a query gives, but for rows whose key is there. The query needs a WHERE (SQLite)."""
    db.session.execute(_insert(model).from_select(columns, rows).on_conflict_do_nothing())


def _insert(model: type[Model]) -> Any:
    return (postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert)(model)
