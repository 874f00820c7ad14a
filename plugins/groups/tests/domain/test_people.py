"""Joining, asking, inviting, roles: what becomes of people, what they are told, and what stays true."""

from contextlib import suppress
from datetime import timedelta
from random import Random

import pytest
from flask_babel import force_locale
from parvis.api import DomainError, EventRecord, Invalid, NotAllowed, NotFound, db, utcnow
from parvis_groups.domain.card import cards
from parvis_groups.domain.change import archive_group as archive
from parvis_groups.domain.change import convert, unarchive_group
from parvis_groups.domain.directory import list_mine, members_of
from parvis_groups.domain.face import faces_of
from parvis_groups.domain.invitation import accept, decline, invite, my_invitations, take_back
from parvis_groups.domain.membership import ban, join, leave, remove, set_role
from parvis_groups.domain.merge import propose_merge
from parvis_groups.domain.read import get_group_for
from parvis_groups.domain.request import answer_request, ask, requests_of, withdraw
from parvis_groups.models import Invitation, JoinRequest
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import Membership, let_visit, post
from parvis_social.notification.list import list_notifications
from parvis_social.plugin import SocialPlugin
from sqlalchemy import func, select

pytestmark = [pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin), pytest.mark.both_databases]


def told(member):
    return [each.sentence for each in list_notifications(member).notifications]


def test_joining_an_open_group_is_at_once_and_only_once(member, other, make_group, roles):
    group = make_group("Photo", member)
    assert (join(group=group, actor=other), join(group=group, actor=other)) == (True, False)
    assert (group.place.members_count, roles(group)) == (2, {"Ada": "owner", "Bob": "member"})


def test_a_visitor_stands_first_among_its_people_and_is_none_of_them(member, other, people, make_group):
    group = make_group("Photo", member, access="closed")
    let_visit(place=group.place, person_id=other.id)
    view = get_group_for(other, "photo")
    assert (view.reads, view.is_member, view.visits) == (True, False, True)
    assert (view.may_post, view.may_invite, view.may_ask) == (False, False, True)
    shown = [(each.face.id, each.role) for each in members_of(view).people]
    assert shown == [(other.id, "visitor"), (member.id, "owner")]
    assert [each.face.id for each in faces_of(group.place_id)] == [member.id]
    assert ([card.role for card in cards([group.place_id], viewer=other)], group.place.members_count) == (
        [None],
        1,
    )
    assert list_mine(other).groups == []
    with pytest.raises(Invalid):
        set_role(group=group, person_id=other.id, role="visitor", actor=member)
    remove(group=group, person_id=other.id, actor=member)
    assert (group.place.members_count, get_group_for(other, "photo").reads) == (1, False)


@pytest.mark.parametrize("way", ["invited", "asked"])
def test_a_visitor_may_become_a_member(way, member, other, make_group):
    group = make_group("Photo", member, access="closed")
    let_visit(place=group.place, person_id=other.id)
    if way == "invited":
        assert invite(group=group, people=[other.id], message="", actor=member)
        accept(group=group, actor=other)
    else:
        ask(group=group, message="", actor=other)
        answer_request(group=group, person_id=other.id, accept=True, words="", actor=member)
    assert (get_group_for(other, "photo").role, group.place.members_count) == ("member", 2)


def test_many_who_join_at_once_are_all_counted_once(member, people, make_group, at_once, again):
    group, persons = make_group("Photo", member), [people.member() for _ in range(4)]
    results = at_once(
        *[lambda each=each: join(group=again(group), actor=again(each)) for each in (*persons, *persons)]
    )
    assert sorted(results) == [False] * 4 + [True] * 4
    assert again(group).place.members_count == 5


def test_who_asks_is_answered_with_words_and_told(member, other, make_group, deliver):
    group = make_group("Photo", member, access="closed")
    ask(group=group, message="I have a camera", actor=other)
    ask(group=group, message="Again", actor=other)
    deliver()
    assert get_group_for(other, "photo").asked is True
    (asking,) = requests_of(get_group_for(member, "photo"))
    assert (asking.face.id, asking.message) == (other.id, "I have a camera")
    assert told(member) == ["Bob Other asks to join Photo"]
    answer_request(group=group, person_id=other.id, accept=True, words="Welcome!", actor=member)
    deliver()
    assert told(other) == ["You are now a member of Photo. “Welcome!”"]
    assert get_group_for(other, "photo").role == "member"
    with pytest.raises(NotFound):
        answer_request(group=group, person_id=other.id, accept=False, words="", actor=member)


def test_all_who_ask_are_told_of_together(member, other, people, make_group, deliver):
    group = make_group("Photo", member, access="closed")
    for who in (other, people.member("Cleo Third"), people.member("Dan Fourth")):
        ask(group=group, message="Please", actor=who)
    deliver()
    assert told(member) == ["Dan Fourth and 2 others ask to join Photo"]


def test_who_was_refused_may_ask_again_after_a_week(member, other, make_group, deliver):
    group = make_group("Photo", member, access="closed")
    ask(group=group, message="Please", actor=other)
    answer_request(group=group, person_id=other.id, accept=False, words="Full", actor=member)
    deliver()
    assert told(other) == ["You were not let into Photo. “Full”"]
    with pytest.raises(NotAllowed, match="wait a week"):
        ask(group=group, message="Please!", actor=other)
    asked = db.session.scalars(select(JoinRequest)).one()
    asked.answered_at = utcnow() - timedelta(days=8)
    ask(group=group, message="Please!", actor=other)
    assert [each.message for each in requests_of(get_group_for(member, "photo"))] == ["Please!"]


def test_a_request_can_be_taken_back(member, other, make_group):
    group = make_group("Photo", member, access="closed")
    ask(group=group, message="", actor=other)
    withdraw(group=group, actor=other)
    assert requests_of(get_group_for(member, "photo")) == []
    with pytest.raises(NotFound):
        answer_request(group=group, person_id=other.id, accept=True, words="", actor=member)


def test_two_answers_at_once_are_one(member, other, people, make_group, at_once, again):
    second = people.member("Second")
    group = make_group("Photo", member, access="closed", moderators=[second])
    ask(group=group, message="", actor=other)

    def answer(who, accept):
        answer_request(group=again(group), person_id=other.id, accept=accept, words="", actor=again(who))

    results = at_once(lambda: answer(member, True), lambda: answer(second, False))
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "NotFound"]
    events = db.session.scalars(select(EventRecord).where(EventRecord.kind == "groups.request_answered"))
    assert len(events.all()) == 1


def test_a_group_that_opens_lets_those_in_who_wait(member, other, make_group, roles):
    group = make_group("Photo", member, access="closed")
    ask(group=group, message="", actor=other)
    convert(group=group, access="open", actor=member)
    assert roles(group) == {"Ada": "owner", "Bob": "member"}


def test_who_is_invited_knows_of_a_secret_group_and_may_come(member, other, make_group, deliver):
    group = make_group("Plans", member, access="secret")
    assert invite(group=group, people=[other.id, other.id, member.id, 999], message="Come", actor=member) == 1
    deliver()
    assert told(other) == ["Ada Member invites you to Plans. “Come”"]
    (invited,) = my_invitations(other)
    assert (invited.group.name, invited.inviter.display_name, invited.message) == (
        "Plans", "Ada Member", "Come"
    )  # fmt: skip
    view = get_group_for(other, group.place.slug)
    assert (view.invited, view.may_join, view.reads) == (True, True, False)
    accept(group=group, actor=other)
    deliver()
    joined = get_group_for(other, group.place.slug)
    assert (joined.role, my_invitations(other), told(other)) == ("member", [], [])


def test_an_invitation_that_is_taken_back_leaves_no_trace(member, other, make_group, deliver):
    group = make_group("Plans", member, access="secret")
    invite(group=group, people=[other.id], message="", actor=member)
    deliver()
    take_back(group=group, person_id=other.id, actor=member)
    deliver()
    assert (told(other), my_invitations(other)) == ([], [])
    with pytest.raises(NotFound):
        get_group_for(other, group.place.slug)


def test_who_declines_is_not_invited_again_for_a_month(member, other, make_group):
    group = make_group("Photo", member)
    invite(group=group, people=[other.id], message="", actor=member)
    assert invite(group=group, people=[other.id], message="", actor=member) == 0
    decline(group=group, actor=other)
    assert (my_invitations(other), invite(group=group, people=[other.id], message="", actor=member)) == (
        [],
        0,
    )
    db.session.scalars(select(Invitation)).one().at = utcnow() - timedelta(days=31)
    assert invite(group=group, people=[other.id], message="", actor=member) == 1


def test_nobody_who_is_banned_or_gone_is_invited(member, other, people, make_group):
    gone = people.person("Gone Away", present=False)
    group = make_group("Photo", member)
    ban(group=group, person_id=other.id, reason="Rude", actor=member)
    assert invite(group=group, people=[other.id, gone.id], message="", actor=member) == 0
    with pytest.raises(Invalid):
        invite(group=group, people=range(1, 60), message="", actor=member)


def test_roles_are_given_and_told(member, other, make_group, deliver, roles):
    group = make_group("Photo", member, other)
    for role, sentence in (
        ("moderator", "Ada Member asks you to look after Photo."),
        ("owner", "Ada Member made you an owner of Photo."),
        ("owner", "Ada Member made you an owner of Photo."),
        ("member", "You are now a plain member of Photo."),
    ):
        set_role(group=group, person_id=other.id, role=role, actor=member)
        deliver()
        assert sentence in told(other)
    with pytest.raises(Invalid):
        set_role(group=group, person_id=other.id, role="king", actor=member)
    with pytest.raises(Invalid):
        set_role(group=group, person_id=999, role="owner", actor=member)


def test_ownership_is_handed_on_and_the_last_owner_stays(member, other, make_group, roles):
    group = make_group("Photo", member, other)
    for go in (
        lambda: leave(group=group, actor=member),
        lambda: set_role(group=group, person_id=member.id, role="member", actor=member),
    ):
        with pytest.raises(Invalid, match="without an owner"):
            go()
    set_role(group=group, person_id=other.id, role="owner", actor=member)
    leave(group=group, actor=member)
    assert roles(group) == {"Bob": "owner"}


def test_two_owners_who_leave_at_once_leave_one(member, other, make_group, at_once, again):
    group = make_group("Photo", member, other)
    set_role(group=group, person_id=other.id, role="owner", actor=member)
    results = at_once(
        *[lambda each=each: leave(group=again(group), actor=again(each)) for each in (member, other)]
    )
    assert sorted(type(result).__name__ for result in results) == ["Invalid", "NoneType"]


def test_an_owner_who_left_the_company_does_not_count_as_the_other_one(member, people, make_group):
    gone = people.member("Gone Away")
    group = make_group("Photo", member, gone)
    set_role(group=group, person_id=gone.id, role="owner", actor=member)
    gone.person.present = False
    db.session.commit()
    with pytest.raises(Invalid, match="without an owner"):
        leave(group=group, actor=member)
    with pytest.raises(Invalid, match="left the company"):
        set_role(group=make_group("Two", member, gone), person_id=gone.id, role="owner", actor=member)


def test_who_is_taken_out_or_banned_is_told(member, other, make_group, deliver):
    group = make_group("Photo", member, other, access="closed")
    remove(group=group, person_id=other.id, actor=member)
    ban(group=group, person_id=other.id, reason="Rude", actor=member)
    deliver()
    assert told(other) == ["Ada Member banned you from Photo. “Rude”", "Ada Member took you out of Photo."]


def test_an_archived_group_takes_nobody_and_can_be_opened_again(member, other, make_group):
    group = make_group("Photo", member)
    archive(group=group, actor=member)
    for act in (
        lambda: join(group=group, actor=other),
        lambda: invite(group=group, people=[other.id], message="", actor=member),
        lambda: post(place=group.place, text="Hello", actor=member),
    ):
        with pytest.raises(NotAllowed, match="archived"):
            act()
    unarchive_group(group=group, actor=member)
    assert join(group=group, actor=other) is True


ACTS = (
    lambda group, actor, whom, chance: join(group=group, actor=actor),
    lambda group, actor, whom, chance: leave(group=group, actor=actor),
    lambda group, actor, whom, chance: remove(group=group, person_id=whom.id, actor=actor),
    lambda group, actor, whom, chance: set_role(
        group=group, person_id=whom.id, role=chance.choice(["owner", "moderator", "member"]), actor=actor
    ),
    lambda group, actor, whom, chance: invite(group=group, people=[whom.id], message="", actor=actor),
    lambda group, actor, whom, chance: convert(
        group=group, access=chance.choice(["open", "closed", "secret"]), actor=actor
    ),
    lambda group, actor, whom, chance: ask(group=group, message="", actor=actor),
)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.proof) for seed in (1, 2))])
def test_whatever_people_do_a_group_has_an_owner_and_counts_right(people, make_group, seed):
    chance, persons = Random(seed), [people.member() for _ in range(5)]
    group = make_group("Photo", persons[0])
    for _ in range(120):
        actor, whom = chance.choice(persons), chance.choice(persons)
        act = chance.choice(ACTS)
        with suppress(DomainError), db.session.begin_nested():
            act(group, actor, whom, chance)
        of_group = select(func.count()).where(Membership.place_id == group.place_id)
        assert db.session.scalar(of_group.where(Membership.role == "owner")) >= 1
        assert db.session.scalar(of_group) == group.place.members_count


def test_whom_it_concerns_reads_the_name_in_their_language(member, other, make_group, deliver):
    said = {"languages": ["en", "fr"], "second_name": "Club photo", "access": "closed"}
    group = make_group("Photo club", member, other, **said)
    propose_merge(origin=make_group("Chess", other), target=group, message="", actor=other)
    remove(group=group, person_id=other.id, actor=member)
    ban(group=group, person_id=other.id, reason="Rude", actor=member)
    deliver()
    with force_locale("fr"):
        assert [("Club photo" in each, "Photo club" in each) for each in told(other)] == [(True, False)] * 2
        assert [("Club photo" in each, "Photo club" in each) for each in told(member)] == [(True, False)]
        with pytest.raises(NotAllowed, match="Club photo"):
            join(group=group, actor=other)
    assert [("Club photo" in each, "Photo club" in each) for each in told(other)] == [(False, True)] * 2
    assert [("Club photo" in each, "Photo club" in each) for each in told(member)] == [(False, True)]
