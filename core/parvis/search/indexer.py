"""Writing the index: made from the database, then led on by the event log, and made anew where it must be."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import structlog
from flask import Flask

from parvis.contribution import SearchSource
from parvis.db import db, writing
from parvis.directory.event import PersonErased
from parvis.events import EventRecord, unread
from parvis.manager import Owned
from parvis.runtime import hooks, runtime
from parvis.search.cursor import Cursor, present_cursor
from parvis.search.engine import Engine
from parvis.search.folder import Facts, IndexAway, IndexBusy, IndexFolder, check_lengths
from parvis.search.record import Record, key_of, record_of
from parvis.search.source import added_words, sources

log = structlog.get_logger()
EVENTS = 500
"""How many events are read for one commit."""
LOADED = 200
"""How many documents a source loads at once."""
COMMITTED = {"whoosh": 4000, "tantivy": 2500}
"""How many documents one commit of the rebuild has."""
POLL_SECONDS = 2.0
"""A commit costs the same for one event as for many; what is new is to be found within 5 seconds."""
LOOK_SECONDS = 600.0
"""How often the files of the index are compared with what was written."""
ATTEMPTS = 5
PAUSE_SECONDS = 30.0
"""How long to wait after the index could not be written, for a full disk and the like."""

Progress = Callable[[int, int | None, str], None]


def index_folder() -> IndexFolder:
    """Return the folder of the present app's index."""
    settings = runtime().config.search
    return IndexFolder(runtime().config.path.parent / settings.folder, settings.engine)


def wanted_facts() -> Facts:
    """Return what an index of the present app is made with."""
    kinds = (owned.value.name for owned in sources().values())
    more = (f"{owned.value.name}+{owned.owner}" for owned in added_words())
    return Facts(runtime().config.search.engine, tuple(sorted((*kinds, *more))))


class SourceFailed(Exception):
    """A source could not say what is in the index of it; the batch is tried again."""


@dataclass
class Indexer:
    """Leads the index of one machine on. Its methods need an app context, and hold no transaction open."""

    folder: IndexFolder
    _open: tuple[Path, Engine] | None = None
    _looked_at: float = field(default=0.0)
    _failures: int = 0
    _lengths: Mapping[str, float] = field(default_factory=dict)

    def step(self) -> int:
        """Bring the index one batch of events further, or make it if there is none; return how many events.

        Where another process writes, nothing is done.
        """
        try:
            with self.folder.writing():
                opened = self._sound()
                if opened is None:
                    self._rebuild()
                    return 0
                return self._follow(*opened)
        except IndexBusy:
            return 0
        finally:
            db.session.rollback()

    def rebuild(self, progress: Progress = lambda *_: None) -> int:
        """Make the index anew beside the one in use; return how many documents it has.

        Raises:
            IndexBusy: another process is writing.
        """
        try:
            with self.folder.writing():
                return self._rebuild(progress)
        finally:
            db.session.rollback()

    def close(self) -> None:
        """Let go of the index."""
        if self._open is not None:
            self._open[1].close()
            self._open, self._lengths = None, {}

    # what is there

    def _sound(self) -> tuple[Path, Engine] | None:
        """Open the index in use; one that is not sound, or not ours any more, is left behind."""
        place = self.folder.current()
        if place is None:
            self.close()
            return None
        if self._open is not None and self._open[0] != place:
            self.close()
        try:
            check_lengths(self._lengths)
            self._look_at(place)
            if self._open is None:
                engine = self.folder.engine_of(place).open(place / "engine")
                self._open, self._lengths = (place, engine), self.folder.lengths(place)
            cursor = Cursor.read(self._open[1].state())
        except BaseException as error:
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise  # a panic is what Tantivy's own language raises where files are garbled
            self._open, self._lengths = None, {}  # closing what is garbled may fail again
            self.folder.set_aside(place, f"{type(error).__name__}: {error}")
            return None
        if self.folder.facts(place) != wanted_facts() or not cursor.is_of_this_log():
            log.info("search_index_outdated", place=place.name)
            return None
        return self._open

    def _look_at(self, place: Path) -> None:
        """Compare files with what was written: at the start, now and then, and where a reader has doubts."""
        doubted = self.folder.is_doubted(place)
        if self._open and not doubted and time.monotonic() < self._looked_at + LOOK_SECONDS:
            return
        if damage := self.folder.damage(place):
            raise IndexAway(damage)
        if doubted:
            self.close()
            self.folder.trust(place)
        self._looked_at = time.monotonic()

    # following

    def _follow(self, place: Path, engine: Engine) -> int:
        cursor = Cursor.read(engine.state())
        events = unread(cursor.row, limit=EVENTS)
        if not events:
            return 0
        if any(event.kind == PersonErased.kind for event in events):  # files keep the words of what is gone
            self._rebuild()
            self.folder.forget_old()
            return len(events)
        after = str(Cursor.of(events[-1]))
        for gone, records, last in _marked_last(self._changes(events)):
            engine.write(gone, records, after if last else str(cursor))
        self._failures, self._lengths = 0, self.folder.lengths(place)
        self.folder.note_sums(place)
        return len(events)

    def _changes(self, events: Sequence[EventRecord]) -> Iterator[tuple[list[str], list[Record]]]:
        """Yield what the events make stale, read anew, a commit at a time."""
        gone: list[str] = []
        records: list[Record] = []
        for owned in sources().values():
            for batch, found in self._changes_of(owned, events):
                present = {record.id for record in found}
                gone += [key_of(owned.value.name, id) for id in batch if id not in present]
                records += found
                if len(records) + len(gone) >= COMMITTED[self.folder.engine]:
                    yield gone, records
                    gone, records = [], []
        yield gone, records

    def _changes_of(
        self, owned: Owned[SearchSource], events: Sequence[EventRecord]
    ) -> Iterator[tuple[list[int], list[Record]]]:
        """Yield ids of one source, and what there is of them. Where it fails, all is tried again, `ATTEMPTS`
        times in all; then the others go on without it."""
        try:
            ids = [*dict.fromkeys(id for event in events for id in owned.value.changed(event))]
            for start in range(0, len(ids), LOADED):
                yield (batch := ids[start : start + LOADED]), self._load(owned, batch)
        except Exception as error:
            self._failures += 1
            if self._failures < ATTEMPTS:
                raise SourceFailed(f"{owned.owner}: {error}") from error
            hooks().note_failure(owned.owner, f"search of {owned.value.name}", error)

    def _load(self, owned: Owned[SearchSource], ids: Sequence[int]) -> list[Record]:
        return [record_of(owned.value.name, document) for document in owned.value.load(ids)]

    # making it anew

    def _rebuild(self, progress: Progress = lambda *_: None) -> int:
        began, cursor = time.monotonic(), str(present_cursor())
        place, engine = self.folder.create(wanted_facts())
        count = 0
        try:
            for owned in sources().values():
                done = 0
                for records in self._all(owned):
                    engine.write([], records, "", fresh=True)
                    done += len(records)
                    progress(done, None, str(owned.value.label))
                    db.session.rollback()
                count += done
            engine.write([], [], cursor)
        finally:
            engine.close()
        self.close()
        self.folder.publish(place)
        log.info("search_index_made", documents=count, seconds=round(time.monotonic() - began, 1))
        return count

    def _all(self, owned: Owned[SearchSource]) -> Iterator[list[Record]]:
        """Yield every document of a source, a commit at a time; one that fails ends there, and is named."""
        after, kept = 0, list[Record]()
        try:
            while ids := owned.value.ids(after, LOADED):
                kept += self._load(owned, ids)
                after = ids[-1]
                if len(kept) >= COMMITTED[self.folder.engine]:
                    yield kept
                    kept = []
        except Exception as error:
            hooks().note_failure(owned.owner, f"search of {owned.value.name}", error)
        if kept:
            yield kept


def keep_index(app: Flask, stopping: Event) -> None:
    """Make and lead the index on until `stopping` is set: what the worker does in a thread of its own."""
    with app.app_context():
        indexer = Indexer(index_folder())
    while not stopping.wait(POLL_SECONDS):
        try:
            with app.app_context(), writing(False):
                while indexer.step() >= EVENTS and not stopping.is_set():
                    pass
        except Exception:
            log.exception("search_index_not_written")
            stopping.wait(PAUSE_SECONDS)
    indexer.close()


def _marked_last(
    changes: Iterator[tuple[list[str], list[Record]]],
) -> Iterator[tuple[list[str], list[Record], bool]]:
    """Say of each whether it is the last: only that moves the cursor."""
    held = next(changes)
    for following in changes:
        yield *held, False
        held = following
    yield *held, True
