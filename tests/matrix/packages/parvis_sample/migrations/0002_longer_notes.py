"""Longer notes: on SQLite the table is made anew, with its rows."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sample_note") as batch:
        batch.alter_column("text", type_=sa.String(400), existing_nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("sample_note") as batch:
        batch.alter_column("text", type_=sa.String(200), existing_nullable=False)
