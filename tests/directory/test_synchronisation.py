"""The company's people follow the directory; a directory that lies, hides or breaks locks nobody out."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from ldap3 import MODIFY_REPLACE, Connection
from parvis.db import db, utcnow
from parvis.directory.ldap import Directory
from parvis.directory.models import DirectoryRun, Person, PersonName, Unit
from parvis.directory.person import handle_base, keep_person
from parvis.directory.synchronisation import Report, synchronise, writing
from parvis.directory.synchronisation.lock import alone
from parvis.events import EventRecord
from parvis.identity.models import Member, MemberSession
from parvis.profile.models import Photo
from parvis.runtime import runtime
from parvis.testing.directory import DirectoryServer, Entry
from parvis.testing.services import Slapd, require, slapd
from PIL import Image
from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine

BASE = "dc=example,dc=org"
PEOPLE = f"ou=people,{BASE}"
SERVICE = f"cn=parvis,{BASE}"
both = pytest.mark.both_databases


def entry(number: int, name: str = "", **more: object) -> Entry:
    given, _, family = (name or f"Person Number{number}").partition(" ")
    names = {"cn": name or "Person", "givenName": given, "sn": family, "displayName": name}
    values = {"objectClass": "inetOrgPerson", "uid": f"u{number}", **names}
    return Entry(dn(number), values | more)


def dn(number: int) -> str:
    return f"uid=u{number},{PEOPLE}"


@pytest.fixture
def server() -> Iterator[DirectoryServer]:
    service = Entry(SERVICE, objectClass="applicationProcess", userPassword="pw")
    people = Entry(PEOPLE, objectClass="organizationalUnit")
    with DirectoryServer([service, people], base_dn=BASE) as running:
        yield running


@pytest.fixture
def settings(server: DirectoryServer) -> dict[str, dict[str, object]]:
    account = {"bind_dn": SERVICE, "bind_password": "pw", "base_dn": PEOPLE}
    return {"directory": {"servers": [server.url], "start_tls": False, "photo": True, **account}}


@pytest.fixture
def company(server: DirectoryServer, app: object) -> DirectoryServer:
    for number in range(4):
        server.add(entry(number, f"Hélène Martin{number}", ou="Research", l="Paris", manager=dn(number + 1)))
    server.add(entry(4, "Jean Dupont", ou="Board", l="Lyon", mail="jean@example.org"))
    return server


def persons() -> dict[str, Person]:
    db.session.rollback()
    return {
        p.username: p for p in db.session.scalars(select(Person).execution_options(populate_existing=True))
    }


def counts(report: Report) -> dict[str, int]:
    kinds = ("added", "changed", "moved", "left", "came_back", "missing", "skipped", "photos")
    return {kind: count for kind in kinds if (count := getattr(report, kind).count)}


def kinds_of_events() -> list[str]:
    return list(db.session.scalars(select(EventRecord.kind).order_by(EventRecord.id)))


def writes_of(action: object) -> list[str]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            statements.append(statement.split(" SET ")[0].split(" (")[0].split(" WHERE ")[0])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        action()  # type: ignore[operator]  # any callable
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return statements


@both
def test_the_first_run_adds_everybody_with_names_units_and_managers(company):
    report = synchronise()
    assert (report.outcome, counts(report)) == ("written", {"added": 5})
    found = persons()
    assert {name: p.handle for name, p in found.items()} == {
        **{f"u{n}": f"helene.martin{n}" for n in range(4)},
        "u4": "jean.dupont",
    }
    assert [found[f"u{n}"].manager_id for n in range(5)] == [*(found[f"u{n}"].id for n in range(1, 5)), None]
    units = {(u.kind, u.name): u.headcount for u in db.session.scalars(select(Unit))}
    assert units == {
        ("site", "Paris"): 4,
        ("department", "Research"): 4,
        ("site", "Lyon"): 1,
        ("department", "Board"): 1,
    }
    words = db.session.scalars(select(PersonName.word).where(PersonName.person_id == found["u4"].id))
    assert set(words) == {"jean", "dupont", "u4"}
    assert kinds_of_events() == ["core.person_added"] * 5


@both
def test_a_second_run_writes_nothing_but_its_own_row(company):
    synchronise(full=True)
    own = [
        "UPDATE directory_run",
        "INSERT INTO directory_run",
        "DELETE FROM directory_run",
        "UPDATE directory_run",
    ]
    assert writes_of(lambda: synchronise(full=True)) == own
    assert writes_of(lambda: synchronise(full=False)) == own
    runs = db.session.execute(
        select(DirectoryRun.outcome, DirectoryRun.incremental).order_by(DirectoryRun.id)
    ).all()
    assert runs == [("written", False), ("written", False), ("written", True)]


def test_a_dry_run_reports_and_writes_nothing_at_all(company):
    reports = []
    assert writes_of(lambda: reports.append(synchronise(dry_run=True))) == []
    assert (reports[0].outcome, counts(reports[0])) == ("written", {"added": 5})
    assert persons() == {}


@both
@pytest.mark.parametrize("full", [True, False])
def test_what_changed_is_written_whether_all_is_read_or_only_that(company, full):
    synchronise()
    company.change(dn(0), title="Astronomer", ou="Sky", modifyTimestamp="20300101000000Z")
    company.add(entry(9, "Jean Dupont"))
    report = synchronise(full=full)
    assert (report.incremental, counts(report)) == (not full, {"added": 1, "changed": 1})
    found = persons()
    assert (found["u0"].title, found["u9"].handle) == ("Astronomer", "jean.dupont2")
    units = {u.name: u.headcount for u in db.session.scalars(select(Unit).where(Unit.kind == "department"))}
    assert units == {"Research": 3, "Board": 1, "Sky": 1}
    assert sorted(kinds_of_events()[5:]) == ["core.person_added", "core.person_changed"]


@both
def test_renamed_and_moved_is_the_same_account(company):
    synchronise()
    before = persons()["u4"]
    company.rename(dn(4), f"uid=jd,ou=board,{PEOPLE}")
    company.change(
        f"uid=jd,ou=board,{PEOPLE}", displayName="Jean Durand", sn="Durand", mail="new@example.org"
    )
    report = synchronise(full=True)
    assert counts(report) == {"moved": 1}
    after = persons()["jd"]
    assert (after.id, after.handle, after.display_name) == (before.id, "jean.dupont", "Jean Durand")
    assert persons()["u3"].manager_id is None  # the directory still names the old DN as manager's
    company.change(dn(3), manager=f"UID=JD, OU=Board,{PEOPLE}")
    synchronise(full=True)
    assert persons()["u3"].manager_id == after.id


@both
def test_the_same_name_made_again_is_a_new_account_that_inherits_nothing(company):
    synchronise()
    old = persons()["u4"]
    db.session.add(Member(id=old.id, steps_done=[]))
    db.session.commit()
    company.remove(dn(4))
    company.add(entry(4, "Jean Dupont", mail="jean@example.org"))
    assert counts(synchronise()) == {"added": 1, "missing": 1}
    assert counts(synchronise()) == {"left": 1}
    db.session.expire_all()
    twins = db.session.scalars(select(Person).where(Person.username == "u4").order_by(Person.id)).all()
    assert [(p.id == old.id, p.present, p.handle) for p in twins] == [
        (True, False, "jean.dupont"),
        (False, True, "jean.dupont2"),
    ]
    assert db.session.get(Member, twins[1].id) is None
    assert persons()["u3"].manager_id == twins[1].id


def test_two_people_with_one_mail_stay_two(company):
    company.add(entry(9, "Other Dupont", mail="jean@example.org"))
    synchronise()
    found = persons()
    assert found["u4"].mail == found["u9"].mail
    assert len(found) == 6


@both
def test_who_is_missing_leaves_in_the_second_run_and_their_sessions_end(company):
    synchronise()
    person = persons()["u0"]
    db.session.add(Member(id=person.id, steps_done=[]))
    db.session.flush()
    db.session.add(MemberSession(digest="x", member_id=person.id))
    db.session.commit()
    company.remove(dn(0))
    assert counts(synchronise()) == {"missing": 1}
    assert (persons()["u0"].present, db.session.scalar(select(func.count(MemberSession.id)))) == (True, 1)
    report = synchronise()
    assert (counts(report), report.left.names) == ({"left": 1}, ["Hélène Martin0"])
    assert (persons()["u0"].present, db.session.scalar(select(func.count(MemberSession.id)))) == (False, 0)
    assert kinds_of_events()[-1] == "core.person_left"
    assert db.session.scalar(select(Unit.headcount).where(Unit.name == "Paris")) == 3
    assert (counts(synchronise(full=True)), counts(synchronise(full=False))) == ({}, {})


@both
@pytest.mark.parametrize("full", [True, False])
def test_who_comes_back_has_the_same_account(company, full):
    company.change(dn(0), entryUUID=(key := str(uuid4())))
    synchronise()
    person = persons()["u0"]
    company.remove(dn(0))
    synchronise()
    company.add(entry(0, "Hélène Martin0", ou="Research", l="Paris", manager=dn(1), entryUUID=key))
    assert counts(synchronise(full=full)) == {}  # missed once only: nobody's news
    assert persons()["u0"].missing_since is None
    company.remove(dn(0))
    synchronise()
    synchronise()
    company.add(entry(0, "Hélène Martin0", entryUUID=key))
    report = synchronise(full=full)
    assert (report.incremental, counts(report)) == (not full, {"came_back": 1})
    found = persons()["u0"]
    assert (found.id, found.handle, found.present) == (person.id, person.handle, True)
    assert kinds_of_events()[-1] == "core.person_returned"


@both
def test_an_explicit_disabled_flag_ends_everything_at_once(company):
    synchronise()
    person = persons()["u0"]
    db.session.add(Member(id=person.id, steps_done=[]))
    db.session.flush()
    db.session.add(MemberSession(digest="x", member_id=person.id))
    db.session.commit()
    company.change(dn(0), pwdAccountLockedTime="000001010000Z", modifyTimestamp="20300101000000Z")
    company.add(entry(9, "Never Here", pwdAccountLockedTime="000001010000Z"))
    assert counts(synchronise()) == {"left": 1}
    found = persons()
    assert (found["u0"].present, found["u9"].present) == (False, False)
    assert db.session.scalar(select(func.count(MemberSession.id))) == 0
    assert kinds_of_events()[5:] == ["core.person_left"]
    company.change(dn(0), pwdAccountLockedTime=None, modifyTimestamp="20300101000001Z")
    assert counts(synchronise()) == {"came_back": 1}


def crowd(server: DirectoryServer, size: int) -> None:
    for number in range(100, 100 + size):
        server.add(entry(number))


@both
def test_too_many_leavers_stop_the_run_before_any_write(company):
    crowd(company, 60)
    synchronise()
    for number in range(100, 151):
        company.remove(dn(number))
    company.change(dn(0), title="Changed")
    report = synchronise(full=True)
    assert (report.outcome, counts(report)) == ("stopped", {"changed": 1, "missing": 51})
    assert report.problem == "51 of 65 people would be locked out. If that is right, repeat with --force."
    assert persons()["u0"].title is None
    assert {p.missing_since for p in persons().values()} == {None}
    assert db.session.scalars(select(DirectoryRun.outcome).order_by(DirectoryRun.id)).all() == [
        "written",
        "stopped",
    ]
    assert [synchronise(force=True).outcome for _ in range(2)] == ["written", "written"]
    assert sum(p.present for p in persons().values()) == 14


def test_fifty_leavers_are_let_go(company):
    crowd(company, 60)
    synchronise()
    for number in range(100, 150):
        company.remove(dn(number))
    assert [counts(synchronise()) for _ in range(2)] == [{"missing": 50}, {"left": 50}]


def test_an_administrator_who_would_be_locked_out_stops_the_run(company, people):
    synchronise()
    db.session.add(Member(id=persons()["u4"].id, administrator=True, steps_done=[]))
    db.session.commit()
    company.remove(dn(4))
    report = synchronise()
    assert (report.outcome, "Jean Dupont" in report.problem) == ("stopped", True)
    assert persons()["u4"].missing_since is None
    assert synchronise(force=True).outcome == "written"


def test_nobody_left_stops_the_run(company):
    synchronise()
    for number in range(5):
        company.remove(dn(number))
    assert synchronise(full=True).outcome == "stopped"
    company.add(entry(9))  # all others re-created under new ids, or another directory
    assert synchronise(full=True).outcome == "stopped"
    assert all(p.missing_since is None for p in persons().values())


def test_an_empty_directory_stops_the_first_run(server, app):
    assert (
        synchronise().problem
        == "The directory shows nobody. Check directory.base_dn and directory.person_filter."
    )


def test_local_administrators_take_no_part(company, people):
    local = people.person("Local Administrator", directory_key=None)
    assert synchronise().outcome == "written"
    assert (persons()[local.username].present, persons()[local.username].missing_since) == (True, None)


@both
@pytest.mark.parametrize("full", [True, False])
def test_a_read_that_is_not_complete_writes_nothing(company, full):
    synchronise()
    company.change(dn(0), title="Changed", modifyTimestamp="20300101000000Z")
    company.size_limit = 3
    report = synchronise(full=full)
    assert (report.outcome, counts(report)) == ("failed", {})
    assert persons()["u0"].title is None
    company.size_limit = None
    assert counts(synchronise()) == {"changed": 1}


def test_a_directory_that_is_away_is_a_failed_run_and_the_next_one_reads_all(company):
    synchronise()
    company.stop()
    assert synchronise().outcome == "failed"
    company.start()
    report = synchronise()
    assert (report.outcome, report.incremental) == ("written", False)


def test_a_bad_entry_skips_that_entry_which_is_not_missing(company):
    synchronise()
    company.change(dn(0), uid=None, modifyTimestamp="20300101000000Z")
    company.change(dn(1), entryUUID="garbled", modifyTimestamp="20300101000000Z")
    for full in (True, False, True):
        report = synchronise(full=full)
        assert (report.outcome, counts(report)) == ("written", {"skipped": 2})
    assert {p.missing_since for p in persons().values()} == {None}


def test_the_second_entry_of_one_id_is_skipped_and_named(company):
    key = str(uuid4())
    company.add(entry(8, "First One", entryUUID=key))
    company.add(entry(9, "Second One", entryUUID=key))
    report = synchronise()
    assert (counts(report), report.skipped.names) == (
        {"added": 6, "skipped": 1},
        [f"{dn(9)}: another entry has the same id"],
    )


def test_hostile_values_are_cut_to_fit(company):
    company.add(entry(9, "A" * 500, telephoneNumber="1" * 300, c="x\x00y" * 80, mail="nul\x00@x"))
    assert counts(synchronise()) == {"added": 6}
    found = persons()["u9"]
    assert (len(found.display_name), len(found.phone), len(found.country), found.mail) == (200, 64, 100, None)


def test_one_run_at_a_time(company):
    with alone() as check:
        assert check is not None
        assert synchronise().outcome == "busy"
    assert synchronise().outcome == "written"


@pytest.mark.proof
@both
def test_one_run_at_a_time_also_on_another_machine(company, config):
    other = multiprocessing.get_context("spawn").Process(
        target=hold_lock, args=(config.database.url, str(config.path.parent))
    )
    other.start()
    wait_for(config.path.parent / "held")
    assert synchronise().outcome == "busy"
    os.kill(other.pid, signal.SIGKILL)  # a killed run holds nothing, as soon as the database has noticed
    other.join()
    assert outcome_when_free() == "written"


@both
def test_the_lock_is_free_as_soon_as_a_run_has_ended(company):
    assert {synchronise().outcome for _ in range(10)} == {"written"}


def hold_lock(url: str, folder: str) -> None:
    app = Flask("other")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    with app.app_context(), alone() as check:
        assert check is not None
        Path(folder, "held").touch()
        time.sleep(60)


def outcome_when_free() -> str:
    deadline = time.monotonic() + 20
    while (outcome := synchronise().outcome) == "busy" and time.monotonic() < deadline:
        time.sleep(0.02)
    return outcome


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 20
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert path.exists()


@both
def test_a_run_killed_halfway_is_completed_by_the_next(company, monkeypatch):
    crowd(company, 20)
    monkeypatch.setattr("parvis.directory.synchronisation.plan.CHUNK", 10)

    def die(done: int, _total: int | None, phase: str) -> None:
        if phase == "write" and done >= 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        synchronise(progress=die)
    assert len(persons()) == 10
    assert db.session.scalar(select(DirectoryRun.outcome)) == "failed"
    report = synchronise()
    assert (report.incremental, counts(report)) == (False, {"added": 15})
    found = persons()
    assert [found[f"u{n}"].manager_id for n in range(4)] == [found[f"u{n}"].id for n in range(1, 5)]


def test_a_row_left_running_by_a_killed_process_is_closed(company):
    db.session.add(DirectoryRun(outcome="running"))
    db.session.commit()
    synchronise()
    runs = db.session.execute(
        select(DirectoryRun.outcome, DirectoryRun.ended_at.is_(None)).order_by(DirectoryRun.id)
    ).all()
    assert runs == [("failed", False), ("written", False)]


@both
def test_someone_who_signs_in_while_the_run_writes_stays_one_person(company, monkeypatch):
    found = next(iter(runtime().directory.read_all())).entries[0]
    known = writing._Writer._rows

    def signed_in(writer: object, chunk: list[object]) -> list[object]:
        keep_person(found)
        db.session.commit()
        return known(writer, chunk)

    monkeypatch.setattr(writing._Writer, "_rows", signed_in)
    assert synchronise().outcome == "written"
    assert len(persons()) == 5
    assert kinds_of_events() == ["core.person_added"] * 5


def test_where_much_has_changed_an_incremental_run_reads_everybody(company, monkeypatch):
    synchronise()
    crowd(company, 3)
    monkeypatch.setattr("parvis.directory.ldap.reading.MANY", 2)
    report = synchronise()
    assert (report.incremental, report.read, counts(report)) == (False, 8, {"added": 3})


def test_other_settings_ask_for_a_full_run(company, monkeypatch):
    assert [synchronise().incremental for _ in range(2)] == [False, True]
    last = db.session.scalars(select(DirectoryRun)).all()
    for run in last:
        run.token = "another"
    db.session.commit()
    assert synchronise(full=False).incremental is False
    last = db.session.scalars(select(DirectoryRun)).all()
    for run in last:
        run.started_at = utcnow().replace(year=2020)
    db.session.commit()
    assert synchronise().incremental is False


def picture(colour: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (200, 100), colour).save(file, "JPEG")
    return file.getvalue()


def test_a_photo_of_the_directory_becomes_a_face_made_anew(company):
    company.change(dn(0), jpegPhoto=picture("red"))
    company.change(dn(1), jpegPhoto=b"no picture")
    report = synchronise()
    assert (counts(report), report.photos_waiting) == ({"added": 5, "photos": 1, "skipped": 1}, 0)
    person = persons()["u0"]
    assert person.face_key == person.directory_photo_key
    made = runtime().media.get(person.face_key.replace(".jpg", "-96.jpg"))
    assert Image.open(BytesIO(made)).size == (96, 96)
    assert counts(synchronise()) == {}
    old = person.face_key
    company.change(dn(0), jpegPhoto=picture("blue"), modifyTimestamp="20300101000000Z")
    assert counts(synchronise()) == {"photos": 1}
    assert persons()["u0"].face_key not in (None, old)
    with pytest.raises(KeyError):
        runtime().media.get(old.replace(".jpg", "-96.jpg"))
    company.change(dn(0), jpegPhoto=None, modifyTimestamp="20300101000001Z")
    synchronise()
    assert (persons()["u0"].face_key, persons()["u0"].directory_photo_key) == (None, None)


def test_a_photo_of_the_directory_never_covers_a_chosen_one(company):
    synchronise()
    person = persons()["u0"]
    person.face_key = "photos/00/chosen.jpg"
    db.session.add(Photo(person_id=person.id, media_key="photos/00/chosen.jpg", width=1, height=1))
    db.session.commit()
    company.change(dn(0), jpegPhoto=picture("red"), modifyTimestamp="20300101000000Z")
    assert counts(synchronise()) == {"photos": 1}
    found = persons()["u0"]
    assert (found.face_key, found.directory_photo_key is None) == ("photos/00/chosen.jpg", False)


def test_photos_that_find_no_time_wait_for_the_next_run(company, monkeypatch):
    company.change(dn(0), jpegPhoto=picture("red"))
    monkeypatch.setattr("parvis.directory.synchronisation.photo.SECONDS", -1.0)
    assert synchronise().photos_waiting == 5
    monkeypatch.undo()
    assert counts(synchronise()) == {"photos": 1}


def test_the_report_reads_well_and_is_kept(company):
    company.add(entry(9, entryUUID="garbled"))
    report = synchronise()
    assert str(report).splitlines() == [
        "The directory is synchronised.",
        "  Read: 5",
        "  Added: 5: Hélène Martin0, Hélène Martin1, Hélène Martin2, Hélène Martin3, Jean Dupont",
        f"  Skipped: 1: {dn(9)}: entryuuid is missing or not a UUID",
    ]
    assert db.session.scalar(select(DirectoryRun.report)) == report.to_json()


def test_progress_is_told(company):
    told: list[tuple[int, int | None, str]] = []
    synchronise(progress=lambda *step: told.append(step))
    assert told == [
        (5, None, "read"),
        (0, 5, "write"),
        (5, 5, "write"),
        *((n, 5, "photos") for n in range(1, 6)),
    ]


@pytest.fixture(scope="module")
def openldap() -> Iterator[Slapd]:
    require("slapd")
    people = [entry(number, f"Person {number}", manager=dn(number // 7)) for number in range(1200)]
    tops = [Entry(BASE, objectClass=["dcObject", "organization"], dc="example", o="Example")]
    tops.append(Entry(PEOPLE, objectClass="organizationalUnit", ou="people"))
    with slapd(
        ((e.dn, {name: list(values) for name, values in e}) for e in [*tops, *people]), base=BASE
    ) as running:
        yield running


def change(server: Slapd, name: str, **values: str) -> None:
    admin = Connection(server.url, server.admin_dn, server.admin_password, auto_bind=True)
    assert admin.modify(name, {attribute: [(MODIFY_REPLACE, [value])] for attribute, value in values.items()})
    admin.unbind()


class TestOpenLDAP:
    """The same with a real server, whose limits are its own."""

    @pytest.fixture
    def settings(self, openldap: Slapd) -> dict[str, dict[str, object]]:
        account = {
            "bind_dn": openldap.service_dn,
            "bind_password": openldap.service_password,
            "base_dn": PEOPLE,
        }
        return {"directory": {"servers": [openldap.url], "start_tls": False, **account}}

    @both
    def test_everybody_comes_then_what_changed_and_then_nothing(self, openldap, app):
        assert counts(synchronise()) == {"added": 1200}
        time.sleep(1.1)  # its marks of modification are as coarse as a second
        change(openldap, dn(7), title=(title := str(time.time())))
        report = synchronise()
        assert (report.incremental, report.read, counts(report)) == (True, 1, {"changed": 1})
        assert persons()["u7"].title == title
        assert [counts(synchronise(full=full)) for full in (True, False)] == [{}, {}]
        led = db.session.scalar(select(func.count(Person.id)).where(Person.manager_id.is_not(None)))
        assert led == 1199

    def test_an_account_with_a_size_limit_concludes_nothing(self, openldap, app, monkeypatch):
        synchronise()
        limited = runtime().config.directory.model_copy(update={"bind_dn": dn(1), "bind_password": "pw"})
        change(openldap, dn(1), userPassword="pw")
        monkeypatch.setattr(runtime(), "directory", directory := Directory(limited))
        report = synchronise(full=True)
        directory.close()
        assert (report.outcome, counts(report), "sizeLimitExceeded" in report.problem) == ("failed", {}, True)


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Hélène Dupont", "helene.dupont"),
        ("Gaël Le Floc'h", "gael.le.floch"),
        ("Łukasz Øster-Müller", "lukasz.oster.muller"),
        ("Ольга", "olga.p"),
        ("", "olga.p"),
    ],
)
def test_a_handle_reads_like_the_name(name, handle):
    assert handle_base(name, "olga.p") == handle
