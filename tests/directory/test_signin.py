"""Sign-in against a real LDAP conversation, with every way in which directories disappoint."""

import contextlib
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from parvis.directory.ldap import Directory, DirectoryUnavailable, Reason, Refused
from parvis.directory.ldap.connection import WHO_AM_I
from parvis.directory.ldap.signin import misidentified
from parvis.directory.settings import DirectorySettings
from parvis.testing.directory import DirectoryServer, Entry, create_certificates
from parvis.testing.services import Certificate, free_port, require, slapd
from structlog.testing import capture_logs

BASE = "dc=example,dc=org"
PEOPLE = f"ou=people,{BASE}"
SERVICE = f"cn=parvis,{BASE}"
SECRET = "the service's own password"
PATIENCE = 4.5
"""Seconds in which what fails at once has failed, on a loaded machine too; less than a sign-in may take."""


def person(uid: str, *, parent: str = PEOPLE, dn: str = "", password: str = "", **more: str) -> Entry:
    values = {"objectClass": ["top", "inetOrgPerson"], "uid": uid, "cn": uid, "sn": uid}
    return Entry(
        dn or f"uid={uid},{parent}", {**values, "userPassword": password or f"{uid}'s password", **more}
    )


def group(name: str, *members: str) -> Entry:
    return Entry(
        f"cn={name},ou=groups,{BASE}", {"objectClass": "groupOfNames", "cn": name, "member": members}
    )


def company() -> list[Entry]:
    anna, bela = f"uid=anna,{PEOPLE}", f"uid=bela,{PEOPLE}"
    return [
        Entry(SERVICE, {"objectClass": "applicationProcess", "cn": "parvis", "userPassword": SECRET}),
        person("anna"),
        person("bela"),
        person("twin", dn=f"cn=twin one,{PEOPLE}"),
        person("twin", dn=f"cn=twin two,{PEOPLE}"),
        person("outsider", parent=f"ou=robots,{BASE}"),
        person("robot", objectClass="account"),
        person("star*(x)\\", dn=f"cn=star,{PEOPLE}", password="a)(uid=*"),
        person("gone", pwdAccountLockedTime="000001010000Z"),
        group("staff", f"cn=research,ou=groups,{BASE}", bela),
        group("research", f"cn=STAFF, ou=groups,{BASE}", anna),  # staff and research contain each other
        group("admins", f"cn=research,ou=groups,{BASE}"),
        group("empty", f"cn=nobody,{BASE}"),
    ]


@pytest.fixture
def server() -> Iterator[DirectoryServer]:
    with DirectoryServer(company(), base_dn=BASE, unauthenticated=True, anonymous=True) as running:
        yield running


@contextmanager
def directory(*urls: str, **settings: object) -> Iterator[Directory]:
    defaults = {"start_tls": False, "bind_dn": SERVICE, "bind_password": SECRET, "base_dn": PEOPLE}
    client = Directory(DirectorySettings(servers=urls, **(defaults | settings)))
    yield client
    client.close()


def refusal(client: Directory, username: str, password: str) -> Refused:
    with pytest.raises(Refused) as caught:
        client.authenticate(username, password)
    return caught.value


def binds(server: DirectoryServer) -> list[str]:
    return [request.dn for request in server.requests if request.operation == "bind"]


def seconds(work: Callable[[], object]) -> float:
    start = time.monotonic()
    with pytest.raises(DirectoryUnavailable):
        work()
    return time.monotonic() - start


def test_a_person_signs_in_by_search_and_bind(server):
    with directory(server.url) as client:
        signed_in = client.authenticate(" anna ", "anna's password")
    assert (signed_in.entry.username, signed_in.entry.dn) == ("anna", f"uid=anna,{PEOPLE}")
    assert signed_in.is_administrator is False
    assert [(request.operation, request.dn) for request in server.requests] == [
        ("bind", SERVICE),
        ("search", PEOPLE),
        ("bind", f"uid=anna,{PEOPLE}"),
        (f"extended {WHO_AM_I}", ""),
    ]


def test_a_wrong_password_is_refused(server):
    with directory(server.url) as client:
        assert refusal(client, "anna", "bela's password").reason == Reason.WRONG_PASSWORD


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("anna", ""),
        ("", "x"),
        ("  ", "x"),
        ("anna\0", "x"),
        ("anna", "x\0y"),
        ("an\nna", "x"),
        ("a" * 257, "x"),
        ("anna", "x" * 1025),
        ("anna\ud800", "x"),
        ("anna", "\udfff"),
    ],
)
def test_what_no_directory_should_be_asked_is_refused_before_any_bind(server, username, password):
    with directory(server.url) as client:
        assert refusal(client, username, password).reason == Reason.BAD_INPUT
    assert list(server.requests) == []


@pytest.mark.parametrize(
    "username", ["*", "ann*", "anna)(uid=*", "*)(objectClass=*", "anna)(|(uid=*", "\\61nna", "anna,ou=people"]
)
def test_a_user_name_is_never_a_filter(server, username):
    with directory(server.url) as client:
        assert refusal(client, username, "anna's password").reason == Reason.UNKNOWN


def test_a_user_name_of_special_characters_is_still_a_name(server):
    with directory(server.url) as client:
        assert client.authenticate("star*(x)\\", "a)(uid=*").entry.dn == f"cn=star,{PEOPLE}"


def test_two_entries_of_one_name_are_both_refused(server):
    with directory(server.url) as client:
        assert refusal(client, "twin", "twin's password").reason == Reason.AMBIGUOUS


@pytest.mark.parametrize("username", ["outsider", "robot"])
def test_nobody_outside_the_base_or_the_filter_signs_in(server, username):
    with directory(server.url) as client:
        assert refusal(client, username, f"{username}'s password").reason == Reason.UNKNOWN


def test_an_entry_that_the_server_should_not_have_found_is_refused(server):
    with relay(server, b"ou=people", b"ou=robots") as url, directory(url) as client:
        assert refusal(client, "outsider", "outsider's password").reason == Reason.OUTSIDE


@contextmanager
def relay(server: DirectoryServer, old: bytes, new: bytes) -> Iterator[str]:
    """Stand between, and make requests ask for something else of the same length."""

    def pump(source: socket.socket, target: socket.socket, changed: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data.replace(old, new) if changed else data)
            target.shutdown(socket.SHUT_WR)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = listener.accept()
                upstream = socket.create_connection((server.host, server.port))
                sockets.extend([client, upstream])
                for pair in ((client, upstream, True), (upstream, client, False)):
                    threads.append(threading.Thread(target=pump, args=pair))
                    threads[-1].start()

    sockets: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threads = [threading.Thread(target=accept)]
        threads[0].start()
        yield f"ldap://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        for one in sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()
        for one in sockets:
            one.close()


def test_a_disabled_person_is_refused_though_the_password_is_right(server):
    with directory(server.url) as client:
        assert refusal(client, "gone", "gone's password").reason == Reason.DISABLED
        assert refusal(client, "gone", "wrong").reason == Reason.WRONG_PASSWORD


def test_an_unknown_name_costs_the_directory_as_much_as_a_wrong_password(server):
    with directory(server.url) as client:
        operations = []
        for username in ("anna", "anna", "nobody", "twin"):
            server.requests.clear()
            refusal(client, username, "wrong")
            operations.append([request.operation for request in server.requests])
    assert operations[1] == operations[2] == operations[3] == ["search", "bind"]


def test_a_password_travels_unmodified(server):
    password = "\u00a0ﬁ Ⅸ\u00ad é "  # SASLprep would change each of these
    server.add(person("odd", password=password))
    with directory(server.url) as client:
        client.authenticate("odd", password)
        assert refusal(client, "odd", password.strip()).reason == Reason.WRONG_PASSWORD


def test_service_connections_are_kept(server):
    with directory(server.url) as client:
        for _ in range(3):
            client.authenticate("anna", "anna's password")
    assert binds(server) == [SERVICE, *[f"uid=anna,{PEOPLE}"] * 3]


def test_many_threads_sign_in_at_once_and_nobody_gets_anothers_answer(server):
    def attempt(number: int) -> bool:
        name, right = ("anna", "bela")[number % 2], number % 3 > 0
        try:
            entry = client.authenticate(name, f"{name}'s password" if right else "wrong").entry
        except Refused:
            return not right
        return right and entry.username == name

    with directory(server.url) as client, ThreadPoolExecutor(12) as threads:
        assert list(threads.map(attempt, range(60))) == [True] * 60
    assert binds(server).count(SERVICE) <= 4


def test_plain_text_is_loudly_logged():
    with capture_logs() as logs, directory("ldap://ldap.example.org", allow_plain_text=True):
        assert [(log["log_level"], log["event"], log["server"]) for log in logs] == [
            ("warning", "directory_plain_text", "ldap://ldap.example.org")
        ]


def test_a_kept_connection_that_died_is_replaced(server):
    with directory(server.url) as client:
        client.authenticate("anna", "anna's password")
        server.stop()
        server.start()
        client.authenticate("anna", "anna's password")


@pytest.mark.parametrize("username", ["anna", "bela"])
def test_a_group_that_may_sign_in_counts_groups_within_it_and_survives_cycles(server, username):
    with directory(server.url, sign_in_group=f"CN=staff,ou=groups,{BASE}") as client:
        client.authenticate(username, f"{username}'s password")
    with directory(server.url, sign_in_group=f"cn=empty,ou=groups,{BASE}") as client:
        assert refusal(client, username, f"{username}'s password").reason == Reason.NOT_IN_GROUP


def test_a_group_makes_administrators_and_a_missing_one_makes_none(server):
    with directory(server.url, administrators_group=f"cn=admins,ou=groups,{BASE}") as client:
        assert client.authenticate("anna", "anna's password").is_administrator is True
        assert client.read_group(f"cn=admins,ou=groups,{BASE}") == {
            f"uid=anna,{PEOPLE}",
            f"uid=bela,{PEOPLE}",
        }
    with directory(server.url, administrators_group=f"cn=absent,ou=groups,{BASE}") as client:
        assert client.authenticate("anna", "anna's password").is_administrator is False


def test_a_wrong_service_account_makes_the_directory_unavailable_and_not_the_person_wrong(server):
    with (
        directory(server.url, bind_password="old") as client,
        pytest.raises(DirectoryUnavailable, match="service account refused: invalidCredentials"),
    ):
        client.authenticate("anna", "anna's password")


def test_a_referral_is_not_followed_and_takes_no_password_along(server):
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.setblocking(False)
        url = f"ldap://127.0.0.1:{elsewhere.getsockname()[1]}/{PEOPLE}"
        server.refer_to(url)
        with directory(server.url) as client, pytest.raises(DirectoryUnavailable, match="referral"):
            client.authenticate("anna", "anna's password")
        server.refer_to(url, beside_entries=True)
        with directory(server.url) as client:
            client.authenticate("anna", "anna's password")
        with pytest.raises(BlockingIOError):  # nobody came
            elsewhere.accept()


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("52e", Reason.WRONG_PASSWORD),
        ("533", Reason.DISABLED),
        ("701", Reason.EXPIRED),
        ("773", Reason.MUST_CHANGE_PASSWORD),
    ],
)
def test_active_directorys_sub_codes_are_told_apart(server, code, reason):
    message = f"80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data {code}, v3839"
    server.refuse_bind(f"uid=anna,{PEOPLE}", 49, message)
    with directory(server.url) as client:
        refused = refusal(client, "anna", "anna's password")
    assert (refused.reason, refused.detail) == (reason, f"uid=anna,{PEOPLE} invalidCredentials {code}")


def test_active_directory_signs_in_with_its_own_names_and_nested_groups():
    guid = uuid.uuid4()
    dn = f"CN=Anna Blum,{PEOPLE}"
    people = [
        Entry(SERVICE, {"objectClass": "user", "cn": "parvis", "userPassword": SECRET}),
        Entry(
            dn,
            {
                "objectClass": ["person", "user"], "objectCategory": "person", "sAMAccountName": "anna",
                "displayName": "Anna Blum", "objectGUID": guid.bytes_le, "userAccountControl": "512",
                "accountExpires": "9223372036854775807", "userPassword": "pw",
                "memberOf": f"cn=research,ou=groups,{BASE}",
            },
        ),
        Entry(f"cn=staff,ou=groups,{BASE}", objectClass="group", memberOf=f"cn=research,ou=groups,{BASE}"),
        Entry(f"cn=research,ou=groups,{BASE}", objectClass="group", memberOf=f"cn=staff,ou=groups,{BASE}"),
    ]  # fmt: skip
    with DirectoryServer(people, base_dn=BASE) as running:
        settings = {"preset": "active-directory", "sign_in_group": f"cn=staff,ou=groups,{BASE}"}
        with directory(running.url, **settings) as client:
            assert client.authenticate("anna", "pw").entry.key == str(guid)
            running.change(dn, userAccountControl="514")
            assert refusal(client, "anna", "pw").reason == Reason.DISABLED


# --- Time -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_a_silent_or_dripping_server_costs_the_budget_and_no_more(server, fault):
    with directory(server.url, sign_in_timeout=1.5) as client:
        client.authenticate("anna", "anna's password")  # so that a kept connection meets the fault
        getattr(server, fault)()
        assert 1.4 < seconds(lambda: client.authenticate("anna", "anna's password")) < PATIENCE
        server.resume()
        client.authenticate("anna", "anna's password")


def test_once_all_servers_failed_one_sign_in_tries_and_the_others_are_told_at_once(server):
    with directory(server.url, sign_in_timeout=1.5) as client:
        server.hang()
        with pytest.raises(DirectoryUnavailable):
            client.authenticate("anna", "x")
        while not client._pool.is_down:  # the failure is noted on the thread that met it
            time.sleep(0.01)
        asked = len(server.requests)
        trial = threading.Thread(target=seconds, args=[lambda: client.authenticate("anna", "x")])
        trial.start()
        while len(server.requests) == asked:
            time.sleep(0.01)
        with pytest.raises(DirectoryUnavailable, match="all servers have just failed"):
            client.authenticate("bela", "x")
        trial.join()


def test_a_server_that_accepts_no_connection_fails_at_once():
    with directory(f"ldap://127.0.0.1:{free_port()}") as client:
        assert seconds(lambda: client.authenticate("anna", "x")) < PATIENCE


def test_the_next_server_serves_when_one_is_silent_and_the_silent_one_is_remembered(server):
    with DirectoryServer(company(), base_dn=BASE) as silent:
        silent.hang()
        with directory(silent.url, server.url, sign_in_timeout=4) as client:
            client.authenticate("anna", "anna's password")
            asked = len(silent.requests)
            client.authenticate("anna", "anna's password")
            assert (asked, len(silent.requests)) == (1, 1)


@pytest.mark.parametrize(
    "reply", [b"\x30\x84\x7f\xff\xff\xff", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x30\x05\x02\x01"]
)
def test_a_server_that_talks_nonsense_is_unavailable(reply):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            talker, _ = listener.accept()
            with talker:
                talker.recv(1000)
                talker.sendall(reply)

        thread = threading.Thread(target=answer)
        thread.start()
        with directory(f"ldap://127.0.0.1:{listener.getsockname()[1]}") as client:
            assert seconds(lambda: client.authenticate("anna", "x")) < PATIENCE
        thread.join()


# --- TLS, against OpenLDAP ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory):
    require("openssl")
    return create_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def openldap(certificates):
    require("slapd")
    top = {"objectClass": ["dcObject", "organization"], "dc": ["example"], "o": ["Example"]}
    people = {"objectClass": ["organizationalUnit"], "ou": ["people"]}
    anna = {
        "objectClass": ["inetOrgPerson"],
        "uid": ["anna"],
        "cn": ["Anna"],
        "sn": ["B"],
        "userPassword": ["pw"],
    }
    entries = [(BASE, top), (PEOPLE, people), (f"uid=anna,{PEOPLE}", anna)]
    files = Certificate(certificates.authority, certificates.certificate, certificates.key)
    with slapd(entries, base=BASE, certificate=files, configuration="security simple_bind=1") as running:
        yield running


@contextmanager
def secured(openldap, url: str, ca_file: Path | None, **settings: object) -> Iterator[Directory]:
    account = {"bind_dn": openldap.service_dn, "bind_password": openldap.service_password}
    with directory(url, **({"start_tls": True, "ca_file": ca_file} | account | settings)) as client:
        yield client


@pytest.mark.parametrize("scheme", ["starttls", "ldaps"])
def test_openldap_signs_in_over_verified_tls(openldap, certificates, scheme):
    url = openldap.tls_url if scheme == "ldaps" else f"ldap://localhost:{openldap.port}"
    with secured(openldap, url, certificates.authority) as client:
        assert client.authenticate("anna", "pw").entry.username == "anna"
        assert refusal(client, "anna", "no").reason == Reason.WRONG_PASSWORD
        assert refusal(client, "nobody", "pw").reason == Reason.UNKNOWN


@pytest.mark.parametrize("scheme", ["starttls", "ldaps"])
@pytest.mark.parametrize("flaw", ["other authority", "system's authorities", "host name"])
def test_openldap_with_a_certificate_that_proves_nothing_gets_no_password(
    openldap, certificates, tmp_path, scheme, flaw
):
    host = "127.0.0.1" if flaw == "host name" else "localhost"
    url = f"ldaps://{host}:{openldap.tls_port}" if scheme == "ldaps" else f"ldap://{host}:{openldap.port}"
    authority = certificates.authority
    if flaw == "other authority":
        authority = create_certificates(tmp_path).authority
    elif flaw == "system's authorities":
        authority = None
    with (
        secured(openldap, url, authority) as client,
        pytest.raises(DirectoryUnavailable, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        client.authenticate("anna", "pw")


def test_without_starttls_the_server_is_left_before_any_bind(server, certificates):
    with (
        directory(server.url, start_tls=True, ca_file=certificates.authority) as client,
        pytest.raises(DirectoryUnavailable, match="StartTLS refused"),
    ):
        client.authenticate("anna", "anna's password")
    assert binds(server) == []


def test_bytes_sent_before_tls_are_not_taken_for_the_servers_own(certificates):
    """Someone in between may append answers of their own to that of StartTLS."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            talker, _ = listener.accept()
            with talker:
                request = talker.recv(1000)
                number = request[2 : 4 + request[3]]
                reply = number + bytes.fromhex("78070a010004000400")
                talker.sendall(2 * (bytes([0x30, len(reply)]) + reply))

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"ldap://localhost:{listener.getsockname()[1]}"
        with (
            directory(url, start_tls=True, ca_file=certificates.authority) as client,
            pytest.raises(DirectoryUnavailable, match="unprotected bytes after StartTLS"),
        ):
            client.authenticate("anna", "x")
        thread.join()


def test_starttls_to_a_silent_server_ends_in_time(certificates):
    with DirectoryServer(company(), base_dn=BASE, tls=certificates.tls) as running:
        running.hang()
        settings = {"start_tls": True, "ca_file": certificates.authority, "sign_in_timeout": 0.5}
        with directory(running.url, **settings) as client:
            assert seconds(lambda: client.authenticate("anna", "x")) < PATIENCE


@pytest.mark.parametrize(
    ("code", "authority", "reason"),
    [
        (0, f"dn:UID=Anna, {PEOPLE}", None),
        (0, "u:EXAMPLE\\anna", None),
        (2, "", None),  # a server that does not know the question
        (0, "", Reason.NOT_BOUND),
        (0, "dn:", Reason.NOT_BOUND),
        (0, f"dn:uid=bela,{PEOPLE}", Reason.NOT_BOUND),
        (50, "", Reason.MUST_CHANGE_PASSWORD),
    ],
)
def test_who_is_bound_is_checked(code, authority, reason):
    refused = misidentified(code, authority, f"uid=anna,{PEOPLE}")
    assert (refused.reason if refused else None) == reason
