"""Comments in the order of their reactions, comments that are hidden, files that are held."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COMMENTS = sa.text("root_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("social_content", sa.Column("reactions_count", BigId, nullable=False, server_default="0"))
    op.add_column("social_content", sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True))
    reaction = sa.table("social_reaction", sa.column("content_id"))
    content = sa.table("social_content", sa.column("id"), sa.column("reactions_count"))
    count = sa.select(sa.func.count()).where(reaction.c.content_id == content.c.id).scalar_subquery()
    reacted = content.c.id.in_(sa.select(reaction.c.content_id))
    op.execute(sa.update(content).where(reacted).values(reactions_count=count))
    op.create_index(
        "ix_social_content_liked",
        "social_content",
        ["root_id", "reactions_count", "number"],
        unique=False,
        sqlite_where=COMMENTS,
        postgresql_where=COMMENTS,
    )
    op.create_table(
        "social_hiding",
        sa.Column("content_id", BigId, autoincrement=False, nullable=False),
        sa.Column("by_id", BigId, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name="fk_social_hiding_by_id_person", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["social_content.id"],
            name="fk_social_hiding_content_id_social_content",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("content_id", name="pk_social_hiding"),
    )
    op.create_index("ix_social_hiding_by", "social_hiding", ["by_id"], unique=False)
    op.create_table(
        "social_held_file",
        sa.Column("file_id", BigId, autoincrement=False, nullable=False),
        sa.Column("place_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["social_file.id"],
            name="fk_social_held_file_file_id_social_file",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["social_place.id"],
            name="fk_social_held_file_place_id_social_place",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file_id", name="pk_social_held_file"),
    )
    op.create_index("ix_social_held_file_place", "social_held_file", ["place_id"], unique=False)


def downgrade() -> None:
    op.drop_table("social_held_file")
    op.drop_table("social_hiding")
    op.drop_index("ix_social_content_liked", "social_content")
    op.drop_column("social_content", "hidden_at")
    op.drop_column("social_content", "reactions_count")
