"""What an engine must do, and the two that do it: Whoosh (pure Python) and Tantivy (`parvis[tantivy]`)."""

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Protocol

from parvis.search.record import Found, Plan, Record

SCHEMA = 3
"""Changes with what `Record` holds and how it is analysed: an index of another schema is made anew."""
STATE = "state"
"""The key of the one document that is not found: it keeps what the writer wants to know again."""


class Engine(Protocol):
    """An index in a folder of its own: one writes, by `write` alone; many search."""

    @classmethod
    def create(cls, folder: Path) -> "Engine":
        """Make an empty index in an empty folder."""

    @classmethod
    def open(cls, folder: Path) -> "Engine":
        """Open an index; raises whatever the library raises where it is not sound."""

    @classmethod
    def version(cls, folder: Path) -> Hashable:
        """Return what changes with every commit, without opening the index."""

    @classmethod
    def is_fixed(cls, name: str) -> bool:
        """Tell whether a file of this name is never changed once it is written."""

    def write(
        self, gone: Sequence[str], records: Sequence[Record], state: str, *, fresh: bool = False
    ) -> None:
        """Take out what has these keys, put in or replace records, and keep `state`: all or nothing.

        `fresh`: none of the records is in the index yet, so that none has to be looked for.
        """

    def look_again(self) -> None:
        """See what another process has committed since the index was opened."""

    def state(self) -> str:
        """Return the `state` of the last commit; empty if there is none."""

    def search(self, plan: Plan) -> Found:
        """Answer a question."""

    def close(self) -> None:
        """Let go of files."""


def engine_class(name: str) -> type[Engine]:
    """Return an engine by name; its library is loaded now.

    Raises:
        ModuleNotFoundError: the library is not installed.
    """
    if name == "tantivy":
        from parvis.search.engine.tantivy import TantivyEngine  # noqa: PLC0415 - heavy, and not always installed

        return TantivyEngine
    from parvis.search.engine.whoosh import WhooshEngine  # noqa: PLC0415 - heavy, and wanted only where one searches

    return WhooshEngine
