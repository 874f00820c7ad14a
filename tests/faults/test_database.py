"""The database refuses, is full, stands still: a sentence in time, nothing half done, and on it goes."""

import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psycopg
import pytest
from parvis.api import db
from parvis.testing.plugin import make_config
from parvis.testing.services import create_database
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import Content
from parvis_social.plugin import SocialPlugin
from sqlalchemy import event, text
from sqlalchemy.engine import make_url

pytestmark = [pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin), pytest.mark.proof]

FORM = {"text": "Hello", "form_key": "one"}
REFUSALS = {
    "disk_full": "53100",
    "out_of_memory": "53200",
    "deadlock_detected": "40P01",
    "serialization_failure": "40001",
    "query_canceled": "57014",
    "admin_shutdown": "57P01",
    "read_only_sql_transaction": "25006",  # what a primary says that has become a standby
}
WAIT = 10.0
"""Seconds that nobody waits longer."""


def contents():
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).select_from(Content))


def refused(client, address):
    """Send the form and see that it is refused with a sentence; the pages are read on."""
    answer = client.post(address, data=FORM)
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "10")
    assert "What was saved before is safe" in answer.text
    assert client.get("/groups/photo").status_code == 200


def taken_once(client, address):
    """Send the form again, twice: it is published once."""
    return [client.post(address, data=FORM).status_code for _ in range(2)]


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
@pytest.mark.parametrize("code", REFUSALS.values(), ids=REFUSALS)
def test_what_postgresql_refuses_is_told_and_taken_afterwards(member_client, member, make_group, code):
    address = f"/places/{make_group('Photo', member).place_id}/post"
    db.session.execute(text(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$"
    ))  # fmt: skip
    db.session.execute(text(
        "CREATE TRIGGER refusing BEFORE INSERT ON social_content FOR EACH ROW EXECUTE FUNCTION refuse()"
    ))  # fmt: skip
    db.session.commit()
    refused(member_client, address)
    assert contents() == 0
    db.session.execute(text("DROP TRIGGER refusing ON social_content"))
    db.session.commit()
    assert (taken_once(member_client, address), contents()) == ([303, 303], 1)


def test_while_the_disk_of_sqlite_is_full_pages_are_read_and_writes_say_so(member_client, member, make_group):
    address = f"/places/{make_group('Photo', member).place_id}/post"
    pages = db.session.scalar(text("PRAGMA page_count"))

    def fill(connection, _record):
        connection.execute(f"PRAGMA max_page_count = {pages}")

    def renew():
        db.session.remove()
        db.engine.dispose()

    event.listen(db.engine, "connect", fill)
    renew()
    for number in range(50):
        form = {"text": "x " * 4_000, "form_key": f"n{number}"}
        answer = member_client.post(address, data=form)
        if answer.status_code != 303:
            break
    assert (answer.status_code, "What was saved before is safe" in answer.text) == (503, True)
    assert (member_client.get("/groups/photo").status_code, contents()) == (200, number)
    event.remove(db.engine, "connect", fill)
    renew()
    assert (member_client.post(address, data=form).status_code, contents()) == (303, number + 1)


@pytest.mark.settings(database={"timeout": 1})
@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_who_finds_no_connection_is_told_in_time_and_the_next_gets_one(member_client, member, make_group):
    make_group("Photo", member)
    db.session.remove()
    pool = db.engine.pool
    held = [db.engine.connect() for _ in range(pool.size() + pool._max_overflow)]
    begun = time.monotonic()
    answer = member_client.get("/groups/photo")
    assert (answer.status_code, time.monotonic() - begun < WAIT) == (503, True)
    for connection in held:
        connection.close()
    assert member_client.get("/groups/photo").status_code == 200


@pytest.fixture
def freeze(database_url):
    """Return what lets the servers of PostgreSQL that know this database stand still, and what wakes them."""
    plain = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)

    def stand(number):
        for pid in pids:
            with suppress(ProcessLookupError):  # once awake, it ends with the connection that was given up
                os.kill(pid, number)

    with psycopg.connect(plain) as connection:
        query = (
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        pids = []

        def begin():
            pids[:] = [row[0] for row in connection.execute(query)]
            assert pids
            stand(signal.SIGSTOP)

        yield begin, lambda: stand(signal.SIGCONT)
        stand(signal.SIGCONT)


@pytest.mark.settings(database={"timeout": 2})
@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_database_that_stands_still_costs_a_bounded_time(member_client, member, make_group, freeze):
    make_group("Photo", member)
    assert member_client.get("/groups/photo").status_code == 200
    begin, end = freeze
    begin()
    with ThreadPoolExecutor(1) as apart:
        begun, asked = time.monotonic(), apart.submit(lambda: member_client.get("/groups/photo").status_code)
        try:
            status = asked.result(timeout=WAIT + 5)
        finally:
            end()
    assert (status, time.monotonic() - begun < WAIT) == (503, True)
    assert member_client.get("/groups/photo").status_code == 200


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
def test_an_upgrade_that_is_killed_is_done_by_the_next(database_kind, tmp_path, request):
    url = (
        f"sqlite:///{tmp_path / 'empty.db'}" if database_kind == "sqlite"
        else create_database(request.getfixturevalue("postgresql_server"))
    )  # fmt: skip
    make_config(tmp_path, url, {}, {"social": SocialPlugin, "groups": GroupsPlugin})
    command = [sys.executable, "-m", "parvis.cli", "--config", str(tmp_path / "parvis.toml"), "db", "upgrade"]
    chance, killed, begun = random.Random(9), 0, time.monotonic()
    subprocess.run([*command[:-1], "--help"], capture_output=True, check=True)
    loading = time.monotonic() - begun
    for _ in range(5):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(loading * chance.uniform(1, 3))
        killed += running.poll() is None
        running.kill()
        running.wait()
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    again = subprocess.run(
        [*command[:-1], "current"], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr, killed > 2) == (0, "", True), time.monotonic() - begun
    assert again.returncode == 0, again.stdout
