"""The rules of a place, as its owners set them."""

from flask import Response, g, request
from parvis.api import DomainError, beside, db, done, needs, page
from parvis.api import gettext as _
from parvis_social.api import place_kinds

from ..domain.rule import get_rules_for, set_rules
from ..forms import RulesForm
from ..permission import ModerationPermission
from ..settings import settings
from ..web import bp


@bp.route("/moderation/rules/<int:place_id>", methods=["GET", "POST"])
@needs(ModerationPermission.USE)
def rules(place_id: int) -> Response:
    """Show and set them."""
    place, row = get_rules_for(g.member, place_id)
    if request.method == "GET":
        form = RulesForm(
            formdata=None, newcomers_wait=row.newcomers_wait, words="\n".join(row.words),
            per_day=row.per_day or None, flag_links=row.flag_links,
        )  # fmt: skip
        return _page(form, place_id)
    form = RulesForm()
    try:
        set_rules(
            place_id=place_id, newcomers_wait=bool(form.newcomers_wait.data), words=form.words.data or "",
            per_day=form.per_day.data, flag_links=bool(form.flag_links.data), actor=g.member,
        )  # fmt: skip
    except DomainError as refusal:
        db.session.rollback()
        return _page(beside(form, refusal), place_id, status=refusal.status)
    return done(_("Saved."), place_kinds()[place.kind].url(place.slug))


def _page(form: RulesForm, place_id: int, *, status: int = 200) -> Response:
    place, _row = get_rules_for(g.member, place_id)
    url = place_kinds()[place.kind].url(place.slug)
    return page("moderation/rules.html", form=form, place=place, url=url, site=settings(), status=status)
