"""Tables and models: a plugin's migrations make what its models say."""

from collections.abc import Callable
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from parvis.db import Model, db


def schema_differences(owns: Callable[[str], bool]) -> list[Any]:
    """Return in what the tables of the app's database differ from the models, as Alembic tells it.

    Args:
        owns: tells by its name whether a table is looked at; others may be of models that a test imported.
    """

    def looked_at(name: str | None, kind: str) -> bool:
        return kind != "table" or owns(name or "")

    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                # the first filters what the database has, the second what the models say
                "include_name": lambda name, kind, _parents: looked_at(name, kind),
                "include_object": lambda _object, name, kind, _reflected, _other: looked_at(name, kind),
            },
        )
        return list(compare_metadata(context, Model.metadata))
