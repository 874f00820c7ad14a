"""Reading everybody, and what changed: a part is never taken for the whole."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from parvis.directory.ldap import Directory, IncompleteRead
from parvis.directory.ldap.connection import Deadline
from parvis.directory.ldap.group import read_members
from parvis.directory.settings import DirectorySettings
from parvis.testing.directory import DirectoryServer, Entry
from parvis.testing.services import require, slapd

BASE = "dc=example,dc=org"
PEOPLE = f"ou=people,{BASE}"
SERVICE = f"cn=parvis,{BASE}"
PHOTO = b"\xff\xd8\xff\xe0 no real picture"


def person(number: int, **more: object) -> Entry:
    values = {"objectClass": "inetOrgPerson", "uid": f"u{number}", "cn": f"Person {number}", "sn": "P"}
    return Entry(f"uid=u{number},{PEOPLE}", values | more)


def company() -> list[Entry]:
    service = Entry(SERVICE, objectClass="applicationProcess", userPassword="pw")
    return [service, *(person(number, jpegPhoto=PHOTO) for number in range(25))]


@pytest.fixture
def server() -> Iterator[DirectoryServer]:
    with DirectoryServer(company(), base_dn=BASE) as running:
        yield running


@contextmanager
def directory(url: str, **settings: object) -> Iterator[Directory]:
    defaults = {"bind_dn": SERVICE, "bind_password": "pw", "base_dn": PEOPLE, "page_size": 10}
    client = Directory(DirectorySettings(servers=[url], start_tls=False, **(defaults | settings)))
    yield client
    client.close()


def marks(client):
    return {entry.key: entry.modified for page in client.read_all() for entry in page.entries}


def usernames(client: Directory) -> list[str]:
    return [entry.username for page in client.read_all() for entry in page.entries]


def test_everybody_is_read_page_by_page(server):
    with directory(server.url) as client:
        pages = list(client.read_all())
    assert [len(page.entries) for page in pages] == [10, 10, 5]
    assert {entry.username for page in pages for entry in page.entries} == {f"u{n}" for n in range(25)}
    assert {entry.photo for page in pages for entry in page.entries} == {None}


def test_photos_come_only_when_they_are_asked_for(server):
    with directory(server.url) as client:
        assert {e.photo for page in client.read_all(photo=True) for e in page.entries} == {PHOTO}
        assert client.read_photo(f"uid=u3,{PEOPLE}") == PHOTO
        assert client.read_photo(f"uid=absent,{PEOPLE}") is None


def test_an_empty_directory_is_read_completely(server):
    with directory(server.url, person_filter="(uid=nobody)") as client:
        assert usernames(client) == []


def test_a_size_limit_that_cuts_the_read_is_noticed():
    with DirectoryServer(company(), base_dn=BASE, size_limit=15) as server, directory(server.url) as client:
        with pytest.raises(IncompleteRead, match="stopped after 10 people: .*sizeLimitExceeded"):
            usernames(client)
        with pytest.raises(IncompleteRead):
            client.read_changed({})


def test_a_connection_lost_in_the_middle_is_noticed(server):
    server.drop_after(15)
    with directory(server.url) as client, pytest.raises(IncompleteRead, match="stopped after 10 people"):
        usernames(client)


def test_a_base_that_does_not_exist_is_no_empty_directory(server):
    with directory(server.url, base_dn=f"ou=absent,{BASE}") as client, pytest.raises(IncompleteRead):
        usernames(client)


def test_a_server_that_is_not_there_is_no_empty_directory(server):
    server.stop()
    with directory(server.url) as client, pytest.raises(IncompleteRead):
        usernames(client)


def test_references_to_other_servers_are_ignored_and_not_followed(server):
    server.refer_to("ldap://127.0.0.1:1/dc=elsewhere", beside_entries=True)
    with directory(server.url) as client:
        assert len(usernames(client)) == 25


def test_a_referral_instead_of_an_answer_is_no_empty_directory(server):
    server.refer_to("ldap://127.0.0.1:1/dc=elsewhere")
    with directory(server.url) as client, pytest.raises(IncompleteRead):
        usernames(client)


def test_a_bad_entry_is_skipped_and_named_and_the_others_are_read(server):
    server.change(f"uid=u7,{PEOPLE}", title=b"\xff\xfe")
    with directory(server.url) as client:
        pages = list(client.read_all())
    assert sum(len(page.entries) for page in pages) == 24
    (bad,) = [bad for page in pages for bad in page.skipped]
    assert (bad.dn, bad.reason, bad.key != "") == (f"uid=u7,{PEOPLE}", "not UTF-8", True)


def test_an_entry_that_became_unreadable_is_not_missing(server):
    with directory(server.url) as client:
        known = marks(client)
        keys = {entry.username: entry.key for page in client.read_all() for entry in page.entries}
        server.change(f"uid=u7,{PEOPLE}", title=b"\xff\xfe", modifyTimestamp="20300101000000Z")
        server.change(f"uid=u8,{PEOPLE}", entryUUID=b"no id")
        change = client.read_changed(known)
    assert {bad.dn for bad in change.skipped} == {f"uid=u7,{PEOPLE}", f"uid=u8,{PEOPLE}"}
    assert (change.missing, change.changed) == ({keys["u8"]}, ())


def test_nothing_changed_is_told_without_reading_anybody(server):
    with directory(server.url) as client:
        known = marks(client)
        server.requests.clear()
        change = client.read_changed(known)
    assert (change.missing, change.changed, change.skipped) == (frozenset(), (), ())
    assert [request.operation for request in server.requests] == ["bind", "search", "search", "search"]


def test_changed_new_renamed_and_missing_people_are_told_apart(server):
    with directory(server.url) as client:
        known = marks(client)
        keys = {entry.username: entry.key for page in client.read_all() for entry in page.entries}
        for key in (keys["u1"], keys["u2"]):
            known[key] = "20200101000000Z"  # as of another day
        server.change(f"uid=u1,{PEOPLE}", title="Director")
        server.rename(f"uid=u2,{PEOPLE}", f"uid=renamed,{PEOPLE}")
        server.remove(f"uid=u3,{PEOPLE}")
        server.add(person(99))
        change = client.read_changed(known)
    assert {entry.username: entry.title for entry in change.changed} == {
        "u1": "Director",
        "renamed": "",
        "u99": "",
    }
    assert {entry.key for entry in change.changed if entry.username == "renamed"} == {keys["u2"]}
    assert change.missing == {keys["u3"]}


def test_where_much_has_changed_the_answer_is_to_read_everybody(server, monkeypatch):
    monkeypatch.setattr("parvis.directory.ldap.reading.MANY", 3)
    with directory(server.url) as client:
        known = marks(client)
        told = []
        for _ in range(5):
            told.append(client.read_changed(known))
            known.popitem()
    assert [change and len(change.changed) for change in told] == [0, 1, 2, 3, None]


def test_the_members_of_a_large_group_come_in_ranges_as_active_directory_sends_them():
    members = [f"uid=u{number},{PEOPLE}" for number in range(25)]
    entries = [
        Entry(SERVICE, objectClass="applicationProcess", userPassword="pw"),
        *(person(number) for number in range(25)),
        Entry(f"cn=admins,{BASE}", objectClass="group", member=[*members, f"cn=inner,{BASE}"]),
        Entry(f"cn=inner,{BASE}", objectClass="group", member=[f"CN=Admins,{BASE}", f"uid=u99,{PEOPLE}"]),
    ]
    with (
        DirectoryServer(entries, base_dn=BASE, max_values=10) as running,
        directory(running.url) as client,
    ):
        assert client.read_group(f"cn=admins,{BASE}") == {*members, f"uid=u99,{PEOPLE}"}


@pytest.fixture(scope="module")
def openldap():
    require("slapd")
    top = (BASE, {"objectClass": ["dcObject", "organization"], "dc": ["example"], "o": ["Example"]})
    branch = (PEOPLE, {"objectClass": ["organizationalUnit"], "ou": ["people"]})
    people = [
        (
            f"uid=u{number},{PEOPLE}",
            {
                "objectClass": ["inetOrgPerson"],
                "uid": [f"u{number}"],
                "cn": ["Hélène"],
                "sn": ["É"],
                "userPassword": ["pw"],
            },
        )
        for number in range(250)
    ]
    with slapd([top, branch, *people], base=BASE, size_limit=100) as running:
        yield running


def test_openldap_is_read_completely_by_an_account_without_limit(openldap):
    account = {"bind_dn": openldap.service_dn, "bind_password": openldap.service_password, "page_size": 100}
    with directory(openldap.url, **account) as client:
        assert len(usernames(client)) == 250
        assert client.read_changed(marks(client)).changed == ()


def test_openldaps_size_limit_is_noticed_where_ldap3_hides_it(openldap):
    stopped = pytest.raises(IncompleteRead, match="stopped after 100 people: .*sizeLimitExceeded")
    with directory(openldap.url, bind_dn=f"uid=u1,{PEOPLE}", page_size=50) as client, stopped:
        usernames(client)


def test_a_read_ends_at_its_deadline_though_the_server_drips(server):
    with directory(server.url) as client:
        link = client._pool.open(Deadline(5))
        server.drip(0.01)
        link.deadline = Deadline(0.3)
        with pytest.raises(Exception, match="timed out|in time"):
            read_members(link, PEOPLE)


def test_probing_tells_what_works_and_what_to_do(server):
    with directory(server.url) as client:
        assert [(f.ok, f.message, f.remedy) for f in client.probe()] == [
            (True, f"Reached; connected as {SERVICE}.", ""),
            (True, "People found: 10+.", ""),
        ]
    with directory(server.url, bind_password="old") as client:
        assert [(f.ok, f.remedy) for f in client.probe()] == [
            (False, "Check directory.bind_dn and directory.bind_password.")
        ]
    with directory(server.url, person_filter="(uid=nobody)") as client:
        assert client.probe()[1].remedy == "Check directory.base_dn and directory.person_filter."
    server.stop()
    with directory(server.url) as client:
        assert [(f.ok, f.remedy) for f in client.probe()] == [
            (False, "Check directory.servers, and that a firewall lets this machine reach them.")
        ]
