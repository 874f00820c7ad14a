"""The blueprint of the pages of groups; the modules in `views` register on it."""

from flask import Blueprint, request
from parvis.api import face_url, fold

bp = Blueprint(
    "groups", __name__, template_folder="templates", static_folder="static", static_url_path="/groups/static"
)

LARGEST_ID = 2**63 - 1


def number(name: str) -> int | None:
    """Read a number out of the address; one that is none, or is too large, is as if it were not there."""
    return id_of(request.args.get(name))


def id_of(text: str | None) -> int | None:
    """Read an id that a form or an address carries; None if it is none."""
    text = text or ""
    found = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0
    return found if 0 < found <= LARGEST_ID else None


def ids_of(name: str) -> list[int]:
    """Read the ids that a form sends under one name, each once."""
    return list(dict.fromkeys(found for text in request.form.getlist(name) if (found := id_of(text))))


def words(text: str | None) -> list[str]:
    """Part a text of words and commas."""
    parts = {fold(part): part.strip() for part in (text or "").split(",") if part.strip()}
    return list(parts.values())


def initials_url(name: str) -> str:
    """Return the picture of a group that has none: its initials on a colour of their own."""
    return face_url(handle="", name=name, key=None, pixels=96)
