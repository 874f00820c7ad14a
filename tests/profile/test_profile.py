"""A profile: what may be said, who sees it, and what happens when two hands write at once."""

from dataclasses import replace
from typing import Any

import pytest
from parvis.contribution import ProfileSection
from parvis.db import db
from parvis.errors import Invalid
from parvis.events import EventRecord
from parvis.hookspecs import hookimpl
from parvis.identity.models import Member
from parvis.plugin import Plugin
from parvis.profile.change import ChangedMeanwhile, change_profile
from parvis.profile.models import Career, Interest, Profile
from parvis.profile.profile import FIELDS, Link, Period, Said, read_profile, read_said
from parvis.settings import Settings
from parvis.testing.plugin import Client, People
from sqlalchemy import select

ALL = Said(
    headline="Secret headline",
    about="Secret **about**",
    career=[Period("Secret role", "Secret place", "2011-09")],
    interests=["secret interest"],
    languages=("secret language",),
    links=(Link("Secret link", "https://secret.example.com"),),
)


def events(kind: str) -> list[dict[str, Any]]:
    return [event.data for event in db.session.scalars(select(EventRecord).where(EventRecord.kind == kind))]


@pytest.mark.both_databases
def test_what_one_says_is_kept_as_said(member: Member) -> None:
    change_profile(actor=member, said=ALL)
    db.session.commit()
    db.session.expunge_all()
    assert read_said(member.id) == replace(ALL, version=1)


def test_markdown_is_rendered_when_written(member: Member) -> None:
    change_profile(actor=member, said=Said(about="**Bread** <script>alert(1)</script>"))
    html = db.session.get_one(Profile, member.id).about_html
    assert html == "<p><strong>Bread</strong> &lt;script&gt;alert(1)&lt;/script&gt;</p>"


def test_a_change_tells_which_fields_and_never_what(member: Member) -> None:
    change_profile(actor=member, said=ALL)
    change_profile(actor=member, said=replace(ALL, version=1, headline="Other"))
    assert events("core.profile_changed")[1:] == [{"fields": ["headline"]}]


def test_saving_what_is_saved_already_writes_nothing(member: Member) -> None:
    change_profile(actor=member, said=ALL)
    assert change_profile(actor=member, said=replace(ALL, version=1)) == []
    assert [len(events("core.profile_changed")), read_said(member.id).version] == [1, 1]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Said(headline="x" * 161), "headline"),
        (Said(about="x" * 70_000), "about"),
        (Said(interests=[f"interest {n}" for n in range(31)]), "interests"),
        (Said(interests=["x" * 41]), "interests"),
        (Said(languages=tuple(f"language {n}" for n in range(16))), "languages"),
        (Said(career=[Period(f"Role {n}") for n in range(31)]), "career"),
        (Said(career=[Period("", "Somewhere")]), "career"),
        (Said(career=[Period("Role", "", "2012", "2011")]), "career"),
        (Said(career=[Period("Role", "", "2012-05", "2012-04")]), "career"),
        (Said(career=[Period("Role", "", "20112")]), "career"),
        (Said(career=[Period("Role", "", "05")]), "career"),
        (Said(links=tuple(Link("", f"https://example.com/{n}") for n in range(11))), "links"),
        (Said(links=(Link("x", "javascript:alert(1)"),)), "links"),
        (Said(links=(Link("x", "data:text/html,x"),)), "links"),
        (Said(links=(Link("x", "https://me@example.com"),)), "links"),
        (Said(links=(Link("x", "http://[::1"),)), "links"),
        (Said(links=(Link("label alone", ""),)), "links"),
    ],
)
def test_what_cannot_be_taken_is_refused_beside_its_field(member: Member, said: Said, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        change_profile(actor=member, said=said)
    assert refusal.value.field == field
    assert db.session.get(Profile, member.id) is None


def test_interests_that_differ_in_case_or_accents_are_one(member: Member) -> None:
    change_profile(actor=member, said=Said(interests=["Théâtre", "theatre", " THEATRE ", "bread", "⚽", ""]))
    assert read_said(member.id).interests == ["Théâtre", "bread", "⚽"]


def test_interests_that_grow_when_folded_still_fit(member: Member) -> None:
    change_profile(actor=member, said=Said(interests=["ﷺ" * 40]))
    assert [len(row.folded) for row in db.session.scalars(select(Interest))] == [60]


def test_a_career_is_told_from_today_backwards(member: Member) -> None:
    career = [
        Period("First", "", "2001", "2004"),
        Period("Now", "", "2019"),
        Period("Between", "", "2004-05", "2019"),
    ]
    change_profile(actor=member, said=Said(career=career))
    assert [period.role for period in read_said(member.id).career] == ["Now", "Between", "First"]


def test_an_address_may_be_typed_without_https(member: Member) -> None:
    change_profile(actor=member, said=Said(links=(Link("", "www.example.com/me"),)))
    assert read_said(member.id).links == (Link("example.com", "https://www.example.com/me"),)


def test_what_was_read_before_another_change_is_not_saved_over_it(member: Member) -> None:
    change_profile(actor=member, said=Said(headline="First"))
    with pytest.raises(ChangedMeanwhile):
        change_profile(actor=member, said=Said(headline="Second", version=0))
    assert read_said(member.id).headline == "First"


# pages


def test_everybody_sees_what_is_said_to_everyone(people: People, member: Member, other: Member) -> None:
    change_profile(actor=member, said=ALL)
    db.session.commit()
    text = people.browser(other).get(f"/people/{member.person.handle}").text
    told = (
        "Secret headline",
        "<strong>about</strong>",
        "Secret role",
        "September 2011 – today",
        "secret interest",
        "secret language",
    )
    assert [word for word in told if word not in text] == []
    assert 'href="https://secret.example.com" rel="noopener nofollow ugc"' in text


@pytest.mark.parametrize("field", [name for name in FIELDS if name != "photos"])
def test_a_hidden_field_is_shown_to_nobody_else(
    people: People, member: Member, administrator: Member, field: str
) -> None:
    word = {
        "headline": "Secret headline",
        "about": "Secret <strong>",
        "career": "Secret role",
        "interests": "secret interest",
        "languages": "secret language",
        "links": "secret.example.com",
    }[field]
    change_profile(actor=member, said=replace(ALL, hidden=frozenset({field})))
    db.session.commit()
    addresses = (
        f"/people/{member.person.handle}",
        "/people",
        "/people?q=ada",
        f"/people/{member.person.handle}/team",
        "/",
    )
    watcher = people.browser(administrator)
    assert [address for address in addresses if word in watcher.get(address).text] == []
    assert "Only you see this" not in watcher.get(addresses[0]).text
    own = people.browser(member).get(addresses[0]).text
    assert (word in own, "Only you see this" in own) == (True, True)


@pytest.mark.both_databases
def test_the_view_of_another_holds_nothing_hidden(member: Member, other: Member) -> None:
    change_profile(actor=member, said=replace(ALL, hidden=frozenset(FIELDS)))
    view = read_profile(member.person, viewer=other)
    assert (view.said, view.about_html, view.photos, view.empty) == (Said(version=1), "", [], True)


def test_the_directory_stands_beside_and_says_so(people: People, member_client: Client) -> None:
    boss = people.person("Big Boss")
    person = people.person(
        "Zoe Zola", mail="zoe@example.com", phone="+33 1 23", title="Baker", manager_id=boss.id
    )
    people.person("Young One", manager_id=person.id)
    text = member_client.get(f"/people/{person.handle}").text
    told = (
        "From the company directory",
        "mailto:zoe@example.com",
        "tel:+33123",
        "Baker",
        "Big Boss",
        "Young One",
    )
    assert [word for word in told if word not in text] == []
    assert "has not been here yet" in text


def test_a_profile_is_written_without_javascript(
    people: People, member: Member, member_client: Client
) -> None:
    sent = {
        "version": "0",
        "headline": "  I bake  ",
        "about": "Bread",
        "interests": "bread, sailing; Bread",
        "languages": "français",
        "career-0-role": "Baker",
        "career-0-started_year": "2011",
        "career-0-started_month": "09",
        "career-1-role": "",
        "links-0-url": "https://example.com",
        "links-0-label": "",
        "visible_about": "me",
        "visible_headline": "everyone",
        "visible_administrator": "me",
        "administrator": "1",
        "person_id": "1",
    }
    assert member_client.post("/profile/edit", data=sent).status_code == 303
    assert read_said(member.id) == Said(
        version=1,
        headline="I bake",
        about="Bread",
        career=[Period("Baker", "", "2011-09")],
        interests=["bread", "sailing"],
        languages=("français",),
        links=(Link("example.com", "https://example.com"),),
        hidden=frozenset({"about"}),
    )
    assert not member.administrator


def test_a_refused_form_keeps_what_was_typed(member_client: Client) -> None:
    sent = {"version": "0", "headline": "Kept", "links-0-url": "javascript:x", "visible_headline": "me"}
    answer = member_client.post("/profile/edit", data=sent)
    assert answer.status_code == 422
    assert ['value="Kept"' in answer.text, "is not an address of the web" in answer.text] == [True, True]
    assert 'name="visible_headline" value="me" checked' in answer.text


def test_all_that_cannot_be_taken_is_named_at_once(member_client: Client) -> None:
    sent = {
        "version": "0", "headline": "x" * 161, "career-0-organisation": "Bakery", "career-1-role": "Cook",
        "career-1-started_year": "11", "links-0-url": "javascript:x", "links-1-url": "ftp://x",
    }  # fmt: skip
    answer = member_client.post("/profile/edit", data=sent).text
    said = (
        "160 characters at most",
        "what you did in each period",
        "years with four digits",
        "“javascript:x”",
        "“ftp://x”",
    )
    assert [word for word in said if word not in answer] == []
    assert "3 things need your attention" in answer


def test_of_two_edits_at_once_the_second_is_told_and_loses_nothing(
    member: Member, member_client: Client
) -> None:
    member_client.post("/profile/edit", data={"version": "0", "headline": "First"})
    answer = member_client.post(
        "/profile/edit", data={"version": "0", "headline": "Second", "about": "Long text"}
    )
    assert answer.status_code == 409
    assert [
        'value="Second"' in answer.text,
        "Long text" in answer.text,
        "in another window" in answer.text,
    ] == [True] * 3
    assert read_said(member.id).headline == "First"
    member_client.post("/profile/edit", data={"version": "1", "headline": "Second"})
    assert read_said(member.id).headline == "Second"


def test_rows_are_added_and_taken_out_without_saving(member: Member, member_client: Client) -> None:
    sent = {"version": "0", "headline": "Typed", "career-0-role": "Baker", "career-1-role": "Cook"}
    added = member_client.post("/profile/edit", data={**sent, "add": "career"})
    assert (added.status_code, 'name="career-2-role"' in added.text, 'value="Typed"' in added.text) == (
        200,
        True,
        True,
    )
    removed = member_client.post("/profile/edit", data={**sent, "remove": "career-0"})
    assert ("Baker" in removed.text, "Cook" in removed.text) == (False, True)
    assert db.session.get(Profile, member.id) is None


def test_more_rows_than_there_is_room_for_are_refused(member: Member, member_client: Client) -> None:
    rows = {f"career-{n}-role": f"Role {n}" for n in range(40)}
    assert member_client.post("/profile/edit", data={"version": "0", **rows}).status_code == 422
    assert db.session.scalars(select(Career)).all() == []


def test_one_edits_ones_own_profile_only(people: People, other: Member, member_client: Client) -> None:
    member_client.post(
        "/profile/edit",
        data={"version": "0", "headline": "Mine", "handle": other.person.handle, "actor": str(other.id)},
    )
    assert read_said(other.id) == Said()


def test_controls_and_overrides_are_taken_out_of_texts(member: Member, member_client: Client) -> None:
    member_client.post(
        "/profile/edit",
        data={"version": "0", "headline": "a\x00b\u202ec", "about": "d\x00e", "interests": "f\x00g"},
    )
    said = read_said(member.id)
    assert (said.headline, said.about, said.interests) == ("abc", "de", ["fg"])


@pytest.mark.both_databases
@pytest.mark.parametrize("count", [1, 3])
def test_a_profile_costs_the_same_for_one_and_three(
    people: People, member: Member, other: Member, count_queries: Any, count: int
) -> None:
    numbers = range(count)
    change_profile(
        actor=member,
        said=Said(
            headline="Hello",
            career=[Period(f"Role {n}") for n in numbers],
            interests=[f"interest {n}" for n in numbers],
            links=tuple(Link("", f"https://example.com/{n}") for n in numbers),
        ),
    )
    for number in numbers:
        people.person(f"Zoe Zola{number}", manager_id=member.id)
    db.session.commit()
    browser = people.browser(other)
    with count_queries(exactly=3):
        text = browser.get(f"/people/{member.person.handle}").text
    said = [word for number in numbers for word in (f"Role {number}", f"interest {number}")]
    assert [word for word in said if word not in text] == []


class SectionPlugin(Plugin[Settings]):
    """Adds a section, and one that fails."""

    name = "sections"

    @hookimpl
    def profile_sections(self, person: Any, viewer: Any) -> Any:
        """Add a section rendered from a template of core's, and one whose template does not exist."""
        yield ProfileSection("good", "Thanked for", "components/footer.html")
        yield ProfileSection("bad", "Broken", "sections/none.html")


@pytest.mark.plugins(sections=SectionPlugin)
def test_plugins_add_sections_and_a_failing_one_costs_nothing_else(
    member: Member, member_client: Client
) -> None:
    text = member_client.get(f"/people/{member.person.handle}").text
    assert ("Thanked for" in text, "Broken" in text) == (True, False)
