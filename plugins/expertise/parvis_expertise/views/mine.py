"""What one says of one's own skills."""

from typing import Any

from flask import Response, g, request, url_for
from parvis.api import DomainError, beside, db, done, needs, page
from parvis.api import gettext as _

from ..domain.contribution import consents, give_consent, revoke_consent
from ..domain.declare import FIELDS, MOST, declare, said_of
from ..forms import SkillsForm
from ..optional import with_social
from ..permission import ExpertisePermission
from ..web import bp


@bp.get("/expertise/mine")
@needs(ExpertisePermission.READ)
def mine() -> Response:
    """Show one's skills, to change them."""
    return _page(SkillsForm(data=said_of(g.member.person)))


@bp.post("/expertise/mine")
@needs(ExpertisePermission.READ)
def save_mine() -> Response:
    """Keep one's skills."""
    form = SkillsForm()
    try:
        declare(said={level: form[level].data or "" for level in FIELDS}, actor=g.member)
    except DomainError as refusal:
        db.session.rollback()
        return _page(beside(form, refusal), status=refusal.status)
    return done(_("Your expertise is saved."), url_for("expertise.colleagues"))


def _page(form: Any, *, status: int = 200) -> Response:
    social = with_social() is not None
    shows = social and consents(g.member)
    return page("expertise/mine.html", form=form, most=MOST, social=social, shows=shows, status=status)


@bp.post("/expertise/mine/contributions")
@needs(ExpertisePermission.READ)
def contributions() -> Response:
    """Have one's contributions in open places shown, or no longer."""
    here = url_for("expertise.mine")
    if "show" in request.form:
        give_consent(actor=g.member)
        return done(_("What you answer in open places is shown from now on."), here)
    revoke_consent(actor=g.member)
    return done(_("Nothing of what you contributed is shown any more."), here)
