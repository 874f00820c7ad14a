"""What two requests of one person do at the same moment when they come for the first time."""

import pytest
from parvis.contribution import Identity
from parvis.db import db
from parvis.directory.person import unit_ids
from parvis.events import EventRecord
from parvis.identity.authentication import _member_of
from parvis.identity.joining import finish_step
from parvis.identity.models import Member

pytestmark = pytest.mark.both_databases


def test_who_signs_in_twice_for_the_first_time_is_one_member(people, at_once):
    person = people.person()
    db.session.commit()
    identity = Identity(person_id=person.id, way="directory")
    assert at_once(*[lambda: _member_of(identity).id] * 3) == [person.id] * 3


def test_steps_that_are_finished_at_once_are_all_noted_and_one_joins_once(people, at_once):
    newcomer = people.member(joined=False).id
    db.session.commit()
    names = ["core:preferences", "core:introduction", "core:preferences"]
    acts = [lambda name=name: finish_step(db.session.get_one(Member, newcomer), name) for name in names]
    assert at_once(*acts) == [None] * 3
    assert sorted(db.session.get_one(Member, newcomer).steps_done) == sorted(set(names))
    joined = db.select(db.func.count()).select_from(EventRecord).where(EventRecord.kind == "core.joined")
    assert db.session.scalar(joined) == 1


def test_a_unit_that_two_meet_first_is_one(app, at_once):
    made = at_once(*[lambda: unit_ids([("site", "Lyon"), ("department", "Kitchen")])] * 3)
    assert made[0] == made[1] == made[2]
    assert len(made[0]) == 2
