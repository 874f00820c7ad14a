"""Who reads: what they chose, how far they looked, where they belong. Every page asks, so it is one query.

A part of a page, which shows no places, asks for the first two alone.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Any, NamedTuple

from flask import current_app, g, has_request_context
from parvis.api import BigId, Member, UTCDateTime, db, is_fragment, prepared, read_rows, utcnow
from sqlalchemy import BindParameter, Select, bindparam, func, literal, select, true
from sqlalchemy.orm import InstrumentedAttribute

from ..content.card import PlaceLabel
from ..content.models import Content
from ..statement import VIEWER
from .follow import FollowedPlace, followed, places_query
from .models import PersonFollow, Place, PlaceFollow, Visitor
from .visitor import KEPT, Choices, blank_row

MY_PLACES = 30
"""How many of the places that somebody follows are within reach: beside the menu, in the composer."""
BESIDE = 8
"""How many of them are shown beside the menu: on most pages no more are wanted."""
MANY = 100
"""Who follows so many places follows much."""
SOME = 40
"""Who follows fewer places, and fewer people, follows little."""
NEAR = 2_000
"""Among as many contents and comments as were written last, their liveliest places are looked for first."""
BUSY = "social_busy_readers"


class Amount(Enum):
    """How much somebody follows: different queries find it soonest."""

    LITTLE = "little"
    SOME = "some"
    MUCH = "much"


class Reader(NamedTuple):
    """A member as every page knows them."""

    choices: Choices
    places_followed: int
    """As far as they are counted: to `MANY`."""
    people_followed: int
    """To `SOME`."""
    places: Sequence[FollowedPlace]
    wanted: int
    """How many places were asked for."""


def visitor_of(member: Member) -> Choices:
    """Return what a member chose and how far they looked; of who has no row yet, how one begins."""
    return _reader_of(member, 0 if has_request_context() and is_fragment() else BESIDE).choices


def my_places(viewer: Member, *, limit: int = MY_PLACES) -> Sequence[FollowedPlace]:
    """Return the places that a member follows and reads, the latest active first; muted ones last.

    Without walls of colleagues: those are people.
    """
    return _reader_of(viewer, limit).places[:limit]


def amount_followed(member: Member) -> Amount:
    """Tell how much a member follows."""
    reader = _reader_of(member, 0)
    if reader.places_followed >= MANY:
        return Amount.MUCH
    few = reader.places_followed < SOME and reader.people_followed < SOME
    return Amount.LITTLE if few else Amount.SOME


def postable_places(viewer: Member) -> list[PlaceLabel]:
    """Return places in which a member may publish, the latest active first: what a composer offers."""
    return [each.place for each in my_places(viewer) if each.posts]


def _reader_of(member: Member, places: int) -> Reader:
    """Return a member as every page knows them, with at least so many places; read once a request."""
    kept: Reader | None = g.get(KEPT) if has_request_context() else None
    if kept is None or kept.choices.person_id != member.id or kept.wanted < places:
        kept = _read(member, places) if places else _read_choices(member)
        if has_request_context():
            setattr(g, KEPT, kept)
    return kept


def _read_choices(member: Member) -> Reader:
    *chosen, places, people = read_rows(_choices(), {"viewer": member.id})[0]
    return Reader(_chosen(chosen, member), places, people, [], 0)


def _read(member: Member, most: int) -> Reader:
    """Of who followed much when they last came, look among what was written last first."""
    busy: set[int] = current_app.extensions.setdefault(BUSY, set())
    found = _found(member, most, near=True) if member.id in busy else None
    if found is None or len(found.places) < most:
        found = _found(member, most, near=False)
    (busy.add if found.places_followed >= MANY else busy.discard)(member.id)
    return found


def _found(member: Member, most: int, *, near: bool) -> Reader:
    now, width = utcnow(), len(Choices._fields)
    rows = read_rows(_reader(near=near), {"viewer": member.id, "now": now, "most": most})
    places = [followed(row[width + 2 :], now) for row in rows if row[width + 2] is not None]
    of_places, of_people = rows[0][width : width + 2]
    return Reader(_chosen(rows[0][:width], member), of_places, of_people, places, most)


def _chosen(row: Sequence[Any], member: Member) -> Choices:
    return Choices(**blank_row(member.id)) if row[0] is None else Choices(*row)


@prepared
def _choices() -> Select[Any]:
    return _one(_counted(PlaceFollow.place_id, MANY), _counted(PersonFollow.followed_id, SOME))


@prepared
def _reader(*, near: bool) -> Select[Any]:
    """Join the one row of a member with the places followed, by their newest content: those that live."""
    most: BindParameter[int] = bindparam("most", type_=BigId)
    if near:  # that they follow much is not asked again while it makes no difference
        counts = [literal(MANY), literal(SOME)]
        places = _near()
    else:
        counts = [_counted(PlaceFollow.place_id, MANY), _counted(PersonFollow.followed_id, SOME)]
        liveliest = _liveliest(PlaceFollow.muted_until, Place.latest_id, Place.id)
        places = places_query().where(Place.person_id.is_(None)).order_by(*liveliest)
    mine = places.limit(most).subquery("mine")
    order = _liveliest(mine.c.muted_until, mine.c.latest_id, mine.c.id)
    return _one(*counts).outerjoin(mine, true()).add_columns(*mine.c).order_by(*order)


def _one(*counts: Any) -> Select[Any]:
    """Return the one row of a member, whether they chose something or not, and what is counted beside."""
    visitor, one = Visitor.__table__, select(VIEWER.label("id")).subquery("reader")
    chosen = select(*(visitor.c[name] for name in Choices._fields), *counts)
    return chosen.select_from(one.outerjoin(visitor, visitor.c.person_id == one.c.id))


def _counted(followed: InstrumentedAttribute[int], most: int) -> Any:
    """Return how many of a kind the viewer follows, counted to `most`."""
    some = select(followed).where(followed.class_.person_id == VIEWER).limit(most).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _near() -> Select[Any]:
    """Walk the places in which something was written lately, and ask of each whether it is followed.

    SQLite does so when told which index to begin with. PostgreSQL would begin with what is followed, were it
    not for the limit of one.
    """
    newest = select(func.max(Content.id)).scalar_subquery()
    lively = (Place.person_id.is_(None), Place.latest_id > newest - NEAR)
    heard = func.coalesce(PlaceFollow.muted_until <= bindparam("now", type_=UTCDateTime), true())
    if db.engine.dialect.name == "postgresql":
        theirs = (PlaceFollow.person_id == VIEWER, PlaceFollow.place_id == Place.id, heard)
        found = places_query(select(PlaceFollow).where(*theirs).limit(1).lateral())
    else:
        found = places_query().with_hint(Place, "INDEXED BY ix_social_place_latest").where(heard)
    return found.where(*lively).order_by(Place.latest_id.desc())  # no two share one


def _liveliest(muted_until: Any, latest_id: Any, number: Any) -> tuple[Any, ...]:
    """Return the order in which somebody's places stand: the newest content first, muted ones last."""
    silent = muted_until > bindparam("now", type_=UTCDateTime)
    return (func.coalesce(silent, db.false()), latest_id.desc(), number.desc())
