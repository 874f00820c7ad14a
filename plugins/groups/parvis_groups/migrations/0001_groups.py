"""Groups, and what becomes of people in them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FOLDED = sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "groups_group",
        sa.Column("place_id", BigId, autoincrement=False, nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("description_html", sa.String(), nullable=False),
        sa.Column("theme", sa.String(length=8), nullable=False),
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.Column("unit_id", BigId, nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("second_name", sa.String(length=160), nullable=False),
        sa.Column("second_purpose", sa.String(length=200), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("difference", sa.String(length=300), nullable=False),
        sa.Column("founder_id", BigId, nullable=True),
        sa.Column("form_key", sa.String(length=40), nullable=True),
        sa.Column("posts_month", BigId, nullable=False),
        sa.Column("active_members", BigId, nullable=False),
        sa.Column("orphaned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cared_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["founder_id"], ["person.id"], name="fk_groups_group_founder_id_person", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["social_place.id"],
            name="fk_groups_group_place_id_social_place",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name="fk_groups_group_unit_id_unit", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("place_id", name="pk_groups_group"),
        sa.UniqueConstraint("founder_id", "form_key", name="uq_groups_group_founder_id_form_key"),
    )
    op.create_index("ix_groups_group_active", "groups_group", ["posts_month", "place_id"], unique=False)
    op.create_index("ix_groups_group_orphaned", "groups_group", ["orphaned_at", "place_id"], unique=False)
    op.create_index(
        "ix_groups_group_unit", "groups_group", ["unit_id", "posts_month", "place_id"], unique=False
    )
    op.create_table(
        "groups_ban",
        sa.Column("place_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("by_id", BigId, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name="fk_groups_ban_by_id_person", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_groups_ban_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["groups_group.place_id"],
            name="fk_groups_ban_place_id_groups_group",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("place_id", "person_id", name="pk_groups_ban"),
    )
    op.create_index("ix_groups_ban_person", "groups_ban", ["person_id", "place_id"], unique=False)
    op.create_table(
        "groups_dismissal",
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("place_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_groups_dismissal_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["groups_group.place_id"],
            name="fk_groups_dismissal_place_id_groups_group",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "place_id", name="pk_groups_dismissal"),
    )
    op.create_index("ix_groups_dismissal_place", "groups_dismissal", ["place_id"], unique=False)
    op.create_table(
        "groups_invitation",
        sa.Column("place_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("inviter_id", BigId, nullable=False),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["inviter_id"], ["person.id"], name="fk_groups_invitation_inviter_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_groups_invitation_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["groups_group.place_id"],
            name="fk_groups_invitation_place_id_groups_group",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("place_id", "person_id", name="pk_groups_invitation"),
    )
    op.create_index("ix_groups_invitation_inviter", "groups_invitation", ["inviter_id", "at"], unique=False)
    op.create_index(
        "ix_groups_invitation_person", "groups_invitation", ["person_id", "place_id"], unique=False
    )
    op.create_table(
        "groups_merge",
        sa.Column("id", BigId, nullable=False),
        sa.Column("origin_id", BigId, nullable=False),
        sa.Column("target_id", BigId, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("opening", sa.Boolean(), nullable=False),
        sa.Column("proposed_by_id", BigId, nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("was_archived", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["origin_id"],
            ["groups_group.place_id"],
            name="fk_groups_merge_origin_id_groups_group",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"],
            ["person.id"],
            name="fk_groups_merge_proposed_by_id_person",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["groups_group.place_id"],
            name="fk_groups_merge_target_id_groups_group",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_groups_merge"),
    )
    op.create_index("ix_groups_merge_origin", "groups_merge", ["origin_id", "id"], unique=False)
    op.create_index("ix_groups_merge_target", "groups_merge", ["target_id", "id"], unique=False)
    op.create_table(
        "groups_offer",
        sa.Column("place_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_groups_offer_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["groups_group.place_id"],
            name="fk_groups_offer_place_id_groups_group",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("place_id", "person_id", name="pk_groups_offer"),
    )
    op.create_index("ix_groups_offer_person", "groups_offer", ["person_id", "place_id"], unique=False)
    op.create_table(
        "groups_proposal",
        sa.Column("id", BigId, nullable=False),
        sa.Column("place_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_groups_proposal_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["groups_group.place_id"],
            name="fk_groups_proposal_place_id_groups_group",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_groups_proposal"),
    )
    op.create_index("ix_groups_proposal_person", "groups_proposal", ["person_id", "at"], unique=False)
    op.create_index("ix_groups_proposal_place", "groups_proposal", ["place_id", "id"], unique=False)
    op.create_table(
        "groups_request",
        sa.Column("place_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_groups_request_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["groups_group.place_id"],
            name="fk_groups_request_place_id_groups_group",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("place_id", "person_id", name="pk_groups_request"),
    )
    op.create_index("ix_groups_request_person", "groups_request", ["person_id", "place_id"], unique=False)
    op.create_table(
        "groups_tag",
        sa.Column("place_id", BigId, nullable=False),
        sa.Column("folded", FOLDED, nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["groups_group.place_id"],
            name="fk_groups_tag_place_id_groups_group",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("place_id", "folded", name="pk_groups_tag"),
    )
    op.create_index("ix_groups_tag_folded", "groups_tag", ["folded", "place_id"], unique=False)
    op.create_table(
        "groups_word",
        sa.Column("place_id", BigId, nullable=False),
        sa.Column(
            "word",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("rank", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["groups_group.place_id"],
            name="fk_groups_word_place_id_groups_group",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("place_id", "word", name="pk_groups_word"),
    )
    op.create_index("ix_groups_word_word", "groups_word", ["word", "rank", "place_id"], unique=False)
    op.create_table(
        "groups_merge_content",
        sa.Column("merge_id", BigId, nullable=False),
        sa.Column("content_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["social_content.id"],
            name="fk_groups_merge_content_content_id_social_content",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["merge_id"],
            ["groups_merge.id"],
            name="fk_groups_merge_content_merge_id_groups_merge",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("merge_id", "content_id", name="pk_groups_merge_content"),
    )
    op.create_index("ix_groups_merge_content_content", "groups_merge_content", ["content_id"], unique=False)
    op.create_table(
        "groups_merge_follow",
        sa.Column("merge_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["merge_id"],
            ["groups_merge.id"],
            name="fk_groups_merge_follow_merge_id_groups_merge",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_groups_merge_follow_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("merge_id", "person_id", name="pk_groups_merge_follow"),
    )
    op.create_index("ix_groups_merge_follow_person", "groups_merge_follow", ["person_id"], unique=False)
    op.create_table(
        "groups_merge_member",
        sa.Column("merge_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("before", sa.String(length=10), nullable=True),
        sa.Column("given", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["merge_id"],
            ["groups_merge.id"],
            name="fk_groups_merge_member_merge_id_groups_merge",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_groups_merge_member_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("merge_id", "person_id", name="pk_groups_merge_member"),
    )
    op.create_index("ix_groups_merge_member_person", "groups_merge_member", ["person_id"], unique=False)


def downgrade() -> None:
    for table in (
        "groups_merge_member",
        "groups_merge_follow",
        "groups_merge_content",
        "groups_word",
        "groups_tag",
        "groups_request",
        "groups_proposal",
        "groups_offer",
        "groups_merge",
        "groups_invitation",
        "groups_dismissal",
        "groups_ban",
        "groups_group",
    ):
        op.drop_table(table)
