"""Reading the index: each process keeps it open, and opens it anew when it has changed."""

import threading
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import structlog
from flask import current_app

from parvis.search.cursor import Cursor
from parvis.search.engine import Engine
from parvis.search.folder import IndexAway, IndexFolder, check_lengths
from parvis.search.indexer import index_folder
from parvis.search.record import Found, Plan

log = structlog.get_logger()
T = TypeVar("T")
EXTENSION = "parvis_search_reader"
FRESH_SECONDS = 0.5
"""For so long a reader does not look whether the index has changed."""


@dataclass
class IndexReader:
    """The index as one process reads it; any thread may ask."""

    folder: IndexFolder
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _engine: Engine | None = None
    _place: Path | None = None
    _version: Hashable = None
    _looked_at: float = 0.0
    _lengths: Mapping[str, float] = field(default_factory=dict)

    def search(self, plan: Plan) -> Found:
        """Answer a question.

        Raises:
            IndexAway: there is no index, or it is not sound; the worker makes it anew.
        """
        return self._asked(lambda engine: engine.search(plan))

    def cursor(self) -> Cursor:
        """Return how far the index has come.

        Raises:
            IndexAway: as `search`.
        """
        return self._asked(lambda engine: Cursor.read(engine.state()))

    def _asked(self, ask: Callable[[Engine], T]) -> T:
        try:
            return ask(self._opened())
        except IndexAway:
            raise
        except BaseException as error:  # a library's own panic is no Exception
            raise self._away(error) from error

    def look_again(self) -> None:
        """Look at the next question whether the index has changed, however soon it comes."""
        self._looked_at = 0.0

    def _opened(self) -> Engine:
        with self._lock:
            check_lengths(self._lengths)
            if self._engine is not None and time.monotonic() < self._looked_at + FRESH_SECONDS:
                return self._engine
            version = self.folder.version()
            if self._engine is None or version != self._version:
                place = self.folder.current()
                if place is None:
                    raise IndexAway("there is no index yet: the worker makes it")
                if self._engine is None or place != self._place:
                    self._engine = self.folder.engine_of(place).open(place / "engine")
                else:
                    self._engine.look_again()
                self._place, self._version, self._lengths = place, version, self.folder.lengths(place)
            self._looked_at = time.monotonic()
            return self._engine

    def _away(self, error: BaseException) -> IndexAway:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise error
        with self._lock:
            self._engine, self._lengths = None, {}
        if (place := self.folder.current()) is not None:
            self.folder.doubt(place)
        log.error("search_index_not_read", error=f"{type(error).__name__}: {error}")
        return IndexAway(f"the index cannot be read: {type(error).__name__}")


def index_reader() -> IndexReader:
    """Return the present app's reader."""
    reader: IndexReader | None = current_app.extensions.get(EXTENSION)
    if reader is None:
        reader = current_app.extensions[EXTENSION] = IndexReader(index_folder())
    return reader
