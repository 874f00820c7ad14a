"""The database: typed models on SQLite or PostgreSQL, and the habits both need.

SQLite writes ahead (WAL), checks foreign keys, and takes its write lock when a writing transaction *begins*:
one that reads first and asks for the lock later fails at once, without waiting, if somebody wrote in between.
A page that is only read has no transaction on either: each query sees what is committed by then.
"""

import json
import select
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Flask, has_request_context
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BigId = BigInteger().with_variant(Integer, "sqlite")
"""The type of every key: 64 bits; SQLite numbers rows by itself only for plain INTEGER."""

_writing: ContextVar[bool | None] = ContextVar("parvis_writing", default=None)


class UTCDateTime(TypeDecorator[datetime]):
    """A moment, always aware and in UTC, on databases with and without time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = _in_utc(value)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """Return what writes a moment for the driver in one step: a page gives several."""
        return _as_written if dialect.name == "sqlite" else _moment_given

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Return what makes a moment of the driver's value in one step: pages read a hundred."""
        return _written_moment if dialect.name == "sqlite" else _moment


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a moment without time zone: use parvis.db.utcnow()")
    return value.astimezone(UTC)


def _as_written(value: datetime | None) -> str | None:
    return value and _in_utc(value).replace(tzinfo=None).isoformat(" ", "microseconds")  # type: ignore[return-value]  # none is empty


def _moment_given(value: datetime | None) -> datetime | None:
    return value and _in_utc(value)


def _written_moment(value: str | None) -> datetime | None:
    return value and datetime.fromisoformat(value + "+00:00")  # type: ignore[return-value]  # none is empty


def _moment(value: datetime | None) -> datetime | None:
    return value and value.astimezone(UTC)


class Model(DeclarativeBase):
    """The base of every table of core and plugins."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={datetime: UTCDateTime, int: BigId},
    )


class PatientSession(Session):
    """A session that lets a broken connection go: it can be asked for no rollback, which would raise anew."""

    _held: Connection | None = None
    _lent: PoolProxiedConnection | None = None

    def get_bind(self, *args: Any, **kwargs: Any) -> Any:
        """Return the engine, for a transaction: one connection is enough."""
        self._return()
        return super().get_bind(*args, **kwargs)

    def lent_connection(self) -> PoolProxiedConnection:
        """Return the driver's connection as its pool lends it: that of the transaction.

        A page that is only read needs none: it is spared a session's transaction and an engine's connection,
        which take as long as a query.
        """
        if _writing.get() is False and not self.in_transaction():
            if self._lent is None:
                self._lent = self._db.engine.raw_connection()
            return self._lent
        if self.in_nested_transaction():  # which begins its savepoint when it is asked
            return self.connection().connection
        held = self._held
        if held is None or held.closed or not self.in_transaction():
            held = self._held = self.connection()
        return held.connection

    def break_off(self, error: BaseException) -> None:
        """Let the connection go that `lent_connection` returned: it is broken."""
        if self._lent is not None:
            self._lent.invalidate(error)
            self._lent = None
        else:
            self.connection().invalidate(error)

    def _return(self) -> None:
        if self._lent is not None:
            self._lent.close()
            self._lent = None

    def rollback(self) -> None:
        """Undo what was not committed; with its connection it is gone."""
        try:
            super().rollback()
        except OperationalError:
            self.invalidate()

    def close(self) -> None:
        """Give the connection back, or up."""
        self._return()
        try:
            super().close()
        except OperationalError:
            self.invalidate()


class Database(SQLAlchemy):
    """Flask-SQLAlchemy whose engines have our habits; engines of libraries keep their own."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        if make_url(options["url"]).get_backend_name() == "postgresql":
            # The server's own marks of parameters: the driver need not translate each query each time.
            options = {**options, "paramstyle": "numeric_dollar"}
        engine = super()._make_engine(bind_key, options, app)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare_sqlite)
        else:
            event.listen(engine, "connect", partial(_prepare_postgresql, options.get("pool_timeout", 30)))
            event.listen(engine, "checkout", _check_postgresql)
        event.listen(engine, "begin", _begin)
        return engine


db = Database(
    model_class=Model,
    session_options={"expire_on_commit": False, "class_": PatientSession},
    disable_autonaming=True,
)


def utcnow() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def engine_options(url: str, *, pool_size: int, timeout: float) -> dict[str, Any]:
    """Return create_engine()'s options for a database `url`; `timeout` (seconds) bounds every wait for it."""
    if url.startswith("sqlite"):
        return {
            "json_deserializer": _load_json,
            "pool_use_lifo": True,  # what one has read, the next page finds
            "connect_args": {"timeout": timeout, "check_same_thread": False},
        }
    return {
        "json_deserializer": _load_json,
        "pool_size": pool_size,
        "max_overflow": pool_size,
        "pool_timeout": timeout,
        "pool_use_lifo": True,  # the fewer connections are used, the more of them know the queries
        "connect_args": patience(timeout),
    }


def patience(timeout: float) -> dict[str, int]:
    """Return how psycopg is told to give a server up that has said nothing for `timeout` seconds."""
    return {
        "connect_timeout": max(2, int(timeout)),
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": int(timeout * 1000),
    }


def _load_json(text: str) -> Any:
    """Read a JSON value; most columns hold an empty one, which need not be parsed."""
    return [] if text == "[]" else {} if text == "{}" else json.loads(text)


def set_writing(value: bool | None) -> None:
    """Say, for this thread, whether transactions from now on are going to write; None: they may."""
    _writing.set(value)


@contextmanager
def writing(value: bool | None = True) -> Iterator[None]:
    """Let transactions that begin inside wait for the write lock (SQLite) at once: for jobs and commands.

    `value`: as `set_writing` takes it.
    """
    token = _writing.set(value)
    try:
        yield
    finally:
        _writing.reset(token)


read_only: Callable[[], AbstractContextManager[None]] = partial(writing, None)
"""Let transactions that begin inside take no write lock (SQLite), within a block that writes."""


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours, below
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-8000"):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_postgresql(timeout: float, connection: Any, _record: Any) -> None:
    """Set a connection up; a page waits twice `timeout` (seconds) for an answer: a frozen server gives none.

    The server asks in turn whether we are still there, and lets go of the locks of who is not: a machine that
    is cut off cannot say that it is, and would keep them, and everybody's events, for two hours.
    """
    from psycopg import RawCursor, RawServerCursor  # noqa: PLC0415 - wanted only here

    connection.cursor_factory, connection.server_cursor_factory = RawCursor, RawServerCursor
    settings = {
        "jit": "off",  # compiling a query of a page takes longer than any page may
        "random_page_cost": 1.1,  # what pages ask for is in memory: sorting all to spare looks spares nothing
        "tcp_keepalives_idle": max(1, int(timeout / 2)),
        "tcp_keepalives_interval": 1,
        "tcp_keepalives_count": max(1, int(timeout / 2)),
        "tcp_user_timeout": int(timeout * 1000),
    }
    connection.autocommit = True  # BEGIN is ours, below
    connection.prepared_max = 250  # all that pages and forms ask, and not only the hundred asked last
    connection.execute("; ".join(f"SET {name} = {value}" for name, value in settings.items()))
    wait = connection.wait
    connection.wait = lambda *what, **how: wait(
        *what, **how, timeout=2 * timeout if has_request_context() else None
    )


def _check_postgresql(connection: Any, _record: Any, _proxy: Any) -> None:
    """Let go of a connection that the server has ended: what it said last waits to be read. Asks nobody.

    One that was asked for by its isolation level comes back without ours.
    """
    said = select.poll()
    said.register(connection.fileno(), select.POLLIN)
    if said.poll(0):
        raise InvalidatePoolError()
    if not connection.autocommit:
        connection.autocommit = True


def _begin(connection: Connection) -> None:
    """Begin, unless a page is only read, which has no transaction. One that is rolled back makes psycopg
    forget what it has prepared, too, and planning a query anew takes longer than running it.
    """
    writes, options = _writing.get(), connection.get_execution_options()
    if writes is not False and options.get("isolation_level") != "AUTOCOMMIT":
        at_once = writes and connection.dialect.name == "sqlite"
        connection.exec_driver_sql("BEGIN IMMEDIATE" if at_once else "BEGIN")
