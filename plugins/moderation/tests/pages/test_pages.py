"""The pages: reporting, the queue and a case, deciding, what who is concerned reads, the open record."""

import pytest
from parvis.api import Plugin, add_photo, db, hookimpl, prepare_photo
from parvis.testing.portrait import portrait
from parvis_moderation.domain.decide import decide
from parvis_moderation.models import Act, Case, Decision
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.api import PlaceKind, post
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


def test_a_post_a_comment_and_a_profile_are_reported_in_two_clicks(posted, people, member, other):
    root, said = posted
    reader, author = people.browser(member), people.browser(other)
    page = reader.get(f"/contents/{root.id}").text
    assert f'href="/moderation/report/content/{root.id}"' in page
    assert f'href="/moderation/report/comment/{said.id}"' not in page  # her own
    assert f'href="/moderation/report/comment/{said.id}"' in author.get(f"/contents/{root.id}").text
    assert f'href="/moderation/report/content/{root.id}"' in reader.get("/").text
    profile = f"/moderation/report/profile/{other.id}"
    assert profile in reader.get(f"/people/{other.person.handle}").text
    assert profile not in author.get(f"/people/{other.person.handle}").text
    form = reader.get(f"/moderation/report/content/{root.id}").text
    assert ("Quokkapost" in form, 'name="reason" value="hurtful"' in form) == (True, True)
    sent = reader.post(f"/moderation/report/content/{root.id}", data={"reason": "other", "note": "See"})
    assert sent.location == "/moderation/reports"
    mine = reader.get("/moderation/reports").text
    assert ("Quokkapost" in mine, "Being looked at" in mine, "Thank you." in mine) == (True, True, True)
    assert author.get(f"/moderation/report/content/{root.id}").status_code == 200
    refused = author.post(f"/moderation/report/content/{root.id}", data={"reason": "other", "note": "Kept"})
    assert (refused.status_code, "your own" in refused.text, "Kept" in refused.text) == (422, True, True)
    again = reader.post(f"/moderation/report/content/{root.id}", data={"reason": "other"})
    assert again.location == "/moderation/reports"
    assert "You have reported this already" in reader.get("/moderation/reports").text


def test_a_report_without_a_reason_keeps_the_note(posted, member_client):
    root, _said = posted
    refused = member_client.post(f"/moderation/report/content/{root.id}", data={"note": "Typed"})
    assert (refused.status_code, "Please choose a reason" in refused.text, "Typed" in refused.text) == (
        422, True, True,
    )  # fmt: skip


@pytest.mark.parametrize("path", ["nothing/1", "content/99", "profile/99", "photo/99"])
def test_what_is_not_there_is_not_reported(member_client, path):
    assert member_client.get(f"/moderation/report/{path}").status_code == 404
    answer = member_client.post(f"/moderation/report/{path}", data={"reason": "other"})
    assert answer.status_code == 404


def test_one_of_the_photos_of_a_profile_is_chosen_there(people, member, other, administrator):
    prepared = prepare_photo(data=portrait("a", 300), filename="a.jpg", actor=other)
    photo = add_photo(actor=other, prepared=prepared, alternative="On the beach")
    db.session.commit()
    browser = people.browser(member)
    page = browser.get(f"/moderation/report/profile/{other.id}").text
    assert f'name="photo" value="{photo.id}"' in page
    data = {"reason": "consent", "photo": str(photo.id)}
    browser.post(f"/moderation/report/profile/{other.id}", data=data)
    [case] = db.session.query(Case)
    assert (case.kind, case.subject_id) == ("photo", photo.id)
    shown = people.browser(administrator).get(f"/moderation/cases/{case.id}").text
    assert ("Remove the photo" in shown, f"/photos/{photo.id}/medium.jpg" in shown) == (True, True)


def test_the_queue_is_there_for_who_decides_and_for_nobody_else(
    make_place, people, member, other, administrator, case_of
):
    owner = people.member("Olga Owner")
    place = make_place("club", owner, member, other, kind="kiosk")
    mild, severe = (post(place=place, text=text, actor=other) for text in ("Quokkamild", "Quokkasevere"))
    db.session.commit()
    case = case_of(member, mild, note="Between us")
    case_of(member, severe, reason="hurtful")
    assert people.browser(member).get("/moderation").status_code == 404
    theirs = people.browser(owner).get("/moderation").text
    assert ("Quokkamild" in theirs, "Quokkasevere" in theirs) == (True, False)
    manager = people.browser(administrator)
    queue = manager.get("/moderation").text
    assert ("Quokkamild" in queue, "Quokkasevere" in queue, "Club" in queue) == (False, True, True)
    assert "Quokkamild" in manager.get("/moderation?show=place").text
    assert "Quokkasevere" not in manager.get("/moderation?show=decided").text
    path = f"/moderation/cases/{case.id}"
    assert "Ada Member" in manager.get(path).text
    shown = people.browser(owner).get(path).text
    assert ("Between us" in shown, "Ada Member" in shown, "Suspend" in shown) == (True, False, False)
    for browser in (people.browser(member), people.browser(other)):
        assert browser.get(path).status_code == 404


def test_deciding_and_taking_it_back_through_the_pages(posted, people, member, other, administrator, case_of):
    root, _said = posted
    other.language = "fr"
    db.session.commit()
    case = case_of(member, root)
    manager = people.browser(administrator)
    page = manager.get(f"/moderation/cases/{case.id}").text
    assert f"/moderation/cases/{case.id}/decide/hide" in page
    form = manager.get(f"/moderation/cases/{case.id}/decide/hide").text
    assert ("Bonjour Bob" in form, "Quokkapost" in form, "{reason}" in form) == (True, True, True)
    path = f"/moderation/cases/{case.id}/decide/hide"
    refused = manager.post(path, data={"reason": "other", "text": " "})
    assert (refused.status_code, "Please write something" in refused.text) == (422, True)
    done = manager.post(path, data={"reason": "other", "text": "Typed: {reason}"})
    assert done.location == f"/moderation/cases/{case.id}"
    [made] = db.session.query(Decision)
    read = people.browser(other).get(f"/moderation/decisions/{made.id}").text
    assert ("Typed: Autre chose" in read, "Quokkapost" in read) == (True, True)
    assert people.browser(member).get(f"/moderation/decisions/{made.id}").status_code == 404
    assert "Quokkapost" in people.browser(other).get("/moderation/reports").text
    manager.get(f"/moderation/cases/{case.id}")
    assert manager.post(f"/moderation/decisions/{made.id}/undo").status_code == 303
    assert people.browser(member).get(f"/contents/{root.id}").status_code == 200
    assert "taken back" in manager.get(f"/moderation/cases/{case.id}").text


@pytest.mark.parametrize("act", ["burn", "suspend", "hide"])
def test_what_cannot_be_decided_is_not_there(posted, people, member, other, case_of, act, make_place):
    owner = people.member("Olga Owner")
    place = make_place("club", owner, member, other, kind="kiosk")
    case = case_of(member, post(place=place, text="Mild", actor=other))
    browser = people.browser(owner)
    expected = 200 if act == "hide" else 404
    assert browser.get(f"/moderation/cases/{case.id}/decide/{act}").status_code == expected


def test_a_case_is_handed_over(make_place, people, member, other, administrator, case_of):
    owner = people.member("Olga Owner")
    place = make_place("club", owner, member, other, kind="kiosk")
    case = case_of(member, post(place=place, text="Mild", actor=other))
    browser, path = people.browser(owner), f"/moderation/cases/{case.id}/move"
    assert "Leave it to the community manager" in browser.get(path).text
    assert browser.post(path, data={"text": ""}).status_code == 422
    assert browser.post(path, data={"text": "A friend of mine"}).location == "/moderation"
    assert browser.get(f"/moderation/cases/{case.id}").status_code == 404
    manager = people.browser(administrator)
    assert "Hand it to the group’s owners" in manager.get(f"/moderation/cases/{case.id}").text
    assert manager.post(path, data={"text": "You know better"}).status_code == 303
    assert browser.get(f"/moderation/cases/{case.id}").status_code == 200


def test_an_appeal_through_the_pages(posted, people, member, other, administrator, case_of, decides):
    root, _said = posted
    made = decides(administrator, case_of(member, root), "hide")
    browser, path = people.browser(other), f"/moderation/decisions/{made.id}"
    assert "Send the appeal" in browser.get(path).text
    assert browser.post(f"{path}/appeal", data={"text": ""}).status_code == 422
    assert browser.post(f"{path}/appeal", data={"text": "It was a joke"}).location == path
    assert ("It was a joke" in browser.get(path).text, "Send the appeal" in browser.get(path).text) == (
        True,
        False,
    )
    second = people.browser(people.member("Eve Manager", administrator=True))
    assert "Quokkapost" in second.get("/moderation").text
    case = f"/moderation/cases/{made.case_id}"
    assert "You decided on this" in people.browser(administrator).get(case).text
    assert "It was a joke" in second.get(case).text
    refused = second.post(f"{path}/answer", data={"text": "", "outcome": "upheld"})
    assert refused.status_code == 422
    second.post(f"{path}/answer", data={"text": "Indeed funny", "outcome": "overturned"})
    assert "Indeed funny" in browser.get(path).text
    assert browser.get(f"/contents/{root.id}").status_code == 200
    assert browser.post(f"{path}/answer", data={"text": "No", "outcome": "upheld"}).status_code == 404


def test_the_open_record_names_nobody_and_no_place(
    make_place, people, member, other, administrator, case_of, decides
):
    place = make_place("wekaclub", other, member, kind="kiosk")
    written = post(place=place, text="Wekapost", actor=other)
    db.session.commit()
    decides(administrator, case_of(member, written, reason="advertising"), "hide", reason="advertising")
    page = people.browser(people.member("Dan Third")).get("/moderation/record").text
    assert ("Hidden" in page, "Advertising, party politics" in page, "within the hour" in page) == (
        True,
        True,
        True,
    )
    assert [word for word in ("Weka", "weka", "Bob", "Ada", "Carla") if word in page] == []
    assert "half of the decisions came within the hour" in page


def test_older_pages_are_there_as_a_whole_and_as_a_part(
    people, administrator, posted, case_of, member, decides
):
    root, said = posted
    decides(administrator, case_of(member, root), "warn")
    case_of(administrator, said)
    browser = people.browser(administrator)
    for path in ("/moderation?after=1", "/moderation/record?before=9", "/moderation/log?before=9"):
        whole, part = browser.get(path), browser.get(path, headers={"HX-Request": "true"})
        assert (whole.status_code, part.status_code, "<h1" in whole.text, "<h1" in part.text) == (
            200, 200, True, False,
        )  # fmt: skip


def test_texts_are_changed_by_who_moderates(people, member, administrator):
    assert people.browser(member).get("/moderation/texts").status_code == 404
    assert people.browser(member).post("/moderation/texts/warn/en", data={"text": "x"}).status_code == 404
    manager = people.browser(administrator)
    assert "This is a warning." in manager.get("/moderation/texts").text
    assert manager.post("/moderation/texts/warn/en", data={"text": "Careful, {name}."}).status_code == 303
    assert "Careful, {name}." in manager.get("/moderation/texts").text
    assert manager.post("/moderation/texts/burn/en", data={"text": "x"}).status_code == 422
    refused = manager.post("/moderation/texts/warn/en", data={"text": "x" * 4001})
    assert (refused.status_code, "x" * 4001 in refused.text) == (422, True)


def test_a_place_is_reported_beside_it(make_place, member, other):
    from flask import render_template_string  # noqa: PLC0415 - the macro alone
    from parvis_social.api import Place  # noqa: PLC0415 - as above

    place = make_place("club", other, member, kind="kiosk")
    macro = "{% import 'social/_follow.html' as f %}{{ f.further(place) }}"
    from flask import current_app  # noqa: PLC0415 - as above

    with current_app.test_request_context("/"):
        html = render_template_string(macro, place=db.session.get_one(Place, place.id))
    assert f"/moderation/report/place/{place.id}" in html


def test_what_is_said_in_an_open_case_is_escaped(posted, people, member, administrator, case_of):
    root, _said = posted
    case = case_of(member, root, note="<script>alert(1)</script>")
    decide(case_id=case.id, act=Act.WARN, reason="other", text="<b>x</b>", actor=administrator)
    db.session.commit()
    page = people.browser(administrator).get(f"/moderation/cases/{case.id}").text
    assert ("<script>alert(1)" in page, "<b>x</b>" in page) == (False, False)
