"""Parts of statements, and inserting what somebody else may insert at the same moment."""

from collections.abc import Sequence
from typing import Any

from parvis.api import BigId, Model, db
from sqlalchemy import Insert, Select, bindparam
from sqlalchemy import inspect as sqlalchemy_inspect
from sqlalchemy.dialects import postgresql, sqlite

VIEWER = bindparam("viewer", type_=BigId)
"""Who reads. Whatever is built of conditions that name a viewer is executed with `{"viewer": member.id}`."""


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
