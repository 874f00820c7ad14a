"""Entering a closed group with a reason, for some hours."""

from flask import Response, g, request, url_for
from parvis.api import DomainError, NotFound, beside, db, done, needs, page
from parvis.api import gettext as _
from parvis_social.api import Place, place_kinds

from ..domain.visit import enter, leave, list_visits, may_visit, place_at, place_of_case
from ..forms import VisitForm
from ..permission import ModerationPermission
from ..web import bp, number


@bp.route("/moderation/visit", methods=["GET", "POST"])
@needs(ModerationPermission.USE)
def visit() -> Response:
    """Ask why and for how long; enter."""
    if not may_visit(g.member):
        raise NotFound(_("There is no such page, or it is not open to you."))
    form = VisitForm()
    if request.method == "GET":
        return _page(form)
    try:
        place = _place() or place_at(form.address.data or "")
        made = enter(place=place, reason=form.reason.data or "", hours=form.hours.data or 0, actor=g.member)
    except DomainError as refusal:
        db.session.rollback()
        return _page(beside(form, refusal), status=refusal.status)
    words = _("You are a visitor in %(place)s. Its owners are told why.", place=made.place.shown_name)
    return done(words, place_kinds()[place.kind].url(place.slug))


def _place() -> Place | None:
    """Return the place that a case leads to; the address carries its number."""
    return place_of_case(number("place") or 0)


def _page(form: VisitForm, *, status: int = 200) -> Response:
    place, visits = _place(), list_visits(g.member)
    name = place.name if place is not None and place.access != "secret" else ""
    return page("moderation/visit.html", form=form, place=place, name=name, visits=visits, status=status)


@bp.post("/moderation/visits/<int:visit_id>/end")
@needs(ModerationPermission.USE)
def end_visit(visit_id: int) -> Response:
    """Leave before the time is over."""
    leave(visit_id=visit_id, actor=g.member)
    return done(_("Your visit has ended."), url_for("moderation.visit"))
