"""The sets of plugins that are shipped: core alone, each with what it requires, all. Each is a whole site."""

import re

import pytest
from parvis.application.factory import create_app
from parvis.db import db
from parvis.manager import PluginManager
from parvis.migration import CORE_TABLES, downgrade, histories, upgrade
from parvis.testing.plugin import make_config
from parvis_blog.plugin import BlogPlugin
from parvis_expertise.plugin import ExpertisePlugin
from parvis_groups.plugin import GroupsPlugin
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.plugin import SocialPlugin

SETS = {"core": {}, "social": {"social": SocialPlugin}}
SETS["groups"] = {"social": SocialPlugin, "groups": GroupsPlugin}
SETS["blog"] = {"social": SocialPlugin, "blog": BlogPlugin}
SETS["expertise"] = {"expertise": ExpertisePlugin}
SETS["expertise and social"] = {**SETS["expertise"], **SETS["social"]}
SETS["moderation"] = {"social": SocialPlugin, "moderation": ModerationPlugin}
SETS["all"] = {
    **SETS["groups"], "blog": BlogPlugin, "expertise": ExpertisePlugin, "moderation": ModerationPlugin
}  # fmt: skip
each_set = pytest.mark.parametrize(
    "plugins",
    [pytest.param(plugins, marks=pytest.mark.plugins(**plugins), id=name) for name, plugins in SETS.items()],
)


@pytest.fixture
def enabled_plugins(request):
    """Enable the set that the test is about."""
    return dict(request.getfixturevalue("plugins")) if "plugins" in request.fixturenames else {}


@each_set
def test_every_plugin_of_the_set_is_running(app, plugins):
    states = app.extensions["parvis"].plugins.states.items()
    running = dict.fromkeys(plugins, ("active", ""))
    assert {name: (state.status, state.problem) for name, state in states} == running


@each_set
@pytest.mark.both_databases
def test_every_page_without_a_name_in_its_address_is_there(app, plugins, member_client, administrator_client):
    rules = [
        rule.rule for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and not rule.arguments and not rule.endpoint.startswith("develop.")
    ]  # fmt: skip
    found = {
        (path, who): client.get(path, buffered=True).status_code
        for who, client in (("member", member_client), ("administrator", administrator_client))
        for path in rules
    }
    refused = {at: status for at, status in found.items() if status not in (200, 303)}
    expected = {("/administration", "member"): 404}
    if "groups" in plugins:
        expected["/groups/ownerless", "member"] = 404
    if "blog" in plugins:
        expected["/blogs/new", "member"] = 404
    if "expertise" in plugins:
        expected["/expertise/words", "member"] = 404
        if "social" not in plugins:
            expected |= {("/expertise/ask", who): 404 for who in ("member", "administrator")}
    if "moderation" in plugins:
        closed = (
            "/charter/edit",
            "/moderation",
            *(f"/moderation/{page}" for page in ("log", "texts", "visit")),
        )
        expected |= dict.fromkeys(((path, "member") for path in closed), 404)
    assert refused == expected
    failures = [
        state.failures for state in app.extensions["parvis"].plugins.states.values() if state.failures
    ]
    assert failures == []


@each_set
def test_only_the_set_is_named_in_the_menus(plugins, member_client):
    links = set(re.findall(r'href="(/[a-z]+)"', member_client.get("/").text))
    assert {"/notifications", "/bookmarks", "/groups", "/blogs", "/expertise"} & links == {
        *(["/notifications", "/bookmarks"] if "social" in plugins else []),
        *(["/groups"] if "groups" in plugins else []),
        *(["/blogs"] if "blog" in plugins else []),
        *(["/expertise"] if "expertise" in plugins else []),
    }


@each_set
@pytest.mark.both_databases
def test_the_tables_of_a_set_go_and_come_back(app, plugins):
    def tables():
        return set(db.inspect(db.engine).get_table_names())

    before = tables()
    own = histories(list(plugins.values()))[1:]
    for history in reversed(own):
        downgrade(history, to="base")
    ours = ("social_", "groups_", "group_", "blog_", "expertise_", "moderation_")
    left = {name for name in tables() if name.startswith(ours)}
    assert (left, tables() >= CORE_TABLES) == (set(), True)
    for history in own:
        upgrade(history)
    assert tables() == before


def test_groups_without_social_are_not_started_and_the_site_is(tmp_path, database_url):
    config = make_config(tmp_path, database_url, plugins={"groups": GroupsPlugin})
    manager = PluginManager({"groups": lambda: GroupsPlugin})
    manager.find(config.enabled)
    app = create_app(config, manager, safe_mode=False)
    problem = "it requires the plugin social, which is not enabled"
    assert [(state.status, state.problem) for state in manager.states.values()] == [("failed", problem)]
    assert app.test_client().get("/login").status_code == 200


def test_the_order_in_which_they_are_named_does_not_matter(tmp_path, database_url):
    config = make_config(tmp_path, database_url, plugins={"groups": GroupsPlugin, "social": SocialPlugin})
    manager = PluginManager({"groups": lambda: GroupsPlugin, "social": lambda: SocialPlugin})
    manager.find(config.enabled)
    assert list(manager.states) == ["social", "groups"]
