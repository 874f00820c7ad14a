"""Two groups become one, and two again: people, contents, what was written since, and who had to agree."""

from datetime import timedelta

import pytest
from parvis.api import EventRecord, Invalid, NotAllowed, NotFound, db, utcnow
from parvis_groups.domain.change import archive_group, unarchive_group
from parvis_groups.domain.membership import ban, leave, set_role
from parvis_groups.domain.merge import (
    answer_merge,
    forget_merges,
    get_merge_for,
    merge,
    merges_of,
    preview,
    propose_merge,
    undo_merge,
)
from parvis_groups.domain.read import get_group_for
from parvis_groups.models import MergeContent, MergeFollow, MergeMember
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import (
    Content,
    Membership,
    PlaceFollow,
    comment,
    follow_of,
    get_content_for,
    let_visit,
    post,
)
from parvis_social.notification.list import list_notifications
from parvis_social.place.follow import follow_place
from parvis_social.place.reader import my_places
from parvis_social.plugin import SocialPlugin
from sqlalchemy import func, select

pytestmark = [pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin), pytest.mark.both_databases]


def told(member):
    return [each.sentence for each in list_notifications(member).notifications]


@pytest.fixture
def two(member, other, people, make_group):
    """Return two groups of one owner, with people in one, the other, and both."""
    who = {name: people.member(f"{name.title()} One") for name in ("mod", "both", "banned", "reader")}
    origin = make_group("Photo", member, other, who["both"], who["banned"], moderators=[who["mod"]])
    target = make_group("Pictures", member, who["mod"], moderators=[who["both"]])
    ban(group=target, person_id=who["banned"].id, reason="Rude", actor=member)
    follow_place(place=origin.place, actor=who["reader"])
    written = post(place=origin.place, text="Old #photo", actor=other)
    comment(root=written, text="Yes", actor=member)
    post(place=target.place, text="There", actor=member)
    db.session.commit()
    return origin, target, written, who


def test_a_merge_brings_people_with_their_roles_and_contents(member, other, two, roles):
    origin, target, written, who = two
    assert preview(origin=origin, target=target, actor=member) == (5, 1, 1, False, True)
    merge(origin=origin, target=target, actor=member)
    db.session.commit()
    expected = {"Ada": "owner", "Bob": "member", "Mod": "moderator", "Both": "moderator"}
    assert (roles(target), target.place.members_count) == (expected, 4)
    assert get_content_for(other, written.id).place.id == target.place_id
    assert (origin.place.contents_count, target.place.contents_count) == (0, 2)
    assert (origin.place.moved_to_id, origin.place.archived_at is not None) == (target.place_id, True)
    for follower in (who["reader"], other):
        follow = db.session.get_one(PlaceFollow, (follower.id, target.place_id))
        assert (follow.level, follow.seen_id) == ("mentions", target.place.latest_id)


def test_a_merge_brings_no_visitors_and_makes_members_of_who_only_visited(member, people, make_group, roles):
    come, visit = people.member("Come One"), people.member("Visit One")
    origin = make_group("Photo", member, come, access="closed")
    target = make_group("Pictures", member, access="closed")
    let_visit(place=origin.place, person_id=visit.id)
    let_visit(place=target.place, person_id=come.id)
    assert preview(origin=origin, target=target, actor=member)[:2] == (2, 1)
    made = merge(origin=origin, target=target, actor=member)
    assert (roles(target), target.place.members_count) == ({"Ada": "owner", "Come": "member"}, 2)
    undo_merge(merge=made, actor=member)
    assert roles(target) == {"Ada": "owner"}
    assert (roles(origin)["Come"], origin.place.members_count) == ("member", 2)


def test_a_merge_can_be_taken_back_and_what_was_written_since_stays(member, other, two, roles):
    origin, target, written, who = two
    before = (roles(origin), roles(target), origin.place.members_count, target.place.members_count)
    made = merge(origin=origin, target=target, actor=member)
    since = post(place=target.place, text="Since", actor=other)
    below = comment(root=db.session.get_one(Content, written.id), text="Late", actor=member)
    db.session.commit()
    undo_merge(merge=made, actor=member)
    db.session.commit()
    assert before == (
        roles(origin), roles(target), origin.place.members_count, target.place.members_count
    )  # fmt: skip
    places = {each.id: each.place_id for each in db.session.scalars(select(Content))}
    assert (places[written.id], places[below.id], places[since.id]) == (
        origin.place_id, origin.place_id, target.place_id
    )  # fmt: skip
    assert (origin.place.moved_to_id, origin.place.archived_at) == (None, None)
    assert (origin.place.contents_count, target.place.contents_count) == (1, 2)
    assert (follow_of(target.place_id, other), follow_of(target.place_id, who["reader"])) == (None, None)
    with pytest.raises(Invalid):
        undo_merge(merge=made, actor=member)


def test_what_one_follows_names_the_group_that_is_left_and_both_again(member, other, two):
    origin, target, _written, _who = two
    made = merge(origin=origin, target=target, actor=member)
    assert [each.place.name for each in my_places(other)] == ["Pictures"]
    undo_merge(merge=made, actor=member)
    assert [each.place.name for each in my_places(other)] == ["Photo"]


def test_taking_back_leaves_roles_alone_that_were_changed_since(member, other, two, roles):
    origin, target, _written, who = two
    made = merge(origin=origin, target=target, actor=member)
    set_role(group=target, person_id=other.id, role="moderator", actor=member)
    set_role(group=target, person_id=who["mod"].id, role="owner", actor=member)
    undo_merge(merge=made, actor=member)
    assert roles(target) == {"Ada": "owner", "Bob": "moderator", "Mod": "owner", "Both": "moderator"}


def test_taking_back_never_leaves_a_group_without_an_owner(member, other, make_group, roles):
    origin, target = make_group("Photo", member), make_group("Pictures", other)
    set_role_to_both(origin, target, member, other)
    made = merge(origin=origin, target=target, actor=member)
    leave(group=target, actor=other)
    undo_merge(merge=made, actor=member)
    assert roles(target) == {"Ada": "owner"}


def set_role_to_both(origin, target, member, other):
    """Let a member own both groups for a moment, the second of them only as the merge makes it."""
    db.session.add(Membership(place_id=target.place_id, person_id=member.id, role="owner"))
    db.session.commit()
    db.session.execute(
        db.update(Membership)
        .where(Membership.place_id == target.place_id, Membership.person_id == member.id)
        .values(role="owner")
    )
    db.session.commit()


def test_what_is_closed_is_opened_only_where_that_is_said(member, make_group):
    origin, target = make_group("Photo", member, access="closed"), make_group("Pictures", member)
    written = post(place=origin.place, text="For us", actor=member)
    with pytest.raises(Invalid) as refusal:
        merge(origin=origin, target=target, actor=member)
    assert refusal.value.field == "opening"
    with pytest.raises(Invalid):
        propose_merge(origin=origin, target=target, message="", actor=member)
    made = merge(origin=origin, target=target, opening=True, actor=member)
    assert db.session.get_one(Content, written.id).audience == 0
    undo_merge(merge=made, actor=member)
    assert db.session.get_one(Content, written.id, populate_existing=True).audience == origin.place_id


def test_what_is_open_becomes_part_of_what_is_closed(member, other, make_group):
    origin, target = make_group("Photo", member), make_group("Pictures", member, access="closed")
    written = post(place=origin.place, text="Hello", actor=member)
    follow_place(place=origin.place, actor=other)
    merge(origin=origin, target=target, actor=member)
    db.session.commit()
    with pytest.raises(NotFound):
        get_content_for(other, written.id)
    assert follow_of(target.place_id, other) is None


@pytest.mark.parametrize("of_target", [False, True])
def test_the_owners_of_the_other_group_are_asked(member, other, make_group, deliver, roles, of_target):
    origin, target = make_group("Photo", member), make_group("Pictures", other)
    asking, asked = (other, member) if of_target else (member, other)
    made = propose_merge(origin=origin, target=target, message="Same thing", actor=asking)
    assert propose_merge(origin=origin, target=target, message="Again", actor=asking) is made
    deliver()
    assert told(asked) == ["Ada Member proposes to make Photo a part of Pictures. “Same thing”"] or of_target
    (line,) = merges_of(get_group_for(asked, "photo" if of_target else "pictures"))
    assert (line.id, line.may_answer, line.message) == (made.id, True, "Same thing")
    (own,) = merges_of(get_group_for(asking, "pictures" if of_target else "photo"))
    assert own.may_answer is False
    answer_merge(merge=made, accept=True, actor=asked)
    assert (made.state, roles(target)) == ("accepted", {"Ada": "owner", "Bob": "owner"})
    assert merges_of(get_group_for(asked, "pictures"))[0].may_undo is True
    with pytest.raises(NotFound):
        answer_merge(merge=made, accept=True, actor=asked)


def test_many_proposals_are_listed_at_the_cost_of_one(member, other, make_group, count_queries):
    target = make_group("Pictures", other)
    for name in ("Photo", "Film", "Drawing"):
        propose_merge(origin=make_group(name, member), target=target, message="", actor=member)
    db.session.commit()
    view = get_group_for(other, "pictures")
    with count_queries(exactly=3):
        assert [line.may_answer for line in merges_of(view)] == [True, True, True]


def test_a_proposal_is_refused_or_taken_back(member, other, people, make_group):
    origin, target = make_group("Photo", member), make_group("Pictures", other)
    made = propose_merge(origin=origin, target=target, message="", actor=member)
    with pytest.raises(NotAllowed):
        answer_merge(merge=made, accept=False, actor=people.member())
    answer_merge(merge=made, accept=False, actor=member)
    assert merges_of(get_group_for(other, "pictures")) == []
    kinds = select(EventRecord.data).where(EventRecord.kind == "groups.merge_proposed")
    assert [each["refused"] for each in db.session.scalars(kinds.order_by(EventRecord.id))] == [False, True]
    assert get_merge_for(other, made.id) is made
    with pytest.raises(NotFound):
        get_merge_for(people.member(), made.id)


def test_a_group_is_not_merged_into_itself_nor_into_what_is_over(member, make_group):
    one, second, third = (make_group(name, member) for name in ("One", "Two", "Three"))
    with pytest.raises(Invalid, match="another group"):
        merge(origin=one, target=one, actor=member)
    archive_group(group=second, actor=member)
    with pytest.raises(Invalid, match="archived"):
        merge(origin=one, target=second, actor=member)
    merge(origin=second, target=one, actor=member)
    with pytest.raises(Invalid, match="part of another"):
        merge(origin=second, target=third, actor=member)
    with pytest.raises(Invalid, match="Take the merge back"):
        unarchive_group(group=second, actor=member)


def test_an_archived_group_is_archived_again_when_the_merge_is_taken_back(member, make_group):
    one, second, third = (make_group(name, member) for name in ("One", "Two", "Three"))
    archive_group(group=one, actor=member)
    made = merge(origin=one, target=second, actor=member)
    later = merge(origin=second, target=third, actor=member)
    with pytest.raises(Invalid, match="Take that back first"):
        undo_merge(merge=made, actor=member)
    undo_merge(merge=later, actor=member)
    undo_merge(merge=made, actor=member)
    assert (one.place.archived_at is not None, one.place.moved_to_id) == (True, None)


def test_after_a_month_a_merge_stays_and_is_forgotten(member, two):
    origin, target, _written, _who = two
    made = merge(origin=origin, target=target, actor=member)
    made.done_at = utcnow() - timedelta(days=31)
    db.session.commit()
    with pytest.raises(Invalid, match="no longer"):
        undo_merge(merge=made, actor=member)
    assert merges_of(get_group_for(member, "pictures")) == []
    forget_merges()
    counts = [
        db.session.scalar(select(func.count()).select_from(model))
        for model in (MergeMember, MergeFollow, MergeContent)
    ]
    assert counts == [0, 0, 0]


def test_two_merges_at_once_in_opposite_directions_are_one(member, make_group, at_once, again):
    one, second = make_group("One", member), make_group("Two", member)
    results = at_once(
        lambda: merge(origin=again(one), target=again(second), actor=again(member)).id,
        lambda: merge(origin=again(second), target=again(one), actor=again(member)).id,
    )
    assert sorted(type(result).__name__ for result in results) == ["Invalid", "int"]


def test_members_who_know_nothing_of_a_secret_group_cannot_merge_with_it(member, other, make_group):
    mine, hidden = make_group("Photo", member), make_group("Plans", other, access="secret")
    for act in (preview, merge, lambda **two: propose_merge(message="", **two)):
        with pytest.raises(NotFound):
            act(origin=mine, target=hidden, actor=member)
