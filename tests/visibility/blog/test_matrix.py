"""Who may see and do what in blogs: docs/visibility.md, asked of every route as each kind of person."""

import re
from pathlib import Path

import pytest
from parvis.api import db
from parvis.testing.visibility import read_table, routes
from parvis_blog.models import Draft
from parvis_blog.plugin import BlogPlugin
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, blog=BlogPlugin)

DOCUMENT = (Path(__file__).parents[3] / "docs" / "visibility.md").read_text("utf-8")
HEADINGS = ("A blog", "An article and its comments", "What is being written", "A question", "Feeds of blogs")
TABLES = {heading: read_table(DOCUMENT, heading) for heading in HEADINGS}
DRAFTS = ("draft", "scheduled", "changed")
DONE = (200, 204, 303)

SENT = {
    "/blogs/<slug>/close": {"x": "1"},
    "/blogs/<slug>/questions": {"text": "Why?", "form_key": "one"},
    "/blogs/<slug>/settings": {"name": "Weka", "language": "en", "asks": "1"},
    "/blogs/<slug>/writers": {"handle": "{colleague}", "role": "moderator"},
    "/blogs/drafts/<draft_id>": {"version": "{version}", "title": "Another", "act": "save"},
    "/blogs/drafts/<draft_id>/preview": {"text": "Hello"},
    "/blogs/drafts/<draft_id>/remark": {"remark": "Good"},
    "/blogs/drafts/<draft_id>/reviews": {"reviewer": "{colleague}"},
    "/blogs/feeds": {"label": "Portal"},
    "/blogs/new": {"kind": "team_blog", "name": "Another", "language": "en"},
    "/blogs/questions/<question_id>/answer": {"text": "Yes", "article": "0"},
    "/blogs/questions/<question_id>/hide": {"reason": "Noise"},
    "/contents/<content_id>/comment": {"text": "Hello"},
    "/contents/<content_id>/edit": {"text": "Changed", "version": "1"},
    "/contents/<content_id>/hide": {"reason": "Enough"},
    "/contents/<content_id>/lock": {"reason": "Enough"},
    "/contents/<content_id>/react": {"kind": "like"},
    "/contents/<content_id>/withdraw": {"reason": "Wrong"},
    "/places/<place_id>/post": {"text": "Hello"},
}
"""What a form sends, by route."""


class Asking:
    """Asks the routes of a scene as each kind of person, and says in a word what came of it."""

    def __init__(self, made, draft):
        self.made, self.draft = made, made.values[draft]
        self.given = {
            "colleague": made.values["handles"]["colleague"],
            "version": str(db.session.get_one(Draft, self.draft).version),
        }
        persons = {"asker": "asker", "whose key it is": "reader", "anybody": "colleague"}
        made.browsers |= {name: made.browsers[who] for name, who in persons.items()}
        made.keep()

    def __call__(self, method: str, path: str, who: str) -> str:
        """Ask a route; what it did is undone."""
        data = {key: each.format(**self.given) for key, each in SENT.get(path, {}).items()}
        address, asking = self._filled(path), self.made.browsers[who]
        if method == "GET":  # as htmx does: refusals are short then, and the answer is that of the page
            response = asking.get(address, headers={"HX-Request": "true"}, buffered=True)
        else:
            response = asking.post(address, data=data)
        if method == "POST" and response.status_code in DONE and who != "signed out":
            self.made.again()
        location = response.headers.get("Location") or response.headers.get("HX-Redirect", "")
        if location.startswith("/login"):
            return "sign-in"
        return "yes" if response.status_code in DONE else str(response.status_code)

    def _filled(self, path: str) -> str:
        values = self.made.values
        given = {
            "slug": values["slug"], "place_id": values["place_id"], "draft_id": self.draft,
            "content_id": values["comment"] if path.endswith("/hide") else values["article"],
            "file_id": values["draft_files"][0] if self.draft == values["draft"] else values["files"][1],
            "handle": values["handles"]["delegate"], "name": "x", "filename": "blog.css",
            "question_id": values["question"], "key_id": values["keys"]["reader"][0],
            "key": values["keys"]["reader"][1],
        }  # fmt: skip
        if path.startswith("/social/files/"):
            given["file_id"] = values["shown"]
        return re.sub(r"<(\w+)>", lambda found: str(given[found[1]]), path)


@pytest.mark.proof
@pytest.mark.parametrize("heading", HEADINGS)
def test_the_matrix_holds(scene, heading):
    columns, rows = TABLES[heading]
    several = DRAFTS if heading == "What is being written" else DRAFTS[:1]
    for at, draft in enumerate(several):
        ask, told, found = Asking(scene, draft), {}, {}
        for route, cells in rows.items():
            method, _, path = route.partition(" ")
            if draft == "scheduled" and "<file_id>" in path:  # it has none
                continue
            for who, cell in zip(columns, cells, strict=True):
                told[route, who] = cell.split(" / ")[at] if " / " in cell else cell
                found[route, who] = ask(method, path, who)
        assert found == told


def test_every_route_stands_in_the_matrix(app):
    written = [route for _columns, rows in TABLES.values() for route in rows]
    assert sorted(route for route in written if "/blogs" in route) == routes(app, "blog.")
