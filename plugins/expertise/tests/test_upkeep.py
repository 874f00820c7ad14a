"""The directory says something else of somebody: titles, counts and lists follow; the demo has life."""

from types import SimpleNamespace

import pytest
from parvis.api import db, record
from parvis.directory.event import PersonAdded, PersonChanged, PersonLeft, PersonReturned
from parvis_expertise.demo import show
from parvis_expertise.domain.people import Filter
from parvis_expertise.domain.title import people_called
from parvis_expertise.plugin import ExpertisePlugin

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
