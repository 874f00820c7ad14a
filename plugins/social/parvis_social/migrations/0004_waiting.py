"""Posts that somebody reads before they are published."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)
OPEN, REFUSED = sa.text("refused_at IS NULL"), sa.text("refused_at IS NOT NULL")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "social_waiting",
        sa.Column("id", BigId, nullable=False),
        sa.Column("place_id", BigId, nullable=False),
        sa.Column("author_id", BigId, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("body_html", sa.String(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("form_key", sa.String(length=40), nullable=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("refused_at", Moment, nullable=True),
        sa.Column("refused_by_id", BigId, nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name="fk_social_waiting_author_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["social_place.id"],
            name="fk_social_waiting_place_id_social_place",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["refused_by_id"],
            ["person.id"],
            name="fk_social_waiting_refused_by_id_person",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_social_waiting"),
        sa.UniqueConstraint("author_id", "form_key", name="uq_social_waiting_author_id_form_key"),
    )
    op.create_index(
        "ix_social_waiting_place",
        "social_waiting",
        ["place_id", "id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_social_waiting_author", "social_waiting", ["author_id", "id"])
    op.create_index(
        "ix_social_waiting_refused",
        "social_waiting",
        ["refused_at"],
        sqlite_where=REFUSED,
        postgresql_where=REFUSED,
    )
    op.create_table(
        "social_waiting_file",
        sa.Column("file_id", BigId, autoincrement=False, nullable=False),
        sa.Column("waiting_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["social_file.id"],
            name="fk_social_waiting_file_file_id_social_file",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["waiting_id"],
            ["social_waiting.id"],
            name="fk_social_waiting_file_waiting_id_social_waiting",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file_id", name="pk_social_waiting_file"),
    )
    op.create_index("ix_social_waiting_file_waiting", "social_waiting_file", ["waiting_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("social_waiting_file")
    op.drop_table("social_waiting")
