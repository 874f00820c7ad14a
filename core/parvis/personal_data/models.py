"""What people ask about the data that is kept of them, and what came of it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from parvis.db import Model, utcnow
from parvis.directory.models import Person

EXPORT, ERASE = "export", "erase"
VALID = timedelta(days=1)
"""How long an archive can be downloaded."""


class DataRequest(Model):
    """Somebody asks for their data, or that they be forgotten: done by the worker, once."""

    __tablename__ = "personal_data_request"
    __table_args__ = (Index("ix_personal_data_request_person", "person_id", "kind", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8))
    contents: Mapped[str] = mapped_column(String(8), default="")
    """Of an erasure: whether what they published is to `keep` or to `remove`."""
    asked_at: Mapped[datetime] = mapped_column(default=utcnow)
    done_at: Mapped[datetime | None]
    media_key: Mapped[str | None] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What came of it, without a name: of an archive, who could not tell theirs."""

    person: Mapped[Person] = relationship()

    @property
    def valid_until(self) -> datetime:
        """Until when an archive can be downloaded."""
        return (self.done_at or self.asked_at) + VALID
