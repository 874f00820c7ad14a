"""Opening a group: at once, under an address of its own, once."""

import pytest
from parvis.api import EventRecord, Invalid, TooMany, db
from parvis_groups.domain.change import change_group
from parvis_groups.domain.create import create_group
from parvis_groups.models import Group, GroupTag
from parvis_groups.plugin import GroupsPlugin
from parvis_social.plugin import SocialPlugin
from sqlalchemy import func, select

pytestmark = [pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin), pytest.mark.both_databases]

SAID = {"name": "Randonnée à Lyon", "purpose": "We walk on Sundays"}


def test_anybody_opens_a_group_and_owns_it(member, roles):
    group = create_group(**SAID, description="**Boots**", tags=["#Côte d'Azur", "hiking"], actor=member)
    db.session.commit()
    assert (group.place.slug, group.place.kind, group.place.access) == ("randonnee-a-lyon", "group", "open")
    assert (group.place.members_count, roles(group)) == (1, {"Ada": "owner"})
    assert group.description_html == "<p><strong>Boots</strong></p>"
    assert list(db.session.scalars(select(GroupTag.folded).order_by(GroupTag.folded))) == [
        "cote-d-azur",
        "hiking",
    ]


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Photo", "photo-2"), ("PHOTO!", "photo-2"), ("写真", "group"), ("New", "new-2"), ("a" * 160, "a" * 60)],
)
def test_an_address_is_readable_and_nobody_else_s(member, make_group, name, slug):
    make_group("Photo", member)
    assert make_group(name, member).place.slug == slug


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 161}, "name"),
        ({"purpose": "\n"}, "purpose"),
        ({"purpose": "x" * 201}, "purpose"),
        ({"description": "x" * 10_001}, "description"),
        ({"theme": "fun"}, "theme"),
        ({"scope": "planet"}, "scope"),
        ({"scope": "site"}, "site"),
        ({"scope": "department", "unit_id": 999}, "department"),
        ({"access": "hidden"}, "access"),
        ({"tags": [f"t{n}" for n in range(11)]}, "tags"),
        ({"second_name": "x" * 161}, "second_name"),
        ({"difference": "x" * 301}, "difference"),
    ],
)
def test_what_is_missing_or_too_long_is_said_beside_its_field(member, said, field):
    with pytest.raises(Invalid) as refusal:
        create_group(**{**SAID, **said}, actor=member)
    assert refusal.value.field == field


def test_a_group_is_local_to_a_site_that_there_is(people):
    anna = people.member("Anna Blum", site="Lyon", department="Research")
    group = create_group(**SAID, scope="site", unit_id=anna.person.site_id, actor=anna)
    assert (group.scope, group.unit.name) == ("site", "Lyon")
    with pytest.raises(Invalid):
        create_group(**SAID, scope="site", unit_id=anna.person.department_id, actor=anna)


def test_the_event_names_the_similar_groups_that_were_shown(member, make_group):
    first, second = make_group("Photo", member), make_group("Photos", member)
    ids = [first.place_id, second.place_id]
    group = create_group(**SAID, similar_shown=ids, difference="Only at night", actor=member)
    kinds = select(EventRecord).where(EventRecord.kind == "groups.created").order_by(EventRecord.id.desc())
    event = db.session.scalars(kinds).first()
    assert (event.actor_id, event.place_id, event.data) == (
        member.id, group.place_id, {"similar": ids, "told": True}
    )  # fmt: skip


def test_a_form_sent_twice_opens_one_group(member):
    first = create_group(**SAID, form_key="k1", actor=member)
    assert create_group(**SAID, form_key="k1", actor=member) is first
    assert create_group(**SAID, form_key="k2", actor=member).place_id != first.place_id


def test_a_form_sent_twice_at_the_same_moment_opens_one_group(member, at_once, again):
    results = at_once(
        *[lambda: create_group(**SAID, form_key="k1", actor=again(member)).place_id for _ in range(3)]
    )
    assert len(set(results)) == 1
    assert db.session.scalar(select(func.count()).select_from(Group)) == 1


def test_groups_of_one_name_opened_at_once_have_addresses_of_their_own(people, at_once, again):
    founders = [people.member() for _ in range(4)]
    results = at_once(
        *[lambda each=each: create_group(**SAID, actor=again(each)).place.slug for each in founders]
    )
    assert sorted(map(str, results)) == ["randonnee-a-lyon", *(f"randonnee-a-lyon-{n}" for n in (2, 3, 4))]


@pytest.mark.settings(**{"plugins.groups": {"per_day": 2}})
def test_nobody_opens_groups_without_end(member, other, make_group):
    make_group("One", member)
    make_group("Two", member)
    with pytest.raises(TooMany):
        make_group("Three", member)
    make_group("Three", other)


def test_beside_similar_groups_that_were_shown_one_says_what_is_different(member, other, make_group):
    photo, chess = make_group("Photo", member), make_group("Chess", member)
    shown = [photo.place_id, chess.place_id]
    with pytest.raises(Invalid, match="what is different") as refusal:
        make_group("Photography", other, similar_shown=shown)
    assert refusal.value.field == "difference"
    made = make_group("Photo", other, similar_shown=shown, difference="Only film")
    assert (made.place.slug, made.difference) == ("photo-2", "Only film")
    assert make_group("Gardens", other, similar_shown=[2**40]).place.slug == "gardens"


def test_no_name_of_a_secret_group_can_be_guessed_by_opening_another(member, other, make_group):
    secret = make_group("Merger with Quagga", member, access="secret")
    made = make_group("Merger with Quagga", other, similar_shown=[secret.place_id])
    assert made.place.slug == "merger-with-quagga"
    with pytest.raises(Invalid, match="what is different"):
        make_group("Merger with Quagga", member, similar_shown=[secret.place_id])


def test_what_a_group_says_changes_and_its_address_stays(member, make_group):
    group = make_group("Photo", member, description="x", tags=["camera"])
    change_group(group=group, name="Cinéma", purpose="We go out", second_name="Cinema", actor=member)
    db.session.commit()
    assert (group.place.name, group.place.slug, group.description, group.tags) == ("Cinéma", "photo", "", [])
    event = db.session.scalars(select(EventRecord).where(EventRecord.kind == "groups.changed")).one()
    assert event.data == {"fields": ["name", "purpose", "description", "second_name", "tags"]}
