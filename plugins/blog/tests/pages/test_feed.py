"""Feeds for programs: what a key opens, and for how long."""

import re

import feedparser
import pytest
from parvis.api import Veto, db, hookimpl, record
from parvis.directory.event import PersonLeft
from parvis_blog.domain.blog import open_blog
from parvis_blog.domain.feed import make_key
from parvis_blog.models import TEAM, FeedKey
from parvis_blog.plugin import BlogPlugin
from parvis_social.api import follow_place
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, blog=BlogPlugin)


class Guarded(BlogPlugin):
    """Lets nobody sign in who is called Ada."""

    @hookimpl
    def check_sign_in(self, person):
        """Refuse Ada."""
        if person.display_name.startswith("Ada"):
            raise Veto("Not today.")


@pytest.fixture
def address(blog, member):
    """The address of the blog's feed, by a key of the member's."""
    _key, secret = make_key(label="Portal", actor=member)
    db.session.commit()
    return f"/blogs/emma-s-blog/feed/{secret}"


def test_it_shows_the_newest_articles_with_who_published_them(
    blog, chief, delegate, make_article, make_draft, client, address
):
    make_article(blog, chief, title="First", source="One & <two>")
    make_article(blog, delegate, title="Second")
    make_draft(blog, chief, title="Draft")
    feed = feedparser.parse(client.get(address).data)
    assert (feed.bozo, feed.feed.title) == (False, "Emma's blog")
    assert [(entry.title, entry.author) for entry in feed.entries] == [
        ("Second", "Emma Chief (published by Dan Delegate)"), ("First", "Emma Chief"),
    ]  # fmt: skip
    assert "One &amp; &lt;two&gt;" in feed.entries[1].summary


@pytest.mark.parametrize(
    ("own", "asked", "language", "title", "publisher"),
    [
        ("fr", "en", "fr", "Notre année", "Emma Chief (publié par Dan Delegate)"),
        ("en", "fr", "en", "Our year", "Emma Chief (published by Dan Delegate)"),
        (None, "fr", "fr", "Notre année", "Emma Chief (publié par Dan Delegate)"),
    ],
)
def test_it_speaks_the_language_of_whose_key_it_is_whatever_the_program_asks_for(
    blog, delegate, member, make_article, client, address, own, asked, language, title, publisher
):
    make_article(blog, delegate, second_title="Notre année", second_source="Nous avons bâti.")
    member.language = own
    db.session.commit()
    answer = client.get(address, headers={"Accept-Language": asked})
    [entry] = feedparser.parse(answer.data).entries
    assert f'xml:lang="{language}"' in answer.text
    assert (entry.title, entry.author) == (title, publisher)


def test_it_may_be_kept_by_nobody_and_opens_no_other_page(blog, chief, make_article, client, address):
    article = make_article(blog, chief)
    answer = client.get(address)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in answer.headers
    assert client.get(f"/blogs/articles/{article.id}").location.startswith("/login")
    secret = address.rpartition("/")[2]
    for path in ("/blogs/emma-s-blog", "/blogs/feeds", "/"):
        assert client.get(f"{path}?key={secret}").location.startswith("/login")


def test_what_is_removed_is_gone_from_it(blog, chief, make_article, client, address, people):
    article = make_article(blog, chief)
    people.browser(chief).post(f"/contents/{article.id}/delete")
    assert feedparser.parse(client.get(address).data).entries == []


def test_only_a_digest_of_a_key_is_kept_and_only_so_many_keys(member, blog, people, address):
    secret = address.rpartition("/")[2]
    assert secret not in db.session.scalar(db.select(FeedKey.digest))
    browser = people.browser(member)
    for number in range(9):
        assert browser.post("/blogs/feeds", data={"label": f"{number}"}).status_code == 200
    answer = browser.post("/blogs/feeds", data={"label": "One more"})
    assert (answer.status_code, "revoke one first" in answer.text) == (422, True)


def test_a_key_needs_a_name_and_is_shown_once(member, blog, people):
    browser = people.browser(member)
    assert browser.post("/blogs/feeds", data={"label": " "}).status_code == 422
    page = browser.post("/blogs/feeds", data={"label": "Portal", "blog": "emma-s-blog"}).text
    address = re.search(r"/blogs/emma-s-blog/feed/([\w-]+)", page)[1]
    assert address not in browser.get("/blogs/feeds").text


def test_a_new_key_comes_with_the_address_of_each_blog_those_one_follows_first(
    blog, member, administrator, people, client
):
    for name in ("Anchor", "Zebra"):
        made = open_blog(kind=TEAM, name=name, second_name=f"Le {name}", language="en", actor=administrator)
    follow_place(place=made.place, actor=member)
    member.language = "fr"
    db.session.commit()
    page = people.browser(member).post("/blogs/feeds", data={"label": "Portal"}).text
    shown = re.findall(r"<p>([^<]*)<br><code[^>]*>http://[^/]*(/blogs/[^<]*)</code>", page)
    assert [name for name, _path in shown] == ["Le Zebra", "Le Anchor", "Emma&#39;s blog"]
    assert [client.get(path).status_code for _name, path in shown] == [200, 200, 200]


def test_where_there_is_no_blog_no_key_is_made(member_client):
    answer = member_client.post("/blogs/feeds", data={"label": "Portal"})
    assert (answer.status_code, db.session.query(FeedKey).count()) == (422, 0)


def test_nobody_revokes_a_key_of_somebody_else(member, other, chief, people, address, client):
    key = db.session.scalar(db.select(FeedKey.id))
    for who in (other, chief):
        assert people.browser(who).post(f"/blogs/feeds/{key}/revoke").status_code == 404
    assert client.get(address).status_code == 200
    people.browser(member).post(f"/blogs/feeds/{key}/revoke")
    assert client.get(address).status_code == 404


@pytest.mark.both_databases
def test_keys_of_who_has_left_are_worth_nothing_also_when_they_are_back(member, client, address, deliver):
    member.person.present = False
    db.session.commit()
    assert client.get(address).status_code == 404
    record(PersonLeft(person=member.id))
    deliver()
    member.person.present = True
    db.session.commit()
    assert (client.get(address).status_code, db.session.query(FeedKey).count()) == (404, 0)


@pytest.mark.plugins(social=SocialPlugin, blog=Guarded)
def test_a_key_of_who_may_not_sign_in_opens_nothing(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("key", ["x", "x" * 5000, "é", "%00"])
def test_what_is_no_key_opens_nothing(blog, client, key):
    assert client.get(f"/blogs/emma-s-blog/feed/{key}").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_for_one_and_for_three(
    blog, chief, delegate, make_article, client, address, count_queries, count
):
    for number in range(count):
        make_article(blog, delegate, title=f"Year {number}")
    client.get(address)
    with count_queries(exactly=3):
        client.get(address)
