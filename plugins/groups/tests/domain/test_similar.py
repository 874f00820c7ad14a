"""Similar groups are found while a name is typed: in two languages, in any order, begun or whole."""

from datetime import timedelta

import pytest
from parvis.api import EventRecord, Invalid, NotFound, TooMany, db, utcnow
from parvis_groups.domain import similar
from parvis_groups.domain.change import archive_group
from parvis_groups.domain.merge import merge
from parvis_groups.domain.proposal import propose
from parvis_groups.domain.similar import chose_to_join, find_groups, find_page, similar_groups
from parvis_groups.domain.word import forms, words_of
from parvis_groups.models import Group, GroupWord
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import Membership, Place
from parvis_social.plugin import SocialPlugin
from sqlalchemy import insert, select, update

pytestmark = [pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin), pytest.mark.both_databases]


def names(cards):
    return [card.name for card in cards]


@pytest.fixture
def some(member, make_group):
    """Return groups that are there."""
    return {
        "walks": make_group("Randonnées en montagne", member, purpose="Marcher le dimanche", tags=["hiking"]),
        "photo": make_group("Photography", member, purpose="Pictures of all kinds"),
        "garden": make_group("Gardening", member, purpose="Tomatoes", second_name="Jardinage"),
        "chess": make_group("Échecs", member, purpose="Play at lunch", second_name="Chess"),
        "python": make_group("Python users", member, purpose="Code in Python"),
    }


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Randonnée", ["Randonnées en montagne"]),
        ("MONTAGNES RANDONNEE", ["Randonnées en montagne"]),
        ("la montagne", ["Randonnées en montagne"]),
        ("randonn", ["Randonnées en montagne"]),
        ("echec", ["Échecs"]),
        ("chess club", ["Échecs"]),
        ("jardinage", ["Gardening"]),
        ("garden", ["Gardening"]),
        ("gardens", ["Gardening"]),
        ("photographies", ["Photography"]),
        ("phot", ["Photography"]),
        ("Groupe Python de Lyon", ["Python users"]),
        ("hiking", ["Randonnées en montagne"]),
        ("cooking", []),
        ("", []),
        ("%_'", []),
        ("the", []),
    ],
)
def test_any_form_of_a_word_finds_it(some, other, typed, found):
    assert names(similar_groups(typed, viewer=other)) == found


def test_purpose_and_tags_find_too(some, other):
    assert names(similar_groups("Green thumbs", viewer=other)) == []
    assert names(similar_groups("Green thumbs", tags=["garden"], viewer=other)) == ["Gardening"]
    purpose = "Growing tomatoes, gardening together"
    assert names(similar_groups("Green thumbs", purpose=purpose, viewer=other)) == ["Gardening"]


def test_closest_come_first_then_those_that_live_then_the_larger(member, other, make_group, people):
    quiet = make_group("Photo", member, people.member(), people.member())
    make_group("Photo", member)
    make_group("Photo", member, other, purpose="Larger")
    make_group("Photo of birds", member)
    quiet.place.created_at = utcnow() - timedelta(days=90)
    db.session.commit()
    found = similar_groups("photo birds", viewer=people.member())
    assert [(card.name, card.members_count, card.alive) for card in found] == [
        ("Photo of birds", 1, True), ("Photo", 2, True), ("Photo", 1, True), ("Photo", 3, False)
    ]  # fmt: skip


def test_rare_words_weigh_more_than_common_ones(member, other, make_group, app):
    for town in ("Lyon", "Nantes", "Brest", "Lille", "Tours", "Dijon"):
        make_group(f"Running {town}", member)
    make_group("Origami", member)
    assert names(similar_groups("origami running", viewer=other))[0] == "Origami"


def test_secret_groups_of_others_never_appear(member, other, make_group):
    make_group("Secret plans", member, access="secret")
    make_group("Closed plans", member, access="closed")
    assert names(similar_groups("plans", viewer=other)) == ["Closed plans"]
    assert names(find_groups("plans", viewer=other)) == ["Closed plans"]
    assert sorted(names(find_groups("plans", viewer=member))) == ["Closed plans", "Secret plans"]


def test_a_group_that_became_part_of_another_is_not_found_and_an_archived_one_comes_last(
    member, other, make_group
):
    merge(origin=make_group("Plans one", member), target=make_group("Plans two", member), actor=member)
    archive_group(group=make_group("Plans", member), actor=member)
    db.session.commit()
    found = find_groups("plans", viewer=other)
    assert [(card.name, card.archived) for card in found] == [("Plans two", False), ("Plans", True)]


def test_find_as_you_type_needs_the_words_that_are_typed(some, other):
    assert names(find_groups("python cod", viewer=other)) == ["Python users"]
    assert names(find_groups("python cooking", viewer=other)) == []
    assert names(find_groups("p", viewer=other)) == ["Photography", "Python users", "Échecs"]


def test_words_that_say_nothing_are_left_out_unless_there_are_no_others(app):
    assert words_of("Le groupe des amis de la photo") == ["amis", "photo"]
    assert words_of("The Group") == ["the", "group"]
    assert forms("gardens") == ("gardens", "garden")


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_for_one_and_three(member, other, make_group, count_queries, count):
    for number in range(count):
        make_group(f"Photo {number}", member)
    similar_groups("photo", viewer=other)
    with count_queries(exactly=2):
        assert len(similar_groups("photo", viewer=other)) == count


def test_common_words_together_find_who_has_both(member, other):
    """With more groups of a word than are looked at, those with two common words are found all the same."""
    places = [
        {"kind": "group", "slug": f"g-{n}", "name": f"Photo {n}" if n % 2 else f"Lyon {n}", "access": "open"}
        for n in range(700)
    ]
    db.session.execute(insert(Place), places)
    ids = list(db.session.scalars(select(Place.id).where(Place.kind == "group").order_by(Place.id)))
    db.session.execute(insert(Group), [{"place_id": each, "purpose": "x"} for each in ids])
    words = [
        {"place_id": each, "word": "photo" if number % 2 else "lyon", "rank": 1}
        for number, each in enumerate(ids)
    ]
    words.append({"place_id": ids[-1], "word": "lyon", "rank": 1})
    db.session.execute(insert(GroupWord), words)
    db.session.commit()
    assert [card.id for card in find_groups("photo lyon", viewer=other)] == [ids[-1]]
    db.session.execute(update(Place).where(Place.id.in_(ids[:300])).values(access="secret"))
    assert similar_groups("photo lyon", viewer=other)[0].id == ids[-1]


def test_a_choice_among_similar_groups_is_recorded(member, other, make_group, deliver):
    group = make_group("Photo", member)
    chose_to_join(group=group, shown=[group.place_id, 77], actor=other)
    propose(group=group, text="Birds, please", shown=[group.place_id], actor=other)
    db.session.commit()
    events = db.session.scalars(
        select(EventRecord)
        .where(EventRecord.kind.in_(["groups.similar_joined", "groups.topic_proposed"]))
        .order_by(EventRecord.id)
    ).all()
    assert [(each.kind, each.actor_id, each.place_id, each.data["similar"]) for each in events] == [
        ("groups.similar_joined", other.id, group.place_id, [group.place_id, 77]),
        ("groups.topic_proposed", other.id, group.place_id, [group.place_id]),
    ]


def test_a_topic_is_proposed_with_words_and_not_without_end(member, other, make_group):
    group = make_group("Photo", member)
    with pytest.raises(Invalid):
        propose(group=group, text=" ", actor=other)
    for _ in range(10):
        propose(group=group, text="Birds", actor=other)
    with pytest.raises(TooMany):
        propose(group=group, text="Birds", actor=other)
    with pytest.raises(NotFound):
        propose(group=make_group("Plans", member, access="secret"), text="Birds", actor=other)


def test_one_s_own_secret_groups_are_found_by_their_members(member, other, make_group):
    group = make_group("Secret plans", member, access="secret")
    db.session.add(Membership(place_id=group.place_id, person_id=other.id))
    db.session.commit()
    assert names(similar_groups("plan", viewer=other)) == ["Secret plans"]


@pytest.mark.settings(**{"plugins.groups": {"per_day": 30}})
def test_what_is_found_goes_on_page_by_page_and_is_counted(member, other, make_group):
    for number in range(25):
        make_group(f"Photo {number}", member if number % 2 else other)
    first = find_page("photo", viewer=other)
    rest = find_page("photo", viewer=other, after=first.after)
    assert (len(first.groups), first.after, first.count, first.more) == (20, 20, 25, False)
    assert (len(rest.groups), rest.after, rest.count) == (5, None, 25)
    assert len({card.id for card in (*first.groups, *rest.groups)}) == 25


def test_more_groups_than_are_looked_at_are_said_to_be_more(member, other, make_group, monkeypatch):
    monkeypatch.setattr(similar, "LOOKED_AT", 3)
    for number in range(3):
        make_group(f"Photos {number}", member)
    found = find_page("photos", viewer=other)
    assert (found.count, found.more) == (3, True)
    monkeypatch.setattr(similar, "LOOKED_AT", 7)  # three rows for each form, none of them left out
    found = find_page("photos", viewer=other)
    assert (found.count, found.more) == (3, False)


def test_what_is_narrowed_is_narrowed_before_it_is_cut(people, member, other, make_group, monkeypatch):
    monkeypatch.setattr(similar, "LOOKED_AT", 3)
    lyon = people.member("Lyonnais", site="Lyon").person.site_id
    for number in range(6):
        make_group(f"Photo {number}", member)
    late = make_group("Photo", member, theme="leisure", tags=["Light"], scope="site", unit_id=lyon)
    for narrowed in ({"theme": "leisure"}, {"tag": "light"}, {"unit_id": lyon}):
        assert [card.id for card in find_page("photo", viewer=other, **narrowed).groups] == [late.place_id]
    assert find_page("photo", viewer=other, theme="leisure", tag="dark").groups == []
    assert find_page("photo", viewer=other, tag="!").count == 0
    assert find_page("photo", viewer=other, theme="leisure").more is False
    monkeypatch.setattr(similar, "TO_NARROW", 5)
    assert find_page("photo", viewer=other, theme="leisure").more is True


def test_the_very_name_comes_first(member, other, make_group, people, monkeypatch):
    monkeypatch.setattr(similar, "LOOKED_AT", 3)
    for number in range(5):
        make_group(f"Photo {number}", member, people.member())
    make_group("Photo", member, people.member(), people.member())
    make_group("Club photo", member)
    assert names(similar_groups("Club photo", viewer=other))[0] == "Club photo"
    assert names(find_groups("club PHOTO", viewer=other))[0] == "Club photo"
    assert names(similar_groups("Photo", viewer=other))[0] == "Photo"
