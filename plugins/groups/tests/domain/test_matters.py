"""What waits for those who look after the whole site: no owner, merges, groups that are alike."""

from datetime import timedelta

import pytest
from flask_babel import force_locale
from parvis.api import Person, Plugin, db, hookimpl, utcnow
from parvis_groups.domain.care import appoint, list_ownerless
from parvis_groups.domain.merge import answer_merge, propose_merge
from parvis_groups.domain.told import pass_on
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import Caretakers, list_matters, site_caretakers
from parvis_social.notification.list import list_notifications
from parvis_social.plugin import SocialPlugin
from sqlalchemy import select


class KeeperPlugin(Plugin):
    """Whoever is called Kim looks after the whole site."""

    name = "keeper"
    title = "Keeper"
    version = "1.0.0"
    requires = ("social",)

    @hookimpl
    def register_caretakers(self):
        yield Caretakers("keeper", lambda: select(Person.id).where(Person.given_name == "Kim"))


pytestmark = [pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin), pytest.mark.both_databases]


def told(viewer, **more):
    return [(each.title, each.url, each.note) for each in list_matters(viewer, **more).rows]


@pytest.fixture
def orphan(make_group, people):
    """Return what makes a group that nobody took over for so many days."""

    def make(name, days, **said):
        group = make_group(name, people.member(f"{name} Owner"), **said)
        group.orphaned_at = group.cared_at = utcnow() - timedelta(days=days)
        db.session.commit()
        return group

    return make


def test_they_stand_in_the_order_in_which_they_wait_and_page_by_page(
    make_group, orphan, member, other, administrator, count_queries
):
    first, second = make_group("Photo", member), make_group("Pictures", other, difference="With film alone")
    db.session.get_one(type(second), second.place_id).place.created_at = utcnow() - timedelta(days=3)
    propose_merge(origin=first, target=second, message="We do the same", actor=member)
    chess = orphan("Chess", 9)
    orphan("Choir", 1).cared_at = None  # still offered to its members
    db.session.commit()
    expected = [
        ("Chess", f"/groups/ownerless?after={chess.place_id - 1}", ""),
        ("Pictures", "/groups/pictures/about", "With film alone"),
        ("Photo into Pictures", "/groups/pictures", "We do the same"),
    ]
    with count_queries(exactly=1):
        found = list_matters(administrator)
    assert [(each.title, each.url, each.note) for each in found.rows] == expected
    paged, page = [], list_matters(administrator, limit=1)
    while page.rows:
        paged += [each.title for each in page.rows]
        if page.after is None:
            break
        page = list_matters(administrator, after=page.after, limit=1)
    assert paged == [title for title, _url, _note in expected]


def test_what_is_settled_or_long_ago_does_not_stand_there(make_group, orphan, member, other, administrator):
    first, second = make_group("Photo", member), make_group("Pictures", other)
    proposed = propose_merge(origin=first, target=second, message="", actor=member)
    answer_merge(merge=proposed, accept=False, actor=other)
    old = make_group("Old", member, difference="Another")
    old.place.created_at = utcnow() - timedelta(days=40)
    chess = orphan("Chess", 9)
    assert [title for title, _url, _note in told(administrator)] == ["Chess"]
    appoint(group_id=chess.place_id, person_id=chess.founder_id, actor=administrator)
    assert told(administrator) == []


def test_of_a_secret_group_no_name_is_told_and_no_merge(make_group, orphan, member, other, administrator):
    hidden = make_group("Zanzibar", member, access="secret", difference="Zanzi")
    target = make_group("Open", member, other)
    propose_merge(origin=hidden, target=target, message="Zanzi", actor=member, opening=True)
    lost = orphan("Zanzi", 2, access="secret")
    db.session.commit()
    assert told(administrator) == [("A secret group", f"/groups/ownerless?after={lost.place_id - 1}", "")]
    assert [title for title, _url, _note in told(member)] == [
        "A secret group", "Zanzibar", "Zanzibar into Open",
    ]  # fmt: skip


@pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin, keeper=KeeperPlugin)
def test_whoever_a_plugin_says_looks_after_the_site_finds_owners_and_is_told(
    orphan, people, member, administrator, deliver
):
    kim = people.member("Kim Keeper")
    group = orphan("Chess", 20)
    assert list(db.session.scalars(site_caretakers())) == [kim.id]
    group.cared_at = None
    db.session.commit()
    pass_on()
    deliver()
    assert [len(list_notifications(each).notifications) for each in (kim, administrator)] == [1, 0]
    assert [each.name for each in list_ownerless(kim)] == ["Chess"]
    browsers = [people.browser(each) for each in (kim, member, administrator)]
    assert [each.get("/groups/ownerless").status_code for each in browsers] == [200, 404, 200]
    appoint(group_id=group.place_id, person_id=group.founder_id, actor=kim)
    assert list_ownerless(kim) == []


def test_administrators_look_after_the_site_where_no_plugin_says_who(administrator, member):
    assert list(db.session.scalars(site_caretakers())) == [administrator.id]


def test_groups_are_named_in_the_language_of_who_reads(make_group, orphan, member, other, administrator):
    said = {"languages": ["en", "fr"], "second_name": "Échecs", "difference": "Blitz"}
    chess = make_group("Chess", member, **said)
    propose_merge(origin=make_group("Go", other), target=chess, message="", actor=other)
    orphan("Choir", 2, languages=["en", "fr"], second_name="Chorale")
    english = [each[0] for each in told(administrator)]
    with force_locale("fr"):
        french = [each[0] for each in told(administrator)]
        ownerless = [each.name for each in list_ownerless(administrator)]
    assert (english, ownerless) == (["Choir", "Chess", "Go into Chess"], ["Chorale"])
    assert [("Chorale" in each, "Échecs" in each) for each in french] == [
        (True, False), (False, True), (False, True)
    ]  # fmt: skip
