"""Groups: each is a place of social, and what only groups have stands here."""

from datetime import datetime
from enum import StrEnum

from parvis.api import Model, Person, Unit, folded, utcnow
from parvis_social.api import Place
from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

KIND = "group"
"""The kind of place that a group is."""

WORD_LENGTH = 40
TAG_LENGTH = 60


class Theme(StrEnum):
    """What a group is about: both are equal."""

    WORK = "work"
    LEISURE = "leisure"


class Scope(StrEnum):
    """For whom a group is meant; whoever else is interested may come too."""

    COMPANY = "company"
    SITE = "site"
    DEPARTMENT = "department"


class State(StrEnum):
    """How something stands that somebody asked for."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNDONE = "undone"


class Group(Model):
    """What a group says of itself, and its signs of life as last counted."""

    __tablename__ = "groups_group"
    __table_args__ = (
        Index("ix_groups_group_active", "posts_month", "place_id"),
        Index("ix_groups_group_unit", "unit_id", "posts_month", "place_id"),
        Index("ix_groups_group_orphaned", "orphaned_at", "place_id"),
        Index(
            "ix_groups_group_different",
            "place_id",
            sqlite_where=text("difference != ''"),
            postgresql_where=text("difference != ''"),
        ),
        UniqueConstraint("founder_id", "form_key"),
    )

    place_id: Mapped[int] = mapped_column(
        ForeignKey("social_place.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    purpose: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(default="")
    """In Markdown, as written."""
    description_html: Mapped[str] = mapped_column(default="")
    theme: Mapped[str] = mapped_column(String(8), default=Theme.WORK)
    scope: Mapped[str] = mapped_column(String(12), default=Scope.COMPANY)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", ondelete="SET NULL"))
    """The site or department that it is local to."""
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Codes of the languages spoken: first that of name and purpose, then that of the place's second name
    and of the second purpose."""
    second_purpose: Mapped[str] = mapped_column(String(200), default="")
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    difference: Mapped[str] = mapped_column(String(300), default="")
    """What its founder said sets it apart from the similar groups that were shown."""
    founder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    form_key: Mapped[str | None] = mapped_column(String(40))
    """The key of the form it was created by: sent twice, it is created once."""
    posts_month: Mapped[int] = mapped_column(default=0)
    """How many contents were published in the last 30 days, comments apart; counted every hour."""
    active_members: Mapped[int] = mapped_column(default=0)
    """How many people published or commented in the last 30 days; counted every hour."""
    orphaned_at: Mapped[datetime | None]
    """Since when none of its owners is in the company any more."""
    cared_at: Mapped[datetime | None]
    """When it was passed on to those who care for groups without owner."""

    place: Mapped[Place] = relationship(lazy="joined", innerjoin=True)
    unit: Mapped[Unit | None] = relationship()


class GroupWord(Model):
    """A word that a group is found by: folded, whole and stemmed. `rank`: 1 in its name, 2 a tag, 3 in its
    purpose; of a word that has several the best."""

    __tablename__ = "groups_word"
    __table_args__ = (Index("ix_groups_word_word", "word", "rank", "place_id"),)

    place_id: Mapped[int] = mapped_column(
        ForeignKey("groups_group.place_id", ondelete="CASCADE"), primary_key=True
    )
    word: Mapped[str] = mapped_column(folded(WORD_LENGTH), primary_key=True)
    rank: Mapped[int]


class GroupTag(Model):
    """A group carries a tag, compared by its folded form."""

    __tablename__ = "groups_tag"
    __table_args__ = (Index("ix_groups_tag_folded", "folded", "place_id"),)

    place_id: Mapped[int] = mapped_column(
        ForeignKey("groups_group.place_id", ondelete="CASCADE"), primary_key=True
    )
    folded: Mapped[str] = mapped_column(folded(TAG_LENGTH), primary_key=True)
    label: Mapped[str] = mapped_column(String(TAG_LENGTH))


class JoinRequest(Model):
    """Somebody asks to join a closed group; asked again, it is the same row."""

    __tablename__ = "groups_request"
    __table_args__ = (
        Index("ix_groups_request_person", "person_id", "place_id"),
        Index(
            "ix_groups_request_pending",
            "place_id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )

    place_id: Mapped[int] = mapped_column(
        ForeignKey("groups_group.place_id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    message: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(default=utcnow)
    state: Mapped[str] = mapped_column(String(10), default=State.PENDING)
    words: Mapped[str] = mapped_column(String(500), default="")
    """What was answered."""
    answered_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class Invitation(Model):
    """Somebody is invited to a group; invited again, it is the same row."""

    __tablename__ = "groups_invitation"
    __table_args__ = (
        Index("ix_groups_invitation_person", "person_id", "place_id"),
        Index("ix_groups_invitation_inviter", "inviter_id", "at"),
    )

    place_id: Mapped[int] = mapped_column(
        ForeignKey("groups_group.place_id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    inviter_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    message: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(default=utcnow)
    state: Mapped[str] = mapped_column(String(10), default=State.PENDING)


class Ban(Model):
    """Somebody may neither join a group nor contribute to it, and knows why."""

    __tablename__ = "groups_ban"
    __table_args__ = (Index("ix_groups_ban_person", "person_id", "place_id"),)

    place_id: Mapped[int] = mapped_column(
        ForeignKey("groups_group.place_id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(default=utcnow)


class Offer(Model):
    """An orphaned group is offered to one of its members: whoever takes it first becomes owner."""

    __tablename__ = "groups_offer"
    __table_args__ = (Index("ix_groups_offer_person", "person_id", "place_id"),)

    place_id: Mapped[int] = mapped_column(
        ForeignKey("groups_group.place_id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)


class Proposal(Model):
    """Somebody proposes a topic to a group's owners instead of opening a similar group."""

    __tablename__ = "groups_proposal"
    __table_args__ = (
        Index("ix_groups_proposal_place", "place_id", "id"),
        Index("ix_groups_proposal_person", "person_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("groups_group.place_id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(default=utcnow)


class Dismissal(Model):
    """Somebody does not want a group suggested again."""

    __tablename__ = "groups_dismissal"
    __table_args__ = (Index("ix_groups_dismissal_place", "place_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    place_id: Mapped[int] = mapped_column(
        ForeignKey("groups_group.place_id", ondelete="CASCADE"), primary_key=True
    )


class Merge(Model):
    """One group becomes part of another: proposed, done, undone."""

    __tablename__ = "groups_merge"
    __table_args__ = (
        Index("ix_groups_merge_origin", "origin_id", "id"),
        Index("ix_groups_merge_target", "target_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    origin_id: Mapped[int] = mapped_column(ForeignKey("groups_group.place_id", ondelete="CASCADE"))
    target_id: Mapped[int] = mapped_column(ForeignKey("groups_group.place_id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(10), default=State.PENDING)
    message: Mapped[str] = mapped_column(String(500), default="")
    opening: Mapped[bool] = mapped_column(default=False)
    """Whether it was agreed that more people will read what the origin holds."""
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    proposed_at: Mapped[datetime] = mapped_column(default=utcnow)
    done_at: Mapped[datetime | None]
    was_archived: Mapped[bool] = mapped_column(default=False)
    """Whether the origin was archived before."""

    origin: Mapped[Group] = relationship(foreign_keys=[origin_id])
    target: Mapped[Group] = relationship(foreign_keys=[target_id])


class MergeMember(Model):
    """Somebody whom a merge made a member of the target, or gave a higher role there."""

    __tablename__ = "groups_merge_member"
    __table_args__ = (Index("ix_groups_merge_member_person", "person_id"),)

    merge_id: Mapped[int] = mapped_column(ForeignKey("groups_merge.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    before: Mapped[str | None] = mapped_column(String(10))
    """Their role in the target before; none: they were no member."""
    given: Mapped[str] = mapped_column(String(10))


class MergeFollow(Model):
    """Somebody whom a merge made a follower of the target."""

    __tablename__ = "groups_merge_follow"
    __table_args__ = (Index("ix_groups_merge_follow_person", "person_id"),)

    merge_id: Mapped[int] = mapped_column(ForeignKey("groups_merge.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)


class MergeContent(Model):
    """A content that a merge moved; its comments go with it."""

    __tablename__ = "groups_merge_content"
    __table_args__ = (Index("ix_groups_merge_content_content", "content_id"),)

    merge_id: Mapped[int] = mapped_column(ForeignKey("groups_merge.id", ondelete="CASCADE"), primary_key=True)
    content_id: Mapped[int] = mapped_column(
        ForeignKey("social_content.id", ondelete="CASCADE"), primary_key=True
    )
