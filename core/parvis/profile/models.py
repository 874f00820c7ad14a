"""What people say of themselves."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from parvis.db import Model, utcnow
from parvis.directory.models import Person, folded


class Profile(Model):
    """The person's own words; `hidden` names the fields that only they see."""

    __tablename__ = "profile"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    headline: Mapped[str] = mapped_column(String(160), default="")
    about: Mapped[str] = mapped_column(default="")
    about_html: Mapped[str] = mapped_column(default="")
    renderer: Mapped[int] = mapped_column(default=0)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    links: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)  # {"label", "url"}
    hidden: Mapped[list[str]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)

    person: Mapped[Person] = relationship()
    __mapper_args__ = {"version_id_col": version}


class Career(Model):
    """One period of a career: a role, where, from when to when (to is empty: today).

    `started` and `ended` are a year or a month as in ISO 8601 (`2011`, `2011-09`): few remember the month
    of everything.
    """

    __tablename__ = "profile_career"
    __table_args__ = (Index("ix_profile_career_person", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(160))
    organisation: Mapped[str] = mapped_column(String(160), default="")
    started: Mapped[str | None] = mapped_column(String(7))
    ended: Mapped[str | None] = mapped_column(String(7))


class Interest(Model):
    """One interest or hobby, as typed, and folded to be compared."""

    __tablename__ = "profile_interest"
    __table_args__ = (Index("ix_profile_interest_folded", "folded", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    folded: Mapped[str] = mapped_column(folded(60), primary_key=True)
    label: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(default=0)


class Photo(Model):
    """One of up to twelve photos; the first by position is the main one, and its square is the face."""

    __tablename__ = "profile_photo"
    __table_args__ = (Index("ix_profile_photo_person", "person_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    media_key: Mapped[str] = mapped_column(String(200), unique=True)
    alternative: Mapped[str] = mapped_column(String(300), default="")
    width: Mapped[int]
    height: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
