"""All blogs, one blog, opening one, saying what it is and who writes in it."""

from typing import Any

from flask import Response, g, request, url_for
from parvis.api import (
    DomainError,
    Invalid,
    NotFound,
    beside,
    clean,
    db,
    done,
    fold,
    get_person_for,
    is_fragment,
    may,
    needs,
    page,
)
from parvis.api import gettext as _
from parvis_social.api import Role

from ..domain import blog as blogs
from ..domain.article import PAGE, list_articles, months_of, reader_language
from ..domain.directory import list_blogs
from ..domain.read import View, get_blog_for, nothing
from ..forms import NewBlogForm, SettingsForm, WriterForm
from ..models import LEADER, PERSONAL, TEAM
from ..permission import BlogPermission
from ..web import bp, number
from . import blog_page, handle


@bp.get("/blogs")
@needs(BlogPermission.READ)
def directory() -> Response:
    """List all blogs, the leaders' first."""
    after = clean(request.args.get("after", ""))[:60]
    found, mark = list_blogs(g.member, language=reader_language(), after=after)
    return page(
        "blog/directory.html",
        fragment="items" if after else None,
        blogs=found,
        older=url_for("blog.directory", after=mark) if mark else "",
        opens=bool(blogs.kinds_for(g.member)),
    )


@bp.get("/blogs/<slug>")
@needs(BlogPermission.READ)
def show(slug: str) -> Response:
    """Show a blog: its articles by month, and how well it keeps its word to who asks."""
    view = get_blog_for(g.member, slug)
    before, month = number("before"), _month()
    series = clean(request.args.get("series", ""))[:100]
    rows = list_articles(view.blog, viewer=g.member, before=before, month=month, series=fold(series)[:100])
    if not rows and (month or series):
        raise nothing()
    more: dict[str, Any] = {"month": month} if month else {}
    more |= {"series": series} if series else {}
    older = url_for("blog.show", slug=slug, before=rows[PAGE - 1].id, **more) if len(rows) > PAGE else ""
    return blog_page(
        "blog/show.html",
        view,
        fragment="items" if before else None,
        rows=rows[:PAGE],
        older=older,
        months=[] if before and is_fragment() else months_of(view.blog),
        month=month,
        series=rows[0].detail.series if series else "",
    )


def _month() -> int | None:
    """Read a month out of the address."""
    found = number("month")
    return found if found and 1970_01 <= found <= 9999_12 and 1 <= found % 100 <= 12 else None


# opening and keeping


@bp.route("/blogs/new", methods=["GET", "POST"])
@needs(BlogPermission.READ)
def new() -> Response:
    """Open a blog."""
    kinds = blogs.kinds_for(g.member)
    if not kinds:
        raise nothing()
    if request.method == "GET":
        form = NewBlogForm(formdata=None)
        form.kind.data, form.language.data = kinds[0], reader_language()
        return _new_page(form, kinds)
    form = NewBlogForm()
    try:
        whom = handle(form.leader.data)
        leader = _person(form, whom) if whom and form.kind.data != TEAM else None
        made = blogs.open_blog(kind=form.kind.data or "", leader=leader, actor=g.member, **_said(form))
    except DomainError as refusal:
        db.session.rollback()
        return _new_page(beside(form, refusal), blogs.kinds_for(g.member), status=refusal.status)
    return done(
        _("%(blog)s is open.", blog=made.place.shown_name), url_for("blog.writers", slug=made.place.slug)
    )


def _said(form: Any) -> dict[str, Any]:
    names = ("name", "purpose", "language", "second_name", "second_purpose")
    return {name: form[name].data or "" for name in names} | {"anonymous": bool(form.anonymous.data)}


def _person(form: Any, whom: str, field: str = "leader") -> Any:
    """Return somebody by handle; a refusal stands beside the field."""
    try:
        return get_person_for(g.member, whom)
    except NotFound as refusal:
        raise Invalid(_("Nobody has this handle."), field=field) from refusal


def _new_page(form: NewBlogForm, kinds: list[str], *, status: int = 200) -> Response:
    labels = {
        LEADER: _("A leader’s: it comes under “Leaders” in the home feed"),
        TEAM: _("A team’s: several authors"),
        PERSONAL: _("A personal one"),
    }
    form.kind.choices = [(kind, labels[kind]) for kind in kinds]
    return page("blog/new.html", status=status, form=form, for_others=may(g.member, BlogPermission.OPEN))


@bp.route("/blogs/<slug>/settings", methods=["GET", "POST"])
@needs(BlogPermission.READ)
def settings(slug: str) -> Response:
    """Change what a blog says of itself and allows."""
    view = _kept(slug)
    if request.method == "GET":
        form = SettingsForm(formdata=None, obj=view.blog)
        form.name.data, form.second_name.data = view.place.name, view.place.second_name
        return blog_page("blog/settings.html", view, form=form, cares=may(g.member, BlogPermission.OPEN))
    form = SettingsForm()
    try:
        blogs.change_blog(blog=view.blog, actor=g.member, asks=bool(form.asks.data), **_said(form))
    except DomainError as refusal:
        db.session.rollback()
        return blog_page(
            "blog/settings.html", _kept(slug), form=beside(form, refusal), status=refusal.status,
            cares=may(g.member, BlogPermission.OPEN),
        )  # fmt: skip
    return done(_("Saved."), url_for("blog.show", slug=slug))


@bp.post("/blogs/<slug>/main")
@needs(BlogPermission.OPEN)
def main(slug: str) -> Response:
    """Choose the blog that new members follow from their first day."""
    view = get_blog_for(g.member, slug)
    blogs.make_main(blog=view.blog, actor=g.member)
    return done(
        _("New members now follow %(blog)s from their first day.", blog=view.place.shown_name),
        url_for("blog.settings", slug=slug),
    )


@bp.post("/blogs/<slug>/close")
@needs(BlogPermission.READ)
def close(slug: str) -> Response:
    """Let a blog be read only, or be written in again."""
    view = _kept(slug)
    closed = not request.form.get("take_back")
    blogs.close_blog(blog=view.blog, actor=g.member, closed=closed)
    said = (
        _("The blog is closed: it can be read, but nothing is added.") if closed else _("It is open again.")
    )
    return done(said, url_for("blog.show", slug=slug))


@bp.route("/blogs/<slug>/writers", methods=["GET", "POST"])
@needs(BlogPermission.READ)
def writers(slug: str) -> Response:
    """Show who writes in a blog; say who else does."""
    view = _kept(slug)
    if request.method == "GET":
        return _writers_page(view, WriterForm(formdata=None))
    form = WriterForm()
    try:
        person = _person(form, handle(form.handle.data), "handle")
        role = Role(form.role.data) if form.role.data in set(Role) else Role.MEMBER
        blogs.give_role(blog=view.blog, person=person, role=role, actor=g.member)
    except DomainError as refusal:
        db.session.rollback()
        return _writers_page(_kept(slug), beside(form, refusal), status=refusal.status)
    return done(_("%(name)s now writes here.", name=person.display_name), url_for("blog.writers", slug=slug))


def _writers_page(view: View, form: WriterForm, *, status: int = 200) -> Response:
    return blog_page("blog/writers.html", view, form=form, writers=blogs.writers_of(view.blog), status=status)


@bp.post("/blogs/<slug>/writers/<handle>/remove")
@needs(BlogPermission.READ)
def remove_writer(slug: str, handle: str) -> Response:
    """Let somebody write in a blog no longer, or do so no longer oneself."""
    person = get_person_for(g.member, handle)
    view = _kept(slug) if person.id != g.member.id else get_blog_for(g.member, slug)
    blogs.take_role(blog=view.blog, person=person, actor=g.member)
    there = "blog.writers" if blogs.keeps(get_blog_for(g.member, slug)) else "blog.show"
    return done(_("%(name)s no longer writes here.", name=person.display_name), url_for(there, slug=slug))


def _kept(slug: str) -> View:
    """Fetch a blog that the member looks after; to others there is no such page."""
    view = get_blog_for(g.member, slug)
    if not blogs.keeps(view):
        raise nothing()
    return view
