"""What joins machines is there while it is wanted, and nothing of it afterwards, whatever happens."""

import os
import signal
import subprocess
import sys
import time

import pytest
from parvis.testing.services import Missing, find, require, unavailable

from bench import network as module
from bench.network import DATABASE, namespaces, network

pytestmark = pytest.mark.proof

LIVES = """
import subprocess, sys, time
from bench.network import namespaces
with namespaces(1) as joined:
    staying = subprocess.Popen(joined.at(1, ["sleep", "600"]), start_new_session=True)
    print(joined.name, staying.pid, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def joined():
    require("ip")
    try:
        with namespaces(2) as made:
            yield made
    except Missing as missing:
        unavailable(str(missing))


def left(name):
    """Return the namespaces and links of a name."""
    told = [
        subprocess.run([find("ip"), *words], capture_output=True, text=True, check=True).stdout
        for words in (("netns", "list"), ("-o", "link"))
    ]
    return [line for line in "".join(told).splitlines() if name in line]


def answers(joined, machine, host):
    """Tell whether a machine gets through to a host: refused is an answer."""
    script = (
        "import socket, sys; s = socket.socket(); s.settimeout(1); sys.exit(s.connect_ex((sys.argv[1], 9)))"
    )
    command = joined.at(machine, [sys.executable, "-c", script, host])
    return subprocess.run(command, check=False).returncode == 111


def test_a_machine_reaches_people_and_database_by_links_that_can_be_cut(joined):
    assert [answers(joined, 1, host) for host in (joined.host, joined.database)] == [True, True]
    joined.cut(1, DATABASE)
    assert [answers(joined, 1, host) for host in (joined.host, joined.database)] == [True, False]
    assert answers(joined, 2, joined.database)
    joined.join(1)
    assert any(answers(joined, 1, joined.database) for _ in range(5))  # a neighbour is looked for again


def test_nothing_is_left_when_the_block_fails(joined):
    names = []

    def fail():
        with namespaces(1) as other:
            names.append(other.name)
            assert left(other.name)
            raise ZeroDivisionError

    pytest.raises(ZeroDivisionError, fail)
    assert (left(names[0]), len(left(joined.name))) == ([], 2 + 2 + 4)


def test_nothing_is_left_when_who_made_it_is_killed_and_what_ran_there_ends(joined):
    with subprocess.Popen([sys.executable, "-c", LIVES], stdout=subprocess.PIPE, text=True) as process:
        name, staying = process.stdout.readline().split()
        assert (len(left(name)), os.path.exists(f"/proc/{staying}")) == (5, True)
        process.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while left(name) or os.path.exists(f"/proc/{staying}"):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_where_it_cannot_be_made_all_are_on_loopback_and_why_is_told(joined, monkeypatch):
    monkeypatch.setattr(module.secrets, "token_hex", lambda _bytes: "/////")
    with network(2) as other:
        assert (other.name, other.host, other.at(1, ["true"])) == ("", "127.0.0.1", ["true"])
        assert "network namespaces cannot be made: Error: " in other.lacking
        assert "iproute2" in other.lacking
