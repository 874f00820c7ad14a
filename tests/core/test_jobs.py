"""Jobs: whatever happens to the worker, each runs, at least once; and its processes, started for real."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from parvis.db import db
from parvis.events import Event, record
from parvis.jobs import declared_jobs, disconnect, enqueue
from parvis.worker import Worker, forget_finished, prepare_jobs

PROBE = Path(__file__).parent / "probe"
sys.path.insert(0, str(PROBE))
from parvis_probe import ProbePlugin, traces  # noqa: E402 - found by the line above

pytestmark = pytest.mark.plugins(probe=ProbePlugin)
on_postgresql = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
PATIENCE = 60


@dataclass
class Site:
    """Where workers are started: `parvis worker`, with the plugin installed as plugins are."""

    folder: Path

    @contextmanager
    def worker(self, name="first"):
        log = (self.folder / f"{name}.log").open("a")
        config = self.folder / f"{name}.toml"
        config.write_text((self.folder / "parvis.toml").read_text() + f'[jobs]\nworker_name = "{name}"\n')
        command = [sys.executable, "-m", "parvis.cli", "--config", str(config), "worker"]
        process = subprocess.Popen(command, stderr=log)
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            log.close()


@pytest.fixture
def site(app, tmp_path, monkeypatch):
    """Install the plugin for other processes: a folder on the path with what a wheel would leave there."""
    installed = tmp_path / "installed" / "parvis_probe-1.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: parvis-probe\nVersion: 1\n")
    (installed / "entry_points.txt").write_text("[parvis.plugins]\nprobe = parvis_probe:ProbePlugin\n")
    path = [str(PROBE), str(installed.parent), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, path)))
    monkeypatch.setenv("PROBE_FILE", str(tmp_path / "traces"))
    prepare_jobs()
    yield Site(tmp_path)
    disconnect()


def until(condition, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain; there is {traces()[-20:]}"
        time.sleep(0.1)


def traced(*words):
    return [line for line in traces() if line.startswith(words)]


@pytest.mark.both_databases
def test_a_job_enqueued_by_the_web_process_runs_in_the_worker_which_gives_way(site):
    enqueue("probe:say", "hello")
    with site.worker() as worker:
        until(lambda: traced("said"))
        given_way = os.getpriority(os.PRIO_PROCESS, worker.pid) - os.getpriority(os.PRIO_PROCESS, 0)
    assert traced("said") == [f"said hello by {worker.pid}"]
    assert given_way == 5, "people who wait for a page do not come first"


@pytest.mark.proof
@pytest.mark.both_databases
def test_a_job_whose_worker_was_killed_runs_again_after_the_next_start(site):
    enqueue("probe:dawdle", 300.0)
    with site.worker() as worker:
        until(lambda: traced("dawdling"))
        worker.send_signal(signal.SIGKILL)
        worker.wait(PATIENCE)
    assert traced("arrived") == []
    with site.worker():
        until(lambda: traced("arrived"))
    assert traced("dawdling", "arrived") == ["dawdling", "dawdling", "arrived"]


@pytest.mark.proof
def test_a_stopped_worker_ends_soon_though_a_job_of_it_still_runs(site):
    enqueue("probe:dawdle", 300.0)
    with site.worker() as worker:
        until(lambda: traced("dawdling"))
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(25) == 0
    assert traced("arrived") == []


@pytest.mark.proof  # it waits for the pauses between
def test_a_failing_job_is_tried_again(site):
    enqueue("probe:stumble", 2)
    with site.worker():
        until(lambda: traced("done"))
    assert traced("stumbling", "done") == ["stumbling"] * 3 + ["done"]


@pytest.mark.proof
@on_postgresql
def test_two_workers_share_the_jobs_and_run_each_once_and_each_schedule_once(site):
    numbers = count()

    def both_work():  # one of them may have been here long before the other
        enqueue("probe:say", f"job{next(numbers)}")
        return {line.split()[3] for line in traced("said")} == {str(one.pid), str(two.pid)}

    with site.worker("first") as one, site.worker("second") as two:
        until(both_work)
        enqueued = {f"job{number}" for number in range(next(numbers))}
        until(lambda: len(traced("said")) >= len(enqueued) and traced("tick"))
        begun, ticks = time.monotonic(), len(traced("tick"))
        time.sleep(5)
        ticked, seconds = len(traced("tick")) - ticks, time.monotonic() - begun
    assert Counter(line.split()[1] for line in traced("said")) == Counter(enqueued)
    assert 1 <= ticked <= seconds + 3, "each second ticked for every worker"


@dataclass(frozen=True, kw_only=True)
class Rung(Event):
    """A bell was rung."""

    kind = "test.rung"


@pytest.mark.proof
def test_the_worker_leads_the_followers_of_the_event_log(site):
    record(Rung(actor=1))
    db.session.commit()
    with site.worker():
        until(lambda: traced("event"))
    assert traced("event") == ["event test.rung"]


@pytest.mark.proof
def test_a_job_of_a_plugin_that_is_out_of_use_keeps_nobody_from_working(site, tmp_path):
    enqueue("probe:say", "early")
    plugged = (tmp_path / "parvis.toml").read_text()
    (tmp_path / "parvis.toml").write_text(plugged.replace('enabled = ["probe"]', "enabled = []"))
    with site.worker() as worker:
        time.sleep(4)
        assert worker.poll() is None
    (tmp_path / "parvis.toml").write_text(plugged)
    enqueue("probe:say", "late")
    with site.worker():
        until(lambda: any("late" in line for line in traced("said")))


@pytest.mark.proof
def test_a_worker_waits_for_a_database_that_does_not_answer_yet(site, tmp_path):
    config = (tmp_path / "parvis.toml").read_text()
    elsewhere = f'[jobs]\nurl = "sqlite:///{tmp_path}/not-mounted-yet/jobs.db"\nworker_name = "first"\n'
    (tmp_path / "waiting.toml").write_text(config + elsewhere)
    command = [sys.executable, "-m", "parvis.cli", "--config", str(tmp_path / "waiting.toml"), "worker"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as worker:
        line = next(line for line in worker.stderr if "database_unavailable" in line)
        assert "unable to open database file" in line
        (tmp_path / "not-mounted-yet").mkdir()
        until(lambda: traced("tick"))
        worker.send_signal(signal.SIGTERM)
        assert "Traceback" not in worker.stderr.read()
    assert worker.returncode == 0


def test_what_is_enqueued_is_kept_as_plain_json(site, tmp_path):
    enqueue("probe:say", "é", 3, None, True)
    with sqlite3.connect(tmp_path / "parvis-jobs.db") as jobs:
        (kept,) = jobs.execute("SELECT inputs FROM workflow_input").fetchone()
    jobs.close()
    assert json.loads(kept)["positionalArgs"] == ["é", 3, None, True]


def test_a_job_that_nobody_declares_cannot_be_enqueued(app):
    with pytest.raises(LookupError, match="no plugin declares the job 'probe:sing'"):
        enqueue("probe:sing")


def test_a_job_without_its_plugins_name_is_refused_alone(app):
    own = {name for name in declared_jobs() if not name.startswith("core:")}
    assert own == {"probe:say", "probe:stumble", "probe:dawdle", "probe:tick"}


@pytest.mark.proof
def test_jobs_that_were_over_long_ago_are_forgotten(site, app, monkeypatch):
    from dbos import DBOS  # noqa: PLC0415 - heavy, and wanted only here

    monkeypatch.setattr("parvis.worker.KEPT", timedelta(days=-1))
    enqueue("probe:say", "over")
    worker = Worker(app)
    with worker.running():
        until(lambda: traced("said"))
        until(lambda: not DBOS.list_workflows(status=["PENDING"], name="probe:say"))
        forget_finished()
        assert DBOS.list_workflows(name="probe:say") == []
    DBOS.destroy(destroy_registry=True)
