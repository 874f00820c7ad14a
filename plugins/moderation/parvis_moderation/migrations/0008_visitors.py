"""Who visits a closed place is a visitor there, and not a member any more."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

GOING_ON = """
EXISTS (SELECT 1 FROM moderation_visit AS visit WHERE visit.ended_at IS NULL
        AND visit.place_id = social_membership.place_id AND visit.person_id = social_membership.person_id)
"""


def upgrade() -> None:
    """Make visitors of the members whose visit has not ended, and count them no more."""
    _change("member", "visitor", -1)


def downgrade() -> None:
    """Make members of them again."""
    _change("visitor", "member", 1)


def _change(before: str, after: str, by: int) -> None:
    these = f"social_membership.role = '{before}' AND {GOING_ON}"
    here = f"social_membership.place_id = social_place.id AND {these}"
    op.execute(
        f"UPDATE social_place SET members_count = members_count + {by} * "
        f"(SELECT count(*) FROM social_membership WHERE {here}) "
        "WHERE id IN (SELECT place_id FROM moderation_visit WHERE ended_at IS NULL)"
    )
    op.execute(f"UPDATE social_membership SET role = '{after}' WHERE {these}")
