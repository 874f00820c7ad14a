"""Millions of rows into a database: COPY on PostgreSQL, long inserts on SQLite, indexes afterwards.

What is put in is not measured, so nothing is asked of the domain; that it is right is `population.py`'s care.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any

from flask import Flask
from parvis.db import Model, db, engine_options
from sqlalchemy import JSON, Connection, make_url, text
from sqlalchemy.types import TypeEngine

CHUNK = 20_000
SQLITE_HABITS = ("foreign_keys = OFF", "synchronous = OFF", "cache_size = -262144")
POSTGRESQL_HABITS = (
    "session_replication_role = replica",  # no look at foreign keys: what is put in is right
    "maintenance_work_mem = '256MB'",
)
IN_HASTE = "-c synchronous_commit=off"

Processor = Callable[[Any], Any]


def in_haste(url: str) -> str:
    """Return an address by which PostgreSQL waits for no disk at each commit: what is lost is made anew."""
    parts = make_url(url)
    if parts.get_backend_name() == "postgresql":
        parts = parts.update_query_dict({"options": IN_HASTE})
    return parts.render_as_string(hide_password=False)


@contextmanager
def opened(url: str) -> Iterator[None]:
    """Give an app context in which `db` is this database and nothing of Parvis else runs."""
    app, url = Flask("populate"), in_haste(url)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=engine_options(url, pool_size=1, timeout=60)
    )
    db.init_app(app)
    with app.app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


class Loader:
    """Puts rows into tables, tuples in the order of some columns; each call is a transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.copies = connection.dialect.name == "postgresql"
        self._processors: dict[Any, list[Processor | None]] = {}

    def load(self, model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Put rows into a model's table; what has no default in the database must be among them."""
        iterator = iter(rows)
        while chunk := list(islice(iterator, CHUNK)):
            with self.connection.begin():
                self._put(model, columns, chunk)

    def load_named(self, model: type[Model], rows: Iterable[Mapping[str, Any]]) -> None:
        """Put rows that name their columns into a model's table, all of them the same."""
        iterator = iter(rows)
        for first in iterator:
            self.load(model, list(first), (list(row.values()) for row in chain([first], iterator)))

    def _put(self, model: type[Model], columns: Sequence[str], rows: list[Sequence[Any]]) -> None:
        processors = self._processors_of(model, tuple(columns))
        ready = [
            tuple(
                value if value is None or process is None else process(value)
                for process, value in zip(processors, row, strict=True)
            )
            for row in rows
        ]
        cursor = self.connection.connection.cursor()
        names = ", ".join(f'"{name}"' for name in columns)
        table = model.__tablename__
        if not self.copies:
            marks = ", ".join("?" * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', ready)
            return
        with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:  # type: ignore[attr-defined]  # psycopg
            for row in ready:
                copy.write_row(row)

    def _processors_of(self, model: type[Model], columns: tuple[str, ...]) -> list[Processor | None]:
        key = (model, columns)
        if key not in self._processors:
            table = model.__table__
            self._processors[key] = [self._processor(table.c[name].type) for name in columns]
        return self._processors[key]

    def _processor(self, type_: TypeEngine[Any]) -> Processor | None:
        if isinstance(type_, JSON):
            return _as_json
        dialect = self.connection.dialect
        found: Processor | None = type_.dialect_impl(dialect).bind_processor(dialect)
        return found

    def continue_numbers(self, *models: type[Model]) -> None:
        """Let the next row of each model have the next number: PostgreSQL does not count what is copied."""
        if not self.copies:
            return
        with self.connection.begin():
            for model in models:
                name = model.__tablename__
                newest = f'(SELECT coalesce(max(id), 0) FROM "{name}")'
                sequence = f"pg_get_serial_sequence('{name}', 'id')"
                self.connection.execute(text(f"SELECT setval({sequence}, {newest} + 1, false)"))


def _as_json(value: Any) -> str:
    return "[]" if value == [] else "{}" if value == {} else json.dumps(value)


@contextmanager
def loading(models: Iterable[type[Model]]) -> Iterator[Loader]:
    """Give a loader; the tables of these models have their indexes only when it is done."""
    tables: list[Any] = [model.__table__ for model in models]
    indexes = [index for table in tables for index in table.indexes]
    with db.engine.connect() as connection:
        _take_on_habits(connection)
        with connection.begin():
            for index in indexes:
                index.drop(connection)
        yield Loader(connection)
        for index in indexes:
            with connection.begin():
                index.create(connection)
        connection.invalidate()  # nobody else has these habits


def _take_on_habits(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        for habit in SQLITE_HABITS:
            driver.execute(f"PRAGMA {habit}")
        return
    with connection.begin():
        for habit in POSTGRESQL_HABITS:
            connection.execute(text(f"SET {habit}"))


def settle() -> None:
    """Bring the database to the state that it has a while after so much writing."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite":
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            connection.execute(text("VACUUM ANALYZE"))
