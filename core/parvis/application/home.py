"""The home page: what plugins put there, and, while there is little, how to begin."""

from flask import Blueprint, Response, g

from parvis.identity import joining
from parvis.web.page import page

bp = Blueprint("home", __name__)


def home() -> Response:
    """Show the home page."""
    return page("home.html", steps=joining.undone(g.member))


bp.add_url_rule("/", "index", home)
