"""An article as it is read, with its comments; saying that one has read it; taking it out as a file."""

from typing import Any
from urllib.parse import urlencode

from flask import Response, g, request, send_file, url_for
from parvis.api import is_fragment, needs, page, redirected
from parvis_social.api import (
    Reading,
    begun_comment,
    card_of,
    get_content_for,
    list_comments,
    may_comment,
    place_kinds,
    tag_key,
)

from ..domain.acknowledge import acknowledge as say_read
from ..domain.article import Page, get_article_for, read_article
from ..domain.draft import get_draft_of
from ..domain.export import as_archive, as_text, files_of
from ..models import LANGUAGES
from ..permission import BlogPermission
from ..web import bp, number

ADDRESS = "/blogs/articles/<int:content_id>"
ORDERS = ("time", "reactions")


@bp.get(ADDRESS)
@needs(BlogPermission.READ)
def read(content_id: int) -> Response:
    """Show an article in the reader's language, with its comments in the order they choose."""
    reading = get_article_for(g.member, content_id)
    if reading.content.withdrawn:
        return redirected(url_for("social.content", content_id=content_id))
    chosen = request.args.get("language")
    found = read_article(reading, language=chosen if chosen in LANGUAGES else None)
    wanted = _wanted(reading, found)
    before, after, marked, reply_to = (number(name) for name in ("before", "after", "comment", "reply"))
    comments = list_comments(
        reading.root, viewer=g.member, before=before, after=after, around=marked or reply_to,
        order=wanted["order"], answered_by=found.blog.author_ids if wanted["answered"] else (),
    )  # fmt: skip
    quote, form = "quote" in request.args, None
    if reply_to or quote:
        form = begun_comment(reading, viewer=g.member, parent=reply_to, quote=quote, source=found.source)
    switches = tuple((code, _address(content_id, wanted, language=code)) for code in found.detail.languages)
    return page(
        "blog/article.html",
        fragment="thread" if (before or after) and is_fragment() else None,
        reading=reading,
        card=card_of(reading),
        article=found.detail,
        found=found,
        blog_name=reading.place.shown_name,
        comments=comments,
        form=form,
        marked=marked,
        voices=voices_of(reading, found),
        chosen=wanted,
        switches=switches,
        tag_url=lambda label: f"/tags/{tag_key(label)}",
        address=lambda **more: _address(content_id, wanted, **more),
        may_comment=reading.may_comment and may_comment(reading.place, reading.role),
    )


def _wanted(reading: Reading, found: Page) -> dict[str, Any]:
    """Read which comments are wanted, in which order, and in which language the article."""
    order = request.args.get("order", "")
    pointed = number("comment") or number("reply")
    return {
        "order": order if order in ORDERS and not pointed else "time",
        "answered": "1" if request.args.get("answered") == "1" and not pointed else "",
        "language": found.detail.language if request.args.get("language") else "",
    }


def _address(content_id: int, wanted: dict[str, Any], **more: Any) -> str:
    values = {**wanted, **more}
    values = {name: value for name, value in values.items() if value and (name, value) != ("order", "time")}
    anchor = values.pop("anchor", "")
    query = urlencode(values)
    return f"/blogs/articles/{content_id}{query and f'?{query}'}{anchor and f'#{anchor}'}"


def voices_of(reading: Reading, found: Page) -> dict[int, str]:
    """Return what the authors of a blog are called beside their comments."""
    label = str(place_kinds()[reading.place.kind].voice)
    return dict.fromkeys(found.blog.author_ids, label)


@bp.post(f"{ADDRESS}/acknowledge")
@needs(BlogPermission.READ)
def acknowledge(content_id: int) -> Response:
    """Say that one has read it."""
    say_read(content_id=content_id, actor=g.member)
    return redirected(url_for("blog.read", content_id=content_id, _anchor="read"))


@bp.get(f"{ADDRESS}/edit")
@needs(BlogPermission.READ)
def edit(content_id: int) -> Response:
    """Lead to what an article is changed by."""
    return redirected(url_for("blog.write", draft_id=get_draft_of(g.member, content_id).draft.id))


@bp.get(f"{ADDRESS}/text")
@needs(BlogPermission.READ)
def text(content_id: int) -> Response:
    """Answer an article to be kept elsewhere: Markdown; with pictures or files, an archive of all of it."""
    reading = get_content_for(g.member, content_id)
    if files_of(reading):
        packed = send_file(
            as_archive(reading, viewer=g.member), mimetype="application/zip", as_attachment=True,
            download_name=f"article-{content_id}.zip",
        )  # fmt: skip
        packed.headers["Cache-Control"] = "private, no-store"
        return packed
    response = Response(as_text(reading), mimetype="text/markdown")
    response.headers["Content-Disposition"] = f'attachment; filename="article-{content_id}.md"'
    return response
