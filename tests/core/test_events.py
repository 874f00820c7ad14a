"""The event log: a fact is written with its change; every follower gets it, in order, whatever happens."""

import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import pytest
from parvis import events
from parvis.db import db, utcnow, writing
from parvis.directory.models import Unit
from parvis.events import (
    Event,
    EventCursor,
    EventRecord,
    Follower,
    account_of,
    adopt_restored_log,
    follow,
    record,
)
from sqlalchemy import func, select, text, update
from structlog.testing import capture_logs

on_postgresql = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)


@dataclass(frozen=True, kw_only=True)
class Thrown(Event):
    """Something was thrown."""

    kind: ClassVar[str] = "test.thrown"
    thing: str = ""


def throw(*things):
    with writing():
        record(*(Thrown(actor=1, thing=thing) for thing in things))
        db.session.commit()


class Witness:
    """A follower that writes what it sees, once each, and stumbles where told."""

    def __init__(self, name="witness"):
        self.seen, self.stumbling, self.error, self.seconds = [], set(), ValueError("stumbled"), 0.0
        self.follower = Follower(name, self.handle)

    def handle(self, event):
        thing = event.data["thing"]
        self.seen.append(thing)
        time.sleep(self.seconds)
        db.session.add(Unit(kind=self.follower.name, name=thing))
        db.session.flush()
        if thing in self.stumbling:
            raise self.error

    def kept(self):
        names = select(Unit.name).where(Unit.kind == self.follower.name).order_by(Unit.id)
        kept = db.session.scalars(names).all()
        db.session.rollback()
        return kept

    def cursor(self):
        db.session.expire_all()
        return db.session.get(EventCursor, self.follower.name)


def follow_all(*witnesses, limit=200):
    handled = 0
    while now := follow([each.follower for each in witnesses], limit=limit):
        handled += now
    return handled


def wait(witness, seconds):
    """Let time pass for a follower that has failed."""
    earlier = update(EventCursor).where(EventCursor.follower == witness.follower.name)
    with writing():
        db.session.execute(earlier.values(moved_at=utcnow() - timedelta(seconds=seconds)))
        db.session.commit()


@pytest.fixture
def witness(app):
    return Witness()


@pytest.mark.both_databases
def test_an_event_exists_only_if_its_change_does(witness):
    record(Thrown(thing="kept"))
    db.session.commit()
    record(Thrown(thing="undone"))
    db.session.rollback()
    follow_all(witness)
    assert witness.kept() == ["kept"]


@pytest.mark.both_databases
def test_an_event_tells_who_whom_where_and_what_besides(app):
    record(Thrown(actor=1, person=2, place=3, content=4, thing="ball"))
    db.session.commit()
    row = db.session.scalars(select(EventRecord)).one()
    told = (row.kind, row.actor_id, row.person_id, row.place_id, row.content_id, row.data)
    assert told == ("test.thrown", 1, 2, 3, 4, {"thing": "ball"})


@pytest.mark.both_databases
def test_a_new_follower_starts_at_the_beginning(witness):
    throw("one", "two")
    throw("three")
    assert follow_all(witness) == 3
    late = Witness("late")
    assert follow_all(witness, late) == 3
    assert (witness.seen, late.seen) == (["one", "two", "three"],) * 2


@pytest.mark.both_databases
def test_an_event_that_was_handled_is_not_handled_again(witness):
    throw("one")
    follow_all(witness)
    throw("two")
    follow_all(witness)
    assert witness.seen == ["one", "two"]


@pytest.mark.both_databases
def test_what_a_handler_writes_is_written_once_though_its_batch_fails(witness):
    throw("one", "two", "three")
    witness.stumbling = {"three"}
    assert follow([witness.follower]) == 2
    assert witness.kept() == ["one", "two"]
    assert witness.seen == ["one", "two", "three", "one", "two", "three"]


@pytest.mark.both_databases
def test_a_crash_in_the_middle_loses_nothing_and_shows_nothing_twice(witness):
    throw("one", "two")
    witness.stumbling, witness.error = {"two"}, SystemExit("killed")
    with pytest.raises(SystemExit):
        follow([witness.follower])
    db.session.rollback()
    assert witness.kept() == []
    witness.stumbling = set()
    follow_all(witness)
    assert witness.kept() == ["one", "two"]


@pytest.mark.both_databases
def test_a_failing_event_is_tried_again_after_longer_and_longer_pauses_then_passed_over(witness):
    throw("bad", "good")
    witness.stumbling = {"bad"}
    for pause in events.PAUSES:
        follow_all(witness)
        tried = witness.seen.count("bad")
        wait(witness, pause - 10)  # or begins a while later, on a machine that halts
        assert follow_all(witness) == 0
        assert witness.seen.count("bad") == tried
        wait(witness, pause)
    assert (witness.cursor().failures, witness.kept()) == (len(events.PAUSES), [])
    follow_all(witness)  # passes it over
    follow_all(witness)
    assert witness.kept() == ["good"]
    assert (witness.cursor().failures, witness.cursor().passed_over) == (0, 1)


def test_a_fault_that_goes_away_is_survived(witness):
    throw("delicate")
    witness.stumbling = {"delicate"}
    follow_all(witness)
    witness.stumbling = set()
    wait(witness, events.PAUSES[0])
    follow_all(witness)
    assert witness.kept() == ["delicate"]
    assert (witness.cursor().failures, witness.cursor().passed_over) == (0, 0)


def test_a_follower_that_fails_holds_up_nobody_else(app):
    broken, sound = Witness("broken"), Witness("sound")
    broken.stumbling = {"one"}
    throw("one", "two")
    follow_all(broken, sound)
    assert (broken.kept(), sound.kept()) == ([], ["one", "two"])


def test_a_failure_is_logged_with_the_follower_the_event_and_the_error(witness):
    throw("bad")
    witness.stumbling = {"bad"}
    with capture_logs() as logs:
        follow_all(witness)
    told = [(line["event"], line["follower"], line["event_kind"], line["attempt"]) for line in logs]
    assert told == [("event_handler_failed", "witness", "test.thrown", 1)]
    assert logs[0]["exc_info"]


def test_a_batch_ends_before_it_keeps_everybody_else_from_writing(witness, monkeypatch):
    monkeypatch.setattr(events, "SLICE", 0.0)
    throw("one", "two", "three")
    assert follow([witness.follower]) == 1
    assert follow_all(witness) == 2


def test_whoever_writes_comes_in_between_two_batches(app, witness, monkeypatch):
    monkeypatch.setattr(events, "SLICE", 0.3)
    witness.seconds = 0.02
    throw(*map(str, range(400)))
    waited = []

    def write():
        with app.app_context(), writing():
            begun = time.monotonic()
            db.session.add(Unit(kind="site", name="Somewhere"))
            db.session.commit()
            waited.append(time.monotonic() - begun)

    page = threading.Timer(0.5, write)
    page.start()
    while not waited and follow([witness.follower], pause=events.BREATH):
        pass
    page.join()
    assert waited[0] < 2, "a page waits for the lock as long as there are events"


def test_nothing_is_written_while_there_is_nothing_to_follow(witness, count_queries):
    throw("one")
    follow_all(witness)
    with count_queries(exactly=2) as queries:
        assert follow([witness.follower]) == 0
    assert [statement.split()[0] for statement in queries.statements] == ["SELECT", "SELECT"]


@pytest.mark.both_databases
def test_two_workers_at_once_handle_each_event_once(app):
    throw(*(f"thing {number:02}" for number in range(40)))
    witnesses, errors = [Witness(), Witness()], []
    for each in witnesses:
        each.seconds = 0.005

    def work(witness):
        try:
            with app.app_context():
                while follow([witness.follower], limit=3):
                    pass
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(each,)) for each in witnesses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    follow_all(witnesses[0])
    assert errors == []
    assert len(witnesses[0].seen) + len(witnesses[1].seen) == 40
    assert witnesses[0].kept() == [f"thing {number:02}" for number in range(40)]
    assert witnesses[0].cursor().passed_over == 0


@on_postgresql
def test_who_began_first_and_commits_last_is_not_missed(app, witness):
    begun, committed = threading.Event(), threading.Event()

    def slowly():
        with app.app_context():
            record(Thrown(thing="began first"))
            begun.set()
            committed.wait(20)
            db.session.commit()

    slow = threading.Thread(target=slowly)
    slow.start()
    assert begun.wait(20)
    throw("began second")
    assert follow_all(witness) == 0
    committed.set()
    slow.join(20)
    throw("began third")
    follow_all(witness)
    assert witness.kept() == ["began first", "began second", "began third"]


@on_postgresql
def test_an_event_whose_number_was_given_first_but_written_by_a_later_transaction_is_not_missed(app, witness):
    """Ids are given when a row is written, transactions numbered before: neither order is the other's."""
    numbered, written = threading.Event(), threading.Event()

    def early():
        with app.app_context():
            db.session.scalar(text("SELECT pg_current_xact_id()::text::bigint"))
            numbered.set()
            written.wait(20)
            record(Thrown(thing="older transaction, larger id"))
            db.session.commit()

    thread = threading.Thread(target=early)
    thread.start()
    assert numbered.wait(20)
    throw("younger transaction, smaller id")
    assert follow_all(witness) == 0
    written.set()
    thread.join(20)
    follow_all(witness)
    assert sorted(witness.kept()) == ["older transaction, larger id", "younger transaction, smaller id"]


@on_postgresql
def test_a_log_restored_into_a_new_cluster_goes_on_where_it_was(app):
    """A dump keeps the numbers of transactions of a cluster that had seen many more of them."""
    done, behind = Witness("done"), Witness("behind")
    throw("one", "two")
    follow_all(done, behind)
    throw("three")
    follow_all(done)
    elsewhere = 10_000_000
    db.session.execute(update(EventRecord).values(txid=EventRecord.txid + elsewhere))
    db.session.execute(update(EventCursor).values(txid=EventCursor.txid + elsewhere))
    db.session.commit()
    throw("four")
    assert follow_all(done, behind, Witness("new")) == 1  # the new one sees what looks oldest
    assert adopt_restored_log()
    assert not adopt_restored_log()
    follow_all(done, behind)
    assert (done.kept(), behind.kept()) == (["one", "two", "three", "four"],) * 2


@pytest.mark.both_databases
def test_a_log_that_was_not_restored_is_left_alone(witness):
    throw("one")
    follow_all(witness)
    assert not adopt_restored_log()
    assert follow_all(witness) == 0
    assert db.session.scalar(select(func.count()).select_from(EventRecord)) == 1


def test_an_event_says_whether_somebody_answers_for_it():
    @dataclass(frozen=True, kw_only=True)
    class Toppled(Event):
        kind = "test.toppled"
        accountable = "Toppled a tree"

    @dataclass(frozen=True, kw_only=True)
    class Watered(Event):
        kind = "test.watered"

    assert (account_of(Toppled.kind), account_of(Watered.kind)) == ("Toppled a tree", "")
