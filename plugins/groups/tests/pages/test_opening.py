"""Opening a group through the pages, with those before one's eyes that are like it."""

import io
import re

import pytest
from parvis.api import db, media, variant_key
from parvis_groups.models import Group, Proposal
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import (
    role_in,
)
from parvis_social.notification.list import list_notifications
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin)
HTMX = {"HX-Request": "true"}
NEW = {"name": "Photo club", "purpose": "Pictures", "access": "open", "scope": "company", "theme": "leisure"}


def groups():
    return db.session.scalars(db.select(Group).order_by(Group.place_id)).all()


def field(text, name):
    """Return what a control holds."""
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', text)[1]


def test_a_group_is_opened_and_leads_to_inviting(people, member):
    answer = people.browser(member).post(
        "/groups/new", data={**NEW, "tags": "light, #Sunday", "description": "**Hi**"}
    )
    (group,) = groups()
    assert (answer.status_code, answer.location) == (303, "/groups/photo-club/invite")
    assert (group.place.name, group.theme, group.tags) == ("Photo club", "leisure", ["light", "Sunday"])
    assert (role_in(group.place_id, member.id), group.description_html) == (
        "owner",
        "<p><strong>Hi</strong></p>",
    )


def test_similar_groups_are_shown_once_before_another_is_opened(make_group, people, member, other):
    near = make_group("Club photo", other)
    browser = people.browser(member)
    first = browser.post("/groups/new", data=NEW)
    assert (first.status_code, len(groups())) == (200, 1)
    assert ("There is a group like this" in first.text, field(first.text, "name")) == (True, "Photo club")
    unsaid = browser.post("/groups/new", data={**NEW, "shown": str(near.place_id)})
    assert (unsaid.status_code, "Please say what is different about yours." in unsaid.text) == (422, True)
    said = {**NEW, "shown": str(near.place_id), "difference": "For beginners"}
    assert browser.post("/groups/new", data=said).status_code == 303
    assert [group.difference for group in groups()] == ["", "For beginners"]
    assert "For beginners" in browser.get("/groups/photo-club/about").text


def test_one_joins_a_similar_group_instead(make_group, people, member, other):
    near = make_group("Club photo", other)
    sent = {"join": near.place.slug, "shown": str(near.place_id), "name": "Photo"}
    assert people.browser(member).post("/groups/similar", data=sent).location == "/groups/club-photo"
    assert role_in(near.place_id, member.id) == "member"


def test_instead_of_joining_a_closed_similar_group_one_asks(make_group, people, member, other):
    near = make_group("Club photo", other, access="closed")
    sent = {"join": near.place.slug, "shown": str(near.place_id)}
    assert people.browser(member).post("/groups/similar", data=sent).location == "/groups/club-photo/ask"


def test_one_proposes_to_the_owners_what_one_had_in_mind(make_group, people, member, other, deliver):
    near = make_group("Club photo", other)
    browser, owner = people.browser(member), people.browser(other)
    typed = {
        **NEW,
        "shown": str(near.place_id),
        "purpose": "Tins",
        "difference": "No lens",
        "description": "Hm",
    }
    words = browser.post("/groups/club-photo/propose", data=typed).text
    assert "Photo club – Tins\n\nNo lens\n\nHm</textarea>" in words.replace("\r", "")
    assert (field(words, "shown"), db.session.scalars(db.select(Proposal.text)).all()) == (
        str(near.place_id),
        [],
    )
    unsaid = browser.post("/groups/club-photo/propose", data={"text": " "})
    assert (unsaid.status_code, "Please say what you would like there." in unsaid.text) == (422, True)
    sent = {"text": "Pinhole, please", "shown": str(near.place_id)}
    assert browser.post("/groups/club-photo/propose", data=sent).location == "/groups/club-photo"
    deliver()
    assert [each.url for each in list_notifications(other).notifications] == ["/groups/club-photo/requests"]
    page = owner.get("/groups/club-photo/requests").text
    assert ("Pinhole, please" in page, member.person.display_name in page) == (True, True)
    away = re.search(r'action="(/groups/club-photo/proposals/\d+)"', page)[1]
    assert browser.post(away).status_code == 404
    assert owner.post(away).status_code == 303
    assert "Nothing waits for you" in owner.get("/groups/club-photo/requests").text


def test_similar_groups_appear_while_the_name_is_typed(make_group, people, member, other):
    make_group("Club photo", other)
    browser = people.browser(member)
    shown = browser.get("/groups/similar?name=phot", headers=HTMX).text
    assert ("<html" in shown, "Club photo" in shown) == (False, True)
    assert "Club photo" not in browser.get("/groups/similar?name=chess", headers=HTMX).text
    assert browser.get("/groups/similar?name=" + "x" * 5000).status_code == 200


def test_a_form_that_is_sent_twice_opens_one_group(people, member):
    browser = people.browser(member)
    key = field(browser.get("/groups/new").text, "form_key")
    answers = [browser.post("/groups/new", data={**NEW, "form_key": key}).location for _ in range(2)]
    assert (answers, len(groups())) == (["/groups/photo-club/invite"] * 2, 1)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "Please give the group a name."),
        ({"purpose": ""}, "Please say in one line what it is for."),
        ({"purpose": "x" * 201}, "This is too long"),
        ({"scope": "site"}, "Please choose the site or department"),
        ({"access": "ajar"}, "Please choose one of these."),
        ({"tags": ",".join(f"tag{number}" for number in range(11))}, "At most 10 tags"),
        ({"second_name": "x" * 161}, "This is too long"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost(people, member, wrong, sentence):
    kept = {**NEW, "description": "Kept as typed", **wrong}
    answer = people.browser(member).post("/groups/new", data=kept)
    assert (answer.status_code, groups()) == (422, [])
    assert (sentence in answer.text, "Kept as typed" in answer.text) == (True, True)
    assert re.search(r'value="leisure" checked', answer.text)


def test_ones_own_site_is_chosen_beforehand(people):
    member = people.member("Ada", site="Lannion", department="Fibre")
    member.person.site.headcount = 1
    db.session.commit()
    browser = people.browser(member)
    assert f'<option selected value="{member.person.site_id}">Lannion' in browser.get("/groups/new").text
    browser.post("/groups/new", data={**NEW, "scope": "site", "site": str(member.person.site_id)})
    assert [group.unit.name for group in groups()] == ["Lannion"]


def test_a_picture_is_kept_with_the_group_and_replaced(people, member, picture, deliver):
    browser = people.browser(member)
    sent = {**NEW, "picture": (picture(), "us.jpg")}
    assert browser.post("/groups/new", data=sent, content_type="multipart/form-data").status_code == 303
    key = groups()[0].place.picture_key
    page = browser.get("/groups/photo-club").text
    assert "/groups/photo-club/picture/192" in page
    assert browser.get("/groups/photo-club/picture/192").mimetype == "image/jpeg"
    again = {"picture": (picture(), "me.png")}
    browser.post("/groups/photo-club/settings/picture", data=again, content_type="multipart/form-data")
    db.session.expire_all()
    assert groups()[0].place.picture_key not in (None, key)
    assert media().get(variant_key(key, "96"))
    deliver()
    with pytest.raises(KeyError):
        media().get(variant_key(key, "96"))
    browser.post("/groups/photo-club/settings/picture", data={"remove": "1"})
    db.session.expire_all()
    assert groups()[0].place.picture_key is None


def test_what_is_no_picture_is_refused_beside_the_field(people, member):
    sent = {**NEW, "picture": (io.BytesIO(b"<svg/>"), "us.svg")}
    answer = people.browser(member).post("/groups/new", data=sent, content_type="multipart/form-data")
    assert (answer.status_code, groups()) == (422, [])
    assert "SVG files cannot be shown here" in answer.text
    assert re.search(r'<details class="gr-more" open>', answer.text)
