"""The home feed's query, as each database answers it fast: never a look at what is not followed.

A feed is the newest of several sources: places, people and tags that are followed, and one's own. Each source
is cut to one page before they are put together. PostgreSQL does that for each followed thing apart (LATERAL);
SQLite is faster when it takes a source as a whole. Both walk the indexes (place, key), (author, key) and
(tag, key), where the key is the content's own id or, by activity, the newest id of its thread.
"""

from typing import Any

from parvis.api import BigId, UTCDateTime, db
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Subquery,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from ..content.card import card_columns
from ..content.models import Content, ContentTag, Tag, TagFollow
from ..place.access import readable
from ..place.models import Access, Membership, PersonFollow, Place, PlaceFollow
from ..place.wall import KIND as WALL
from ..registry import content_types, place_kinds
from ..statement import VIEWER, prepared

END = 2**62
"""A key above all there are: where the first page begins."""

OWN, PLACE, PERSON, TAG = "0", "1", "2", "3"
"""Why something is in a feed; of several reasons the first is told."""

BEFORE: BindParameter[int] = bindparam("before", type_=BigId)
SINCE: BindParameter[int] = bindparam("since", type_=BigId)
MOST: BindParameter[int] = bindparam("most", type_=BigId)
NOW: BindParameter[Any] = bindparam("now", type_=UTCDateTime)


def feed_statement(*, order: str, stream: str) -> Select[Any]:
    """Return the query of a home feed: rows of `card_columns` with a reason.

    Executed with `viewer`, `before`, `since` (0: from the beginning), `most` and `now`. `order`: `new` or
    `active`. `stream`: `all`, or the contents of kinds of places that say so.
    """
    return _feed(order, stream, db.engine.dialect.name == "postgresql")


@prepared
def _feed(order: str, stream: str, lateral: bool) -> Select[Any]:
    sources = [_places(order, stream, lateral)]
    if stream in ("all", "people"):
        sources += [_people(order, lateral), _own(order)]
    if stream == "all":
        sources.append(_tags(order, lateral))
    found = union_all(*sources).subquery("found")
    chosen = (
        select(found.c.id, func.min(found.c.why).label("why"), func.max(found.c.key).label("key"))
        .group_by(found.c.id)
        .order_by(func.max(found.c.key).desc())
        .limit(MOST)
        .subquery("chosen")
    )
    return card_columns(chosen.c.why).join(chosen, chosen.c.id == Content.id).order_by(chosen.c.key.desc())


def key_of(order: str, model: Any = Content) -> Any:
    """Return the column that a stream is ordered by."""
    if model is ContentTag:
        return ContentTag.latest_id if order == "active" else ContentTag.content_id
    return model.latest_id if order == "active" else model.id


def listed(content: Any = Content) -> ColumnElement[bool]:
    """Return the condition of what streams show, in the words of the indexes that serve it."""
    return and_(content.root_id.is_(None), content.deleted_at.is_(None))


def _cut(source: Select[Any], order_by: Any) -> Select[Any]:
    """Cut a source to one page; as a query of its own, so that it can stand in a union."""
    page = source.order_by(order_by.desc()).limit(MOST).subquery()
    return select(page)


def _window(key: Any) -> ColumnElement[bool]:
    return and_(key < BEFORE, key > SINCE)


def _followed_places(stream: str) -> Select[int]:
    """Return the places that the viewer follows and reads, not muted; and their own wall."""
    kinds = [kind.name for kind in place_kinds().values() if stream in ("all", kind.stream)]
    member = exists().where(Membership.person_id == VIEWER, Membership.place_id == Place.id)
    followed = (
        select(Place.id)
        .join(PlaceFollow, PlaceFollow.place_id == Place.id)
        .where(
            PlaceFollow.person_id == VIEWER,
            or_(PlaceFollow.muted_until.is_(None), PlaceFollow.muted_until < NOW),
            Place.kind.in_(kinds),
            or_(Place.access == Access.OPEN, member),
        )
    )
    if WALL not in kinds:
        return followed
    own_wall = select(Place.id).where(Place.person_id == VIEWER, Place.kind == WALL)
    return select(followed.union_all(own_wall).subquery().c.id)


def _places(order: str, stream: str, lateral: bool) -> Select[Any]:
    key = key_of(order)
    of_types = Content.type.in_(content_types())
    places = _followed_places(stream)
    if not lateral:
        source = select(Content.id, key.label("key"), literal(PLACE).label("why"))
        return _cut(source.where(Content.place_id.in_(places), listed(), of_types, _window(key)), key)
    place = places.subquery()
    newest = (
        select(Content.id, key.label("key"))
        .where(Content.place_id == place.c.id, listed(), of_types, _window(key))
        .order_by(key.desc())
        .limit(MOST)
        .lateral()
    )
    return _cut(_joined(place, newest, PLACE), newest.c.key)


def _people(order: str, lateral: bool) -> Select[Any]:
    key = key_of(order)
    followed = select(PersonFollow.followed_id.label("id")).where(PersonFollow.person_id == VIEWER)
    condition = (listed(), readable(), _not_muted(), _window(key))
    if not lateral:
        source = select(Content.id, key.label("key"), literal(PERSON).label("why"))
        source = source.join(Place, Place.id == Content.place_id)
        return _cut(source.where(Content.author_id.in_(followed), *condition), key)
    person = followed.subquery()
    newest = (
        select(Content.id, key.label("key"))
        .join(Place, Place.id == Content.place_id)
        .where(Content.author_id == person.c.id, *condition)
        .order_by(key.desc())
        .limit(MOST)
        .lateral()
    )
    return _cut(_joined(person, newest, PERSON), newest.c.key)


def _own(order: str) -> Select[Any]:
    key = key_of(order)
    source = select(Content.id, key.label("key"), literal(OWN).label("why"))
    source = source.join(Place, Place.id == Content.place_id)
    return _cut(source.where(Content.author_id == VIEWER, listed(), readable(), _window(key)), key)


def _tags(order: str, lateral: bool) -> Select[Any]:
    key = key_of(order, ContentTag)
    followed = (
        select(Tag.id, Tag.label)
        .join(TagFollow, TagFollow.tag_id == Tag.id)
        .where(TagFollow.person_id == VIEWER)
        .subquery()
    )
    condition = (listed(), readable(), _not_muted(), _window(key))
    why = literal(TAG).concat(followed.c.label).label("why")
    if not lateral:
        source = (
            select(Content.id, key.label("key"), why)
            .select_from(followed)
            .join(ContentTag, ContentTag.tag_id == followed.c.id)
            .join(Content, Content.id == ContentTag.content_id)
            .join(Place, Place.id == Content.place_id)
        )
        return _cut(source.where(*condition), key)
    newest = (
        select(Content.id, key.label("key"))
        .join(ContentTag, ContentTag.content_id == Content.id)
        .join(Place, Place.id == Content.place_id)
        .where(ContentTag.tag_id == followed.c.id, *condition)
        .order_by(key.desc())
        .limit(MOST)
        .lateral()
    )
    return _cut(
        select(newest.c.id, newest.c.key, why).select_from(followed.join(newest, true())), newest.c.key
    )


def _joined(followed: Subquery, newest: Any, why: str) -> Select[Any]:
    return select(newest.c.id, newest.c.key, literal(why).label("why")).select_from(
        followed.join(newest, true())
    )


def _not_muted() -> ColumnElement[bool]:
    """Return the condition that a content's place is not one that the viewer has muted."""
    muted = aliased(PlaceFollow)
    return ~exists().where(
        muted.person_id == VIEWER, muted.place_id == Content.place_id, muted.muted_until >= NOW
    )
