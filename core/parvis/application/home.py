"""The home page: what plugins put there, and, while there is little, how to begin."""

from flask import Blueprint, Response, g

from parvis.identity import joining
from parvis.profile.people import list_newcomers, list_team
from parvis.profile.profile import read_profile
from parvis.web.page import page

bp = Blueprint("home", __name__)
TEAM, NEWCOMERS = 6, 6


def home() -> Response:
    """Show the home page."""
    person = g.member.person
    return page(
        "home.html",
        steps=joining.undone(g.member),
        profile=read_profile(person, viewer=g.member),
        team=list_team(person, limit=TEAM),
        newcomers=list_newcomers(g.member, limit=NEWCOMERS),
    )


bp.add_url_rule("/", "index", home)
