"""The page of the search, and what its field shows while one types."""

from typing import Any

from flask import Blueprint, Response, g, request, url_for

from parvis.cleaning import clean
from parvis.search.finder import CATEGORIES, MOST_PAGES, find, suggest
from parvis.search.query import MOST_CHARACTERS
from parvis.search.source import sources
from parvis.web.page import page

bp = Blueprint("search", __name__)
SUGGESTED = {"people": 4, "groups": 3, "contents": 4}


@bp.get("/search")
def search() -> Response:
    """Find people, groups and contents; as suggestions, as the next results, or as the whole page."""
    q = clean(request.args.get("q", "")[: 4 * MOST_CHARACTERS])[:MOST_CHARACTERS]
    if "suggest" in request.args and "HX-Request" in request.headers:
        typing = (
            f"{q} " if request.args.get("q", "").endswith(" ") else q
        )  # a space says the word is finished
        return page("search/suggestions.html", q=q, found=suggest(g.member, typing, most=SUGGESTED))
    wanted = _wanted(q)
    number = _page()
    found = find(
        g.member,
        q,
        category=wanted["within"],
        kind=wanted["kind"],
        newest=wanted["order"] == "new",
        page=number,
    )
    labels = {owned.value.name: owned.value for owned in sources().values()}
    return page(
        "search/page.html", fragment="items" if number > 1 else "results",
        found=found, wanted=wanted, address=_address, labels=labels,
    )  # fmt: skip


def _wanted(q: str) -> dict[str, str]:
    """Read what the list is narrowed to; what there is not is left out."""
    within, kind = request.args.get("within", ""), request.args.get("kind", "")
    return {
        "q": q,
        "within": within if within in CATEGORIES else "",
        "kind": kind if any(kind == owned.value.name for owned in sources().values()) else "",
        "order": "new" if request.args.get("order") == "new" else "",
    }


def _page() -> int:
    number = request.args.get("page", "1")
    return min(int(number), MOST_PAGES) if number.isascii() and number.isdigit() and len(number) < 4 else 1


def _address(wanted: dict[str, str], **changed: str | int) -> str:
    values = {**wanted, **changed}
    given: dict[str, Any] = {name: value for name, value in values.items() if value}
    return url_for("search.search", **given)
