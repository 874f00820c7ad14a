"""What is not published, what is hidden, and who would not be named: on no page of who may not see it.

Words that stand nowhere else are put into everything that a blog can have, and every address of the app is
asked for, as a page and as a fragment, with whatever can be asked for there.
"""

import pytest
from parvis_blog.plugin import BlogPlugin
from parvis_social.plugin import SocialPlugin

pytestmark = [pytest.mark.plugins(social=SocialPlugin, blog=BlogPlugin), pytest.mark.proof]

UNPUBLISHED, HIDDEN, NAMELESS, PUBLISHED = "zanzi", "quokka", "kakapo", "weka"
"""How the words begin that stand only in drafts, in what is hidden or removed, in names, in what all read."""
OUTSIDE = ("signed out", "reader", "follower", "administrator", "former delegate", "colleague")
PEOPLE = {"profile.people", "profile.show", "profile.team", "social.suggest_people"}
"""Where everybody of the company stands, whatever they do."""


@pytest.mark.parametrize("who", OUTSIDE)
def test_no_page_tells_what_is_not_published_or_hidden(scene, walker, who):
    hidden = (UNPUBLISHED,) if who == "colleague" else (UNPUBLISHED, HIDDEN)  # they wrote what is hidden
    assert walker(scene).found(scene.browsers[who], *hidden) == {}


@pytest.mark.parametrize("who", ["reader", "delegate", "author", "administrator", "reviewer"])
def test_nobody_learns_who_asked_without_a_name_or_said_that_they_have_read(scene, walker, who):
    found = walker(scene).found(scene.browsers[who], NAMELESS)
    assert {endpoint for endpoint, _path in found} - PEOPLE == set()


@pytest.mark.parametrize("who", ["reader", "administrator", "author"])
def test_who_asked_a_hidden_question_is_not_named(scene, walker, who):
    found = walker(scene).found(scene.browsers[who], "takahe")
    told = set() if who != "author" else {"social.notifications"}  # they were told before it was hidden
    assert {endpoint for endpoint, _path in found} - PEOPLE == told


def test_who_is_asked_to_look_sees_the_draft_by_its_preview_alone(scene, walker):
    found = walker(scene).found(scene.browsers["reviewer"], UNPUBLISHED)
    assert {endpoint for endpoint, _path in found} == {
        "blog.preview", "blog.file", "blog.mine", "social.notifications",
    }  # fmt: skip


def test_the_walk_would_find_it_and_nothing_of_it_may_be_kept_for_others(scene, walker):
    """As an author, all that was hidden is found where it should be: the tests above can fail."""
    found, kept = {}, {}
    for endpoint, said in walker(scene).walk(scene.browsers["author"]):
        for word in said.words(UNPUBLISHED, PUBLISHED):
            found.setdefault(word, set()).add(endpoint)
        kept.setdefault(said.response.headers.get("Cache-Control", ""), set()).add(endpoint)
    assert set(found) >= {
        "zanzidraft", "zanzitext", "zanzititre", "zanzitexte", "zanzialternative", "zanzicaption",
        "zanzischeduled", "zanzilater", "zanzichange", "zanzititle", "zanziremark", "zanziseries",
        "zanzilabel", "zanzibytes", "wekatitle", "wekatext", "wekatag", "wekapurpose", "wekaquestion",
        "wekaanonymous", "wekaanswer", "wekacomment", "wekacaption", "wekaseries", "wekatitre", "wekatexte",
    }  # fmt: skip
    assert {endpoint for endpoints in found.values() for endpoint in endpoints} >= {
        "home.index", "blog.directory", "blog.show", "blog.read", "blog.text", "blog.questions",
        "blog.question", "blog.mine", "blog.write", "blog.preview", "blog.file", "blog.feed",
        "search.search", "social.history", "social.feed", "social.tag", "social.file", "social.notifications",
    }  # fmt: skip
    shared = {control for control in kept if not {"private", "no-store"} & set(control.split(", "))}
    assert {endpoint for control in shared for endpoint in kept[control]} <= {
        "status.healthz", "status.readyz", "status.metrics", "theme.css", "theme.file", "static",
        "social.static", "blog.static",
    }  # fmt: skip


def test_a_key_stands_on_no_page_after_the_first(scene, walker):
    for who, (_id, secret) in scene.values["keys"].items():
        told = {
            endpoint for endpoint, answer in walker(scene).walk(scene.browsers[who]) if secret in answer.said
        }
        assert told == set()
        label = walker(scene).found(scene.browsers["delegate"], "hoiho")
        assert label == {}
