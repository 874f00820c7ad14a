"""Bring the database to the present schema: one history and one version table for core and for each plugin.

A history is a folder of modules `0001_what.py`, `0002_…`, in one line; the number is the revision. So the
newest revision is known from the names alone and a start needs no Alembic.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text

from parvis.db import db
from parvis.plugin import AnyPlugin

if TYPE_CHECKING:
    from alembic.config import Config

ENVIRONMENT = Path(__file__).parent / "migrations"
CORE_TABLES = frozenset(
    {
        "unit", "person", "person_name", "directory_run",
        "member", "member_session", "local_account", "sign_in_attempt",
        "profile", "profile_career", "profile_interest", "profile_photo",
        "event", "event_cursor",
        "personal_data_request",
    }
)  # fmt: skip
"""All that core may keep; a new table belongs to a plugin unless it must exist with none."""

LOCK = 0x706172766973
"""Key of the PostgreSQL advisory lock around upgrades: "parvis" in ASCII."""


@dataclass(frozen=True)
class History:
    """The migrations of one owner: where they stand and which tables they may touch."""

    owner: str
    versions: Path
    owns: Callable[[str | None], bool]

    @property
    def version_table(self) -> str:
        """Name of the table that holds the revision reached."""
        return f"schema_version_{self.owner}"

    @property
    def head(self) -> str | None:
        """The newest revision there is."""
        return max((path.name[:4] for path in self.versions.glob("[0-9][0-9][0-9][0-9]_*.py")), default=None)


def core_history() -> History:
    """Return core's own history."""
    return History("core", ENVIRONMENT / "versions", lambda name: name in CORE_TABLES)


def histories(plugins: Sequence[AnyPlugin | type[AnyPlugin]]) -> list[History]:
    """Return core's history and those of the plugins that have tables, in the given order."""
    found = [core_history()]
    for plugin in plugins:
        folder = plugin.migrations()
        if folder is not None:
            found.append(History(plugin.name, folder, partial(_begins_with, f"{plugin.name}_")))
    return found


def _begins_with(prefix: str, name: str | None) -> bool:
    return name is not None and name.startswith(prefix)


def current(connection: Connection, history: History) -> str | None:
    """Return the revision the database has, or None before the first upgrade."""
    if not inspect(connection).has_table(history.version_table):
        return None
    return connection.scalar(text(f"SELECT version_num FROM {history.version_table}"))


def upgrade(history: History, *, to: str = "head") -> None:
    """Run the owner's migrations up to a revision; two machines that upgrade at once take turns."""
    from alembic import command  # noqa: PLC0415  heavy, and wanted only here

    with _migrating(history) as config:
        command.upgrade(config, to)


def downgrade(history: History, *, to: str) -> None:
    """Run the owner's migrations back to a revision, or to `base`, which drops its tables."""
    from alembic import command  # noqa: PLC0415  heavy, and wanted only here

    with _migrating(history) as config:
        command.downgrade(config, to)


def purge(history: History) -> None:
    """Drop everything an owner keeps in the database, also its version table."""
    downgrade(history, to="base")
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP TABLE IF EXISTS {history.version_table}"))


def owners_present(connection: Connection) -> set[str]:
    """Return whose version tables the database has, loaded or not."""
    prefix = "schema_version_"
    return {
        name.removeprefix(prefix) for name in inspect(connection).get_table_names() if name.startswith(prefix)
    }


@contextmanager
def _migrating(history: History) -> Iterator["Config"]:
    from alembic.config import Config  # noqa: PLC0415  heavy, and wanted only here

    config = Config()
    config.set_main_option("script_location", str(ENVIRONMENT))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(history.versions))
    with db.engine.connect() as connection, _exclusive(connection):
        config.attributes.update(
            connection=connection, version_table=history.version_table, owns=history.owns
        )
        yield config
        connection.commit()


@contextmanager
def _exclusive(connection: Connection) -> Iterator[None]:
    """Hold the upgrade lock; on SQLite also keep batch operations, which re-create tables, from cascading."""
    postgresql = connection.dialect.name == "postgresql"
    if postgresql:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
    else:
        _foreign_keys(connection, "OFF")
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        if postgresql:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})
            connection.commit()
        else:
            _foreign_keys(connection, "ON")


def _foreign_keys(connection: Connection, state: str) -> None:
    raw: Any = connection.connection.dbapi_connection
    raw.execute(f"PRAGMA foreign_keys={state}")
