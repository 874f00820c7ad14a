"""`make bench-small`: that no page asks more of the database, runs more code or sends more than it did.

What is counted is the same on every machine, however busy: queries, calls of functions and bytes. Calls stand
for CPU: they are told, as in the great bench, as often the reference page's. A small company is founded in
OpenLDAP and talks on SQLite and on PostgreSQL; each page is answered in this process. What it may cost stands
in `counts.json`, which `--write` makes anew: whoever makes a page dearer shows it there.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench import desk, known, members, page, population, reported, synchronisation, talk
from bench.comparison import differences
from bench.members import session_of
from bench.page import Page
from bench.query import Inspector
from bench.site import Site, database, staff

PEOPLE, POSTS = 500, 2_000
TOLERANCE = 0.1
COUNTS = Path(__file__).with_name("counts.json")
ADDRESSES = 3


def main() -> int:
    """Count, compare, say; 1 if a page got dearer."""
    parser = argparse.ArgumentParser(prog="python -m bench.guard", description=__doc__)
    parser.add_argument(
        "--write", action="store_true", help=f"what is counted now may be: write {COUNTS.name}"
    )
    parser.add_argument(
        "--tolerance", type=float, default=TOLERANCE, help="share by which calls and bytes may grow"
    )
    options = parser.parse_args()
    now = count()
    if options.write:
        COUNTS.write_text(json.dumps(now, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
    before = json.loads(COUNTS.read_text("utf-8"))
    found = list(differences(before, now, options.tolerance))
    fewer = list(differences(now, before, options.tolerance))
    unknown = [name for kind, pages in now.items() for name in pages.keys() - before.get(kind, {}).keys()]
    for title, lines in (
        ("dearer", found),
        ("cheaper (now → allowed)", fewer),
        ("not in the file yet", unknown),
    ):
        for line in sorted(lines):
            print(f"  {title}: {line}")
    pages = sum(map(len, now.values()))
    print(f"{pages} pages counted, {len(found)} measures dearer than {COUNTS.name} allows.")
    if found:
        print(
            "Remedy: make them cheaper, or write down what they may cost: make bench-small BENCH_ARGS=--write"
        )
    return int(bool(found))


def count(kinds: tuple[str, ...] = ("sqlite", "postgresql")) -> dict[str, dict[str, dict[str, float]]]:
    """Return queries, calls (as often the reference page's) and bytes of all pages, by kind of database."""
    with tempfile.TemporaryDirectory(prefix="parvis-guard-") as name, ExitStack() as stack:
        everyone = stack.enter_context(staff(PEOPLE, Path(name)))
        return {kind: _count_on(kind, everyone, Path(name) / kind) for kind in kinds}


def _count_on(kind: str, everyone: Any, folder: Path) -> dict[str, dict[str, float]]:
    folder.mkdir()
    with database(kind, folder) as url:
        site = Site(kind, url, folder, everyone)
        site.run("db", "upgrade")
        list(synchronisation.measure(site, all_runs=False))
        viewer = everyone.viewer().username
        members.populate(url, keep=[viewer])
        scene = population.populate(url, viewer=viewer, posts=POSTS)
        known.populate(url)
        manager = reported.populate(url, scene)
        pages = [
            *talk.pages_of(scene),
            *page.pages_of(site, talk.viewers(scene)),
            *desk.pages_of(url, scene, manager),
        ]
        inspector = Inspector(site.configuration())
        try:
            floor = _calls_of_reference(url)
            return {each.name: _figures(each, inspector, scene.cast["median"], floor) for each in pages}
        finally:
            inspector.close()


def _calls_of_reference(url: str) -> int:
    os.environ["BENCH_DATABASE"] = url
    from bench.reference import app  # noqa: PLC0415 - after the environment says which database

    client = app.test_client()
    client.get("/")
    return _calls(lambda: client.get("/"))


def _figures(each: Page, inspector: Inspector, viewer: int, floor: int) -> dict[str, float]:
    if each.arrange is not None:
        each.arrange()
    times = 2 if each.act is None else 1
    found = [_least(ask, inspector, times) for ask in _asked(each, inspector, viewer)]
    queries, calls, sizes = zip(*found, strict=True)
    ratio, size = statistics.median(calls) / floor, statistics.median(sizes)
    most = max(queries) if each.act is None else statistics.median(queries)
    return {"queries": most, "ratio": round(ratio, 2), "bytes": round(size)}


def _least(ask: Callable[[], list[Any]], inspector: Inspector, times: int) -> tuple[int, int, int]:
    """Count what a page costs at best: what is remembered for some seconds is asked for anew now and then."""
    return min(_cost(ask, inspector) for _ in range(times))


def _asked(each: Page, inspector: Inspector, viewer: int) -> Iterator[Callable[[], list[Any]]]:
    """Give what asks for each of some addresses of a page, or sends a form, once."""
    cookies: Mapping[str, str] = session_of(each.viewer or viewer) if each.signed_in else {}
    for number in range(ADDRESSES):
        if each.act is not None:
            act = each.act(next(each.numbers))
            yield lambda act=act: inspector.send(act.path, act.form, session_of(act.person))
        else:
            path = each.paths[number % len(each.paths)]
            inspector.once(path, cookies, fragment=each.fragment)
            yield lambda path=path: inspector.once(path, cookies, fragment=each.fragment)


def _cost(ask: Callable[[], list[Any]], inspector: Inspector) -> tuple[int, int, int]:
    statements: list[Any] = []
    calls = _calls(lambda: statements.extend(ask()))
    return len(statements), calls, inspector.size


def _calls(act: Callable[[], object]) -> int:
    """Return how many functions are called, Python's and others."""
    number = 0

    def note(_frame: object, happened: str, _what: object) -> None:
        nonlocal number
        number += happened in ("call", "c_call")

    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
    return number


if __name__ == "__main__":
    sys.exit(main())
