"""What many do to several groups at the same moment: nobody waits for ever, and each group keeps an owner."""

from random import Random

import pytest
from parvis.api import DomainError, Member, db
from parvis_groups.domain.care import become_owner
from parvis_groups.domain.change import archive_group, convert, unarchive_group
from parvis_groups.domain.invitation import invite
from parvis_groups.domain.membership import ban, join, leave, remove, set_role, unban
from parvis_groups.domain.merge import answer_merge, merge, propose_merge, undo_merge
from parvis_groups.domain.request import answer_request, ask
from parvis_groups.models import Group, Merge, State
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import Content, Membership, Place, comment, post
from parvis_social.plugin import SocialPlugin
from sqlalchemy import func, select

pytestmark = [pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin), pytest.mark.both_databases]

UNLIMITED = pytest.mark.settings(**{"plugins.social": {"posts_per_hour": 10_000}})


def owners(place_id):
    owning = (Membership.place_id == place_id, Membership.role == "owner")
    return db.session.scalar(select(func.count()).select_from(Membership).where(*owning))


@pytest.mark.parametrize("turn", [0, *(pytest.param(turn, marks=pytest.mark.proof) for turn in (1, 2, 3))])
def test_an_owner_who_leaves_while_another_hands_the_group_on_leaves_one(
    member, other, make_group, at_once, again, turn
):
    group = make_group("Photo", member, other)
    set_role(group=group, person_id=other.id, role="owner", actor=member)

    at_once(
        lambda: leave(group=again(group), actor=again(member)),
        lambda: set_role(group=again(group), person_id=other.id, role="member", actor=again(other)),
        lambda: remove(group=again(group), person_id=member.id, actor=again(other)),
    )

    assert owners(group.place_id) >= 1


def test_of_two_owners_who_take_the_role_from_each_other_one_stays(member, other, make_group, at_once, again):
    group = make_group("Photo", member, other)
    set_role(group=group, person_id=other.id, role="owner", actor=member)

    results = at_once(
        lambda: set_role(group=again(group), person_id=other.id, role="member", actor=again(member)),
        lambda: set_role(group=again(group), person_id=member.id, role="member", actor=again(other)),
    )

    assert sorted(type(result).__name__ for result in results) == ["NoneType", "NotAllowed"]
    assert owners(group.place_id) == 1


def test_merges_in_a_circle_at_once_leave_one_group_that_is_none_of_another(
    member, make_group, at_once, again
):
    ring = [make_group(name, member) for name in ("One", "Two", "Three")]

    results = at_once(
        *[
            lambda one=one, two=two: merge(origin=again(one), target=again(two), actor=again(member)).id
            for one, two in zip(ring, ring[1:] + ring[:1], strict=True)
        ]
    )

    assert "Invalid" in {type(result).__name__ for result in results}
    standing = select(Place.id).where(Place.moved_to_id.is_(None), Place.archived_at.is_(None))
    assert len(db.session.scalars(standing).all()) == 1


def test_who_joins_while_the_group_is_merged_is_in_one_of_the_two_and_counted(
    member, people, make_group, at_once, again
):
    one, two = make_group("One", member), make_group("Two", member)
    persons = [people.member() for _ in range(4)]

    at_once(
        *[lambda each=each: join(group=again(one), actor=again(each)) for each in persons],
        lambda: merge(origin=again(one), target=again(two), actor=again(member)).id,
    )

    check_counts([one.place_id, two.place_id])


@UNLIMITED
@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.proof)])
def test_whatever_many_do_to_groups_all_counts_stay_true(people, make_group, at_once, seed):
    persons = [people.member(f"Person{number} Test").id for number in range(5)]
    first = [people_of(person) for person in persons]
    groups = [
        make_group(name, *first[:2], *first[3:], moderators=[first[2]]) for name in ("One", "Two", "Three")
    ]
    for group in groups:
        for owner in persons[1:4]:
            set_role(group=group, person_id=owner, role="owner", actor=first[0])
        post(place=group.place, text=f"In #{group.place.slug} and #all", actor=first[0])
    places = [group.place_id for group in groups]
    db.session.commit()

    results = at_once(*[busy(Random(f"{seed} {number}"), persons, places) for number in range(5)])

    assert results == [None] * 5
    check_counts(places)


def people_of(person_id):

    return db.session.get_one(Member, person_id)


def busy(chance, persons, places):
    """Return what does a dozen things, each in a transaction of its own; refusals are answers too."""

    def one():
        actor, whom = people_of(chance.choice(persons)), chance.choice(persons)
        group, second = (db.session.get_one(Group, place) for place in chance.sample(places, 2))
        some = db.session.scalars(select(Content).where(Content.root_id.is_(None))).all()
        pending = db.session.scalars(select(Merge).where(Merge.state == State.PENDING)).first()
        made = db.session.scalars(select(Merge).where(Merge.state == State.ACCEPTED)).all()
        acts = [
            (3, lambda: join(group=group, actor=actor)),
            (1, lambda: leave(group=group, actor=actor)),
            (1, lambda: remove(group=group, person_id=whom, actor=actor)),
            (1, lambda: ban(group=group, person_id=whom, reason="So", actor=actor)),
            (1, lambda: unban(group=group, person_id=whom, actor=actor)),
            (3, lambda: set_role(
                group=group, person_id=whom, role=chance.choice(["owner", "owner", "member"]), actor=actor
            )),
            (1, lambda: become_owner(group=group, actor=actor)),
            (1, lambda: invite(group=group, people=[whom], message="", actor=actor)),
            (1, lambda: ask(group=group, message="", actor=actor)),
            (1, lambda: answer_request(group=group, person_id=whom, accept=True, words="", actor=actor)),
            (2, lambda: convert(group=group, access=chance.choice(["open", "closed"]), actor=actor)),
            (1, lambda: archive_group(group=group, actor=actor)),
            (4, lambda: unarchive_group(group=group, actor=actor)),
            (6, lambda: merge(origin=group, target=second, opening=True, actor=actor)),
            (1, lambda: propose_merge(origin=group, target=second, message="", opening=True, actor=actor)),
            (1, lambda: pending and answer_merge(merge=pending, accept=True, actor=actor)),
            (8, lambda: made and undo_merge(merge=chance.choice(made), actor=actor)),
            (3, lambda: post(place=group.place, text="More #all", actor=actor)),
            (3, lambda: some and comment(root=chance.choice(some), text="Yes", actor=actor)),
        ]  # fmt: skip
        (act,) = chance.choices([act for _, act in acts], weights=[weight for weight, _ in acts])
        act()

    def many():
        for _ in range(30):
            try:
                one()
                db.session.commit()
            except DomainError:
                db.session.rollback()
            db.session.expire_all()

    return many


def check_counts(places):
    """Compare what is stored of groups with what there is."""
    for place in (db.session.get_one(Place, each) for each in places):
        of_place = select(func.count()).select_from(Membership).where(Membership.place_id == place.id)
        assert (owners(place.id) >= 1, place.members_count) == (True, db.session.scalar(of_place))
        contents = db.session.scalars(select(Content).where(Content.place_id == place.id)).all()
        assert place.contents_count == len([each for each in contents if each.root_id is None])
        assert {each.audience for each in contents} <= {place.audience}
        for each in contents:
            under = [below.place_id for below in db.session.scalars(
                select(Content).where(Content.root_id == each.id)
            )]  # fmt: skip
            assert (set(under) <= {place.id}, each.comments_count) == (True, len(under))
