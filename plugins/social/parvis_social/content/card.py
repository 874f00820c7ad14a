"""Contents as lists show them: one query for a whole page of any types, one for the last comments, both with
what the reader did. Rows become small values by hand: entities would cost several times as much. They can be
hashed: what looks the same is drawn once."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote

from markupsafe import Markup
from parvis.api import Member, Person, among, face_url, hooks, prepared, read_rows, render_contribution
from sqlalchemy import Row, Select, Text, bindparam, cast, select
from sqlalchemy.orm import aliased

from ..place.models import Place, name_for_reader
from ..registry import content_types, owner_of_type, place_kinds
from .act import ACTS
from .models import Content
from .read import Reading

LAST_COMMENTS = 2


class Face(NamedTuple):
    """Somebody, as far as a line about them needs."""

    id: int
    handle: str
    display_name: str
    title: str | None
    face_key: str | None

    @property
    def url(self) -> str:
        """Address of their page."""
        return f"/people/{self.handle}"

    def photo_url(self, pixels: int) -> str:
        """Return the address of their face, for a place so many pixels wide."""
        return face_url(handle=self.handle, name=self.display_name, key=self.face_key, pixels=pixels)


class PlaceLabel(NamedTuple):
    """A place, as far as naming it and leading to it needs."""

    id: int
    kind: str
    slug: str
    own_name: str
    access: str
    archived_at: datetime | None
    picture_key: str | None
    person_id: int | None = None
    second_name: str = ""
    second_language: str = ""

    @property
    def name(self) -> str:
        """Its name, as whoever reads it reads it."""
        return name_for_reader(self.own_name, self.second_name, self.second_language)

    @property
    def url(self) -> str:
        """Address of its page."""
        return place_kinds()[self.kind].url(self.slug)

    @property
    def icon(self) -> str:
        """Name of its kind's icon."""
        return place_kinds()[self.kind].icon

    @property
    def stream(self) -> str:
        """The filter of the home feed that it comes under."""
        return place_kinds()[self.kind].stream


class Attached(NamedTuple):
    """A picture (with a width and a height, in pixels) or another file (`size` in bytes) of a content."""

    id: int
    name: str
    size: int
    width: int | None = None
    height: int | None = None
    alternative: str = ""

    def url(self, size: str = "") -> str:
        """Return its address; of a picture, in one of its sizes."""
        return file_url(self.id, self.name, size)


Reactions = tuple[tuple[str, int], ...]
"""How many of each kind."""


class Hidden(NamedTuple):
    """That a comment is hidden: by whom, when and why, for everybody to see."""

    by: str | None
    at: datetime
    reason: str


class CommentCard(NamedTuple):
    """A comment as it is shown; a deleted or hidden one only says so, and holds its replies together."""

    id: int
    root_id: int
    parent_id: int | None
    number: int
    author: Face
    body_html: str
    files: tuple[Attached, ...]
    created_at: datetime
    edited_at: datetime | None
    version: int
    reactions: Reactions
    my_reaction: str | None = None
    bookmarked: bool = False
    deleted: bool = False
    is_answer: bool = False
    hidden: Hidden | None = None
    replies: tuple[Any, ...] = ()
    """Comments that stand under it, and are drawn apart from it."""

    @property
    def alone(self) -> "CommentCard":
        """The comment without what stands under it."""
        return self._replace(replies=()) if self.replies else self

    @property
    def url(self) -> str:
        """Address of the comment in its thread."""
        return f"/contents/{self.root_id}?comment={self.id}#c{self.id}"

    @property
    def pictures(self) -> list[Attached]:
        """What is attached and shown."""
        return [file for file in self.files if file.width]

    @property
    def downloads(self) -> list[Attached]:
        """What is attached and only downloaded."""
        return [file for file in self.files if not file.width]


class Card(NamedTuple):
    """A content as streams show it. `reason` says why it is in a feed: what it came by, and its name."""

    id: int
    type: str
    title: str
    body_html: str
    files: tuple[Attached, ...]
    tags: tuple[str, ...]
    created_at: datetime
    edited_at: datetime | None
    version: int
    pinned_at: datetime | None
    locked_at: datetime | None
    lock_reason: str
    locked_by: str | None
    answer_id: int | None
    comments_count: int
    latest_id: int
    reactions: Reactions
    author: Face
    place: PlaceLabel
    my_reaction: str | None = None
    bookmarked: bool = False
    comments: tuple[CommentCard, ...] = ()
    detail: Any = None
    reason: str | None = None

    @property
    def url(self) -> str:
        """Address of its page."""
        own = content_types()[self.type].url
        return own(self.id) if own else f"/contents/{self.id}"

    @property
    def heading(self) -> str:
        """What heads it: its title, or that which its type says to this reader."""
        return getattr(self.detail, "title", "") or self.title

    @property
    def edit_url(self) -> str:
        """Address of the form by which its author changes it, if its type has one."""
        edit = content_types()[self.type].edit
        return edit(self.id) if edit else ""

    @property
    def template(self) -> str:
        """Template of what stands between its head and its actions."""
        return content_types()[self.type].card

    @property
    def is_own(self) -> bool:
        """Whether its template is social's: not rendered apart, and drawn once for all. Most are."""
        return self.template.startswith("social/")

    @property
    def pictures(self) -> list[Attached]:
        """What is attached and shown."""
        return [file for file in self.files if file.width]

    @property
    def downloads(self) -> list[Attached]:
        """What is attached and only downloaded."""
        return [file for file in self.files if not file.width]


@dataclass(frozen=True)
class Cards:
    """One page of a stream; the next one comes `before` this key, None at the end."""

    cards: Sequence[Card] = ()
    before: int | None = None


FACE = (Person.id, Person.handle, Person.display_name, Person.title, Person.face_key)
"""The columns that a `Face` is made of."""
PLACE = (
    Place.id, Place.kind, Place.slug, Place.name, Place.access, Place.archived_at, Place.picture_key,
    Place.person_id, Place.second_name, Place.second_language,
)  # fmt: skip
_FILES, _TAGS, _REACTIONS = (
    cast(column, Text).label(column.key) for column in (Content.files, Content.tags, Content.reactions)
)
"""JSON as it is written: it is read once for all cards on which the same is written."""
_CARD: tuple[Any, ...] = (
    Content.id, Content.type, Content.title, Content.body_html, _FILES, _TAGS, Content.created_at,
    Content.edited_at, Content.version, Content.pinned_at, Content.locked_at, Content.lock_reason,
    Content.answer_id, Content.comments_count, Content.latest_id, _REACTIONS,
)  # fmt: skip
_COMMENT: tuple[Any, ...] = (
    Content.id, Content.root_id, Content.parent_id, Content.number, Content.body_html, _FILES,
    Content.created_at, Content.edited_at, Content.version, _REACTIONS, Content.deleted_at,
    Content.hidden_at,
)  # fmt: skip


def card_columns(*more: Any) -> Select[Any]:
    """Return the select of cards, joined with place and author; streams say what and in which order.

    Executed with `viewer`. `more`: the reason, where there is one.
    """
    locker = aliased(Person)
    return (
        select(*_CARD, *FACE, *PLACE, locker.display_name, *ACTS, *more)
        .join(Place, Place.id == Content.place_id)
        .join(Person, Person.id == Content.author_id)
        .outerjoin(locker, locker.id == Content.locked_by_id)
    )


def make_cards(rows: Iterable[Row[Any]], *, viewer: Member, comments: bool = True) -> list[Card]:
    """Make cards of rows of `card_columns`, with the last comments: one query."""
    bare = [_card(row) for row in rows]
    last = _last_comments([card.id for card in bare if card.comments_count], viewer) if comments else {}
    details = _details(bare)
    return [
        card._replace(comments=tuple(last.get(card.id, ())), detail=details.get(card.id)) for card in bare
    ]


def _card(row: Row[Any]) -> Card:
    head, face, rest = row[: len(_CARD)], row[len(_CARD) : len(_CARD) + 5], row[len(_CARD) + 5 :]
    place, (locked_by, my_reaction, bookmark, *more) = rest[: len(PLACE)], rest[len(PLACE) :]
    (
        content_id, type_, title, html, files, tags, created, edited, version, pinned, locked, lock_reason,
        answer, count, latest, reactions,
    ) = head  # fmt: skip
    return Card(
        content_id, type_, title, html, _files_of(files), _tags_of(tags), created, edited, version, pinned,
        locked, lock_reason, locked_by, answer, count, latest, _reactions_of(reactions), Face(*face),
        PlaceLabel(*place), my_reaction, bookmark is not None, reason=more[0] if more else None,
    )  # fmt: skip


def _details(cards: Sequence[Card]) -> Mapping[int, Any]:
    """Ask each type that needs it for its details: one query a type, however many cards."""
    found: dict[int, Any] = {}
    for name in {card.type for card in cards}:
        load = content_types()[name].load
        if load is not None:
            found.update(_loaded(name, load, [card.id for card in cards if card.type == name]))
    return found


def _loaded(name: str, load: Callable[[list[int]], Mapping[int, Any]], ids: list[int]) -> Mapping[int, Any]:
    """Return what a type loads; one that fails costs its own cards their details."""
    try:
        return load(ids)
    except Exception as error:
        hooks().note_failure(owner_of_type(name), f"details of {name}", error)
        return {}


def body_of(card: Card) -> Markup:
    """Render what a type of another plugin says, alone: its failure costs nothing else."""
    return render_contribution(owner_of_type(card.type), card.template, {"card": card})


def _last_comments(roots: list[int], viewer: Member) -> dict[int, list[CommentCard]]:
    """Return the last comments under some contents, oldest first, whatever their level."""
    found: dict[int, list[CommentCard]] = {}
    if roots:
        for row in read_rows(_last(), {"viewer": viewer.id, "roots": roots}):
            comment = make_comment(row)
            found.setdefault(comment.root_id, []).append(comment)
    return {root: some[-LAST_COMMENTS:] for root, some in found.items()}


@prepared
def _last() -> Select[Any]:
    """Read by numbers from the end; a few more than are shown, since some may be deleted."""
    root = aliased(Content)
    return (
        comment_columns()
        .join(root, root.id == Content.root_id)
        .where(
            among(root.id, "roots"),
            Content.number > root.comments_given - LAST_COMMENTS - 2,
            Content.deleted_at.is_(None),
            Content.hidden_at.is_(None),
        )
        .order_by(Content.root_id, Content.number)
    )


def comment_columns() -> Select[Any]:
    """Return the select of comments, joined with their author; executed with `viewer`."""
    return select(*_COMMENT, *ACTS, *FACE).join(Person, Person.id == Content.author_id)


def make_comment(row: Sequence[Any], *, answer_id: int | None = None) -> CommentCard:
    """Make a comment of a row of `comment_columns`; of a deleted one nothing but its place is left."""
    (
        comment_id, root, parent, number, html, files, created, edited, version, reactions, deleted, hidden,
        my_reaction, bookmark, *face,
    ) = row  # fmt: skip
    gone = deleted is not None or hidden is not None
    return CommentCard(
        comment_id, root, parent, number, Face(*face), "" if gone else html, () if gone else _files_of(files),
        created, edited, version, () if gone else _reactions_of(reactions), my_reaction, bookmark is not None,
        deleted=deleted is not None, is_answer=comment_id == answer_id,
        hidden=Hidden(None, hidden, "") if hidden else None,
    )  # fmt: skip


def card_of(reading: Reading) -> Card:
    """Return the card of one content, without its comments.

    What was fetched with the reading is not asked for again: it has to be one after what its reader did.
    """
    root, viewer = reading.root, reading.viewer
    if reading.content is not root:
        [row] = read_rows(_one(), {"viewer": viewer.id, "id": root.id})
        return make_cards([row], viewer=viewer, comments=False)[0]
    card = _fetched(reading)
    return card._replace(detail=_details([card]).get(card.id))


def _fetched(reading: Reading) -> Card:
    """Make the card of a content that was fetched with its author and place."""
    content, (my_reaction, bookmark) = reading.content, reading.acts
    author, place, locked_by = content.author, content.place, content.locked_by
    return Card(
        content.id, content.type, content.title, content.body_html, attached(content.files),
        tuple(content.tags), content.created_at, content.edited_at, content.version, content.pinned_at,
        content.locked_at, content.lock_reason, locked_by.display_name if locked_by else None,
        content.answer_id, content.comments_count, content.latest_id, tuple(content.reactions.items()),
        Face(author.id, author.handle, author.display_name, author.title, author.face_key),
        PlaceLabel(
            place.id, place.kind, place.slug, place.name, place.access, place.archived_at, place.picture_key,
            place.person_id, place.second_name, place.second_language,
        ),
        my_reaction, bookmark is not None,
    )  # fmt: skip


@prepared
def _one() -> Select[Any]:
    return card_columns().where(Content.id == bindparam("id"))


@lru_cache(maxsize=4096)
def _files_of(written: str) -> tuple[Attached, ...]:
    return attached(json.loads(written))


@lru_cache(maxsize=4096)
def _tags_of(written: str) -> tuple[str, ...]:
    return tuple(json.loads(written))


@lru_cache(maxsize=4096)
def _reactions_of(written: str) -> Reactions:
    return tuple(json.loads(written).items())


def attached(files: Iterable[Mapping[str, Any]]) -> tuple[Attached, ...]:
    """Return attached files, as contents keep them, as values."""
    return tuple(
        Attached(
            file["id"], file["name"], file["size"], file.get("width"), file.get("height"), file.get("alt", "")
        )
        for file in files
    )


def file_url(file_id: int, name: str, size: str = "") -> str:
    """Return the address of an attached file; of a picture in one of its sizes."""
    address = f"/social/files/{file_id}/{quote(name, safe='')}"
    return f"{address}?size={size}" if size else address
