"""Who is told what, and who is not; and that ten thousand cost what ten do."""

from datetime import timedelta

import pytest
from parvis.api import EventRecord, NotFound, Person, db, record, utcnow
from parvis.identity.event import Joined
from parvis_social.content.care import mark_answer
from parvis_social.content.comment import comment
from parvis_social.content.delete import delete
from parvis_social.content.post import post
from parvis_social.content.reaction import react, unreact
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
from parvis_social.place.change import change_access, move_contents
from parvis_social.place.follow import follow_place, mute, set_level
from parvis_social.place.membership import add_member, remove_member
from parvis_social.place.models import Access, Level, Visitor
from parvis_social.place.reader import visitor_of
from parvis_social.place.visitor import blank_row
from parvis_social.place.wall import wall_of
from parvis_social.plugin import SocialPlugin
from sqlalchemy import update

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


def test_it_is_told_when_it_happened_however_late_the_worker_comes(make_place, deliver, member, other):
    post(place=make_place("club", member), text=f"@{other.person.handle}", actor=member)
    db.session.flush()
    before = utcnow() - timedelta(hours=5)
    db.session.execute(update(EventRecord).values(at=before))
    deliver()
    (notification,) = list_notifications(other).notifications
    assert notification.created_at == before


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


def test_whose_wall_it_is_is_told_of_what_others_write_there(deliver, member, other, people):
    third, wall = people.member("Dan Third"), wall_of(other.person)
    post(place=wall, text="Welcome!", actor=member)
    post(place=wall, text="Thanks", actor=other)
    post(place=wall, text=f"Welcome, @{other.person.handle}", actor=third)
    deliver()
    assert sorted(told(other)) == [("mentioned", 1), ("wall", 1)]
    assert {n.sentence for n in list_notifications(other).notifications} == {
        "Ada Member wrote on your wall", "Dan Third mentioned you"
    }  # fmt: skip


def test_whom_only_a_quotation_names_is_not_told_again(make_place, deliver, member, other):
    place = make_place("club", member)
    post(place=place, text=f"> Hello @{other.person.handle}\n\nI second that", actor=member)
    deliver()
    assert told(other) == []


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


@pytest.mark.both_databases
def test_what_was_moved_into_a_closed_place_is_told_to_its_members_alone(make_place, deliver, member, other):
    place, closed = make_place("club", member), make_place("den", member, access=Access.CLOSED)
    post(place=place, text=f"@{other.person.handle}", actor=member)
    move_contents(origin=place, target=closed, actor=member)
    deliver()
    assert (told(other), unread(other)) == ([], 0)


@pytest.mark.both_databases
def test_whom_another_makes_a_member_is_told(make_place, deliver, member, other, people):
    third = people.member("Third One")
    place = make_place("club", member)
    add_member(place=place, person_id=other.id, actor=member)
    add_member(place=place, person_id=third.id, actor=third)
    deliver()
    assert [told(each) for each in (member, other, third)] == [[], [("added", 1)], []]
    notification = list_notifications(other).notifications[0]
    assert (notification.sentence, notification.url) == (
        f"{member.person.display_name} made you a member of Club",
        "/people/club/wall",
    )


@pytest.mark.both_databases
def test_a_notification_says_what_it_is_about(make_place, deliver, member, other):
    place = make_place("club", member)
    post(place=place, text=f"Dear **@{other.person.handle}** & all, " + "so it goes on " * 20, actor=member)
    deliver()
    notification = list_notifications(other).notifications[0]
    assert notification.sentence == f"{member.person.display_name} mentioned you"
    subject = f"Dear @{other.person.handle} & all, " + "so it goes on " * 6 + "so it goes…"
    assert notification.subject == subject


def test_several_of_one_kind_say_how_many_and_who_last(make_place, deliver, member, other):
    place = make_place("club", member)
    root = post(place=place, text="Question", actor=member)
    for text in ("One", "Two", "Three"):
        comment(root=root, text=text, actor=other)
    deliver()
    notification = list_notifications(member).notifications[0]
    assert (notification.sentence, notification.subject, notification.url.partition("#")[0]) == (
        f"3 answers to you, the last by {other.person.display_name}",
        "Three",
        f"/contents/{root.id}?comment={notification.content_id}",
    )


def test_who_reacts_again_counts_once(make_place, deliver, member, other):
    place = make_place("club", member)
    made = post(place=place, text="Nice", actor=member)
    react(content=made, kind="like", actor=member)
    for kind in ("like", "laugh"):
        react(content=made, kind=kind, actor=other)
        unreact(content=made, actor=other)
    react(content=made, kind="like", actor=other)
    deliver()
    sentences = [each.sentence for each in list_notifications(member).notifications]
    assert sentences == [f"{other.person.display_name} reacted to what you wrote"]


@pytest.mark.both_databases
def test_nothing_is_left_of_a_thread_that_is_deleted(make_place, deliver, member, other):
    place = make_place("club", member)
    root = post(place=place, text="Question", actor=member)
    answer = comment(root=root, text="Answer", actor=other)
    react(content=answer, kind="like", actor=member)
    deliver()
    assert [(told(each), unread(each)) for each in (member, other)] == [
        ([("replied", 1)], 1),
        ([("reacted", 1)], 1),
    ]
    delete(content=root, actor=member)
    deliver()
    assert (db.session.scalars(db.select(Notification)).all(), unread(member), unread(other)) == ([], 0, 0)


def test_a_number_is_not_given_again_to_what_comes_after_all_was_read(make_place, deliver, member, other):
    place = make_place("club", member)
    first = post(place=place, text=f"@{other.person.handle} 1", actor=member)
    deliver()
    read_all(actor=other)
    delete(content=first, actor=member)
    deliver()
    post(place=place, text=f"@{other.person.handle} 2", actor=member)
    deliver()
    assert ([n.unread for n in list_notifications(other).notifications], unread(other)) == ([True], 1)


@pytest.mark.both_databases
def test_a_newcomer_begins_with_nothing_new_but_what_they_were_told(make_place, deliver, member, people):
    newcomer = people.member("New Comer", joined=False)
    place = make_place("club", member)
    made = post(place=place, text=f"@{newcomer.person.handle}", actor=member)
    deliver()
    record(Joined(person=newcomer.id))
    deliver()
    visitor = visitor_of(newcomer)
    assert (visitor.seen_id, visitor.last_visit_id, visitor.unread) == (made.id, -made.id, 1)


def test_whose_plugin_is_not_there_is_not_listed_and_all_read_sets_the_number_right(member):
    db.session.add(Notification(person_id=member.id, kind="gone:thing"))
    db.session.add(Visitor(**{**blank_row(member.id), "unread": 1}))
    db.session.commit()
    assert list_notifications(member).notifications == []
    read_all(actor=member)
    assert unread(member) == 0


@pytest.mark.both_databases
def test_telling_and_reading_at_once_keep_the_number_right(make_place, member, other, at_once):
    place = make_place("club", member)
    roots = [post(place=place, text=f"Number {number}", actor=member) for number in range(3)]
    db.session.commit()
    member_id, place_id, ids = member.id, place.id, [root.id for root in roots]

    def tell(root):
        return lambda: notify(
            kind="social:mentioned",
            people=[other.id, member_id],
            place=place_id,
            content=root,
            root=root,
        )

    jobs = [tell(root) for root in ids * 2]
    errors = at_once(*jobs, lambda: read_all(actor=other), lambda: read_thread(root_id=ids[0], actor=other))
    assert [error for error in errors if isinstance(error, Exception)] == []
    for each in (member, other):
        listed = list_notifications(each, unread=True).notifications
        assert (unread(each), len(listed) <= 3) == (len(listed), True)
    assert unread(member) == 3


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


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_the_plan_that_is_kept_for_all_serves_who_was_told_much(app, member, people):
    crowd = [people.member() for _ in range(60)]
    row = {"kind": "social:mentioned", "data": {}, "count": 1}
    told_little = [{**row, "person_id": each.id} for each in crowd for _ in range(8)]
    db.session.execute(
        db.insert(Notification), [*told_little, *({**row, "person_id": member.id} for _ in range(5_000))]
    )
    db.session.execute(db.text("ANALYZE social_notification"))
    for each in crowd[:12]:
        list_notifications(each)
    kept = "SELECT name FROM pg_prepared_statements WHERE statement LIKE '%FROM social_notification%'"
    name = db.session.scalar(db.text(kept))
    db.session.execute(db.text("SET LOCAL plan_cache_mode = force_generic_plan"))
    explain = f'EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE "{name}" ({member.id}, {2**62})'
    plan = db.session.connection().exec_driver_sql(explain).scalar_one()
    assert most_rows(plan[0]["Plan"]) < 100


def most_rows(plan):
    """Return the most rows that a step of a plan gave."""
    return max(plan["Actual Rows"], *(most_rows(step) for step in plan.get("Plans", [])), 0)


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
