"""The mixed load: requests begin by the clock, and are those that were meant."""

import asyncio
import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from bench.driver import play, read
from bench.mixed import READS, WRITES, World, requests


class Slow(BaseHTTPRequestHandler):
    """Takes three tenths of a second for each answer, one after another; refuses what is sent by a form."""

    def do_GET(self):
        time.sleep(0.3)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def do_POST(self):
        self.send_error(403)

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def slow():
    with HTTPServer(("127.0.0.1", 0), Slow) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_waiting_counts_from_when_a_request_was_due_not_from_when_it_could_begin(slow, tmp_path):
    lines = [{"due": 0.01 * n, "name": "home", "path": "/", "cookie": "a=b"} for n in range(5)]
    lines.append({"due": 0.06, "name": "write", "path": "/", "cookie": "a=b", "body": "text=x"})
    (tmp_path / "plan").write_text("".join(json.dumps(line) + "\n" for line in lines))
    with ThreadPoolExecutor() as apart:  # Playwright may have left an event loop in this thread
        answers = apart.submit(lambda: asyncio.run(play(read(tmp_path / "plan", slow), slow))).result()
    assert Counter((answer["name"], answer["status"]) for answer in answers) == {
        ("home", 200): 5,
        ("write", 403): 1,
    }
    last = max(answer["wait"] for answer in answers if answer["name"] == "home")
    assert (last > 1.1, max(answer["late"] for answer in answers) < 1) == (True, True)


def test_requests_come_at_the_rate_and_in_the_shares_that_were_meant():
    scene = type("Scene", (), {"tags": ("a",), "article": 9, "lively": ((1, "group-1"),)})
    world = World(
        list(range(200)), [(7, 1), (8, 1)], ["group-1"], ["ada"], ["Byron"], {5: [1], 6: [1]}, scene
    )
    made = list(requests(world, "token", rate=150, seconds=60, seed=1))
    share = Counter(line["name"] for line in made)
    assert 8_600 < len(made) < 9_400
    assert sum(READS.values()) + sum(WRITES.values()) == 100
    assert set(share) == {*READS, *WRITES}
    assert {line["cookie"] for line in made if "body" in line} == {"parvis=s.5", "parvis=s.6"}
