"""Tags gather contents of all places under a word."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, cast

from parvis.api import (
    Member,
    NotFound,
    add_once,
    among,
    columns_of,
    db,
    entities,
    one_of,
    prepared,
    read_rows,
    write_rows,
)
from parvis.api import gettext as _
from sqlalchemy import Select, Table, Update, and_, bindparam, case, delete, or_, select, update

from ..place.access import readable
from ..place.models import EVERYONE, Place
from ..registry import content_types, place_kinds
from ..statement import VIEWER
from .models import Content, ContentTag, Tag, TagFollow
from .text import MOST_TAGS, tag_key

SUGGESTIONS = 8
LOOKED_AT = 40


def set_tags(content: Content, labels: Sequence[str]) -> None:
    """Give a content these tags and no others; a tag that nobody used before is made."""
    wanted = find_tags(labels)
    before = set(db.session.scalars(select(ContentTag.tag_id).where(ContentTag.content_id == content.id)))
    gone = before - {tag.id for tag in wanted}
    if gone:
        carried = (ContentTag.content_id == content.id, ContentTag.tag_id.in_(gone))
        db.session.execute(delete(ContentTag).where(*carried))
    carry_tags(content, [tag.id for tag in wanted if tag.id not in before], gone=gone)
    content.tags = [tag.label for tag in wanted]


def carry_tags(content: Content, tags: Sequence[int], *, gone: Collection[int] = ()) -> None:
    """Let a content carry tags that it did not; count it in them, and no longer in those that are gone."""
    for tag in tags:
        add_once(ContentTag, content_id=content.id, tag_id=tag, latest_id=content.latest_id)
    if content.audience == EVERYONE:
        _count(more=tags, fewer=gone)


def find_tags(labels: Sequence[str]) -> list[Any]:
    """Return the rows (`id`, `folded`, `label`) of tags; one that nobody used before is made."""
    wanted = {tag_key(label): label for label in labels if tag_key(label)}
    wanted = dict(list(wanted.items())[:MOST_TAGS])
    if not wanted:
        return []
    found = _found(wanted)
    missing = [folded for folded in wanted if folded not in found]
    for folded in sorted(missing):  # in one order, so that two who make several do not wait for each other
        add_once(Tag, folded=folded, label=wanted[folded][:60], contents_count=0)
    if missing:
        found = _found(wanted)
    return [found[folded] for folded in wanted]


def count_tags_of(content: Content, change: int) -> None:
    """Count a content in the tags it carries (1), or no longer (-1): closed places do not tell."""
    if content.audience == EVERYONE:
        carried = select(ContentTag.tag_id).where(ContentTag.content_id == content.id)
        tags = db.session.scalars(carried).all()
        _count(more=tags if change > 0 else (), fewer=tags if change < 0 else ())


def lock_tags(tags: Select[int]) -> None:
    """Let those who count tags take turns: each locks them in the same order."""
    query = select(Tag.id).where(Tag.id.in_(tags)).order_by(Tag.id)
    db.session.execute(query.with_for_update(key_share=True)).all()


def get_tag_for(member: Member, folded: str) -> Tag:
    """Fetch a tag that something carries which the member may read, or that they follow.

    Raises:
        NotFound: there is none, also where only what is closed to them carries it: that is not told.
    """
    return get_tag_and_follow(member, folded)[0]


def get_tag_and_follow(member: Member, folded: str) -> tuple[Tag, bool]:
    """Fetch a tag as `get_tag_for` does, and tell whether the member follows it."""
    rows = read_rows(_known_to_viewer(), {"viewer": member.id, "folded": tag_key(folded)})
    if not rows:
        raise NotFound(_("Nothing carries this tag yet."))
    [tag] = entities(rows[0], Tag)
    return tag, rows[0].followed is not None


@prepared
def _known_to_viewer() -> Select[Any]:
    carried = _carrying().where(readable()).exists()
    followed = TagFollow.tag_id.label("followed")
    mine = and_(TagFollow.tag_id == Tag.id, TagFollow.person_id == VIEWER)
    known = or_(TagFollow.tag_id.is_not(None), carried)
    return (
        select(*columns_of(Tag), followed)
        .outerjoin(TagFollow, mine)
        .where(Tag.folded == bindparam("folded"), known)
    )


def suggest_tags(begun: str) -> Sequence[Tag]:
    """Return the most used tags of open places that begin so.

    The stored number counts contents of plugins that are switched off too: of the first by that number, those
    that something carries which is in use.
    """
    key = tag_key(begun)
    first = select(Tag.id).where(Tag.contents_count > 0).order_by(Tag.contents_count.desc(), Tag.folded)
    if key:
        first = first.where(Tag.folded >= key, Tag.folded < key + "\U0010ffff")
    found = first.limit(LOOKED_AT).subquery()
    in_use = _carrying().where(
        Content.audience == EVERYONE, one_of(Content.type, content_types()), one_of(Place.kind, place_kinds())
    )
    query = select(Tag).where(Tag.id.in_(select(found.c.id)), in_use.exists())
    return db.session.scalars(query.order_by(Tag.contents_count.desc(), Tag.folded).limit(SUGGESTIONS)).all()


def _carrying() -> Select[int]:
    """Return what carries a `Tag` and is there."""
    return (
        select(ContentTag.tag_id)
        .join(Content, Content.id == ContentTag.content_id)
        .join(Place, Place.id == Content.place_id)
        .where(ContentTag.tag_id == Tag.id, Content.deleted_at.is_(None))
    )


def _found(wanted: Iterable[str]) -> dict[str, Any]:
    return {row.folded: row for row in read_rows(_by_folded(), {"folded": list(wanted)})}


@prepared
def _by_folded() -> Select[int, str, str]:
    return select(Tag.id, Tag.folded, Tag.label).where(among(Tag.folded, "folded"))


def _count(*, more: Collection[int], fewer: Collection[int]) -> None:
    """Count one content more in some tags, and one fewer in others."""
    if more or fewer:
        write_rows(_counting(), {"tags": [*more, *fewer], "more": list(more)})


@prepared
def _counting() -> Update:
    """Return the statement that locks tags in their order, as all do who count them, and then counts."""
    tag = cast(Table, Tag.__table__)
    locked = select(Tag.id).where(among(Tag.id, "tags")).order_by(Tag.id).with_for_update(key_share=True)
    change = case((among(tag.c.id, "more"), 1), else_=-1)
    return update(tag).where(tag.c.id.in_(locked)).values(contents_count=tag.c.contents_count + change)
