"""Comments by what they answer: of a long discussion no more is read than a page shows."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

REPLY = sa.text("parent_id IS NOT NULL")


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_social_content_parent",
        "social_content",
        ["parent_id"],
        sqlite_where=REPLY,
        postgresql_where=REPLY,
    )


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_social_content_parent", "social_content")
