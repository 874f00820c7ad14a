"""Pages of streams: the home feed and its choices, a tag, what one keeps for later."""

from typing import Any

from flask import Response, g, request, url_for
from parvis.api import NotFound, SlotContent, is_fragment, needs, page, redirected
from parvis.api import gettext as _

from ..content.tag import get_tag_and_follow, get_tag_for
from ..permission import SocialPermission
from ..place.follow import follow_tag, unfollow_tag
from ..place.reader import postable_places, visitor_of
from ..place.views import after_follow
from ..place.visitor import own_visitor
from ..web import bp, number
from . import stream
from .visit import see_home, see_place


def home_slot() -> SlotContent:
    """Return the stream for the home page."""
    return SlotContent("feed", "social/feed.html", home_context(), order=10)


def home_context(before: int | None = None) -> dict[str, Any]:
    """Return what the home stream shows, as its reader last chose to see it."""
    first = before is None
    places = postable_places(g.member) if first else []
    visitor = visitor_of(g.member)
    offered = stream.filters()
    chosen = visitor.feed_filter if visitor.feed_filter in offered else "all"
    cards = stream.home_feed(g.member, order=visitor.feed_order, chosen=chosen, before=before)
    return {
        "cards": cards.cards,
        "older": url_for("social.feed", before=cards.before) if cards.before else "",
        "offered": offered,
        "chosen": chosen,
        "order": visitor.feed_order,
        "last_visit": max(visitor.last_visit_id, 0),
        "key": "latest_id" if visitor.feed_order == "active" else "id",
        "before": before or 0,
        "newest": max((card.latest_id for card in cards.cards), default=0) if first else 0,
        "places": places,
    }


@bp.get("/feed")
@needs(SocialPermission.USE)
def feed() -> Response:
    """Answer a further part of the home stream, as a page of its own where one follows the link."""
    return page("social/feed_page.html", fragment="part", **home_context(before=number("before")))


@bp.post("/feed/choices")
@needs(SocialPermission.USE)
def choose_feed() -> Response:
    """Keep how the home stream is filtered and ordered."""
    visitor = own_visitor(g.member)
    if request.form.get("filter") in stream.filters():
        visitor.feed_filter = request.form["filter"]
    if request.form.get("order") in stream.ORDERS:
        visitor.feed_order = request.form["order"]
    return redirected(url_for("home.index"))


@bp.post("/feed/seen")
@needs(SocialPermission.USE)
def seen() -> Response:
    """Note how far the home stream, or a place's, was shown: their pages send it when they are there."""
    newest = request.form.get("newest", 0, type=int)
    place = request.form.get("place", type=int)
    if 0 < newest < 2**63:
        if place:
            see_place(actor=g.member, place_id=place, newest_id=newest)
        else:
            see_home(actor=g.member, newest_id=newest)
    return Response(status=204)


@bp.get("/tags/<key>")
@needs(SocialPermission.USE)
def tag(key: str) -> Response:
    """Show what carries a tag, of what the reader may see; a comment may name one that no post carries."""
    try:
        found, follows = get_tag_and_follow(g.member, key)
    except NotFound:
        if is_fragment():
            raise
        return page("social/no_tag.html", status=404)
    cards = stream.tag_stream(found, viewer=g.member, before=number("before"))
    older = url_for("social.tag", key=key, before=cards.before) if cards.before else ""
    return page(
        "social/tag.html",
        fragment="part" if number("before") else None,
        tag=found, cards=cards.cards, older=older, follows=follows,
    )  # fmt: skip


@bp.post("/tags/<key>/follow")
@needs(SocialPermission.USE)
def follow(key: str) -> Response:
    """Follow a tag, or no longer."""
    found = get_tag_for(g.member, key)
    if request.form.get("take_back"):
        unfollow_tag(tag=found, actor=g.member)
        message = _("You no longer follow #%(tag)s.", tag=found.label)
    else:
        follow_tag(tag=found, actor=g.member)
        message = _("You follow #%(tag)s.", tag=found.label)
    return after_follow(f"tag-{found.id}", f"#{found.label}", message, default=f"/tags/{key}")


@bp.get("/bookmarks")
@needs(SocialPermission.USE)
def kept() -> Response:
    """Show what one keeps for later."""
    cards = stream.bookmarks_of(g.member, before=number("before"))
    older = url_for("social.kept", before=cards.before) if cards.before else ""
    return page(
        "social/bookmarks.html",
        fragment="part" if number("before") else None,
        cards=cards.cards,
        older=older,
    )
