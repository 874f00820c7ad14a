"""The tables of expertise: as the models say, with the list of skills in, and gone and back."""

import pytest
from parvis.db import db
from parvis.migration import downgrade, histories, upgrade
from parvis.testing.schema import schema_differences
from parvis_expertise.domain.map import count_spots
from parvis_expertise.domain.title import index_title
from parvis_expertise.domain.word import skill_key
from parvis_expertise.models import Skill, SkillName
from parvis_expertise.plugin import ExpertisePlugin
from parvis_expertise.seed import seeds
from sqlalchemy import func, select

pytestmark = [pytest.mark.plugins(expertise=ExpertisePlugin), pytest.mark.both_databases]


def is_ours(name):
    return name.startswith("expertise_")


def tables():
    return {name for name in db.inspect(db.engine).get_table_names() if is_ours(name)}


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_the_models_say_what_the_migrations_made(app):
    assert schema_differences(is_ours) == []


def test_the_list_of_skills_is_there_each_name_once(app):
    keys = [
        skill_key(name)
        for seed in seeds()
        for name, _language in {skill_key(n): (n, c) for n, c in seed.names}.values()
    ]
    assert (len(set(keys)), count(Skill), count(SkillName)) == (len(keys), len(list(seeds())), len(keys))
    assert count(Skill) >= 300


def test_they_go_with_rows_in_and_come_back_with_the_list_alone(people, member, says, confirms):
    other = people.member("Bo Other", department="Engineering", title="Welder")
    says(other, teach="Welding, Basket weaving", wish="C++")
    confirms(member, other, "Basket weaving")
    index_title(other.id)
    count_spots()
    db.session.commit()
    history, before = histories([ExpertisePlugin])[1], tables()
    db.session.remove()
    downgrade(history, to="base")
    assert tables() == set()
    upgrade(history)
    assert (tables(), count(Skill)) == (before, len(list(seeds())))
