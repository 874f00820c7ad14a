"""Whether the search finds first what should come first: people and contents of the demo company, judged.

`queries.toml` says what people type and what answers it best; it was written from reading the company's data,
before anything was tuned. Half of it is held out: what is tuned is tuned on the open half alone, and the
figures of both are printed side by side.
"""

import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from parvis.cli.context import CommandContext
from parvis.db import db, read_only
from parvis.directory.models import Person
from parvis.identity.models import Member
from parvis.search.finder import find
from parvis.search.indexer import Indexer, index_folder
from parvis.search.source import sources
from parvis.testing import demo
from parvis.testing.company import company
from parvis.testing.life import settle
from parvis_social.api import Access, Membership, Place
from sqlalchemy import select

QUERIES = Path(__file__).with_name("queries.toml")
ENGINES = ("whoosh", "tantivy")
GOALS = {"whoosh": 0.80, "tantivy": 0.85}
POINTS = {"first": 3, "then": 2, "also": 1}
AT = 10
"""How many of the first results count."""
KINDS = {"group": "groups:group", "tag": "social:tag", "question": "blog:question", **{
    name: f"social:{name}" for name in ("post", "comment", "article")
}}  # fmt: skip
"""What a judgement calls the kinds of the search."""
Key = tuple[str, int]


@dataclass(frozen=True)
class Judgement:
    """What somebody types, and what its answers are worth, by how `queries.toml` names them."""

    typed: str
    language: str
    held_out: bool
    points: Mapping[str, int]


@dataclass(frozen=True)
class Judged:
    """One question, how well it was answered (0 to 1), and what came, the first first, with its points."""

    judgement: Judgement
    gain: float
    found: Sequence[tuple[int, str]]


@dataclass(frozen=True)
class Figures:
    """The mean nDCG@10 of an engine: of all, of the half that is tuned on, and of the half that is not."""

    engine: str
    judged: Sequence[Judged]

    def mean(self, *, held_out: bool | None = None) -> float:
        """Return the mean of one half, or of both."""
        return fmean(each.gain for each in self.judged if held_out in (None, each.judgement.held_out))

    @property
    def met(self) -> bool:
        """Tell whether the goal is reached."""
        return self.mean() >= GOALS[self.engine]


def judgements() -> list[Judgement]:
    """Read what is published."""
    return [
        Judgement(
            each["typed"], each["language"], each.get("held_out", False),
            {name: points for level, points in POINTS.items() for name in each.get(level, ())},
        )
        for each in tomllib.loads(QUERIES.read_text("utf-8"))["query"]
    ]  # fmt: skip


def ndcg(found: Sequence[int], judged: Iterable[int]) -> float:
    """Return the normalised discounted cumulated gain of the first results, as trec_eval's `ndcg_cut_10`.

    Source: K. Järvelin and J. Kekäläinen, *Cumulated gain-based evaluation of IR techniques*, ACM TOIS 20(4),
    2002; gains are the points themselves, and the result at rank r is divided by log2(r + 1).

    Args:
        found: the points of the results, the first first.
        judged: the points of all that was judged.
    """
    best = _gain(sorted(judged, reverse=True))
    return _gain(found) / best if best else 0.0


def _gain(points: Sequence[int]) -> float:
    return sum(each / math.log2(rank + 1) for rank, each in enumerate(points[:AT], 1))


def found_demo(folder: Path) -> None:
    """Found the demo company in a folder, as `make demo` does, unless it is there already."""
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / demo.COMPLETE).exists():
        return
    known = company(demo.SIZE, photos=False)
    directory = demo.start_directory(known, folder)
    try:
        demo.write_config(folder, known, directory, "127.0.0.1", 8000)
        settle(folder / demo.CONFIG, known)
    finally:
        directory.stop()
    (folder / demo.COMPLETE).touch()


def judge(folder: Path, engine: str) -> Figures:
    """Index the demo company with an engine, and ask it everything."""
    config = folder / f"evaluation-{engine}.toml"
    search = f'\n[search]\nengine = "{engine}"\nfolder = "evaluation-{engine}"\n'
    config.write_text((folder / demo.CONFIG).read_text("utf-8") + search, "utf-8")
    context = CommandContext(str(config))
    with context.in_app(), read_only():
        Indexer(index_folder()).rebuild()
        viewer, names = _somebody(), _names()
        with context.app.test_request_context():
            return Figures(engine, [_judged(each, viewer, names) for each in judgements()])


def _somebody() -> Member:
    """Return the first member by handle who belongs to no closed place."""
    closed = select(Membership.person_id).join(Place, Place.id == Membership.place_id)
    closed = closed.where(Place.access != Access.OPEN)
    query = select(Member).join(Member.person).where(Member.id.not_in(closed)).order_by(Person.handle)
    return db.session.scalars(query.limit(1)).one()


def _names() -> Mapping[Key, str]:
    """Return how everything is named that can be judged, in full."""
    people = db.session.execute(select(Person.id, Person.handle))
    named: dict[Key, str] = {("core:person", id): f"@{handle}" for id, handle in people}
    for source in (owned.value for owned in sources().values()):
        kind = next((kind for kind, name in KINDS.items() if name == source.name), None)
        if kind is not None:
            for document in source.load(source.ids(0, 10_000)):
                named[source.name, document.id] = f"{kind} {document.title or document.body}".strip()
    return named


def _judged(judgement: Judgement, viewer: Member, names: Mapping[Key, str]) -> Judged:
    results = [(result.source.name, result.hit.id) for result in find(viewer, judgement.typed).results[:AT]]
    found = [_worth(names.get(key, ""), judgement) for key in results]
    shown = [(points, names.get(key, str(key))) for points, key in zip(found, results, strict=True)]
    return Judged(judgement, ndcg(found, judgement.points.values()), shown)


def _worth(name: str, judgement: Judgement) -> int:
    return next((points for said, points in judgement.points.items() if is_meant(said, name)), 0)


def is_meant(said: str, name: str) -> bool:
    """Tell whether a judgement means something of a full name: contents by how they begin."""
    return name == said if said.startswith(("@", "tag ")) else name.startswith(said)


def strangers(folder: Path) -> list[str]:
    """Return what is judged and is not in the demo company any more."""
    with CommandContext(str(folder / demo.CONFIG)).in_app(), read_only():
        names = set(_names().values())
    said = {name for judgement in judgements() for name in judgement.points}
    return sorted(each for each in said if not any(is_meant(each, name) for name in names))


def lines(figures: Iterable[Figures], *, each: bool = False) -> Iterator[str]:
    """Write figures as text; `each`: with every open question that is not answered perfectly."""
    for of in figures:
        halves: dict[str, Any] = {"all": None, "open half": False, "held out": True}
        said = ", ".join(f"{name} {of.mean(held_out=half):.3f}" for name, half in halves.items())
        short = "" if of.met else "  BELOW ITS GOAL"
        yield f"nDCG@{AT}, {of.engine}: {said} (goal {GOALS[of.engine]:.2f}){short}"
        for judged in of.judged if each else ():
            if not judged.judgement.held_out and judged.gain < 0.999:
                yield f"  {judged.gain:.2f}  {judged.judgement.typed}"
                yield from (f"          {points}  {name[:90]}" for points, name in judged.found)
