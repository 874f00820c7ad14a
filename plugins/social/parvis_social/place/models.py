"""Places, who belongs to them, and who follows them."""

from datetime import datetime
from enum import StrEnum

from parvis.api import BigId, Model, Person, get_locale, utcnow
from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

EVERYONE = 0
"""The audience of what every member may read; any other audience is the id of a place."""


class Access(StrEnum):
    """Who reads a place: all members; its own, while others see that it exists; its own alone."""

    OPEN = "open"
    CLOSED = "closed"
    SECRET = "secret"


class Role(StrEnum):
    """What somebody is in a place. Who visits it only reads it, for a time, and does not belong to it."""

    VISITOR = "visitor"
    MEMBER = "member"
    MODERATOR = "moderator"
    OWNER = "owner"


class Posting(StrEnum):
    """Who publishes in a place: whoever may read it, its members, or those who look after it."""

    READERS = "readers"
    MEMBERS = "members"
    MODERATORS = "moderators"


class Level(StrEnum):
    """Of what in a place somebody wants to be told."""

    ALL = "all"
    MENTIONS = "mentions"
    NOTHING = "nothing"


def name_for_reader(own: str, second: str, second_language: str) -> str:
    """Choose between the names of a place by the language of who reads."""
    if not second:
        return own
    locale = get_locale()
    return second if locale is not None and locale.language == second_language else own


SHARED = text("person_id IS NULL")
"""The condition that a place is nobody's own, as a wall is somebody's."""


class Place(Model):
    """Where contents live. What is particular to a kind of place, its plugin keeps in a table of its own."""

    __tablename__ = "social_place"
    __table_args__ = (
        UniqueConstraint("kind", "slug"),
        Index("ix_social_place_person", "person_id", "kind", unique=True),
        Index("ix_social_place_latest", "latest_id", sqlite_where=SHARED, postgresql_where=SHARED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    """Name of a registered `PlaceKind`: `wall`, `group` ..."""
    slug: Mapped[str] = mapped_column(String(80))
    """How the kind's pages address it; of a wall, the person's handle."""
    name: Mapped[str] = mapped_column(String(160))
    second_name: Mapped[str] = mapped_column(String(160), default="")
    """Its name for those who read `second_language`; empty: it has none."""
    second_language: Mapped[str] = mapped_column(String(8), default="")
    access: Mapped[str] = mapped_column(String(8), default=Access.OPEN)
    posting: Mapped[str] = mapped_column(String(12), default=Posting.MEMBERS)
    level: Mapped[str] = mapped_column(String(8), default=Level.MENTIONS)
    """Of what its members are told unless they say otherwise."""
    types: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Names of the content types that may be published here besides posts."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    """Whose it is, where a kind has one for each person."""
    picture_key: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    archived_at: Mapped[datetime | None]
    moved_to_id: Mapped[int | None] = mapped_column(ForeignKey("social_place.id", ondelete="SET NULL"))
    """The place that this one was merged into, whose page is shown instead."""
    latest_id: Mapped[int] = mapped_column(BigId, default=0)
    """The newest content, comments included; what has come since a follower's `seen_id` is new to them."""
    active_at: Mapped[datetime | None]
    """When something was last published or commented."""
    contents_count: Mapped[int] = mapped_column(default=0)
    members_count: Mapped[int] = mapped_column(default=0)

    @property
    def shown_name(self) -> str:
        """Its name, as whoever reads it reads it."""
        return name_for_reader(self.name, self.second_name, self.second_language)

    @property
    def audience(self) -> int:
        """Who may read what is published here: `EVERYONE`, or this place's members."""
        return EVERYONE if self.access == Access.OPEN else self.id


class Membership(Model):
    """Somebody belongs to a place, or visits it; what closed places hold is read by these alone."""

    __tablename__ = "social_membership"
    __table_args__ = (
        Index("ix_social_membership_place", "place_id", "role", "person_id"),
        # Else PostgreSQL looks for somebody's role among all who belong to the place, in the index above.
        Index("ix_social_membership_person", "person_id", "place_id", "role"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("social_place.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(10), default=Role.MEMBER)
    since: Mapped[datetime] = mapped_column(default=utcnow)

    person: Mapped[Person] = relationship()
    place: Mapped[Place] = relationship()


class PlaceFollow(Model):
    """Somebody wants a place in their feed, and says of what in it they want to be told.

    Muted until then: neither feed nor notifications, without leaving.
    """

    __tablename__ = "social_place_follow"
    __table_args__ = (Index("ix_social_place_follow_place", "place_id", "level", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("social_place.id", ondelete="CASCADE"), primary_key=True)
    level: Mapped[str] = mapped_column(String(8), default=Level.MENTIONS)
    muted_until: Mapped[datetime | None]
    seen_id: Mapped[int] = mapped_column(BigId, default=0)
    since: Mapped[datetime] = mapped_column(default=utcnow)

    @property
    def muted(self) -> bool:
        """Whether one hears nothing of the place now."""
        return self.muted_until is not None and self.muted_until > utcnow()


class PersonFollow(Model):
    """Somebody wants what a colleague publishes in their feed, wherever they may read it."""

    __tablename__ = "social_person_follow"
    __table_args__ = (Index("ix_social_person_follow_followed", "followed_id", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    followed_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime] = mapped_column(default=utcnow)


class Visitor(Model):
    """What a member chose, and how far they have looked: one row, read once a page."""

    __tablename__ = "social_visitor"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    feed_order: Mapped[str] = mapped_column(String(8), default="new")
    """`new`: newest first; `active`: newest activity first."""
    feed_filter: Mapped[str] = mapped_column(String(16), default="all")
    seen_id: Mapped[int] = mapped_column(BigId, default=0)
    """The newest content that their home page has shown."""
    last_visit_id: Mapped[int] = mapped_column(BigId, default=0)
    """What `seen_id` was when the present visit began: the line "seen at your last visit". Below
    zero: it is the first visit, and there is no such line."""
    seen_at: Mapped[datetime | None]
    unread: Mapped[int] = mapped_column(default=0)
    """Unread notifications, counted when they come and go."""
    read_up_to: Mapped[int] = mapped_column(BigId, default=0)
    """Notifications up to this one are read, whatever their own mark says: "all read" is one update."""
    choices: Mapped[dict[str, bool]] = mapped_column(JSON, default=dict)
    """Notification kinds switched on or off, by name; what is missing is as the kind says."""
