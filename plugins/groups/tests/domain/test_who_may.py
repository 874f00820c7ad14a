"""Who may do what in a group: each act, as everybody, in groups of each access."""

import pytest
from parvis.api import DomainError, NotFound, Veto, db, utcnow
from parvis_groups.domain import change, invitation, membership, merge, request
from parvis_groups.domain.care import appoint, become_owner
from parvis_groups.domain.directory import banned_of, dismiss, members_of
from parvis_groups.domain.invitation import invitations_of
from parvis_groups.domain.proposal import propose
from parvis_groups.domain.read import get_group_for
from parvis_groups.domain.request import requests_of
from parvis_groups.models import Invitation, JoinRequest
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import Membership, comment, follow_of, post
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin)

WHO = ("stranger", "administrator", "left", "banned", "invited", "member", "moderator", "owner")
DONE, NOT_ALLOWED, MISSING = "done", "NotAllowed", "NotFound"

INSIDE = ("member", "moderator", "owner")
MANAGERS = ("moderator", "owner")
SAID = {"name": "New name", "purpose": "New purpose"}


@pytest.fixture
def world(people, make_group):
    """Return what makes a group of an access, and everybody who stands to it somehow."""

    def make(access):
        who = {name: people.member(name.title()) for name in WHO if name != "administrator"}
        who["administrator"] = people.member("Administrator", administrator=True)
        for name in ("target", "asking", "outsider"):
            who[name] = people.member(name.title())
        group = make_group(
            "Photo", who["owner"], who["member"], who["target"], who["left"], access=access,
            moderators=[who["moderator"]],
        )  # fmt: skip
        membership.leave(group=group, actor=who["left"])
        membership.ban(group=group, person_id=who["banned"].id, reason="Rude", actor=who["owner"])
        invitation.invite(group=group, people=[who["invited"].id], message="", actor=who["owner"])
        db.session.add(JoinRequest(place_id=group.place_id, person_id=who["asking"].id, at=utcnow()))
        db.session.commit()
        return group, who

    return make


ACTS = {
    "see": lambda group, who, actor: get_group_for(actor, group.place.slug),
    "list members": lambda group, who, actor: members_of(get_group_for(actor, group.place.slug)),
    "join": lambda group, who, actor: membership.join(group=group, actor=actor),
    "ask": lambda group, who, actor: request.ask(group=group, message="", actor=actor),
    "invite": lambda group, who, actor: invitation.invite(
        group=group, people=[who["outsider"].id], message="", actor=actor
    ),
    "take an invitation back": lambda group, who, actor: invitation.take_back(
        group=group, person_id=who["invited"].id, actor=actor
    ),
    "answer a request": lambda group, who, actor: request.answer_request(
        group=group, person_id=who["asking"].id, accept=True, words="", actor=actor
    ),
    "remove": lambda group, who, actor: membership.remove(
        group=group, person_id=who["target"].id, actor=actor
    ),
    "ban": lambda group, who, actor: membership.ban(
        group=group, person_id=who["target"].id, reason="Rude", actor=actor
    ),
    "unban": lambda group, who, actor: membership.unban(
        group=group, person_id=who["banned"].id, actor=actor
    ),
    "promote": lambda group, who, actor: membership.set_role(
        group=group, person_id=who["target"].id, role="moderator", actor=actor
    ),
    "raise oneself": lambda group, who, actor: membership.set_role(
        group=group, person_id=actor.id, role="owner", actor=actor
    ),
    "change": lambda group, who, actor: change.change_group(group=group, **SAID, actor=actor),
    "change settings": lambda group, who, actor: change.change_settings(
        group=group, level="all", actor=actor
    ),
    "convert": lambda group, who, actor: change.convert(
        group=group, access="closed" if group.place.access == "open" else "open", actor=actor
    ),
    "give a picture": lambda group, who, actor: change.set_picture(group=group, key="x", actor=actor),
    "archive": lambda group, who, actor: change.archive_group(group=group, actor=actor),
    "propose a topic": lambda group, who, actor: propose(group=group, text="Birds", actor=actor),
    "dismiss": lambda group, who, actor: dismiss(group=group, actor=actor),
    "post": lambda group, who, actor: post(place=group.place, text="Hello", actor=actor),
    "take over": lambda group, who, actor: become_owner(group=group, actor=actor),
    "appoint": lambda group, who, actor: appoint(
        group_id=group.place_id, person_id=who["target"].id, actor=actor
    ),
}  # fmt: skip


def everybody(answer, **others):
    """Return what each answers: `answer` to all but those named."""
    return {name: others.get(name, answer) for name in WHO}


def owners(refused=NOT_ALLOWED):
    """Return the answers of what only owners do, in a group that everybody knows of."""
    return everybody(refused, owner=DONE)


def managers(refused=NOT_ALLOWED):
    return everybody(refused, owner=DONE, moderator=DONE)


OPEN = {
    "see": everybody(DONE),
    "list members": everybody(DONE),
    "join": everybody(DONE, banned=NOT_ALLOWED),
    "ask": everybody(DONE, banned=NOT_ALLOWED),
    "invite": everybody(NOT_ALLOWED, **dict.fromkeys(INSIDE, DONE)),
    "take an invitation back": managers(),
    "answer a request": managers(),
    "remove": managers(),
    "ban": managers(),
    "unban": managers(),
    "promote": owners(),
    "raise oneself": owners(),
    "change": owners(),
    "change settings": owners(),
    "convert": owners(),
    "give a picture": owners(),
    "archive": owners(),
    "propose a topic": everybody(DONE),
    "dismiss": everybody(DONE),
    "post": everybody(NOT_ALLOWED, **dict.fromkeys(INSIDE, DONE)),
    "take over": everybody(NOT_ALLOWED),
    "appoint": everybody(MISSING, administrator=NOT_ALLOWED),
}
CLOSED = {
    **OPEN,
    "list members": everybody(MISSING, **dict.fromkeys(INSIDE, DONE)),
    "join": everybody(NOT_ALLOWED, invited=DONE, **dict.fromkeys(INSIDE, DONE)),
    "invite": managers(),
    "post": everybody(MISSING, **dict.fromkeys(INSIDE, DONE)),
}


def hidden(answers):
    """Return the answers of a secret group: to whom it is not known, it is not there."""
    inside = {name: answer for name, answer in answers.items() if name in INSIDE}
    return everybody(MISSING, **inside)


SECRET = {
    **{act: hidden(answers) for act, answers in CLOSED.items()},
    "see": everybody(MISSING, invited=DONE, **dict.fromkeys(INSIDE, DONE)),
    "join": everybody(MISSING, invited=DONE, **dict.fromkeys(INSIDE, DONE)),
    "ask": everybody(MISSING, invited=DONE, **dict.fromkeys(INSIDE, DONE)),
    "propose a topic": everybody(MISSING, invited=DONE, **dict.fromkeys(INSIDE, DONE)),
    "dismiss": everybody(MISSING, invited=DONE, **dict.fromkeys(INSIDE, DONE)),
    "appoint": OPEN["appoint"],
}


@pytest.mark.parametrize(("access", "answers"), [("open", OPEN), ("closed", CLOSED), ("secret", SECRET)])
def test_each_act_is_open_to_whom_it_is_and_nobody_else(world, access, answers):
    group, everyone = world(access)
    given = {act: {who: attempt(do, group, everyone, who) for who in WHO} for act, do in ACTS.items()}
    assert given == {act: answers[act] for act in ACTS}


def attempt(do, group, everyone, who):
    """Do something as somebody, take it back, and return how it ended."""
    with db.session.begin_nested() as savepoint:
        try:
            do(group, everyone, everyone[who])
            ended = DONE
        except DomainError as refusal:
            ended = type(refusal).__name__
        savepoint.rollback()
    db.session.expire_all()
    return ended


@pytest.mark.parametrize("access", ["open", "closed", "secret"])
def test_what_waits_is_listed_to_who_looks_after_the_group_alone(world, access):
    group, everyone = world(access)
    for who in WHO:
        try:
            view = get_group_for(everyone[who], group.place.slug)
        except NotFound:
            assert (access, who in INSIDE) == ("secret", False)
            continue
        listed = (len(requests_of(view)), len(banned_of(view)), len(invitations_of(view)))
        assert (who, listed) == (who, (1, 1, 1) if who in MANAGERS else (0, 0, 0))


@pytest.mark.parametrize("access", ["open", "closed", "secret"])
def test_a_moderator_touches_no_moderator_and_no_owner(world, people, access):
    group, who = world(access)
    second = people.member("Second")
    db.session.add(Membership(person_id=second.id, place_id=group.place_id, role="moderator"))
    db.session.commit()
    for person in (second, who["owner"]):
        for act in (
            lambda person=person: membership.remove(group=group, person_id=person.id, actor=who["moderator"]),
            lambda person=person: membership.ban(
                group=group, person_id=person.id, reason="Rude", actor=who["moderator"]
            ),
        ):
            with pytest.raises(DomainError, match="Only the owners"):
                act()


@pytest.mark.both_databases
def test_who_is_banned_reads_what_is_open_and_adds_nothing(member, other, make_group):
    group = make_group("Photo", member, other)
    written = post(place=group.place, text="Hello", actor=member)
    membership.ban(group=group, person_id=other.id, reason="Rude", actor=member)
    db.session.commit()
    assert get_group_for(other, "photo").banned == "Rude"
    with pytest.raises(Veto, match="You were banned from Photo: Rude"):
        comment(root=written, text="Hm", actor=other)
    with pytest.raises(DomainError, match="You were banned from Photo: Rude"):
        membership.join(group=group, actor=other)
    assert follow_of(group.place_id, other) is None
    membership.unban(group=group, person_id=other.id, actor=member)
    assert membership.join(group=group, actor=other) is True


def test_a_merge_is_for_owners_of_both(member, other, make_group):
    mine, theirs = make_group("Photo", member, other), make_group("Photos", other, member)
    with pytest.raises(DomainError, match="Propose it"):
        merge.merge(origin=mine, target=theirs, actor=member)
    made = merge.propose_merge(origin=mine, target=theirs, message="", actor=member)
    with pytest.raises(DomainError, match="The owners of the other group"):
        merge.answer_merge(merge=made, accept=True, actor=member)


@pytest.mark.parametrize("access", ["closed", "secret"])
def test_an_invitation_that_was_taken_back_opens_nothing(member, other, make_group, access):
    group = make_group("Photo", member, access=access)
    invitation.invite(group=group, people=[other.id], message="", actor=member)
    invitation.take_back(group=group, person_id=other.id, actor=member)
    db.session.commit()
    assert db.session.query(Invitation).count() == 0
    with pytest.raises(NotFound):
        invitation.accept(group=group, actor=other)
