"""Those who ask to be let into a group and have no answer, found without reading who had one."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_groups_request_pending",
        "groups_request",
        ["place_id"],
        sqlite_where=PENDING,
        postgresql_where=PENDING,
    )


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_groups_request_pending", "groups_request")
