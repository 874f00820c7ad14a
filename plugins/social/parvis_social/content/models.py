"""Contents, each anchored once; what is particular to a type stands in a table of whoever owns the type."""

from datetime import datetime
from typing import Any

from parvis.api import BigId, Model, Person, folded, utcnow
from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..place.models import EVERYONE, Place

LISTED = text("root_id IS NULL AND deleted_at IS NULL")
"""What streams show: neither comments nor what was deleted."""


def _listed(name: str, *columns: str) -> Index:
    return Index(f"ix_social_content_{name}", *columns, sqlite_where=LISTED, postgresql_where=LISTED)


class Content(Model):
    """Anything published in a place: a post, an article ..., or a comment under one (`root_id`).

    It holds what every list shows, so that a stream of many types is one query.
    """

    __tablename__ = "social_content"
    __table_args__ = (
        _listed("place_new", "place_id", "id"),
        _listed("place_active", "place_id", "latest_id"),
        _listed("author_new", "author_id", "id"),
        _listed("author_active", "author_id", "latest_id"),
        Index(  # of comments alone: by one of all, SQLite would look for what streams show, and read it all
            "ix_social_content_thread", "root_id", "number",
            sqlite_where=text("root_id IS NOT NULL"), postgresql_where=text("root_id IS NOT NULL"),
        ),
        Index(
            "ix_social_content_liked", "root_id", "reactions_count", "number",
            sqlite_where=text("root_id IS NOT NULL"), postgresql_where=text("root_id IS NOT NULL"),
        ),
        Index(
            "ix_social_content_parent", "parent_id",
            sqlite_where=text("parent_id IS NOT NULL"), postgresql_where=text("parent_id IS NOT NULL"),
        ),
        Index(
            "ix_social_content_pinned", "place_id", "pinned_at",
            sqlite_where=text("pinned_at IS NOT NULL"), postgresql_where=text("pinned_at IS NOT NULL"),
        ),
        Index(
            "ix_social_content_deleted", "deleted_at",
            sqlite_where=text("deleted_at IS NOT NULL"), postgresql_where=text("deleted_at IS NOT NULL"),
        ),
        UniqueConstraint("author_id", "form_key"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(String(40))
    """Name of a registered `ContentType`."""
    place_id: Mapped[int] = mapped_column(ForeignKey("social_place.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    audience: Mapped[int] = mapped_column(BigId, default=EVERYONE)
    """Who may read it: `EVERYONE`, or the members of the place with this id. Kept equal to the place's."""
    title: Mapped[str] = mapped_column(String(200), default="")
    body_html: Mapped[str] = mapped_column(default="")
    """What a card shows of it, rendered when it was written."""
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """What is attached, as cards show it: `id`, `name`, `size`; pictures also `width`, `height`, `alt`."""
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Labels of its tags, as first written by anybody."""

    root_id: Mapped[int | None] = mapped_column(ForeignKey("social_content.id", ondelete="CASCADE"))
    """Of a comment: the content it stands under."""
    parent_id: Mapped[int | None] = mapped_column(BigId)
    """Of a reply: the comment of the first level that it answers."""
    number: Mapped[int | None]
    """Of a comment: its number under its root, counted from 1, never given twice."""
    latest_id: Mapped[int] = mapped_column(BigId, default=0)
    """The newest content of the thread: its own id, or its newest comment's."""
    comments_given: Mapped[int] = mapped_column(default=0)
    """How many numbers of comments were given."""
    comments_count: Mapped[int] = mapped_column(default=0)
    """How many comments there are, without the deleted."""
    answer_id: Mapped[int | None] = mapped_column(BigId)
    """The comment marked as the answer."""
    reactions: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """How many of each kind of reaction."""
    reactions_count: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many of all kinds: comments can be read in this order."""

    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    edited_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    pinned_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    """Since when nobody may comment any more, by whom and why: shown."""
    locked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    lock_reason: Mapped[str] = mapped_column(String(300), default="")
    hidden_at: Mapped[datetime | None]
    """Since when a mark stands in the place of a comment, or, deleted, of what others commented; by whom and
    why, its `Hiding` says."""
    deleted_at: Mapped[datetime | None]
    deleted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    withheld_at: Mapped[datetime | None]
    """Since when those who keep order have taken it away, as if it were deleted; it is kept until they decide
    otherwise."""
    form_key: Mapped[str | None] = mapped_column(String(40))
    """The key of the form it was sent by: sent twice, it is published once."""

    @property
    def withdrawn(self) -> bool:
        """Whether only a mark is left of it, above what others wrote under it: its `Hiding` says why."""
        return self.root_id is None and self.deleted_at is not None and self.hidden_at is not None

    place: Mapped[Place] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    locked_by: Mapped[Person | None] = relationship(foreign_keys=[locked_by_id])


class Text(Model):
    """The detail of posts and comments: the Markdown they were written in."""

    __tablename__ = "social_text"

    content_id: Mapped[int] = mapped_column(
        ForeignKey("social_content.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    source: Mapped[str]
    renderer: Mapped[int] = mapped_column(default=0)


class Version(Model):
    """What a content said before an edit: its history is visible to whoever may read it."""

    __tablename__ = "social_version"
    __table_args__ = (Index("ix_social_version_changed_by", "changed_by_id"),)

    content_id: Mapped[int] = mapped_column(
        ForeignKey("social_content.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(default="")
    body_html: Mapped[str] = mapped_column(default="")
    written_at: Mapped[datetime]
    """When this text was written, not when it was replaced."""
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Who replaced it."""

    changed_by: Mapped[Person | None] = relationship()


class Hiding(Model):
    """A comment is hidden or a content withdrawn, which everybody sees: by whom, when and why."""

    __tablename__ = "social_hiding"
    __table_args__ = (Index("ix_social_hiding_by", "by_id"),)

    content_id: Mapped[int] = mapped_column(
        ForeignKey("social_content.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(default=utcnow)

    by: Mapped[Person | None] = relationship()


class Mention(Model):
    """A content names a person."""

    __tablename__ = "social_mention"
    __table_args__ = (Index("ix_social_mention_person", "person_id", "content_id"),)

    content_id: Mapped[int] = mapped_column(
        ForeignKey("social_content.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)


class Reaction(Model):
    """One of a small set of reactions; a person has at most one to a content."""

    __tablename__ = "social_reaction"
    __table_args__ = (Index("ix_social_reaction_person", "person_id", "content_id"),)

    content_id: Mapped[int] = mapped_column(
        ForeignKey("social_content.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(default=utcnow)


class Bookmark(Model):
    """Somebody keeps a content to read later; nobody else knows."""

    __tablename__ = "social_bookmark"
    __table_args__ = (Index("ix_social_bookmark_content", "content_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    content_id: Mapped[int] = mapped_column(
        ForeignKey("social_content.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[datetime] = mapped_column(default=utcnow)


class Draft(Model):
    """What somebody has begun to write for a place; nobody else sees it."""

    __tablename__ = "social_draft"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("social_place.id", ondelete="CASCADE"), primary_key=True)
    source: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=utcnow)


class DraftFile(Model):
    """A file is kept with what somebody has begun to write."""

    __tablename__ = "social_draft_file"
    __table_args__ = (
        ForeignKeyConstraint(
            ["person_id", "place_id"],
            ["social_draft.person_id", "social_draft.place_id"],
            name="fk_social_draft_file_person_id_social_draft",
            ondelete="CASCADE",
        ),
        Index("ix_social_draft_file_draft", "person_id", "place_id"),
    )

    file_id: Mapped[int] = mapped_column(
        ForeignKey("social_file.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(BigId)
    place_id: Mapped[int] = mapped_column(BigId)


class File(Model):
    """A picture or another file, attached to a content once that is published; till then its owner's."""

    __tablename__ = "social_file"
    __table_args__ = (
        Index("ix_social_file_content", "content_id"),
        Index("ix_social_file_place", "place_id", "id"),
        Index("ix_social_file_owner", "owner_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    content_id: Mapped[int | None] = mapped_column(ForeignKey("social_content.id", ondelete="SET NULL"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("social_place.id", ondelete="SET NULL"))
    """The place of its content, for the place's page of files."""
    media_key: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    width: Mapped[int | None]
    """In pixels, of pictures; none: another file, that is only ever downloaded."""
    height: Mapped[int | None]
    alternative: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class HeldFile(Model):
    """A file that waits for longer than others, for what is still being written in a place.

    Whoever looks after the place sees it and may attach it, whoever has sent it.
    """

    __tablename__ = "social_held_file"
    __table_args__ = (Index("ix_social_held_file_place", "place_id"),)

    file_id: Mapped[int] = mapped_column(
        ForeignKey("social_file.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    place_id: Mapped[int] = mapped_column(ForeignKey("social_place.id", ondelete="CASCADE"))


class Waiting(Model):
    """A post that somebody reads before it is published: its author and those who decide see it, nobody else.

    It is no content: no list, count, search or notification knows of it. Refused, it stays for its author.
    """

    __tablename__ = "social_waiting"
    __table_args__ = (
        Index(
            "ix_social_waiting_place", "place_id", "id",
            sqlite_where=text("refused_at IS NULL"), postgresql_where=text("refused_at IS NULL"),
        ),
        Index("ix_social_waiting_author", "author_id", "id"),
        Index(
            "ix_social_waiting_refused", "refused_at",
            sqlite_where=text("refused_at IS NOT NULL"), postgresql_where=text("refused_at IS NOT NULL"),
        ),
        UniqueConstraint("author_id", "form_key"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("social_place.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    source: Mapped[str]
    body_html: Mapped[str]
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """As contents keep them."""
    form_key: Mapped[str | None] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    refused_at: Mapped[datetime | None]
    refused_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    answer: Mapped[str] = mapped_column(String(1000), default="")
    """Why it was refused, as its author reads it."""

    place: Mapped[Place] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=[author_id])


class WaitingFile(Model):
    """A file waits with a post: it is kept, its author and those who look after the place see it."""

    __tablename__ = "social_waiting_file"
    __table_args__ = (Index("ix_social_waiting_file_waiting", "waiting_id"),)

    file_id: Mapped[int] = mapped_column(
        ForeignKey("social_file.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    waiting_id: Mapped[int] = mapped_column(ForeignKey("social_waiting.id", ondelete="CASCADE"))

    waiting: Mapped[Waiting] = relationship()


class Tag(Model):
    """A word that gathers contents of all places; compared by its folded form."""

    __tablename__ = "social_tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    folded: Mapped[str] = mapped_column(folded(60), unique=True)
    label: Mapped[str] = mapped_column(String(60))
    contents_count: Mapped[int] = mapped_column(default=0)
    """Of open places only: it must not tell of others."""


class ContentTag(Model):
    """A content carries a tag. `latest_id` is the content's, so that a tag's stream walks one index."""

    __tablename__ = "social_content_tag"
    __table_args__ = (
        Index("ix_social_content_tag_new", "tag_id", "content_id"),
        Index("ix_social_content_tag_active", "tag_id", "latest_id"),
    )

    content_id: Mapped[int] = mapped_column(
        ForeignKey("social_content.id", ondelete="CASCADE"), primary_key=True
    )
    tag_id: Mapped[int] = mapped_column(ForeignKey("social_tag.id", ondelete="CASCADE"), primary_key=True)
    latest_id: Mapped[int] = mapped_column(BigId)


class TagFollow(Model):
    """Somebody wants what carries a tag in their feed."""

    __tablename__ = "social_tag_follow"
    __table_args__ = (Index("ix_social_tag_follow_tag", "tag_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("social_tag.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime] = mapped_column(default=utcnow)
