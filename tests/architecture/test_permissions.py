"""Who may see and do what: docs/permissions.md, asked of every route as each kind of person."""

import io
import re
from pathlib import Path

import pytest
from parvis.db import db
from parvis.identity.models import MemberSession
from parvis.permissions import CorePermission, Role
from parvis.personal_data.models import DataRequest
from parvis.personal_data.request import answer, ask_export
from parvis.profile.models import Photo
from parvis.testing.plugin import browser
from parvis.testing.portrait import portrait
from parvis_sample.plugin import SamplePlugin

DOCUMENT = (Path(__file__).parents[2] / "docs" / "permissions.md").read_text("utf-8")


def table(heading: str) -> list[list[str]]:
    """Return the rows of the table below a heading."""
    section = DOCUMENT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


ROUTES, LEFT = table("Routes"), table("Somebody who has left the company")
KINDS = ("signed out", "first visit", "member", "the person", "administrator")
DONE = (200, 204, 303, 422)


class Asking:
    """Asks routes about one person, as each kind of person, and says in a word what came of it."""

    def __init__(self, app, people):
        self.app, self.people = app, people
        self.target = people.member("Target Person")
        self.members = {
            "first visit": people.member("New Comer", joined=False),
            "member": people.member("Some Member"),
            "the person": self.target,
            "administrator": people.member("Some Administrator", administrator=True),
        }
        for member in {*self.members.values()} - {self.members["first visit"]}:
            member.steps_done = [*member.steps_done, "sample:promise"]
        db.session.commit()
        self.photo = self._upload()
        self.archive = self._archive()
        self.session = people.browser(self.target) and db.session.scalar(
            db.select(db.func.max(MemberSession.id))
        )

    def _upload(self) -> int:
        data = {"photo": (io.BytesIO(portrait("Target", 200)), "me.jpg")}
        self.people.browser(self.target).post(
            "/profile/photos", data=data, content_type="multipart/form-data"
        )
        return db.session.scalar(db.select(Photo.id))

    def _archive(self) -> int:
        ask_export(actor=self.target)
        request = db.session.scalar(db.select(DataRequest))
        answer(request.id)
        return request.id

    def __call__(self, route: str, kind: str) -> str:
        method, _, path = route.strip("`").partition(" ")
        asking = self._signed_out() if kind == "signed out" else self.people.browser(self.members[kind])
        response = asking.open(self._filled(path), method=method, buffered=True)
        return self._word(response, path)

    def _signed_out(self):
        asking = browser(self.app)
        asking.get("/login")
        return asking

    def _filled(self, path: str) -> str:
        values = {
            "handle": self.target.person.handle,
            "photo_id": self.photo,
            "session_id": self.session,
            "request_id": self.archive,
            "size": "medium" if path.startswith("/photos") else "96",
            "filename": "icons.svg" if path.startswith("/static") else "logo.svg",
        }
        return re.sub(r"<(\w+)>", lambda found: str(values[found[1]]), path)

    def _word(self, response, path: str) -> str:
        location = response.headers.get("Location", "")
        if location == "/sample/promise":
            return "step"
        if location.startswith("/login") and path not in ("/logout", "/language"):
            return "sign-in"
        return "yes" if response.status_code in DONE else str(response.status_code)


@pytest.fixture
def ask(app, people):
    """Return what asks."""
    return Asking(app, people)


@pytest.mark.plugins(sample=SamplePlugin)
@pytest.mark.settings(**{"plugins.sample": {"demand": True}})
@pytest.mark.parametrize("row", ROUTES, ids=lambda row: row[0].strip("`"))
def test_the_matrix_holds(ask, row):
    route, *told = row
    assert {kind: ask(route, kind) for kind in KINDS} == dict(zip(KINDS, told, strict=True))


@pytest.mark.parametrize("row", LEFT, ids=lambda row: row[0].strip("`"))
def test_the_matrix_of_who_has_left_holds(ask, row):
    route, *told = row
    ask.target.person.present = False
    db.session.commit()
    assert [ask(route, kind) for kind in ("signed out", "member", "administrator")] == told


def test_every_route_stands_in_the_matrix(app):
    routes = set()
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("develop."):
            path = re.sub(r"<(?:[^<>]*:)?(\w+)>", r"<\1>", rule.rule)
            routes |= {f"{method} {path}" for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    assert {row[0].strip("`") for row in ROUTES} == routes


def test_every_permission_stands_in_the_matrix():
    held = {Role.MEMBER: ["yes", "yes"], Role.ADMINISTRATOR: ["no", "yes"]}
    told = {row[0].strip("`"): row[1:] for row in table("Rights")}
    assert told == {str(permission): held[permission.role] for permission in CorePermission}
