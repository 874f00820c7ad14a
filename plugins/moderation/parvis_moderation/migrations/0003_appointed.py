"""Those who moderate, appointed by an administrator."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column(
        "moderation_manager",
        sa.Column("appointed", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    """Drop it, and who was appointed."""
    op.execute("DELETE FROM moderation_manager WHERE appointed")
    op.drop_column("moderation_manager", "appointed")
