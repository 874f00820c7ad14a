"""The tables of groups: as the models say, and gone and back without touching what is social's."""

import pytest
from parvis.db import db
from parvis.migration import downgrade, histories, upgrade
from parvis.testing.schema import schema_differences
from parvis_groups.domain.membership import ban
from parvis_groups.domain.merge import merge
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import Place
from parvis_social.plugin import SocialPlugin

pytestmark = [pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin), pytest.mark.both_databases]


def is_ours(name):
    return name.startswith("groups_")


def tables():
    return {name for name in db.inspect(db.engine).get_table_names() if is_ours(name)}


def test_the_models_say_what_the_migrations_made(app):
    assert schema_differences(is_ours) == []


def test_they_go_with_rows_in_and_come_back_empty(member, other, make_group):
    origin, target = make_group("Photo", member, tags=["photo"]), make_group("Pictures", member)
    ban(group=target, person_id=other.id, reason="Rude", actor=member)
    merge(origin=origin, target=target, actor=member)
    db.session.commit()
    history, before = histories([SocialPlugin, GroupsPlugin])[2], tables()
    db.session.remove()
    downgrade(history, to="base")
    assert tables() == set()
    upgrade(history)
    assert tables() == before
    assert db.session.scalar(db.select(db.func.count()).select_from(Place)) == 2
