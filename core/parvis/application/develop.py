"""Pages for who writes pages: every component, in development and tests only."""

from flask import Blueprint, Response

from parvis.web.access import public
from parvis.web.page import page

bp = Blueprint("develop", __name__, url_prefix="/develop")


@bp.get("/components")
@public
def components() -> Response:
    """Show every component."""
    return page("develop/components.html")
