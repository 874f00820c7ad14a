"""Processes that are killed (SIGKILL) at the worst moment: what was sent is there once, or not at all."""

import time
from threading import Thread

import pytest
from parvis.api import db
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import Content, Place, post
from parvis_social.notification.models import Notification
from parvis_social.plugin import SocialPlugin

pytestmark = [
    pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin),
    pytest.mark.both_databases,
    pytest.mark.proof,
]


def written(text):
    """Return how many contents hold a text."""
    db.session.rollback()
    return db.session.scalar(
        db.select(db.func.count()).select_from(Content).where(Content.body_html.contains(text))
    )


def test_a_post_whose_server_is_killed_is_there_or_not_and_sent_again_it_is_there_once(
    site, people, member, make_group
):
    group, client = make_group("Photo", member), people.browser(member)
    address = f"/places/{group.place_id}/post"

    def send(moment):
        answer = []
        site.halt("social_content", moment)
        form = {"text": moment, "form_key": f"key-{moment}"}
        sender = Thread(target=lambda: answer.append(site.send(address, client, **form)))
        sender.start()
        site.halted()
        return sender, answer

    with site.serving():
        sender, answer = send("before")
    sender.join()
    assert (answer, written("before")) == ([0], 0)
    with site.serving():
        again = [site.send(address, client, text="before", form_key="key-before") for _ in range(2)]
        assert (again, written("before")) == ([303, 303], 1)
        sender, answer = send("after")
    sender.join()
    assert (answer, written("after")) == ([0], 1)
    with site.serving():
        assert site.send(address, client, text="after", form_key="key-after") == 303
    assert (written("after"), db.session.get_one(Place, group.place_id).contents_count) == (1, 2)


def test_who_is_told_by_a_worker_that_is_killed_is_told_once(site, until, member, other, make_group):
    group = make_group("Photo", member, other)
    post(place=group.place, text="Look, @bob.other", actor=member)
    db.session.commit()

    def told():
        db.session.rollback()
        return list(db.session.scalars(db.select(Notification.kind).order_by(Notification.id)))

    for moment, expected in (("before", 0), ("after", 1)):
        site.halt("social_notification", moment)
        with site.running("worker"):
            site.halted()
        assert len(told()) == expected
    post(place=group.place, text="Again, @bob.other", actor=member)
    db.session.commit()
    with site.running("worker"):
        until(lambda: len(told()) == 2)
    assert told() == ["social:mentioned", "social:mentioned"]


def test_while_a_plugin_sleeps_in_the_worker_pages_are_read_and_who_writes_is_answered_in_time(
    site, people, member, other, make_group
):
    """On SQLite what sleeps there holds the lock of those who write: they are told, and nothing is lost."""
    group, client = make_group("Photo", member, other), people.browser(member)
    post(place=group.place, text="Look, @bob.other", actor=member)
    db.session.commit()
    form, address = {"text": "meanwhile", "form_key": "one"}, f"/places/{group.place_id}/post"
    with site.serving():
        site.halt("social_notification", "before")
        with site.running("worker"):
            site.halted()
            begun = time.monotonic()
            answers = (site.send("/groups/photo", client), site.send(address, client, **form))
            waited = time.monotonic() - begun
        assert (answers[0], answers[1] in (303, 503), waited < 10) == (200, True, True)
        assert answers[1] == 303 or db.engine.dialect.name == "sqlite"
        assert (site.send(address, client, **form), written("meanwhile")) == (303, 1)
