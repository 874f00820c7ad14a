"""What one plugin breaks is its own: the site goes on, and the administrator reads what is wrong."""

from types import new_class

import pytest
from flask import Blueprint
from parvis.api import NavItem, Plugin, hookimpl
from parvis.application.factory import create_app, load
from parvis.db import db
from parvis.errors import Veto
from parvis.manager import PluginManager
from parvis.migration import downgrade, histories, purge
from parvis.plugin import NoSettings
from parvis.testing.plugin import make_config
from parvis_echo.plugin import EchoPlugin
from parvis_sample.models import Note
from parvis_sample.plugin import SamplePlugin

FILES = Blueprint("thing", "parvis_sample", static_folder="static")


def found(*enabled, **loaders):
    manager = PluginManager(loaders)
    manager.find(enabled)
    return manager


def plugin(called, **members):
    members = {"name": called, "__module__": __name__, **members}
    return new_class(
        f"{called.title()}Plugin",
        (Plugin[NoSettings],),
        exec_body=lambda namespace: namespace.update(members),
    )


def states(manager):
    return {name: (state.status, state.problem) for name, state in manager.states.items()}


def unimportable():
    raise ImportError("no module named nowhere")


def test_a_plugin_that_cannot_be_imported_is_named_with_its_error():
    assert states(found("broken", broken=unimportable)) == {
        "broken": ("failed", "it cannot be imported: ImportError: no module named nowhere")
    }


def test_a_plugin_that_is_not_installed_is_named():
    assert states(found("ghost"))["ghost"] == ("failed", "no installed package offers it (installed: none)")


def test_a_misspelt_plugin_is_told_what_was_meant():
    told = states(found("smaple", sample=lambda: SamplePlugin))["smaple"][1]
    assert told == "no installed package offers it; did you mean “sample”? (installed: sample)"


def test_a_plugin_that_is_not_installed_keeps_no_site_from_starting(tmp_path, database_url):
    make_config(tmp_path, database_url)
    path = tmp_path / "parvis.toml"
    path.write_text(path.read_text().replace("enabled = []", 'enabled = ["ghost"]'))
    config, manager = load(str(path), {})
    assert manager.states["ghost"].status == "failed"
    for safe_mode in (False, True):
        app = create_app(config, manager, safe_mode=safe_mode)
        assert app.test_client().get("/login").status_code == 200


def test_a_plugin_for_another_version_of_core_is_refused():
    old = plugin("old", api=">=7")
    assert states(found("old", old=lambda: old))["old"][1].startswith("it is made for parvis >=7")


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"name": "other"}, "it calls itself 'other'"),
        (
            {"permissions": SamplePlugin.permissions},
            "its permission 'sample:note:read' does not begin with 'thing:'",
        ),
        ({"blueprint": SamplePlugin.blueprint}, "its blueprint is called 'sample', not 'thing'"),
        ({"commands": SamplePlugin.commands}, "its command group is called 'sample', not 'thing'"),
        ({"styles": ("thing.css",)}, "its file 'thing.css' is not in the static folder of its blueprint"),
        ({"blueprint": FILES, "scripts": ("no.js",)}, "its file 'no.js' is not in the static folder"),
    ],
)
def test_what_does_not_carry_the_plugins_name_is_refused(members, problem):
    thing = plugin("thing", **members)
    assert states(found("thing", thing=lambda: thing))["thing"][1].startswith(problem)


def test_plugins_start_in_the_order_of_what_they_require():
    manager = found("echo", "sample", sample=lambda: SamplePlugin, echo=lambda: EchoPlugin)
    assert list(manager.states) == ["sample", "echo"]


def test_a_plugin_whose_requirement_is_not_enabled_is_refused():
    assert states(found("echo", echo=lambda: EchoPlugin))["echo"] == (
        "failed",
        "it requires the plugin sample, which is not enabled",
    )


def test_a_plugin_whose_requirement_failed_is_blocked():
    manager = found("sample", "echo", sample=unimportable, echo=lambda: EchoPlugin)
    assert states(manager)["echo"] == ("blocked", "it requires sample, which is not running")


def test_a_circle_of_requirements_is_refused():
    one, two = plugin("one", requires=("two",)), plugin("two", requires=("one",))
    assert {
        status for status, _ in states(found("one", "two", one=lambda: one, two=lambda: two)).values()
    } == {"failed"}


class UnknownHook(Plugin[NoSettings]):
    name = "unknownhook"

    @hookimpl
    def navigatoin(self, viewer):
        return []


class UnknownArgument(Plugin[NoSettings]):
    name = "unknownargument"

    @hookimpl
    def navigation(self, visitor):
        return []


class Wrapper(Plugin[NoSettings]):
    name = "wrapper"

    @hookimpl(wrapper=True)
    def navigation(self, viewer):
        return (yield)


class Unready(Plugin[NoSettings]):
    name = "unready"

    def check(self):
        return ["the program frobnicate is not installed"]


class Raising(Plugin[NoSettings]):
    name = "raising"

    @hookimpl
    def navigation(self, viewer):
        raise RuntimeError("no menu today")

    @hookimpl
    def slot(self, name, viewer):
        return ["not a SlotContent"]

    @hookimpl
    def authenticate(self, username, password):
        raise RuntimeError("no idea")

    @hookimpl
    def check_upload(self, upload, actor):
        raise RuntimeError("scanner is down")

    @hookimpl
    def profile_sections(self, person, viewer):
        raise RuntimeError("no section")


class Guard(Plugin[NoSettings]):
    name = "guard"
    essential = True

    def check(self):
        return ["the key is missing"]


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (UnknownHook, "unknown hook 'navigatoin'"),
        (UnknownArgument, "visitor"),
        (Wrapper, "wraps the hook"),
        (Unready, "the program frobnicate is not installed"),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_plugin_that_cannot_start_leaves_the_site_running(config, broken, problem):
    manager = found(broken.name, **{broken.name: lambda: broken})
    config.plugins[broken.name] = NoSettings()
    app = create_app(config, manager, safe_mode=False)
    assert manager.states[broken.name].status == "failed"
    assert problem in manager.states[broken.name].problem
    assert app.test_client().get("/login").status_code == 200


@pytest.mark.plugins(raising=Raising)
def test_a_plugin_that_raises_costs_only_its_own_piece_and_is_named(people, administrator_client, other, app):
    assert administrator_client.get("/").status_code == 200
    assert administrator_client.get(f"/people/{other.person.handle}").status_code == 200
    page = administrator_client.get("/administration").text
    for told in ("no menu today", "not SlotContent", "no section"):
        assert told in page


@pytest.mark.plugins(raising=Raising)
def test_an_authentication_that_fails_keeps_the_door_closed(client, app):
    client.get("/login")
    response = client.post("/login", data={"username": "a", "password": "b"})
    assert (response.status_code, response.headers.get("Set-Cookie", "").count("s.")) == (422, 0)


@pytest.mark.plugins(raising=Raising)
def test_a_check_that_fails_refuses(app, member):
    with pytest.raises(Veto, match="cannot be checked"):
        app.extensions["parvis"].plugins.check("check_upload", upload=None, actor=member)


@pytest.mark.plugins(guard=Guard)
def test_without_an_essential_plugin_the_site_is_closed(client, app):
    assert [client.get(path).status_code for path in ("/login", "/", "/healthz", "/readyz")] == [
        503,
        503,
        200,
        503,
    ]


@pytest.mark.plugins(guard=Guard, raising=Raising)
def test_safe_mode_starts_core_alone(config, app):
    safe = create_app(config, app.extensions["parvis"].plugins, safe_mode=True)
    assert safe.test_client().get("/login").status_code == 200
    assert safe.extensions["parvis"].plugins.active == []


@pytest.mark.plugins(sample=SamplePlugin)
def test_a_plugin_whose_tables_are_not_up_to_date_is_not_loaded(config, app, people):
    history = histories([SamplePlugin])[1]
    downgrade(history, to="0001")
    manager = found("sample", sample=lambda: SamplePlugin)
    stale = create_app(config, manager, safe_mode=False)
    assert manager.states["sample"].problem == "its tables are not up to date; run: parvis db upgrade"
    assert stale.test_client().get("/sample").status_code == 404


@pytest.mark.plugins(sample=SamplePlugin)
def test_disabling_keeps_the_data_and_purging_drops_it(app, member):
    db.session.add(Note(person_id=member.id, text="kept"))
    db.session.commit()
    assert db.session.scalar(db.select(db.func.count()).select_from(Note)) == 1
    db.session.commit()
    purge(histories([SamplePlugin])[1])
    tables = db.inspect(db.engine).get_table_names()
    assert [name for name in tables if "sample" in name] == []
    assert "person" in tables


@pytest.mark.plugins(sample=SamplePlugin)
def test_a_navigation_entry_to_nowhere_costs_only_itself(app, member_client):
    manager = app.extensions["parvis"].plugins

    class Lost:
        @hookimpl
        def navigation(self, viewer):
            yield NavItem("lost", "Lost", "lost.nowhere", "house")

    manager.register(Lost(), "lost")
    response = member_client.get("/")
    assert (response.status_code, "Sample notes" in response.text) == (200, True)
