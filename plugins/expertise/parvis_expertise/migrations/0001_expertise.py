"""Skills with the vocabulary to begin with, what people say of theirs, who confirms it."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from parvis.api import UTCDateTime
from parvis_expertise.domain.word import skill_key, skill_words
from parvis_expertise.seed import seeds

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def folded(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def key(name: str, table: str) -> sa.Column[int]:
    """Return a column that is part of the primary key, and points elsewhere."""
    reference = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(name, BigId, reference, primary_key=True, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "expertise_skill",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("english", sa.String(60), nullable=False),
        sa.Column("french", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("people_count", BigId, nullable=False, server_default=sa.text("0")),
        sa.Column("merged_into_id", BigId, sa.ForeignKey("expertise_skill.id", ondelete="SET NULL")),
        sa.Column("by_id", BigId, sa.ForeignKey("person.id", ondelete="SET NULL")),
        sa.Column("at", UTCDateTime(), nullable=False),
    )
    op.create_index("ix_expertise_skill_people", "expertise_skill", ["people_count", "id"])
    op.create_index("ix_expertise_skill_merged_into_id", "expertise_skill", ["merged_into_id"])
    op.create_table(
        "expertise_name",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("skill_id", BigId, sa.ForeignKey("expertise_skill.id", ondelete="CASCADE"), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("key", folded(90), nullable=False),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_expertise_name_skill_id", "expertise_name", ["skill_id"])
    op.create_table(
        "expertise_word",
        key("name_id", "expertise_name"),
        sa.Column("word", folded(40), primary_key=True),
    )
    op.create_index("ix_expertise_word_word", "expertise_word", ["word", "name_id"])
    op.create_table(
        "expertise_merge",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("skill_id", BigId, sa.ForeignKey("expertise_skill.id", ondelete="CASCADE"), nullable=False),
        sa.Column("into_id", BigId, sa.ForeignKey("expertise_skill.id", ondelete="CASCADE"), nullable=False),
        sa.Column("by_id", BigId, sa.ForeignKey("person.id", ondelete="SET NULL")),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
    )
    op.create_index("ix_expertise_merge_skill_id", "expertise_merge", ["skill_id"])
    op.create_index("ix_expertise_merge_into_id", "expertise_merge", ["into_id"])
    op.create_table(
        "expertise_declaration",
        key("person_id", "person"),
        key("skill_id", "expertise_skill"),
        sa.Column("rank", BigId, nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
    )
    op.create_index(
        "ix_expertise_declaration_skill", "expertise_declaration", ["skill_id", "rank", "person_id"]
    )
    op.create_table(
        "expertise_endorsement",
        key("person_id", "person"),
        key("skill_id", "expertise_skill"),
        key("by_id", "person"),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
    )
    op.create_index("ix_expertise_endorsement_by", "expertise_endorsement", ["by_id", "state", "at"])
    op.create_index("ix_expertise_endorsement_skill", "expertise_endorsement", ["skill_id", "person_id"])
    op.create_table(
        "expertise_title",
        key("person_id", "person"),
        sa.Column("word", folded(40), primary_key=True),
    )
    op.create_index("ix_expertise_title_word", "expertise_title", ["word", "person_id"])
    op.create_table(
        "expertise_spot",
        key("unit_id", "unit"),
        key("skill_id", "expertise_skill"),
        sa.Column("people", BigId, nullable=False),
    )
    op.create_index("ix_expertise_spot_people", "expertise_spot", ["unit_id", "people"])
    plant()


def plant() -> None:
    """Bring in the list of skills; tables as they are here, whatever the models become."""
    skill = sa.table("expertise_skill", *map(sa.column, ("id", "english", "french", "kind")))
    skill.append_column(sa.column("at", UTCDateTime()))
    name = sa.table("expertise_name", *map(sa.column, ("id", "skill_id", "language", "name", "key")))
    word = sa.table("expertise_word", *map(sa.column, ("name_id", "word")))
    connection, now, all_seeds = op.get_bind(), datetime.now(UTC), list(seeds())
    connection.execute(
        sa.insert(skill),
        [{"english": s.english, "french": s.french, "kind": s.kind, "at": now} for s in all_seeds],
    )
    ids = dict(connection.execute(sa.select(skill.c.english, skill.c.id)).all())
    names: dict[str, dict[str, object]] = {}
    for seed in all_seeds:
        for text, language in seed.names:
            row = {"skill_id": ids[seed.english], "language": language, "name": text}
            names.setdefault(skill_key(text), row)
    connection.execute(sa.insert(name), [{**row, "key": key} for key, row in names.items()])
    found = connection.execute(sa.select(name.c.id, name.c.name))
    words = [{"name_id": id_, "word": each[:40]} for id_, text in found for each in {*skill_words(text)}]
    connection.execute(sa.insert(word), words)


def downgrade() -> None:
    tables = "spot", "title", "endorsement", "declaration", "merge", "word", "name", "skill"
    for table in tables:
        op.drop_table(f"expertise_{table}")
