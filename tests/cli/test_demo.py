"""`make demo`, as a new user meets it: a company, sign-ins that work, and a second start that is quick."""

import re
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
from contextlib import closing, contextmanager
from functools import partial
from html import unescape
from http.cookiejar import CookieJar

import pytest
from parvis.testing.company import company
from parvis.testing.demo import names_of
from parvis.testing.services import free_port
from sqlalchemy import create_engine, text

from bench import evaluation

PATIENCE = 240


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return where the demo of this module lies."""
    return tmp_path_factory.mktemp("demo") / ".demo"


@contextmanager
def demonstration(folder, port, host="127.0.0.1"):
    """Start it in a process group of its own; give the process and what it said until it was ready."""
    command = [sys.executable, "-m", "parvis.testing.demo", "--folder", str(folder)]
    process = subprocess.Popen(
        [*command, "--host", host, "--port", str(port)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # background jobs ignore it
    )  # fmt: skip
    try:
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("Ctrl-C"):
                break
        yield process, "".join(said)
    finally:
        if process.poll() is None:
            process.terminate()
        process.stdout.read()
        process.wait(PATIENCE)
        process.stdout.close()


def group(process):
    listed = subprocess.run(
        ["ps", "-o", "stat=,args=", "-g", str(process.pid)], capture_output=True, text=True, check=False
    )
    return [line for line in listed.stdout.splitlines() if not line.startswith("Z")]


class Browser:
    """Signs in as a person does: the page, its form, and where that leads."""

    def __init__(self, address):
        self.address = address
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path, data=None):
        with closing(self.opener.open(self.address + path, data, timeout=30)) as answer:
            return answer.url.removeprefix(self.address), unescape(answer.read().decode())

    def sign_in(self, username, password):
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get("/login")[1])[1]
        fields = {"username": username, "password": password, "csrf_token": token}
        return self.get("/login", urllib.parse.urlencode(fields).encode())


def scalar(folder, query):
    engine = create_engine(f"sqlite:///{folder / 'parvis.db'}")
    try:
        with engine.connect() as connection:
            return connection.scalar(text(query))
    finally:
        engine.dispose()


@pytest.mark.proof
def test_a_company_to_walk_about_in_at_once_and_again(folder, tmp_path):
    port, known = free_port(), company(420, photos=False)
    with demonstration(folder, port) as (process, said):
        pairs = re.findall(r"^Sign in: (\S+) / (\S+)$", said, re.MULTILINE)
        named = (known.newcomer, known.group_owner, known.community_manager)
        assert pairs == [(person.username, person.password) for person in named]
        browsers = [Browser(f"http://127.0.0.1:{port}") for _ in pairs]
        arrived = [browser.sign_in(*pair)[0] for browser, pair in zip(browsers, pairs, strict=True)]
        assert arrived == ["/charter/accept", "/", "/"]
        _where, page = browsers[2].get("/people?q=helene+muller")
        assert known.group_owner.name in page
        handle = scalar(folder, f"SELECT handle FROM person WHERE username = '{pairs[2][0]}'")
        _where, page = browsers[1].get(f"/people/{handle}")
        assert known.community_manager.name in page
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert group(process) == []
    assert scalar(folder, "SELECT count(*) FROM person WHERE present") == 419
    assert scalar(folder, "SELECT count(*) FROM profile_photo") >= 60
    assert scalar(folder, "SELECT count(*) FROM person WHERE directory_photo_key IS NOT NULL") >= 15
    most = "SELECT max(n) FROM (SELECT count(*) AS n FROM profile_photo GROUP BY person_id) AS t"
    assert scalar(folder, most) >= 3
    runs = "SELECT count(*) FROM directory_run"
    before = scalar(folder, runs)
    with demonstration(folder, port) as (process, again):
        assert re.findall(r"^Sign in: (\S+) / (\S+)$", again, re.MULTILINE) == pairs
        assert Browser(f"http://127.0.0.1:{port}").sign_in(*pairs[1])[0] == "/"
        assert "Reading everybody" not in again
        assert scalar(folder, runs) == before
        with demonstration(tmp_path / "other", port) as (second, refused):
            assert second.wait(60) == 1
        assert refused.startswith(
            f"demo: cannot listen on 127.0.0.1, port {port}: another program listens there"
        )
        process.terminate()
        assert process.wait(60) == 0
        assert group(process) == []


@pytest.mark.proof
@pytest.mark.parametrize("engine", evaluation.ENGINES)
def test_the_search_of_the_company_finds_first_what_should_come_first(folder, engine):
    """The floor is a little below what was measured when it was set; the goals are 0.80 and 0.85."""
    evaluation.found_demo(folder)
    assert evaluation.strangers(folder) == []
    assert evaluation.judge(folder, engine).mean() > 0.92


def test_a_machine_on_a_network_is_known_by_its_names():
    assert names_of("127.0.0.1") == ["127.0.0.1", "localhost"]
    assert "10.1.2.3" in names_of("10.1.2.3")
    outward = names_of("0.0.0.0")
    assert {"127.0.0.1", "localhost"} < set(outward)
    assert "0.0.0.0" not in outward
