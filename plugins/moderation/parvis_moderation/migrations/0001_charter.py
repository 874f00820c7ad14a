"""The charter, who accepted it, who moderates."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "moderation_charter",
        sa.Column("version", BigId, autoincrement=False, nullable=False),
        sa.Column("french", sa.String(), nullable=False),
        sa.Column("english", sa.String(), nullable=False),
        sa.Column("french_html", sa.String(), nullable=False),
        sa.Column("english_html", sa.String(), nullable=False),
        sa.Column("accepted_count", BigId, nullable=False),
        sa.Column("by_id", BigId, nullable=True),
        sa.Column("at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name="fk_moderation_charter_by_id_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("version", name="pk_moderation_charter"),
    )
    op.create_table(
        "moderation_acceptance",
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("version", BigId, autoincrement=False, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_moderation_acceptance_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["version"], ["moderation_charter.version"],
            name="fk_moderation_acceptance_version_moderation_charter", ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "version", name="pk_moderation_acceptance"),
    )  # fmt: skip
    op.create_index("ix_moderation_acceptance_version", "moderation_acceptance", ["version", "person_id"])
    op.create_table(
        "moderation_manager",
        sa.Column("person_id", BigId, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_moderation_manager_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_moderation_manager"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("manager", "acceptance", "charter"):
        op.drop_table(f"moderation_{table}")
