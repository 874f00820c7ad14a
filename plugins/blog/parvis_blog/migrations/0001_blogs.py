"""Blogs, articles, drafts, questions, keys of feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FOLDED = sa.String(100).with_variant(sa.String(100, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "blog_feed_key",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_blog_feed_key_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_blog_feed_key"),
        sa.UniqueConstraint("digest", name="uq_blog_feed_key_digest"),
    )
    op.create_index("ix_blog_feed_key_person", "blog_feed_key", ["person_id", "id"], unique=False)
    op.create_table(
        "blog_leader",
        sa.Column("person_id", BigId, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_blog_leader_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_blog_leader"),
    )
    op.create_table(
        "blog_blog",
        sa.Column("place_id", BigId, autoincrement=False, nullable=False),
        sa.Column("leader_id", BigId, nullable=True),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("second_name", sa.String(length=160), nullable=False),
        sa.Column("second_purpose", sa.String(length=200), nullable=False),
        sa.Column("author_ids", sa.JSON(), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.Column("questions_count", BigId, nullable=False),
        sa.Column("answered_count", BigId, nullable=False),
        sa.Column("median_delay", BigId, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["person.id"], name="fk_blog_blog_leader_id_person", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["social_place.id"], name="fk_blog_blog_place_id_social_place", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("place_id", name="pk_blog_blog"),
    )
    op.create_index("ix_blog_blog_leader", "blog_blog", ["leader_id"], unique=False)
    op.create_index(
        "uq_blog_blog_main",
        "blog_blog",
        ["is_main"],
        unique=True,
        sqlite_where=sa.text("is_main = 1"),
        postgresql_where=sa.text("is_main"),
    )
    op.create_table(
        "blog_article",
        sa.Column("content_id", BigId, autoincrement=False, nullable=False),
        sa.Column("place_id", BigId, nullable=False),
        sa.Column("month", BigId, nullable=False),
        sa.Column("publisher_id", BigId, nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("minutes", BigId, nullable=False),
        sa.Column("second_title", sa.String(length=200), nullable=False),
        sa.Column("second_excerpt", sa.String(), nullable=False),
        sa.Column("second_source", sa.String(), nullable=False),
        sa.Column("second_html", sa.String(), nullable=False),
        sa.Column("second_minutes", BigId, nullable=False),
        sa.Column("lead", sa.JSON(), nullable=True),
        sa.Column("series", sa.String(length=100), nullable=False),
        sa.Column("series_key", FOLDED, nullable=False),
        sa.Column("acknowledge", sa.Boolean(), nullable=False),
        sa.Column("acknowledged_count", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["social_content.id"],
            name="fk_blog_article_content_id_social_content",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["blog_blog.place_id"],
            name="fk_blog_article_place_id_blog_blog",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["publisher_id"], ["person.id"], name="fk_blog_article_publisher_id_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("content_id", name="pk_blog_article"),
    )
    op.create_index(
        "ix_blog_article_month", "blog_article", ["place_id", "month", "content_id"], unique=False
    )
    op.create_index("ix_blog_article_publisher", "blog_article", ["publisher_id"], unique=False)
    op.create_index(
        "ix_blog_article_series", "blog_article", ["place_id", "series_key", "content_id"], unique=False
    )
    op.create_table(
        "blog_draft",
        sa.Column("id", BigId, nullable=False),
        sa.Column("place_id", BigId, nullable=False),
        sa.Column("author_id", BigId, nullable=False),
        sa.Column("content_id", BigId, nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("second_title", sa.String(length=200), nullable=False),
        sa.Column("second_source", sa.String(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("lead_id", BigId, nullable=True),
        sa.Column("lead_alt", sa.String(length=300), nullable=False),
        sa.Column("lead_caption", sa.String(length=300), nullable=False),
        sa.Column("tags", sa.String(length=300), nullable=False),
        sa.Column("series", sa.String(length=100), nullable=False),
        sa.Column("acknowledge", sa.Boolean(), nullable=False),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("scheduled_by_id", BigId, nullable=True),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("version", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", BigId, nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name="fk_blog_draft_author_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name="fk_blog_draft_changed_by_id_person", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["social_content.id"],
            name="fk_blog_draft_content_id_social_content",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["blog_blog.place_id"], name="fk_blog_draft_place_id_blog_blog", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["scheduled_by_id"],
            ["person.id"],
            name="fk_blog_draft_scheduled_by_id_person",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_blog_draft"),
        sa.UniqueConstraint("content_id", name="uq_blog_draft_content_id"),
    )
    op.create_index("ix_blog_draft_author", "blog_draft", ["author_id"], unique=False)
    op.create_index("ix_blog_draft_changed_by", "blog_draft", ["changed_by_id"], unique=False)
    op.create_index("ix_blog_draft_place", "blog_draft", ["place_id", "id"], unique=False)
    op.create_index(
        "ix_blog_draft_scheduled",
        "blog_draft",
        ["scheduled_at"],
        unique=False,
        sqlite_where=sa.text("scheduled_at IS NOT NULL"),
        postgresql_where=sa.text("scheduled_at IS NOT NULL"),
    )
    op.create_index("ix_blog_draft_scheduled_by", "blog_draft", ["scheduled_by_id"], unique=False)
    op.create_table(
        "blog_question",
        sa.Column("id", BigId, nullable=False),
        sa.Column("place_id", BigId, nullable=False),
        sa.Column("asker_id", BigId, nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("form_key", sa.String(length=40), nullable=True),
        sa.Column("voices", BigId, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_source", sa.String(), nullable=False),
        sa.Column("answer_html", sa.String(), nullable=False),
        sa.Column("answer_content_id", BigId, nullable=True),
        sa.Column("answerer_id", BigId, nullable=True),
        sa.Column("publisher_id", BigId, nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_by_id", BigId, nullable=True),
        sa.Column("hide_reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_content_id"],
            ["social_content.id"],
            name="fk_blog_question_answer_content_id_social_content",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["answerer_id"], ["person.id"], name="fk_blog_question_answerer_id_person", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["asker_id"], ["person.id"], name="fk_blog_question_asker_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["hidden_by_id"], ["person.id"], name="fk_blog_question_hidden_by_id_person", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["blog_blog.place_id"],
            name="fk_blog_question_place_id_blog_blog",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["publisher_id"], ["person.id"], name="fk_blog_question_publisher_id_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_blog_question"),
        sa.UniqueConstraint("asker_id", "form_key", name="uq_blog_question_asker_id_form_key"),
    )
    op.create_index("ix_blog_question_answer_content", "blog_question", ["answer_content_id"], unique=False)
    op.create_index("ix_blog_question_answerer", "blog_question", ["answerer_id"], unique=False)
    op.create_index("ix_blog_question_asker", "blog_question", ["asker_id", "id"], unique=False)
    op.create_index("ix_blog_question_hidden_by", "blog_question", ["hidden_by_id"], unique=False)
    op.create_index(
        "ix_blog_question_open",
        "blog_question",
        ["place_id", "voices", "id"],
        unique=False,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_index("ix_blog_question_place", "blog_question", ["place_id", "id"], unique=False)
    op.create_index("ix_blog_question_publisher", "blog_question", ["publisher_id"], unique=False)
    op.create_table(
        "blog_acknowledgement",
        sa.Column("content_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["blog_article.content_id"],
            name="fk_blog_acknowledgement_content_id_blog_article",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_blog_acknowledgement_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("content_id", "person_id", name="pk_blog_acknowledgement"),
    )
    op.create_index("ix_blog_acknowledgement_person", "blog_acknowledgement", ["person_id"], unique=False)
    op.create_table(
        "blog_review",
        sa.Column("draft_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("asked_by_id", BigId, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remark", sa.String(length=2000), nullable=False),
        sa.Column("remarked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name="fk_blog_review_asked_by_id_person", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["blog_draft.id"], name="fk_blog_review_draft_id_blog_draft", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_blog_review_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("draft_id", "person_id", name="pk_blog_review"),
    )
    op.create_index("ix_blog_review_asked_by", "blog_review", ["asked_by_id"], unique=False)
    op.create_index("ix_blog_review_person", "blog_review", ["person_id", "draft_id"], unique=False)
    op.create_table(
        "blog_voice",
        sa.Column("question_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_blog_voice_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["blog_question.id"],
            name="fk_blog_voice_question_id_blog_question",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", "person_id", name="pk_blog_voice"),
    )
    op.create_index("ix_blog_voice_person", "blog_voice", ["person_id"], unique=False)


def downgrade() -> None:
    for table in (
        "blog_voice",
        "blog_review",
        "blog_acknowledgement",
        "blog_question",
        "blog_draft",
        "blog_article",
        "blog_blog",
        "blog_leader",
        "blog_feed_key",
    ):
        op.drop_table(table)
