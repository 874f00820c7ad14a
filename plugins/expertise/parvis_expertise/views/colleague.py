"""Colleagues confirm each other's skills; what one is confirmed in, one shows or not."""

from typing import Any

from flask import Response, g, request, url_for
from parvis.api import DomainError, Invalid, NotFound, beside, done, get_person_for, needs, page
from parvis.api import gettext as _

from ..domain import endorse as endorsing
from ..domain.declare import get_declaration, skills_of
from ..domain.vocabulary import get_skill
from ..forms import AskForm, NoteForm
from ..permission import ExpertisePermission
from ..web import bp, id_of
from . import handle as typed_handle
from . import name, person_url

ON = "/people/<handle>/expertise/<int:skill_id>"
COMMON: dict[str, Any] = {"skill_name": name, "person_url": person_url}


@bp.get("/people/<handle>/expertise")
@needs(ExpertisePermission.READ)
def person(handle: str) -> Response:
    """Show somebody's skills, with what colleagues say of them."""
    found = get_person_for(g.member, handle)
    return page(
        "expertise/person.html", person=found, shown=skills_of(found), viewer=g.member,
        words=endorsing.words_on(found, viewer=g.member), **COMMON,
    )  # fmt: skip


@bp.route(ON, methods=["GET", "POST"])
@needs(ExpertisePermission.READ)
def confirm(handle: str, skill_id: int) -> Response:
    """Confirm a colleague's skill, saying on what one worked with them."""
    found, skill, form = get_person_for(g.member, handle), get_skill(skill_id), NoteForm()
    if request.method == "GET":
        if get_declaration(found, skill.id) is None:
            raise NotFound(_("There is no such skill."))
        return page("expertise/confirm.html", person=found, skill=skill, form=form, **COMMON)
    try:
        endorsing.endorse(person=found, skill_id=skill.id, note=form.note.data or "", actor=g.member)
    except Invalid as refusal:
        return page(
            "expertise/confirm.html",
            person=found,
            skill=skill,
            form=beside(form, refusal),
            status=422,
            **COMMON,
        )
    return done(
        _("Thank you: your word now stands beside what %(name)s says.", name=found.display_name),
        url_for("expertise.person", handle=found.handle),
    )


@bp.post(f"{ON}/take-back")
@needs(ExpertisePermission.READ)
def take_back(handle: str, skill_id: int) -> Response:
    """Take one's word back."""
    found = get_person_for(g.member, handle)
    endorsing.take_back(person=found, skill_id=skill_id, actor=g.member)
    return done(_("Your word is taken back."), url_for("expertise.person", handle=found.handle))


@bp.post(f"{ON}/refuse")
@needs(ExpertisePermission.READ)
def refuse(handle: str, skill_id: int) -> Response:
    """Rather not confirm what one was asked to."""
    found = get_person_for(g.member, handle)
    endorsing.refuse(person=found, skill_id=skill_id, actor=g.member)
    return done(_("That is fine, and nobody is told."), url_for("expertise.colleagues"))


@bp.get("/expertise/colleagues")
@needs(ExpertisePermission.READ)
def colleagues() -> Response:
    """Show one's skills with what colleagues say of them, and what colleagues ask of one."""
    return _own_page(AskForm())


def _own_page(form: AskForm, *, asking: int | None = None, status: int = 200) -> Response:
    return page(
        "expertise/colleagues.html", form=form, asking=asking, shown=skills_of(g.member.person),
        words=endorsing.words_on(g.member.person, viewer=g.member), asked=endorsing.asked_of(g.member),
        person=g.member.person, viewer=g.member, status=status, **COMMON,
    )  # fmt: skip


@bp.post("/expertise/colleagues/<int:skill_id>/ask")
@needs(ExpertisePermission.READ)
def ask(skill_id: int) -> Response:
    """Ask a colleague to confirm a skill of one's own."""
    form = AskForm()
    try:
        colleague = get_person_for(g.member, typed_handle(form.colleague.data))
        endorsing.ask_colleague(colleague=colleague, skill_id=skill_id, actor=g.member)
    except DomainError as refusal:
        said = Invalid(refusal.message, field="colleague")
        return _own_page(beside(form, said), asking=skill_id, status=refusal.status)
    return done(_("%(name)s is asked.", name=colleague.display_name), url_for("expertise.colleagues"))


@bp.post("/expertise/colleagues/<int:skill_id>/words")
@needs(ExpertisePermission.READ)
def answer_word(skill_id: int) -> Response:
    """Hide a colleague's word on one's skill, show it again, or do without it for good."""
    by_id = id_of(request.form.get("by")) or 0
    if "hide" in request.form:
        endorsing.hide(skill_id=skill_id, by_id=by_id, actor=g.member)
        said = _("It is hidden: nobody else sees it.")
    elif "decline" in request.form:
        endorsing.decline(skill_id=skill_id, by_id=by_id, actor=g.member)
        said = _("It is gone for good.")
    else:
        endorsing.show(skill_id=skill_id, by_id=by_id, actor=g.member)
        said = _("It is shown again.")
    return done(said, url_for("expertise.colleagues"))
