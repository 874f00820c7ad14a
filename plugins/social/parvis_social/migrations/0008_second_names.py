"""Places have a name in a second language, whatever kind they are."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what kinds of places keep of it themselves, they move here."""
    for name, length in (("second_name", 160), ("second_language", 8)):
        op.add_column("social_place", sa.Column(name, sa.String(length), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("social_place", "second_language")
    op.drop_column("social_place", "second_name")
