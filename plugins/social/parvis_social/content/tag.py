"""Tags gather contents of all places under a word."""

from collections.abc import Collection, Sequence

from parvis.api import Member, NotFound, db, one_of, prepared
from parvis.api import gettext as _
from sqlalchemy import Select, bindparam, delete, or_, select, update

from ..place.access import readable
from ..place.models import EVERYONE, Place
from ..registry import content_types, place_kinds
from ..statement import VIEWER, add_once
from .models import Content, ContentTag, Tag, TagFollow
from .text import MOST_TAGS, tag_key

SUGGESTIONS = 8
LOOKED_AT = 40


def set_tags(content: Content, labels: Sequence[str]) -> None:
    """Give a content these tags and no others; a tag that nobody used before is made."""
    wanted = {tag_key(label): label for label in labels if tag_key(label)}
    wanted = dict(list(wanted.items())[:MOST_TAGS])
    before = {
        tag.folded: tag
        for tag in db.session.scalars(select(Tag).join(ContentTag).where(ContentTag.content_id == content.id))
    }
    gone = [tag.id for folded, tag in before.items() if folded not in wanted]
    if gone:
        carried = (ContentTag.content_id == content.id, ContentTag.tag_id.in_(gone))
        db.session.execute(delete(ContentTag).where(*carried))
    tags = _found_or_made(wanted)
    db.session.add_all(
        ContentTag(content_id=content.id, tag_id=tags[folded].id, latest_id=content.latest_id)
        for folded in wanted
        if folded not in before
    )
    if content.audience == EVERYONE:
        new = {tags[folded].id for folded in wanted if folded not in before}
        lock_tags(new | set(gone))
        _count(new, 1)
        _count(set(gone), -1)
    content.tags = [tags[folded].label for folded in wanted]


def count_tags_of(content: Content, change: int) -> None:
    """Count a content in the tags it carries (1), or no longer (-1): closed places do not tell."""
    if content.audience == EVERYONE:
        carried = select(ContentTag.tag_id).where(ContentTag.content_id == content.id)
        tags = set(db.session.scalars(carried))
        lock_tags(tags)
        _count(tags, change)


def lock_tags(tags: Collection[int] | Select[int]) -> None:
    """Let those who count tags take turns: each locks them in the same order."""
    if isinstance(tags, Select) or tags:
        query = select(Tag.id).where(Tag.id.in_(tags)).order_by(Tag.id)
        db.session.execute(query.with_for_update(key_share=True)).all()


def get_tag_for(member: Member, folded: str) -> Tag:
    """Fetch a tag that something carries which the member may read, or that they follow.

    Raises:
        NotFound: there is none, also where only what is closed to them carries it: that is not told.
    """
    tag = db.session.scalar(_known_to_viewer(), {"viewer": member.id, "folded": tag_key(folded)})
    if tag is None:
        raise NotFound(_("Nothing carries this tag yet."))
    return tag


@prepared
def _known_to_viewer() -> Select[Tag]:
    carried = _carrying().where(readable())
    followed = select(TagFollow.tag_id).where(TagFollow.tag_id == Tag.id, TagFollow.person_id == VIEWER)
    return select(Tag).where(Tag.folded == bindparam("folded"), or_(followed.exists(), carried.exists()))


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


def _found_or_made(wanted: dict[str, str]) -> dict[str, Tag]:
    if not wanted:
        return {}
    query = select(Tag).where(Tag.folded.in_(wanted))
    found = {tag.folded: tag for tag in db.session.scalars(query)}
    missing = [folded for folded in wanted if folded not in found]
    for folded in sorted(missing):  # in one order, so that two who make several do not wait for each other
        add_once(Tag, folded=folded, label=wanted[folded][:60], contents_count=0)
    if missing:
        found = {tag.folded: tag for tag in db.session.scalars(query)}
    return found


def _count(tags: set[int], change: int) -> None:
    if tags:
        counting = update(Tag).where(Tag.id.in_(sorted(tags)))
        db.session.execute(
            counting.values(contents_count=Tag.contents_count + change),
            execution_options={"synchronize_session": False},
        )
