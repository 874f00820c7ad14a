"""What one has sent that somebody reads before it is published."""

from flask import Response, g
from parvis.api import done, needs, page
from parvis.api import gettext as _

from ..permission import SocialPermission
from ..web import bp
from .card import attached
from .waiting import list_waiting, take_waiting_back


@bp.get("/waiting")
@needs(SocialPermission.USE)
def waiting() -> Response:
    """Show what one has sent that waits, or was refused."""
    rows = [(each, attached(each.files)) for each in list_waiting(g.member)]
    return page("social/waiting.html", rows=rows)


@bp.post("/waiting/<int:waiting_id>/take-back")
@needs(SocialPermission.USE)
def take_back_waiting(waiting_id: int) -> Response:
    """Take it back, to write it anew."""
    place = take_waiting_back(waiting_id=waiting_id, actor=g.member)
    return done(_("Here it is again, as a draft. Nobody else sees it."), f"/places/{place.id}/post")
