"""The directory says something else of somebody: titles, counts and lists follow; the demo has life."""

from types import SimpleNamespace

import pytest
from parvis.api import db, record
from parvis.directory.event import PersonAdded, PersonChanged, PersonLeft, PersonReturned
from parvis_expertise.demo import show
from parvis_expertise.domain.people import Filter
from parvis_expertise.domain.title import people_called
from parvis_expertise.domain.vocabulary import find_skills
from parvis_expertise.domain.word import skill_key
from parvis_expertise.plugin import ExpertisePlugin
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(expertise=ExpertisePlugin)


def titled(word):
    return [known.person.given_name for known in people_called([[word]], [], Filter(), chosen=Filter())]


@pytest.mark.both_databases
def test_titles_follow_the_directory(people, deliver):
    person = people.person("Abe A", title="Soudeur")
    record(PersonAdded(person=person.id))
    deliver()
    assert titled("soudeur") == ["Abe"]
    person.title = "Grutier"
    record(PersonChanged(person=person.id))
    deliver()
    assert (titled("soudeur"), titled("grutier")) == ([], ["Abe"])


@pytest.mark.both_databases
def test_who_leaves_is_counted_no_more_until_they_return(member, says, skill, deliver):
    says(member, teach="Welding")
    member.person.present = False
    record(PersonLeft(person=member.id))
    deliver()
    assert skill("Welding").people_count == 0
    member.person.present = True
    record(PersonReturned(person=member.id))
    deliver()
    assert skill("Welding").people_count == 1


def test_the_demo_has_skills_confirmations_and_a_map(people):
    manager = people.member("Gaël Le Floc'h", job_family="Communication", department="Communication")
    for number in range(12):
        people.member(f"Ada Number{number}", job_family="Software", department="Sales", title="Soudeuse")
    company = SimpleNamespace(community_manager=manager.person)
    for _moment, happen in sorted(show(company), key=lambda each: each[0]):
        happen()
        db.session.commit()
    browser = people.browser(manager)
    assert "Colleagues ask you" in browser.get("/expertise/colleagues").text
    found = browser.get("/expertise?who=who+knows+about+kubernetes").text
    assert ("Ada Number" in found, "Confirmed by" in found) == (True, True)


@pytest.mark.plugins(expertise=ExpertisePlugin, social=SocialPlugin)
def test_the_demo_has_a_question_with_an_answer_and_one_that_waits(people):
    manager = people.member("Gaël Le Floc'h", job_family="Communication")
    for number in range(8):
        people.member(f"Ada Number{number}", job_family=("Machining", "Software")[number % 2])
    company = SimpleNamespace(community_manager=manager.person)
    for _moment, happen in sorted(show(company), key=lambda each: each[0]):
        happen()
        db.session.commit()
    browser, told = people.browser(manager), {}
    for name in ("Soudage", "M2M"):
        skill = find_skills([skill_key(name)])[skill_key(name)]
        text = browser.get(f"/expertise/skills/{skill.id}?show=about").text
        told[name] = ("Answered" in text, "Without an answer yet" in text)
    assert told == {"Soudage": (True, False), "M2M": (False, True)}
