"""Places, contents, notifications."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FOLDED = sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "social_tag",
        sa.Column("id", BigId, nullable=False),
        sa.Column("folded", FOLDED, nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("contents_count", BigId, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_social_tag"),
        sa.UniqueConstraint("folded", name="uq_social_tag_folded"),
    )
    op.create_table(
        "social_person_follow",
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("followed_id", BigId, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["followed_id"],
            ["person.id"],
            name="fk_social_person_follow_followed_id_person",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_social_person_follow_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "followed_id", name="pk_social_person_follow"),
    )
    op.create_index(
        "ix_social_person_follow_followed", "social_person_follow", ["followed_id", "person_id"], unique=False
    )
    op.create_table(
        "social_place",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("access", sa.String(length=8), nullable=False),
        sa.Column("posting", sa.String(length=12), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("types", sa.JSON(), nullable=False),
        sa.Column("person_id", BigId, nullable=True),
        sa.Column("picture_key", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_to_id", BigId, nullable=True),
        sa.Column("latest_id", BigId, nullable=False),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contents_count", BigId, nullable=False),
        sa.Column("members_count", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["moved_to_id"],
            ["social_place.id"],
            name="fk_social_place_moved_to_id_social_place",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_social_place_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_social_place"),
        sa.UniqueConstraint("kind", "slug", name="uq_social_place_kind_slug"),
    )
    op.create_index("ix_social_place_person", "social_place", ["person_id", "kind"], unique=True)
    op.create_table(
        "social_tag_follow",
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("tag_id", BigId, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_social_tag_follow_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["social_tag.id"], name="fk_social_tag_follow_tag_id_social_tag", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "tag_id", name="pk_social_tag_follow"),
    )
    op.create_index("ix_social_tag_follow_tag", "social_tag_follow", ["tag_id"], unique=False)
    op.create_table(
        "social_visitor",
        sa.Column("person_id", BigId, autoincrement=False, nullable=False),
        sa.Column("feed_order", sa.String(length=8), nullable=False),
        sa.Column("feed_filter", sa.String(length=16), nullable=False),
        sa.Column("seen_id", BigId, nullable=False),
        sa.Column("last_visit_id", BigId, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unread", BigId, nullable=False),
        sa.Column("read_up_to", BigId, nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_social_visitor_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_social_visitor"),
    )
    op.create_table(
        "social_content",
        sa.Column("id", BigId, nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("place_id", BigId, nullable=False),
        sa.Column("author_id", BigId, nullable=False),
        sa.Column("audience", BigId, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body_html", sa.String(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("root_id", BigId, nullable=True),
        sa.Column("parent_id", BigId, nullable=True),
        sa.Column("number", BigId, nullable=True),
        sa.Column("latest_id", BigId, nullable=False),
        sa.Column("comments_given", BigId, nullable=False),
        sa.Column("comments_count", BigId, nullable=False),
        sa.Column("answer_id", BigId, nullable=True),
        sa.Column("reactions", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", BigId, nullable=False),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_by_id", BigId, nullable=True),
        sa.Column("lock_reason", sa.String(length=300), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by_id", BigId, nullable=True),
        sa.Column("form_key", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="fk_social_content_author_id_person"),
        sa.ForeignKeyConstraint(
            ["deleted_by_id"],
            ["person.id"],
            name="fk_social_content_deleted_by_id_person",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["locked_by_id"], ["person.id"], name="fk_social_content_locked_by_id_person", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["social_place.id"],
            name="fk_social_content_place_id_social_place",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["root_id"],
            ["social_content.id"],
            name="fk_social_content_root_id_social_content",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_social_content"),
        sa.UniqueConstraint("author_id", "form_key", name="uq_social_content_author_id_form_key"),
    )
    op.create_index(
        "ix_social_content_author_active",
        "social_content",
        ["author_id", "latest_id"],
        unique=False,
        sqlite_where=sa.text("root_id IS NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("root_id IS NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_social_content_author_new",
        "social_content",
        ["author_id", "id"],
        unique=False,
        sqlite_where=sa.text("root_id IS NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("root_id IS NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_social_content_deleted",
        "social_content",
        ["deleted_at"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "ix_social_content_pinned",
        "social_content",
        ["place_id", "pinned_at"],
        unique=False,
        sqlite_where=sa.text("pinned_at IS NOT NULL"),
        postgresql_where=sa.text("pinned_at IS NOT NULL"),
    )
    op.create_index(
        "ix_social_content_place_active",
        "social_content",
        ["place_id", "latest_id"],
        unique=False,
        sqlite_where=sa.text("root_id IS NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("root_id IS NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_social_content_place_new",
        "social_content",
        ["place_id", "id"],
        unique=False,
        sqlite_where=sa.text("root_id IS NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("root_id IS NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_social_content_thread",
        "social_content",
        ["root_id", "number"],
        unique=False,
        sqlite_where=sa.text("root_id IS NOT NULL"),
        postgresql_where=sa.text("root_id IS NOT NULL"),
    )
    op.create_table(
        "social_draft",
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("place_id", BigId, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_social_draft_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["social_place.id"],
            name="fk_social_draft_place_id_social_place",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "place_id", name="pk_social_draft"),
    )
    op.create_table(
        "social_membership",
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("place_id", BigId, nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_social_membership_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["social_place.id"],
            name="fk_social_membership_place_id_social_place",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "place_id", name="pk_social_membership"),
    )
    op.create_index(
        "ix_social_membership_place", "social_membership", ["place_id", "role", "person_id"], unique=False
    )
    op.create_table(
        "social_place_follow",
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("place_id", BigId, nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("muted_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_id", BigId, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_social_place_follow_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["social_place.id"],
            name="fk_social_place_follow_place_id_social_place",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "place_id", name="pk_social_place_follow"),
    )
    op.create_index(
        "ix_social_place_follow_place",
        "social_place_follow",
        ["place_id", "level", "person_id"],
        unique=False,
    )
    op.create_table(
        "social_bookmark",
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("content_id", BigId, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["social_content.id"],
            name="fk_social_bookmark_content_id_social_content",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_social_bookmark_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "content_id", name="pk_social_bookmark"),
    )
    op.create_index("ix_social_bookmark_content", "social_bookmark", ["content_id"], unique=False)
    op.create_table(
        "social_content_tag",
        sa.Column("content_id", BigId, nullable=False),
        sa.Column("tag_id", BigId, nullable=False),
        sa.Column("latest_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["social_content.id"],
            name="fk_social_content_tag_content_id_social_content",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["social_tag.id"], name="fk_social_content_tag_tag_id_social_tag", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("content_id", "tag_id", name="pk_social_content_tag"),
    )
    op.create_index(
        "ix_social_content_tag_active", "social_content_tag", ["tag_id", "latest_id"], unique=False
    )
    op.create_index("ix_social_content_tag_new", "social_content_tag", ["tag_id", "content_id"], unique=False)
    op.create_table(
        "social_file",
        sa.Column("id", BigId, nullable=False),
        sa.Column("owner_id", BigId, nullable=False),
        sa.Column("content_id", BigId, nullable=True),
        sa.Column("place_id", BigId, nullable=True),
        sa.Column("media_key", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("size", BigId, nullable=False),
        sa.Column("width", BigId, nullable=True),
        sa.Column("height", BigId, nullable=True),
        sa.Column("alternative", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["social_content.id"],
            name="fk_social_file_content_id_social_content",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name="fk_social_file_owner_id_person"),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["social_place.id"],
            name="fk_social_file_place_id_social_place",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_social_file"),
        sa.UniqueConstraint("media_key", name="uq_social_file_media_key"),
    )
    op.create_index("ix_social_file_content", "social_file", ["content_id"], unique=False)
    op.create_index("ix_social_file_owner", "social_file", ["owner_id", "id"], unique=False)
    op.create_index("ix_social_file_place", "social_file", ["place_id", "id"], unique=False)
    op.create_table(
        "social_mention",
        sa.Column("content_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["social_content.id"],
            name="fk_social_mention_content_id_social_content",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_social_mention_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("content_id", "person_id", name="pk_social_mention"),
    )
    op.create_index("ix_social_mention_person", "social_mention", ["person_id", "content_id"], unique=False)
    op.create_table(
        "social_notification",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("actor_id", BigId, nullable=True),
        sa.Column("place_id", BigId, nullable=True),
        sa.Column("content_id", BigId, nullable=True),
        sa.Column("root_id", BigId, nullable=True),
        sa.Column("count", BigId, nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name="fk_social_notification_actor_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["social_content.id"],
            name="fk_social_notification_content_id_social_content",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_social_notification_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["social_place.id"],
            name="fk_social_notification_place_id_social_place",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_social_notification"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_social_notification_content", "social_notification", ["content_id"], unique=False)
    op.create_index("ix_social_notification_person", "social_notification", ["person_id", "id"], unique=False)
    op.create_index(
        "ix_social_notification_place", "social_notification", ["place_id", "person_id"], unique=False
    )
    op.create_index(
        "ix_social_notification_subject", "social_notification", ["root_id", "person_id"], unique=False
    )
    op.create_table(
        "social_reaction",
        sa.Column("content_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["social_content.id"],
            name="fk_social_reaction_content_id_social_content",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_social_reaction_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("content_id", "person_id", name="pk_social_reaction"),
    )
    op.create_index("ix_social_reaction_person", "social_reaction", ["person_id", "content_id"], unique=False)
    op.create_table(
        "social_text",
        sa.Column("content_id", BigId, autoincrement=False, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("renderer", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["social_content.id"],
            name="fk_social_text_content_id_social_content",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("content_id", name="pk_social_text"),
    )
    op.create_table(
        "social_version",
        sa.Column("content_id", BigId, nullable=False),
        sa.Column("number", BigId, autoincrement=False, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("body_html", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["social_content.id"],
            name="fk_social_version_content_id_social_content",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("content_id", "number", name="pk_social_version"),
    )


def downgrade() -> None:
    for table in (
        "social_version",
        "social_text",
        "social_reaction",
        "social_notification",
        "social_mention",
        "social_file",
        "social_content_tag",
        "social_bookmark",
        "social_place_follow",
        "social_membership",
        "social_draft",
        "social_content",
        "social_visitor",
        "social_tag_follow",
        "social_place",
        "social_person_follow",
        "social_tag",
    ):
        op.drop_table(table)
