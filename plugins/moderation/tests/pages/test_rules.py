"""The pages of rules and of first posts that wait."""

from io import BytesIO

import pytest
from parvis.api import db
from parvis.testing.portrait import portrait
from parvis_moderation.models import Rule
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.api import Content, Waiting
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, moderation=ModerationPlugin)


@pytest.fixture
def club(make_place, member, other):
    """Make a place that Bob owns."""
    return make_place("club", other, member)


def test_its_owner_sets_the_rules_and_nothing_typed_is_lost(club, people, member, other):
    browser, address = people.browser(other), f"/moderation/rules/{club.id}"
    assert people.browser(member).get(address).status_code == 404
    wrong = browser.post(address, data={"words": "zut\nflûte", "per_day": "-5", "newcomers_wait": "y"})
    assert (wrong.status_code, "zut\nflûte" in wrong.text, "from 0 to 1000" in wrong.text) == (
        422,
        True,
        True,
    )
    assert db.session.query(Rule).count() == 0
    for huge in ("99999999999999999999999", "x"):
        assert browser.post(address, data={"words": "zut", "per_day": huge}).status_code in (303, 422)
    sent = {"words": "zut\nflûte", "per_day": "5", "newcomers_wait": "y", "flag_links": "y"}
    assert browser.post(address, data=sent).location == "/people/club/wall"
    page = browser.get(address).text
    assert ("zut\nflûte" in page, 'value="5"' in page, page.count(" checked")) == (True, True, 3)
    assert browser.post(address, data={}).status_code == 303
    assert (db.session.query(Rule).one().words, browser.get(address).text.count(" checked")) == ([], 1)


def test_a_first_post_is_read_and_let_in_or_refused_with_a_word(club, people, member, other):
    owner, author = people.browser(other), people.browser(member)
    owner.post(f"/moderation/rules/{club.id}", data={"newcomers_wait": "y"})
    form = {"text": "Quokka", "form_key": "one", "files": (BytesIO(portrait("New", 200)), "new.png")}
    reply = author.post(f"/places/{club.id}/post", data=form)
    assert "It is not published yet" in author.get(reply.location).text
    author.post(f"/places/{club.id}/post", data={"text": "Second", "form_key": "two"})
    first, second = db.session.query(Waiting).order_by(Waiting.id).all()
    queue = owner.get("/moderation?show=posts").text
    assert (">Ada Member in Club</a>" in queue, "Quokka" in queue) == (True, True)
    page = owner.get(f"/moderation/waiting/{first.id}").text
    picture = f"/moderation/waiting/{first.id}/files/{first.files[0]['id']}"
    assert ("Quokka" in page, picture in page) == (True, True)
    assert owner.get(picture).headers["Content-Type"].startswith("image/")
    first_id = first.id
    refused = owner.post(f"/moderation/waiting/{second.id}/refuse", data={"text": " "})
    assert (refused.status_code, "Please say why" in refused.text) == (422, True)
    assert (
        owner.post(f"/moderation/waiting/{second.id}/refuse", data={"text": "Say hello"}).status_code == 303
    )
    assert "Say hello" in author.get("/waiting").text
    reply = owner.post(f"/moderation/waiting/{first_id}/let-in")
    made = db.session.query(Content).one()
    assert (reply.location, made.author_id) == (f"/contents/{made.id}", member.id)
    assert owner.post(f"/moderation/waiting/{first_id}/let-in").status_code == 404


def test_why_it_cannot_be_let_in_is_said(club, people, member, other):
    owner = people.browser(other)
    owner.post(f"/moderation/rules/{club.id}", data={"newcomers_wait": "y"})
    people.browser(member).post(f"/places/{club.id}/post", data={"text": "Quokka", "form_key": "one"})
    waiting = db.session.query(Waiting).one()
    member.person.present = False
    db.session.commit()
    reply = owner.post(f"/moderation/waiting/{waiting.id}/let-in")
    assert (reply.status_code, "left the company" in reply.text) == (403, True)


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_of_first_posts_costs_the_same_for_one_and_three(
    club, people, member, other, administrator, count_queries, count
):
    for number in range(count):
        db.session.add(
            Waiting(place_id=club.id, author_id=member.id, source="Q", body_html=f"<p>Q{number}</p>")
        )
    db.session.commit()
    spent = {}
    for who in (administrator, other):
        browser = people.browser(who)
        for path in ("/moderation", "/moderation?show=posts", "/waiting"):
            browser.get(path)
            with count_queries(at_most=8) as counted:
                assert browser.get(path).status_code == 200
            spent[who.person.display_name, path] = len(counted)
    assert spent == {
        ("Carla Administrator", "/moderation"): 6, ("Carla Administrator", "/moderation?show=posts"): 5,
        ("Carla Administrator", "/waiting"): 4, ("Bob Other", "/moderation"): 6,
        ("Bob Other", "/moderation?show=posts"): 5, ("Bob Other", "/waiting"): 3,
    }  # fmt: skip
