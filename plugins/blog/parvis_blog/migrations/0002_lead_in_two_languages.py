"""What the lead picture shows, and its caption, in the second language too."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NAMES = ("second_lead_alt", "second_lead_caption")


def upgrade() -> None:
    for name in NAMES:
        op.add_column("blog_draft", sa.Column(name, sa.String(length=300), nullable=False, server_default=""))


def downgrade() -> None:
    for name in NAMES:
        op.drop_column("blog_draft", name)
