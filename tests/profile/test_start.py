"""The first visit, the home page, the account and the administrator's page, as people see them."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from parvis.db import db, utcnow
from parvis.directory.models import DirectoryRun
from parvis.events import record
from parvis.identity.event import Joined
from parvis.identity.models import Member
from parvis.profile.profile import photos_of, read_said
from parvis.testing.plugin import Client, People
from parvis_sample.plugin import SamplePlugin
from PIL import Image


@pytest.fixture
def newcomer(people: People) -> Member:
    return people.member("Nora Newcomer", joined=False)


def photo() -> tuple[BytesIO, str]:
    out = BytesIO()
    Image.new("RGB", (50, 50), "teal").save(out, "PNG")
    out.seek(0)
    return out, "me.png"


def test_the_first_visit_leads_from_language_to_face_to_home(people: People, newcomer: Member) -> None:
    browser = people.browser(newcomer)
    first = browser.get("/join", follow_redirects=True)
    assert "Welcome, Nora" in first.text
    sent = {"language": "fr", "timezone": "Asia/Tokyo", "theme_choice": "dark"}
    answer = browser.post("/join/preferences", data=sent)
    assert answer.location == "/join/introduction"
    assert (newcomer.language, newcomer.timezone, newcomer.theme_choice) == ("fr", "Asia/Tokyo", "dark")
    answer = browser.post(
        "/join/introduction",
        data={"photo": photo(), "headline": "I am new", "about": "Hello"},
        content_type="multipart/form-data",
    )
    assert answer.location == "/"
    said = read_said(newcomer.id)
    assert (said.headline, said.about, len(photos_of(newcomer.id))) == ("I am new", "Hello", 1)
    assert newcomer.person.face_key == photos_of(newcomer.id)[0].media_key


def test_both_steps_can_be_skipped(people: People, newcomer: Member) -> None:
    browser = people.browser(newcomer)
    assert browser.post("/join/preferences", data={"skip": "1"}).location == "/join/introduction"
    assert browser.post("/join/introduction", data={"skip": "1"}).location == "/"
    assert (newcomer.language, read_said(newcomer.id).version) == (None, 0)


def test_a_wrong_photo_on_the_first_visit_keeps_the_words(people: People, newcomer: Member) -> None:
    sent = {"photo": (BytesIO(b"GIF89a"), "me.gif"), "headline": "I am new"}
    answer = people.browser(newcomer).post(
        "/join/introduction", data=sent, content_type="multipart/form-data"
    )
    assert (answer.status_code, 'value="I am new"' in answer.text, "GIF files" in answer.text) == (
        422,
        True,
        True,
    )
    assert (read_said(newcomer.id).version, photos_of(newcomer.id)) == (0, [])


def test_the_introduction_takes_nothing_back(people: People, newcomer: Member) -> None:
    browser = people.browser(newcomer)
    browser.post("/profile/edit", data={"version": "0", "headline": "Said before", "interests": "bread"})
    browser.post(
        "/join/introduction", data={"headline": "", "about": "More"}, content_type="multipart/form-data"
    )
    said = read_said(newcomer.id)
    assert (said.headline, said.about, said.interests) == ("Said before", "More", ["bread"])


def test_home_greets_and_says_what_to_do_next(people: People, newcomer: Member) -> None:
    browser = people.browser(newcomer)
    text = browser.get("/").text
    assert ["Hello, Nora" in text, "Go on where you left off" in text, "Add a photo" in text] == [True] * 3


@pytest.mark.parametrize("count", [1, 3])
def test_home_shows_the_team_and_who_has_just_arrived(people: People, count_queries: Any, count: int) -> None:
    boss = people.person("Big Boss")
    member = people.member("Ada Member", manager_id=boss.id)
    for number in range(count):
        people.person(f"Team Mate{number}", manager_id=boss.id)
        fresh = people.member(f"Fresh Face{number}")
        record(Joined(actor=fresh.id, person=fresh.id))
    people.person("Gone Mate", manager_id=boss.id, present=False)
    db.session.commit()
    browser = people.browser(member)
    with count_queries(exactly=5):
        text = browser.get("/").text
    assert [
        text.count("Team Mate"),
        text.count("Fresh Face"),
        text.count("Gone Mate"),
        text.count("Ada Member"),
    ] == [count, count, 0, 1]


@pytest.mark.plugins(sample=SamplePlugin)
@pytest.mark.parametrize(("days", "begins"), [(None, True), (0, True), (13, True), (14, False)])
def test_where_plugins_fill_home_only_those_who_are_new_are_told_how_to_begin(
    people: People, days: int | None, begins: bool
) -> None:
    member = people.member("Nora Newcomer", joined=days is not None)
    if days is not None:
        member.joined_at = utcnow() - timedelta(days=days)
        db.session.commit()
    text = people.browser(member).get("/").text
    assert ["sample-slot" in text, "A good start" in text] == [True, begins]


@pytest.mark.plugins(sample=SamplePlugin)
def test_where_plugins_fill_home_core_asks_the_database_for_nothing_more(
    people: People, count_queries: Any
) -> None:
    boss = people.person("Big Boss")
    member = people.member("Ada Member", manager_id=boss.id)
    member.joined_at = utcnow() - timedelta(days=30)
    people.person("Team Mate", manager_id=boss.id)
    fresh = people.member("Fresh Face")
    record(Joined(actor=fresh.id, person=fresh.id))
    db.session.commit()
    browser = people.browser(member)
    with count_queries(exactly=1):
        text = browser.get("/").text
    shown = [word in text for word in ("sample-slot", "Team Mate", "Fresh Face", "Meet your colleagues")]
    assert shown == [True, False, False, False]


def test_the_account_shows_preferences_as_they_are_and_sessions(people: People, member: Member) -> None:
    browser = people.browser(member)
    text = browser.get("/account", headers={"Accept-Language": "en"}).text
    assert ['<option selected value="en">' in text, '<option selected value="Europe/Paris">' in text] == [
        True,
        True,
    ]
    assert ["This browser" in text, "Sign out everywhere else" in text] == [True, False]


def test_preferences_are_kept(member: Member, member_client: Client) -> None:
    sent = {"language": "fr", "timezone": "Asia/Tokyo", "theme_choice": "dark"}
    member_client.post("/account/preferences", data=sent)
    kept = (member.language, member.timezone, member.theme_choice, member.shortcuts)
    assert kept == ("fr", "Asia/Tokyo", "dark", False)
    assert member_client.post("/account/preferences", data={**sent, "language": "tlh"}).status_code == 422


def test_a_message_is_shown_once(member_client: Client) -> None:
    member_client.post("/profile/edit", data={"version": "0", "headline": "x"})
    assert ["Your profile is saved." in member_client.get("/people").text for _time in range(2)] == [
        True,
        False,
    ]


def test_the_sign_in_page_has_what_a_form_needs(client: Client) -> None:
    text = client.get("/login?next=/people").text
    assert [f'name="{name}"' in text for name in ("username", "password", "next", "csrf_token")] == [True] * 4
    assert [code in text for code in ('value="fr"', 'value="en"')] == [True, True]


def test_a_refused_sign_in_says_why_and_keeps_the_name(client: Client) -> None:
    client.get("/login")
    answer = client.post("/login", data={"username": "nobody", "password": "wrong", "next": "/people"})
    assert (answer.status_code, 'value="nobody"' in answer.text, 'value="wrong"' in answer.text) == (
        401,
        True,
        False,
    )
    assert 'name="next" value="/people"' in answer.text.replace('type="hidden" ', "")


def test_the_administrator_sees_what_works_and_the_last_synchronisation(administrator_client: Client) -> None:
    db.session.add(
        DirectoryRun(outcome="stopped", report='{"problem": "Too many would leave.", "read": 4213}')
    )
    db.session.commit()
    text = administrator_client.get("/administration").text
    told = ("Database", "Works", "Stopped before anything was written", "Too many would leave.", "Read 4,213")
    assert [word for word in told if word not in text] == []


def test_where_there_is_no_directory_nobody_is_asked_to_read_it(administrator_client: Client) -> None:
    text = administrator_client.get("/administration").text
    assert ("None is configured" in text, "directory sync" in text) == (True, False)


def test_a_time_zone_is_found_by_cities_that_people_know(member: Member, member_client: Client) -> None:
    text = member_client.get("/account").text
    assert '<option value="America/Toronto">Montréal (America/Toronto)</option>' in text
    assert text.count('selected value="Europe/Paris"') == 1
    chosen = {"language": "en", "timezone": "America/Toronto", "theme_choice": "system"}
    member_client.post("/account/preferences", data=chosen)
    assert db.session.get_one(Member, member.id).timezone == "America/Toronto"


def test_the_administrators_page_is_not_there_for_others(member_client: Client) -> None:
    assert member_client.get("/administration").status_code == 404
