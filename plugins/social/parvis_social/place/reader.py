"""Who reads: what they chose, how far they looked, where they belong. Every page asks, so it is one query.

A part of a page, which shows no places, asks for the first two alone.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import g, has_request_context
from parvis.api import BigId, Member, UTCDateTime, db, is_fragment, prepared, read_rows, utcnow
from sqlalchemy import ColumnElement, Select, bindparam, func, select, true

from ..content.card import PlaceLabel
from ..statement import VIEWER
from .access import readable_places
from .follow import FollowedPlace, followed, places_query
from .models import Place, PlaceFollow, Visitor
from .visitor import KEPT, Choices, blank_row

MY_PLACES = 30
"""How many of the places that somebody follows are within reach: beside the menu, in the composer."""
MANY = 100
"""Who follows so many places follows much."""


class Reader(NamedTuple):
    """A member as every page knows them."""

    choices: Choices
    follows_much: bool
    places: Sequence[FollowedPlace] | None
    """None: not asked for."""


def visitor_of(member: Member) -> Choices:
    """Return what a member chose and how far they looked; of who has no row yet, how one begins."""
    return _reader_of(member, with_places=not (has_request_context() and is_fragment())).choices


def my_places(viewer: Member, *, limit: int = MY_PLACES) -> Sequence[FollowedPlace]:
    """Return the places that a member follows and reads, the latest active first; muted ones last.

    Without walls of colleagues: those are people.
    """
    return (_reader_of(viewer, with_places=True).places or [])[:limit]


def follows_much(member: Member) -> bool:
    """Tell whether a member follows `MANY` places or more."""
    return _reader_of(member, with_places=False).follows_much


def postable_places(viewer: Member) -> list[PlaceLabel]:
    """Return places in which a member may publish, the latest active first: what a composer offers."""
    return [each.place for each in my_places(viewer) if each.posts]


def _reader_of(member: Member, *, with_places: bool) -> Reader:
    """Return a member as every page knows them, read once a request."""
    kept: Reader | None = g.get(KEPT) if has_request_context() else None
    if kept is None or kept.choices.person_id != member.id or (with_places and kept.places is None):
        kept = _read(member) if with_places else _read_choices(member)
        if has_request_context():
            setattr(g, KEPT, kept)
    return kept


def _read_choices(member: Member) -> Reader:
    for *chosen, many in read_rows(_choices(), {"viewer": member.id}):
        return Reader(_chosen(chosen, member), many, None)
    return Reader(_chosen(None, member), False, None)


def _read(member: Member) -> Reader:
    now, width = utcnow(), len(Choices._fields)
    rows = read_rows(_reader(), {"viewer": member.id, "now": now, "most": MY_PLACES})
    places = [followed(row[width + 1 :], now) for row in rows if row[width + 1] is not None]
    return Reader(_chosen(rows[0][:width], member), rows[0][width], places)


def _chosen(row: Sequence[Any] | None, member: Member) -> Choices:
    return Choices(**blank_row(member.id)) if row is None or row[0] is None else Choices(*row)


@prepared
def _choices() -> Select[Any]:
    visitor = Visitor.__table__
    chosen = [visitor.c[name] for name in Choices._fields]
    return select(*chosen, _much().label("much")).where(visitor.c.person_id == VIEWER)


def _much() -> ColumnElement[bool]:
    some = select(PlaceFollow.place_id).where(PlaceFollow.person_id == VIEWER).limit(MANY).subquery()
    return select(func.count() >= MANY).select_from(some).scalar_subquery()


@prepared
def _reader() -> Select[Any]:
    """Join the one row of a member with the places followed, by their newest content: those that live."""
    visitor, mine = Visitor.__table__, _places().subquery("mine")
    one = select(VIEWER.label("id")).subquery("reader")
    return (
        select(*(visitor.c[name] for name in Choices._fields), _much().label("much"), *mine.c)
        .select_from(one.outerjoin(visitor, visitor.c.person_id == one.c.id).outerjoin(mine, true()))
        .order_by(*_liveliest(mine.c.muted_until, mine.c.latest_id, mine.c.id))
    )


def _places() -> Select[Any]:
    """Find the ids first, so that of those who follow hundreds no more is read and sorted than that."""
    followed = (PlaceFollow.person_id == VIEWER, Place.person_id.is_(None), Place.moved_to_id.is_(None))
    liveliest = (
        select(Place.id)
        .join(PlaceFollow, PlaceFollow.place_id == Place.id)
        .where(*followed, readable_places())
        .order_by(*_liveliest(PlaceFollow.muted_until, Place.latest_id, Place.id))
        .limit(bindparam("most", type_=BigId))
    )
    return places_query().where(Place.id.in_(select(liveliest.subquery().c.id)))


def _liveliest(muted_until: Any, latest_id: Any, number: Any) -> tuple[Any, ...]:
    """Return the order in which somebody's places stand: the newest content first, muted ones last."""
    silent = muted_until > bindparam("now", type_=UTCDateTime)
    return (func.coalesce(silent, db.false()), latest_id.desc(), number.desc())
