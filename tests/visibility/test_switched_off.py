"""A plugin that is switched off: what it left in the database is nowhere, until it is back."""

import pytest
from parvis.testing.plugin import People
from parvis_groups.plugin import GroupsPlugin
from parvis_social.plugin import SocialPlugin

pytestmark = [pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin), pytest.mark.proof]

INSIDE, NAME = "zanzi", "quokka"


@pytest.mark.parametrize("access", ["open", "secret"])
def test_without_groups_nothing_of_a_group_is_anywhere(scene, walker, with_only, access):
    made = scene(access)
    walk, social = walker(made), with_only("social")
    for who in ("owner", "author", "administrator"):
        person = made.member(who)
        with social.app_context():
            client = People(social).browser(person)
            assert walk.found(client, INSIDE, NAME, app=social) == {}
            assert "so-told__row" not in client.get("/notifications").text


def test_groups_are_back_with_all_they_had_when_they_are_switched_on_again(scene, with_only):
    made = scene("closed")
    address = f"/groups/{made.values['slug']}"
    social = with_only("social")
    with social.app_context():
        assert People(social).browser(made.member("member")).get(address).status_code == 404
    again = with_only("social", "groups")
    with again.app_context():
        page = People(again).browser(made.member("member")).get(address)
    assert (page.status_code, "zanzipost" in page.text) == (200, True)


def test_with_core_alone_nothing_of_either_is_anywhere(scene, walker, with_only):
    made = scene("open")
    core = with_only()
    with core.app_context():
        client = People(core).browser(made.member("author"))
        assert walker(made).found(client, INSIDE, NAME, app=core) == {}
        assert client.get("/feed").status_code == 404
        assert client.get("/").status_code == 200
