"""A machine whose cables are pulled, all of them or those of the database alone (`bench/network.py`)."""

import re
import subprocess
import sys
import time
from contextlib import contextmanager
from threading import Timer

import pytest
from parvis.testing.services import require, unavailable

from bench.members import session_of
from bench.network import DATABASE, network
from bench.steady import RATE, browser, failed, until, world

pytestmark = pytest.mark.proof

PEOPLE, SECONDS, CUT, LONG = 300, 30, 10, 35
"""The longest cut is longer than a job that fails is tried again."""
WAIT = 10.0
"""Seconds that nobody waits longer."""
HOLD = """
import sys, time
from parvis.application.factory import create_app, load
from parvis.db import db, writing
from sqlalchemy import text
with create_app(*load(sys.argv[1])).app_context(), writing():
    db.session.execute(text("SELECT id FROM social_place WHERE id = :id FOR UPDATE"), {"id": sys.argv[2]})
    db.session.execute(text("SELECT pg_current_xact_id()"))
    print("held", flush=True)
    time.sleep(600)
"""
ENQUEUE = """
import sys
from parvis.application.factory import create_app, load
from parvis.jobs import enqueue
with create_app(*load(sys.argv[1])).app_context():
    enqueue(sys.argv[2])
"""
FOLLOWED = "SELECT max(c.event_id) >= max(e.id) FROM event e, event_cursor c WHERE c.follower = 'social'"
JOBS = "FROM dbos.workflow_status WHERE name = 'core:forget' AND status = :status"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Give two machines, each in a network namespace."""
    for name in ("slapd", "postgresql", "haproxy", "moto_server", "ip"):
        require(name)
    with network(1) as tried:
        if tried.lacking:
            unavailable(tried.lacking)
    folder = tmp_path_factory.mktemp("machines")
    with world(folder, people=PEOPLE) as made:
        until(lambda: made.ask(FOLLOWED))  # what came with the people, which takes a core for some seconds
        made.play(made.balancer, 3, folder)
        yield made


@contextmanager
def cut(site, number, *links):
    """Pull cables of a machine while the block runs."""
    site.running.joined.cut(number, *links)
    try:
        yield
    finally:
        site.running.joined.join(number, *links)


def ready(server):
    """Return the status of /readyz; 0 where it cannot be asked."""
    with browser(server) as asking:
        asking.connection.timeout = WAIT
        try:
            return asking.get("/readyz").status
        except OSError:
            return 0


@contextmanager
def running(site, number, script, *arguments):
    """Run Python on a machine, with its configuration."""
    machine = site.running.machines[number - 1]
    command = [sys.executable, "-c", script, str(machine.site.configuration()), *map(str, arguments)]
    command = site.running.joined.at(number, command)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def play_while_cut(site, folder, *links):
    """Let members read and write while a machine is cut off for a while; give the answers."""
    begin = Timer(SECONDS / 4, site.running.joined.cut, (2, *links))
    end = Timer(SECONDS / 4 + CUT, site.running.joined.join, (2, *links))
    begin.start()
    end.start()
    try:
        return site.play(site.balancer, SECONDS, folder)
    finally:
        end.join()


def check_well_again(site, answers):
    """See that nobody waited for long, that all is kept, and that the balancer knew of it and forgot it."""
    assert len(answers) == RATE * SECONDS
    assert max(answer["wait"] for answer in answers if answer["due"] > SECONDS / 6) < WAIT + 5
    site.check_kept(answers)
    until(lambda: ready(site.servers[1]) == 200, WAIT)
    until(lambda: states(site)[-2:] == ["DOWN", "UP"], WAIT)


def states(site):
    """Return what the balancer has said of the second machine."""
    return re.findall(r"machines/machine-2 is (DOWN|UP)", site.running.log.read_text())


def test_a_machine_that_is_cut_off_under_load_loses_nothing_acknowledged_and_fails_few(site, tmp_path):
    answers = play_while_cut(site, tmp_path)
    check_well_again(site, answers)
    assert len(failed(answers)) < 0.01 * len(answers), failed(answers)


def test_so_does_one_that_loses_its_database_alone(site, tmp_path):
    answers = play_while_cut(site, tmp_path, DATABASE)
    check_well_again(site, answers)
    assert {status for _name, status, *_rest in failed(answers)} <= {503}
    assert "read" not in {name for name, *_rest in failed(answers)}
    assert len(failed(answers)) < 0.02 * len(answers), failed(answers)


def test_a_machine_without_its_database_says_so_in_time_and_recovers_by_itself(site):
    server = site.servers[1]
    with cut(site, 2, DATABASE):
        assert ready(server) == 503
        with browser(server, session_of(site.scene.writers[0])) as reading:
            answer = reading.get("/people")
        assert (answer.status, answer.seconds < WAIT) == (503, True)
        assert b"What was saved before is safe" in answer.body
    assert until(lambda: ready(server) == 200, WAIT) < WAIT


def test_who_is_cut_off_in_the_middle_of_a_transaction_holds_nobody_up(site):
    with running(site, 2, HOLD, site.scene.lively[0][0]) as holding:
        assert any(line == "held\n" for line in holding.stdout)
        with cut(site, 2):
            begun = time.monotonic()
            assert site.write(site.servers[0], "The ebbtidegate is open") == 303
            assert time.monotonic() - begun < WAIT
            until(lambda: site.ask(FOLLOWED), 2 * WAIT)
    until(lambda: ready(site.servers[1]) == 200, WAIT)


def test_while_a_machine_is_cut_off_the_other_does_the_work_of_both(site):
    person = site.scene.writers[2]
    handle = site.ask("SELECT handle FROM person WHERE id = :person", person=person)
    with cut(site, 2):
        done = site.ask(f"SELECT count(*) {JOBS}", status="SUCCESS")
        enqueue(site)
        assert site.write(site.servers[0], f"Look at the sluice, @{handle}") == 303
        content = site.ask("SELECT max(id) FROM social_content")
        told = "SELECT count(*) FROM social_notification WHERE person_id = :person AND content_id = :content"
        until(lambda: site.ask(told, person=person, content=content))
        until(lambda: site.ask(f"SELECT count(*) {JOBS}", status="SUCCESS") > done)
    until(lambda: ready(site.servers[1]) == 200, WAIT)


def enqueue(site):
    with running(site, 1, ENQUEUE, "core:forget") as asking:
        assert asking.wait(60) == 0


def test_what_a_worker_was_at_when_it_lost_its_database_is_done_once_that_is_back(site):
    old = "SELECT digest FROM member_session ORDER BY member_id DESC LIMIT 1"
    digest = site.ask(old)
    with site.engine.begin() as writing:
        writing.exec_driver_sql(
            "UPDATE member_session SET created_at = created_at - interval '1 year' WHERE digest = %s",
            (digest,),
        )
    with site.engine.connect() as holding:
        holding.exec_driver_sql("SELECT 1 FROM member_session WHERE digest = %s FOR UPDATE", (digest,))
        done = site.ask(f"SELECT count(*) {JOBS}", status="SUCCESS")
        enqueue(site)
        until(lambda: site.ask(f"SELECT count(*) {JOBS}", status="PENDING"))
        time.sleep(3)  # it waits for the row
        worker = site.ask(f"SELECT executor_id {JOBS}", status="PENDING")
        with cut(site, int(worker[-1]), DATABASE):
            holding.rollback()
            time.sleep(LONG)
            assert site.ask(f"SELECT executor_id {JOBS}", status="PENDING") == worker
    until(lambda: site.ask(f"SELECT count(*) {JOBS}", status="SUCCESS") > done)
    assert site.ask(f"SELECT count(*) {JOBS}", status="ERROR") == 0
    assert site.ask("SELECT count(*) FROM member_session WHERE digest = :digest", digest=digest) == 0
