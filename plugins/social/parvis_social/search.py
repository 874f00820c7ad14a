"""What the search finds of social: contents of every type in use, their files' names, and tags."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from parvis.api import (
    BigId,
    EventRecord,
    Member,
    Person,
    SearchDocument,
    SearchHit,
    SearchSource,
    among,
    db,
    face_url,
    hooks,
    one_of,
    plain_text,
    prepared,
    read_rows,
)
from parvis.api import lazy_gettext as _l
from sqlalchemy import Select, bindparam, case, or_, select
from sqlalchemy.orm import aliased

from .content.comment import TYPE as COMMENT
from .content.models import Content, ContentTag, Tag
from .content.text import tag_key
from .contribution import ContentType
from .event import (
    Commented,
    ContentsMoved,
    Deleted,
    Edited,
    Hidden,
    PlaceAccessChanged,
    Published,
    Restored,
)
from .place.access import readable, visible_places
from .place.models import EVERYONE, Access, Membership, Place, name_for_reader
from .registry import content_types, owner_of_type, place_kinds
from .statement import VIEWER

WHOLE_PLACES = frozenset({PlaceAccessChanged.kind, ContentsMoved.kind})
CONTENTS = frozenset(each.kind for each in (Published, Commented, Edited, Deleted, Restored, Hidden))
BATCH = 1000
MOST_PLACES = 20
TITLE = 80
"""How much of its text heads what has no title, in characters."""
LAST = "\U0010ffff"


def search_sources() -> Iterator[SearchSource]:
    """Yield the source of each type of contents, and that of tags."""
    for kind in content_types().values():
        yield SearchSource(
            name=f"social:{kind.name}",
            label=_l("Comments") if kind.name == COMMENT else kind.label,
            category="contents",
            ids=partial(_ids, kind.name),
            load=partial(_load, kind),
            changed=partial(_changed, kind.name),
            show=_show,
            family="social:content",
        )
    yield SearchSource(
        name="social:tag",
        label=_l("Tag"),
        category="contents",
        ids=_tag_ids,
        load=_load_tags,
        changed=_changed_tags,
        show=_show_tags,
        closed_places=_closed_places,
        find_places=_find_places,
    )


# contents


def _ids(kind: str, after: int, limit: int) -> Sequence[int]:
    query = select(Content.id).where(Content.type == kind, Content.id > after)
    return db.session.scalars(query.order_by(Content.id).limit(limit)).all()


def _changed(kind: str, event: EventRecord) -> Iterator[int]:
    """Yield what an event makes stale: a content, what stands under it, or all that a place holds."""
    if event.kind in CONTENTS and event.content_id is not None:
        yield event.content_id
        if kind == COMMENT and event.kind in (Deleted.kind, Restored.kind):
            yield from _walk(Content.root_id == event.content_id)
    elif event.kind in WHOLE_PLACES and event.place_id is not None:
        yield from _walk(Content.place_id == event.place_id, Content.type == kind)


def _walk(*conditions: Any) -> Iterator[int]:
    after = 0
    query = select(Content.id).where(*conditions).order_by(Content.id).limit(BATCH)
    while ids := db.session.scalars(query.where(Content.id > after)).all():
        yield from ids
        after = ids[-1]


def _load(kind: ContentType, ids: Sequence[int]) -> Iterator[SearchDocument]:
    rows = read_rows(_loaded(kind.name), {"ids": list(ids)})
    more = kind.search([row.id for row in rows]) if kind.search and rows else {}
    for row in rows:
        files = " ".join(f"{file['name']} {file.get('alt', '')}" for file in row.files)
        yield SearchDocument(
            id=row.id,
            title=row.title,
            body="\n".join((more.get(row.id) or plain_text(row.body_html), files)),
            audience=None if row.audience == EVERYONE else row.audience,
            author=row.author_id,
            place=row.place_id,
            tags=row.tags,
            at=row.created_at,
        )


@prepared
def _loaded(kind: str) -> Select[Any]:
    root = aliased(Content)
    return (
        select(
            Content.id, Content.title, Content.body_html, Content.audience, Content.author_id,
            Content.place_id, Content.tags, Content.files, Content.created_at,
        )
        .outerjoin(root, root.id == Content.root_id)
        .where(among(Content.id, "ids"), one_of(Content.type, [kind]), *_there(root))
    )  # fmt: skip


def _there(root: Any) -> tuple[Any, ...]:
    """Return the conditions that a content is there, and what it stands under, or a mark of that."""
    return (
        Content.deleted_at.is_(None),
        Content.hidden_at.is_(None),
        or_(root.id.is_(None), root.deleted_at.is_(None), root.hidden_at.is_not(None)),
    )


def _show(ids: Sequence[int], viewer: Member) -> Iterator[SearchHit]:
    rows = read_rows(_shown(), {"viewer": viewer.id, "ids": list(ids)})
    details: dict[int, Any] = {}
    more: dict[int, str] = {}
    for kind in content_types().values():
        found = [row.id for row in rows if row.type == kind.name]
        details |= _asked(kind, kind.load, found)
        more |= _asked(kind, kind.search, found)
    for row in rows:
        files = ", ".join(file["name"] for file in row.files)
        text = more.get(row.id) or plain_text(row.body_html)
        name = name_for_reader(row.place_name, row.second_name, row.second_language)
        place = name if row.person_id != row.author_id else ""
        yield SearchHit(
            id=row.id,
            title=getattr(details.get(row.id), "title", "") or row.title or _beginning(text) or files,
            url=_url(content_types()[row.type], row),
            text=" · ".join(filter(None, (text if row.title or len(text) > TITLE else "", files))),
            detail=" · ".join(filter(None, (row.display_name, place, row.root_title))),
            photo=face_url(handle=row.handle, name=row.display_name, key=row.face_key, pixels=96),
            at=row.created_at,
        )


def _asked(
    kind: ContentType, call: Callable[[Sequence[int]], Mapping[int, Any]] | None, ids: Sequence[int]
) -> Mapping[int, Any]:
    """Return what a type says of its contents; one that fails costs them that."""
    if call is None or not ids:
        return {}
    try:
        return call(ids)
    except Exception as error:
        hooks().note_failure(owner_of_type(kind.name), f"search of {kind.name}", error)
        return {}


def _beginning(text: str) -> str:
    """Return what heads a content without title."""
    return text if len(text) <= TITLE else f"{text[:TITLE].rpartition(' ')[0] or text[:TITLE]} …"


def _url(kind: ContentType, row: Any) -> str:
    if row.root_id is not None:
        return f"/contents/{row.root_id}?comment={row.id}#c{row.id}"
    return kind.url(row.id) if kind.url else f"/contents/{row.id}"


@prepared
def _shown() -> Select[Any]:
    root = aliased(Content)
    under = case((root.deleted_at.is_(None), root.title))  # of what was withdrawn no title is told
    return (
        select(
            Content.id, Content.type, Content.title, Content.body_html, Content.files, Content.created_at,
            Content.root_id, Content.author_id, under.label("root_title"), Person.handle,
            Person.display_name, Person.face_key, Place.name.label("place_name"), Place.second_name,
            Place.second_language, Place.person_id,
        )
        .join(Place, Place.id == Content.place_id)
        .join(Person, Person.id == Content.author_id)
        .outerjoin(root, root.id == Content.root_id)
        .where(
            among(Content.id, "ids"), readable(), *_there(root),
            or_(root.id.is_(None), one_of(root.type, content_types())),
        )
    )  # fmt: skip


# tags


def _tag_ids(after: int, limit: int) -> Sequence[int]:
    return db.session.scalars(select(Tag.id).where(Tag.id > after).order_by(Tag.id).limit(limit)).all()


def _load_tags(ids: Sequence[int]) -> Iterator[SearchDocument]:
    """Tags that something carries which everybody reads: of others nobody learns that they are there."""
    for tag in db.session.scalars(select(Tag).where(Tag.id.in_(ids), Tag.contents_count > 0)):
        yield SearchDocument(id=tag.id, title=tag.label)


def _changed_tags(event: EventRecord) -> Iterable[int]:
    if event.kind not in CONTENTS or event.content_id is None:
        return ()
    return [row.tag_id for row in read_rows(_carried(), {"content": event.content_id})]


@prepared
def _carried() -> Select[int]:
    return select(ContentTag.tag_id).where(ContentTag.content_id == bindparam("content", type_=BigId))


def _show_tags(ids: Sequence[int], viewer: Member) -> Iterator[SearchHit]:
    for tag in read_rows(_shown_tags(), {"viewer": viewer.id, "ids": list(ids)}):
        yield SearchHit(id=tag.id, title=f"#{tag.label}", url=f"/tags/{tag.folded}", icon="hash")


@prepared
def _shown_tags() -> Select[int, str, str]:
    carried = (
        select(ContentTag.tag_id)
        .join(Content, Content.id == ContentTag.content_id)
        .join(Place, Place.id == Content.place_id)
        .where(ContentTag.tag_id == Tag.id, Content.deleted_at.is_(None), readable())
    )
    return select(Tag.id, Tag.label, Tag.folded).where(among(Tag.id, "ids"), carried.exists())


# places


def _closed_places(viewer: Member) -> Sequence[int]:
    return [place_id for (place_id,) in read_rows(_closed(), {"viewer": viewer.id})]


@prepared
def _closed() -> Select[int]:
    query = select(Membership.place_id).join(Place, Place.id == Membership.place_id)
    return query.where(Membership.person_id == VIEWER, Place.access != Access.OPEN)


def _find_places(words: str, viewer: Member) -> Sequence[int]:
    """Find the places that words are the address or, among the viewer's own, the name of; else those whose
    address begins so."""
    key = tag_key(words)
    if not key:
        return ()
    own = select(Place.id, Place.name, Place.second_name)
    own = own.join(Membership, Membership.place_id == Place.id).where(Membership.person_id == viewer.id)
    named = [id for id, *names in db.session.execute(own) if key in map(tag_key, names)]
    query = select(Place.id).where(Place.kind.in_(place_kinds()), visible_places()).limit(MOST_PLACES)
    found = db.session.scalars(query.where(Place.slug == key), {"viewer": viewer.id}).all()
    if named or found:
        return [*named, *found]
    begins = query.where(Place.slug >= key, Place.slug < key + LAST)
    return db.session.scalars(begins, {"viewer": viewer.id}).all()
