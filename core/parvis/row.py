"""Rows of models, inserted, changed and locked one at a time by prepared statements, past the unit of work.

To sort out what depends on what, to describe its answer and to expire what it knew takes SQLAlchemy longer
than the database takes for the row. Entities are afterwards what the session would have made of them.
"""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    Table,
    Update,
    bindparam,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import InstanceState
from sqlalchemy.orm.attributes import instance_state

from parvis.db import BigId, Model, db
from parvis.statement import columns_of, mapping_of, prepared, read_rows, write_rows


def add_once(model: type[Model], **values: Any) -> bool:
    """Insert a row unless one with its key is there, or comes at the same moment; tell whether it was."""
    return bool(_insert(model, _complete(model, values), once=True))


def add_missing(model: type[Model], columns: Sequence[str], rows: Select[Any]) -> None:
    """Insert what a query gives, but for rows whose key is there. The query needs a WHERE (SQLite)."""
    db.session.execute(_inserting_into(model).from_select(columns, rows).on_conflict_do_nothing())


def insert_row(entity: Model, *, once: bool = False) -> bool:
    """Insert a new entity now, of whose relationships none is set; the session has it from then on.

    `once`: where another row has one of its keys, or gets it at the same moment, nothing is inserted, the
    session does not have it, and the answer is False.
    """
    model, state = type(entity), instance_state(entity)
    values = _complete(model, {name: state.dict.get(name) for name in mapping_of(model).attributes})
    rows = _insert(model, values, once=once)
    if not rows:
        return False
    state.dict.update(values)
    state.dict.update(zip(mapping_of(model).key, rows[0], strict=True))
    db.session.add(entity)
    _written(state)
    return True


def next_key(model: type[Model]) -> ColumnElement[int]:
    """Return the number that a new row of a model is to have, for one that says it in other columns too.

    PostgreSQL gives it to nobody else; on SQLite nobody else writes, once this transaction may.
    """
    [key] = mapping_of(model).mapper.primary_key
    if db.engine.dialect.name == "postgresql":
        return func.nextval(
            func.pg_get_serial_sequence(literal(key.table.name), literal(key.name)), type_=BigId
        )
    return select(func.coalesce(func.max(key), 0) + 1).scalar_subquery()


def update_row(entity: Model) -> None:
    """Write now what was changed in an entity, but for its relationships."""
    mapping, state = mapping_of(type(entity)), instance_state(entity)
    assert state.key is not None
    changed = {
        f"new_{name}": state.dict[name] for name in mapping.attributes if name in state.committed_state
    }
    if changed:
        _written(state)
        key = dict(zip(mapping.key, state.key[1], strict=True))
        write_rows(_updating(type(entity), frozenset(changed)), {**changed, **key})


def lock_row(entity: Model) -> None:
    """Keep an entity's row for oneself until the transaction ends, and have the entity as it is now.

    Rows that point at it can still be written (`key_share`). What is joined to it is neither locked nor kept:
    it is loaded when it is asked for.

    Raises:
        InvalidRequestError: it is gone.
    """
    mapping, state = mapping_of(type(entity)), instance_state(entity)
    assert state.key is not None
    rows = read_rows(_locking(type(entity)), dict(zip(mapping.key, state.key[1], strict=True)))
    if not rows:
        raise InvalidRequestError(f"could not lock what is gone: {entity!r}")
    for relationship in mapping.mapper.relationships:
        state.dict.pop(relationship.key, None)
    state.dict.update(zip(mapping.attributes, rows[0], strict=True))
    InstanceState._commit_all_states([(state, state.dict)], db.session().identity_map)


def _written(state: InstanceState[Any]) -> None:
    """Have the session know that an entity is written, as after a flush: whoever rolls back undoes it."""
    db.session()._register_persistent({state})


@prepared
def _locking(model: type[Model]) -> Select[Any]:
    return select(*columns_of(model)).where(*_own(model)).with_for_update(key_share=True)


@prepared
def _updating(model: type[Model], names: frozenset[str]) -> Update:
    return update(cast(Table, model.__table__)).where(*_own(model)).values(_bound(model, names))


def _own(model: type[Model]) -> Iterator[ColumnElement[bool]]:
    """Return the condition that a row has the key that is given by the names of its attributes."""
    mapping = mapping_of(model)
    for column, name in zip(mapping.mapper.primary_key, mapping.key, strict=True):
        yield column == bindparam(name, type_=column.type)


def _complete(model: type[Model], values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a new row's attributes, with the defaults of those that are missing."""
    complete = {}
    for name, column in _columns(model):
        value = values.get(name)
        complete[name] = _default(column) if value is None else value
    return complete


def _default(column: Column[Any]) -> Any:
    default: Any = column.default
    return None if default is None else default.arg(None) if default.is_callable else default.arg


def _columns(model: type[Model]) -> Any:
    return zip(mapping_of(model).attributes, model.__table__.c, strict=True)


def _insert(model: type[Model], values: dict[str, Any], *, once: bool) -> list[Any]:
    """Insert a row; return its key, or nothing. What is None is left to the database."""
    given = {f"new_{name}": value for name, value in values.items() if value is not None}
    return write_rows(_inserting(model, frozenset(given), once), given)


@prepared
def _inserting(model: type[Model], names: frozenset[str], once: bool) -> Any:
    adding = _inserting_into(model).values(_bound(model, names))
    if once:
        adding = adding.on_conflict_do_nothing()
    return adding.returning(*mapping_of(model).mapper.primary_key)


def _bound(model: type[Model], names: frozenset[str]) -> dict[Any, Any]:
    return {
        column: bindparam(f"new_{name}", type_=column.type)
        for name, column in _columns(model)
        if f"new_{name}" in names
    }


def _inserting_into(model: type[Model]) -> Any:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    return dialect.insert(model.__table__)
