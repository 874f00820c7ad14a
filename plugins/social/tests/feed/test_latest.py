"""What somebody published last stands on their profile, a line each."""

import pytest
from parvis.api import db
from parvis_social.api import post
from parvis_social.content.delete import delete
from parvis_social.feed.latest import acquaintance
from parvis_social.place.follow import follow_person
from parvis_social.place.models import Access
from parvis_social.place.wall import wall_of
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin)


@pytest.mark.both_databases
def test_the_latest_that_one_may_read_come_first_each_with_its_place_or_none_on_a_wall(
    make_place, member, other
):
    club, den = make_place("club", other), make_place("den", other, access=Access.CLOSED)
    wall = wall_of(other.person)
    for text, place in (("First", club), ("Mine", wall), ("Within", den), ("Gone", club), ("Last", wall)):
        made = post(place=place, text=text, actor=other)
        if text == "Gone":
            delete(content=made, actor=other)
    db.session.commit()

    def told(viewer, limit):
        found = acquaintance(other.id, viewer=viewer, limit=limit).latest
        return [(each.said, each.place) for each in found]

    last, within = ("Last", None), ("Within", den.name)
    mine, first = ("Mine", None), ("First", club.name)
    assert told(member, 5) == [last, mine, first]
    assert told(other, 3) == [last, within, mine]


def test_what_has_a_title_is_told_by_it(make_place, member, other):
    made = post(place=make_place("club", other), text="A long text", actor=other)
    made.title = "In short"
    db.session.commit()
    (line,) = acquaintance(other.id, viewer=member).latest
    assert (line.said, line.url) == ("In short", f"/contents/{made.id}")


@pytest.mark.both_databases
def test_who_published_nothing_is_followed_all_the_same(member, other):
    assert acquaintance(other.id, viewer=member).follows is False
    follow_person(person=other.person, actor=member)
    found = acquaintance(other.id, viewer=member)
    assert (found.latest, found.follows) == ([], True)
    assert acquaintance(member.id, viewer=other).follows is False
