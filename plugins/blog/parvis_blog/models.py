"""Blogs: each is a place of social; what only blogs and their articles have stands here."""

from datetime import datetime
from typing import Any

from parvis.api import Model, Person, folded, utcnow
from parvis_social.api import Content, Place
from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

LEADER, TEAM, PERSONAL = "blog", "team_blog", "personal_blog"
KINDS = (LEADER, TEAM, PERSONAL)
"""Kinds of places: what each holds comes under another filter of the home feed."""

ARTICLE = "article"
"""The type of content that an article is."""

LANGUAGES = ("fr", "en")
NAME_LENGTH = 160
TITLE_LENGTH = 200
SERIES_LENGTH = 100


class Blog(Model):
    """What a blog says of itself, and how well it keeps its word to who asks."""

    __tablename__ = "blog_blog"
    __table_args__ = (
        Index("ix_blog_blog_leader", "leader_id"),
        Index(
            "uq_blog_blog_main", "is_main", unique=True,
            sqlite_where=text("is_main = 1"), postgresql_where=text("is_main"),
        ),
    )  # fmt: skip

    place_id: Mapped[int] = mapped_column(
        ForeignKey("social_place.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Whose blog it is; none of a team's."""
    purpose: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(8), default="fr")
    """That of its name and purpose, and of new articles until their author says otherwise."""
    second_purpose: Mapped[str] = mapped_column(String(200), default="")
    author_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    """Who owns the place, kept here so that their comments stand out without another query."""
    asks: Mapped[bool] = mapped_column(default=True)
    """Whether questions can be put."""
    anonymous: Mapped[bool] = mapped_column(default=False)
    """Whether they can be put without one's name being shown."""
    is_main: Mapped[bool] = mapped_column(default=False)
    """Whether new members follow it from their first day: at most one."""
    questions_count: Mapped[int] = mapped_column(default=0)
    answered_count: Mapped[int] = mapped_column(default=0)
    median_delay: Mapped[int | None]
    """Half of the answers came within so many seconds."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    place: Mapped[Place] = relationship(lazy="joined", innerjoin=True)
    leader: Mapped[Person | None] = relationship()


class Article(Model):
    """The detail of an article that is published: what is read."""

    __tablename__ = "blog_article"
    __table_args__ = (
        Index("ix_blog_article_month", "place_id", "month", "content_id"),
        Index("ix_blog_article_series", "place_id", "series_key", "content_id"),
        Index("ix_blog_article_publisher", "publisher_id"),
    )

    content_id: Mapped[int] = mapped_column(
        ForeignKey("social_content.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    place_id: Mapped[int] = mapped_column(ForeignKey("blog_blog.place_id", ondelete="CASCADE"))
    month: Mapped[int]
    """The month it was published in, in UTC: 202611."""
    publisher_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Who published it first for its author, whoever changes it afterwards; none: the author did."""
    language: Mapped[str] = mapped_column(String(8))
    source: Mapped[str]
    """In Markdown, as it was published: its draft may have moved on."""
    html: Mapped[str]
    minutes: Mapped[int] = mapped_column(default=1)
    """How long it takes to read."""
    second_title: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    second_excerpt: Mapped[str] = mapped_column(default="")
    second_source: Mapped[str] = mapped_column(default="")
    second_html: Mapped[str] = mapped_column(default="")
    second_minutes: Mapped[int] = mapped_column(default=1)
    lead: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The picture above it: `id`, `name`, `width`, `height`, `alt`, `caption`; in the second language, where
    they are given, `second_alt` and `second_caption`."""
    series: Mapped[str] = mapped_column(String(SERIES_LENGTH), default="")
    series_key: Mapped[str] = mapped_column(folded(SERIES_LENGTH), default="")
    acknowledge: Mapped[bool] = mapped_column(default=False)
    """Whether it asks its readers to say that they have read it."""
    acknowledged_count: Mapped[int] = mapped_column(default=0)

    publisher: Mapped[Person | None] = relationship()


class Draft(Model):
    """What is being written, of an article to come or of one that is published: nobody reads it yet."""

    __tablename__ = "blog_draft"
    __table_args__ = (
        Index("ix_blog_draft_place", "place_id", "id"),
        Index("ix_blog_draft_author", "author_id"),
        Index("ix_blog_draft_changed_by", "changed_by_id"),
        Index(
            "ix_blog_draft_scheduled", "scheduled_at",
            sqlite_where=text("scheduled_at IS NOT NULL"), postgresql_where=text("scheduled_at IS NOT NULL"),
        ),
        Index("ix_blog_draft_scheduled_by", "scheduled_by_id"),
        UniqueConstraint("content_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("blog_blog.place_id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    """In whose name it is to be published."""
    content_id: Mapped[int | None] = mapped_column(ForeignKey("social_content.id", ondelete="CASCADE"))
    """The article that it was published as, and will be published as again."""
    language: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    source: Mapped[str] = mapped_column(default="")
    second_title: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    second_source: Mapped[str] = mapped_column(default="")
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Pictures and files for it: `id`, `name`, `size`; of pictures also `width` and `height`."""
    lead_id: Mapped[int | None]
    lead_alt: Mapped[str] = mapped_column(String(300), default="")
    lead_caption: Mapped[str] = mapped_column(String(300), default="")
    second_lead_alt: Mapped[str] = mapped_column(String(300), default="", server_default="")
    second_lead_caption: Mapped[str] = mapped_column(String(300), default="", server_default="")
    tags: Mapped[str] = mapped_column(String(300), default="")
    series: Mapped[str] = mapped_column(String(SERIES_LENGTH), default="")
    acknowledge: Mapped[bool] = mapped_column(default=False)
    scheduled_at: Mapped[datetime | None]
    timezone: Mapped[str] = mapped_column(String(64), default="")
    """In which the moment was chosen, and is shown."""
    scheduled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    problem: Mapped[str] = mapped_column(String(300), default="")
    """Why it was not published when it should have been."""
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    changed_at: Mapped[datetime] = mapped_column(default=utcnow)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    place: Mapped[Place] = relationship(
        primaryjoin=lambda: foreign(Draft.place_id) == Place.id, viewonly=True, lazy="joined", innerjoin=True
    )
    content: Mapped[Content | None] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    changed_by: Mapped[Person | None] = relationship(foreign_keys=[changed_by_id])


class Review(Model):
    """A colleague is asked to look at a draft: they may read it, and say what they think."""

    __tablename__ = "blog_review"
    __table_args__ = (
        Index("ix_blog_review_person", "person_id", "draft_id"),
        Index("ix_blog_review_asked_by", "asked_by_id"),
    )

    draft_id: Mapped[int] = mapped_column(ForeignKey("blog_draft.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    remark: Mapped[str] = mapped_column(String(2000), default="")
    remarked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class Question(Model):
    """Somebody asks a leader, with their name or without its being shown; others add their voice."""

    __tablename__ = "blog_question"
    __table_args__ = (
        Index(
            "ix_blog_question_open", "place_id", "voices", "id",
            sqlite_where=text("answered_at IS NULL"), postgresql_where=text("answered_at IS NULL"),
        ),
        Index("ix_blog_question_place", "place_id", "id"),
        Index("ix_blog_question_asker", "asker_id", "id"),
        Index("ix_blog_question_answerer", "answerer_id"),
        Index("ix_blog_question_publisher", "publisher_id"),
        Index("ix_blog_question_hidden_by", "hidden_by_id"),
        Index("ix_blog_question_answer_content", "answer_content_id"),
        UniqueConstraint("asker_id", "form_key"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("blog_blog.place_id", ondelete="CASCADE"))
    asker_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    """Kept of an anonymous question too, so that they are told of the answer: shown to nobody."""
    anonymous: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(String(1000))
    form_key: Mapped[str | None] = mapped_column(String(40))
    voices: Mapped[int] = mapped_column(default=1)
    """How many want to know: who asks is the first."""
    asked_at: Mapped[datetime] = mapped_column(default=utcnow)
    answered_at: Mapped[datetime | None]
    answer_source: Mapped[str] = mapped_column(default="")
    answer_html: Mapped[str] = mapped_column(default="")
    answer_content_id: Mapped[int | None] = mapped_column(
        ForeignKey("social_content.id", ondelete="SET NULL")
    )
    """The article that answers it."""
    answerer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    publisher_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Who wrote the answer down for them; none: they did."""
    hidden_at: Mapped[datetime | None]
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    hide_reason: Mapped[str] = mapped_column(String(300), default="")


class Voice(Model):
    """Somebody wants to know the same."""

    __tablename__ = "blog_voice"
    __table_args__ = (Index("ix_blog_voice_person", "person_id"),)

    question_id: Mapped[int] = mapped_column(
        ForeignKey("blog_question.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)


class Acknowledgement(Model):
    """Somebody said that they have read an article that asked for it: counted, and shown to them alone."""

    __tablename__ = "blog_acknowledgement"
    __table_args__ = (Index("ix_blog_acknowledgement_person", "person_id"),)

    content_id: Mapped[int] = mapped_column(
        ForeignKey("blog_article.content_id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)


class FeedKey(Model):
    """A key by which a program of somebody's reads the feeds of blogs; only its digest is kept."""

    __tablename__ = "blog_feed_key"
    __table_args__ = (Index("ix_blog_feed_key_person", "person_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class Leader(Model):
    """Somebody is in the directory's group of leaders, and so may open a blog of their own."""

    __tablename__ = "blog_leader"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
