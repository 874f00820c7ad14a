"""What is said in a closed group is nowhere to who does not belong to it; a secret one is not there at all.

Words that stand nowhere else are put into everything that a group can have, and every address of the app is
asked for, as a page and as a fragment, with whatever can be asked for there.
"""

import re

import pytest
from parvis.api import db
from parvis_groups.domain.change import convert
from parvis_groups.domain.create import create_group
from parvis_groups.domain.membership import ban, leave, remove
from parvis_groups.domain.merge import merge
from parvis_groups.plugin import GroupsPlugin
from parvis_social.plugin import SocialPlugin

pytestmark = [pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin), pytest.mark.proof]

OUTSIDE = ("signed out", "stranger", "invited", "banned", "left", "administrator")
INSIDE, NAME = "zanzi", "quokka"


@pytest.mark.parametrize("access", ["closed", "secret"])
def test_no_page_tells_outside_what_is_inside(scene, walker, access):
    made = scene(access)
    walk = walker(made)
    found = {who: walk.found(made.browsers[who], *hidden(access, who)) for who in OUTSIDE}
    assert found == dict.fromkeys(OUTSIDE, {})


def hidden(access, who):
    """Return how the words begin that somebody may not read; who is invited knows the name, and no more."""
    return (INSIDE,) if access == "closed" or who == "invited" else (INSIDE, NAME)


def test_the_walk_would_find_it_and_nothing_of_it_may_be_kept_for_others(scene, walker):
    """As a member, all that was hidden is found where it should be: the test above can fail."""
    made, found, kept = scene("secret"), {}, {}
    for endpoint, said in walker(made).walk(made.browsers["member"]):
        for word in said.words(INSIDE, NAME):
            found.setdefault(word, set()).add(endpoint)
        kept.setdefault(said.response.headers.get("Cache-Control", ""), set()).add(endpoint)
    assert set(found) >= {
        "zanzipost", "zanzicomment", "zanzireply", "zanzitag", "zanzialternative", "zanzipicture",
        "zanzifile", "zanzipinned", "zanziword", "zanzibytes", "quokkaclub", "quokkapurpose",
        "quokkadescription",
    }  # fmt: skip
    assert {endpoint for endpoints in found.values() for endpoint in endpoints} >= {
        "home.index", "profile.show", "groups.show", "groups.files", "groups.directory", "groups.members",
        "groups.similar", "social.content", "social.file", "social.feed", "social.history", "social.kept",
        "social.notifications", "social.follows", "social.tag", "social.wall",
    }  # fmt: skip
    shared = {control for control in kept if not {"private", "no-store"} & set(control.split(", "))}
    assert {endpoint for control in shared for endpoint in kept[control]} <= {
        "status.healthz", "status.readyz", "status.metrics", "theme.css", "theme.file", "static",
        "social.static", "groups.static",
    }  # fmt: skip


def test_a_draft_is_its_writers_alone(scene):
    made = scene("closed")
    path = f"/places/{made.values['place_id']}/draft"
    found = {who for who, client in made.browsers.items() if "zanzidraft" in client.get(path).text}
    assert found == {"author"}


def lost(made, who):
    """Let somebody lose what they could read, in each way in which one can."""
    owner, person = made.member("owner"), made.member(who)
    return {
        "left": lambda: leave(group=made.group, actor=person),
        "removed": lambda: remove(group=made.group, person_id=person.id, actor=owner),
        "banned": lambda: ban(group=made.group, person_id=person.id, reason="Noise", actor=owner),
    }


@pytest.mark.parametrize(("how", "access"), [("left", "closed"), ("removed", "secret"), ("banned", "closed")])
def test_who_no_longer_belongs_reads_nothing_from_the_next_request_on(scene, walker, how, access):
    made = scene(access)
    mine, walk = made.browsers["member"], walker(made)
    marks = file_marks(made, mine)
    _counted, before = unread(mine)
    lost(made, "member")[how]()
    db.session.commit()
    assert walk.found(mine, *hidden(access, "member")) == {}
    counted, shown = unread(mine)
    assert (counted, shown < before) == (shown, True)
    stale = {
        mine.get(path, headers={"If-None-Match": mark}, buffered=True).status_code
        for path, mark in marks.items()
    }
    assert stale == {404}
    assert stale_forms(made, mine, *hidden(access, "member")) == {}


def file_marks(made, client):
    """Return under which mark a browser keeps each file."""
    paths = [f"/social/files/{number}/x" for number, _name in made.values["files"]]
    return {path: client.get(path, buffered=True).headers["ETag"] for path in paths}


def unread(client):
    """Return how many notifications the bell counts, and how many the list shows."""
    page = client.get("/notifications?unread=1").text
    counted = re.search(r'pv-badge">(\d+)<', page)
    return int(counted[1]) if counted else 0, page.count("so-told__row--unread")


def stale_forms(made, client, *begin):
    """Press, as htmx does, what a page shown before had; return what was done or said, which is nothing."""
    values, told = made.values, {}
    pressed = {
        f"/contents/{number}/{act}": {"text": "Hello", "kind": "like", "version": 1, "reason": "Enough"}
        for number in (values["post"], values["comment"])
        for act in ("comment", "edit", "delete", "restore", "react", "bookmark", "pin", "lock", "answer")
    } | {f"/places/{values['place_id']}/post": {"text": "Hello"}}
    for path, data in pressed.items():
        answer = client.post(path, data=data, headers={"HX-Request": "true"})
        said = {word for word in answer.text.lower().split() if word.startswith(begin)}
        if answer.status_code not in (403, 404) or said:
            told[path] = answer.status_code, said
    return told


def test_what_was_open_and_is_closed_now_is_closed_at_the_next_request(scene, walker):
    made = scene("open")
    stranger, walk = made.browsers["stranger"], walker(made)
    assert INSIDE in stranger.get(f"/groups/{made.values['slug']}").text
    for access in ("closed", "secret"):
        convert(group=made.group, access=access, actor=made.member("owner"))
        db.session.commit()
        assert walk.found(stranger, INSIDE) == {}
        assert stale_forms(made, stranger, INSIDE) == {}


def test_what_was_open_and_became_part_of_a_closed_group_is_closed(scene, walker):
    made = scene("open")
    owner, stranger, walk = made.member("owner"), made.browsers["stranger"], walker(made)
    target = create_group(name="Kiwi cellar", purpose="Kiwi", actor=owner, access="closed")
    db.session.commit()
    assert INSIDE in stranger.get(f"/groups/{made.values['slug']}").text
    merge(origin=made.group, target=target, actor=owner)
    db.session.commit()
    assert walk.found(stranger, INSIDE) == {}
    assert INSIDE in made.browsers["member"].get(f"/groups/{target.place.slug}").text


def test_a_secret_group_is_answered_as_what_never_was(scene, walker):
    made, never = scene("secret"), {}
    stranger, values = made.browsers["stranger"], made.values
    nothing = {
        values["slug"]: "never-was", f"/contents/{values['post']}": "/contents/99999",
        f"/files/{values['files'][0][0]}/": "/files/99999/",
        f"/places/{values['place_id']}/": "/places/99999/", "zanzitag": "neverwas",
    }  # fmt: skip
    for rule in made.app.url_map.iter_rules():
        for there, not_there in nothing.items():
            for method in rule.methods & {"GET", "POST"}:
                path = filled(walker(made), rule)
                if path and there in path:
                    answers = [
                        answer(stranger, method, address)
                        for address in (path, path.replace(there, not_there))
                    ]
                    never[method, rule.rule] = answers[0] == answers[1]
    assert {at for at, same in never.items() if not same} == set()
    assert len(never) > 50


def filled(walk, rule):
    """Return an address of a route that names the group or something in it."""
    return None if set(rule.arguments) - set(walk.given) else next(walk.paths(rule))


def answer(client, method, path):
    """Return the status of an answer and what it says."""
    answered = client.open(path, method=method, headers={"HX-Request": "true"}, buffered=True)
    return answered.status_code, answered.text
