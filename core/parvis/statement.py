"""Queries that are made and compiled once in the life of an app, and run by the database's own driver.

SQLAlchemy takes as long to find a query, bind its values and describe its answer as a database to answer it.
What pages ask each time goes past that; all else about it stays as it was: the session's transaction, the
types of columns, the listeners, and what an error is called.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, wraps
from typing import Any, NamedTuple, NoReturn, ParamSpec, TypeVar

from flask import current_app
from sqlalchemy import (
    ARRAY,
    JSON,
    BindParameter,
    ColumnElement,
    Dialect,
    Executable,
    any_,
    bindparam,
    cast,
    false,
    func,
    inspect,
    literal,
    select,
)
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstanceState, InstrumentedAttribute, Mapper
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import KeyedColumnElement
from sqlalchemy.types import NullType, TypeEngine

from parvis.db import Model, db

P = ParamSpec("P")
R = TypeVar("R")
Convert = Callable[[Any], Any]
EXTENSION = "parvis_statements"
MOST = "most"


def prepared(make: Callable[P, R]) -> Callable[P, R]:
    """Keep what a function makes for each app and each set of (hashable) arguments, which are few and ours:
    what people type is given as values when it is run.
    """

    @wraps(make)
    def kept(*args: P.args, **kwargs: P.kwargs) -> R:
        made: dict[Any, Any] = current_app.extensions.setdefault(EXTENSION, {})
        key = (make, args, tuple(kwargs.items()))
        if key not in made:
            made[key] = make(*args, **kwargs)
            if isinstance(made[key], Executable):
                made[made[key]] = {}
        found: R = made[key]
        return found

    return kept


def read_rows(statement: Executable, values: Mapping[str, Any]) -> list[Any]:
    """Return the rows of a `prepared` query of columns, as named tuples.

    What the session was given is written first, as it would be; entities are not made.

    Values that are always the same stand in the words of the query, and so does the one called `most`, of
    which there are few: how many rows are wanted. PostgreSQL keeps one plan for all other values only where
    it can tell from the words how little is wanted; else it plans at each run, and takes longer for that.

    Raises:
        DBAPIError: as the session would.
    """
    session: Any = db.session()
    session.flush()
    most = values.get(MOST)
    known = current_app.extensions[EXTENSION]
    query: _Query | None = known[statement].get(most)
    if query is None:
        query = known[statement][most] = _Query(statement, db.engine, most)
    return query.run(session, values)


def write_rows(statement: Executable, values: Mapping[str, Any]) -> list[Any]:
    """Run a `prepared` insert, update or delete of tables; return the rows that it gives back (RETURNING).

    As `read_rows` in all else. Entities that the session has do not learn of it: let them expire.
    """
    return read_rows(statement, values)


def columns_of(*models: type[Model]) -> list[KeyedColumnElement[Any]]:
    """Return the columns of models' tables, one model after another: of their rows `entities` are made."""
    return [column for model in models for column in model.__table__.c]


def entities(row: Sequence[Any], *models: type[Model]) -> Iterator[Any]:
    """Give the entities of a row that begins with `columns_of` some models, as the session would load them.

    One that the session has already is given as it has it; None where an outer join found nothing. How they
    belong together is the caller's to say (`set_committed_value`); else it is loaded when it is asked for.
    """
    values = iter(row)
    for model in models:
        mapped = mapping_of(model)
        entity = dict(zip(mapped.attributes, values, strict=False))
        key = tuple(entity[name] for name in mapped.key)
        yield None if None in key else _entity(mapped.mapper, key, entity)


def _entity(mapper: Mapper[Any], key: tuple[Any, ...], values: dict[str, Any]) -> Any:
    """Make a loaded entity as SQLAlchemy does, past its care for all that may be loaded otherwise."""
    session, identity = db.session(), mapper.identity_key_from_primary_key(key)
    if (known := session.identity_map.get(identity)) is not None:
        return known
    entity = mapper.class_manager.new_instance()
    state: InstanceState[Any] = instance_state(entity)
    state.dict.update(values)
    state.key, state.session_id = identity, session.hash_key
    session.identity_map.add(state)
    return entity


class Mapped(NamedTuple):
    """A model's mapper, its attributes in the order of its table's columns, and those that are its key."""

    mapper: Mapper[Any]
    attributes: list[str]
    key: list[str]


@cache
def mapping_of(model: type[Model]) -> Mapped:
    """Return how a model's attributes and its table's columns belong together."""
    mapper: Mapper[Any] = inspect(model)
    attributes, key = (
        [mapper.get_property_by_column(column).key for column in columns]
        for columns in (model.__table__.c, mapper.primary_key)
    )
    return Mapped(mapper, attributes, key)


def one_of(
    column: ColumnElement[str] | InstrumentedAttribute[str], names: Iterable[str]
) -> ColumnElement[bool]:
    """Return the condition that a column is one of some names that are the same for the life of an app.

    Each is a value of its own: a list would be put into the words of the statement with each execution.
    """
    known = [literal(name) for name in names]
    return column.in_(known) if known else false()


def among(column: ColumnElement[Any] | InstrumentedAttribute[Any], name: str) -> ColumnElement[bool]:
    """Return the condition that a column is one of the numbers or words given as the list `name`.

    The list is one value, whatever its length. With a value for each of them, the words of the statement
    would be made anew each time, which takes longer than running it.
    """
    if db.engine.dialect.name == "postgresql":
        array: ARRAY[Any] = ARRAY(column.type)
        return column == any_(cast(unseen(bindparam(name, type_=array)), array))
    given = func.json_each(bindparam(name, type_=JSON)).table_valued("value")
    return column.in_(select(given.c.value))


def unseen(value: BindParameter[Any]) -> Any:
    """Return a value for a condition of which PostgreSQL makes one plan for all.

    Where it sees that less than usual belongs to a value (a short list), it makes a plan for just that one,
    at each run anew, which takes longer than running it.
    """
    return select(value).scalar_subquery()


def _writing_in(dialect: Dialect, most: int | None) -> type[SQLCompiler]:
    """Return a compiler that writes values which are always the same, and `most`, into the words.

    It writes hints to SQLite, too (`with_hint`), which has no statistics to plan by.
    """

    class Compiler(dialect.statement_compiler):  # type: ignore[name-defined]  # known only now
        def get_from_hint_text(self, _table: Any, text: str | None) -> str | None:
            return text

        def visit_bindparam(self, bindparam: BindParameter[Any], **options: Any) -> str:
            if bindparam.expanding:
                raise ValueError(f"a list in a prepared query ({bindparam.key}): say `among` or `one_of`")
            if bindparam.key == MOST and most is not None:
                bindparam = literal(most)
            if bindparam.required:
                return str(super().visit_bindparam(bindparam, **options))
            if isinstance(bindparam.type, NullType) and isinstance(bindparam.value, str):
                bindparam = literal(str(bindparam.value))  # a word of an enumeration
            return str(super().visit_bindparam(bindparam, **{**options, "literal_binds": True}))

    return Compiler


def _ask_prepared(dialect: Dialect) -> Any:
    """Return how a database is asked for what it has prepared, where that is quicker than by a cursor."""
    if dialect.name != "postgresql":
        return None
    from parvis.postgresql import ask_prepared  # noqa: PLC0415 - its driver is wanted only here

    return ask_prepared


class _Query:
    """A compiled query."""

    def __init__(self, statement: Any, engine: Engine, most: int | None) -> None:
        self.engine, dialect = engine, engine.dialect
        compiled = _writing_in(dialect, most)(dialect, statement)
        self.text = str(compiled)
        self.words, self.ask_prepared = self.text.encode(), _ask_prepared(dialect)
        self.given: list[tuple[str, Convert | None]] = []
        for name in compiled.positiontup or ():
            value = compiled.binds[name]
            self.given.append((value.key, value.type.dialect_impl(dialect).bind_processor(dialect)))
        columns = statement.exported_columns
        self.types: list[TypeEngine[Any]] = [column.type for column in columns]
        row = namedtuple("Row", [column.key for column in columns], rename=True)  # type: ignore[misc]  # its names are known only now
        self.made: Callable[[Iterable[Any]], Any] = row._make
        self.read: list[tuple[int, Convert]] | None = None if self.types else []
        """Unknown until the first answer describes itself."""

    def run(self, session: Any, values: Mapping[str, Any]) -> list[Any]:
        arguments = tuple(bound(values[name]) if bound else values[name] for name, bound in self.given)
        lent = None
        try:
            lent = session.lent_connection()
            for note in self.engine.dispatch.before_cursor_execute:
                note(lent, None, self.text, arguments, None, False)
            found = self._ask(lent, arguments)
        except self.engine.dialect.loaded_dbapi.Error as error:
            self._fail(session, lent, arguments, error)
        if not self.types:  # nobody asked for the key that SQLAlchemy has an insert give back
            return []
        return list(map(self.made, map(self._read, found) if self.read else found))

    def _ask(self, lent: PoolProxiedConnection, arguments: Sequence[Any]) -> list[Any]:
        if self.ask_prepared and self.read is not None:
            found: list[Any] | None = self.ask_prepared(lent, self.words, arguments)
            if found is not None:
                return found
        cursor: Any = lent.cursor()
        cursor.execute(self.text, arguments)
        if self.read is None:
            self.read = self._converts(cursor.description)
        return cursor.fetchall() if self.types else []

    def _converts(self, described: Any) -> list[tuple[int, Convert]]:
        """Return how the driver's values of some columns, by their places, become those of their types."""
        dialect = self.engine.dialect
        converts = (
            type_.dialect_impl(dialect).result_processor(dialect, column[1])
            for type_, column in zip(self.types, described, strict=True)
        )
        return [(place, convert) for place, convert in enumerate(converts) if convert]

    def _read(self, row: Iterable[Any]) -> list[Any]:
        values = list(row)
        for place, convert in self.read or ():
            values[place] = convert(values[place])
        return values

    def _fail(self, session: Any, lent: Any, arguments: Any, error: Any) -> NoReturn:
        """Raise what the session would have raised; a broken connection is let go."""
        dialect = self.engine.dialect
        broken = lent is not None and dialect.is_disconnect(error, lent.dbapi_connection, None)
        if broken:
            session.break_off(error)
        raise DBAPIError.instance(
            self.text, arguments, error, dialect.loaded_dbapi.Error, connection_invalidated=broken,
            dialect=dialect,
        ) from error  # fmt: skip
