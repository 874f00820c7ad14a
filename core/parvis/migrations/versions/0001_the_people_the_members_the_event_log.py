"""The people, the members, the event log."""

import sqlalchemy as sa
from alembic import op

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "directory_run",
        sa.Column("id", BigId, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("incremental", sa.Boolean(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=True),
        sa.Column("report", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_run")),
    )
    op.create_table(
        "event",
        sa.Column("id", BigId, nullable=False),
        sa.Column("txid", BigId, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("actor_id", BigId, nullable=True),
        sa.Column("person_id", BigId, nullable=True),
        sa.Column("place_id", BigId, nullable=True),
        sa.Column("content_id", BigId, nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_kind", ["kind", "id"], unique=False)
        batch_op.create_index("ix_event_order", ["txid", "id"], unique=False)

    op.create_table(
        "event_cursor",
        sa.Column("follower", sa.String(length=80), nullable=False),
        sa.Column("txid", BigId, nullable=False),
        sa.Column("event_id", BigId, nullable=False),
        sa.Column("failures", BigId, nullable=False),
        sa.Column("passed_over", BigId, nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("follower", name=op.f("pk_event_cursor")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", BigId, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempt_account", ["account", "at"], unique=False)
        batch_op.create_index("ix_sign_in_attempt_address", ["address", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_attempt_at"), ["at"], unique=False)

    op.create_table(
        "unit",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("headcount", BigId, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("kind", "name", name=op.f("uq_unit_kind_name")),
    )
    op.create_table(
        "person",
        sa.Column("id", BigId, nullable=False),
        sa.Column("directory_key", sa.String(length=64), nullable=True),
        sa.Column("dn", sa.String(length=2000), nullable=True),
        sa.Column("dn_key", sa.String(length=32), nullable=True),
        sa.Column("manager_key", sa.String(length=32), nullable=True),
        sa.Column("username", sa.String(length=255), nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("given_name", sa.String(length=200), nullable=False),
        sa.Column("family_name", sa.String(length=200), nullable=False),
        sa.Column(
            "sort_name",
            sa.String(length=250).with_variant(sa.String(length=250, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("mail", sa.String(length=320), nullable=True),
        sa.Column("phone", sa.String(length=64), nullable=True),
        sa.Column("mobile", sa.String(length=64), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("country", sa.String(length=100), nullable=True),
        sa.Column("job_family", sa.String(length=200), nullable=True),
        sa.Column("site_id", BigId, nullable=True),
        sa.Column("department_id", BigId, nullable=True),
        sa.Column("manager_id", BigId, nullable=True),
        sa.Column("face_key", sa.String(length=200), nullable=True),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("modified", sa.String(length=200), nullable=True),
        sa.Column("photo_mark", sa.String(length=200), nullable=True),
        sa.Column("photo_fingerprint", sa.String(length=64), nullable=True),
        sa.Column("directory_photo_key", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["unit.id"], name=op.f("fk_person_department_id_unit")),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["person.id"], name=op.f("fk_person_manager_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["unit.id"], name=op.f("fk_person_site_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("directory_key", name=op.f("uq_person_directory_key")),
        sa.UniqueConstraint("handle", name=op.f("uq_person_handle")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index("ix_person_browse", ["present", "sort_name", "id"], unique=False)
        batch_op.create_index(
            "ix_person_department", ["department_id", "present", "sort_name", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_person_dn_key"), ["dn_key"], unique=False)
        batch_op.create_index("ix_person_manager", ["manager_id", "present", "sort_name", "id"], unique=False)
        batch_op.create_index("ix_person_site", ["site_id", "present", "sort_name", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_username"), ["username"], unique=False)

    op.create_table(
        "member",
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("administrator", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=True),
        sa.Column("theme_choice", sa.String(length=8), nullable=False),
        sa.Column("shortcuts", sa.Boolean(), nullable=False),
        sa.Column("steps_done", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["person.id"], name=op.f("fk_member_id_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
    )
    op.create_table(
        "person_name",
        sa.Column("person_id", BigId, nullable=False),
        sa.Column(
            "word",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "sort_name",
            sa.String(length=250).with_variant(sa.String(length=250, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_name_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "word", name=op.f("pk_person_name")),
    )
    with op.batch_alter_table("person_name", schema=None) as batch_op:
        batch_op.create_index("ix_person_name_word", ["word", "sort_name", "person_id"], unique=False)

    op.create_table(
        "profile",
        sa.Column("person_id", BigId, autoincrement=False, nullable=False),
        sa.Column("headline", sa.String(length=160), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("about_html", sa.String(), nullable=False),
        sa.Column("renderer", BigId, nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("hidden", sa.JSON(), nullable=False),
        sa.Column("version", BigId, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_profile_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_profile")),
    )
    op.create_table(
        "profile_career",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("role", sa.String(length=160), nullable=False),
        sa.Column("organisation", sa.String(length=160), nullable=False),
        sa.Column("started", sa.String(length=7), nullable=True),
        sa.Column("ended", sa.String(length=7), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_profile_career_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_career")),
    )
    with op.batch_alter_table("profile_career", schema=None) as batch_op:
        batch_op.create_index("ix_profile_career_person", ["person_id"], unique=False)

    op.create_table(
        "profile_interest",
        sa.Column("person_id", BigId, nullable=False),
        sa.Column(
            "folded",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("position", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_profile_interest_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "folded", name=op.f("pk_profile_interest")),
    )
    with op.batch_alter_table("profile_interest", schema=None) as batch_op:
        batch_op.create_index("ix_profile_interest_folded", ["folded", "person_id"], unique=False)

    op.create_table(
        "profile_photo",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("position", BigId, nullable=False),
        sa.Column("media_key", sa.String(length=200), nullable=False),
        sa.Column("alternative", sa.String(length=300), nullable=False),
        sa.Column("width", BigId, nullable=False),
        sa.Column("height", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_profile_photo_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_photo")),
        sa.UniqueConstraint("media_key", name=op.f("uq_profile_photo_media_key")),
    )
    with op.batch_alter_table("profile_photo", schema=None) as batch_op:
        batch_op.create_index("ix_profile_photo_person", ["person_id", "position"], unique=False)

    op.create_table(
        "local_account",
        sa.Column("member_id", BigId, autoincrement=False, nullable=False),
        sa.Column("username", sa.String(length=255), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_local_account_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_local_account")),
        sa.UniqueConstraint("username", name=op.f("uq_local_account_username")),
    )
    op.create_table(
        "member_session",
        sa.Column("id", BigId, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("member_id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=300), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_member_session_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_session")),
        sa.UniqueConstraint("digest", name=op.f("uq_member_session_digest")),
    )
    with op.batch_alter_table("member_session", schema=None) as batch_op:
        batch_op.create_index("ix_member_session_member", ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_member_session_seen_at"), ["seen_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("member_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_session_seen_at"))
        batch_op.drop_index("ix_member_session_member")

    op.drop_table("member_session")
    op.drop_table("local_account")
    with op.batch_alter_table("profile_photo", schema=None) as batch_op:
        batch_op.drop_index("ix_profile_photo_person")

    op.drop_table("profile_photo")
    with op.batch_alter_table("profile_interest", schema=None) as batch_op:
        batch_op.drop_index("ix_profile_interest_folded")

    op.drop_table("profile_interest")
    with op.batch_alter_table("profile_career", schema=None) as batch_op:
        batch_op.drop_index("ix_profile_career_person")

    op.drop_table("profile_career")
    op.drop_table("profile")
    with op.batch_alter_table("person_name", schema=None) as batch_op:
        batch_op.drop_index("ix_person_name_word")

    op.drop_table("person_name")
    op.drop_table("member")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_username"))
        batch_op.drop_index("ix_person_site")
        batch_op.drop_index("ix_person_manager")
        batch_op.drop_index(batch_op.f("ix_person_dn_key"))
        batch_op.drop_index("ix_person_department")
        batch_op.drop_index("ix_person_browse")

    op.drop_table("person")
    op.drop_table("unit")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_attempt_at"))
        batch_op.drop_index("ix_sign_in_attempt_address")
        batch_op.drop_index("ix_sign_in_attempt_account")

    op.drop_table("sign_in_attempt")
    op.drop_table("event_cursor")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_order")
        batch_op.drop_index("ix_event_kind")

    op.drop_table("event")
    op.drop_table("directory_run")
