"""`parvis serve`, started for real: several processes, one site, and nothing left behind."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest
from parvis.testing.plugin import make_config
from parvis.testing.services import free_port

PATIENCE = 60
both_signals = pytest.mark.parametrize(
    "number", [pytest.param(signal.SIGINT, marks=pytest.mark.proof), signal.SIGTERM]
)


@contextmanager
def serving(folder, *options, port=None):
    """Run the command in a process group of its own; give the process and its address."""
    port = port or free_port()
    command = [sys.executable, "-m", "parvis.cli", "--config", str(folder / "parvis.toml")]
    log = (folder / "serve.log").open("a")
    process = subprocess.Popen(
        [*command, "serve", "--port", str(port), *options], stdout=log, stderr=log, start_new_session=True
    )
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        log.close()
        if group(process):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)


def group(process):
    """Return the processes of a group that still live."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,stat=,args=", "-g", str(process.pid)], capture_output=True, text=True, check=False
    )
    return [line for line in listed.stdout.splitlines() if " Z" not in line]


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""


def until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def answers(address):
    return get(f"{address}/healthz")[0] == 200


@pytest.fixture
def folder(app, tmp_path):
    """Give the folder of a site whose tables are there."""
    return tmp_path


COUNT = re.compile(r'^parvis_requests_total{endpoint="status.healthz".* (\S+)$', re.MULTILINE)


def counted(address):
    return sum(float(number) for number in COUNT.findall(get(f"{address}/metrics")[1]))


@pytest.mark.proof
def test_requests_are_counted_over_all_processes(folder):
    with serving(folder) as (process, address):
        until(lambda: answers(address))
        workers = [line for line in group(process) if line.split()[0] != str(process.pid)]
        assert len(workers) >= 2
        before = counted(address)
        for _ in range(30):
            assert answers(address)
        assert {counted(address) for _ in range(10)} == {before + 30}


@both_signals
def test_a_signal_ends_web_processes_and_worker(folder, number):
    with serving(folder, "--with-worker") as (process, address):
        until(lambda: answers(address))
        until(lambda: "worker_ready" in (folder / "serve.log").read_text())
        process.send_signal(number)
        assert process.wait(25) == 0
        assert group(process) == []


@pytest.mark.proof
def test_ctrl_c_in_a_terminal_reaches_all_at_once_and_ends_all(folder):
    with serving(folder, "--with-worker") as (process, address):
        until(lambda: answers(address))
        until(lambda: sum("worker" in line for line in group(process)) == 1)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(25) == 0
        assert group(process) == []
        assert "Traceback" not in (folder / "serve.log").read_text()


@pytest.mark.proof
def test_a_worker_beside_ends_when_the_server_is_killed(folder):
    with serving(folder, "--with-worker") as (process, address):
        until(lambda: answers(address))
        until(lambda: sum("worker" in line for line in group(process)) == 1)
        process.kill()
        until(lambda: not [line for line in group(process) if "worker" in line])


@pytest.mark.proof
def test_a_web_process_that_dies_is_replaced(folder):
    with serving(folder) as (process, address):
        until(lambda: answers(address))
        time.sleep(6)  # one that dies sooner counts as a crash at start
        victim = next(line.split()[0] for line in group(process) if line.split()[0] != str(process.pid))
        os.kill(int(victim), signal.SIGKILL)
        until(lambda: victim not in " ".join(group(process)))
        until(lambda: len(group(process)) >= 3)
        assert all(answers(address) for _ in range(20))


def test_a_port_that_is_taken_is_a_sentence(folder):
    with serving(folder) as (_process, address):
        until(lambda: answers(address))
        port = int(address.rpartition(":")[2])
        with serving(folder, port=port) as (second, _address):
            assert second.wait(PATIENCE) == 1
    said = (folder / "serve.log").read_text()
    assert (
        f"parvis: cannot listen on 127.0.0.1, port {port}: another program listens there; stop it, or" in said
    )
    assert "Traceback" not in said


def test_the_tables_can_be_made_at_the_start(tmp_path):
    make_config(tmp_path, f"sqlite:///{tmp_path / 'new.db'}")
    with serving(tmp_path, "--upgrade") as (_process, address):
        until(lambda: get(f"{address}/readyz")[0] == 200)


@pytest.mark.proof
def test_a_database_that_comes_later_is_found_without_a_restart(folder):
    (folder / "parvis.db").rename(folder / "away.db")
    (folder / "mount").mkdir()
    make_config(folder, f"sqlite:///{folder / 'mount' / 'parvis.db'}")
    (folder / "mount").rmdir()
    with serving(folder) as (_process, address):
        until(lambda: answers(address))
        assert get(f"{address}/readyz")[0] == 503
        (folder / "mount").mkdir()
        (folder / "away.db").rename(folder / "mount" / "parvis.db")
        until(lambda: get(f"{address}/readyz")[0] == 200)
    assert "the database does not answer yet" in (folder / "serve.log").read_text()
