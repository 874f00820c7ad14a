"""The page of notifications, the bell and the choices; and what of closed places must not show in them."""

import re

import pytest
from parvis.api import db, utcnow
from parvis_social.content.care import mark_answer
from parvis_social.content.comment import comment
from parvis_social.content.delete import delete
from parvis_social.content.models import Content
from parvis_social.content.post import post
from parvis_social.content.reaction import react
from parvis_social.notification.list import choices_of
from parvis_social.notification.models import Notification
from parvis_social.place.change import change_access
from parvis_social.place.follow import follow_of, set_level
from parvis_social.place.membership import add_member, remove_member
from parvis_social.place.models import Access, Level, Visitor
from parvis_social.place.reader import visitor_of
from parvis_social.place.visitor import blank_row
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin)
CANARY = "quetzal"
HTMX = {"HX-Request": "true"}


def give(member, other, count):
    """Give `member` unread notifications that are about nothing."""
    rows = [{"person_id": member.id, "kind": "social:mentioned", "actor_id": other.id}] * count
    db.session.execute(db.insert(Notification), [{**row, "data": {}, "count": 1} for row in rows])
    db.session.add(Visitor(**{**blank_row(member.id), "unread": count}))
    db.session.commit()


@pytest.fixture
def told_all(make_place, deliver, member, other):
    """Make a place in which `other` was told all there is to tell, and one content."""

    def tell(access):
        place = make_place(CANARY, member, access=access)
        add_member(place=place, person_id=other.id, actor=member)
        set_level(place=place, level=Level.ALL, actor=other)
        root = post(place=place, text=f"{CANARY} @{other.person.handle}", actor=member)
        post(place=place, text=CANARY, actor=member)
        asked = post(place=place, text=CANARY, actor=other)
        comment(root=asked, text=CANARY, actor=member)
        answer = comment(root=root, text=CANARY, actor=other)
        comment(root=root, text=CANARY, actor=member)
        mark_answer(comment=answer, actor=member)
        react(content=answer, kind="like", actor=member)
        deliver()
        kinds = db.session.scalars(db.select(Notification.kind).where(Notification.person_id == other.id))
        assert sorted(kinds) == [
            "social:added", "social:answered", "social:commented", "social:mentioned", "social:published",
            "social:reacted", "social:replied",
        ]  # fmt: skip
        return place, root

    return tell


@pytest.mark.parametrize("access", [Access.CLOSED, Access.SECRET])
@pytest.mark.parametrize("way", ["left", "removed", "closed"])
def test_nothing_of_a_closed_place_is_told_to_who_is_out_of_it(told_all, people, member, other, access, way):
    place, _root = told_all(Access.OPEN if way == "closed" else access)
    assert CANARY in people.browser(other).get("/notifications").text
    ids = db.session.scalars(db.select(Notification.id).where(Notification.person_id == other.id)).all()
    remove_member(place=place, person_id=other.id, actor=other if way == "left" else member)
    if way == "closed":
        change_access(place=place, access=access, actor=member)
    db.session.commit()
    browser = people.browser(other)
    for path in ("/notifications", "/notifications?unread=1", "/", "/following", "/account"):
        text = browser.get(path).text.lower()
        assert (path, CANARY in text, '<span class="pv-badge">' in text) == (path, False, False)
    assert {browser.post(f"/notifications/{number}").status_code for number in ids} == {404}
    assert visitor_of(other).unread == 0


def test_nothing_of_a_deleted_content_is_told_even_before_the_worker_knows(told_all, people, member, other):
    place, root = told_all(Access.OPEN)
    delete(content=root, actor=member)
    db.session.commit()
    text = people.browser(other).get("/notifications").text
    assert [
        text.count(words) for words in ("mentioned you", "marked your comment", "reacted", "did too")
    ] == [0] * 4
    assert text.count("published something") == 1
    about = db.select(Notification.id).where(
        Notification.root_id == root.id, Notification.person_id == other.id
    )
    numbers = db.session.scalars(about).all()
    browser = people.browser(other)
    assert {browser.post(f"/notifications/{number}").status_code for number in numbers} == {404}


def test_nobody_opens_what_another_was_told(told_all, people, member, other):
    told_all(Access.OPEN)
    numbers = db.session.scalars(db.select(Notification.id).where(Notification.person_id == other.id)).all()
    for someone in (member, people.member("Carla", administrator=True)):
        browser = people.browser(someone)
        assert {browser.post(f"/notifications/{number}").status_code for number in numbers} == {404}
    assert db.session.scalars(db.select(Notification.read_at).distinct()).all() == [None]


def test_every_kind_leads_to_a_page_that_is_there(told_all, people, member, other):
    told_all(Access.OPEN)
    browser = people.browser(other)
    numbers = re.findall(r'action="/notifications/(\d+)"', browser.get("/notifications").text)
    assert len(numbers) == 7
    for number in numbers:
        address = browser.post(f"/notifications/{number}").location
        if address.startswith("/contents/"):
            assert browser.get(address, follow_redirects=True).status_code == 200
        else:
            assert address == f"/people/{CANARY}/wall"
    assert visitor_of(other).unread == 0


def test_looking_writes_nothing_and_opening_marks_as_read(told_all, people, other):
    told_all(Access.OPEN)
    browser = people.browser(other)
    before = browser.get("/notifications").text
    assert browser.get("/notifications").text.count("so-told__row--unread") == 7
    number = re.search(r'action="/notifications/(\d+)"', before)[1]
    browser.post(f"/notifications/{number}")
    assert browser.get("/notifications").text.count("so-told__row--unread") == 6
    browser.post("/notifications/read")
    after = browser.get("/notifications").text
    assert [after.count(mark) for mark in ("so-told__row--unread", "pv-badge", "Mark all as read")] == [
        0,
        0,
        0,
    ]


def test_a_kind_and_a_place_are_silenced_from_the_list(told_all, people, other):
    place, _root = told_all(Access.OPEN)
    browser = people.browser(other)
    text = browser.get("/notifications").text
    assert "Tell me no more when: Somebody reacts to what I wrote" in text
    assert browser.post("/notifications/off", data={"kind": "social:reacted"}).location == "/notifications"
    assert [name for name, on in choices_of(other).items() if not on] == ["social:reacted"]
    assert browser.post("/notifications/off", data={"kind": "nobody:knows"}).status_code == 404
    away = {"how_long": "week", "next": "/notifications"}
    assert browser.post(f"/places/{place.id}/mute", data=away).location == "/notifications"
    assert follow_of(place.id, other).muted_until is not None


def test_what_is_on_is_chosen_in_the_account(people, member):
    browser = people.browser(member)
    browser.post("/notifications/choices", data={"kind": ["social:mentioned", "nobody:knows"]})
    text = browser.get("/account").text
    assert re.findall(r'name="kind" value="([^"]+)" checked', text) == ["social:mentioned"]


def test_older_ones_come_by_themselves(people, member, other):
    give(member, other, 31)
    browser = people.browser(member)
    address = re.search(r'href="(/notifications\?before=\d+)"', browser.get("/notifications").text)[1]
    older = browser.get(address, headers=HTMX).text
    assert (older.count("so-told__open"), "<html" in older) == (1, False)


def test_a_page_of_what_can_no_longer_be_read_leads_on_to_what_can(
    make_place, people, member, other, deliver
):
    place = make_place("club", other)
    for number in range(31):
        made = post(place=place, text=f"@{member.person.handle} Number {number}.", actor=other)
    deliver()
    db.session.execute(db.update(Content).where(Content.id > made.id - 30).values(deleted_at=utcnow()))
    db.session.commit()
    browser = people.browser(member)
    text = browser.get("/notifications").text
    assert (text.count("so-told__open"), "Nothing to tell" in text) == (0, False)
    older = browser.get(re.search(r'href="(/notifications\?before=\d+)"', text)[1], headers=HTMX).text
    assert (older.count("so-told__open"), "Number 0." in older) == (1, True)


@pytest.mark.both_databases
@pytest.mark.parametrize("count", [10, 10_000])
def test_ten_thousand_unread_cost_the_pages_what_ten_do(people, member, other, count_queries, count):
    give(member, other, count)
    browser = people.browser(member)
    browser.get("/notifications")
    for path in ("/notifications", "/notifications?unread=1"):
        with count_queries(exactly=3):
            text = browser.get(path).text
        badge = "10" if count == 10 else "99+"
        assert (f'<span class="pv-badge">{badge}<' in text, text.count("so-told__open")) == (
            True,
            min(count, 30),
        )
    with count_queries(at_most=6):
        browser.post("/notifications/read")
    assert "pv-badge" not in browser.get("/notifications").text


def test_a_number_that_is_too_high_can_be_set_right(people, member):
    """What a plugin told that is no longer there is counted, and not listed."""
    db.session.add(Visitor(**{**blank_row(member.id), "unread": 3}))
    db.session.commit()
    browser = people.browser(member)
    assert "Mark all as read" in browser.get("/notifications?unread=1").text
    browser.post("/notifications/read")
    assert "pv-badge" not in browser.get("/notifications").text


def test_who_is_not_signed_in_is_told_nothing(client):
    for path in ("/notifications", "/following"):
        assert client.get(path).location.startswith("/login")
