"""The name in the second language stands with the first one: in the place."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TAKE = """
UPDATE social_place SET
  second_name = (SELECT second_name FROM blog_blog WHERE blog_blog.place_id = social_place.id),
  second_language = (
    SELECT CASE language WHEN 'fr' THEN 'en' ELSE 'fr' END
    FROM blog_blog WHERE blog_blog.place_id = social_place.id
  )
WHERE id IN (SELECT place_id FROM blog_blog)
"""
GIVE = """
UPDATE blog_blog SET
  second_name = (SELECT second_name FROM social_place WHERE social_place.id = blog_blog.place_id)
"""


def upgrade() -> None:
    """Move the names."""
    op.get_bind().execute(sa.text(TAKE))
    op.drop_column("blog_blog", "second_name")


def downgrade() -> None:
    """Move the names back."""
    column = sa.Column("second_name", sa.String(length=160), nullable=False, server_default="")
    op.add_column("blog_blog", column)
    op.get_bind().execute(sa.text(GIVE))
