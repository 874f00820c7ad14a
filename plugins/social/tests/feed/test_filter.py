"""The filters of the home feed are those that the kinds of places in use ask for."""

from collections.abc import Iterable

import pytest
from parvis.api import NoSettings, Plugin, db, hookimpl
from parvis_social.api import PlaceKind, post
from parvis_social.content.models import Content
from parvis_social.feed.stream import ORDERS, filters, home_feed
from parvis_social.place.follow import follow_person, follow_place
from parvis_social.place.models import Place
from parvis_social.place.wall import wall_of
from parvis_social.plugin import SocialPlugin


class Halls(Plugin[NoSettings]):
    """Brings two kinds of places."""

    name = "halls"
    requires = ("social",)

    @hookimpl
    def register_place_kinds(self) -> Iterable[PlaceKind]:
        yield PlaceKind("hall", "Hall", lambda slug: f"/halls/{slug}", "groups", "people")
        yield PlaceKind("stage", "Stage", lambda slug: f"/stages/{slug}", "leaders", "person")


pytestmark = pytest.mark.plugins(social=SocialPlugin, halls=Halls)


@pytest.mark.both_databases
@pytest.mark.parametrize("order", ORDERS)
def test_a_filter_shows_places_of_its_kinds_and_people_those_one_follows(
    make_place, people, member, other, order
):
    third = people.member()
    hall, stage, far = make_place("h", other, kind="hall"), make_place("s", other, kind="stage"), None
    far = make_place("far", third, kind="hall")
    wall = wall_of(other.person)
    for place in (hall, stage, wall):
        follow_place(place=place, actor=member)
    follow_person(person=third.person, actor=member)
    written = {
        "hall": post(place=hall, text="In the hall", actor=other),
        "stage": post(place=stage, text="On stage", actor=other),
        "wall": post(place=wall, text="On a wall", actor=other),
        "third": post(place=far, text="Far away", actor=third),
        "own": post(place=wall, text="My words", actor=member),
    }
    db.session.commit()
    names = {made.id: name for name, made in written.items()}

    def shown(chosen):
        return [names[card.id] for card in home_feed(member, order=order, chosen=chosen).cards]

    assert filters() == ["all", "groups", "people", "leaders", "unread"]
    assert {chosen: shown(chosen) for chosen in filters()} == {
        "all": ["own", "third", "wall", "stage", "hall"],
        "groups": ["hall"],
        "people": ["own", "third", "wall"],
        "leaders": ["stage"],
        "unread": ["own", "third", "wall", "stage", "hall"],
    }


def test_a_filter_that_is_no_longer_offered_shows_all(make_place, people, member, other):
    hall = make_place("h", other, member, kind="hall")
    post(place=hall, text="In the hall", actor=other)
    db.session.commit()
    browser = people.browser(member)
    browser.get("/")
    browser.post("/feed/choices", data={"filter": "leaders"})
    assert "In the hall" not in browser.get("/").text
    browser.post("/feed/choices", data={"filter": "all"})
    assert "In the hall" in browser.get("/").text


@pytest.mark.both_databases
def test_places_of_a_plugin_that_is_gone_are_nowhere(make_place, member, other):
    hall = make_place("h", other, member, kind="hall")
    post(place=hall, text="In the hall", actor=other)
    db.session.execute(db.update(Place).where(Place.id == hall.id).values(kind="gone"))
    db.session.commit()
    follow_person(person=other.person, actor=member)
    assert db.session.scalar(db.select(db.func.count()).select_from(Content)) == 1
    for order in ORDERS:
        for chosen in filters():
            assert home_feed(member, order=order, chosen=chosen).cards == []
