"""A plugin that is switched off: what it left in the database is nowhere, until it is back."""

from functools import partial

import pytest
from parvis.api import db
from parvis.application.factory import create_app
from parvis.manager import PluginManager
from parvis.testing.plugin import People, make_config
from parvis_groups.plugin import GroupsPlugin
from parvis_social.plugin import SocialPlugin

pytestmark = [pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin), pytest.mark.proof]

PLUGINS = {"social": SocialPlugin, "groups": GroupsPlugin}
INSIDE, NAME = "zanzi", "quokka"


@pytest.fixture
def with_only(tmp_path):
    """Return what starts another app on the same database and files, with some plugins only."""

    def start(*names):
        chosen = {name: PLUGINS[name] for name in names}
        config = make_config(tmp_path, str(db.engine.url), plugins=chosen)
        manager = PluginManager({name: partial(lambda plugin: plugin, each) for name, each in chosen.items()})
        manager.find(config.enabled)
        app = create_app(config, manager, safe_mode=False, overrides={"TESTING": True})
        assert {name: state.status for name, state in manager.states.items()} == dict.fromkeys(
            names, "active"
        )
        return app

    return start


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
