"""The home feed's query, as each database answers it fast: never a look at what is not followed.

A feed is the newest of several sources: places, people and tags that are followed, and one's own. Of each
followed thing one page is read at most, along the indexes (place, key), (author, key) and (tag, key), where
the key is the content's own id or, by activity, the newest id of its thread: on PostgreSQL by LATERAL, on
SQLite by a query for each inside the join. Given a list of places instead, either may prefer to read all that
was ever written, above all for those who follow little.

Before that, a floor is found, below which nothing can be on the page. Whoever follows many places or people
would otherwise have a page of each of them read and thrown away; for who follows little it takes longer.
"""

from typing import Any

from parvis.api import BigId, UTCDateTime, db, one_of, prepared
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
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from ..content.card import card_columns
from ..content.models import Content, ContentTag, Tag, TagFollow
from ..place.access import readable
from ..place.models import Access, Membership, PersonFollow, Place, PlaceFollow
from ..place.wall import KIND as WALL
from ..registry import content_types, place_kinds
from ..statement import VIEWER

END = 2**62
"""A key above all there are: where the first page begins."""

OWN, PLACE, PERSON, TAG = "0", "1", "2", "3"
"""Why something is in a feed; of several reasons the first is told."""

BEFORE: BindParameter[int] = bindparam("before", type_=BigId)
SINCE: BindParameter[int] = bindparam("since", type_=BigId)
MOST: BindParameter[int] = bindparam("most", type_=BigId)
NOW: BindParameter[Any] = bindparam("now", type_=UTCDateTime)


def feed_statement(*, order: str, stream: str, little: bool = False) -> Select[Any]:
    """Return the query of a home feed: rows of `card_columns` with a reason.

    Executed with `viewer`, `before`, `since` (0: from the beginning), `most` and `now`. `order`: `new` or
    `active`. `stream`: `all`, or the contents of kinds of places that say so. `little`: they follow little.
    """
    return _feed(order, stream, little, db.engine.dialect.name == "postgresql")


@prepared
def _feed(order: str, stream: str, little: bool, lateral: bool) -> Select[Any]:
    places = _followed_places(stream).cte("places")
    people = (
        select(PersonFollow.followed_id.label("id")).where(PersonFollow.person_id == VIEWER).cte("people")
    )
    floor = SINCE + 1 if little else _floor(order, places, people if shows_people(stream) else None)
    sources = [_places(order, places, floor, lateral)]
    if shows_people(stream):
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

    Of the newest of each place, that which a page would end with. If they are too few: of each person.
    """
    key, above = key_of(order), window(key_of(order), SINCE + 1)
    floors = [_end_of_page(_of_place(places, above, order).limit(1), places, key)]
    if people is not None:
        floors.append(_end_of_page(_of_person(people.c.id, above, order).limit(1), people, key))
    floor = select(func.coalesce(*floors, SINCE + 1).label("key")).cte("floor")
    return select(floor.c.key).scalar_subquery()


def _end_of_page(newest: Select[Any], of_each: CTE, key: Any) -> Any:
    """Return the key with which a page ends that has one content of each; null if they are too few."""
    keys = select(newest.with_only_columns(key).correlate(of_each).scalar_subquery().label("key"))
    found = keys.select_from(of_each).subquery()
    ordered = select(found.c.key).order_by(found.c.key.desc().nulls_last())
    return ordered.limit(1).offset(MOST - 1).scalar_subquery()


def key_of(order: str, model: Any = Content) -> Any:
    """Return the column that a stream is ordered by."""
    if model is ContentTag:
        return ContentTag.latest_id if order == "active" else ContentTag.content_id
    return model.latest_id if order == "active" else model.id


def listed(content: Any = Content) -> ColumnElement[bool]:
    """Return the condition of what streams show, in the words of the indexes that serve it."""
    return and_(content.root_id.is_(None), content.deleted_at.is_(None))


def window(key: Any, floor: Any) -> ColumnElement[bool]:
    """Return the condition that a key is on the page or below it, and not below the floor.

    PostgreSQL takes two bounds that it does not know for a narrow gap, and would read all in it to sort that.
    Said as a pair, the upper one is none to its estimate, while it walks the index just the same.
    """
    if db.engine.dialect.name == "postgresql":
        return and_(tuple_(key, 0) < tuple_(BEFORE, 0), key >= floor)
    return and_(key < BEFORE, key >= floor)


def _followed_places(stream: str) -> Select[int]:
    """Return the places that the viewer follows and reads, not muted; and their own wall."""
    followed = select(Place.id).join(PlaceFollow, PlaceFollow.place_id == Place.id).where(follows(stream))
    if WALL not in kinds_of(stream):
        return followed
    return select(followed.union_all(select(Place.id).where(own_wall())).subquery().c.id)


def kinds_of(stream: str) -> list[str]:
    """Return the kinds of places whose contents a stream shows."""
    return [kind.name for kind in place_kinds().values() if stream in ("all", kind.stream)]


def shows_people(stream: str) -> bool:
    """Tell whether a stream shows what people wrote who are followed, and the viewer, wherever it stands."""
    return stream in ("all", "people")


def follows(stream: str) -> ColumnElement[bool]:
    """Return the condition that the viewer wants a `Place` in a stream by its `PlaceFollow`, and reads it."""
    mine = Membership.place_id == Place.id
    member = exists().where(Membership.person_id == VIEWER, mine).correlate(Place)
    return and_(
        PlaceFollow.person_id == VIEWER,
        or_(PlaceFollow.muted_until.is_(None), PlaceFollow.muted_until < NOW),
        one_of(Place.kind, kinds_of(stream)),
        or_(Place.access == Access.OPEN, member),
    )


def own_wall() -> ColumnElement[bool]:
    """Return the condition that a `Place` is the viewer's own wall."""
    return and_(Place.person_id == VIEWER, Place.kind == WALL)


def _places(order: str, places: CTE, floor: Any, lateral: bool) -> Select[Any]:
    newest = _of_place(places, window(key_of(order), floor), order).limit(MOST)
    return _page(places, newest, order, literal(PLACE), lateral)


def _people(order: str, people: CTE, floor: Any, lateral: bool) -> Select[Any]:
    newest = _of_person(people.c.id, window(key_of(order), floor), order).limit(MOST)
    return _page(people, newest, order, literal(PERSON), lateral)


def _own(order: str, floor: Any) -> Select[Any]:
    key = key_of(order)
    own = _of_person(VIEWER, window(key, floor), order, muted=True).add_columns(literal(OWN).label("why"))
    return select(own.limit(MOST).subquery())


def _tags(order: str, floor: Any, lateral: bool) -> Select[Any]:
    key = key_of(order, ContentTag)
    followed = (
        select(Tag.id, Tag.label)
        .join(TagFollow, TagFollow.tag_id == Tag.id)
        .where(TagFollow.person_id == VIEWER)
        .cte("tags")
    )
    newest = (
        select(Content.id, key.label("key"))
        .join(ContentTag, ContentTag.content_id == Content.id)
        .join(Place, Place.id == Content.place_id)
        .where(ContentTag.tag_id == followed.c.id, listed(), readable(), not_muted(), window(key, floor))
        .order_by(key.desc())
        .limit(MOST)
    )
    return _page(followed, newest, order, literal(TAG).concat(followed.c.label), lateral)


def _of_place(places: CTE, within: ColumnElement[bool], order: str) -> Select[Any]:
    key, of_types = key_of(order), one_of(Content.type, content_types())
    found = select(Content.id, key.label("key")).where(Content.place_id == places.c.id, listed(), of_types)
    return found.where(within).order_by(key.desc())


def _of_person(author: Any, within: ColumnElement[bool], order: str, *, muted: bool = False) -> Select[Any]:
    """Return what somebody wrote; where the viewer wants to hear nothing, only if `muted`."""
    key = key_of(order)
    theirs = (Content.author_id == author, listed(), readable(), within)
    found = select(Content.id, key.label("key")).join(Place, Place.id == Content.place_id).where(*theirs)
    return (found if muted else found.where(not_muted())).order_by(key.desc())


def _page(followed: CTE, newest: Select[Any], order: str, why: Any, lateral: bool) -> Select[Any]:
    """Return the first page of the newest of each that is followed; a query that can stand in a union."""
    if lateral:
        each = newest.lateral()
        joined = select(each.c.id, each.c.key, why.label("why")).select_from(followed.join(each, true()))
        return select(joined.order_by(each.c.key.desc()).limit(MOST).subquery())
    shown = aliased(Content)
    ids = newest.with_only_columns(newest.selected_columns.id).correlate(followed)
    joined = select(shown.id, key_of(order, shown).label("key"), why.label("why"))
    joined = joined.select_from(followed).join(shown, shown.id.in_(ids))
    return select(joined.order_by(key_of(order, shown).desc()).limit(MOST).subquery())


def not_muted() -> ColumnElement[bool]:
    """Return the condition that a content's place is not one that the viewer has muted."""
    muted = aliased(PlaceFollow)
    return ~exists().where(
        muted.person_id == VIEWER, muted.place_id == Content.place_id, muted.muted_until >= NOW
    )
