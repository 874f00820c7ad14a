"""The few groups whose founders said how they differ from similar ones, found without reading all."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DIFFERENT = sa.text("difference != ''")


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_groups_group_different",
        "groups_group",
        ["place_id"],
        sqlite_where=DIFFERENT,
        postgresql_where=DIFFERENT,
    )


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_groups_group_different", "groups_group")
