"""What somebody is in a place, in one look, however many belong to it."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_social_membership_person", "social_membership", ["person_id", "place_id", "role"])


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_social_membership_person", "social_membership")
