"""Groups are found by what they say of themselves; a secret one by its members alone."""

import pytest
from parvis.api import db
from parvis.search.finder import find, suggest
from parvis_groups.domain.life import count_life, lately
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import Access, change_access, comment, post, remove_member
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin)
MOST = {"people": 4, "groups": 3, "contents": 4}


def found(viewer, typed, **more):
    return [each.hit.url for each in find(viewer, typed, category="groups", **more).results]


def told(viewer, typed):
    """Return everything that a search tells of: what it shows, counts and suggests."""
    results = find(viewer, typed)
    return found(viewer, typed), results.total, len(suggest(viewer, typed, most=MOST).results)


NOTHING = ([], 0, 0)


def test_a_group_is_found_by_its_name_in_any_form_and_while_typing(make_group, member, other, index):
    make_group("Photographies de mer", member)
    index()
    assert found(other, "photographie") == ["/groups/photographies-de-mer"]
    assert [each.hit.title for each in suggest(other, "photogra", most=MOST).results] == [
        "Photographies de mer"
    ]


@pytest.mark.parametrize(("access", "known"), [("open", True), ("closed", True), ("secret", False)])
def test_of_a_secret_group_only_its_members_know(
    access, known, make_group, member, other, administrator, index
):
    group = make_group("Zanzibar", member, access=access)
    index()
    hit = ([f"/groups/{group.place.slug}"], 1, 1)
    assert told(member, "zanzibar") == hit
    assert [told(each, "zanzibar") for each in (other, administrator)] == [hit if known else NOTHING] * 2


def test_who_leaves_a_secret_group_knows_of_it_no_longer(make_group, member, other, index):
    group = make_group("Zanzibar", member, other, access="secret")
    index()
    assert told(other, "zanzibar") == ([f"/groups/{group.place.slug}"], 1, 1)
    remove_member(place=group.place, person_id=other.id, actor=other)
    db.session.commit()
    assert told(other, "zanzibar") == NOTHING


def test_a_group_that_becomes_secret_is_gone_for_others_before_the_index_knows(
    make_group, member, other, index
):
    group = make_group("Zanzibar", member)
    index()
    change_access(place=group.place, access=Access.SECRET, actor=member)
    db.session.commit()
    assert found(other, "zanzibar") == []
    index()
    assert (told(other, "zanzibar"), told(member, "zanzibar")) == (NOTHING, (["/groups/zanzibar"], 1, 1))


def test_a_group_that_is_found_shows_its_signs_of_life(make_group, member, other, index):
    group = make_group("Zanzibar", member, other)
    comment(root=post(place=group.place, text="Hello", actor=member), text="Yes", actor=other)
    db.session.commit()
    count_life()
    db.session.commit()
    index()
    [hit] = [each.hit for each in find(other, "zanzibar", category="groups").results]
    assert hit.detail == "2 members · 1 post, 2 people in 30 days"
    assert hit.at == group.place.active_at
    assert [lately(0, 0), lately(0, 3)] == ["", "3 people commented in 30 days"]
