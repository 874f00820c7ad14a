"""Ten times the peak hour of a large company: many sessions that read and write, by the clock.

The server is as in production: `parvis serve` with two workers, `parvis worker` beside it, a search index.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random
from urllib.parse import quote, urlencode
from uuid import uuid4

from sqlalchemy import create_engine, text

from bench.client import Browser
from bench.members import session_of
from bench.population import Scene
from bench.process import Meter, busy_seconds
from bench.site import Site, database_process, parvis, worker

RATE, MINUTES, SESSIONS = 150.0, 3.0, 2_000
WARM_UP = 5.0
"""Seconds before those that count."""
GOAL = 150.0
"""Milliseconds that 95 of 100 answers take at most."""
MOST_ERRORS = 0.001
READS = {
    "home": 24, "home, next part": 5, "content": 20, "group": 13, "notifications": 8, "profile": 7,
    "typing": 4, "search": 3, "people": 2, "tag": 2, "article": 1, "groups": 1,
}  # fmt: skip
WRITES = {"write: comment": 4.0, "write: reaction": 4.0, "write: post": 1.5, "write: follow": 0.5}
"""In a hundred requests, so many of each; ten are writes."""
TEXT = "We measured the *tide* at the quay again: three metres, and it will be four on Monday."
WORDS = ("quai", "harbour", "sécurité", "tide", "atelier", "welding", "question")


@dataclass(frozen=True)
class Waits:
    """How long some of the requests waited, in milliseconds from the moment when they were due."""

    name: str
    requests: int
    p50: float
    p95: float
    p99: float
    errors: int


@dataclass(frozen=True)
class Figures:
    """One run: waits of all, of reading, of writing and by kind; CPU as shares of the whole machine.

    The share of `others` is what programs took that have nothing to do with it: near zero on a quiet machine.
    """

    rate: float
    minutes: float
    sessions: int
    waits: tuple[Waits, ...]
    cpu: Mapping[str, float]
    late: float
    """Milliseconds that 99 of 100 requests were begun late by the client, which is then at fault."""

    @property
    def met(self) -> bool:
        """Tell whether the goals are reached."""
        everything = self.waits[0]
        return everything.p95 <= GOAL and everything.errors <= MOST_ERRORS * everything.requests


@dataclass(frozen=True)
class World:
    """What there is to read and to write to, for these people."""

    people: list[int]
    contents: list[tuple[int, int]]
    """Id and place of open posts, the newest first."""
    slugs: list[str]
    handles: list[str]
    names: list[str]
    belongs: Mapping[int, list[int]]
    """Which of these open places each of the people belongs to."""
    scene: Scene


def measure(site: Site, scene: Scene, *, rate: float, minutes: float, sessions: int = SESSIONS) -> Figures:
    """Let the site live through some minutes of it."""
    world, plan = _world(site, scene, sessions), site.folder / "load.jsonl"
    site.run("search", "rebuild", production=True)
    with parvis(site, production=True) as server, worker(site) as beside:
        with Browser(server.port, session_of(world.people[0])) as browser:
            token = browser.token("/account")
        with plan.open("w", encoding="utf-8") as file:
            for line in requests(world, token, rate=rate, seconds=WARM_UP + 60 * minutes, seed=1):
                file.write(json.dumps(line) + "\n")
        database = database_process(site.url)
        meter = Meter(
            web=server.pid, worker=beside, **({"database": database} if database is not None else {})
        )
        begun, busy = time.perf_counter(), busy_seconds()
        told = _drive(server.port, plan, site)
        whole = (time.perf_counter() - begun) * (os.cpu_count() or 1)
        used = {**meter.read(), "client": told["cpu"]}
        used["others"] = max(0.0, busy_seconds() - busy - sum(used.values()))
    answers = [answer for answer in told["answers"] if answer["due"] >= WARM_UP]
    late = statistics.quantiles([answer["late"] for answer in answers], n=100)[-1]
    return Figures(
        rate, minutes, len(world.people), tuple(_waits(answers)),
        {name: seconds / whole for name, seconds in used.items()}, 1000 * late,
    )  # fmt: skip


def _drive(port: int, plan: Path, site: Site) -> dict:
    command = [sys.executable, "-m", "bench.driver", str(port), str(plan)]
    done = subprocess.run(command, env=site.environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the client failed:\n{done.stderr[-4000:]}")
    return json.loads(done.stdout)


def _world(site: Site, scene: Scene, sessions: int) -> World:
    engine = create_engine(site.url)
    with engine.connect() as ask:
        members = ask.execute(text("SELECT id FROM member ORDER BY id")).scalars().all()
        people = Random("sessions").sample(members, min(sessions, len(members)))
        contents = ask.execute(text(
            "SELECT id, place_id FROM social_content WHERE root_id IS NULL AND audience = 0 AND type = 'post'"
            " ORDER BY id DESC LIMIT 3000"
        )).all()  # fmt: skip
        places = {place for _id, place in contents}
        found = ask.execute(
            text("SELECT id, slug FROM social_place WHERE kind = 'group' AND access = 'open'")
        )
        slugs = {id: slug for id, slug in found if id in places}
        belongs: dict[int, list[int]] = {}
        chosen = set(people)
        for person, place in ask.execute(text("SELECT person_id, place_id FROM social_membership")):
            if person in chosen and place in slugs:
                belongs.setdefault(person, []).append(place)
        query = "SELECT handle, family_name FROM person JOIN member ON member.id = person.id LIMIT 2000"
        known = ask.execute(text(query)).all()
    engine.dispose()
    handles, names = [row[0] for row in known], [row[1] or "a" for row in known]
    return World(
        people, [tuple(row) for row in contents], list(slugs.values()), handles, names, belongs, scene
    )


def requests(
    world: World, token: str, *, rate: float, seconds: float, seed: int
) -> Iterator[dict[str, object]]:
    """Decide what is asked when, by whom: so many requests a second in the mean, at random moments."""
    rng = Random(f"load {seed}")
    kinds, shares = list({**READS, **WRITES}), list(accumulate({**READS, **WRITES}.values()))
    writers = [person for person in world.people if person in world.belongs]
    by_place: dict[int, list[int]] = {}
    for content, place in world.contents:
        by_place.setdefault(place, []).append(content)
    due = 0.0
    while (due := due + rng.expovariate(rate)) < seconds:
        kind = rng.choices(kinds, cum_weights=shares)[0]
        person = rng.choice(writers if kind in WRITES else world.people)
        path, form = _what(kind, rng, world, person, by_place)
        line = {
            "due": round(due, 4),
            "name": kind,
            "path": path,
            "cookie": f"parvis={session_of(person)['parvis']}",
        }
        yield {**line, "body": urlencode({**form, "csrf_token": token})} if form is not None else line


def _what(
    kind: str, rng: Random, world: World, person: int, by_place: Mapping[int, list[int]]
) -> tuple[str, dict[str, str] | None]:
    content = world.contents[min(len(world.contents) - 1, int(rng.expovariate(1 / 300)))][0]
    said = {"text": TEXT, "form_key": uuid4().hex}
    match kind:
        case "home":
            return "/", None
        case "home, next part":
            return f"/feed?before={content}", None
        case "content":
            return f"/contents/{content}", None
        case "group":
            return f"/groups/{rng.choice(world.slugs)}", None
        case "notifications":
            return "/notifications", None
        case "profile":
            return f"/people/{rng.choice(world.handles)}", None
        case "typing":
            return f"/people?suggest=1&q={quote(rng.choice(world.names)[: rng.randint(2, 6)])}", None
        case "search":
            return f"/search?q={quote(rng.choice(WORDS))}", None
        case "people":
            return "/people", None
        case "tag":
            return f"/tags/{rng.choice(world.scene.tags)}", None
        case "article":
            return f"/blogs/articles/{world.scene.article}", None
        case "groups":
            return "/groups", None
        case "write: comment":
            return f"/contents/{rng.choice(by_place[rng.choice(world.belongs[person])])}/comment", said
        case "write: post":
            return f"/places/{rng.choice(world.belongs[person])}/post", said
        case "write: reaction":
            there = rng.choice(by_place[rng.choice(world.belongs[person])])
            return f"/contents/{there}/react", {"kind": rng.choice(("like", "support", "insight"))}
        case _:
            return f"/places/{rng.choice(world.scene.lively)[0]}/follow", {}


def _waits(answers: list[dict]) -> Iterator[Waits]:
    def some(name: str, kept: list[dict]) -> Waits:
        waits = sorted(1000 * answer["wait"] for answer in kept)
        p50, p95, p99 = (waits[min(len(waits) - 1, len(waits) * n // 100)] for n in (50, 95, 99))
        return Waits(name, len(kept), p50, p95, p99, sum(_failed(answer) for answer in kept))

    yield some("everything", answers)
    yield some("reading", [answer for answer in answers if answer["name"] in READS])
    yield some("writing", [answer for answer in answers if answer["name"] in WRITES])
    for kind in (*READS, *WRITES):
        if kept := [answer for answer in answers if answer["name"] == kind]:
            yield some(kind, kept)


def _failed(answer: dict) -> bool:
    return answer["status"] != (303 if answer["name"] in WRITES else 200)
