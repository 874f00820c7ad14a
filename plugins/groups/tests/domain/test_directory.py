"""The directory: what each list has, in which order, and what it never tells."""

from datetime import timedelta

import pytest
from parvis.api import Interest, NotFound, db, utcnow
from parvis_groups.domain import directory
from parvis_groups.domain.change import archive_group, convert
from parvis_groups.domain.directory import (
    dismiss,
    list_groups,
    list_mine,
    members_of,
    owners_of,
    suggested,
)
from parvis_groups.domain.life import count_life, first_since
from parvis_groups.domain.merge import merge
from parvis_groups.domain.read import get_group_for, moved_to
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import Content, PersonFollow, comment, post
from parvis_social.plugin import SocialPlugin
from sqlalchemy import func, select

pytestmark = [pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin), pytest.mark.both_databases]


def names(groups):
    return [card.name for card in groups]


def walk(list_page):
    """Return the names of all pages of a list, two a page."""
    found, after = [], None
    while True:
        groups = list_page(after=after, limit=2)
        found += [names(groups.groups)]
        after = groups.after
        if after is None:
            return found


def test_lists_page_by_key_and_hold_every_group_once(member, other, make_group):
    for number in range(5):
        group = make_group(f"Group {number}", member, other)
        group.posts_month = number % 2
        post(place=group.place, text="Hello", actor=other)
    make_group("Not mine", member)
    db.session.commit()
    newest = ["Not mine", "Group 4", "Group 3", "Group 2", "Group 1", "Group 0"]
    assert walk(lambda **page: list_groups(other, order="new", **page)) == [
        newest[0:2], newest[2:4], newest[4:6]
    ]  # fmt: skip
    assert walk(lambda **page: list_groups(other, order="active", **page)) == [
        ["Group 3", "Group 1"], ["Not mine", "Group 4"], ["Group 2", "Group 0"]
    ]  # fmt: skip
    assert walk(lambda **page: list_mine(other, **page)) == [
        ["Group 4", "Group 3"], ["Group 2", "Group 1"], ["Group 0"]
    ]  # fmt: skip


@pytest.mark.parametrize("after", ["", "x", "1", "-1", "1-", "9" * 30 + "-1", "1-2-3", "½-1"])
def test_a_mark_that_is_none_begins_at_the_beginning(member, make_group, after):
    make_group("Photo", member)
    assert names(list_groups(member, after=after).groups) == ["Photo"]


def test_lists_are_narrowed(people, make_group):
    anna = people.member("Anna Blum", site="Lyon")
    make_group("Photo", anna, tags=["Côte d'Azur"], theme="leisure")
    make_group("Lyon", anna, scope="site", unit_id=anna.person.site_id)
    assert names(list_groups(anna, tag="#cote-d-azur").groups) == ["Photo"]
    assert names(list_groups(anna, tag="Côte d'Azur", theme="work").groups) == []
    assert names(list_groups(anna, tag="#!").groups) == []
    assert names(list_groups(anna, theme="leisure").groups) == ["Photo"]
    (local,) = list_groups(anna, unit_id=anna.person.site_id).groups
    assert (local.name, local.scope, local.unit_name) == ("Lyon", "site", "Lyon")


def test_secret_archived_and_merged_groups_are_left_out(member, other, make_group):
    make_group("Secret", member, access="secret", tags=["plans"])
    archive_group(group=make_group("Archived", member, tags=["plans"]), actor=member)
    merge(origin=make_group("Old", member), target=make_group("Whole", member), actor=member)
    db.session.commit()
    for order in ("active", "new"):
        assert names(list_groups(other, order=order).groups) == ["Whole"]
    assert names(list_groups(member, order="new").groups) == ["Whole", "Secret"]
    assert names(list_mine(member).groups) == ["Whole", "Archived", "Secret"]
    assert moved_to(get_group_for(other, "old")) == "whole"


def test_what_a_merge_leads_to_is_told_only_to_who_may_know(member, other, make_group):
    target = make_group("Whole", member)
    merge(origin=make_group("Old", member), target=target, actor=member)
    convert(group=target, access="secret", actor=member)
    db.session.commit()
    assert moved_to(get_group_for(other, "old")) is None


def test_groups_of_those_near_are_suggested_other_departments_first(people, make_group):
    me = people.member("Me Myself", department="Research")
    friend = people.member("Friend One", department="Sales")
    near = people.member("Near One", department="Research")
    keen = people.member("Keen One", department="Research")
    stranger = people.member("Far Away", department="Sales")
    db.session.add_all(PersonFollow(person_id=me.id, followed_id=each.id) for each in (friend, near))
    db.session.add_all(
        Interest(person_id=each.id, folded="birds", label="Birds", position=0) for each in (me, keen)
    )
    make_group("Same department", near)
    make_group("Other department", friend)
    make_group("Birds", keen)
    make_group("Strangers", stranger)
    make_group("Mine", me, friend)
    make_group("Closed", friend, access="closed")
    unwanted = make_group("Unwanted", friend)
    archive_group(group=make_group("Archived", friend), actor=friend)
    db.session.commit()
    dismiss(group=unwanted, actor=me)
    found = suggested(me)
    assert names(found) == ["Other department", "Same department", "Birds"]
    assert [card.known for card in found] == [1, 1, 1]


def test_who_has_nobody_near_is_suggested_nothing(member, make_group, other):
    make_group("Photo", other)
    assert suggested(member) == []


def test_a_team_s_groups_are_suggested_but_for_those_local_elsewhere(people, make_group):
    chief = people.person("Chief")
    me = people.member("Me Myself", site="Lyon", manager_id=chief.id)
    mate = people.member("Mate One", site="Brest", manager_id=chief.id)
    make_group("Brest", mate, scope="site", unit_id=mate.person.site_id)
    make_group("Lyon", mate, scope="site", unit_id=me.person.site_id)
    assert names(suggested(me)) == ["Lyon"]


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_one_and_three(member, other, make_group, count_queries, count):
    for number in range(count):
        make_group(f"Photo {number}", member, tags=["photo"])
    db.session.add(PersonFollow(person_id=other.id, followed_id=member.id))
    db.session.commit()
    view = get_group_for(other, "photo-0")
    for queries, act in (
        (1, lambda: list_mine(member).groups),
        (1, lambda: list_groups(other).groups),
        (1, lambda: list_groups(other, order="new", tag="photo").groups),
        (2, lambda: suggested(other)),
    ):
        act()
        with count_queries(exactly=queries):
            assert len(act()) == count
    with count_queries(exactly=1):
        assert len(members_of(view).people) == 1
    db.session.expunge_all()
    with count_queries(exactly=1):
        assert get_group_for(other, "photo-0").group.unit is None


def test_members_are_listed_owners_first_and_searched_by_name(member, people, make_group):
    others = [people.member(name) for name in ("Zoé Arnaud", "Élodie Brun", "Eliott Caron", "Yann Daniel")]
    group = make_group("Photo", member, *others[:3], moderators=[others[3]])
    view = get_group_for(member, "photo")
    shown = [each.face.display_name for each in members_of(view).people]
    assert shown == ["Ada Member", "Yann Daniel", "Zoé Arnaud", "Élodie Brun", "Eliott Caron"]
    assert [each.face.display_name for each in members_of(view, q="el").people] == [
        "Élodie Brun", "Eliott Caron"
    ]  # fmt: skip
    first = members_of(view, limit=2)
    second = members_of(view, limit=2, after=first.after)
    third = members_of(view, limit=2, after=second.after)
    pages = [each.face.display_name for page in (first, second, third) for each in page.people]
    assert (pages, third.after) == (shown, None)
    others[0].person.present = False
    db.session.commit()
    assert len(members_of(view).people) == 4
    assert [face.display_name for face in owners_of(group.place_id)] == ["Ada Member"]


def test_members_of_a_large_group_are_listed_as_an_index_has_them(member, people, make_group, monkeypatch):
    monkeypatch.setattr(directory, "BY_NAME", 2)
    others = [people.member() for _ in range(4)]
    make_group("Photo", member, *others[:3], moderators=[others[3]])
    view, after, found = get_group_for(member, "photo"), None, []
    while True:
        shown = members_of(view, limit=2, after=after)
        found += [each.face.id for each in shown.people]
        after = shown.after
        if after is None:
            break
    assert found == [member.id, *(each.id for each in others[::-1])]


def test_members_of_a_closed_group_are_its_own_business(member, other, make_group):
    make_group("Photo", member, access="closed")
    with pytest.raises(NotFound):
        members_of(get_group_for(other, "photo"))


def test_signs_of_life_are_counted(member, other, make_group):
    group, quiet = make_group("Photo", member, other), make_group("Quiet", member)
    old = post(place=group.place, text="Old", actor=member)
    old.created_at = utcnow() - timedelta(days=31)
    written = post(place=group.place, text="New", actor=member)
    comment(root=written, text="Yes", actor=other)
    quiet.posts_month = 5
    db.session.commit()
    count_life()
    db.session.commit()
    db.session.expire_all()
    assert (group.posts_month, group.active_members, quiet.posts_month) == (1, 2, 0)
    assert first_since(utcnow() - timedelta(days=30)) == written.id


def test_the_first_content_since_a_moment_is_found(member, make_group):
    group = make_group("Photo", member)
    written = [post(place=group.place, text=str(n), actor=member) for n in range(7)]
    for number, each in enumerate(written):
        each.created_at = utcnow() - timedelta(days=20 - number)
    db.session.commit()
    db.session.delete(db.session.get_one(Content, written[3].id))
    db.session.commit()
    moments = [utcnow() - timedelta(days=days, hours=1) for days in (30, 20, 18, 17, 14)]
    firsts = [select(func.min(Content.id)).where(Content.id >= first_since(moment)) for moment in moments]
    later = [db.session.scalar(first) for first in firsts]
    assert later == [written[0].id, written[0].id, written[2].id, written[4].id, written[6].id]
    assert first_since(utcnow()) > written[6].id


def test_a_group_lives_while_something_is_written_or_while_it_is_young(member, make_group):
    group = make_group("Photo", member)

    def alive():
        db.session.commit()
        return list_mine(member).groups[0].alive

    assert alive() is True
    group.place.created_at = utcnow() - timedelta(days=61)
    assert alive() is False
    group.place.active_at = utcnow() - timedelta(days=59)
    assert alive() is True
    archive_group(group=group, actor=member)
    assert alive() is False


def test_a_name_is_shown_in_the_reader_s_language_if_there_is_one(member, make_group):
    make_group(
        "Échecs", member, languages=["fr", "en"], second_name="Chess", second_purpose="Play",
        purpose="Jouer",
    )  # fmt: skip
    (card,) = list_mine(member).groups
    shown = [(card.name_for(language), card.purpose_for(language)) for language in ("fr", "en", "de")]
    assert shown == [("Échecs", "Jouer"), ("Chess", "Play"), ("Échecs", "Jouer")]
