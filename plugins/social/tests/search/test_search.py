"""Posts, comments, files and tags are found by who may read them, and are not there for anybody else."""

import pytest
from parvis.api import db
from parvis.search.finder import find, suggest
from parvis_social.api import Access, Content, change_access, comment, hide, post, remove_member
from parvis_social.content.delete import delete, restore
from parvis_social.content.edit import edit
from parvis_social.plugin import SocialPlugin

MOST = {"people": 4, "groups": 3, "contents": 4}
pytestmark = [
    pytest.mark.plugins(social=SocialPlugin),
    pytest.mark.parametrize(
        "engine",
        [
            pytest.param(name, marks=pytest.mark.settings(search={"engine": name}))
            for name in ("whoosh", "tantivy")
        ],
    ),
]


def found(viewer, typed, **more):
    return [(each.source.name, each.hit.id) for each in find(viewer, typed, **more).results]


def told(viewer, typed):
    """Return everything that a search tells of: what it shows, counts and suggests."""
    results = find(viewer, typed)
    return (
        found(viewer, typed),
        results.total,
        [each.hit.id for each in suggest(viewer, typed, most=MOST).results],
    )


NOTHING = ([], 0, [])


def test_a_post_is_found_by_its_words_its_files_and_its_tags(engine, make_place, member, other, index):
    club = make_place("club", member)
    written = post(place=club, text="We baked **brioches** today #Cuisine", actor=member)
    index()
    hits = [("social:post", written.id)]
    assert (found(other, "brioche"), found(other, "tag:cuisine")) == (hits, hits)
    result = find(other, "brioche").results[0]
    assert str(result.title) == "We baked <mark>brioches</mark> today #Cuisine"
    assert (result.hit.detail, result.hit.url) == ("Ada Member · Club", f"/contents/{written.id}")


def test_a_tag_is_found_while_something_open_carries_it(engine, make_place, member, other, index):
    club, secret = make_place("club", member), make_place("cellar", member, access="secret")
    post(place=secret, text="x #Zanzibar", actor=member)
    index()
    assert (told(other, "zanzibar"), [kind for kind, _id in found(member, "zanzibar")]) == (
        NOTHING,
        ["social:post"],
    )
    post(place=club, text="y #Zanzibar", actor=member)
    index()
    assert sorted(kind for kind, _id in found(other, "zanzibar")) == ["social:post", "social:tag"]


@pytest.mark.parametrize("access", ["closed", "secret"])
def test_what_is_closed_is_found_by_its_members_alone(
    engine, access, make_place, member, other, administrator, index
):
    club = make_place("club", member, access=access)
    written = post(place=club, text="zanzibar", actor=member)
    comment(root=written, text="zanzibar too", actor=member)
    index()
    assert len(found(member, "zanzibar")) == 2
    assert (told(other, "zanzibar"), told(administrator, "zanzibar")) == (NOTHING, NOTHING)
    assert (told(other, "in:club zanzibar"), len(found(member, "in:club"))) == (NOTHING, 2)


def test_who_leaves_finds_nothing_at_once(engine, make_place, member, other, index):
    club = make_place("club", member, other, access="closed")
    post(place=club, text="zanzibar", actor=member)
    index()
    assert len(found(other, "zanzibar")) == 1
    remove_member(place=club, person_id=other.id, actor=other)
    db.session.commit()
    assert told(other, "zanzibar") == NOTHING


@pytest.mark.both_databases
def test_what_is_closed_just_now_shows_to_nobody_else_before_the_index_knows(
    engine, make_place, member, other, index
):
    club = make_place("club", member)
    post(place=club, text="zanzibar", actor=member)
    index()
    change_access(place=club, access=Access.CLOSED, actor=member)
    db.session.commit()
    assert found(other, "zanzibar") == []
    index()
    assert (told(other, "zanzibar"), len(found(member, "zanzibar"))) == (NOTHING, 1)
    change_access(place=club, access=Access.OPEN, actor=member)
    index()
    assert len(found(other, "zanzibar")) == 1


@pytest.mark.both_databases
def test_what_is_deleted_is_gone_at_once_with_what_stood_under_it_and_comes_back(
    engine, make_place, member, other, index
):
    club = make_place("club", member)
    written = post(place=club, text="zanzibar", actor=member)
    comment(root=written, text="zanzibar too", actor=other)
    index()
    delete(content=written, actor=member)
    db.session.commit()
    assert found(member, "zanzibar") == []
    index()
    assert told(member, "zanzibar") == NOTHING
    restore(content=db.session.get_one(Content, written.id), actor=member)
    index()
    assert len(found(other, "zanzibar")) == 2


def test_what_is_hidden_is_not_found(engine, make_place, member, other, index):
    club = make_place("club", member)
    written = post(place=club, text="hello", actor=member)
    said = comment(root=written, text="zanzibar", actor=other)
    index()
    hide(comment=said, reason="no", actor=member)
    db.session.commit()
    assert found(member, "zanzibar") == []
    index()
    assert told(other, "zanzibar") == NOTHING


def test_what_is_changed_is_found_by_its_new_words(engine, make_place, member, other, index):
    written = post(place=make_place("club", member), text="zanzibar", actor=member)
    index()
    edit(content=written, text="quebec", actor=member, version=written.version)
    index()
    assert (told(other, "zanzibar"), len(found(other, "quebec"))) == (NOTHING, 1)


@pytest.mark.both_databases
def test_from_in_and_dates_filter(engine, make_place, member, other, index):
    club, garden = make_place("photo-club", member), make_place("garden", member)
    mine, theirs = (post(place=club, text="zanzibar", actor=each) for each in (member, member))
    theirs.author_id = other.id
    elsewhere = post(place=garden, text="zanzibar", actor=member)
    index()
    assert found(member, "zanzibar from:@bob.other") == [("social:post", theirs.id)]
    assert sorted(found(member, "zanzibar from:me")) == [
        ("social:post", mine.id),
        ("social:post", elsewhere.id),
    ]
    assert found(member, 'zanzibar in:garden from:"ada.member"') == [("social:post", elsewhere.id)]
    assert (found(member, "zanzibar from:nobody"), found(member, "zanzibar in:nowhere")) == ([], [])
    assert (len(found(member, "zanzibar after:2020")), found(member, "zanzibar before:2020")) == (3, [])


def test_newest_first_and_page_after_page(engine, make_place, member, index):
    club = make_place("club", member)
    ids = [post(place=club, text="zanzibar", actor=member).id for _ in range(23)]
    index()
    first, second = (find(member, "zanzibar", newest=True, page=page) for page in (1, 2))
    assert ([r.hit.id for r in first.results], first.more) == (ids[:2:-1], True)
    assert ([r.hit.id for r in second.results], second.more, second.total) == (ids[2::-1], False, 23)


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_costs_the_same_for_one_and_three(engine, make_place, member, index, count_queries, count):
    club = make_place("club", member)
    for _ in range(count):
        post(place=club, text="zanzibar", actor=member)
    index()
    find(member, "zanzibar")
    with count_queries(exactly=2):
        assert len(find(member, "zanzibar").results) == count


def test_a_content_of_a_plugin_that_is_gone_is_not_found(engine, make_place, member, index, app):
    written = post(place=make_place("club", member), text="zanzibar", actor=member)
    index()
    written.type = "gone"
    db.session.commit()
    assert found(member, "zanzibar") == []
