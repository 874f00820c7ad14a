"""The blueprint of the pages of moderation; the modules in `views` register on it."""

from flask import Blueprint, request

bp = Blueprint(
    "moderation",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/moderation/static",
)

LARGEST_ID = 2**63 - 1


def number(name: str) -> int | None:
    """Read a number out of the address; one that is none, or is too large, is as if it were not there."""
    text = request.args.get(name) or ""
    found = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0
    return found if 0 < found <= LARGEST_ID else None
