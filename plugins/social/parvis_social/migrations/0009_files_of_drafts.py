"""Pictures and files are kept with a draft."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "social_draft_file",
        sa.Column("file_id", BigId, autoincrement=False, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("place_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["social_file.id"],
            name="fk_social_draft_file_file_id_social_file",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "place_id"],
            ["social_draft.person_id", "social_draft.place_id"],
            name="fk_social_draft_file_person_id_social_draft",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file_id", name="pk_social_draft_file"),
    )
    op.create_index("ix_social_draft_file_draft", "social_draft_file", ["person_id", "place_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("social_draft_file")
