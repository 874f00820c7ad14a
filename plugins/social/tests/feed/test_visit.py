"""How far somebody has looked: what is new since their last visit, and in which places."""

import re
from datetime import timedelta

import pytest
from parvis.api import db, record, utcnow
from parvis.identity.event import Joined
from parvis_social.content.comment import comment
from parvis_social.content.post import post
from parvis_social.feed.visit import see_home, see_place
from parvis_social.place.follow import follow_place
from parvis_social.place.models import PlaceFollow, Visitor
from parvis_social.place.reader import my_places, visitor_of
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin)


def marks(member):
    visitor = db.session.get(Visitor, member.id)
    return visitor.seen_id, visitor.last_visit_id


def go_away(member, **how_long):
    db.session.get(Visitor, member.id).seen_at = utcnow() - timedelta(**how_long)


@pytest.mark.both_databases
def test_the_line_stays_for_a_whole_visit_and_moves_with_the_next(member):
    see_home(actor=member, newest_id=10)
    assert marks(member) == (10, 0)
    go_away(member, minutes=29)
    see_home(actor=member, newest_id=12)
    assert marks(member) == (12, 0)
    go_away(member, minutes=31)
    see_home(actor=member, newest_id=15)
    assert marks(member) == (15, 12)


def test_a_page_opened_long_ago_takes_nothing_back(member):
    see_home(actor=member, newest_id=10)
    see_home(actor=member, newest_id=4)
    assert marks(member) == (10, 0)


@pytest.mark.both_databases
def test_a_place_is_new_until_it_was_seen(make_place, member, other):
    club = make_place("club", other)
    follow_place(place=club, actor=member)
    made = post(place=club, text="New", actor=other)
    db.session.commit()
    assert [followed.unread for followed in my_places(member)] == [True]
    see_place(actor=member, place_id=club.id, newest_id=made.id)
    db.session.commit()
    assert [followed.unread for followed in my_places(member)] == [False]
    see_place(actor=member, place_id=club.id, newest_id=1)
    db.session.expire_all()
    assert db.session.get(PlaceFollow, (member.id, club.id)).seen_id == made.id


def test_who_does_not_follow_a_place_has_no_mark_there(make_place, member, other):
    club = make_place("club", other)
    see_place(actor=member, place_id=club.id, newest_id=5)
    assert db.session.get(PlaceFollow, (member.id, club.id)) is None


@pytest.mark.parametrize("sent", [{}, {"newest": "x"}, {"newest": "-1"}, {"newest": str(2**63)}])
def test_nonsense_moves_no_mark(people, member, sent):
    browser = people.browser(member)
    browser.get("/account/")
    assert browser.post("/feed/seen", data=sent).status_code == 204
    assert db.session.get(Visitor, member.id) is None


def test_marks_are_moved_by_one_s_own_pages_only(people, member):
    browser = people.browser(member)
    assert browser.post("/feed/seen", data={"newest": "5"}, csrf=False).status_code == 400
    assert db.session.get(Visitor, member.id) is None


def test_looking_at_the_page_writes_nothing(make_place, people, member, other):
    club = make_place("club", other, member)
    post(place=club, text="New", actor=other)
    db.session.commit()
    people.browser(member).get("/")
    assert db.session.get(Visitor, member.id) is None
    assert (visitor_of(member).feed_order, visitor_of(member).unread) == ("new", 0)


def test_on_the_first_visit_nothing_was_seen_before(make_place, people, member, other, deliver):
    club = make_place("club", other, member)
    old = post(place=club, text="Old words", actor=other)
    record(Joined(actor=member.id, person=member.id))
    deliver()
    post(place=club, text="New words", actor=other)
    db.session.commit()
    browser = people.browser(member)
    assert "Seen at your last visit" not in browser.get("/").text
    see_home(actor=member, newest_id=old.id + 1)
    db.session.commit()
    assert "Seen at your last visit" not in browser.get("/").text
    go_away(member, hours=1)
    see_home(actor=member, newest_id=old.id + 1)
    post(place=club, text="Newest words", actor=other)
    db.session.commit()
    assert "Seen at your last visit" in browser.get("/").text


def test_new_since_the_last_visit_is_said_in_the_stream(make_place, people, member, other):
    club = make_place("club", other, member)
    seen = post(place=club, text="Old words", actor=other)
    see_home(actor=member, newest_id=seen.id)
    go_away(member, hours=1)
    see_home(actor=member, newest_id=seen.id)
    post(place=club, text="New words", actor=other)
    db.session.commit()
    text = people.browser(member).get("/").text
    assert text.index("New words") < text.index("Seen at your last visit") < text.index("Old words")


def test_in_the_order_of_activity_what_was_commented_since_is_new_too(make_place, people, member, other):
    club = make_place("club", other, member)
    asked, quiet = (post(place=club, text=text, actor=other) for text in ("Asked words", "Quiet words"))
    see_home(actor=member, newest_id=quiet.id)
    go_away(member, hours=1)
    see_home(actor=member, newest_id=quiet.id)
    comment(root=asked, text="Answered", actor=other)
    db.session.commit()
    browser = people.browser(member)
    assert "Seen at your last visit" not in browser.get("/").text
    browser.post("/feed/choices", data={"order": "active"})
    text = browser.get("/").text
    assert text.index("Asked words") < text.index("Seen at your last visit") < text.index("Quiet words")


@pytest.mark.parametrize("new", [9, 10, 11, 20])
def test_the_line_is_drawn_once_on_whichever_page_it_falls(make_place, people, member, other, new):
    club = make_place("club", other, member)
    old = [post(place=club, text=f"Old {number}", actor=other) for number in range(15)]
    see_home(actor=member, newest_id=old[-1].id)
    go_away(member, hours=1)
    see_home(actor=member, newest_id=old[-1].id)
    for number in range(new):
        post(place=club, text=f"New {number}", actor=other)
    db.session.commit()
    browser, pages, address = people.browser(member), "", "/"
    while address:
        text = browser.get(address).text
        pages += text
        more = re.search(r'hx-get="(/feed\?before=\d+)"', text)
        address = more[1] if more else ""
    assert pages.count("Seen at your last visit") == 1
    assert pages.index(">New 0<") < pages.index("Seen at your last visit") < pages.index(">Old 14<")
