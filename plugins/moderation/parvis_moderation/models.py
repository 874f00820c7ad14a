"""The charter and who accepted it; who moderates."""

from datetime import datetime

from parvis.api import Model, Person, utcnow
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship


class Charter(Model):
    """One version of the charter in both languages; the newest one counts. A version is never changed."""

    __tablename__ = "moderation_charter"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    french: Mapped[str]
    english: Mapped[str]
    """Markdown, as `french`; the HTML is that of `renderer`."""
    french_html: Mapped[str]
    english_html: Mapped[str]
    accepted_count: Mapped[int] = mapped_column(default=0)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Nobody: it came from files, by the command line."""
    at: Mapped[datetime] = mapped_column(default=utcnow)

    by: Mapped[Person | None] = relationship()

    def html(self, language: str) -> str:
        """Return the text in a language, as pages show it."""
        return self.french_html if language == "fr" else self.english_html

    def source(self, language: str) -> str:
        """Return the text in a language, as it was written."""
        return self.french if language == "fr" else self.english


class Acceptance(Model):
    """Somebody accepted a version of the charter."""

    __tablename__ = "moderation_acceptance"
    __table_args__ = (Index("ix_moderation_acceptance_version", "version", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(
        ForeignKey("moderation_charter.version", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = mapped_column(default=utcnow)


class Manager(Model):
    """Somebody is in the directory's group of those who moderate the whole site."""

    __tablename__ = "moderation_manager"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
