"""Asking the experts: everybody reads the question, a few who may be asked are told of it."""

from typing import Any

from flask import Response, g, request, url_for
from parvis.api import DomainError, NotFound, beside, db, done, needs, page
from parvis.api import gettext as _

from ..domain.ask import ask_experts
from ..domain.vocabulary import find_skills, suggest_skills
from ..domain.word import NAME_LENGTH, skill_key
from ..forms import QuestionForm
from ..optional import with_social
from ..permission import ExpertisePermission
from ..web import bp, id_of
from . import name, typed

MOST_CHARACTERS = 300


@bp.get("/expertise/ask")
@needs(ExpertisePermission.READ)
def question() -> Response:
    """Show the form, with what was searched for as the question, and as the skill where it is one."""
    text, skill = typed("q", MOST_CHARACTERS), typed("skill", NAME_LENGTH)
    if not skill and text:
        known = find_skills([skill_key(text[:NAME_LENGTH])])
        skill = next(map(name, [*known.values(), *suggest_skills(text)[:1]]), "")
    return _page(
        QuestionForm(formdata=None, text="" if skill_key(text) == skill_key(skill) else text, skill=skill)
    )


@bp.post("/expertise/ask")
@needs(ExpertisePermission.READ)
def ask_question() -> Response:
    """Publish the question."""
    form = QuestionForm()
    try:
        asked = ask_experts(
            text=form.text.data or "", skill=form.skill.data or "", place=id_of(request.form.get("place")),
            actor=g.member, form_key=form.form_key.data,
        )  # fmt: skip
    except DomainError as refusal:
        db.session.rollback()
        return _page(beside(form, refusal), status=refusal.status)
    return done(
        _("Your question stands for everybody to read, and those who may be asked about it are told."),
        url_for("social.content", content_id=asked.id),
    )


def _page(form: Any, *, status: int = 200) -> Response:
    social = with_social()
    if social is None:
        raise NotFound(_("Questions cannot be put there."))
    places = social.open_places(g.member)
    return page(
        "expertise/ask.html", form=form, places=places, chosen=id_of(request.form.get("place")), status=status
    )
