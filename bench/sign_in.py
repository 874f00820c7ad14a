"""What it takes to sign in: the form's answer by the clock, and CPU, with and without StartTLS and groups."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass

from parvis.testing.company import Person

from bench.client import Browser
from bench.process import Meter
from bench.site import Site, database_process, parvis

WAYS = {
    "plain": ({}, 30.0),
    "StartTLS": ({"start_tls": True}, 60.0),
    "groups of 73,000": ({"groups": True}, None),
}
WARM_UP = 5


@dataclass(frozen=True)
class Figures:
    """Signing in by one way: milliseconds by the clock, and of CPU by whom."""

    way: str
    p50: float
    p95: float
    cpu: float
    cpu_database: float
    cpu_directory: float
    goal: float | None

    @property
    def met(self) -> bool | None:
        """Tell whether the goal is reached, by the median."""
        return None if self.goal is None else self.p50 <= self.goal


def measure(site: Site, people: int) -> Iterator[Figures]:
    """Sign so many people in, one after another, in each way."""
    for way, (options, goal) in WAYS.items():
        with parvis(site, **options) as server, Browser(server.port) as browser:
            database = database_process(site.url)
            roots = {"web": server.pid, "directory": site.staff.process}
            meter = Meter(**roots, **({"database": database} if database is not None else {}))
            everyone = _some(site, people + WARM_UP)
            token, cookies = browser.token("/login"), dict(browser.cookies)
            for person in everyone[:WARM_UP]:
                _sign_in(browser, cookies, token, person)
            meter.start()
            waits = [_sign_in(browser, cookies, token, person) for person in everyone[WARM_UP:]]
            used = {name: 1000 * cpu / len(waits) for name, cpu in meter.read().items()}
        yield Figures(
            way,
            p50=statistics.median(waits),
            p95=statistics.quantiles(waits, n=20)[-1],
            cpu=sum(used.values()),
            cpu_database=used.get("database", 0.0),
            cpu_directory=used["directory"],
            goal=goal,
        )


def _sign_in(browser: Browser, cookies: dict[str, str], token: str, person: Person) -> float:
    """Sign a person in, in a browser that carries no more than the form's; return the milliseconds."""
    browser.cookies = dict(cookies)
    form = {"csrf_token": token, "username": person.username, "password": person.password}
    answer = browser.post("/login", form)
    if answer.status != 303:
        raise RuntimeError(f"{person.username} cannot sign in: {answer.status}")
    return 1000 * answer.seconds


def _some(site: Site, count: int) -> list[Person]:
    able = [person for person in site.staff.company.people if person.kind == "employee"]
    return able[:: max(1, len(able) // count)][:count]
