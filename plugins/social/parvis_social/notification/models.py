"""Notifications, each with what it is about."""

from datetime import datetime
from typing import Any

from parvis.api import BigId, Model, Person, utcnow
from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship


class Notification(Model):
    """Something that a person wants to know. Several of one kind on one thing, unread, are one row with a
    count: the newest takes the place of the others, so that the list stays in order of its ids."""

    __tablename__ = "social_notification"
    __table_args__ = (
        Index("ix_social_notification_person", "person_id", "id"),
        Index("ix_social_notification_subject", "root_id", "person_id"),
        Index("ix_social_notification_place", "place_id", "person_id"),
        Index("ix_social_notification_content", "content_id"),
        {"sqlite_autoincrement": True},  # no number twice: "read up to" is one
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(80))
    """Name of a registered `NotificationKind`: `social:mentioned` ..."""
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("social_place.id", ondelete="CASCADE"))
    content_id: Mapped[int | None] = mapped_column(ForeignKey("social_content.id", ondelete="CASCADE"))
    root_id: Mapped[int | None] = mapped_column(BigId)
    """The content that the thread stands under: what is gathered into one row."""
    count: Mapped[int] = mapped_column(default=1)
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    read_at: Mapped[datetime | None]

    actor: Mapped[Person | None] = relationship(foreign_keys=[actor_id])
