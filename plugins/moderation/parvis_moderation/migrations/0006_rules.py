"""What the owners of a place want looked at before it is published."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "moderation_rule",
        sa.Column("place_id", BigId, autoincrement=False, nullable=False),
        sa.Column("newcomers_wait", sa.Boolean(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("per_day", BigId, nullable=False),
        sa.Column("flag_links", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["social_place.id"],
            name="fk_moderation_rule_place_id_social_place",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("place_id", name="pk_moderation_rule"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("moderation_rule")
