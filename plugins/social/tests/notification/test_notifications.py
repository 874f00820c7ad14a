"""Who is told what, and who is not; and that ten thousand cost what ten do."""

from datetime import timedelta

import pytest
from parvis.api import NotFound, Person, db, utcnow
from parvis_social.content.care import mark_answer
from parvis_social.content.comment import comment
from parvis_social.content.delete import delete
from parvis_social.content.post import post
from parvis_social.content.reaction import react
from parvis_social.notification.forget import forget
from parvis_social.notification.list import (
    choose,
    list_notifications,
    read,
    read_all,
    read_thread,
)
from parvis_social.notification.models import Notification
from parvis_social.notification.notify import notify
from parvis_social.place.change import change_access
from parvis_social.place.follow import follow_place, mute, set_level
from parvis_social.place.membership import add_member, remove_member
from parvis_social.place.models import Access, Level, Visitor
from parvis_social.place.visitor import visitor_of
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin)


def told(member):
    return [(n.kind.partition(":")[2], n.count) for n in list_notifications(member).notifications]


def unread(member):
    return visitor_of(member).unread


@pytest.mark.both_databases
def test_who_is_mentioned_is_told_once(make_place, deliver, member, other):
    place = make_place("club", member)
    post(place=place, text=f"@{other.person.handle} and @{other.person.handle}", actor=member)
    deliver()
    assert (told(other), unread(other), told(member)) == ([("mentioned", 1)], 1, [])


@pytest.mark.both_databases
def test_authors_and_those_who_take_part_are_told_of_comments(make_place, deliver, member, other, people):
    third = people.member("Third One")
    place = make_place("club", member, other, third)
    root = post(place=place, text="Question", actor=member)
    first = comment(root=root, text="Answer", actor=other)
    comment(root=root, text=f"@{other.person.handle} no", actor=third, parent_id=first.id)
    comment(root=root, text="Thanks", actor=member)
    deliver()
    assert told(member) == [("replied", 2)]
    assert told(other) == [("commented", 1), ("mentioned", 1)]
    assert told(third) == [("commented", 1)]
    assert [unread(each) for each in (member, other, third)] == [1, 2, 1]


@pytest.mark.both_databases
def test_reactions_are_gathered_until_they_are_read(make_place, deliver, member, people):
    place = make_place("club", member)
    made = post(place=place, text="Nice", actor=member)
    fans = [people.member() for _ in range(3)]
    for fan in fans[:2]:
        react(content=made, kind="like", actor=fan)
    deliver()
    assert (told(member), unread(member)) == ([("reacted", 2)], 1)
    sentence = list_notifications(member).notifications[0].sentence
    assert sentence == f"{fans[1].person.display_name} and 1 other reacted to what you wrote"
    read_all(actor=member)
    react(content=made, kind="like", actor=fans[2])
    deliver()
    assert (told(member), unread(member)) == ([("reacted", 1), ("reacted", 2)], 1)


def test_the_author_of_the_answer_is_told(make_place, deliver, member, other):
    place = make_place("club", member)
    root = post(place=place, text="Question", actor=member)
    mark_answer(comment=comment(root=root, text="Answer", actor=other), actor=member)
    deliver()
    assert told(other) == [("answered", 1)]


@pytest.mark.both_databases
def test_who_wants_to_know_all_is_told_of_every_post(make_place, deliver, member, other, people):
    third = people.member("Third One")
    place = make_place("club", member, other, third)
    set_level(place=place, level=Level.ALL, actor=other)
    post(place=place, text="News", actor=member)
    deliver()
    assert (told(other), told(third)) == ([("published", 1)], [])


@pytest.mark.parametrize("silence", ["nothing", "muted", "kind", "left", "closed", "gone"])
def test_who_does_not_want_to_or_may_not_know_is_not_told(make_place, deliver, member, other, silence):
    place = make_place("club", member, other)
    if silence == "nothing":
        set_level(place=place, level=Level.NOTHING, actor=other)
    if silence == "muted":
        mute(place=place, until=utcnow() + timedelta(hours=1), actor=other)
    if silence == "kind":
        choose(switched_on={"social:replied"}, actor=other)
    post(place=place, text=f"@{other.person.handle}", actor=member)
    if silence in ("left", "closed"):
        remove_member(place=place, person_id=other.id, actor=other)
        change_access(place=place, access=Access.CLOSED, actor=member)
    if silence == "gone":
        other.person.present = False
    deliver()
    assert (db.session.scalars(db.select(Notification)).all(), unread(other)) == ([], 0)


def test_a_mute_that_is_over_is_none(make_place, deliver, member, other):
    place = make_place("club", member, other)
    mute(place=place, until=utcnow() - timedelta(seconds=1), actor=other)
    post(place=place, text=f"@{other.person.handle}", actor=member)
    deliver()
    assert told(other) == [("mentioned", 1)]


@pytest.mark.both_databases
def test_what_one_may_read_no_longer_is_told_no_longer(make_place, deliver, member, other):
    place = make_place("club", member)
    follow_place(place=place, actor=other)
    made = post(place=place, text=f"@{other.person.handle}", actor=member)
    deliver()
    assert (told(other), unread(other)) == ([("mentioned", 1)], 1)
    change_access(place=place, access=Access.SECRET, actor=member)
    db.session.commit()
    assert (told(other), unread(other)) == ([], 0)
    add_member(place=place, person_id=other.id, actor=member)
    delete(content=made, actor=member)
    deliver()
    assert (told(other), unread(other)) == ([("added", 1)], 1)


@pytest.mark.both_databases
def test_reading_one_and_reading_a_thread_count(make_place, deliver, member, other):
    place = make_place("club", member)
    first = post(place=place, text=f"@{other.person.handle} 1", actor=member)
    post(place=place, text=f"@{other.person.handle} 2", actor=member)
    deliver()
    assert unread(other) == 2
    newest = list_notifications(other).notifications[0]
    assert read(notification_id=newest.id, actor=other).url == newest.url
    read(notification_id=newest.id, actor=other)
    db.session.commit()
    assert (unread(other), len(list_notifications(other, unread=True).notifications)) == (1, 1)
    read_thread(root_id=first.id, actor=other)
    db.session.commit()
    assert unread(other) == 0
    with pytest.raises(NotFound):
        read(notification_id=newest.id, actor=member)


@pytest.mark.both_databases
@pytest.mark.parametrize("count", [10, 10_000])
def test_ten_thousand_cost_what_ten_do(app, member, other, count_queries, count):
    db.session.execute(
        db.insert(Notification),
        [{"person_id": member.id, "kind": "social:mentioned", "actor_id": other.id, "data": {}, "count": 1}]
        * count,
    )
    db.session.add(Visitor(person_id=member.id, unread=count, seen_id=0, last_visit_id=0, read_up_to=0))
    db.session.commit()
    with count_queries(exactly=2):
        page = list_notifications(member)
    assert (len(page.notifications), unread(member)) == (min(30, count), count)
    with count_queries(exactly=3):
        read_all(actor=member)
    db.session.commit()
    assert (unread(member), list_notifications(member, unread=True).notifications) == (0, [])


@pytest.mark.both_databases
@pytest.mark.parametrize("count", [3, 100])
def test_a_crowd_is_told_by_the_same_few_statements(make_place, member, people, count_queries, count):
    place = make_place("club", member)
    crowd = db.session.scalars(
        db.insert(Person).returning(Person.id),
        [
            {"username": f"u{n}", "handle": f"crowd.{n}", "display_name": f"{n}", "sort_name": f"{n}"}
            for n in range(count)
        ],
    ).all()
    for _ in range(2):
        with count_queries(at_most=8):
            number = notify(kind="social:published", people=crowd, actor=member.id, place=place.id)
        assert number == count
    marks = db.session.execute(db.select(Visitor.unread, db.func.count()).group_by(Visitor.unread)).all()
    assert marks == [(2, count)]
    with count_queries(at_most=4):
        forget(Notification.place_id == place.id)
    marks = db.session.execute(db.select(Visitor.unread, db.func.count()).group_by(Visitor.unread)).all()
    assert marks == [(0, count)]
