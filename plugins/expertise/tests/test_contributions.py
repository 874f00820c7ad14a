"""Contributions in open places are shown of who wants that: from the same moment on, until they do not."""

import pytest
from parvis.api import db
from parvis_expertise.domain.contribution import consents, give_consent, revoke_consent
from parvis_expertise.plugin import ExpertisePlugin
from parvis_social.api import Access, change_access, comment, mark_answer, post
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(expertise=ExpertisePlugin, social=SocialPlugin)
ASKED = "Zanzibar, how?"


@pytest.fixture
def answered(member, other, make_place):
    """Return what has `member` ask under a tag, and `other` answer; in an open place by default."""

    def ask(tag="welding", access="open", slug="club"):
        place = make_place(slug, member, other, access=access)
        said = comment(root=post(place=place, text=f"{ASKED} #{tag}", actor=member), text="So", actor=other)
        mark_answer(comment=said, actor=member)
        db.session.commit()
        return place

    return ask


@pytest.fixture
def shown(people, member, other, administrator, skill):
    """Return what tells on which pages anybody sees what was contributed on welding."""

    def tell():
        skills = f"/expertise/skills/{skill('Welding').id}"
        paths = (skills, f"{skills}?show=wish", "/expertise?who=welding", f"/people/{other.person.handle}",
                 f"/people/{other.person.handle}/expertise", "/expertise", "/expertise/map")  # fmt: skip
        return {
            path.partition("/skills")[1] + path.partition("?")[2]
            for who in (member, other, administrator)
            for path in paths
            if ASKED in people.browser(who).get(path).text
        }

    return tell


def test_nothing_is_shown_until_somebody_says_so_and_nothing_once_they_say_no(
    people, other, answered, says, shown
):
    answered()
    says(other, learn="Welding")
    assert shown() == set()
    browser = people.browser(other)
    assert "Show what I contributed" in browser.get("/expertise/mine").text
    browser.post("/expertise/mine/contributions", data={"show": "1"})
    assert shown() == {"/skills", "who=welding"}
    browser.post("/expertise/mine/contributions", data={"hide": "1"})
    assert (shown(), consents(other)) == (set(), False)


def test_who_says_nothing_of_a_skill_is_listed_by_what_they_contributed(other, answered, shown):
    answered(tag="Soudage")
    give_consent(actor=other)
    give_consent(actor=other)
    db.session.commit()
    assert shown() == {"/skills", "who=welding"}
    revoke_consent(actor=other)
    revoke_consent(actor=other)
    db.session.commit()
    assert shown() == set()


@pytest.mark.parametrize("access", ["closed", "secret"])
def test_nothing_of_closed_or_secret_places_is_ever_shown(other, member, answered, says, shown, access):
    says(other, teach="Welding")
    give_consent(actor=other)
    answered(access=access, slug="closed")
    place = answered()
    assert shown() == {"/skills", "who=welding"}
    change_access(place=place, access=Access(access), actor=member)
    db.session.commit()
    assert shown() == set()


def test_who_left_is_not_listed(other, answered, shown):
    answered()
    give_consent(actor=other)
    other.person.present = False
    db.session.commit()
    assert shown() == set()


def test_a_tag_that_means_another_skill_is_not_taken_for_it(people, other, answered, skill):
    answered(tag="c")
    give_consent(actor=other)
    db.session.commit()
    browser = people.browser(other)
    found = [ASKED in browser.get(f"/expertise/skills/{skill(name).id}").text for name in ("C", "C++", "C#")]
    assert found == [True, False, False]


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_a_skill_costs_seven_queries_however_much_was_contributed(
    people, member, other, answered, says, skill, count_queries, count
):
    for number in range(count):
        answered(slug=f"club{number}")
        says(people.member(), teach="Welding")
    give_consent(actor=other)
    db.session.commit()
    browser, path = people.browser(member), f"/expertise/skills/{skill('Welding').id}"
    browser.get(path)
    with count_queries(exactly=7):
        assert ASKED in browser.get(path).text


@pytest.mark.plugins(expertise=ExpertisePlugin)
def test_without_social_there_is_nothing_to_show_and_no_switch(member_client):
    assert "Show what I contributed" not in member_client.get("/expertise/mine").text
