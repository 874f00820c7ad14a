"""The charter; reports, which are gathered in cases; decisions, appeals, suspensions; the log of all that."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from parvis.api import BigId, Model, Person, utcnow
from parvis_social.api import Place
from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

NOTE_LENGTH = 1000
REASON_LENGTH = 300
TEXT_LENGTH = 4000
TITLE_LENGTH = 200


class State(StrEnum):
    """How it stands with a case."""

    OPEN = "open"
    WAITING = "waiting"
    """Its author was asked to change something."""
    CLOSED = "closed"


class Desk(StrEnum):
    """Who is to decide: those who look after the place, or those who moderate the whole site."""

    PLACE = "place"
    MANAGERS = "managers"


class Act(StrEnum):
    """What can be decided."""

    NOTHING = "nothing"
    MESSAGE = "message"
    EDIT = "edit"
    HIDE = "hide"
    LOCK = "lock"
    WARN = "warn"
    SUSPEND = "suspend"
    HOLD = "hold"
    """Hidden by a setting for the time being, since so many reported it: somebody decides afterwards."""


class Outcome(StrEnum):
    """What became of an appeal."""

    UPHELD = "upheld"
    OVERTURNED = "overturned"


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
    """Somebody moderates the whole site: by the directory's group, or appointed by an administrator."""

    __tablename__ = "moderation_manager"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    appointed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether they stay, whatever the directory's group says."""


OPEN = text("state = 'open'")
UNDECIDED = text("state <> 'closed'")
DECIDED = text("state = 'closed'")


def _queue(name: str, condition: Any, *columns: str, unique: bool = False) -> Index:
    prefix = "uq" if unique else "ix"
    return Index(
        f"{prefix}_moderation_case_{name}", *columns, unique=unique, sqlite_where=condition,
        postgresql_where=condition,
    )  # fmt: skip


class Case(Model):
    """All reports on one thing that nobody has decided on yet, and what was decided."""

    __tablename__ = "moderation_case"
    __table_args__ = (
        _queue("desk", OPEN, "desk", "id"),
        _queue("place", OPEN, "place_id", "id"),
        _queue("waiting", text("state = 'waiting'"), "id"),
        _queue("decided", DECIDED, "decided_at", "id"),
        _queue("subject", UNDECIDED, "kind", "subject_id", unique=True),
        Index("ix_moderation_case_person", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    """Name of a registered `Reportable`."""
    subject_id: Mapped[int] = mapped_column(BigId)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("social_place.id", ondelete="SET NULL"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Who answers for it: its author, whose profile it is, an owner of the group."""
    desk: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8), default=State.OPEN)
    reason: Mapped[str] = mapped_column(String(20))
    """Of the first report; then of the decision."""
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    url: Mapped[str] = mapped_column(String(300))
    seen: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the first who reported it saw: `html`, `context`, `pictures`, `version`."""
    reports_count: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(default=utcnow)
    decided_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(10), default="")

    place: Mapped[Place | None] = relationship()
    person: Mapped[Person | None] = relationship()


class Report(Model):
    """Somebody reported a thing; its author never learns who."""

    __tablename__ = "moderation_report"
    __table_args__ = (
        UniqueConstraint("case_id", "reporter_id"),
        Index("ix_moderation_report_reporter", "reporter_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id", ondelete="CASCADE"))
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(NOTE_LENGTH), default="")
    seen: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """What they saw, where it was another version than the first who reported it did."""
    at: Mapped[datetime] = mapped_column(default=utcnow)

    reporter: Mapped[Person | None] = relationship()
    case: Mapped[Case] = relationship()


class Decision(Model):
    """What somebody decided on a case, with the text that whoever it is about was sent."""

    __tablename__ = "moderation_decision"
    __table_args__ = (
        Index("ix_moderation_decision_case", "case_id", "id"),
        Index("ix_moderation_decision_person", "person_id", "id"),
        Index("ix_moderation_decision_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id", ondelete="CASCADE"))
    act: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    desk: Mapped[str] = mapped_column(String(8))
    """As whom they decided."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Whom it is about, and who was told."""
    text: Mapped[str] = mapped_column(String(TEXT_LENGTH), default="")
    delay: Mapped[int] = mapped_column(default=0)
    """Seconds since the case was opened."""
    until: Mapped[datetime | None]
    """Of a suspension; of what was held, since when it is hidden by somebody's decision instead."""
    kept: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What is needed to bring back what was hidden."""
    at: Mapped[datetime] = mapped_column(default=utcnow)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    @property
    def stands(self) -> bool:
        """Whether it can be taken back: it was not yet, and no other decision took its place."""
        return self.undone_at is None and not (self.act == Act.HOLD and self.until is not None)

    case: Mapped[Case] = relationship()
    by: Mapped[Person | None] = relationship(foreign_keys=[by_id])
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    appeal: Mapped["Appeal | None"] = relationship(back_populates="decision", uselist=False)


class Appeal(Model):
    """Whom a decision is about asks for it to be looked at again: once."""

    __tablename__ = "moderation_appeal"
    __table_args__ = (
        Index(
            "ix_moderation_appeal_open", "decision_id", sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )  # fmt: skip

    decision_id: Mapped[int] = mapped_column(
        ForeignKey("moderation_decision.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    text: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    answered_at: Mapped[datetime | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    outcome: Mapped[str] = mapped_column(String(10), default="")
    answer: Mapped[str] = mapped_column(String(TEXT_LENGTH), default="")

    decision: Mapped[Decision] = relationship(back_populates="appeal")
    by: Mapped[Person | None] = relationship()


class Suspension(Model):
    """Somebody publishes, comments and reacts nowhere until then. They read as before."""

    __tablename__ = "moderation_suspension"
    __table_args__ = (Index("ix_moderation_suspension_person", "person_id", "until"),)

    decision_id: Mapped[int] = mapped_column(
        ForeignKey("moderation_decision.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    until: Mapped[datetime]


class Template(Model):
    """The text with which a decision is told, in one language, as those who moderate have changed it."""

    __tablename__ = "moderation_template"

    act: Mapped[str] = mapped_column(String(10), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    text: Mapped[str] = mapped_column(String(TEXT_LENGTH))


class LogEntry(Model):
    """Who did what to what, from where, when and why. Only ever added to.

    No key of another table stands here: what is gone elsewhere stays told.
    """

    __tablename__ = "moderation_log"
    __table_args__ = (
        Index("ix_moderation_log_actor", "actor_id", "id"),
        Index("ix_moderation_log_person", "person_id", "id"),
        Index("ix_moderation_log_what", "what", "id"),
        Index("ix_moderation_log_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)
    what: Mapped[str] = mapped_column(String(80))
    actor_id: Mapped[int | None]
    person_id: Mapped[int | None]
    place_id: Mapped[int | None]
    case_id: Mapped[int | None]
    subject: Mapped[str] = mapped_column(String(60), default="")
    """What it was done to: a kind and an id."""
    address: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(String(TEXT_LENGTH), default="")


class Rule(Model):
    """What the owners of a place want looked at before, or after, it is published there. No row: nothing."""

    __tablename__ = "moderation_rule"

    place_id: Mapped[int] = mapped_column(
        ForeignKey("social_place.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    newcomers_wait: Mapped[bool] = mapped_column(default=False)
    words: Mapped[list[str]] = mapped_column(JSON, default=list)
    per_day: Mapped[int] = mapped_column(default=0)
    """How many contributions a day from one person; 0: as many as they like."""
    flag_links: Mapped[bool] = mapped_column(default=False)


class Question(Model):
    """Somebody asks those who moderate the whole site something; they and who asked alone read it."""

    __tablename__ = "moderation_question"
    __table_args__ = (
        Index("ix_moderation_question_person", "person_id", "id"),
        Index(
            "ix_moderation_question_open", "id", sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
        Index(
            "ix_moderation_question_answered", "answered_at", sqlite_where=text("answered_at IS NOT NULL"),
            postgresql_where=text("answered_at IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(NOTE_LENGTH))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    answered_at: Mapped[datetime | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    answer: Mapped[str] = mapped_column(String(TEXT_LENGTH), default="")

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class Visit(Model):
    """Somebody entered a closed place without belonging to it: they are a member of it until then."""

    __tablename__ = "moderation_visit"
    __table_args__ = (
        Index("ix_moderation_visit_person", "person_id", "place_id"),
        Index(
            "ix_moderation_visit_until", "until", sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    place_id: Mapped[int] = mapped_column(ForeignKey("social_place.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    place: Mapped[Place] = relationship()
