"""The home page: what plugins put there, and, while there is little or one is new, how to begin."""

from datetime import timedelta

from flask import Blueprint, Response, g

from parvis.db import utcnow
from parvis.identity import joining
from parvis.profile.people import list_newcomers, list_team
from parvis.profile.profile import read_profile
from parvis.web.navigation import slot
from parvis.web.page import page

bp = Blueprint("home", __name__)
TEAM, NEWCOMERS = 6, 6
NEW = timedelta(days=14)
"""How long after joining one is told how to begin, where plugins fill the page."""


def home() -> Response:
    """Show the home page. Where plugins fill it, core adds only what helps those who are new."""
    person, filled = g.member.person, slot("home")
    begins = not filled or g.member.joined_at is None or utcnow() - g.member.joined_at < NEW
    return page(
        "home.html",
        filled=filled,
        steps=joining.undone(g.member) if begins else [],
        profile=read_profile(person, viewer=g.member) if begins else None,
        team=[] if filled else list_team(person, limit=TEAM),
        newcomers=[] if filled else list_newcomers(g.member, limit=NEWCOMERS),
    )


bp.add_url_rule("/", "index", home)
