"""Places by what was written in them last: the liveliest of who follow much are found among these."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SHARED = sa.text("person_id IS NULL")


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_social_place_latest",
        "social_place",
        ["latest_id"],
        sqlite_where=SHARED,
        postgresql_where=SHARED,
    )


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_social_place_latest", "social_place")
