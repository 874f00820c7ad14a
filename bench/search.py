"""What the search costs: each kind of question of a member of 300 places, the rebuild, how soon one finds.

`python -m bench.search CONFIGURATION` makes the index anew in a process of its own, so that its CPU and
memory are its own.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from random import Random
from urllib.parse import quote
from uuid import uuid4

from parvis.application.factory import create_app, load
from parvis.db import read_only
from parvis.search.indexer import Indexer, index_folder

from bench import known, members, page, population, synchronisation
from bench.client import Browser
from bench.members import session_of
from bench.page import Page
from bench.population import Scene
from bench.process import highest_memory, proportional_memory, tree
from bench.site import Site, database, parvis, staff
from bench.talk import TEXT
from bench.writing import WORDS

LARGEST = {"tantivy": (73_000, 250_000), "whoosh": (5_000, 10_000)}
"""For how many people an engine is, and how many posts, with as many comments."""
CPU_GOAL = {"tantivy": 18.0, "whoosh": None}
WAIT_GOAL = {"tantivy": 50.0, "whoosh": 150.0}
REBUILD_GOAL = {"tantivy": 300.0, "whoosh": None}
MEMORY_GOAL = 300.0
FINDABLE_GOAL = 5.0
"""Seconds."""
ROUNDS = 5
PATIENCE = 60.0


@dataclass(frozen=True)
class Figures:
    """One engine: what each kind of question takes, and making the index in seconds and MiB.

    `findable`: after how many seconds what was written is found, the longest of some; `memory` of the web
    worker after all questions, and of the worker that writes.
    """

    engine: str
    people: int
    contents: int
    pages: page.Result
    rebuild: float
    rebuild_cpu: float
    rebuild_memory: float
    findable: float
    memory: float
    worker_memory: float

    @property
    def slow(self) -> list[str]:
        """Name the kinds of questions that are above their goals."""
        most = WAIT_GOAL[self.engine]
        return [each.name for each in self.pages.pages[1:] if each.met is False or each.p95 > most]

    @property
    def above(self) -> list[str]:
        """Name all that is above its goal."""
        longest = REBUILD_GOAL[self.engine]
        found = [*self.slow, *self.pages.failed]
        if longest is not None and self.rebuild > longest:
            found.append("rebuild")
        if max(self.memory, self.worker_memory, self.rebuild_memory) > MEMORY_GOAL:
            found.append("memory")
        return found + ["findable"] * (self.findable > FINDABLE_GOAL)


def measure(
    parent: Path, *, engine: str, people: int, posts: int, effort: page.Effort, tell: Callable[[str], None]
) -> Figures:
    """Found a company as large as an engine is for, at most, and ask it everything; in SQLite."""
    most_people, most_posts = LARGEST[engine]
    people, posts = min(people, most_people), min(posts, most_posts)
    folder = parent / f"search-{engine}"
    folder.mkdir()
    tell(f"{engine}: a company of {people:,} with {posts:,} posts and as many comments")
    with staff(people, folder) as everyone, database("sqlite", folder) as url:
        site = Site("sqlite", url, folder, everyone, engine=engine)
        site.run("db", "upgrade")
        list(synchronisation.measure(site, all_runs=False))
        viewer = everyone.viewer().username
        members.populate(url, keep=[viewer])
        scene = population.populate(url, viewer=viewer, posts=posts)
        known.populate(url)
        made = _rebuild(site)
        tell(f"{engine}: made in {made['wall']:.0f} s, {made['cpu']:.0f} s CPU, {made['memory']:.0f} MiB")
        pages = [replace(each, goal=CPU_GOAL[engine]) for each in pages_of(scene)]
        found = page.measure(site, pages, effort, lambda line: tell(f"{engine}: {line}"))
        findable, worker_memory = _findable(site, scene)
    return Figures(
        engine, people, scene.contents, found, made["wall"], made["cpu"], made["memory"], findable,
        found.memory, worker_memory,
    )  # fmt: skip


def pages_of(scene: Scene) -> Iterator[Page]:
    """Name the kinds of questions; each is put with many words in turn."""
    rng = Random("search")
    common = [word for words in WORDS.values() for word in words.split()]
    rare = [_invented(rng) for _ in range(40)]
    slugs = [slug for _id, slug in scene.lively]

    def asked(name: str, typed: Sequence[str], more: str = "", *, typing: bool = False) -> Page:
        paths = [f"/search?q={quote(each)}{more}" for each in typed]
        return Page(f"search: {name}", paths, typing, viewer=scene.cast["heavy"])

    yield asked("a common word", common)
    yield asked("a word that nobody wrote", rare)
    yield asked("two words", [" ".join(pair) for pair in pairwise(common)])
    yield asked("a phrase", [f'"{a} {b}"' for a, b in pairwise(common)])
    yield asked("a beginning", [f"{word[:length]}*" for word in common for length in (2, 3)])
    yield asked("a typing error", [_mistyped(word, rng) for word in common])
    yield asked("a name", scene.names)
    yield asked("a name mistyped", [_mistyped(name, rng) for name in scene.names])
    yield asked("without a word", [f"{a} -{b}" for a, b in pairwise(common)])
    yield asked("from:", [f"from:me {word}" for word in common])
    yield asked("in:", [f"in:{slugs[n % len(slugs)]} {word}" for n, word in enumerate(common)])
    yield asked("tag:", [f"tag:{tag}" for tag in scene.tags])
    yield asked("newest first", common, "&order=new")
    yield asked("the second page", common, "&page=2")
    yield asked("while typing", [word[:n] for word in common for n in (2, 4)], "&suggest=1", typing=True)


def _invented(rng: Random) -> str:
    return "".join(rng.choice("bdfgkl") + rng.choice("aeiou") for _ in range(4))


def _mistyped(word: str, rng: Random) -> str:
    """Change two neighbouring letters for each other, somewhere behind the first."""
    at = rng.randrange(1, max(2, len(word) - 1))
    return word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]


def _rebuild(site: Site) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.search", str(site.configuration())]
    done = subprocess.run(command, env=site.environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the index could not be made:\n{done.stdout}{done.stderr}")
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def _findable(site: Site, scene: Scene) -> tuple[float, float]:
    """Return after how many seconds what is written is found, at the longest; and the worker's memory."""
    waits, group = [], scene.lively[0][0]
    with (
        parvis(site) as server,
        _worker(site) as worker,
        Browser(server.port, session_of(scene.writers[0])) as browser,
    ):
        for _number in range(ROUNDS + 1):
            word = f"zanzi{uuid4().hex[:8]}"
            form = {"text": f"{word} {TEXT}", "form_key": uuid4().hex}
            browser.send(f"/places/{group}/post", form)
            begun = time.monotonic()
            while word.encode() not in browser.get(f"/search?q={word}").body.partition(b"pv-found")[2]:
                if time.monotonic() > begun + PATIENCE:
                    raise RuntimeError(f"{word} is not found after {PATIENCE:.0f} s")
                time.sleep(0.1)
            waits.append(time.monotonic() - begun)
        return max(waits[1:]), max(proportional_memory(pid) for pid in tree(worker.pid))


@contextmanager
def _worker(site: Site) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "parvis.cli", "--config", str(site.configuration()), "worker"]
    with (site.folder / "worker.log").open("ab") as log:
        running = subprocess.Popen(command, env=site.environment, stdout=log, stderr=log)
    try:
        yield running
    finally:
        running.terminate()
        running.wait(timeout=30)


def _make(configuration: str) -> None:
    app = create_app(*load(configuration))
    started = time.perf_counter()
    with app.app_context(), read_only():
        count = Indexer(index_folder()).rebuild()
    wall, cpu = time.perf_counter() - started, time.process_time()
    print(json.dumps({"wall": wall, "cpu": cpu, "memory": highest_memory(), "documents": count}))


if __name__ == "__main__":
    _make(*sys.argv[1:])
