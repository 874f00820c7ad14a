"""What pages cost beside the reference page: CPU of web and database processes, queries, bytes, waiting."""

import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any
from urllib.parse import quote

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection

from bench.client import Answer, Browser
from bench.members import session_of
from bench.process import Meter, proportional_memory
from bench.query import Inspector
from bench.site import Server, Site, database_process, parvis, reference

PEOPLE_GOAL = 10.0  # ms of CPU
LETTERS = "ABCDEFGHIJKLMNOPRSTV"
MOST_QUERIES = 8
ALIKE = 1.3
"""How often the cost of another page that a page may cost which is meant to cost the same."""


@dataclass(frozen=True)
class Act:
    """A form that a member sends."""

    path: str
    person: int
    form: Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """One page to measure, and its goal: milliseconds of CPU, or as often the reference page's."""

    name: str
    paths: Sequence[str]
    """Addresses of the same kind, asked for in turn: whom one page has warmed, the next does not show."""
    fragment: bool = False
    goal: float | None = None
    goal_ratio: float | None = None
    signed_in: bool = True
    viewer: int | None = None
    """Through whose eyes: the id of a member, by default the one in the middle of the company."""
    act: Callable[[int], Act] | None = None
    """What is sent instead of asking for an address: each time another number, and something new."""
    arrange: Callable[[], object] | None = None
    """What is done to the database before."""
    like: str = ""
    """Name of the page that was measured before and costs as much, that is the goal, though less is there."""
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def goals(self) -> str:
        """Write the goals."""
        words = (f"{self.goal:g} ms" if self.goal else "", f"{self.goal_ratio:g}x" if self.goal_ratio else "")
        alike = f"{ALIKE:g} times that of {self.like.rpartition(' ')[2]}" if self.like else ""
        return ", ".join(filter(None, (*words, alike)))

    def meets(self, cpu: float, ratio: float, queries: int) -> bool | None:
        """Tell whether the page meets its goals, if it has any."""
        if self.goal is None and self.goal_ratio is None:
            return None
        quick = self.goal is None or cpu <= self.goal
        few = queries <= MOST_QUERIES or self.act is not None
        return quick and few and (self.goal_ratio is None or ratio <= self.goal_ratio)


REFERENCE = Page("the reference page", ["/"])
COMMON = Page("the same by Flask-SQLAlchemy", ["/orm"])


@dataclass(frozen=True)
class Figures:
    """What one page took, in milliseconds a request: CPU, and waiting with one and with eight at once."""

    name: str
    queries: int
    cpu: float
    cpu_web: float
    cpu_database: float
    ratio: float
    bytes: float
    p50: float
    p95: float
    p50_of_8: float
    p95_of_8: float
    goal: str
    met: bool | None
    doubts: tuple[str, ...] = ()
    times: float | None = None
    """How often the cost of the page it is to be like."""


@dataclass(frozen=True)
class Effort:
    """How long to measure: batches of so many requests one after another, then so many by each of eight.

    The queries of some addresses of a page are inspected.
    """

    warm_up: int = 12
    batches: int = 9
    requests: int = 30
    each_of_8: int = 20
    inspected: int = 5


@dataclass(frozen=True)
class Result:
    """The pages of one database, the reference first, and the memory of the web worker after them (MiB)."""

    pages: tuple[Figures, ...]
    memory: float
    failed: tuple[str, ...] = ()


class Unanswered(Exception):
    """A page answers what it should not."""


def pages_of(site: Site, viewers: Mapping[str, int]) -> Iterator[Page]:
    """Name the pages of core, with people found in the database; profiles also as some `viewers` see them."""
    engine = create_engine(site.url)
    with engine.connect() as connection:
        yield from _pages(connection, site, viewers)
    engine.dispose()


def _pages(ask: Connection, site: Site, viewers: Mapping[str, int]) -> Iterator[Page]:
    company = site.staff.company
    by_name = "SELECT id FROM person WHERE present ORDER BY sort_name, id"
    deep = _some(ask, f"SELECT id FROM ({by_name}) AS people", len(company.people))
    middle = deep[len(deep) // 2]
    largest = _one(ask, "SELECT id FROM unit WHERE kind = 'site' ORDER BY headcount DESC LIMIT 1")
    sites = _some(ask, "SELECT id FROM unit WHERE kind = 'site' ORDER BY headcount", 40)
    smallest = _one(ask, "SELECT id FROM unit WHERE kind = 'department' ORDER BY headcount LIMIT 1")
    chief = _handle(ask, company.chief_executive.username)
    leaf = _handle(ask, site.staff.viewer().username)
    members = (
        "SELECT handle FROM person JOIN member ON member.id = person.id WHERE present ORDER BY person.id"
    )
    absent = (
        "SELECT handle FROM person LEFT JOIN member ON member.id = person.id"
        " WHERE member.id IS NULL AND present ORDER BY person.id"
    )
    somebody, nobody = (_some(ask, query, len(company.people) // 5) for query in (members, absent))
    names = _some(ask, "SELECT DISTINCT family_name FROM person ORDER BY family_name", 200)
    ten = PEOPLE_GOAL
    yield Page("people: first page", ["/people"], goal=ten)
    yield Page("people: next part (fragment)", [f"/people?after={id}" for id in deep], True, goal=ten)
    yield Page("people: from the middle", [f"/people?after={id}" for id in deep], goal=ten)
    yield Page("people: one site", [f"/people?site={id}" for id in sites], goal=ten)
    yield Page("people: small department", [f"/people?department={smallest}"], goal=ten)
    yield Page(
        "people: largest site, a letter", [f"/people?site={largest}&initial={c}" for c in "MTB"], goal=ten
    )
    yield Page("people: a letter", [f"/people?initial={letter}" for letter in LETTERS], goal=ten)
    yield Page("people: a letter, deep", [f"/people?initial=Z&after={middle}"], goal=ten)
    yield Page("people: by name", [f"/people?q={quote(name)}" for name in names], goal=ten)
    for typed in ("d", "dup", "helene", "dupont jean", "jean dupont", "m a", "zzz", "jean zzz"):
        yield Page(f"typing “{typed}”", [_typing(typed)], True, goal=ten)
    yield Page("typing any two letters", [_typing(name[:2]) for name in names], True, goal=ten)
    yield Page("typing any name", [_typing(name) for name in names], True, goal=ten)
    profiles = Page(
        "profile: members", [f"/people/{handle}" for handle in somebody], goal=ten, goal_ratio=4.0
    )
    yield profiles
    for who, viewer in viewers.items():
        yield replace(profiles, name=f"profile: members, {who}", viewer=viewer)
    yield Page("profile: one's own", [f"/people/{leaf}"], goal=ten, goal_ratio=4.0)
    yield Page(
        "profile: people not yet here", [f"/people/{handle}" for handle in nobody], goal=ten, goal_ratio=4.0
    )
    yield Page("line: from the top", [f"/people/{chief}/team"], goal=ten)
    yield Page("line: from anywhere", [f"/people/{handle}/team" for handle in somebody], goal=ten)
    yield Page("account", ["/account"], goal=ten)
    yield Page("sign-in page", ["/login"], goal=ten, signed_in=False)


def _typing(text: str) -> str:
    return f"/people?suggest=1&q={quote(text)}"


def _some(ask: Connection, query: str, size: int) -> list[str]:
    """Return some forty values of the first column, spread over as many rows."""
    found = ask.execute(text(f"{query} LIMIT {size}")).scalars().all()
    return [str(value) for value in found[:: max(1, len(found) // 40)]]


def _one(ask: Connection, query: str, **values: object) -> object:
    return ask.execute(text(query), values).scalar_one()


def _handle(ask: Connection, username: str) -> object:
    return _one(ask, "SELECT handle FROM person WHERE username = :name", name=username)


@dataclass(frozen=True)
class Asker:
    """A page's server, who asks it, and the CPU that its answers take."""

    browser: Browser
    server: Server
    meter: Meter

    def ask(self, page: Page, numbers: Iterable[int]) -> tuple[list[Answer], dict[str, float]]:
        """Ask for a page some times, one after another; return the answers, and CPU in ms each, by group."""
        self.meter.start()
        answers = [_ask(page, self.browser, number) for number in numbers]
        return answers, {name: 1000 * cpu / len(answers) for name, cpu in self.meter.read().items()}


def measure(site: Site, pages: Iterable[Page], effort: Effort, tell: Callable[[str], None]) -> Result:
    """Measure pages of a site, and the reference page in turn with each of them."""
    inspector = Inspector(site.configuration())
    viewer = site.staff.viewer()
    with (
        reference(site) as other,
        parvis(site) as server,
        Browser(other.port) as referee,
        Browser(server.port) as browser,
    ):
        answer = browser.sign_in(viewer.username, viewer.password)
        if answer.status != 303:
            raise RuntimeError(f"{viewer.username} cannot sign in: {answer.status}")
        floor = Asker(referee, other, _meter(other, site))
        found, failed = [], []
        for page in pages:
            with Browser(server.port, _cookies(page, browser)) as eyes:
                asker = Asker(eyes, server, _meter(server, site))
                try:
                    if page.arrange is not None:
                        page.arrange()
                    found.append(_compared(_measure(page, asker, floor, effort, inspector), page, found))
                except Unanswered as fault:
                    failed.append(f"{page.name}: {fault}")
                    tell(f"{failed[-1]}\n{(site.folder / 'server.log').read_text()[-3000:]}")
                    continue
            tell(f"{page.name}: {found[-1].cpu:.2f} ms, {found[-1].ratio:.1f}x")
        lowest = [_measure(each, floor, floor, effort, None) for each in (REFERENCE, COMMON)]
        memory = max(proportional_memory(pid) for pid in server.workers)
    inspector.close()
    return Result((*lowest, *found), memory, tuple(failed))


def _compared(figures: Figures, page: Page, before: Iterable[Figures]) -> Figures:
    """Tell how a page stands beside the one that it is to be like."""
    for other in before:
        if other.name == page.like:
            times = figures.ratio / other.ratio
            return replace(figures, times=times, met=figures.met is not False and times <= ALIKE)
    return figures


def _cookies(page: Page, browser: Browser) -> Mapping[str, str]:
    if not page.signed_in:
        return {}
    return browser.cookies if page.viewer is None else session_of(page.viewer)


def _measure(page: Page, asker: Asker, floor: Asker, effort: Effort, inspector: Inspector | None) -> Figures:
    warm, _cost = asker.ask(page, range(effort.warm_up))
    floor.ask(REFERENCE, range(effort.warm_up))
    waits: list[float] = []
    costs: list[tuple[float, dict[str, float]]] = []
    for batch in range(effort.batches):
        numbers = range(batch * effort.requests, (batch + 1) * effort.requests)
        answers, cost = asker.ask(page, numbers)
        waits += [answer.seconds for answer in answers]
        _answers, least = floor.ask(REFERENCE, numbers)
        costs.append((sum(cost.values()) / sum(least.values()), cost))
    middle = sorted((cost for _ratio, cost in costs), key=lambda cost: sum(cost.values()))[len(costs) // 2]
    together = _together(page, asker, effort.each_of_8)
    queries, doubts = _queries(page, asker.browser, inspector, effort.inspected)
    cpu, ratio = sum(middle.values()), statistics.median(ratio for ratio, _cost in costs)
    return Figures(
        name=page.name,
        queries=queries,
        cpu=cpu,
        cpu_web=middle["web"],
        cpu_database=middle.get("database", 0.0),
        ratio=ratio,
        bytes=statistics.fmean(len(answer.body) for answer in warm),
        p50=_percentile(waits, 50),
        p95=_percentile(waits, 95),
        p50_of_8=_percentile(together, 50),
        p95_of_8=_percentile(together, 95),
        goal=page.goals,
        met=page.meets(cpu, ratio, queries),
        doubts=tuple(dict.fromkeys(doubts)),
    )


def _queries(
    page: Page, browser: Browser, inspector: Inspector | None, addresses: int
) -> tuple[int, list[str]]:
    """Return the most queries of some addresses of a page, and what is doubtful about how they run."""
    if inspector is None:
        return 1, []
    if page.act is not None:
        asked = [_sent(page.act(next(page.numbers)), inspector) for _ in range(addresses)]
    else:
        paths = page.paths[:addresses]
        asked = [inspector.ask(path, browser.cookies, fragment=page.fragment) for path in paths]
    doubts = [doubt for queries in asked for query in queries for doubt in inspector.doubts(*query)]
    if page.act is None:
        doubts += inspector.planned_anew(page.paths[0], browser.cookies, fragment=page.fragment)
    return max(map(len, asked)), doubts


def _sent(act: Act, inspector: Inspector) -> list[tuple[str, Any]]:
    return inspector.send(act.path, act.form, session_of(act.person))


def _meter(server: Server, site: Site) -> Meter:
    database = database_process(site.url)
    return Meter(web=server.pid, **({"database": database} if database is not None else {}))


def _ask(page: Page, browser: Browser, number: int) -> Answer:
    if page.act is not None:
        act = page.act(next(page.numbers))
        browser.cookies = dict(session_of(act.person))
        path, answer = act.path, browser.send(act.path, act.form)
    else:
        path = page.paths[number % len(page.paths)]
        answer = browser.get(path, fragment=page.fragment)
    if answer.status != (200 if page.act is None else 303):
        raise Unanswered(f"{path} answered {answer.status}")
    return answer


def _together(page: Page, asker: Asker, requests: int) -> list[float]:
    def one(_number: int) -> list[float]:
        with Browser(asker.server.port, asker.browser.cookies) as other:
            return [_ask(page, other, number).seconds for number in range(requests)]

    with ThreadPoolExecutor(8) as eight:
        return [seconds for each in eight.map(one, range(8)) for seconds in each]


def _percentile(values: list[float], percent: int) -> float:
    return 1000 * statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
