"""Rows written past the unit of work: entities are what the session would have made of them."""

import pytest
from parvis.api import (
    Interest,
    Member,
    Person,
    Unit,
    add_once,
    db,
    insert_row,
    lock_row,
    next_key,
    prepared,
    read_rows,
    update_row,
    writing,
)
from sqlalchemy import func, inspect, select, update
from sqlalchemy.exc import IntegrityError, InvalidRequestError

both = pytest.mark.both_databases


def _count(name):
    return db.session.scalar(select(func.count()).select_from(Unit).where(Unit.name == name))


@both
def test_an_inserted_entity_is_the_session_s_with_its_key_and_its_defaults(app):
    unit = Unit(kind="site", name="Brest")
    with writing():
        assert insert_row(unit) is True
        state, found = inspect(unit), db.session.get(Unit, unit.id)
        assert (state.persistent, state.modified, found is unit) == (True, False, True)
        unit.name = "Brest Nord"
        db.session.commit()
    db.session.remove()
    read = db.session.get(Unit, unit.id)
    assert (read.name, [getattr(read, each.key) for each in Unit.__table__.c]) == (
        "Brest Nord",
        [getattr(unit, each.key) for each in Unit.__table__.c],
    )


@both
def test_an_entity_whose_insertion_is_rolled_back_is_the_session_s_no_more(app):
    with writing():
        kept, undone = Unit(kind="site", name="Kept"), Unit(kind="site", name="Undone")
        insert_row(kept)
        savepoint = db.session.begin_nested()
        insert_row(undone)
        update_row_to(kept, "Renamed")
        savepoint.rollback()
        assert (inspect(undone).transient, kept.name, _count("Undone")) == (True, "Kept", 0)
        db.session.rollback()
        assert (inspect(kept).transient, _count("Kept")) == (True, 0)


def update_row_to(unit, name):
    unit.name = name
    update_row(unit)


@both
def test_what_is_there_already_is_inserted_once_or_refused(member):
    with writing():
        assert add_once(Interest, person_id=member.id, folded="sailing", label="Sailing") is True
        assert add_once(Interest, person_id=member.id, folded="sailing", label="SAILING") is False
        again = Interest(person_id=member.id, folded="sailing", label="SAILING")
        assert (insert_row(again, once=True), inspect(again).transient) == (False, True)
        db.session.commit()
        with pytest.raises(IntegrityError):
            insert_row(again)
        db.session.rollback()
    assert db.session.scalars(select(Interest.label)).all() == ["Sailing"]


@both
def test_only_what_was_changed_is_written(people, count_queries):
    person = people.person("Ada")
    db.session.commit()
    with writing():
        person.title = "Chief"
        with count_queries(exactly=1):
            update_row(person)
            update_row(person)
        renamed = update(Person).where(Person.id == person.id).values(display_name="Ada the First")
        db.session.execute(renamed, execution_options={"synchronize_session": False})
        person.title = "Head"
        update_row(person)
        db.session.commit()
    read = db.session.execute(select(Person.title, Person.display_name).where(Person.id == person.id)).one()
    assert tuple(read) == ("Head", "Ada the First")


@both
def test_a_locked_entity_is_as_it_is_now_and_what_it_refers_to_too(member, people):
    boss = people.person("The Boss")
    assert member.person.manager is None
    with writing():
        moved = update(Person).where(Person.id == member.id).values(manager_id=boss.id, title="Clerk")
        db.session.execute(moved, execution_options={"synchronize_session": False})
        lock_row(member.person)
        assert (member.person.title, member.person.manager) == ("Clerk", boss)
        assert not db.session.dirty
        db.session.rollback()


@both
def test_what_was_changed_before_is_written_before_the_lock(member):
    with writing():
        member.person.title = "Clerk"
        lock_row(member.person)
        assert member.person.title == "Clerk"
        db.session.rollback()


@both
def test_what_is_gone_cannot_be_locked(app):
    with writing():
        unit = Unit(kind="site", name="Gone")
        insert_row(unit)
        db.session.execute(Unit.__table__.delete().where(Unit.id == unit.id))
        with pytest.raises(InvalidRequestError, match="could not lock what is gone"):
            lock_row(unit)
        db.session.rollback()


@prepared
def _next():
    return select(next_key(Unit).label("number"))


@both
def test_the_number_of_the_next_row_is_known_before(app):
    with writing():
        for name in ("First", "Second"):
            unit = Unit(id=read_rows(_next(), {})[0].number, kind="site", name=name)
            assert (insert_row(unit), db.session.get(Unit, unit.id)) == (True, unit)
        further = Unit(kind="site", name="Third")
        insert_row(further)
        assert further.id == unit.id + 1
        db.session.rollback()


@both
def test_two_who_count_at_once_take_turns(people, at_once):
    person_id = people.member("Ada").id
    before = db.session.get_one(Member, person_id).steps_done

    def count():
        member = db.session.get_one(Member, person_id)
        lock_row(member)
        member.steps_done = [*member.steps_done, "turn"]
        update_row(member)

    assert at_once(*[count] * 4) == [None] * 4
    assert db.session.get_one(Member, person_id).steps_done == [*before, "turn", "turn", "turn", "turn"]
