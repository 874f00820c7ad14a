"""The home feed of who follows much, looked for among the newest contents of all.

A look into an index for each of some hundred places and people costs more than all else of a page. Whoever
follows so much finds a page among what was written last: of each content, from the newest on, it is asked
whether they follow it. Where that fills no page, `query.py` says what does.

PostgreSQL walks from the newest on, and stops when the page is full, where the walk is a query with an order
and a limit of its own; SQLite where it is none, for it carries such a query out to its end.
"""

from typing import Any

from parvis.api import db, one_of, prepared
from sqlalchemy import ColumnElement, FromClause, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from ..content.card import card_columns
from ..content.models import Content, ContentTag, Tag, TagFollow
from ..place.access import readable
from ..place.models import Membership, PersonFollow, Place, PlaceFollow
from ..place.wall import KIND as WALL
from ..registry import content_types
from ..statement import VIEWER, finds
from .query import (
    BEFORE,
    MOST,
    NOW,
    OWN,
    PERSON,
    PLACE,
    SINCE,
    TAG,
    follows,
    kinds_of,
    listed,
    own_wall,
    shows_people,
    window,
)

NEAR = 1_000
"""So many contents and comments are looked at, at most."""


@prepared
def newest_statement(order: str, stream: str) -> Select[Any]:
    """Return a query as `feed_statement` does: of a whole page, or of too few rows, and there may be more.

    Executed with the same values.
    """
    in_order, active = db.engine.dialect.name == "postgresql", order == "active"
    lately = _lately(in_order)
    key: ColumnElement[int] = lately.c.id if active else Content.id.expression
    found = select(Content.id, key.label("key"), _why(stream).label("why"))
    if active:  # what was written last in a thread leads to it
        of_thread = Content.id == func.coalesce(lately.c.root_id, lately.c.id)
        found = found.select_from(lately).join(Content, and_(of_thread, Content.latest_id == key))
    else:
        found = found.where(window(key, _end()))
    found = found.join(Place, Place.id == Content.place_id)
    found = found.where(listed(), one_of(Content.type, content_types()))
    if in_order:
        found = found.order_by(key.desc()).limit(NEAR)
    asked = found.subquery()
    chosen = select(asked).where(asked.c.why.is_not(None)).order_by(asked.c.key.desc()).limit(MOST)
    page = chosen.subquery("chosen")
    return card_columns(page.c.why).join(page, page.c.id == Content.id).order_by(page.c.key.desc())


def _lately(in_order: bool) -> FromClause:
    """Return what was written last, comments too."""
    written = aliased(Content)
    found = select(written.id, written.root_id).where(window(written.id, _end()))
    return (found.order_by(written.id.desc()).limit(NEAR) if in_order else found).subquery("lately")


def _end() -> Any:
    """Return where to stop: so many below where the page begins, or below the newest of all."""
    newest = select(func.max(aliased(Content).id).label("id")).subquery("newest")
    near = case((newest.c.id < BEFORE, newest.c.id), else_=BEFORE) - NEAR
    near_ = select(near.label("id")).subquery("near")
    return select(case((near_.c.id > SINCE, near_.c.id), else_=SINCE + 1)).scalar_subquery()


def _why(stream: str) -> Any:
    """Return the first reason why the viewer follows a `Content` in its `Place`, null if there is none."""
    membership = (Membership.person_id == VIEWER, Membership.place_id == Content.audience)
    may_read = readable(finds(select(Membership.place_id).where(*membership)))
    muted = aliased(PlaceFollow)
    mute = (muted.person_id == VIEWER, muted.place_id == Content.place_id, muted.muted_until >= NOW)
    heard = and_(may_read, ~finds(select(muted.place_id).where(*mute)))
    follow = (PlaceFollow.place_id == Place.id, follows(stream))
    of_place = finds(select(PlaceFollow.place_id).where(*follow).correlate(Place))
    reasons: list[tuple[ColumnElement[bool], Any]] = [(of_place, PLACE)]
    if WALL in kinds_of(stream):
        reasons = [(or_(own_wall(), of_place), PLACE)]
    if shows_people(stream):
        of_person = (PersonFollow.person_id == VIEWER, PersonFollow.followed_id == Content.author_id)
        own = and_(Content.author_id == VIEWER, may_read)
        followed = finds(select(PersonFollow.followed_id).where(*of_person))
        reasons = [(own, OWN), *reasons, (and_(followed, heard), PERSON)]
    tags = (
        select(func.min(literal(TAG).concat(Tag.label)))
        .join(TagFollow, TagFollow.tag_id == Tag.id)
        .join(ContentTag, ContentTag.tag_id == Tag.id)
        .where(TagFollow.person_id == VIEWER, ContentTag.content_id == Content.id)
    )
    if stream == "all":
        reasons.append((heard, tags.scalar_subquery()))
    return case(*reasons)
