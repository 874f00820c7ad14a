"""Two machines behind a balancer are one site; one of them may die at any moment (`bench/cluster.py`)."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import time
from contextlib import ExitStack, suppress
from io import BytesIO
from pathlib import Path
from threading import Timer
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from parvis.testing.services import find, require
from PIL import Image
from sqlalchemy import create_engine, text

from bench import members, population
from bench.client import Browser
from bench.cluster import cluster
from bench.driver import play, read
from bench.members import session_of
from bench.site import staff

pytestmark = pytest.mark.proof

PEOPLE, RATE, SECONDS = 300, 25, 24
PATIENCE = 60


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Give two machines, the ports of each and of both together, what is on them, and the database."""
    for name in ("slapd", "postgresql", "haproxy", "moto_server"):
        require(name)
    folder = tmp_path_factory.mktemp("machines")
    scenes, restarted = [], []
    with ExitStack() as stack:
        everyone = stack.enter_context(staff(PEOPLE, folder))
        viewer = everyone.viewer()

        def fill(url):
            members.populate(url, keep=[viewer.username])
            scenes.append(population.populate(url, viewer=viewer.username, posts=2_000))

        running = stack.enter_context(cluster(everyone, folder, fill=fill))
        engine = create_engine(running.database, pool_pre_ping=True)

        def ask(query, **values):
            with engine.connect() as connection:
                return connection.execute(text(query), values).scalar()

        first, second = (machine.server.port for machine in running.machines)
        yield SimpleNamespace(
            first=first, second=second, port=running.port, running=running, scene=scenes[0], ask=ask,
            people=everyone.company.people, viewer=viewer, directory=everyone.process, restarted=restarted,
        )  # fmt: skip
        engine.dispose()
    for server in restarted:  # nobody's child any more
        with suppress(ProcessLookupError):
            os.kill(server, signal.SIGINT)


def until(found):
    deadline = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.2)


def write(site, port, words):
    """Post in a group at one machine, as somebody who belongs there."""
    with Browser(port, session_of(site.scene.writers[0])) as browser:
        form = {"text": words, "form_key": words[:30]}
        return browser.send(f"/places/{site.scene.lively[0][0]}/post", form).status


def test_who_signs_in_at_one_machine_is_signed_in_at_the_other_and_signs_out_of_both(site):
    with Browser(site.first) as here:
        assert here.sign_in(site.viewer.username, site.viewer.password).status == 303
        with Browser(site.second, here.cookies) as there:
            assert there.get("/account").status == 200
            assert there.post("/logout", {"csrf_token": there.token("/account")}).status == 303
        assert here.get("/account").status == 303


def test_a_photo_sent_to_one_machine_is_shown_by_the_other(site):
    out = BytesIO()
    Image.new("RGB", (80, 60), "red").save(out, "JPEG")
    person = site.scene.writers[1]
    with Browser(site.first, session_of(person)) as here:
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
    for port in (site.first, site.second):
        with Browser(port, session_of(person)) as there:
            answer = there.get(f"/photos/{photo}/large.jpg")
            assert (answer.status, answer.body[:3]) == (200, b"\xff\xd8\xff")


def test_wrong_passwords_are_counted_over_all_machines(site):
    person = site.people[-1]
    with Browser(site.first) as here, Browser(site.second) as there:
        statuses = [(here, there)[n % 2].sign_in(person.username, "wrong").status for n in range(10)]
        assert 429 not in statuses
        again = [browser.sign_in(person.username, person.password).status for browser in (here, there)]
    assert again == [429, 429]


def test_what_is_written_at_one_machine_is_found_at_both(site):
    assert write(site, site.first, "The zanzibarquay is open again") == 303
    for port in (site.first, site.second):
        with Browser(port, session_of(site.scene.cast["median"])) as browser:
            until(
                lambda browser=browser: b"zanzibarquay</mark>" in browser.get("/search?q=zanzibarquay").body
            )


def test_who_is_mentioned_is_told_once_however_many_workers_there_are(site):
    person = site.scene.writers[2]
    handle = site.ask("SELECT handle FROM person WHERE id = :person", person=person)
    told = "SELECT count(*) FROM social_notification WHERE person_id = :person AND content_id = :content"
    assert write(site, site.second, f"Look at the tide, @{handle}") == 303
    content = site.ask("SELECT max(id) FROM social_content")
    until(lambda: site.ask(told, person=person, content=content))
    time.sleep(3)
    assert site.ask(told, person=person, content=content) == 1


def test_an_index_that_is_deleted_is_made_anew_while_the_site_answers(site):
    assert write(site, site.first, "The yellowjetty is painted") == 303
    with Browser(site.first, session_of(site.scene.cast["median"])) as browser:

        def found():
            answer = browser.get("/search?q=yellowjetty")
            assert answer.status == 200
            return b"yellowjetty</mark>" in answer.body

        until(found)
        shutil.rmtree(site.running.machines[0].site.folder / "search")
        found()
        assert write(site, site.first, "Another yellowjetty") == 303
        until(found)


def test_while_the_directory_is_silent_nobody_inside_notices_and_who_signs_in_is_told_in_time(site):
    person = site.people[-2]
    with Browser(site.first, session_of(site.scene.writers[3])) as inside, Browser(site.first) as outside:
        os.kill(site.directory, signal.SIGSTOP)
        try:
            refused = outside.sign_in(person.username, person.password)
            pages = [inside.get(path) for path in ("/", "/people", "/account")]
        finally:
            os.kill(site.directory, signal.SIGCONT)
        assert (b"directory" in refused.body, refused.seconds < 10) == (True, True)
        assert [(page.status, page.seconds < 5) for page in pages] == [(200, True)] * 3
        until(lambda: outside.sign_in(person.username, person.password).status == 303)


def test_a_database_that_is_restarted_under_load_loses_nothing_and_is_used_again_at_once(site, tmp_path):
    data = site.ask("SHOW data_directory")
    restarting = Timer(SECONDS / 3, lambda: site.restarted.append(restart(data)))
    restarting.start()
    answers = play_through(site, tmp_path, site.first)
    restarting.join()
    assert {answer["status"] for answer in answers} <= {200, 303, 503}
    assert max(answer["wait"] for answer in answers) < 10
    assert {answer["status"] for answer in answers if answer["due"] > SECONDS / 3 + 10} == {200, 303}
    check_kept(site, answers)


def restart(data):
    """Restart the PostgreSQL server of a folder, waiting for nobody; return its process."""
    program = find("postgresql").resolve().with_name("pg_ctl")
    user = "postgres" if os.geteuid() == 0 else None
    subprocess.run(
        [program, "restart", "-D", data, "-m", "fast", "-l", f"{data}/restarted.log", "-w"],
        user=user, group=user, cwd=data, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return int(Path(data, "postmaster.pid").read_text().split()[0])


def play_through(site, folder, port):
    """Let members read and write by the clock; give the answers."""
    with Browser(site.first, session_of(site.scene.writers[0])) as browser:
        token = browser.token("/account")
    group, slug = site.scene.lively[0]
    lines = []
    for number in range(RATE * SECONDS):
        person = site.scene.writers[number % len(site.scene.writers)]
        line = {"due": number / RATE, "cookie": f"parvis={session_of(person)['parvis']}", "name": "read"}
        if number % 5:
            line["path"] = ("/", f"/groups/{slug}", f"/contents/{site.scene.short}")[number % 3]
        else:
            word = f"kept{number}at{port}x"
            form = {"text": word, "form_key": word, "csrf_token": token}
            line |= {"name": word, "path": f"/places/{group}/post", "body": urlencode(form)}
        lines.append(json.dumps(line))
    (folder / "plan").write_text("\n".join(lines))
    return asyncio.run(play(read(folder / "plan", port), port))


def check_kept(site, answers):
    """Assert that all that was acknowledged is there once."""
    said = "SELECT count(*) FROM social_content WHERE body_html LIKE :word"
    acknowledged = [a["name"] for a in answers if a["name"] != "read" and a["status"] == 303]
    assert len(acknowledged) > 0.1 * len(answers)
    assert {word: site.ask(said, word=f"%{word}%") for word in acknowledged} == dict.fromkeys(acknowledged, 1)


def test_a_machine_that_dies_under_load_loses_nothing_acknowledged_and_fails_few(site, tmp_path):
    killing = Timer(SECONDS / 3, site.running.machines[1].kill_web)
    killing.start()
    answers = play_through(site, tmp_path, site.port)
    killing.join()
    failed = [(a["name"], a["status"], a["due"]) for a in answers if a["status"] not in (200, 303)]
    assert len(answers) == RATE * SECONDS
    assert len(failed) < 0.01 * len(answers), failed
    check_kept(site, answers)
    with Browser(site.second) as dead, pytest.raises(OSError, match="refused"):
        dead.get("/healthz")
