"""The home feed's query, as each database answers it fast: never a look at what is not followed.

A feed is the newest of several sources: places, people and tags that are followed, and one's own. Each source
is cut to one page before they are put together. PostgreSQL does that for each followed thing apart (LATERAL);
SQLite is faster when it takes a source as a whole. Both walk the indexes (place, key), (author, key) and
(tag, key), where the key is the content's own id or, by activity, the newest id of its thread.

Before that, a floor is found, below which nothing can be on the page. Whoever follows many places would
otherwise have a page of each of them read and thrown away.
"""

from typing import Any

from parvis.api import BigId, UTCDateTime, db
from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Select,
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
    places = _followed_places(stream).cte("places")
    people = (
        select(PersonFollow.followed_id.label("id")).where(PersonFollow.person_id == VIEWER).cte("people")
    )
    with_people = stream in ("all", "people")
    floor = _floor(order, places, people if with_people else None)
    sources = [_places(order, places, floor, lateral)]
    if with_people:
        sources += [_people(order, people, floor, lateral), _own(order, floor)]
    if stream == "all":
        sources.append(_tags(order, floor, lateral))
    found = union_all(*sources).subquery("found")
    chosen = (
        select(found.c.id, func.min(found.c.why).label("why"), func.max(found.c.key).label("key"))
        .group_by(found.c.id)
        .order_by(func.max(found.c.key).desc())
        .limit(MOST)
        .subquery("chosen")
    )
    return card_columns(chosen.c.why).join(chosen, chosen.c.id == Content.id).order_by(chosen.c.key.desc())


def _floor(order: str, places: CTE, people: CTE | None) -> Any:
    """Return a key that a whole page of the feed reaches: nothing below it can be on that page.

    The newest of each place, sorted: that on the page's last line will do, if there are so many places. Else
    the oldest on a page of one place alone, of whichever is best. Else the newest of each person. Each is
    only looked for if the one before was not found.
    """
    key = key_of(order)
    in_place = (Content.place_id == places.c.id, listed(), Content.type.in_(content_types()), _window(key))
    of_each = select(key).where(*in_place).order_by(key.desc())
    firsts = select(of_each.limit(1).correlate(places).scalar_subquery().label("key")).select_from(places)
    pages = of_each.limit(1).offset(MOST - 1).correlate(places).scalar_subquery()
    floors = [_at_end_of_page(firsts), select(func.max(pages)).select_from(places).scalar_subquery()]
    if people is not None:
        newest = (
            select(key)
            .join(Place, Place.id == Content.place_id)
            .where(Content.author_id == people.c.id, listed(), readable(), _not_muted(), _window(key))
            .order_by(key.desc())
            .limit(1)
        )
        theirs = select(newest.correlate(people).scalar_subquery().label("key")).select_from(people)
        floors.append(_at_end_of_page(theirs))
    floor = select(func.coalesce(*floors, SINCE + 1).label("key")).cte("floor")
    return select(floor.c.key).scalar_subquery()


def _at_end_of_page(keys: Select[Any]) -> Any:
    """Return that of some keys with which a page of the highest ends; null if they are too few."""
    found = keys.subquery()
    return (
        select(found.c.key)
        .order_by(found.c.key.desc().nulls_last())
        .limit(1)
        .offset(MOST - 1)
        .scalar_subquery()
    )


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


def _window(key: Any, floor: Any = None) -> ColumnElement[bool]:
    return and_(key < BEFORE, key > SINCE if floor is None else key >= floor)


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


def _places(order: str, places: CTE, floor: Any, lateral: bool) -> Select[Any]:
    key = key_of(order)
    condition = (listed(), Content.type.in_(content_types()), _window(key, floor))
    if not lateral:
        source = select(Content.id, key.label("key"), literal(PLACE).label("why"))
        return _cut(source.where(Content.place_id.in_(select(places.c.id)), *condition), key)
    newest = (
        select(Content.id, key.label("key"))
        .where(Content.place_id == places.c.id, *condition)
        .order_by(key.desc())
        .limit(MOST)
        .lateral()
    )
    return _cut(_joined(places, newest, PLACE), newest.c.key)


def _people(order: str, people: CTE, floor: Any, lateral: bool) -> Select[Any]:
    key = key_of(order)
    condition = (listed(), readable(), _not_muted(), _window(key, floor))
    if not lateral:
        source = select(Content.id, key.label("key"), literal(PERSON).label("why"))
        source = source.join(Place, Place.id == Content.place_id)
        return _cut(source.where(Content.author_id.in_(select(people.c.id)), *condition), key)
    newest = (
        select(Content.id, key.label("key"))
        .join(Place, Place.id == Content.place_id)
        .where(Content.author_id == people.c.id, *condition)
        .order_by(key.desc())
        .limit(MOST)
        .lateral()
    )
    return _cut(_joined(people, newest, PERSON), newest.c.key)


def _own(order: str, floor: Any) -> Select[Any]:
    key = key_of(order)
    source = select(Content.id, key.label("key"), literal(OWN).label("why"))
    source = source.join(Place, Place.id == Content.place_id)
    return _cut(source.where(Content.author_id == VIEWER, listed(), readable(), _window(key, floor)), key)


def _tags(order: str, floor: Any, lateral: bool) -> Select[Any]:
    key = key_of(order, ContentTag)
    followed = (
        select(Tag.id, Tag.label)
        .join(TagFollow, TagFollow.tag_id == Tag.id)
        .where(TagFollow.person_id == VIEWER)
        .subquery()
    )
    condition = (listed(), readable(), _not_muted(), _window(key, floor))
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


def _joined(followed: CTE, newest: Any, why: str) -> Select[Any]:
    return select(newest.c.id, newest.c.key, literal(why).label("why")).select_from(
        followed.join(newest, true())
    )


def _not_muted() -> ColumnElement[bool]:
    """Return the condition that a content's place is not one that the viewer has muted."""
    muted = aliased(PlaceFollow)
    return ~exists().where(
        muted.person_id == VIEWER, muted.place_id == Content.place_id, muted.muted_until >= NOW
    )
