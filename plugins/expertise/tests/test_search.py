"""The search finds people by what they say they know, in both languages, and says what that is."""

import pytest
from parvis.api import db
from parvis.search.finder import find
from parvis_expertise.domain import curate
from parvis_expertise.domain.vocabulary import skills_named
from parvis_expertise.plugin import ExpertisePlugin

pytestmark = pytest.mark.plugins(expertise=ExpertisePlugin)


@pytest.fixture
def found(app, member, index):
    """Return what tells whom the search finds, by their names, the first first."""

    def search(typed):
        index()
        with app.test_request_context():
            return [result.hit.title for result in find(member, typed).results]

    return search


def test_people_are_found_by_what_they_know_under_any_of_its_names(people, says, found):
    says(people.member("Ann Practises"), practise="Welding")
    says(people.member("Bea Teaches"), teach="Soudage")
    says(people.member("Cid Wishes"), wish="Welding")
    knowing = ["Bea Teaches", "Ann Practises"]
    assert [found(typed) for typed in ("welding", "soudage", "soudgae")] == [knowing] * 3


def test_what_somebody_says_no_longer_finds_them_no_longer(people, says, found):
    ann = says(people.member("Ann Practises"), practise="Welding")
    assert found("welding") == ["Ann Practises"]
    says(ann, practise="Milling")
    assert (found("welding"), found("fraisage")) == ([], ["Ann Practises"])


def test_a_skill_that_is_renamed_or_merged_finds_its_people_by_its_new_names(
    people, says, member, administrator, skill, found
):
    ann = people.member("Ann Weaves")
    (weaving,) = skills_named(["Basket weaving"], actor=member)
    says(ann, expert="Basket weaving")
    assert found("vannerie") == []
    curate.rename(skill=weaving, english="Basket weaving", french="Vannerie", others=[], actor=administrator)
    assert found("vannerie") == ["Ann Weaves"]
    curate.merge(skill=weaving, into=skill("Welding"), actor=administrator)
    assert found("soudage") == ["Ann Weaves"]


def test_the_excerpt_says_what_they_know_in_both_languages(people, says, member, index):
    says(people.member("Bea Teaches"), teach="Soudage")
    index()
    html = people.browser(member).get("/search?q=soudage").text
    assert "Welding (<mark>Soudage</mark>)" in html


def test_words_that_fail_cost_nobody_but_themselves(app, people, says, found, monkeypatch):
    says(people.member("Ann Practises"), practise="Welding")
    db.session.execute(db.text("ALTER TABLE expertise_name RENAME TO gone"))
    db.session.commit()
    assert (found("welding"), found("ann")) == ([], ["Ann Practises"])
    failures = app.extensions["parvis"].plugins.states["expertise"].failures
    assert "search of core:person" in failures[0][1]
