"""Feeds for programs, and the keys that open them."""

from flask import Response, g, request, url_for
from flask_babel import force_locale
from parvis.api import Invalid, beside, done, get_locale, needs, page, public
from parvis.api import gettext as _

from ..domain import feed as feeds
from ..domain.article import reader_language
from ..domain.directory import BlogName, name_blogs
from ..domain.read import View, get_blog_for
from ..forms import KeyForm
from ..permission import BlogPermission
from ..web import bp


@bp.get("/blogs/<slug>/feed/<key>")
@public
def feed(slug: str, key: str) -> Response:
    """Answer the feed of a blog to a program, by a key of somebody's who may read it."""
    view = feeds.open_feed(secret=key, slug=slug)
    site = request.url_root
    address = url_for("blog.show", slug=slug, _external=True)
    with force_locale(view.viewer.language or get_locale()):  # a program speaks for whose key it is
        written = feeds.write_feed(view, site=site, address=address, language=reader_language())
    response = Response(written, mimetype="application/atom+xml")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.route("/blogs/feeds", methods=["GET", "POST"])
@needs(BlogPermission.READ)
def keys() -> Response:
    """Show one's keys; make a new one, whose addresses are shown this once; `blog`: for which blog."""
    slug = request.values.get("blog", "")
    view = get_blog_for(g.member, slug) if slug else None
    form = KeyForm() if request.method == "POST" else KeyForm(formdata=None)
    addresses: list[tuple[str, str]] = []
    status = 200
    if request.method == "POST":
        try:
            blogs = _opened(view)
            _key, secret = feeds.make_key(label=form.label.data or "", actor=g.member)
            addresses = [
                (each.name, url_for("blog.feed", slug=each.slug, key=secret, _external=True))
                for each in blogs
            ]
            form = KeyForm(formdata=None)
        except Invalid as refusal:
            form, status = beside(form, refusal), refusal.status
    return page(
        "blog/feeds.html", status=status, form=form, keys=feeds.keys_of(g.member), addresses=addresses,
        view=view,
    )  # fmt: skip


def _opened(view: View | None) -> list[BlogName]:
    """Return the blogs that a new key is asked for: one, or all that one may read.

    Raises:
        Invalid: there is none.
    """
    language = reader_language()
    if view is not None:
        return [BlogName(view.place.slug, view.name_for(language))]
    found = name_blogs(g.member, language=language)
    if not found:
        raise Invalid(_("There is no blog yet that you may read."))
    return found


@bp.post("/blogs/feeds/<int:key_id>/revoke")
@needs(BlogPermission.READ)
def revoke(key_id: int) -> Response:
    """Make a key worth nothing."""
    feeds.revoke_key(key_id=key_id, actor=g.member)
    return done(_("The key opens nothing any more."), url_for("blog.keys"))
