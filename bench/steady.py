"""Members who read and write by the clock at a site on several machines, and whether all of it is kept."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Engine, create_engine, text

from bench import members, population
from bench.client import Browser
from bench.cluster import Cluster, cluster
from bench.driver import play, read
from bench.members import session_of
from bench.network import network
from bench.population import Scene
from bench.site import Server, Staff, staff

RATE = 25
"""Requests a second, of which one in five is a post in the group of all of them."""
PATIENCE = 60
ACCEPTED = (200, 303)
Answer = dict[str, Any]


@dataclass
class World:
    """Machines, the people who use them, and what is in the database."""

    running: Cluster
    everyone: Staff
    scene: Scene
    engine: Engine
    played: int = 0

    @property
    def servers(self) -> list[Server]:
        """The web server of each machine."""
        return [machine.server for machine in self.running.machines if machine.server is not None]

    @property
    def balancer(self) -> Server:
        """What answers for all of them."""
        return Server(0, self.running.port)

    def ask(self, query: str, **values: object) -> Any:
        """Return one value from the database."""
        with self.engine.connect() as connection:
            return connection.execute(text(query), values).scalar()

    def write(self, server: Server, words: str, number: int = 0) -> int:
        """Post in the liveliest group, as one who belongs there; return the status."""
        with browser(server, session_of(self.scene.writers[number])) as writing:
            form = {"text": words, "form_key": words[:30]}
            return writing.send(f"/places/{self.scene.lively[0][0]}/post", form).status

    def play(self, server: Server, seconds: int, folder: Path) -> list[Answer]:
        """Let members read and write at a server; give the answers, a post's named by the word in it."""
        self.played += 1
        plan = folder / f"plan-{self.played}"
        with browser(self.servers[0], session_of(self.scene.writers[0])) as asking:
            token = asking.token("/account")
        lines = (json.dumps(self._line(number, token)) for number in range(RATE * seconds))
        plan.write_text("\n".join(lines))
        return asyncio.run(play(read(plan, server.port), server.port, server.host))

    def _line(self, number: int, token: str) -> Mapping[str, object]:
        group, slug = self.scene.lively[0]
        person = self.scene.writers[number % len(self.scene.writers)]
        line = {"due": number / RATE, "cookie": f"parvis={session_of(person)['parvis']}", "name": "read"}
        if number % 5:
            return {**line, "path": ("/", f"/groups/{slug}", f"/contents/{self.scene.short}")[number % 3]}
        word = f"kept{number}of{self.played}x"
        form = {"text": word, "form_key": word, "csrf_token": token}
        return {**line, "name": word, "path": f"/places/{group}/post", "body": urlencode(form)}

    def check_kept(self, answers: list[Answer]) -> None:
        """See that each post that was acknowledged is there once, and no other one twice."""
        said = "SELECT count(*) FROM social_content WHERE body_html LIKE :word"
        posts = {answer["name"]: answer["status"] for answer in answers if answer["name"] != "read"}
        there = {word: self.ask(said, word=f"%{word}%") for word in posts}
        acknowledged = [word for word, status in posts.items() if status == 303]
        assert len(acknowledged) > 0.1 * len(answers)
        assert {word: there[word] for word in acknowledged} == dict.fromkeys(acknowledged, 1)
        assert max(there.values()) == 1


def browser(server: Server, cookies: Mapping[str, str] | None = None) -> Browser:
    """Return a browser for a server."""
    return Browser(server.port, cookies, server.host)


def failed(answers: list[Answer]) -> list[tuple[object, ...]]:
    """Return what was asked for in vain: its name, the status, when it was due, and how long it took."""
    return [
        (answer["name"], answer["status"], answer["due"], round(answer["wait"], 1))
        for answer in answers
        if answer["status"] not in ACCEPTED
    ]


def until(found: Callable[[], object], patience: float = PATIENCE) -> float:
    """Wait until something is so; return the seconds that it took."""
    begun = time.monotonic()
    while not found():
        assert time.monotonic() < begun + patience, "waited in vain"
        time.sleep(0.2)
    return time.monotonic() - begun


@contextmanager
def world(folder: Path, *, people: int, posts: int = 2_000, machines: int = 2) -> Iterator[World]:
    """Run a site on several machines, with a company that talks."""
    scenes: list[Scene] = []
    with ExitStack() as stack:
        joined = stack.enter_context(network(machines))
        everyone = stack.enter_context(staff(people, folder, joined.host))
        viewer = everyone.viewer().username

        def fill(url: str) -> None:
            members.populate(url, keep=[viewer])
            scenes.append(population.populate(url, viewer=viewer, posts=posts))

        running = stack.enter_context(cluster(everyone, folder, joined, machines=machines, fill=fill))
        engine = create_engine(running.database, pool_pre_ping=True)
        stack.callback(engine.dispose)
        yield World(running, everyone, scenes[0], engine)
