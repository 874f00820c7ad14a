"""Pages of notifications."""

from typing import Any

from flask import Response, g, request, url_for
from parvis.api import done, needs, page, redirected
from parvis.api import gettext as _

from ..permission import SocialPermission
from ..place.reader import visitor_of
from ..registry import notification_kinds
from ..web import bp, number
from . import list as told


@bp.get("/notifications")
@needs(SocialPermission.USE)
def notifications() -> Response:
    """Show what one was told, newest first."""
    unread = "unread" in request.args
    found = told.list_notifications(g.member, before=number("before"), unread=unread)
    more: dict[str, Any] = {"unread": 1} if unread else {}
    kinds = notification_kinds()
    return page(
        "social/notifications.html",
        fragment="items" if number("before") else None,
        notifications=found.notifications,
        labels={kind: str(kinds[kind].label) for kind in {each.kind for each in found.notifications}},
        unread=unread,
        number=visitor_of(g.member).unread,
        older=url_for("social.notifications", before=found.before, **more) if found.before else "",
    )


@bp.post("/notifications/<int:notification_id>")
@needs(SocialPermission.USE)
def open_notification(notification_id: int) -> Response:
    """Mark a notification as read, and go where it leads."""
    return redirected(told.read(notification_id=notification_id, actor=g.member).url)


@bp.post("/notifications/read")
@needs(SocialPermission.USE)
def read_all() -> Response:
    """Mark everything as read, or what was told of one thread that is being looked at."""
    root = request.form.get("root", type=int)
    if root is not None and 0 < root < 2**63:
        told.read_thread(root_id=root, actor=g.member)
        return Response(status=204)
    told.read_all(actor=g.member)
    return done(_("All read."), url_for("social.notifications"))


@bp.post("/notifications/off")
@needs(SocialPermission.USE)
def switch_off() -> Response:
    """Be told no more of a kind, from the list."""
    told.switch_off(kind=request.form.get("kind", ""), actor=g.member)
    return done(
        _("You are told this no more. Your account is where you change it."), url_for("social.notifications")
    )


@bp.post("/notifications/choices")
@needs(SocialPermission.USE)
def choose_kinds() -> Response:
    """Keep of what one wants to be told."""
    told.choose(switched_on=set(request.form.getlist("kind")), actor=g.member)
    return done(_("Saved."), url_for("identity.account"))
