"""Who may see and do what in moderation: docs/visibility.md, asked of every route as each kind of person."""

import re
from pathlib import Path

import pytest
from parvis.testing.visibility import read_table, routes
from parvis_groups.plugin import GroupsPlugin
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin, moderation=ModerationPlugin)

DOCUMENT = (Path(__file__).parents[3] / "docs" / "visibility.md").read_text("utf-8")
COLUMNS, ROWS = read_table(DOCUMENT, "Moderation")
DONE = (200, 204, 303)
SENT = {
    "/moderation/visit": {"address": "/groups/hoiho", "reason": "A complaint", "hours": "1"},
    "/charter/accept": {"version": "1"},
    "/charter/edit": {"french": "Non", "english": "No"},
    "/moderation/cases/<case_id>/decide/<act>": {"reason": "other", "text": "Gone"},
    "/moderation/cases/<case_id>/move": {"text": "You know better"},
    "/moderation/decisions/<decision_id>/answer": {"text": "It stands", "outcome": "upheld"},
    "/moderation/decisions/<decision_id>/appeal": {"text": "It was a joke"},
    "/moderation/report/<kind>/<subject_id>": {"reason": "place"},
    "/moderation/texts/<act>/<code>": {"text": "Hello"},
    "/moderation/ask": {"text": "May I?"},
    "/moderation/questions/<question_id>": {"text": "Yes"},
    "/moderation/waiting/<waiting_id>/refuse": {"text": "Not here"},
}
"""What a form sends, by route."""


def ask(made, method, path, who):
    """Ask a route, say in a word what came of it, and undo what it did."""
    values = made.values
    given = {
        "case_id": values["case"], "act": "hide", "code": "en", "kind": "content",
        "subject_id": values["mild"],
        "decision_id": values["appealed"] if path.endswith("/answer") else values["decision"],
        "filename": "moderation.css", "visit_id": values["visit"], "place_id": values["place_id"],
        "waiting_id": values["waiting"], "file_id": values["file"], "question_id": values["question"],
    }  # fmt: skip
    if path.endswith("/pictures/<number>"):
        given |= {"case_id": values["hidden_case"], "number": 0}
    address = re.sub(r"<(\w+)>", lambda found: str(given[found[1]]), path)
    asking = made.browsers[who]
    if method == "GET":
        response = asking.get(address, headers={"HX-Request": "true"}, buffered=True)
    else:
        response = asking.post(address, data=SENT.get(path, {}))
        if response.status_code in DONE and who != "signed out":
            made.again()
    location = response.headers.get("Location") or response.headers.get("HX-Redirect", "")
    if location.startswith("/login"):
        return "sign-in"
    return "yes" if response.status_code in DONE else str(response.status_code)


@pytest.mark.proof
def test_the_matrix_holds(scene):
    scene.keep()
    told = {
        (route, who): cell for route, cells in ROWS.items() for who, cell in zip(COLUMNS, cells, strict=True)
    }
    found = {(route, who): ask(scene, *route.split(" "), who) for route, who in told}
    assert found == told


def test_every_route_stands_in_the_matrix(app):
    assert sorted(ROWS) == routes(app, "moderation.")
