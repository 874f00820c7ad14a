"""What pages cost when ten and a hundred times as much has been said: as much as before, is the goal.

Each size is a database of its own, copied from one with all people in it and nothing said yet.
"""

import shutil
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from parvis.testing import services
from sqlalchemy.engine import make_url

from bench import page, population, talk
from bench.page import Effort
from bench.site import Site

SIZES = (50_000, 500_000, 5_000_000)
"""Contents: posts and comments together, half of each."""
GOAL = 1.3
PAGES = (
    "home: median", "home: heavy", "home: quiet", "group: median", "content: 20 comments", "tag: often used",
    "notifications: median", "notifications: told",
)  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """One page: by size of the database, CPU as often the reference page's and queries."""

    name: str
    ratios: tuple[float, ...]
    queries: tuple[int, ...]

    @property
    def grown(self) -> float:
        """How often the cost of the smallest the largest costs."""
        return self.ratios[-1] / self.ratios[0]

    @property
    def met(self) -> bool:
        """Tell whether the goal is reached; a query more or less comes from what stands on the page."""
        return self.grown <= GOAL


@dataclass(frozen=True)
class Result:
    """The pages in all sizes of one kind of database."""

    sizes: tuple[int, ...]
    pages: tuple[Figures, ...]

    @property
    def median(self) -> float:
        """How often the cost of the smallest the largest costs, for the page in the middle."""
        return statistics.median(figures.grown for figures in self.pages)


def measure(
    site: Site, viewer: str, sizes: Sequence[int], effort: Effort, tell: Callable[[str], None]
) -> Result:
    """Measure some pages in databases of several sizes."""
    found: dict[str, list[page.Figures]] = {}
    for size in sizes:
        with _copied(site) as grown:
            scene = population.populate(grown.url, viewer=viewer, posts=size // 2)
            tell(f"{scene.contents:,} contents")
            pages = [each for each in talk.pages_of(scene) if each.name in PAGES]
            result = page.measure(grown, pages, effort, tell)
            if result.failed:
                raise RuntimeError(f"with {size:,} contents: {'; '.join(result.failed)}")
            for figures in result.pages[2:]:  # after the two references
                found.setdefault(figures.name, []).append(figures)
    return Result(
        tuple(sizes),
        tuple(
            Figures(name, tuple(each.ratio for each in all_sizes), tuple(each.queries for each in all_sizes))
            for name, all_sizes in found.items()
        ),
    )


@contextmanager
def _copied(site: Site) -> Iterator[Site]:
    """Give the same site on a copy of its database, which is removed afterwards."""
    folder = site.folder / "grown"
    folder.mkdir()
    try:
        if site.kind == "sqlite":
            file = folder / "parvis.db"
            shutil.copyfile(str(make_url(site.url).database), file)
            yield replace(site, url=f"sqlite:///{file}", folder=folder)
        else:
            server = make_url(site.url).set(database="postgres").render_as_string(hide_password=False)
            url = services.create_database(server, template=site.url)
            try:
                yield replace(site, url=url, folder=folder)
            finally:
                services.drop_database(url)
    finally:
        shutil.rmtree(Path(folder))
