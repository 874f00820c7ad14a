"""Where the index lies on this machine, who may write it, and what is done with one that is not sound.

    search/lock            held by the one process that writes
    search/current         the name of the index in use
    search/index-7/        one index: parvis.json, sums.json, doubt, and the engine's own folder
    search/damaged         the last one that was set aside

An index is made beside the one in use and takes its place in one rename: readers go on with the old one
until then.
"""

import fcntl
import json
import math
import os
import shutil
import tempfile
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from zlib import crc32

import structlog

from parvis.search.engine import SCHEMA, Engine, engine_class

log = structlog.get_logger()
CHUNK = 1024 * 1024


class IndexAway(Exception):
    """There is no index that answers now; says why, to administrators."""


class IndexBusy(Exception):
    """Another process writes the index at this moment."""


@dataclass(frozen=True)
class Facts:
    """What an index was made with; one that was made with something else is made anew."""

    engine: str
    sources: tuple[str, ...]
    schema: int = SCHEMA


class IndexFolder:
    """The folder of the index. `engine` is the name of the one that is configured."""

    def __init__(self, root: Path, engine: str) -> None:
        self.root, self.engine = root, engine

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one writer while the block runs; the system lets go if the process dies.

        Raises:
            IndexBusy: another process is.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise IndexBusy("another process is writing the index") from error
            yield

    def current(self) -> Path | None:
        """Return the index in use, None if there is none."""
        with suppress(OSError, ValueError):
            name = (self.root / "current").read_text("utf-8").strip()
            if name and Path(name).name == name and (self.root / name).is_dir():
                return self.root / name
        return None

    def facts(self, place: Path) -> Facts | None:
        """Return what an index was made with, None if that cannot be read."""
        try:
            read = json.loads((place / "parvis.json").read_text("utf-8"))
            return Facts(str(read["engine"]), tuple(read["sources"]), int(read["schema"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def engine_of(self, place: Path) -> type[Engine]:
        """Return the engine that an index was made with, which may not be the configured one.

        Raises:
            IndexAway: it is not known, or not installed.
        """
        facts = self.facts(place)
        if facts is None or facts.schema != SCHEMA:
            raise IndexAway("the index was made by another version")
        try:
            return engine_class(facts.engine)
        except ModuleNotFoundError as error:
            raise IndexAway(f"{facts.engine} is not installed") from error

    def create(self, facts: Facts) -> tuple[Path, Engine]:
        """Make an empty index beside the one in use; what an interrupted attempt left is removed."""
        self.forget_old()
        place = Path(tempfile.mkdtemp(prefix="index-", dir=self.root))
        (place / "engine").mkdir()
        (place / "parvis.json").write_text(json.dumps(asdict(facts)), "utf-8")
        return place, engine_class(facts.engine).create(place / "engine")

    def publish(self, place: Path) -> None:
        """Put an index in use; readers that have the old one open keep it until they look."""
        self.note_sums(place)
        beside = self.root / "current.new"
        beside.write_text(place.name, "utf-8")
        beside.replace(self.root / "current")

    def set_aside(self, place: Path, reason: str) -> None:
        """Take an index out of use, and keep it to be looked at until the next one is."""
        log.error("search_index_set_aside", reason=reason, kept=str(self.root / "damaged"))
        with suppress(OSError):
            (self.root / "current").unlink()
        kept = self.root / "damaged"
        shutil.rmtree(kept, ignore_errors=True)
        with suppress(OSError):
            place.rename(kept)

    def forget_old(self) -> None:
        """Delete indexes that are not in use."""
        used = self.current()
        for place in self.root.glob("index-*"):
            if place != used:
                shutil.rmtree(place, ignore_errors=True)

    def version(self) -> Hashable:
        """Return what changes whenever readers should look again.

        Raises:
            IndexAway: there is no index in use.
        """
        place = self.current()
        if place is None:
            raise IndexAway("there is no index yet: the worker makes it")
        try:
            return place.name, self.engine_of(place).version(place / "engine")
        except OSError as error:
            raise IndexAway(f"the index cannot be read: {error.strerror}") from error

    def doubt(self, place: Path) -> None:
        """Say, as a reader who met with an error, that an index should be looked at by the worker."""
        with suppress(OSError):
            (place / "doubt").touch()

    def is_doubted(self, place: Path) -> bool:
        """Tell whether a reader did."""
        return (place / "doubt").exists()

    def trust(self, place: Path) -> None:
        """Say that it was looked at, and is sound."""
        with suppress(OSError):
            (place / "doubt").unlink()

    # sums of files that are never changed once they are written

    def note_sums(self, place: Path) -> None:
        """Note the sums of the files that a commit added."""
        known = self._sums(place)
        present = self._fixed_files(place)
        sums = {name: known[name] if name in known else _sum(path) for name, path in present.items()}
        beside = place / "sums.new"
        beside.write_text(json.dumps(sums), "utf-8")
        os.replace(beside, place / "sums.json")

    def damage(self, place: Path) -> str:
        """Return which file is not as it was written; empty if none is. Missing ones the engine misses."""
        known = self._sums(place)
        for name, path in self._fixed_files(place).items():
            if name in known and known[name] != _sum(path):
                return f"{name} is not as it was written"
        return ""

    def lengths(self, place: Path) -> dict[str, float]:
        """Return how long the files of an index are that is open, for `check_lengths`."""
        return {name: _length(name) for name in map(str, self._fixed_files(place).values())}

    def _sums(self, place: Path) -> dict[str, list[int]]:
        with suppress(OSError, ValueError):
            read = json.loads((place / "sums.json").read_text("utf-8"))
            return read if isinstance(read, dict) else {}
        return {}

    def _fixed_files(self, place: Path) -> dict[str, Path]:
        engine = self.engine_of(place)
        files = (path for path in (place / "engine").iterdir() if path.is_file())
        return {path.name: path for path in files if engine.is_fixed(path.name)}


def check_lengths(lengths: Mapping[str, float]) -> None:
    """Raise unless files are as long as they were: engines map them into memory, and whoever reads there what
    was cut off meanwhile is ended by the system (SIGBUS)."""
    if any(_length(name) < length for name, length in lengths.items()):
        raise EOFError("a file of the index was cut off")


def _length(name: str) -> float:
    """Return the length of a file; infinity of one that a merge removed: who has it open has all of it."""
    try:
        return os.stat(name).st_size
    except FileNotFoundError:
        return math.inf


def _sum(path: Path) -> list[int]:
    """Return length and sum of a file; of one that a merge has just removed nothing that would fit."""
    length = total = 0
    with suppress(FileNotFoundError), path.open("rb") as file:
        while chunk := file.read(CHUNK):
            total, length = crc32(chunk, total), length + len(chunk)
    return [length, total]
