"""Who may see and do what in groups: docs/visibility.md, asked of every route as each kind of person."""

import re
from pathlib import Path

import pytest
from parvis.api import db
from parvis.testing.visibility import read_table, routes
from parvis_groups.domain.change import convert
from parvis_groups.domain.merge import propose_merge
from parvis_groups.domain.read import get_group_for
from parvis_groups.domain.request import ask as ask_to_join
from parvis_groups.plugin import GroupsPlugin
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin)

DOCUMENT = (Path(__file__).parents[2] / "docs" / "visibility.md").read_text("utf-8")
ACCESS = ("open", "closed", "secret")
DONE = (200, 204, 303)


HEADINGS = ("A group", "What is in a group", "Whatever is one's own")
TABLES = {heading: read_table(DOCUMENT, heading) for heading in HEADINGS}

SENT = {
    "/contents/<content_id>/comment": {"text": "Hello"},
    "/contents/<content_id>/edit": {"text": "Changed", "version": "1"},
    "/contents/<content_id>/hide": {"reason": "Enough"},
    "/contents/<content_id>/lock": {"reason": "Enough"},
    "/contents/<content_id>/react": {"kind": "like"},
    "/feed/choices": {"filter": "all", "order": "new"},
    "/feed/seen": {"newest": "1"},
    "/groups/<slug>/ask": {"message": "Please"},
    "/groups/<slug>/invitation": {"accept": "1"},
    "/groups/<slug>/invite": {"person": "{newcomer}"},
    "/groups/<slug>/members/<person_id>/ban": {"reason": "Noise"},
    "/groups/<slug>/members/<person_id>/hand-over": {"role": "member"},
    "/groups/<slug>/members/<person_id>/role": {"role": "moderator"},
    "/groups/<slug>/merge": {"into": "{garden}", "opening": "1"},
    "/groups/<slug>/propose": {"text": "More kiwi"},
    "/groups/<slug>/requests/<person_id>": {"words": ""},
    "/groups/<slug>/settings": {"name": "Kiwi", "purpose": "Kiwi", "language": "en"},
    "/groups/<slug>/settings/access": {"access": "{other}"},
    "/groups/<slug>/settings/picture": {"remove": "1"},
    "/groups/<slug>/settings/rules": {"posting": "members", "level": "all"},
    "/groups/new": {"name": "Another kiwi", "purpose": "Kiwi", "language": "en"},
    "/groups/ownerless/<group_id>": {"handle": "{colleague_handle}"},
    "/groups/similar": {"join": "{slug}"},
    "/notifications/choices": {"kind": "social:reacted"},
    "/notifications/off": {"kind": "social:reacted"},
    "/people/<handle>/wall": {"text": "Hello"},
    "/places/<place_id>/draft": {"text": "Hello"},
    "/places/<place_id>/level": {"level": "all"},
    "/places/<place_id>/mute": {"how_long": "week"},
    "/places/<place_id>/post": {"text": "Hello"},
    "/social/preview": {"text": "Hello"},
}
"""What a form sends, by route."""
ASKED = {"/groups/<slug>/settings/access": "?access={other}"}
"""What the page of a form is asked with."""


class Asking:
    """Asks the routes of a scene as each kind of person, and says in a word what came of it."""

    def __init__(self, made):
        self.made, values = made, made.values
        group, owner = made.group, made.member("owner")
        convert(group=group, access="closed", actor=owner)
        ask_to_join(group=group, message="Please", actor=made.member("asker"))
        garden = get_group_for(owner, values["garden"]).group
        self.merge = propose_merge(origin=group, target=garden, message="", actor=owner, opening=True).id
        convert(group=group, access=made.access, actor=owner)
        persons = made.persons
        made.browsers |= {"the person": made.browsers["member"], "anybody": made.browsers["stranger"]}
        self.given = {
            **{who: str(number) for who, number in persons.items()},
            "slug": values["slug"], "garden": values["garden"],
            "other": "closed" if made.access == "open" else "open",
            "colleague_handle": values["handles"]["colleague"],
        }  # fmt: skip
        made.keep()

    def __call__(self, method: str, path: str, who: str) -> str:
        """Ask a route; what it did is undone."""
        data = {key: each.format(**self.given) for key, each in SENT.get(path, {}).items()}
        address = self._filled(method, path)
        if method == "GET":
            address += ASKED.get(path, "").format(**self.given)
        asking = self.made.browsers[who]
        if method == "GET":  # as htmx does: refusals are short then, and the answer is that of the page
            response = asking.get(address, headers={"HX-Request": "true"}, buffered=True)
        else:
            response = asking.post(address, data=data)
        if method == "POST" and response.status_code in DONE and who != "signed out":
            self.made.again()
        return self._word(response)

    def _filled(self, method: str, path: str) -> str:
        values, persons = self.made.values, self.made.persons
        content = values["post"]
        if path.endswith(("/answer", "/hide")):
            content = values["comment"]
        if path.endswith("/restore"):
            content = values["deleted"]
        person = "colleague"
        for ending, who in {
            "/unban": "banned",
            "/take-back": "invited",
            "/requests/<person_id>": "asker",
        }.items():
            person = who if path.endswith(ending) else person
        given = {
            "slug": values["slug"], "place_id": values["place_id"], "content_id": content,
            "person_id": persons[person], "merge_id": self.merge, "proposal_id": 1,
            "group_id": values["place_id"], "size": 96,
            "file_id": values["files"][0][0], "name": "x", "key": values["tag"],
            "handle": values["handles"]["neighbour"],
            "filename": "social.css" if "social" in path else "groups.css",
            "notification_id": self._notification(), "waiting_id": values["waiting"],
        }  # fmt: skip
        return re.sub(r"<(\w+)>", lambda found: str(given[found[1]]), path)

    def _notification(self) -> int:
        from parvis_social.notification.models import Notification  # noqa: PLC0415

        mine = Notification.person_id == self.made.persons["member"]
        return db.session.scalar(db.select(db.func.min(Notification.id)).where(mine))

    def _word(self, response) -> str:
        location = response.headers.get("Location") or response.headers.get("HX-Redirect", "")
        if location.startswith("/login"):
            return "sign-in"
        return "yes" if response.status_code in DONE else str(response.status_code)


@pytest.mark.proof
@pytest.mark.parametrize("access", ACCESS)
def test_the_matrix_holds(scene, access):
    ask, at = Asking(scene(access)), ACCESS.index(access)
    told, found = {}, {}
    for columns, rows in TABLES.values():
        for route, cells in rows.items():
            method, _, path = route.partition(" ")
            if access != "closed" and columns == TABLES["Whatever is one's own"][0]:
                continue
            for who, cell in zip(columns, cells, strict=True):
                told[route, who] = cell.split(" / ")[at] if " / " in cell else cell
                found[route, who] = ask(method, path, who)
    assert found == told


def test_every_route_stands_in_the_matrix(app):
    assert sorted(route for _columns, rows in TABLES.values() for route in rows) == routes(
        app, "social.", "groups."
    )
