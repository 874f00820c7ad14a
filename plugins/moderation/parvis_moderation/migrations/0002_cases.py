"""Reports in cases, decisions, appeals, suspensions, texts, and the log, which is only ever added to."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "moderation_log",
        sa.Column("id", BigId, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.Column("actor_id", BigId, nullable=True),
        sa.Column("person_id", BigId, nullable=True),
        sa.Column("place_id", BigId, nullable=True),
        sa.Column("case_id", BigId, nullable=True),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=4000), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_moderation_log"),
    )
    op.create_index("ix_moderation_log_actor", "moderation_log", ["actor_id", "id"], unique=False)
    op.create_index("ix_moderation_log_at", "moderation_log", ["at"], unique=False)
    op.create_index("ix_moderation_log_person", "moderation_log", ["person_id", "id"], unique=False)
    op.create_index("ix_moderation_log_what", "moderation_log", ["what", "id"], unique=False)
    op.create_table(
        "moderation_template",
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.PrimaryKeyConstraint("act", "language", name="pk_moderation_template"),
    )
    op.create_table(
        "moderation_case",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", BigId, nullable=False),
        sa.Column("place_id", BigId, nullable=True),
        sa.Column("person_id", BigId, nullable=True),
        sa.Column("desk", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("reports_count", BigId, nullable=False),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("decided_at", Moment, nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_moderation_case_person_id_person", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["social_place.id"],
            name="fk_moderation_case_place_id_social_place",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_moderation_case"),
    )
    op.create_index(
        "ix_moderation_case_decided",
        "moderation_case",
        ["decided_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'closed'"),
        postgresql_where=sa.text("state = 'closed'"),
    )
    op.create_index(
        "ix_moderation_case_desk",
        "moderation_case",
        ["desk", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_moderation_case_person", "moderation_case", ["person_id", "id"], unique=False)
    op.create_index(
        "ix_moderation_case_place",
        "moderation_case",
        ["place_id", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_moderation_case_waiting",
        "moderation_case",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "uq_moderation_case_subject",
        "moderation_case",
        ["kind", "subject_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "moderation_decision",
        sa.Column("id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("by_id", BigId, nullable=True),
        sa.Column("desk", sa.String(length=8), nullable=False),
        sa.Column("person_id", BigId, nullable=True),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("delay", BigId, nullable=False),
        sa.Column("until", Moment, nullable=True),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("undone_at", Moment, nullable=True),
        sa.Column("undone_by_id", BigId, nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name="fk_moderation_decision_by_id_person", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["moderation_case.id"],
            name="fk_moderation_decision_case_id_moderation_case",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_moderation_decision_person_id_person", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"],
            ["person.id"],
            name="fk_moderation_decision_undone_by_id_person",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_moderation_decision"),
    )
    op.create_index("ix_moderation_decision_at", "moderation_decision", ["at"], unique=False)
    op.create_index("ix_moderation_decision_case", "moderation_decision", ["case_id", "id"], unique=False)
    op.create_index("ix_moderation_decision_person", "moderation_decision", ["person_id", "id"], unique=False)
    op.create_table(
        "moderation_report",
        sa.Column("id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("reporter_id", BigId, nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=True),
        sa.Column("at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["moderation_case.id"],
            name="fk_moderation_report_case_id_moderation_case",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"],
            ["person.id"],
            name="fk_moderation_report_reporter_id_person",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_moderation_report"),
        sa.UniqueConstraint("case_id", "reporter_id", name="uq_moderation_report_case_id_reporter_id"),
    )
    op.create_index("ix_moderation_report_reporter", "moderation_report", ["reporter_id", "id"], unique=False)
    op.create_table(
        "moderation_appeal",
        sa.Column("decision_id", BigId, autoincrement=False, nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("answered_at", Moment, nullable=True),
        sa.Column("by_id", BigId, nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.String(length=4000), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name="fk_moderation_appeal_by_id_person", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["moderation_decision.id"],
            name="fk_moderation_appeal_decision_id_moderation_decision",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("decision_id", name="pk_moderation_appeal"),
    )
    op.create_index(
        "ix_moderation_appeal_open",
        "moderation_appeal",
        ["decision_id"],
        unique=False,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_table(
        "moderation_suspension",
        sa.Column("decision_id", BigId, autoincrement=False, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["moderation_decision.id"],
            name="fk_moderation_suspension_decision_id_moderation_decision",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_moderation_suspension_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("decision_id", name="pk_moderation_suspension"),
    )
    op.create_index(
        "ix_moderation_suspension_person", "moderation_suspension", ["person_id", "until"], unique=False
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER moderation_log_kept BEFORE UPDATE ON moderation_log"
            " BEGIN SELECT RAISE(ABORT, 'the log is only ever added to'); END"
        )
    else:
        op.execute(
            "CREATE FUNCTION moderation_log_kept() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the log is only ever added to'; END $$"
        )
        op.execute(
            "CREATE TRIGGER moderation_log_kept BEFORE UPDATE ON moderation_log"
            " FOR EACH ROW EXECUTE FUNCTION moderation_log_kept()"
        )


def downgrade() -> None:
    """Drop them."""
    for table in ("suspension", "appeal", "report", "decision", "case", "template", "log"):
        op.drop_table(f"moderation_{table}")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION moderation_log_kept()")
