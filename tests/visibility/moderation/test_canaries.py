"""Who reported, what they added, what somebody was sent, and what is hidden: on no page of others.

Every address of the app is asked for, as a page and as a fragment, with whatever can be asked for there.
"""

import pytest
from parvis.api import db
from parvis_groups.plugin import GroupsPlugin
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.api import Place, withhold_place
from parvis_social.plugin import SocialPlugin

pytestmark = [
    pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin, moderation=ModerationPlugin),
    pytest.mark.proof,
]

WAITING, WAITING_INSIDE = "kereru", "ruru"
"""How the words begin of a post that waits for an open group, and of one for the closed one."""
WORDS, HIDDEN, INSIDE, REPORTER = "zanzi", "quokka", "weka", "kakapo"
"""How the words begin of notes, letters, appeals; of what was hidden; of a closed group; of who reported."""
PEOPLE = {
    "profile.people", "profile.show", "profile.team", "social.suggest_people", "social.wall", "search.search",
    "groups.members", "groups.about", "groups.show", "home.index", "social.feed",
}  # fmt: skip
"""Where everybody of the company, or of the group, stands whatever they do."""


@pytest.mark.parametrize("who", ["signed out", "stranger", "administrator"])
def test_to_who_is_not_concerned_nothing_of_it_is_anywhere(scene, walker, who):
    found = walker(scene).found(scene.browsers[who], WORDS, HIDDEN, INSIDE)
    log = {"moderation.oversee"} if who == "administrator" else set()
    assert {endpoint for endpoint, _path in found} <= log


def test_whom_it_is_about_reads_what_they_were_sent_and_learns_not_who_reported(scene, walker):
    walk = walker(scene)
    found = {endpoint for endpoint, _path in walk.found(scene.browsers["author"], WORDS)}
    assert found == {"moderation.decision"}
    hidden = {endpoint for endpoint, _path in walk.found(scene.browsers["author"], HIDDEN)}
    assert hidden == {"moderation.decision", "moderation.mine", "social.notifications"}
    told = {endpoint for endpoint, _path in walk.found(scene.browsers["author"], REPORTER)}
    assert told - PEOPLE <= {"social.notifications", "groups.invite"}


def test_who_reported_reads_what_became_of_it_and_no_letter(scene, walker):
    walk = walker(scene)
    assert walk.found(scene.browsers["reporter"], WORDS) == {}
    hidden = {endpoint for endpoint, _path in walk.found(scene.browsers["reporter"], HIDDEN)}
    assert hidden == {"moderation.mine", "social.notifications"}


def test_an_owner_reads_the_cases_of_the_group_and_learns_not_who_reported(scene, walker):
    walk = walker(scene)
    found = walk.found(scene.browsers["owner"], WORDS)
    assert {endpoint for endpoint, _path in found} == {"moderation.case"}
    hidden = {scene.values["severe_case"], scene.values["hidden_case"]}
    assert [path for _endpoint, path in found if path.split("/")[3].split("?")[0] in map(str, hidden)] == []
    told = {endpoint for endpoint, _path in walk.found(scene.browsers["owner"], REPORTER)}
    assert told - PEOPLE <= {"groups.invite", "social.notifications", "groups.remove", "groups.ban"}


def test_who_moderates_finds_all_of_it_and_no_page_of_the_closed_group(scene, walker):
    """The tests above can fail: here everything is found, in cases alone."""
    walk = walker(scene)
    inside = {endpoint for endpoint, _path in walk.found(scene.browsers["manager"], INSIDE)}
    assert inside == {
        "moderation.queue", "moderation.case", "moderation.begin_decision", "moderation.hand_over",
        "social.notifications",
    }  # fmt: skip
    found = walk.found(scene.browsers["manager"], WORDS, HIDDEN, REPORTER)
    assert {endpoint for endpoint, _path in found} >= {"moderation.case", "moderation.queue"}


@pytest.mark.parametrize("who", ["reporter", "owner", "stranger", "administrator"])
def test_a_group_that_is_hidden_is_nowhere_with_all_that_is_in_it(scene, walker, index, who):
    group = db.session.get_one(Place, scene.values["place_id"])
    withhold_place(place=group, actor=scene.member("manager"))
    db.session.commit()
    index()
    found = walker(scene).found(scene.browsers[who], INSIDE, "hoiho")
    told = {  # what they reported or decide on, as a copy, and the log
        "reporter": {"moderation.mine", "social.notifications"},
        "administrator": {"moderation.oversee"},
        "owner": {
            "moderation.queue", "moderation.case", "moderation.begin_decision", "moderation.hand_over",
            "social.notifications",
        },
    }  # fmt: skip
    assert {endpoint for endpoint, _path in found} <= told.get(who, set())


@pytest.mark.parametrize(
    "who", ["signed out", "stranger", "reporter", "administrator", "author", "owner", "manager"]
)
def test_what_waits_is_seen_by_its_author_and_who_decides_alone(scene, walker, who):
    walk = walker(scene)
    own, decides = {"social.waiting"}, {"moderation.queue", "moderation.waiting"}
    found = {
        waiting: {endpoint for endpoint, _path in walk.found(scene.browsers[who], waiting)}
        for waiting in (WAITING, WAITING_INSIDE)
    }
    files = {"social.file"}  # the picture's name
    sent = decides | {"moderation.waiting_file"}
    open_to = {"author": own | files, "owner": sent | files, "manager": sent}.get(who, set())
    inside = {"author": own, "owner": decides}.get(who, set())
    assert found == {WAITING: open_to, WAITING_INSIDE: inside}


@pytest.mark.parametrize(
    "who", ["signed out", "stranger", "reporter", "administrator", "author", "owner", "manager"]
)
def test_a_question_is_read_by_who_asked_and_who_answers_alone(scene, walker, who):
    found = {endpoint for endpoint, _path in walker(scene).found(scene.browsers[who], "kakaquestion")}
    assert found == {
        "author": {"moderation.asked"}, "manager": {"moderation.queue", "moderation.question"}
    }.get(who, set())  # fmt: skip
