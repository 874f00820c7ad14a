"""The blueprint of social's pages; the views of each package register on it."""

from flask import Blueprint, request

bp = Blueprint(
    "social", __name__, template_folder="templates", static_folder="static", static_url_path="/social/static"
)


def number(name: str) -> int | None:
    """Read a number out of the address; one that is none, or is too large, is as if it were not there."""
    found = request.args.get(name, type=int)
    return found if found is not None and 0 < found < 2**63 else None
