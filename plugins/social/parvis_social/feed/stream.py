"""Streams of contents, each by key, newest first: home, a place, a tag, a person, what one keeps."""

from collections.abc import Mapping, Sequence
from typing import Any

from parvis.api import BigId, Member, one_of, prepared, read_rows, unseen, utcnow
from sqlalchemy import Select, and_, bindparam, case, literal, null, select, union_all

from ..content.card import Card, Cards, card_columns, make_cards
from ..content.models import Bookmark, Content, ContentTag, Tag
from ..place.access import readable
from ..place.reader import Amount, amount_followed, visitor_of
from ..registry import content_types, place_kinds
from ..statement import VIEWER
from .newest import newest_statement
from .query import BEFORE, END, MOST, feed_statement, key_of, listed

PAGE = 10
"""A screen or three: the next part comes when its end is in sight."""
ORDERS = ("new", "active")
MOST_PINNED = 3


def filters() -> list[str]:
    """Return the filters of the home feed: those for which there are kinds of places, and two more."""
    streams = {kind.stream for kind in place_kinds().values()}
    return ["all", *(name for name in ("groups", "people", "leaders") if name in streams), "unread"]


def home_feed(
    viewer: Member, *, order: str, chosen: str, before: int | None = None, limit: int = PAGE
) -> Cards:
    """Return a page of what a member follows: places, people, tags, and what they wrote themselves.

    Args:
        order: `new`: newest first; `active`: newest activity first.
        chosen: one of `filters()`.
        before: the key that the last page ended with.
    """
    since = abs(visitor_of(viewer).last_visit_id) if chosen == "unread" else 0
    stream = "all" if chosen == "unread" else chosen
    values = {**_given(viewer, before, limit), "since": since, "now": utcnow()}
    amount = amount_followed(viewer)
    rows = read_rows(newest_statement(order, stream), values) if amount is Amount.MUCH else []
    if len(rows) <= limit:
        little = amount is Amount.LITTLE
        rows = read_rows(feed_statement(order=order, stream=stream, little=little), values)
    return _cards(rows, viewer, order=order, limit=limit)


def place_stream(
    place_id: int, *, viewer: Member, order: str = "new", before: int | None = None, limit: int = PAGE
) -> Cards:
    """Return a page of what a place holds; the viewer has been let in by who fetched the place."""
    return _page(
        _of_place(order), viewer, order=order, before=before, limit=limit, values={"place": place_id}
    )


def place_page(place_id: int, *, viewer: Member, order: str = "new") -> tuple[list[Card], Cards]:
    """Return what is pinned in a place, the latest pinned first, and the first page of what it holds."""
    values = {"viewer": viewer.id, "place": place_id, "before": END, "most": PAGE + 1}
    rows = read_rows(_first_page(order), values)
    shown = [row for row in rows if row.pin] + [row for row in rows if not row.pin][:PAGE]
    cards = make_cards(shown, viewer=viewer)
    count = sum(row.pin for row in shown)
    pinned, latest = cards[:count], cards[count:]
    if len(rows) - count <= PAGE:
        return pinned, Cards(latest)
    return pinned, Cards(latest, latest[-1].latest_id if order == "active" else latest[-1].id)


def tag_stream(
    tag: Tag, *, viewer: Member, order: str = "new", before: int | None = None, limit: int = PAGE
) -> Cards:
    """Return a page of what carries a tag, of what the viewer may read."""
    return _page(_of_tag(order), viewer, order=order, before=before, limit=limit, values={"tag": tag.id})


def activity_of(person_id: int, *, viewer: Member, before: int | None = None, limit: int = PAGE) -> Cards:
    """Return a page of what a person published anywhere, of what the viewer may read."""
    return _page(_of_person(), viewer, order="new", before=before, limit=limit, values={"person": person_id})


def bookmarks_of(viewer: Member, *, before: int | None = None, limit: int = PAGE) -> Cards:
    """Return a page of what a member keeps for later, of what they may still read; newest content first."""
    return _page(_kept(), viewer, order="new", before=before, limit=limit, values={})


def _page(
    statement: Select[Any],
    viewer: Member,
    *,
    order: str,
    before: int | None,
    limit: int,
    values: Mapping[str, Any],
) -> Cards:
    rows = read_rows(statement, {**_given(viewer, before, limit), **values})
    return _cards(rows, viewer, order=order, limit=limit)


def _given(viewer: Member, before: int | None, limit: int) -> dict[str, Any]:
    """Return the values of every stream's query: one row more than a page tells whether another follows."""
    return {"viewer": viewer.id, "before": before or END, "most": limit + 1}


def _cards(rows: Sequence[Any], viewer: Member, *, order: str, limit: int) -> Cards:
    cards = make_cards(rows[:limit], viewer=viewer)
    if len(rows) <= limit:
        return Cards(cards)
    last = cards[-1]
    return Cards(cards, last.latest_id if order == "active" else last.id)


@prepared
def _of_place(order: str) -> Select[Any]:
    key = key_of(order)
    here = and_(Content.place_id == bindparam("place", type_=BigId), one_of(Content.type, content_types()))
    return card_columns().where(here, listed(), key < BEFORE).order_by(key.desc()).limit(MOST)


@prepared
def _first_page(order: str) -> Select[Any]:
    """Find the ids first, of what is pinned and what is new, each along its index; then the cards of both."""
    key = key_of(order)
    here = and_(Content.place_id == bindparam("place", type_=BigId), one_of(Content.type, content_types()))
    pinned = select(Content.id, literal(1).label("pin")).where(here, Content.deleted_at.is_(None))
    pinned = pinned.where(Content.pinned_at.is_not(None))
    pinned = pinned.order_by(Content.pinned_at.desc()).limit(MOST_PINNED)
    latest = select(Content.id, literal(0).label("pin")).where(here, listed(), key < BEFORE)
    latest = latest.order_by(key.desc()).limit(MOST)
    parts = (pinned.subquery(), latest.subquery())
    wanted = union_all(*(select(part.c.id, part.c.pin) for part in parts)).subquery("wanted")
    when_pinned = case((wanted.c.pin == 1, Content.pinned_at))
    return (
        card_columns(null().label("reason"), wanted.c.pin)
        .join(wanted, wanted.c.id == Content.id)
        .order_by(wanted.c.pin.desc(), when_pinned.desc(), key.desc())
    )


@prepared
def _of_tag(order: str) -> Select[Any]:
    key = key_of(order, ContentTag)
    carrying = card_columns().join(ContentTag, ContentTag.content_id == Content.id)
    here = ContentTag.tag_id == unseen(bindparam("tag", type_=BigId))
    return carrying.where(here, listed(), readable(), key < BEFORE).order_by(key.desc()).limit(MOST)


@prepared
def _of_person() -> Select[Any]:
    theirs = Content.author_id == bindparam("person", type_=BigId)
    return (
        card_columns()
        .where(theirs, listed(), readable(), Content.id < BEFORE)
        .order_by(Content.id.desc())
        .limit(MOST)
    )


@prepared
def _kept() -> Select[Any]:
    """Walk the bookmarks by their key, which orders them by content."""
    listed_here = (Content.root_id.is_(None), Content.deleted_at.is_(None), readable())
    return (
        card_columns()
        .join(Bookmark, Bookmark.content_id == Content.id)
        .where(Bookmark.person_id == VIEWER, Bookmark.content_id < BEFORE, *listed_here)
        .order_by(Bookmark.content_id.desc())
        .limit(MOST)
    )
