"""Questions: put, shared, answered, all of it in public."""

from typing import Any

from flask import Response, g, request, url_for
from parvis.api import DomainError, Invalid, beside, clean, db, done, needs, own_path, redirected
from parvis.api import gettext as _

from ..domain import ask as asking
from ..domain.read import View, get_blog_by_id, get_blog_for, nothing
from ..forms import AnswerForm, QuestionForm, ReasonForm
from ..permission import BlogPermission
from ..web import bp
from . import blog_page

ADDRESS = "/blogs/questions/<int:question_id>"


@bp.get("/blogs/<slug>/questions")
@needs(BlogPermission.READ)
def questions(slug: str) -> Response:
    """List the questions of a blog: those not answered yet with their age, or the others."""
    return _list_page(get_blog_for(g.member, slug), QuestionForm(formdata=None))


def _list_page(view: View, form: QuestionForm, *, status: int = 200) -> Response:
    chosen = request.args.get("show", "")
    order = chosen if chosen in asking.ORDERS else "voices"
    after = clean(request.args.get("after", ""))[:40]
    found, mark = asking.list_questions(view.blog, viewer=g.member, order=order, after=after)
    older = url_for("blog.questions", slug=view.place.slug, show=order, after=mark) if mark else ""
    return blog_page(
        "blog/questions.html", view, fragment="items" if after else None, status=status, form=form,
        questions=found, older=older, order=order,
    )  # fmt: skip


@bp.post("/blogs/<slug>/questions")
@needs(BlogPermission.READ)
def ask(slug: str) -> Response:
    """Put a question."""
    view, form = get_blog_for(g.member, slug), QuestionForm()
    try:
        made = asking.ask(
            view=view, text=form.text.data or "", actor=g.member, anonymous=bool(form.anonymous.data),
            form_key=form.form_key.data,
        )  # fmt: skip
    except DomainError as refusal:
        return _list_page(view, beside(form, refusal), status=refusal.status)
    return done(
        _("Your question is there for everybody to see."), url_for("blog.question", question_id=made.id)
    )


@bp.get(ADDRESS)
@needs(BlogPermission.READ)
def question(question_id: int) -> Response:
    """Show one question."""
    found, shown = asking.get_question_for(g.member, question_id)
    return _question_page(get_blog_by_id(g.member, found.place_id), shown)


def _question_page(view: View, shown: Any, *, status: int = 200, **forms: Any) -> Response:
    return blog_page("blog/question.html", view, status=status, each=shown, **forms)


@bp.post(f"{ADDRESS}/voice")
@needs(BlogPermission.READ)
def voice(question_id: int) -> Response:
    """Say that one wants to know it too, or no longer."""
    found, _shown = asking.get_question_for(g.member, question_id)
    if request.form.get("take_back"):
        asking.take_voice(question=found, actor=g.member)
    else:
        asking.add_voice(question=found, actor=g.member)
    back = own_path(request.form.get("next"), url_for("blog.question", question_id=question_id))
    return redirected(f"{back}#question-{question_id}" if "#" not in back else back)


@bp.route(f"{ADDRESS}/answer", methods=["GET", "POST"])
@needs(BlogPermission.READ)
def answer(question_id: int) -> Response:
    """Answer a question in writing, or say in which article it is answered."""
    found, shown = asking.get_question_for(g.member, question_id)
    view = _written(found)
    form = AnswerForm() if request.method == "POST" else AnswerForm(formdata=None)
    form.article.choices = [(0, _("No article")), *asking.articles_to_choose(found)]
    if request.method == "GET":
        form.text.data, form.article.data = found.answer_source, found.answer_content_id or 0
        return _question_page(view, shown, form=form)
    try:
        asking.answer(question=found, text=form.text.data or "", article=form.article.data, actor=g.member)
    except DomainError as refusal:
        db.session.rollback()
        view, shown = _again(question_id)
        return _question_page(view, shown, form=beside(form, refusal), status=refusal.status)
    return done(_("Your answer is published."), url_for("blog.question", question_id=question_id))


@bp.post(f"{ADDRESS}/withdraw")
@needs(BlogPermission.READ)
def withdraw(question_id: int) -> Response:
    """Take one's question back."""
    found, _shown = asking.get_question_for(g.member, question_id)
    view = get_blog_by_id(g.member, found.place_id)
    asking.withdraw(question=found, actor=g.member)
    return done(_("Your question is withdrawn."), url_for("blog.questions", slug=view.place.slug))


@bp.route(f"{ADDRESS}/hide", methods=["GET", "POST"])
@needs(BlogPermission.READ)
def hide(question_id: int) -> Response:
    """Put a mark with a reason in the place of a question, or show it again."""
    found, shown = asking.get_question_for(g.member, question_id)
    view, form = _written(found), ReasonForm()
    if request.method == "GET":
        return _question_page(view, shown, reason=form)
    here = url_for("blog.question", question_id=question_id)
    if request.form.get("take_back"):
        asking.show_question(question=found, actor=g.member)
        return done(_("The question is shown again."), here)
    try:
        asking.hide_question(question=found, reason=form.reason.data or "", actor=g.member)
    except Invalid as refusal:
        return _question_page(view, shown, reason=beside(form, refusal), status=refusal.status)
    return done(_("The question is hidden; your reason is shown."), here)


def _written(found: Any) -> View:
    """Fetch the blog of a question that the member may answer; to others there is no such page."""
    view = get_blog_by_id(g.member, found.place_id)
    if not view.writes:
        raise nothing()
    return view


def _again(question_id: int) -> tuple[View, Any]:
    found, shown = asking.get_question_for(g.member, question_id)
    return get_blog_by_id(g.member, found.place_id), shown
