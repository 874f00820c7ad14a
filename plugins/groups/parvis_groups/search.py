"""Groups as the search finds them: a secret one by its members alone."""

from collections.abc import Iterable, Iterator, Sequence

from parvis.api import EventRecord, Member, SearchDocument, SearchHit, SearchSource, db, get_locale, ngettext
from parvis.api import lazy_gettext as _l
from parvis_social.api import Access, Place, visible_places
from sqlalchemy import Select, select

from .domain.life import lately
from .event import GroupChanged, GroupCreated, Merged
from .models import KIND, Group, GroupTag
from .picture import picture_url

CHANGES = frozenset({GroupCreated.kind, GroupChanged.kind, Merged.kind, "social.place_access_changed"})


def groups_source() -> SearchSource:
    """Return the source of groups."""
    return SearchSource(
        name="groups:group",
        label=_l("Group"),
        category="groups",
        ids=_ids,
        load=_load,
        changed=_changed,
        show=_show,
        order=10,
    )


def _ids(after: int, limit: int) -> Sequence[int]:
    query = select(Group.place_id).where(Group.place_id > after).order_by(Group.place_id).limit(limit)
    return db.session.scalars(query).all()


def _changed(event: EventRecord) -> Iterable[int]:
    if event.kind not in CHANGES or event.place_id is None:
        return ()
    return (event.place_id, *filter(None, (event.data.get("target"),)))


def _load(ids: Sequence[int]) -> Iterator[SearchDocument]:
    here = (Group.place_id.in_(ids), Place.moved_to_id.is_(None))
    for group in db.session.scalars(select(Group).join(Group.place).where(*here)):
        yield SearchDocument(
            id=group.place_id,
            title=f"{group.place.name} {group.place.second_name}",
            body="\n".join((group.purpose, group.second_purpose, group.description)),
            audience=group.place_id if group.place.access == Access.SECRET else None,
            place=group.place_id,
            tags=group.tags,
            at=group.place.created_at,
        )


def _show(ids: Sequence[int], viewer: Member) -> Iterator[SearchHit]:
    query = select(Group).join(Place, Place.id == Group.place_id)
    query = query.where(
        Group.place_id.in_(ids), Place.kind == KIND, Place.moved_to_id.is_(None), visible_places()
    )
    second = str(get_locale() or "")[:2]
    for group in db.session.scalars(query, {"viewer": viewer.id}):
        other = second in group.languages[1:]
        name = group.place.shown_name
        members = ngettext("%(num)s member", "%(num)s members", group.place.members_count)
        life = lately(group.posts_month, group.active_members)
        yield SearchHit(
            id=group.place_id,
            title=name,
            url=f"/groups/{group.place.slug}",
            text="\n".join(((other and group.second_purpose) or group.purpose, group.description)),
            detail=" · ".join(filter(None, (members, life))),
            at=group.place.active_at,
            photo=picture_url(group.place.slug, name, group.place.picture_key, 96),
            icon="group",
        )


def groups_tagged(keys: Sequence[str]) -> Select[int]:
    """Return the query of groups that carry one of some tags."""
    return select(GroupTag.place_id).where(GroupTag.folded.in_(keys))
