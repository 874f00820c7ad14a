"""What closed and secret places say on a skill is nowhere to others: neither by expertise nor by the search.

Words that stand nowhere else are put there, and every address of expertise and of the search is asked for, as
a page and as a fragment. What is asked of the database and of the index is the same as for a word that exists
nowhere, so that not even time tells.
"""

import re

import pytest
from parvis.api import db
from parvis.search.reader import IndexReader
from parvis.testing.visibility import Walker
from parvis_expertise.domain.ask import ask_experts
from parvis_expertise.domain.contribution import give_consent
from parvis_expertise.domain.declare import declare
from parvis_expertise.domain.vocabulary import find_skills
from parvis_expertise.plugin import ExpertisePlugin
from parvis_social.api import comment, mark_answer, post
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, expertise=ExpertisePlugin)

INSIDE, OPEN = "zanzi", "weka"
SECRET, NOWHERE = "zanziquokkaword", "kilfmorbethalun"
"""A word that stands in a secret place alone, and one that stands nowhere, as long and not like any other."""
CHANGING = re.compile(r"<[^>]*>|now|\d+ (?:second|minute)s? ago")
"""What may be another with each answer: tags, in which tokens stand, and how long ago something was."""
ASKED = (
    "q={}", "q={}&suggest=1", "q={}*", "q=%22{} {}%22", "q=weka -{}", "q={} weka", "q=tag:{}", "q=in:{}",
    "q=from:{}", "q={}&order=new", "q={}&within=contents", "q={}x",
)  # fmt: skip


@pytest.fixture
def scene(people, make_place, index, deliver):
    """Give who belongs to a closed and a secret place, in which much is said on a skill, and who does not."""
    inside, outside = people.member("In Side"), people.member("Out Side")
    for member in (inside, outside):
        declare(said={"teach": "Welding", "ask": "Welding, Wekaskill"}, actor=member)
        give_consent(actor=member)
    for access in ("closed", "secret"):
        place = make_place(f"{access}club", inside, access=access)
        _say(place, inside, inside, f"zanziquestion #welding #zanzitag {SECRET}", "zanzianswer")
    _say(make_place("openclub", inside, outside), outside, inside, "wekaquestion #welding", "wekaanswer")
    ask_experts(text="Wekaasked", skill="Welding", place=None, actor=inside)
    db.session.commit()
    deliver()
    index()
    return inside, outside


def _say(place, asker, answerer, question, answer):
    asked = post(place=place, text=question, actor=asker, type="question")
    mark_answer(comment=comment(root=asked, text=answer, actor=answerer), actor=asker)
    db.session.commit()


@pytest.fixture
def walker(app, scene):
    """Walk through the pages of expertise and of the search."""
    skills = find_skills(["welding", "wekaskill"]).values()
    values = {
        "skill_id": [skill.id for skill in skills], "handle": [scene[0].person.handle],
        "merge_id": [1], "filename": ["expertise.css"],
    }  # fmt: skip
    queries = {
        "search.search": (
            "q=zanzi*", "q=zanzi*&suggest=1", "q=weka*", "q=welding", "q=welding&order=new", "q=tag:welding",
            "q=tag:zanzitag", "q=from:in.side", "q=in:secretclub", "q=in:closedclub welding",
            "q=welding&kind=social:question", "q=welding&within=contents", "q=zanziquestio",
        ),
        "expertise.find": ("who=welding", "who=zanzitag", "who=zanziquestion"),
        "expertise.show": ("show=about", "show=wish", "asks=1"),
        "expertise.suggest": ("q=zan", "q=wel"),
        "expertise.question": ("q=welding", "q=zanzitag"),
        "expertise.words": ("name=zan",),
    }  # fmt: skip

    class Ours(Walker):
        def addresses(self, app=None):
            for endpoint, path in super().addresses(app):
                if endpoint.startswith(("expertise.", "search.")) and not endpoint.endswith("static"):
                    yield endpoint, path

        def paths(self, rule):
            return super().paths(rule) if rule.endpoint.startswith(("expertise.", "search.")) else iter(())

    return Ours(app, values, queries)


@pytest.mark.proof
def test_no_page_tells_outside_what_is_inside(people, walker, scene, administrator):
    found = {
        who.person.display_name: walker.found(people.browser(who), INSIDE)
        for who in (scene[1], administrator)
    }
    assert found == {"Out Side": {}, administrator.person.display_name: {}}


@pytest.mark.proof
def test_the_walk_would_find_it(people, walker, scene):
    found = walker.found(people.browser(scene[0]), INSIDE, OPEN)
    words = {word for words in found.values() for word in words}
    assert words >= {"zanziquestion", "zanzitag", "wekaquestion", "wekaasked"}
    assert {endpoint for endpoint, _path in found} >= {"search.search", "expertise.show"}


@pytest.mark.parametrize("engine", [
    pytest.param(name, marks=pytest.mark.settings(search={"engine": name})) for name in ("whoosh", "tantivy")
])  # fmt: skip
def test_a_word_of_a_secret_place_is_answered_by_the_same_work_as_one_of_nowhere(
    engine, people, scene, count_queries, monkeypatch
):
    asked = []
    search = IndexReader.search

    def noted(reader, plan):
        found = search(reader, plan)
        asked.append((plan.match, plan.limit, found))
        return found

    monkeypatch.setattr(IndexReader, "search", noted)
    assert "zanziquestion" in people.browser(scene[0]).get(f"/search?q={SECRET}").text
    browser = people.browser(scene[1])
    browser.get("/search?q=first")
    for query in ASKED:
        done = {}
        for word in (SECRET, NOWHERE):
            asked.clear()
            with count_queries(at_most=99) as counted:
                path = f"/search?{query.format(*[word] * query.count('{}'))}"
                answer = browser.get(path, headers={"HX-Request": "true"} if "suggest" in query else {})
            shown = CHANGING.sub("", answer.text).replace(word, "")
            done[word] = (list(asked), list(counted.statements), answer.status_code, shown)
        assert done[SECRET] == done[NOWHERE], query
