"""A version says who wrote another over it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the column: of earlier changes nobody knows it."""
    with op.batch_alter_table("social_version") as table:
        table.add_column(sa.Column("changed_by_id", BigId, nullable=True))
        table.create_foreign_key(
            "fk_social_version_changed_by_id_person", "person", ["changed_by_id"], ["id"], ondelete="SET NULL"
        )
    op.create_index("ix_social_version_changed_by", "social_version", ["changed_by_id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_social_version_changed_by", "social_version")
    with op.batch_alter_table("social_version") as table:
        table.drop_constraint("fk_social_version_changed_by_id_person", type_="foreignkey")
        table.drop_column("changed_by_id")
