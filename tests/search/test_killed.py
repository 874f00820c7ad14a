"""A writer that is killed at any moment leaves an index that opens or heals, with nothing missing."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from parvis.db import db
from parvis.directory.event import PersonAdded
from parvis.events import record
from parvis.search.finder import find

KILLS = 60
WRITER = """
import sys
from threading import Event
from parvis.application.factory import create_app, load
from parvis.search import indexer

indexer.EVENTS, indexer.POLL_SECONDS = 3, 0.001
app = create_app(*load(sys.argv[1]), safe_mode=True)
print("ready", flush=True)
indexer.keep_index(app, Event())
"""
ENGINES = [
    pytest.param(engine, marks=pytest.mark.settings(search={"engine": engine}))
    for engine in ("whoosh", "tantivy")
]


@pytest.mark.proof
@pytest.mark.parametrize("engine", ENGINES)
def test_sixty_writers_are_killed_while_they_commit_and_nothing_is_missing(
    engine, config, member, people, index
):
    chance, count = random.Random(11), 0
    for kill in range(KILLS):
        for number in range(12):
            person = people.person(f"Zanzibar Number{kill}x{number}")
            record(PersonAdded(person=person.id))
            count += 1
        db.session.commit()
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(config.path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as writer:
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0.0, 0.15))
            os.kill(writer.pid, signal.SIGKILL)
    index()
    assert find(member, "zanzibar").total == count
