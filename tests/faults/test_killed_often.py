"""Processes that are killed (SIGKILL) again and again at random moments: all that was sent is there, once.

`make faults` kills a hundred times, `make proofs` fewer: each kill costs the seconds of a start.
"""

import os
import random
import signal
import time
from pathlib import Path
from threading import Event, Thread

import pytest
from parvis.api import db
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import Content, post
from parvis_social.notification.models import Notification
from parvis_social.plugin import SocialPlugin

pytestmark = [
    pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin),
    pytest.mark.proof,
]

KILLS = int(os.environ.get("PARVIS_KILLS", "4"))
SETTLED = 6.0
"""Seconds that a web process must have lived: those that end sooner are not started again for ever."""


def below(pid):
    """Return a process and all that descend from it."""
    children = [
        int(child)
        for task in Path(f"/proc/{pid}/task").glob("*/children")
        for child in task.read_text().split()
    ]
    return [pid, *(each for child in children for each in below(child))]


def test_web_processes_are_killed_in_posts_and_every_post_is_there_once(site, people, member, make_group):
    group, client = make_group("Photo", member), people.browser(member)
    client.get("/groups/photo")
    address, done, sent = f"/places/{group.place_id}/post", Event(), []

    def write():
        number = 0
        while not done.is_set() or number == 0:
            number += 1
            key = f"key{number}x"
            while site.send(address, client, timeout=10, text=key, form_key=key) != 303:
                time.sleep(0.05)  # as somebody who sends the form again
            sent.append(key)
            time.sleep(0.02)

    chance = random.Random(7)
    with site.serving() as process:
        writer = Thread(target=write, daemon=True)
        writer.start()
        for _ in range(KILLS):
            before = len(sent)
            while len(sent) < before + 2:
                assert process.poll() is None, site.log[-2000:]
                time.sleep(0.01)
            time.sleep(SETTLED + chance.uniform(0, 0.5))
            for pid in below(process.pid)[1:]:
                os.kill(pid, signal.SIGKILL)
        done.set()
        writer.join()
    db.session.rollback()
    texts = [html[3:-4] for html in db.session.scalars(db.select(Content.body_html).order_by(Content.id))]
    assert len(sent) >= 2 * KILLS
    assert texts == sent


@pytest.mark.settings(**{"plugins.social": {"posts_per_hour": 1000}})
def test_workers_are_killed_and_whoever_is_mentioned_is_told_once(site, until, member, other, make_group):
    group, chance = make_group("Photo", member, other), random.Random(8)

    def mention(number):
        post(place=group.place, text=f"Number {number}: look, @bob.other", actor=member)
        db.session.commit()

    def told():
        db.session.rollback()
        return db.session.scalar(db.select(db.func.count()).select_from(Notification))

    mention(0)
    started = time.monotonic()
    with site.running("worker"):
        until(lambda: told() == 1)
        usual = time.monotonic() - started
    for number in range(1, KILLS + 1):
        mention(number)
        with site.running("worker"):
            time.sleep(usual * chance.uniform(0.6, 1.2))
    with site.running("worker"):
        until(lambda: told() == KILLS + 1)
    found = db.session.scalars(db.select(Notification.content_id)).all()
    assert len(set(found)) == len(found) == KILLS + 1
