"""Two machines behind a balancer are one site; one of them may die at any moment (`bench/cluster.py`)."""

import asyncio
import json
import time
from contextlib import ExitStack
from io import BytesIO
from threading import Timer
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from parvis.testing.services import require
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
    scenes = []
    with ExitStack() as stack:
        everyone = stack.enter_context(staff(PEOPLE, folder))
        viewer = everyone.viewer()

        def fill(url):
            members.populate(url, keep=[viewer.username])
            scenes.append(population.populate(url, viewer=viewer.username, posts=2_000))

        running = stack.enter_context(cluster(everyone, folder, fill=fill))
        engine = create_engine(running.database)

        def ask(query, **values):
            with engine.connect() as connection:
                return connection.execute(text(query), values).scalar()

        first, second = (machine.server.port for machine in running.machines)
        yield SimpleNamespace(
            first=first, second=second, port=running.port, running=running, scene=scenes[0], ask=ask,
            people=everyone.company.people, viewer=viewer,
        )  # fmt: skip
        engine.dispose()


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


def test_a_machine_that_dies_under_load_loses_nothing_acknowledged_and_fails_few(site, tmp_path):
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
            word = f"kept{number}x"
            form = {"text": word, "form_key": word, "csrf_token": token}
            line |= {"name": word, "path": f"/places/{group}/post", "body": urlencode(form)}
        lines.append(json.dumps(line))
    (tmp_path / "plan").write_text("\n".join(lines))
    killing = Timer(SECONDS / 3, site.running.machines[1].kill_web)
    killing.start()
    answers = asyncio.run(play(read(tmp_path / "plan", site.port), site.port))
    killing.join()
    failed = [answer for answer in answers if answer["status"] not in (200, 303)]
    assert len(answers) == RATE * SECONDS
    assert len(failed) < 0.01 * len(answers), [(a["name"], a["status"], a["due"]) for a in failed]
    said = "SELECT count(*) FROM social_content WHERE body_html LIKE :word"
    acknowledged = [a["name"] for a in answers if a["name"] != "read" and a["status"] == 303]
    assert {word: site.ask(said, word=f"%{word}%") for word in acknowledged} == dict.fromkeys(acknowledged, 1)
    with Browser(site.second) as dead, pytest.raises(OSError, match="refused"):
        dead.get("/healthz")
