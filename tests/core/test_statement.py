"""Prepared queries: what the session would have given, and as it would have failed."""

from datetime import UTC, datetime
from enum import StrEnum

import pytest
from parvis.api import (
    BigId,
    Member,
    Person,
    Unit,
    among,
    columns_of,
    db,
    entities,
    one_of,
    prepared,
    read_rows,
    unseen,
    write_rows,
    writing,
)
from parvis.db import set_writing
from sqlalchemy import bindparam, event, func, inspect, literal, select, text, true, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

both = pytest.mark.both_databases
MOMENT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


@prepared
def _joined():
    return (
        select(Person.id, Person.display_name, Member.joined_at, Member.steps_done, Member.administrator)
        .join(Member, Member.id == Person.id)
        .where(among(Person.id, "ids"), Member.joined_at <= bindparam("until", type_=Member.joined_at.type))
        .order_by(Person.id)
    )


@both
def test_the_rows_are_those_of_the_session_with_values_of_the_columns_types(member, people):
    people.person("Somebody Else")
    values = {"ids": [member.id], "until": datetime.max.replace(tzinfo=UTC)}
    [row] = read_rows(_joined(), values)
    assert tuple(row) == tuple(db.session.execute(_joined(), values).one())
    assert (row.id, row.joined_at, row.administrator) == (member.id, member.joined_at, False)
    assert read_rows(_joined(), {"ids": [], "until": MOMENT}) == []


@prepared
def _named(name):
    return select(func.count()).select_from(Person).where(one_of(Person.display_name, [name, "Nobody"]))


@both
def test_it_is_made_once_for_each_set_of_arguments(people):
    for name in ("Ada", "Ben", "Ben"):
        people.person(name)
    assert [read_rows(_named(name), {})[0][0] for name in ("Ada", "Ben", "Cyd")] == [1, 2, 0]
    assert (_named("Ada") is _named("Ada"), _named("Ada") is _named("Ben")) == (True, False)


@both
def test_what_the_session_has_yet_to_write_is_found(people):
    people.person("Dan").display_name = "Dora"
    assert read_rows(_named("Dora"), {})[0][0] == 1


@prepared
def _several():
    return select(Person.id).where(Person.id.in_(bindparam("ids", expanding=True)))


@both
def test_a_list_that_would_change_its_words_is_refused(app):
    with pytest.raises(ValueError, match="say `among` or `one_of`"):
        read_rows(_several(), {"ids": [1, 2]})


@both
def test_a_query_that_was_not_prepared_is_refused(app):
    _named("Ada")
    with pytest.raises(KeyError):
        read_rows(select(Person.id), {})


@prepared
def _wrong():
    return select(text("nothing")).select_from(text("nowhere"))


@both
def test_it_fails_as_the_session_would(app):
    with pytest.raises(DBAPIError) as prepared_one:
        read_rows(_wrong(), {})
    db.session.rollback()
    with pytest.raises(DBAPIError) as ordinary:
        db.session.execute(_wrong())
    db.session.rollback()
    assert type(prepared_one.value) is type(ordinary.value)
    assert prepared_one.value.connection_invalidated is False


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_connection_that_the_server_ends_is_let_go(app, people):
    db.session.commit()
    own = db.session.scalar(text("SELECT pg_backend_pid()"))
    with db.engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:own, 5000)"), {"own": own})
    with pytest.raises(OperationalError):
        read_rows(_named("Ada"), {})
    db.session.rollback()
    assert read_rows(_named("Ada"), {})[0][0] == 0


OFTEN = 8
"""psycopg prepares what a connection is asked the sixth time."""


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_what_the_server_knows_by_name_has_the_same_rows(member, people):
    people.person("Somebody Else")
    values = {"ids": [member.id], "until": datetime.max.replace(tzinfo=UTC)}
    wanted = tuple(db.session.execute(_joined(), values).one())
    assert [[tuple(row) for row in read_rows(_joined(), values)] for _ in range(OFTEN)] == [[wanted]] * OFTEN
    assert read_rows(_joined(), {**values, "ids": []}) == []
    known = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%steps_done%'")
    assert db.session.scalar(known) == 1


@prepared
def _handle_given():
    return update(Person).where(Person.id == bindparam("one")).values(handle=bindparam("handle"))


@both
def test_what_is_written_often_is_written(people):
    person = people.person("Ada")
    for number in range(OFTEN):
        assert write_rows(_handle_given(), {"one": person.id, "handle": f"ada-{number}"}) == []
    db.session.commit()
    assert db.session.scalar(select(Person.handle)) == f"ada-{OFTEN - 1}"


@both
def test_what_is_known_fails_as_the_session_would_and_is_known_after_a_rollback(people):
    ada, ben = people.person("Ada"), people.person("Ben")
    taken, own = ben.handle, ada.handle
    db.session.commit()
    for _ in range(OFTEN):
        write_rows(_handle_given(), {"one": ada.id, "handle": own})
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        write_rows(_handle_given(), {"one": ada.id, "handle": taken})
    db.session.rollback()
    for number in range(OFTEN):
        write_rows(_handle_given(), {"one": ada.id, "handle": f"ada-{number}"})
    db.session.rollback()
    assert read_rows(_named("Ada"), {})[0][0] == 1
    assert db.session.scalar(select(Person.handle).where(Person.id == ada.id)) == own


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_connection_that_ends_while_a_known_query_is_asked_is_let_go(app, people):
    for _ in range(OFTEN):
        read_rows(_named("Ada"), {})
    own = db.session.scalar(text("SELECT pg_backend_pid()"))
    with db.engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:own, 5000)"), {"own": own})
    with pytest.raises(OperationalError) as raised:
        read_rows(_named("Ada"), {})
    assert raised.value.connection_invalidated
    db.session.rollback()
    assert read_rows(_named("Ada"), {})[0][0] == 0


@both
def test_reading_needs_one_connection_whoever_asks(app, people):
    """The queries of a page, and what its session loads."""
    people.person("Ada")
    db.session.commit()
    db.session.remove()
    set_writing(False)
    try:
        assert read_rows(_named("Ada"), {})[0][0] == 1
        assert db.engine.pool.checkedout() == 1
        assert db.session.scalar(select(Person.display_name)) == "Ada"
        assert read_rows(_named("Ada"), {})[0][0] == 1
        assert db.engine.pool.checkedout() == 1
        db.session.remove()
        assert db.engine.pool.checkedout() == 0
    finally:
        set_writing(None)


@both
def test_listeners_are_told(app):
    told = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        told.append((statement, list(parameters)))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        read_rows(_named("Ada"), {})
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    [(statement, parameters)] = [each for each in told if each[0].startswith("SELECT count")]
    assert "display_name IN ('Ada', 'Nobody')" in statement
    assert parameters == []


@pytest.fixture
def said(app):
    """Give the statements that reach the database, with their parameters."""
    told = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        told.append((statement, list(parameters)))

    event.listen(Engine, "before_cursor_execute", note)
    yield told
    event.remove(Engine, "before_cursor_execute", note)


@both
@pytest.mark.parametrize(
    "name", ["O'Neil", 'a "b"', "100 %", "%s %(x)s", ":id $1 ?", "back\\slash\\'", "é🥐"]
)
def test_what_is_always_the_same_stands_in_its_words_and_nobody_breaks_out_of_them(people, said, name):
    people.person(name)
    said.clear()
    assert read_rows(_named(name), {})[0][0] == 1
    assert said[-1][1] == []


class Word(StrEnum):
    HERE = "here"


@prepared
def _some():
    words = (literal(Word.HERE).label("word"), literal(None).label("none"), literal(MOMENT).label("moment"))
    query = select(Person.id, *words).where(Person.id > bindparam("after"), Person.present == true())
    return query.order_by(Person.id).limit(bindparam("most", type_=BigId))


@both
def test_how_many_rows_are_wanted_stands_in_its_words_too(people, said):
    ids = [people.person(name).id for name in ("Ada", "Ben", "Cyd")]
    for most in (1, 2, 1):
        rows = read_rows(_some(), {"after": 0, "most": most})
        assert [row.id for row in rows] == ids[:most]
        assert rows[0].word == "here"
        assert rows[0].none is None
        assert f"LIMIT {most}" in said[-1][0]
        assert said[-1][1] == [0]


@prepared
def _known():
    return select(Person.id).where(
        among(Person.id, "ids"), Person.sort_name == unseen(bindparam("name", type_=Person.sort_name.type))
    )


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_postgresql_keeps_one_plan_however_long_a_list_is(people):
    person = people.person("Ada")
    db.session.commit()
    for number in range(20):
        found = read_rows(_known(), {"ids": [person.id] * (number % 3 + 1), "name": person.sort_name})
        assert [row.id for row in found] == [person.id]
    plans = text(
        "SELECT generic_plans FROM pg_prepared_statements WHERE statement LIKE '%sort_name = (SELECT%'"
    )
    assert db.session.scalar(plans) > 0


@prepared
def _whole():
    return (
        select(*columns_of(Member, Person, Unit))
        .join(Person, Person.id == Member.id)
        .outerjoin(Unit, Unit.id == Person.site_id)
        .where(Person.id == bindparam("id"))
    )


def _read_whole(person_id):
    [row] = read_rows(_whole(), {"id": person_id})
    return list(entities(row, Member, Person, Unit))


def _columns(entity):
    return {column.key: getattr(entity, column.key) for column in inspect(entity).mapper.column_attrs}


@both
@pytest.mark.parametrize("site", ["Brest", ""])
def test_entities_are_those_that_the_session_would_load(people, site):
    person_id = people.member("Ada", site=site).id
    db.session.remove()
    loaded = [_columns(db.session.get(model, person_id)) for model in (Member, Person)]
    db.session.remove()
    member, person, unit = _read_whole(person_id)
    assert [_columns(member), _columns(person)] == loaded
    assert [inspect(each).persistent for each in (member, person)] == [True, True]
    assert (unit.name if unit else "", list(db.session.dirty)) == (site, [])


@both
def test_one_that_the_session_has_is_given_as_it_has_it(member):
    db.session.remove()
    known = db.session.get(Person, member.id)
    known.display_name = "Changed"
    with db.session.no_autoflush:
        _member, person, _site = _read_whole(member.id)
    assert (person is known, person.display_name) == (True, "Changed")
    db.session.rollback()


@both
def test_what_is_changed_in_one_is_written_and_what_it_refers_to_is_loaded(member, people):
    boss = people.person("The Boss")
    db.session.execute(update(Person).where(Person.id == member.id).values(manager_id=boss.id))
    db.session.commit()
    db.session.remove()
    read, person, _site = _read_whole(member.id)
    assert (read.person is person, person.manager.display_name) == (True, "The Boss")
    read.theme_choice = "dark"
    db.session.commit()
    db.session.remove()
    assert db.session.get(Member, member.id).theme_choice == "dark"


@prepared
def _renaming():
    person = Person.__table__
    named = update(person).where(person.c.id == bindparam("which")).values(title=bindparam("words"))
    return named.returning(person.c.display_name, person.c.title)


@prepared
def _forgetting():
    person = Person.__table__
    return update(person).where(person.c.id == bindparam("which")).values(title="")


@both
def test_a_change_gives_back_what_it_says(people):
    person = people.person("Ada")
    with writing():
        assert write_rows(_renaming(), {"which": person.id, "words": "Head"}) == [("Ada", "Head")]
        assert write_rows(_forgetting(), {"which": person.id}) == []
        db.session.commit()
    db.session.refresh(person)
    assert person.title == ""


@prepared
def _of_none():
    return select(Person.id).where(one_of(Person.display_name, []))


@both
def test_of_no_names_there_is_none(member):
    assert read_rows(_of_none(), {}) == []
