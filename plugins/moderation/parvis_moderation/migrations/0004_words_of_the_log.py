"""The log's facts are never changed; its words are, where they name somebody who is forgotten."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FACTS = "id, at, what, actor_id, person_id, place_id, case_id, subject, address"


def upgrade() -> None:
    """Let the words be changed."""
    _replace(f"UPDATE OF {FACTS}")


def downgrade() -> None:
    """Let nothing be changed."""
    _replace("UPDATE")


def _replace(when: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER moderation_log_kept")
        op.execute(
            f"CREATE TRIGGER moderation_log_kept BEFORE {when} ON moderation_log"
            " BEGIN SELECT RAISE(ABORT, 'the log is only ever added to'); END"
        )
    else:
        op.execute("DROP TRIGGER moderation_log_kept ON moderation_log")
        op.execute(
            f"CREATE TRIGGER moderation_log_kept BEFORE {when} ON moderation_log"
            " FOR EACH ROW EXECUTE FUNCTION moderation_log_kept()"
        )
