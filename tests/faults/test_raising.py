"""A plugin that raises in any hook costs its own piece and no more; a door that it guards stays shut."""

from types import new_class

import pytest
from parvis.api import Identity, Person, Plugin, db, hookimpl
from parvis.errors import Veto
from parvis.hookspecs import SPECIFICATIONS
from parvis.jobs import declared_jobs
from parvis.plugin import NoSettings
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import SocialHooks, post
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.proof

GUARDS = {"authenticate", "check_sign_in", "check_upload", "check_contribution"}
"""Where a plugin that cannot answer has refused."""
HOOKS = sorted(
    name
    for specification in (*SPECIFICATIONS, SocialHooks)
    for name in vars(specification)
    if not name.startswith("_")
)


def raising(hook):
    """Make a plugin that raises in one hook."""

    def broken(self):
        raise RuntimeError(f"no {hook} today")

    members = {"name": "raising", "requires": ("social",), "__module__": __name__, hook: hookimpl(broken)}
    return new_class("RaisingPlugin", (Plugin[NoSettings],), exec_body=lambda body: body.update(members))


class DoorPlugin(Plugin[NoSettings]):
    """Knows one person by a password."""

    name = "door"

    @hookimpl
    def authenticate(self, username, password):
        person = db.session.scalar(db.select(Person).where(Person.username == username))
        return Identity(person.id, way="door") if person and password == "right" else None


def with_hook(name, **more):
    plugins = pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin, **more, raising=raising(name))
    return pytest.param(name, marks=plugins, id=name)


@pytest.mark.parametrize("hook", [with_hook(name) for name in HOOKS if name not in GUARDS])
def test_pages_jobs_and_events_go_on_without_it(hook, member, other, people, make_group, deliver, index):
    group = make_group("Photo", member, other)
    browser = people.browser(member)
    handle = other.person.handle
    pages = [
        "/",
        "/people",
        f"/people/{handle}",
        "/account",
        "/groups/photo",
        "/notifications",
        "/search?q=bob",
    ]
    assert {page: browser.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)
    form = {"text": f"Look, @{handle}", "form_key": "one"}
    assert browser.post(f"/places/{group.place_id}/post", data=form).status_code == 303
    deliver()
    index()
    assert "Look" in people.browser(other).get("/notifications").text
    assert "social" in {name.partition(":")[0] for name in declared_jobs()}


@pytest.mark.parametrize("hook", [with_hook("check_contribution")])
def test_nobody_writes_where_whoever_is_asked_cannot_answer(hook, member, make_group):
    group = make_group("Photo", member)
    with pytest.raises(Veto, match="cannot be checked"):
        post(place=group.place, text="Hello", actor=member)
    db.session.rollback()


@pytest.mark.parametrize("hook", [with_hook("check_upload")])
def test_no_file_is_taken_that_cannot_be_looked_at(hook, app, member):
    with pytest.raises(Veto, match="cannot be checked"):
        app.extensions["parvis"].plugins.check("check_upload", upload=None, actor=member)


@pytest.mark.parametrize(
    "hook", [with_hook("authenticate", door=DoorPlugin), with_hook("check_sign_in", door=DoorPlugin)]
)
def test_nobody_signs_in_past_a_plugin_that_cannot_answer(hook, client, people):
    people.member(username="ada.known")
    client.get("/login")
    response = client.post("/login", data={"username": "ada.known", "password": "right"})
    assert (response.status_code, client.get("/account").status_code) == (422, 303)
    people.browser(people.member("Bob Inside")).get("/")  # who is in stays in
