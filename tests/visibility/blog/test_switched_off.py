"""Blogs that are switched off: what they left in the database is nowhere, until they are back."""

from datetime import timedelta

import feedparser
import pytest
from parvis.api import db, utcnow
from parvis.events import follow
from parvis.jobs import followers
from parvis.testing.plugin import People
from parvis_blog.domain.publish import publish_due
from parvis_blog.models import Draft
from parvis_blog.plugin import BlogPlugin
from parvis_social.plugin import SocialPlugin

pytestmark = [pytest.mark.plugins(social=SocialPlugin, blog=BlogPlugin), pytest.mark.proof]

WORDS = ("weka", "zanzi", "quokka", "hoiho")


@pytest.mark.parametrize("who", ["author", "delegate", "follower", "asker", "administrator"])
def test_without_blogs_nothing_of_a_blog_is_anywhere(scene, walker, with_only, who):
    walk, social = walker(scene), with_only("social")
    person = scene.member(who)
    with social.app_context():
        client = People(social).browser(person)
        assert walk.found(client, *WORDS, app=social) == {}
        assert "so-told__row" not in client.get("/notifications").text
        assert client.get("/blogs").status_code == 404
        assert client.get(feed_of(scene)).status_code == 404


def feed_of(scene):
    """Return the address of the blog's feed by a key."""
    return f"/blogs/{scene.values['slug']}/feed/{scene.values['keys']['reader'][1]}"


def test_blogs_are_back_with_all_they_had_when_they_are_switched_on_again(scene, with_only):
    address, feed = f"/blogs/{scene.values['slug']}", feed_of(scene)
    with_only("social")
    again = with_only("social", "blog")
    with again.app_context():
        author, reader = (People(again).browser(scene.member(who)) for who in ("author", "reader"))
        shown = author.get(address).text
        assert ("Wekatitle" in shown, "2 of 5 questions answered" in shown) == (True, True)
        assert "Wekatext" in reader.get(f"/blogs/articles/{scene.values['article']}").text
        assert "Zanzidraft" in author.get("/blogs/drafts").text
        assert "Wekaquestion" in reader.get(f"{address}/questions").text
        assert "Weka" in author.get("/notifications").text
        assert [entry.title for entry in feedparser.parse(reader.get(feed).data).entries] == ["Wekatitle"]


def test_what_happens_meanwhile_is_nobodys_and_does_no_harm(scene, with_only):
    """While blogs are off, their comments are not told of, and what was due waits until they are back."""
    due = db.session.get_one(Draft, scene.values["scheduled"])
    due.scheduled_at = utcnow() - timedelta(minutes=1)
    db.session.commit()
    social = with_only("social")
    with social.app_context():
        while follow(followers()):
            pass
        client = People(social).browser(scene.member("follower"))
        assert client.get("/").status_code == 200
        assert client.get(f"/contents/{scene.values['article']}").status_code == 404
        assert (
            client.post(f"/contents/{scene.values['article']}/comment", data={"text": "x"}).status_code == 404
        )
    again = with_only("social", "blog")
    with again.app_context():
        publish_due()
        db.session.commit()
        assert "Zanzischeduled" in People(again).browser(scene.member("reader")).get("/blogs/weka").text
