"""Looking after the words: for whoever may."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, g, request, url_for
from parvis.api import Invalid, NotFound, beside, db, done, needs, page
from parvis.api import gettext as _

from ..domain import curate
from ..domain.curator import may_curate
from ..domain.vocabulary import get_skill, suggest_skills
from ..domain.word import NAME_LENGTH, said_names
from ..forms import MergeForm, NamesForm
from ..permission import ExpertisePermission
from ..web import bp, number
from . import name, typed

MOST_NAMES = 40


def curating(view: Callable[..., Response]) -> Callable[..., Response]:
    """Let a view answer only those who look after the words; others are told that there is no such page."""

    @needs(ExpertisePermission.READ)
    @wraps(view)
    def checked(**kwargs: Any) -> Response:
        if not may_curate(g.member):
            raise NotFound(_("There is no such page, or it is not open to you."))
        return view(**kwargs)

    return checked


@bp.get("/expertise/words")
@curating
def words() -> Response:
    """List skills, the newest first, or those that a beginning finds."""
    q, before = typed("name", NAME_LENGTH), number("before")
    unpaired = request.args.get("show") == "unpaired"
    found, mark = (suggest_skills(q), None) if q else curate.list_skills(unpaired=unpaired, before=before)
    values: dict[str, Any] = {"show": "unpaired"} if unpaired else {}
    older = url_for("expertise.words", before=mark, **values) if mark else ""
    return page(
        "expertise/words.html", fragment="items" if before else None, skills=found, q=q, unpaired=unpaired,
        older=older, skill_name=name,
    )  # fmt: skip


@bp.get("/expertise/words/<int:skill_id>")
@curating
def word(skill_id: int) -> Response:
    """Show all names of a skill, to change them, or to merge it."""
    return _page(skill_id)


def _page(skill_id: int, *, form: Any = None, merging: Any = None, status: int = 200) -> Response:
    names = curate.names_of(get_skill(skill_id))
    skill = names.skill
    if form is None:
        others = ", ".join(each.name for each in names.others)
        form = NamesForm(formdata=None, english=skill.english, french=skill.french, others=others)
    return page(
        "expertise/word.html", names=names, skill=skill, form=form,
        merging=merging or MergeForm(formdata=None), skill_name=name, status=status,
    )  # fmt: skip


@bp.post("/expertise/words/<int:skill_id>")
@curating
def rename(skill_id: int) -> Response:
    """Say what a skill is called."""
    form, skill = NamesForm(), get_skill(skill_id)
    others = said_names(form.others.data or "", MOST_NAMES)
    try:
        curate.rename(
            skill=skill, english=form.english.data or "", french=form.french.data or "", others=others,
            actor=g.member,
        )  # fmt: skip
    except Invalid as refusal:
        db.session.rollback()
        return _page(skill_id, form=beside(form, refusal), status=422)
    return done(_("The names are saved."), url_for("expertise.word", skill_id=skill.id))


@bp.post("/expertise/words/<int:skill_id>/merge")
@curating
def merge(skill_id: int) -> Response:
    """Make a skill part of another."""
    form = MergeForm()
    try:
        into = curate.skill_called(form.into.data or "")
        curate.merge(skill=get_skill(skill_id), into=into, actor=g.member)
    except Invalid as refusal:
        db.session.rollback()
        return _page(skill_id, merging=beside(form, refusal), status=422)
    return done(
        _("They are one now. It can be taken back here."), url_for("expertise.word", skill_id=into.id)
    )


@bp.post("/expertise/merges/<int:merge_id>/undo")
@curating
def undo(merge_id: int) -> Response:
    """Take a merge back."""
    skill = curate.undo_merge(merge=curate.get_merge(merge_id), actor=g.member)
    return done(_("They are two again."), url_for("expertise.word", skill_id=skill.id))
