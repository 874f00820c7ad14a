"""The tables of social: as the models say, and gone and back with rows in them."""

import pytest
from parvis.db import db
from parvis.migration import CORE_TABLES, downgrade, histories, purge, upgrade
from parvis.testing.schema import schema_differences
from parvis_social.api import Content, bookmark, comment, post, react
from parvis_social.content.draft import keep_draft
from parvis_social.place.follow import follow_person
from parvis_social.plugin import SocialPlugin

pytestmark = [pytest.mark.plugins(social=SocialPlugin), pytest.mark.both_databases]


def is_ours(name):
    return name.startswith("social_")


def tables():
    return set(db.inspect(db.engine).get_table_names())


@pytest.fixture
def full(make_place, member, other, deliver):
    """Fill the tables."""
    club = make_place("club", member, other)
    root = post(place=club, text="Look, @bob.other: #photo", actor=member)
    comment(root=root, text="Yes", actor=other)
    react(content=root, kind="like", actor=other)
    bookmark(content=root, actor=other)
    follow_person(person=member.person, actor=other)
    keep_draft(place=club, source="Begun", actor=member)
    deliver()
    db.session.commit()
    db.session.remove()
    return histories([SocialPlugin])[1]


def test_the_models_say_what_the_migrations_made(app):
    assert schema_differences(is_ours) == []


def test_they_go_with_rows_in_and_come_back_empty(full):
    before = tables()
    downgrade(full, to="base")
    assert {name for name in tables() if is_ours(name)} == set()
    assert tables() >= CORE_TABLES
    upgrade(full)
    assert tables() == before
    assert db.session.scalar(db.select(db.func.count()).select_from(Content)) == 0


def test_purged_it_leaves_nothing(full):
    purge(full)
    assert {name for name in tables() if "social" in name} == set()
    assert tables() >= CORE_TABLES
