"""The name in the second language stands with the first one: in the place."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

GROUPS = "SELECT place_id, second_name, languages FROM groups_group WHERE second_name != ''"
TAKE = "UPDATE social_place SET second_name = :name, second_language = :language WHERE id = :id"
GIVE = (
    "UPDATE groups_group SET second_name ="
    " (SELECT second_name FROM social_place WHERE social_place.id = groups_group.place_id)"
)


def upgrade() -> None:
    """Move the names."""
    connection = op.get_bind()
    for number, name, languages in connection.execute(sa.text(GROUPS)).all():
        spoken = json.loads(languages) if isinstance(languages, str) else languages
        second = spoken[1] if len(spoken) > 1 else ""
        connection.execute(sa.text(TAKE), {"id": number, "name": name, "language": second})
    op.drop_column("groups_group", "second_name")


def downgrade() -> None:
    """Move the names back."""
    column = sa.Column("second_name", sa.String(length=160), nullable=False, server_default="")
    op.add_column("groups_group", column)
    op.get_bind().execute(sa.text(GIVE))
