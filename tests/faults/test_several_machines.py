"""Two machines behind a balancer are one site; one of them may die at any moment (`bench/cluster.py`)."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from threading import Timer

import pytest
from parvis.testing.services import find, require
from PIL import Image

from bench.members import session_of
from bench.steady import RATE, browser, failed, until, world

pytestmark = pytest.mark.proof

PEOPLE, SECONDS = 300, 24
RESTARTED = []
"""Processes of PostgreSQL, which are nobody's children any more."""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Give two machines, the people who use them, and the database."""
    for name in ("slapd", "postgresql", "haproxy", "moto_server"):
        require(name)
    with world(tmp_path_factory.mktemp("machines"), people=PEOPLE) as made:
        yield made
    for server in RESTARTED:
        with suppress(ProcessLookupError):
            os.kill(server, signal.SIGINT)


@pytest.fixture
def first(site):
    return site.servers[0]


@pytest.fixture
def second(site):
    return site.servers[1]


def test_who_signs_in_at_one_machine_is_signed_in_at_the_other_and_signs_out_of_both(site, first, second):
    viewer = site.everyone.viewer()
    with browser(first) as here:
        assert here.sign_in(viewer.username, viewer.password).status == 303
        with browser(second, here.cookies) as there:
            assert there.get("/account").status == 200
            assert there.post("/logout", {"csrf_token": there.token("/account")}).status == 303
        assert here.get("/account").status == 303


def test_a_photo_sent_to_one_machine_is_shown_by_the_other(site, first, second):
    out = BytesIO()
    Image.new("RGB", (80, 60), "red").save(out, "JPEG")
    person = site.scene.writers[1]
    with browser(first, session_of(person)) as here:
        parts = [("csrf_token", "", here.token("/account").encode()), ("photo", "me.jpg", out.getvalue())]
        body = b"".join(
            f'--x\r\nContent-Disposition: form-data; name="{name}"'.encode()
            + (f'; filename="{file}"\r\nContent-Type: image/jpeg'.encode() if file else b"")
            + b"\r\n\r\n" + value + b"\r\n"
            for name, file, value in parts
        )  # fmt: skip
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        assert here._ask("POST", "/profile/photos", headers, body + b"--x--\r\n").status == 303
    photo = site.ask("SELECT max(id) FROM profile_photo WHERE person_id = :person", person=person)
    for server in (first, second):
        with browser(server, session_of(person)) as there:
            answer = there.get(f"/photos/{photo}/large.jpg")
            assert (answer.status, answer.body[:3]) == (200, b"\xff\xd8\xff")


def test_wrong_passwords_are_counted_over_all_machines(site, first, second):
    person = site.everyone.company.people[-1]
    with browser(first) as here, browser(second) as there:
        statuses = [(here, there)[n % 2].sign_in(person.username, "wrong").status for n in range(10)]
        assert 429 not in statuses
        again = [each.sign_in(person.username, person.password).status for each in (here, there)]
    assert again == [429, 429]


def test_what_is_written_at_one_machine_is_found_at_both(site, first, second):
    assert site.write(first, "The zanzibarquay is open again") == 303
    for server in (first, second):
        with browser(server, session_of(site.scene.cast["median"])) as reader:
            until(lambda reader=reader: b"zanzibarquay</mark>" in reader.get("/search?q=zanzibarquay").body)


def test_who_is_mentioned_is_told_once_however_many_workers_there_are(site, second):
    person = site.scene.writers[2]
    handle = site.ask("SELECT handle FROM person WHERE id = :person", person=person)
    told = "SELECT count(*) FROM social_notification WHERE person_id = :person AND content_id = :content"
    assert site.write(second, f"Look at the tide, @{handle}") == 303
    content = site.ask("SELECT max(id) FROM social_content")
    until(lambda: site.ask(told, person=person, content=content))
    time.sleep(3)
    assert site.ask(told, person=person, content=content) == 1


def test_an_index_that_is_deleted_is_made_anew_while_the_site_answers(site, first):
    assert site.write(first, "The yellowjetty is painted") == 303
    with browser(first, session_of(site.scene.cast["median"])) as reader:

        def found():
            answer = reader.get("/search?q=yellowjetty")
            assert answer.status == 200
            return b"yellowjetty</mark>" in answer.body

        until(found)
        shutil.rmtree(site.running.machines[0].site.folder / "search")
        found()
        assert site.write(first, "Another yellowjetty") == 303
        until(found)


def test_while_the_directory_is_silent_nobody_inside_notices_and_who_signs_in_is_told_in_time(site, first):
    person = site.everyone.company.people[-2]
    with browser(first, session_of(site.scene.writers[3])) as inside, browser(first) as outside:
        os.kill(site.everyone.process, signal.SIGSTOP)
        try:
            refused = outside.sign_in(person.username, person.password)
            pages = [inside.get(path) for path in ("/", "/people", "/account")]
        finally:
            os.kill(site.everyone.process, signal.SIGCONT)
        assert (b"directory" in refused.body, refused.seconds < 10) == (True, True)
        assert [(page.status, page.seconds < 5) for page in pages] == [(200, True)] * 3
        until(lambda: outside.sign_in(person.username, person.password).status == 303)


def test_a_database_that_is_restarted_under_load_loses_nothing_and_is_used_again_at_once(
    site, first, tmp_path
):
    data = site.ask("SHOW data_directory")
    restarting = Timer(SECONDS / 3, lambda: RESTARTED.append(restart(data)))
    restarting.start()
    answers = site.play(first, SECONDS, tmp_path)
    restarting.join()
    assert {answer["status"] for answer in answers} <= {200, 303, 503}
    assert max(answer["wait"] for answer in answers) < 10
    assert {answer["status"] for answer in answers if answer["due"] > SECONDS / 3 + 10} == {200, 303}
    site.check_kept(answers)


def restart(data):
    """Restart the PostgreSQL server of a folder, waiting for nobody; return its process."""
    program = find("postgresql").resolve().with_name("pg_ctl")
    user = "postgres" if os.geteuid() == 0 else None
    subprocess.run(
        [program, "restart", "-D", data, "-m", "fast", "-l", f"{data}/restarted.log", "-w"],
        user=user, group=user, cwd=data, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return int(Path(data, "postmaster.pid").read_text().split()[0])


def test_a_machine_that_dies_under_load_loses_nothing_acknowledged_and_fails_few(site, second, tmp_path):
    killing = Timer(SECONDS / 3, site.running.machines[1].kill_web)
    killing.start()
    answers = site.play(site.balancer, SECONDS, tmp_path)
    killing.join()
    assert len(answers) == RATE * SECONDS
    assert len(failed(answers)) < 0.01 * len(answers), failed(answers)
    site.check_kept(answers)
    with browser(second) as dead, pytest.raises(OSError, match="refused"):
        dead.get("/healthz")
