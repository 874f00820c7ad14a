"""Migrations: from empty to head, to base and back, with rows in, on both databases."""

import pytest
from parvis.db import db
from parvis.migration import CORE_TABLES, core_history, current, downgrade, histories, upgrade
from parvis.testing.schema import schema_differences

from parvis_sample.models import Note  # isort: skip
from parvis_sample.plugin import SamplePlugin  # isort: skip

sample = pytest.mark.plugins(sample=SamplePlugin)


def tables():
    return set(db.inspect(db.engine).get_table_names())


@pytest.mark.both_databases
def test_core_goes_to_base_and_back(app):
    db.session.commit()
    downgrade(core_history(), to="base")
    assert tables() & CORE_TABLES == set()
    upgrade(core_history())
    assert tables() >= CORE_TABLES


@pytest.mark.both_databases
def test_the_models_say_what_the_migrations_made(app):
    assert schema_differences(CORE_TABLES.__contains__) == []


@sample
@pytest.mark.both_databases
def test_a_batch_migration_keeps_rows_and_what_points_at_them(app, member):
    history = histories([SamplePlugin])[1]
    db.session.add(Note(person_id=member.id, text="kept"))
    db.session.commit()
    downgrade(history, to="0001")
    upgrade(history)
    assert [note.text for note in db.session.scalars(db.select(Note))] == ["kept"]
    db.session.commit()
    with db.engine.connect() as connection:
        assert current(connection, history) == "0002"


@sample
def test_a_plugin_goes_without_touching_core(app, member):
    db.session.commit()
    downgrade(histories([SamplePlugin])[1], to="base")
    assert (tables() >= CORE_TABLES, "sample_note" in tables()) == (True, False)


def test_upgrading_twice_changes_nothing(app):
    db.session.commit()
    upgrade(core_history())
    with db.engine.connect() as connection:
        assert current(connection, core_history()) == core_history().head
