"""Following places, people and tags; levels and mutes; and who may not."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from parvis.api import EventRecord, Invalid, NotFound, db, utcnow
from parvis.statement import EXTENSION
from parvis_social.content.post import post
from parvis_social.content.tag import get_tag_for
from parvis_social.place import reader
from parvis_social.place.change import change_access
from parvis_social.place.follow import (
    follow_of,
    follow_person,
    follow_place,
    follow_tag,
    followed_people,
    followed_places,
    followed_tags,
    follows_person,
    mute,
    set_level,
    unfollow_person,
    unfollow_place,
    unfollow_tag,
    unmute,
)
from parvis_social.place.membership import add_member, remove_member
from parvis_social.place.models import Access, Level, Membership, Place
from parvis_social.place.reader import my_places
from parvis_social.place.wall import wall_of
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin)
HTMX = {"HX-Request": "true"}


def facts(kind):
    query = db.select(EventRecord.person_id, EventRecord.place_id).where(EventRecord.kind == kind)
    return [tuple(row) for row in db.session.execute(query.order_by(EventRecord.id))]


@pytest.mark.both_databases
def test_a_place_is_followed_once_as_it_says_and_no_longer(make_place, member, other):
    place = make_place("club", other)
    place.level = Level.ALL
    post(place=place, text="First", actor=other)
    for _ in range(2):
        follow_place(place=place, actor=member)
    assert follow_of(place.id, member) == (Level.ALL, None)
    assert [(each.place.id, each.unread) for each in my_places(member)] == [(place.id, False)]
    for _ in range(2):
        unfollow_place(place=place, actor=member)
    assert (follow_of(place.id, member), my_places(member)) == (None, [])
    assert (facts("social.followed"), facts("social.unfollowed")) == ([(None, place.id)], [(None, place.id)])


@pytest.mark.parametrize("access", [Access.CLOSED, Access.SECRET])
def test_only_its_members_follow_what_is_closed(make_place, member, other, access):
    place = make_place("den", other, access=access)
    with pytest.raises(NotFound):
        follow_place(place=place, actor=member)
    add_member(place=place, person_id=member.id, actor=other)
    assert follow_of(place.id, member) == (Level.MENTIONS, None)
    unfollow_place(place=place, actor=member)
    assert db.session.get(Membership, (member.id, place.id)) is not None
    follow_place(place=place, actor=member)
    remove_member(place=place, person_id=member.id, actor=other)
    assert (follow_of(place.id, member), my_places(member)) == (None, [])


@pytest.mark.both_databases
def test_who_is_no_member_follows_no_longer_what_is_closed(make_place, member, other, people):
    place = make_place("club", other)
    third = people.member("Third One")
    follow_place(place=place, actor=member)
    add_member(place=place, person_id=third.id, actor=third)
    change_access(place=place, access=Access.CLOSED, actor=other)
    assert [len(my_places(each)) for each in (member, other, third)] == [0, 1, 1]


@pytest.mark.both_databases
def test_places_come_by_their_newest_and_muted_ones_last(make_place, member, other):
    places = [make_place(slug, other, member) for slug in ("one", "two", "three")]
    for place in places:
        post(place=place, text="News", actor=other)
    mute(place=places[2], until=utcnow() + timedelta(hours=1), actor=member)
    mute(place=places[0], until=utcnow() - timedelta(hours=1), actor=member)
    found = my_places(member)
    assert [(each.place.slug, each.unread, each.muted_until is None) for each in found] == [
        ("two", True, True), ("one", True, True), ("three", False, False),
    ]  # fmt: skip
    assert [each.place.slug for each in my_places(member, limit=1)] == ["two"]
    unmute(place=places[2], actor=member)
    assert my_places(member)[0].place.slug == "three"


@pytest.mark.both_databases
@pytest.mark.parametrize("near", [1, 4, 1000])
def test_who_follows_much_is_shown_the_same_places(app, make_place, member, other, people, near, monkeypatch):
    chance, third = Random(near), people.member("Third One")
    readers = (member, other, third)
    places = [
        make_place(f"place-{number}", third, access=chance.choice(list(Access))) for number in range(12)
    ]
    for place in places:
        for each in readers[:2]:
            if chance.random() < 0.7:
                add_member(place=place, person_id=each.id, actor=third)
                if chance.random() < 0.3:
                    hours = chance.choice((-1, 1))
                    mute(place=place, until=utcnow() + timedelta(hours=hours), actor=each)
    for place in chance.choices(places, k=10):
        post(place=place, text="News", actor=third)
    closing = next(place for place in places if place.access == Access.OPEN)
    follow_place(place=closing, actor=member)
    db.session.execute(db.delete(Membership).where(Membership.person_id == member.id).where(here(closing)))
    db.session.execute(db.update(Place).where(Place.id == closing.id).values(access=Access.SECRET))
    db.session.commit()
    limits = (1, 3, 8, 30)
    usual = [my_places(each, limit=limit) for each in readers for limit in limits]
    monkeypatch.setattr(reader, "MANY", 0)
    monkeypatch.setattr(reader, "NEAR", near)
    app.extensions[EXTENSION].clear()  # what is prepared knows the numbers
    for _time in range(2):  # then it is known that they follow much
        assert [my_places(each, limit=limit) for each in readers for limit in limits] == usual
    assert app.extensions[reader.BUSY] == {each.id for each in readers}
    assert closing.id not in {each.place.id for each in my_places(member)}


def here(place):
    return Membership.place_id == place.id


def test_walls_of_colleagues_are_no_groups(member, other):
    follow_place(place=wall_of(other.person), actor=member)
    assert (my_places(member), len(followed_places(member))) == ([], 1)


def test_who_does_not_follow_has_nothing_to_choose(make_place, member, other):
    place = make_place("club", other)
    for choose in (
        lambda: set_level(place=place, level=Level.ALL, actor=member),
        lambda: mute(place=place, until=None, actor=member),
        lambda: set_level(place=place, level="loud", actor=other),
    ):
        with pytest.raises(Invalid):
            choose()


def test_what_is_muted_for_good_stays_so(make_place, member, other):
    place = make_place("club", other, member)
    mute(place=place, until=None, actor=member)
    assert follow_of(place.id, member).muted_until.year == 9999


@pytest.mark.both_databases
def test_people_are_followed_once_and_nobody_themselves(member, other):
    for _ in range(2):
        follow_person(person=other.person, actor=member)
    assert [face.id for face in followed_people(member)] == [other.id]
    assert (follows_person(other.id, member), follows_person(member.id, other)) == (True, False)
    with pytest.raises(Invalid):
        follow_person(person=member.person, actor=member)
    other.person.present = False
    db.session.flush()
    assert followed_people(member) == []
    unfollow_person(person=other.person, actor=member)
    unfollow_person(person=other.person, actor=member)
    assert (facts("social.followed"), facts("social.unfollowed")) == ([(other.id, None)], [(other.id, None)])


def test_tags_are_followed_and_no_longer(make_place, member, other):
    post(place=make_place("club", other), text="#Été #bread", actor=other)
    for name in ("ete", "bread"):
        follow_tag(tag=get_tag_for(member, name), actor=member)
    assert [tag.label for tag in followed_tags(member)] == ["bread", "Été"]
    unfollow_tag(tag=get_tag_for(member, "bread"), actor=member)
    assert [tag.label for tag in followed_tags(member)] == ["Été"]


# --- Pages --------------------------------------------------------------------------------------------------


def test_following_in_place_answers_with_the_choices_and_elsewhere_leads_back(
    make_place, people, member, other
):
    place = make_place("club", other)
    browser = people.browser(member)
    answer = browser.post(f"/places/{place.id}/follow", headers=HTMX)
    assert (answer.status_code, f'id="following-{place.id}"' in answer.text) == (200, True)
    assert ("No longer follow" in answer.text, "<html" in answer.text) == (True, False)
    assert browser.post(f"/places/{place.id}/level", data={"level": "all"}).location == "/people/club/wall"
    away = {"take_back": "1", "next": "/following"}
    assert browser.post(f"/places/{place.id}/follow", data=away).location == "/following"
    away["next"] = "//elsewhere.example"
    assert browser.post(f"/places/{place.id}/follow", data=away).location == "/people/club/wall"


@pytest.mark.parametrize("act", ["follow", "level", "mute"])
@pytest.mark.parametrize(("access", "status"), [(Access.CLOSED, 422), (Access.SECRET, 404)])
def test_what_is_not_open_to_one_is_neither_followed_nor_muted(
    make_place, people, member, other, act, access, status
):
    place = make_place("den", other, access=access)
    answer = people.browser(member).post(f"/places/{place.id}/{act}", data={"level": "all"})
    assert (answer.status_code, "Den" in answer.text) == (
        404 if act == "follow" else status,
        act != "follow" and access == Access.CLOSED,
    )
    assert follow_of(place.id, member) is None


def test_today_ends_at_midnight_where_one_is(make_place, people, member, other):
    place = make_place("club", other, member)
    member.timezone = "Asia/Tokyo"
    db.session.commit()
    people.browser(member).post(f"/places/{place.id}/mute", data={"how_long": "today"})
    until = follow_of(place.id, member).muted_until.astimezone(ZoneInfo("Asia/Tokyo"))
    today = datetime.now(ZoneInfo("Asia/Tokyo")).date()
    assert (until.hour, until.minute, until.date()) == (0, 0, today + timedelta(days=1))


def test_a_mute_of_a_length_that_nobody_offers_is_refused(make_place, people, member, other):
    place = make_place("club", other, member)
    answer = people.browser(member).post(f"/places/{place.id}/mute", data={"how_long": "day"})
    assert (answer.status_code, follow_of(place.id, member).muted_until) == (422, None)


@pytest.mark.parametrize(("how_long", "hours"), [("hour", 1), ("week", 168)])
def test_a_mute_lasts_as_long_as_said(make_place, people, member, other, how_long, hours):
    place = make_place("club", other, member)
    people.browser(member).post(f"/places/{place.id}/mute", data={"how_long": how_long})
    lasts = follow_of(place.id, member).muted_until - utcnow()
    assert timedelta(hours=hours, minutes=-1) < lasts <= timedelta(hours=hours)


def test_a_person_and_a_tag_are_followed_in_place(make_place, people, member, other):
    post(place=make_place("club", other), text="#bread", actor=other)
    db.session.commit()
    browser = people.browser(member)
    for path, key in (
        (f"/people/{other.person.handle}/follow", f"person-{other.id}"),
        ("/tags/bread/follow", "tag"),
    ):
        followed = browser.post(path, headers=HTMX).text
        assert (f'id="follow-{key}' in followed, 'name="take_back"' in followed) == (True, True)
        assert 'name="take_back"' not in browser.post(path, data={"take_back": "1"}, headers=HTMX).text


@pytest.mark.parametrize("count", [1, 3])
def test_what_one_follows_costs_the_same_for_one_and_three(
    make_place, people, member, other, count_queries, count
):
    for number in range(count):
        post(place=make_place(f"club-{number}", other, member), text=f"#tag{number}", actor=other)
        follow_person(person=people.person(), actor=member)
        follow_tag(tag=get_tag_for(member, f"tag{number}"), actor=member)
    db.session.commit()
    browser = people.browser(member)
    browser.get("/following")
    with count_queries(exactly=5):
        text = browser.get("/following").text
    assert [text.count(each) for each in ("/mute", 'id="follow-person', 'id="follow-tag')] == [
        each * count for each in (8, 2, 2)
    ]


def test_more_than_a_page_comes_by_itself_without_the_rest_again(make_place, people, member, other):
    for number in range(22):
        place = make_place(f"club-{number:02}", other, member)
        place.name = f"{'Cc'[number % 2]}lub-{number:02}"
    for _ in range(52):
        follow_person(person=people.person(), actor=member)
    db.session.commit()
    browser = people.browser(member)
    whole = browser.get("/following").text
    for address, marks in (
        (f"/following?after={followed_people(member)[49].id}", 2),
        (f"/following?places={followed_places(member)[19].place.id}&amp;name=club-19", 2),
    ):
        assert address in whole
        more = browser.get(address.replace("&amp;", "&"), headers=HTMX).text
        assert (more.count("<li"), more.count("data-item")) == (marks, marks)
    assert [each.place.slug[-2:] for each in followed_places(member)] == [f"{n:02}" for n in range(21)]
    assert ("club-21" in more, "club-19" in more) == (True, False)


# --- Walls --------------------------------------------------------------------------------------------------


def test_a_wall_is_written_on_by_colleagues_and_read_by_all(people, member, other):
    browser, address = people.browser(member), f"/people/{other.person.handle}/wall"
    assert db.session.scalars(db.select(Place)).all() == []
    assert "Nothing here yet" in browser.get(address).text
    assert db.session.scalars(db.select(Place)).all() == []
    assert browser.post(address, data={"text": "Welcome *back*"}).status_code == 303
    text = people.browser(people.member("Third One")).get(address).text
    assert ("<em>back</em>" in text, member.person.display_name in text) == (True, True)


def test_activity_shows_what_one_may_read_of_what_they_published_anywhere(make_place, people, member, other):
    for slug, access in (("club", Access.OPEN), ("den", Access.CLOSED), ("cave", Access.SECRET)):
        post(place=make_place(slug, other, access=access), text=f"From the {slug}", actor=other)
    add_member(
        place=db.session.scalars(db.select(Place).filter_by(slug="cave")).one(),
        person_id=member.id,
        actor=other,
    )
    db.session.commit()
    third = people.member("Third One")
    for viewer, expected in ((member, [1, 0, 1]), (third, [1, 0, 0]), (other, [1, 1, 1])):
        for address in (f"/people/{other.person.handle}/wall?all=1", f"/people/{other.person.handle}"):
            text = people.browser(viewer).get(address).text
            assert [text.count(f"From the {slug}") for slug in ("club", "den", "cave")] == expected


def test_who_left_has_no_wall(people, member, other):
    other.person.present = False
    db.session.commit()
    browser, handle = people.browser(member), other.person.handle
    assert browser.get(f"/people/{handle}/wall").status_code == 404
    assert browser.post(f"/people/{handle}/wall", data={"text": "Hello?"}).status_code == 404
    assert browser.post(f"/people/{handle}/follow").status_code == 404
    assert db.session.scalars(db.select(Place)).all() == []
