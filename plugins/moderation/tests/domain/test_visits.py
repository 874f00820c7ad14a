"""Closed places are entered with a reason, for a time, before everybody's eyes, and only to read."""

from datetime import timedelta

import pytest
from parvis.api import Invalid, Member, NotAllowed, NotFound, Plugin, db, hookimpl, utcnow
from parvis.migration import downgrade, histories, upgrade
from parvis_moderation.domain.log import Filter, list_log
from parvis_moderation.domain.visit import end_due, enter, leave, list_visits, place_at
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.api import Place, PlaceKind, get_content_for, post, remove_member, role_in
from parvis_social.api import comment as write
from parvis_social.plugin import SocialPlugin


class KioskPlugin(Plugin):
    """A kind of place, which moderation does not know."""

    name = "kiosk"
    requires = ("social",)

    @hookimpl
    def register_place_kinds(self):
        """A kiosk."""
        yield PlaceKind("kiosk", "Kiosk", lambda slug: f"/kiosks/{slug}", "groups", "house")


pytestmark = pytest.mark.plugins(social=SocialPlugin, kiosk=KioskPlugin, moderation=ModerationPlugin)


@pytest.fixture
def attic(make_place, member, other):
    """Make a closed place that Bob owns, with a post by Ada in it."""
    place = make_place("attic", other, member, kind="kiosk", access="closed")
    written = post(place=place, text="Ours", actor=member)
    db.session.commit()
    return place, written


@pytest.mark.both_databases
def test_a_visitor_reads_for_a_time_and_owners_are_told_why(attic, people, administrator, other, deliver):
    place, written = attic
    with pytest.raises(NotFound):
        get_content_for(administrator, written.id)
    visit = enter(place=place, reason="A complaint", hours=1, actor=administrator)
    db.session.commit()
    assert get_content_for(administrator, written.id).content.id == written.id
    deliver()
    told = people.browser(other).get("/notifications").text
    assert "Carla Administrator visits Attic: A complaint" in told
    end_due()
    assert role_in(place.id, administrator.id) is not None
    visit.until = utcnow() - timedelta(seconds=1)
    db.session.commit()
    end_due()
    end_due()
    db.session.commit()
    with pytest.raises(NotFound):
        get_content_for(administrator, written.id)
    logged = [(entry.what, entry.reason) for entry in list_log(Filter(what="moderation.visit"))[0]]
    assert logged == [("moderation.visit_ended", ""), ("moderation.visit", "A complaint")]


def test_a_visitor_writes_nothing(attic, administrator):
    place, written = attic
    enter(place=place, reason="A complaint", hours=1, actor=administrator)
    for act in (
        lambda: post(place=place, text="Hello", actor=administrator),
        lambda: write(root=written, text="Hello", actor=administrator),
    ):
        with pytest.raises(NotAllowed, match="visitor"):
            act()
    assert place.members_count == 2


def test_who_was_shown_out_may_come_again_with_another_reason(attic, administrator, other):
    place, _written = attic
    enter(place=place, reason="A complaint", hours=1, actor=administrator)
    remove_member(place=place, person_id=administrator.id, actor=other)
    assert list_visits(administrator) == []
    again = enter(place=place, reason="Another one", hours=24, actor=administrator)
    assert list_visits(administrator) == [again]
    end_due()
    assert role_in(place.id, administrator.id) == "visitor"


def test_only_who_oversees_enters_with_a_reason_and_for_a_time_that_there_is(
    attic, make_place, member, other, administrator, people
):
    place, _written = attic
    stranger = people.member("Dan Stranger")
    with pytest.raises(NotFound):
        enter(place=place, reason="I am curious", hours=1, actor=stranger)
    for reason, hours, field in ((" ", 1, "reason"), ("x" * 301, 1, "reason"), ("Why", 2, "hours")):
        with pytest.raises(Invalid) as refusal:
            enter(place=place, reason=reason, hours=hours, actor=administrator)
        assert refusal.value.field == field
    square = make_place("square", other, kind="kiosk")
    with pytest.raises(NotAllowed, match="open to you anyway"):
        enter(place=square, reason="Why", hours=1, actor=administrator)
    enter(place=place, reason="Why", hours=1, actor=administrator)
    with pytest.raises(NotAllowed, match="open to you anyway"):
        enter(place=place, reason="Why", hours=1, actor=administrator)


def test_a_place_is_found_by_its_address(attic, make_place, other):
    place, _written = attic
    make_place("square", other, kind="kiosk")
    for address in ("/kiosks/attic", "https://parvis.example/kiosks/attic/", " /kiosks/attic "):
        assert place_at(address).id == place.id
    for address in ("", "/kiosks/square", "/kiosks/nowhere", "/people/attic", "https://evil.example"):
        with pytest.raises(Invalid, match="no closed group"):
            place_at(address)


def test_through_the_pages_and_from_a_case(attic, people, member, other, administrator, case_of):
    place, written = attic
    third = people.member("Eve Third")
    browser = people.browser(administrator)
    assert people.browser(third).get("/moderation/visit").status_code == 404
    refused = browser.post("/moderation/visit", data={"address": "/kiosks/nowhere", "reason": "Kept"})
    assert (refused.status_code, "Kept" in refused.text) == (422, True)
    assert f"place={place.id}" not in browser.get("/moderation/visit").text
    assert "Attic" not in browser.get(f"/moderation/visit?place={place.id}").text  # nothing is reported there
    case = case_of(other, written, reason="hurtful")
    assert f"/moderation/visit?place={place.id}" in browser.get(f"/moderation/cases/{case.id}").text
    assert "Attic" in browser.get(f"/moderation/visit?place={place.id}").text
    sent = {"reason": "To understand", "hours": "4"}
    assert browser.post(f"/moderation/visit?place={place.id}", data=sent).location == "/kiosks/attic"
    assert "To understand" in browser.get("/moderation/visit").text
    assert browser.get(f"/contents/{written.id}").status_code == 200
    assert people.browser(third).post("/moderation/visits/1/end").status_code == 404
    browser.get("/moderation/visit")
    assert browser.post("/moderation/visits/1/end").status_code == 303
    assert browser.get(f"/contents/{written.id}").status_code == 404


@pytest.mark.both_databases
def test_a_visit_that_is_begun_or_ended_twice_at_once_is_one(attic, administrator, at_once):
    place_id, who = attic[0].id, administrator.id

    def begin():
        place, actor = db.session.get_one(Place, place_id), db.session.get_one(Member, who)
        return enter(place=place, reason="Why", hours=1, actor=actor).id

    made = [each for each in at_once(begin, begin, begin) if not isinstance(each, NotAllowed)]
    assert len(made) == 1
    end = lambda: leave(visit_id=made[0], actor=db.session.get_one(Member, who))  # noqa: E731
    assert at_once(end, end, end) == [None] * 3
    assert [entry.what for entry in list_log(Filter(what="moderation.visit"))[0]] == [
        "moderation.visit_ended", "moderation.visit"
    ]  # fmt: skip


def test_one_leaves_only_ones_own_visit(attic, member, administrator):
    place, _written = attic
    visit = enter(place=place, reason="Why", hours=1, actor=administrator)
    with pytest.raises(NotFound):
        leave(visit_id=visit.id, actor=member)
    leave(visit_id=visit.id, actor=administrator)
    leave(visit_id=visit.id, actor=administrator)
    assert role_in(place.id, administrator.id) is None


@pytest.mark.both_databases
def test_who_visits_while_the_site_is_upgraded_becomes_a_visitor(attic, administrator):
    place, _written = attic
    enter(place=place, reason="Why", hours=1, actor=administrator)
    db.session.commit()
    history = histories([ModerationPlugin])[1]
    found = []
    for move in (lambda: downgrade(history, to="0007"), lambda: upgrade(history)):
        move()
        db.session.expire_all()
        found.append((role_in(place.id, administrator.id), db.session.get(Place, place.id).members_count))
        db.session.commit()
    assert found == [("member", 3), ("visitor", 2)]
