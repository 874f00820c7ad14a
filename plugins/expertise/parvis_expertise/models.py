"""Skills with all their names, what people say of theirs, and who confirms it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from parvis.api import Model, Person, folded, utcnow
from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .domain.word import KEY_LENGTH, NAME_LENGTH, WORD_LENGTH

NOTE_LENGTH = 200
LANGUAGE = "language"
"""The kind of the skills that are languages: people are filtered by them."""


class Level(StrEnum):
    """What somebody says of a skill of theirs, in words."""

    TEACH = "teach"
    EXPERT = "expert"
    PRACTISE = "practise"
    ASK = "ask"
    """They may be asked about it, and say no more."""
    LEARN = "learn"
    WISH = "wish"
    """They have it not, and would like to."""


LEVELS = tuple(Level)
RANKS = {level: rank for rank, level in enumerate(LEVELS, 1)}
"""In this order people are listed: an order of words, not of people."""
KNOWING = RANKS[Level.LEARN]
"""The last rank of those who know something of it."""


class State(StrEnum):
    """How it stands with a colleague's word on somebody's skill."""

    ASKED = "asked"
    REFUSED = "refused"
    """The colleague was asked, and would rather not."""
    GIVEN = "given"
    HIDDEN = "hidden"
    """Whose skill it is does not show it."""
    DECLINED = "declined"
    """Whose skill it is did not want it; it is not given again."""


def name_in(language: str, english: str, french: str) -> str:
    """Return the name of a skill in a language, or what it is called otherwise."""
    return french or english if language == "fr" else english or french


class Skill(Model):
    """One skill, as it is called in each language; a language in which nobody named it is empty."""

    __tablename__ = "expertise_skill"
    __table_args__ = (Index("ix_expertise_skill_people", "people_count", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    english: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    french: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    kind: Mapped[str] = mapped_column(String(16), default="")
    """`language`, or nothing."""
    people_count: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How many who are in the company say that they know something of it."""
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("expertise_skill.id", ondelete="SET NULL"), index=True
    )
    """The skill that it turned out to be; it keeps its address, which leads there."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Who named it first; nobody for those that come with the plugin."""
    at: Mapped[datetime] = mapped_column(default=utcnow)

    @property
    def names(self) -> list[str]:
        """What it is called in each language. Two that are compared by the same key are one `SkillName`."""
        return [name for name in (self.english, self.french) if name]

    def name_for(self, language: str) -> str:
        """Return its name in a language, or what it is called otherwise."""
        return name_in(language, self.english, self.french)


class SkillName(Model):
    """One name of a skill: names are compared by `key`, and each means one skill."""

    __tablename__ = "expertise_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("expertise_skill.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(2), default="")
    """`en`, `fr`, or not told."""
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    key: Mapped[str] = mapped_column(folded(KEY_LENGTH), unique=True)


class NameWord(Model):
    """A word of a name, to find skills while one types: a range of this index is a prefix."""

    __tablename__ = "expertise_word"
    __table_args__ = (Index("ix_expertise_word_word", "word", "name_id"),)

    name_id: Mapped[int] = mapped_column(
        ForeignKey("expertise_name.id", ondelete="CASCADE"), primary_key=True
    )
    word: Mapped[str] = mapped_column(folded(WORD_LENGTH), primary_key=True)


class Merge(Model):
    """Two skills turned out to be one: what was moved, so that it can be taken back."""

    __tablename__ = "expertise_merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("expertise_skill.id", ondelete="CASCADE"), index=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("expertise_skill.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    moved: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    skill: Mapped[Skill] = relationship(foreign_keys=[skill_id])
    into: Mapped[Skill] = relationship(foreign_keys=[into_id])


class Declaration(Model):
    """What a person says of one skill."""

    __tablename__ = "expertise_declaration"
    __table_args__ = (Index("ix_expertise_declaration_skill", "skill_id", "rank", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(
        ForeignKey("expertise_skill.id", ondelete="CASCADE"), primary_key=True
    )
    rank: Mapped[int]
    """The place of its `Level`."""
    asks: Mapped[bool] = mapped_column(default=False)
    """Whether they may be asked about it."""
    at: Mapped[datetime] = mapped_column(default=utcnow)

    skill: Mapped[Skill] = relationship()
    person: Mapped[Person] = relationship()

    @property
    def level(self) -> Level:
        """What they say, in a word."""
        return LEVELS[self.rank - 1]


class Endorsement(Model):
    """A colleague's word on a person's skill: asked for, given, hidden ...; only what is given is shown.

    It stays when a person no longer declares the skill, and is shown nowhere then.
    """

    __tablename__ = "expertise_endorsement"
    __table_args__ = (
        Index("ix_expertise_endorsement_by", "by_id", "state", "at"),
        Index("ix_expertise_endorsement_skill", "skill_id", "person_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(
        ForeignKey("expertise_skill.id", ondelete="CASCADE"), primary_key=True
    )
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(8))
    note: Mapped[str] = mapped_column(String(NOTE_LENGTH), default="")
    """On what they worked together."""
    at: Mapped[datetime] = mapped_column(default=utcnow)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    skill: Mapped[Skill] = relationship()


class Consent(Model):
    """Somebody wants their contributions in open places shown beside what they know; no row: they do not."""

    __tablename__ = "expertise_consent"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = mapped_column(default=utcnow)


class Curator(Model):
    """Somebody is in the directory's group of those who look after the words."""

    __tablename__ = "expertise_curator"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )


class TitleWord(Model):
    """A word of somebody's title in the directory: whoever never came is found by it."""

    __tablename__ = "expertise_title"
    __table_args__ = (Index("ix_expertise_title_word", "word", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(folded(WORD_LENGTH), primary_key=True)


class Spot(Model):
    """How many people of a department know of a skill, as last counted: the map."""

    __tablename__ = "expertise_spot"
    __table_args__ = (Index("ix_expertise_spot_people", "unit_id", "people"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(
        ForeignKey("expertise_skill.id", ondelete="CASCADE"), primary_key=True
    )
    people: Mapped[int]

    skill: Mapped[Skill] = relationship()
