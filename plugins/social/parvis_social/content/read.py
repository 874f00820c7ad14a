"""Fetching one content: whoever gets it may read it, and learns what else they may do to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from parvis.api import Member, Person, columns_of, db, entities, one_of, prepared, read_rows, utcnow
from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm.attributes import set_committed_value

from ..place.access import manages, may_comment, may_read, nothing
from ..place.models import Membership, Place, Role
from ..registry import content_types, place_kinds
from ..settings import settings
from ..statement import VIEWER
from .act import ACTS
from .models import Content

READ = (Content, Place, Person)
WIDTH = len(columns_of(*READ))
Joined = Callable[[Select[Any]], Select[Any]]
"""What a plugin adds to the query of one content: tables of its own, and columns behind the others."""


@dataclass(frozen=True)
class Reading:
    """A content, its place, what the reader is there, and what it stands under (itself, if nothing)."""

    content: Content
    place: Place
    role: Role | None
    root: Content
    viewer: Member
    acts: tuple[str | None, int | None]
    """What the reader had done to it when it was fetched, as the columns `ACTS` say it."""
    joined: Sequence[Any] = ()
    """What was added to the query, if something was."""

    @property
    def is_author(self) -> bool:
        """Whether the reader wrote it."""
        return self.content.author_id == self.viewer.id

    @property
    def manages(self) -> bool:
        """Whether the reader looks after its place: pins, closes comments, removes."""
        return manages(self.role) or self.place.person_id == self.viewer.id

    @property
    def may_edit(self) -> bool:
        """Whether the reader may change what it says."""
        return self.is_author and self.content.deleted_at is None and self.place.archived_at is None

    @property
    def may_delete(self) -> bool:
        """Whether the reader may remove it."""
        return self.content.deleted_at is None and (self.is_author or self.removes)

    @property
    def removes(self) -> bool:
        """Whether the reader may remove what others wrote: the content, or the comment that it is."""
        return self.removes_comments if self.content.root_id is not None else self.manages

    @property
    def removes_comments(self) -> bool:
        """Whether the reader may remove what others comment: there are places where it is only hidden."""
        return self.manages and place_kinds()[self.place.kind].removes

    @property
    def voice(self) -> str:
        """What the reader is called beside their own comments, which then stand out; empty: nothing."""
        return str(place_kinds()[self.place.kind].voice) if self.role == Role.OWNER else ""

    @property
    def may_restore(self) -> bool:
        """Whether the reader may take its deletion back: who deleted it, for some minutes."""
        deleted_at = self.content.deleted_at
        if deleted_at is None or self.content.deleted_by_id != self.viewer.id or self.content.withheld_at:
            return False
        return utcnow() - deleted_at < timedelta(minutes=settings().undo_minutes)

    @property
    def may_comment(self) -> bool:
        """Whether the reader may write a comment under it, and react to it."""
        open_to = may_comment(self.place, self.role) and self.root.locked_at is None
        return open_to and self.root.deleted_at is None

    @property
    def may_mark_answer(self) -> bool:
        """Whether the reader may mark the answer: who asked, or who looks after the place."""
        if self.root.deleted_at is not None:
            return False
        return may_comment(self.place, self.role) and (self.root.author_id == self.viewer.id or self.manages)


def get_content_for(
    member: Member,
    content_id: int,
    *,
    deleted: bool = False,
    withdrawn: bool = False,
    joined: Joined | None = None,
) -> Reading:
    """Fetch a content that the member may read, with its author, its place and what it stands under.

    `deleted`: what was deleted too, for who may take that back. `withdrawn`: what was withdrawn too, for
    whoever shows its mark and no more. `joined`: a function of a module, that adds to the query what the
    content's page needs beside; the query is made once.

    Raises:
        NotFound: there is none, it was deleted or hidden, or it is not open to the member.
    """
    rows = read_rows(_reading(joined), {"viewer": member.id, "id": content_id})
    if not rows:
        raise nothing()
    content, place, author = entities(rows[0], *READ)
    set_committed_value(content, "place", place)
    set_committed_value(content, "author", author)
    role, reaction, bookmark, *more = rows[0][WIDTH:]
    root = content if content.root_id is None else db.session.get_one(Content, content.root_id)
    if root.type not in content_types():
        raise nothing()
    acts = (reaction, bookmark)
    reading = Reading(content, content.place, Role(role) if role else None, root, member, acts, more)
    if not may_read(reading.place, reading.role):
        raise nothing()
    if reading.root.deleted_at is not None and reading.root is not content and not reading.root.withdrawn:
        raise nothing()
    if content.withdrawn and withdrawn:
        return reading
    if content.deleted_at is not None and not (deleted and reading.may_restore):
        raise nothing()
    if content.hidden_at is not None and not (reading.is_author or reading.manages):
        raise nothing()
    return reading


@prepared
def _reading(joined: Joined | None) -> Select[Any]:
    """What few contents have is asked for where they have it: what they stand under, who closed comments."""
    mine = and_(Membership.place_id == Content.place_id, Membership.person_id == VIEWER)
    query = (
        select(*columns_of(*READ), Membership.role, *ACTS)
        .join(Person, Person.id == Content.author_id)
        .join(Place, Place.id == Content.place_id)
        .outerjoin(Membership, mine)
        .where(
            Content.id == bindparam("id"),
            one_of(Content.type, content_types()),
            one_of(Place.kind, place_kinds()),
        )
    )
    return joined(query) if joined else query
