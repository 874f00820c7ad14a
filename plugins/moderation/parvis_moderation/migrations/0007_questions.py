"""Questions to those who moderate the whole site."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)
OPEN, ANSWERED = sa.text("answered_at IS NULL"), sa.text("answered_at IS NOT NULL")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "moderation_question",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("answered_at", Moment, nullable=True),
        sa.Column("by_id", BigId, nullable=True),
        sa.Column("answer", sa.String(length=4000), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_moderation_question_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name="fk_moderation_question_by_id_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_moderation_question"),
    )
    op.create_index("ix_moderation_question_person", "moderation_question", ["person_id", "id"])
    for name, column, condition in (("open", "id", OPEN), ("answered", "answered_at", ANSWERED)):
        op.create_index(
            f"ix_moderation_question_{name}",
            "moderation_question",
            [column],
            sqlite_where=condition,
            postgresql_where=condition,
        )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("moderation_question")
