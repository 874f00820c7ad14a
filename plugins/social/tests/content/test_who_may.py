"""Who may do what to a post and to the comments under it, in places of each kind."""

from functools import partial

import pytest
from parvis.api import DomainError, NotAllowed, NotFound, Veto, db, hookimpl
from parvis_social.content.bookmark import bookmark
from parvis_social.content.care import lock, mark_answer, pin, unlock, unmark_answer, unpin
from parvis_social.content.comment import comment
from parvis_social.content.delete import delete
from parvis_social.content.edit import edit
from parvis_social.content.post import post
from parvis_social.content.publish import publish
from parvis_social.content.reaction import react, unreact
from parvis_social.content.read import get_content_for
from parvis_social.contribution import ContentType
from parvis_social.place.change import archive
from parvis_social.place.membership import let_visit, remove_member, set_role
from parvis_social.place.models import Access, Posting, Role
from parvis_social.place.wall import wall_of
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin)

YES, NO, HIDDEN = None, NotAllowed, NotFound
ACTIONS = {
    "read": lambda post, comment, actor: get_content_for(actor, post.id),
    "publish": lambda post, comment, actor: write(place=post.place, text="New", actor=actor),
    "comment": lambda post, comment, actor: say(root=post, text="New", actor=actor),
    "reply": lambda post, comment, actor: say(root=post, text="New", actor=actor, parent_id=comment.id),
    "react": lambda post, comment, actor: react(content=post, kind="like", actor=actor),
    "unreact": lambda post, comment, actor: unreact(content=post, actor=actor),
    "bookmark": lambda post, comment, actor: bookmark(content=post, actor=actor),
    "edit": lambda post, comment, actor: edit(content=post, text="Other", actor=actor, version=1),
    "edit the comment": lambda post, comment, actor: edit(
        content=comment, text="Other", actor=actor, version=1
    ),
    "delete": lambda post, comment, actor: delete(content=post, actor=actor),
    "delete the comment": lambda post, comment, actor: delete(content=comment, actor=actor),
    "pin": lambda post, comment, actor: pin(content=post, actor=actor),
    "unpin": lambda post, comment, actor: unpin(content=post, actor=actor),
    "lock": lambda post, comment, actor: lock(content=post, reason="Enough", actor=actor),
    "unlock": lambda post, comment, actor: unlock(content=post, actor=actor),
    "pin the comment": lambda post, comment, actor: pin(content=comment, actor=actor),
    "lock the comment": lambda post, comment, actor: lock(content=comment, reason="Enough", actor=actor),
    "mark the answer": lambda post, comment, actor: mark_answer(comment=comment, actor=actor),
    "unmark the answer": lambda post, comment, actor: unmark_answer(comment=comment, actor=actor),
    "mark the post": lambda post, comment, actor: mark_answer(comment=post, actor=actor),
}
WHO = ("author", "commenter", "member", "moderator", "owner", "visitor", "stranger", "administrator")
WHAT = {
    #                     author commenter member moderator owner
    "read":              (YES,   YES,      YES,   YES,      YES),
    "publish":           (YES,   YES,      YES,   YES,      YES),
    "comment":           (YES,   YES,      YES,   YES,      YES),
    "reply":             (YES,   YES,      YES,   YES,      YES),
    "react":             (YES,   YES,      YES,   YES,      YES),
    "unreact":           (YES,   YES,      YES,   YES,      YES),
    "bookmark":          (YES,   YES,      YES,   YES,      YES),
    "edit":              (YES,   NO,       NO,    NO,       NO),
    "edit the comment":  (NO,    YES,      NO,    NO,       NO),
    "delete":            (YES,   NO,       NO,    YES,      YES),
    "delete the comment": (NO,   YES,      NO,    YES,      YES),
    "pin":               (NO,    NO,       NO,    YES,      YES),
    "unpin":             (NO,    NO,       NO,    YES,      YES),
    "lock":              (NO,    NO,       NO,    YES,      YES),
    "unlock":            (NO,    NO,       NO,    YES,      YES),
    "pin the comment":   (NO,    NO,       NO,    NO,       NO),
    "lock the comment":  (NO,    NO,       NO,    NO,       NO),
    "mark the answer":   (YES,   NO,       NO,    YES,      YES),
    "unmark the answer": (YES,   NO,       NO,    YES,      YES),
    "mark the post":     (NO,    NO,       NO,    NO,       NO),
}  # fmt: skip
OUTSIDE = {"read", "comment", "reply", "react", "unreact", "bookmark"}
"""What whoever reads an open place may do without being a member."""
VISITING = {"read", "bookmark", "unreact"}
"""What who visits a closed place may do."""

write, say = post, comment


def expected(action, who, access):
    """Return what somebody who does something gets: nothing, or which refusal."""
    if who in WHO[:5]:
        return WHAT[action][WHO.index(who)]
    if access != Access.OPEN:
        if who == "visitor":
            return YES if action in VISITING else NO
        return HIDDEN
    return YES if action in OUTSIDE else NO


@pytest.fixture
def scene(request, people, administrator, make_place):
    """Return what makes a place with a post and a comment, and people in every relation to it."""

    def make(access):
        persons = {who: people.member() for who in WHO if who != "administrator"}
        persons["administrator"] = administrator
        place = make_place(
            "club",
            *(persons[who] for who in ("owner", "author", "commenter", "member", "moderator")),
            access=access,
        )
        set_role(place=place, person_id=persons["moderator"].id, role=Role.MODERATOR)
        let_visit(place=place, person_id=persons["visitor"].id)
        written = post(place=place, text="Question", actor=persons["author"])
        said = comment(root=written, text="Answer", actor=persons["commenter"])
        db.session.commit()
        return persons, written, said

    return make


def outcome(act):
    """Do something and undo it; return which refusal it met."""
    try:
        act()
    except DomainError as refusal:
        return type(refusal)
    finally:
        db.session.rollback()
        db.session.expire_all()
    return None


@pytest.mark.parametrize("access", Access)
def test_each_may_do_what_is_theirs_and_nothing_else(scene, access):
    persons, written, said = scene(access)
    cases = [(action, who) for action in ACTIONS for who in WHO]

    found = {
        (action, who): outcome(partial(ACTIONS[action], written, said, persons[who])) for action, who in cases
    }

    assert found == {(action, who): expected(action, who, access) for action, who in cases}


@pytest.mark.parametrize("access", [Access.CLOSED, Access.SECRET])
def test_who_has_left_finds_nothing_of_their_own_either(scene, access):
    persons, written, said = scene(access)
    for who in ("author", "commenter"):
        remove_member(place=written.place, person_id=persons[who].id, actor=persons["owner"])
    db.session.commit()

    found = {
        (action, who): outcome(partial(ACTIONS[action], written, said, persons[who]))
        for action in ACTIONS
        for who in ("author", "commenter")
    }

    assert set(found.values()) == {HIDDEN}


def test_an_archived_place_is_read_and_tidied_only(scene):
    persons, written, said = scene(Access.OPEN)
    archive(place=written.place, actor=persons["owner"])
    db.session.commit()
    adding = ["publish", "comment", "reply", "react", "edit", "mark the answer"]
    keeping = ["read", "bookmark", "unreact", "delete"]

    found = {
        action: outcome(partial(ACTIONS[action], written, said, persons["author"]))
        for action in adding + keeping
    }

    assert found == dict.fromkeys(adding, NO) | dict.fromkeys(keeping, YES)


def test_nothing_can_be_done_to_what_was_deleted(scene):
    persons, written, said = scene(Access.OPEN)
    delete(content=written, actor=persons["author"])
    db.session.commit()

    found = {
        (action, who): outcome(partial(ACTIONS[action], written, said, persons[who]))
        for action in ACTIONS
        if action != "publish"
        for who in WHO
    }

    assert set(found.values()) == {HIDDEN}


@pytest.mark.parametrize(
    ("posting", "who"),
    [
        (Posting.READERS, {*WHO}),
        (Posting.MEMBERS, {*WHO[:5]}),
        (Posting.MODERATORS, {"moderator", "owner"}),
    ],
)
def test_a_place_says_who_publishes_there(scene, posting, who):
    persons, written, said = scene(Access.OPEN)
    written.place.posting = posting
    db.session.commit()

    allowed = {
        each for each in WHO if outcome(partial(ACTIONS["publish"], written, said, persons[each])) is YES
    }

    assert allowed == who


def test_whose_wall_it_is_looks_after_it(people):
    owner, guest, third = (people.member() for _ in range(3))
    written = post(place=wall_of(owner.person), text="Welcome", actor=guest)
    said = comment(root=written, text="Yes", actor=third)
    db.session.commit()
    tidying = ["delete", "delete the comment", "pin", "lock", "mark the answer"]

    found = {
        who: {a for a in tidying if outcome(partial(ACTIONS[a], written, said, person)) is YES}
        for who, person in (("owner", owner), ("guest", guest), ("third", third))
    }

    assert found == {
        "owner": set(tidying),
        "guest": {"delete", "mark the answer"},
        "third": {"delete the comment"},
    }


class Quiet(SocialPlugin):
    """Social, in which somebody may contribute nothing."""

    @hookimpl
    def check_contribution(self, place, actor):
        """Refuse whoever is called so."""
        if actor.person.display_name == "Silent Person":
            raise Veto("You are asked to be silent.")


@pytest.mark.plugins(social=Quiet)
def test_whom_a_plugin_refuses_adds_nothing(make_place, member, people):
    silent = people.member("Silent Person")
    place = make_place("club", member, silent)
    written = post(place=place, text="Question", actor=member)
    said = comment(root=written, text="Answer", actor=member)
    db.session.commit()

    found = {
        action: outcome(partial(ACTIONS[action], written, said, silent))
        for action in ("publish", "comment", "reply", "react", "read", "unreact", "bookmark")
    }

    assert found == {
        "publish": Veto, "comment": Veto, "reply": Veto, "react": Veto,
        "read": YES, "unreact": YES, "bookmark": YES,
    }  # fmt: skip


class Blogs(Quiet):
    """Social with more types of contents."""

    @hookimpl
    def register_content_types(self):
        """Add one for places that want it, and one for all."""
        yield from super().register_content_types()
        yield ContentType("article", "Article", "social/post.html")
        yield ContentType("poll", "Poll", "social/post.html", shared=True)


@pytest.mark.plugins(social=Blogs)
@pytest.mark.parametrize(
    ("types", "taken"), [([], {"post", "poll"}), (["article"], {"post", "poll", "article"})]
)
def test_a_place_says_which_types_it_takes(make_place, member, types, taken):
    place = make_place("club", member)
    place.types = types
    db.session.commit()

    found = {
        type
        for type in ("post", "poll", "article", "comment")
        if outcome(lambda type=type: publish(type=type, place=place, actor=member, body_html="<p>New</p>"))
        is YES
    }

    assert found == taken
