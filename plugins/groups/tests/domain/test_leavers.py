"""Who leaves the company: their groups find an owner, their memberships wait for them."""

from datetime import timedelta

import pytest
from parvis.api import Invalid, NotAllowed, NotFound, db, record, utcnow
from parvis.directory.event import PersonLeft, PersonReturned
from parvis_groups.domain.care import appoint, become_owner, list_ownerless
from parvis_groups.domain.membership import remove, set_role
from parvis_groups.domain.read import get_group_for
from parvis_groups.domain.told import pass_on
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import let_visit, post
from parvis_social.notification.list import list_notifications
from parvis_social.plugin import SocialPlugin

pytestmark = [pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin), pytest.mark.both_databases]

LOST = "Photo has lost its owner. Would you like to take over?"


def told(member):
    return [each.sentence for each in list_notifications(member).notifications]


@pytest.fixture
def go(deliver):
    """Return what lets somebody leave the company, or come back."""

    def leave(member, *, back=False):
        member.person.present = back
        record((PersonReturned if back else PersonLeft)(person=member.id))
        deliver()

    return leave


@pytest.fixture
def left(people, make_group, go):
    """Return a group whose owner has left, and its members, the most active first."""
    owner = people.member("Owner One")
    members = [people.member(f"Member{n} One") for n in range(5)]
    group = make_group("Photo", owner, *members)
    for number, member in enumerate(members[:3]):
        for _ in range(3 - number):
            post(place=group.place, text="Hello", actor=member)
    go(owner)
    return group, members, owner


def test_a_group_without_owner_is_offered_to_its_most_active_members(left):
    group, members, _owner = left
    assert group.orphaned_at is not None
    assert [told(member) for member in members] == [[LOST], [LOST], [LOST], [], []]
    assert [get_group_for(member, "photo").offered for member in members] == [True] * 3 + [False] * 2
    assert group.place.members_count == 5


def test_a_group_is_not_offered_to_who_visits_it(people, make_group, go):
    owner, visitor = people.member("Owner One"), people.member("Visitor One")
    group = make_group("Photo", owner, access="closed")
    let_visit(place=group.place, person_id=visitor.id)
    go(owner)
    assert (told(visitor), group.place.members_count) == ([], 0)
    assert get_group_for(visitor, "photo").offered is False


def test_the_first_who_takes_over_is_owner(left, roles):
    group, members, _owner = left
    with pytest.raises(NotAllowed):
        become_owner(group=group, actor=members[4])
    become_owner(group=group, actor=members[1])
    with pytest.raises(NotAllowed, match="has an owner"):
        become_owner(group=group, actor=members[0])
    assert (roles(group)["Member1"], group.orphaned_at) == ("owner", None)
    assert told(members[0]) == []


def test_two_who_take_over_at_once_are_one(left, at_once, again, roles):
    group, members, _owner = left
    results = at_once(
        *[lambda each=each: become_owner(group=again(group), actor=again(each)) for each in members[:3]]
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "NotAllowed", "NotAllowed"]


def test_a_moderator_may_take_over_too(people, make_group, go):
    owner, moderator = people.member("Owner One"), people.member("Moderator One")
    others = [people.member() for _ in range(3)]
    group = make_group("Photo", owner, *others, moderators=[moderator])
    for each in others:
        post(place=group.place, text="Hello", actor=each)
    go(owner)
    assert get_group_for(moderator, "photo").offered is False
    become_owner(group=group, actor=moderator)
    assert group.orphaned_at is None


def test_a_group_with_another_owner_is_not_offered(member, people, make_group, go):
    second = people.member("Second One")
    group = make_group("Photo", member, second)
    set_role(group=group, person_id=second.id, role="owner", actor=member)
    go(second)
    assert (group.orphaned_at, group.place.members_count) == (None, 1)
    go(member)
    assert (group.orphaned_at is not None, group.place.members_count) == (True, 0)


def test_who_comes_back_is_owner_again(left, go):
    group, members, owner = left
    go(owner, back=True)
    assert (group.orphaned_at, group.place.members_count, told(members[0])) == (None, 6, [])
    assert get_group_for(owner, "photo").role == "owner"


def test_nobody_answers_and_administrators_are_told_once(left, administrator, member):
    group, _members, _owner = left
    pass_on()
    assert (told(administrator), [each.due for each in list_ownerless(administrator)]) == ([], [False])
    group.orphaned_at = utcnow() - timedelta(days=15)
    db.session.commit()
    pass_on()
    pass_on()
    db.session.commit()
    assert told(administrator) == ["There are groups without an owner, and nobody has taken over."]
    (ownerless,) = list_ownerless(administrator)
    assert (ownerless.name, ownerless.members_count, ownerless.due) == ("Photo", 5, True)
    with pytest.raises(NotFound):
        list_ownerless(member)


def test_who_cares_for_all_appoints_a_member(left, administrator, member, roles):
    group, members, owner = left
    for person in (administrator, owner):
        with pytest.raises(Invalid):
            appoint(group_id=group.place_id, person_id=person.id, actor=administrator)
    with pytest.raises(NotFound):
        appoint(group_id=group.place_id, person_id=members[4].id, actor=member)
    appoint(group_id=group.place_id, person_id=members[4].id, actor=administrator)
    assert (roles(group)["Member4"], group.orphaned_at) == ("owner", None)
    with pytest.raises(NotAllowed):
        appoint(group_id=group.place_id, person_id=members[3].id, actor=administrator)


def test_of_a_secret_group_without_owner_no_name_is_told(people, make_group, go, administrator):
    owner, other = people.member("Owner One"), people.member("Other One")
    make_group("Plans", owner, other, access="secret")
    go(owner)
    (ownerless,) = list_ownerless(administrator)
    assert (ownerless.name, ownerless.slug, ownerless.members_count) == ("", "", 1)


def test_a_leaver_who_is_taken_out_is_not_counted_off_twice(member, people, make_group, go):
    gone = people.member("Gone One")
    group = make_group("Photo", member, gone)
    go(gone)
    remove(group=group, person_id=gone.id, actor=member)
    assert group.place.members_count == 1
