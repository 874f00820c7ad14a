"""The tables of moderation: as the models say, gone and back with rows in."""

import pytest
from parvis.db import db
from parvis.migration import downgrade, histories, upgrade
from parvis.testing.schema import schema_differences
from parvis_moderation.domain.charter import accept_charter
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.plugin import SocialPlugin

pytestmark = [
    pytest.mark.plugins(social=SocialPlugin, moderation=ModerationPlugin),
    pytest.mark.both_databases,
]


def is_ours(name):
    return name.startswith("moderation_")


def tables():
    return {name for name in db.inspect(db.engine).get_table_names() if is_ours(name)}


def test_the_models_say_what_the_migrations_made(app):
    assert schema_differences(is_ours) == []


def test_they_go_with_rows_in_and_come_back(member, charter):
    charter("Be kind.")
    accept_charter(version=1, actor=member)
    db.session.commit()
    history, before = histories([SocialPlugin, ModerationPlugin])[2], tables()
    db.session.remove()
    downgrade(history, to="base")
    assert tables() == set()
    upgrade(history)
    assert tables() == before
