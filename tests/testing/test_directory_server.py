"""The demo directory, seen by a real client library and by the real command."""

import contextlib
import gc
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import ldap3
import pytest
from ldap3.core.exceptions import LDAPCommunicationError, LDAPExceptionError, LDAPStartTLSError
from parvis.testing.directory import (
    Certificates,
    DirectoryServer,
    Entry,
    Request,
    ber,
    create_certificates,
    write_entries,
)
from parvis.testing.services import require

BASE = "dc=tide,dc=example"
SERVICE = f"cn=reader,{BASE}"
PEOPLE = f"ou=people,{BASE}"
PERSON = ["top", "person", "organizationalPerson", "inetOrgPerson"]


def person(uid: str, **attributes: Any) -> Entry:
    own = {"objectClass": PERSON, "uid": uid, "userPassword": "tide"}
    return Entry(f"uid={uid},{PEOPLE}", {**own, **attributes})


ENTRIES = [
    Entry(SERVICE, objectClass=["top", "person"], cn="reader", sn="reader", userPassword="let me read"),
    person("helene", cn="Hélène d'Aubrac", sn="d'Aubrac", title="Astronomer", employeeNumber="9"),
    person("lukasz", cn="Łukasz  Zieliński", employeeNumber="12", telephoneNumber="+48 58 000 11 22"),
    person("zoe", cn="Zoë (the younger) *", manager=f"UID=Helene, OU=People,{BASE}", mail="zoe@tide.example"),
    person("bob", cn="Bob", sn="O'Brien", userAccountControl="514", employeeType="disabled"),
    Entry(f"cn=crew,ou=groups,{BASE}", objectClass="groupOfNames", member=f"cn=deck,ou=groups,{BASE}"),
    Entry(f"cn=deck,ou=groups,{BASE}", objectClass="groupOfNames", member=[
        f"cn=crew,ou=groups,{BASE}", f"uid=zoe,{PEOPLE}",
    ]),
]  # fmt: skip


@pytest.fixture
def directory() -> Iterator[DirectoryServer]:
    with DirectoryServer(ENTRIES, base_dn=BASE) as server:
        yield server


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    require("openssl")
    return create_certificates(tmp_path_factory.mktemp("certificates"))


Connect: TypeAlias = Callable[..., ldap3.Connection]
Search: TypeAlias = Callable[..., list[str]]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Connect and bind, as whoever may read unless another is named; hang up when the test is over."""
    opened = []

    def connect(
        server: DirectoryServer, dn: str = SERVICE, password: str = "let me read", **options: Any
    ) -> ldap3.Connection:
        get_info = options.pop("get_info", ldap3.NONE)
        target = ldap3.Server(server.url, get_info=get_info, connect_timeout=5)
        options = {"receive_timeout": 5, "auto_referrals": False, **options}
        opened.append(connection := ldap3.Connection(target, dn, password, **options))
        connection.open()
        connection.bind()
        return connection

    yield connect
    for connection in opened:
        if connection.socket:
            connection.socket.close()


@pytest.fixture
def found(directory: DirectoryServer, connect: Connect) -> Search:
    """Search the people with a filter; return the first parts of the names found."""
    connection = connect(directory)

    def search(filter: str, base: str = BASE, scope: str = ldap3.SUBTREE) -> list[str]:
        connection.search(base, filter, scope, attributes=[ldap3.NO_ATTRIBUTES])
        return [entry["dn"].split(",")[0].split("=")[1] for entry in connection.response]

    return search


# Binding


@pytest.mark.parametrize(
    ("dn", "password", "description"),
    [
        (f"uid=zoe,{PEOPLE}", "tide", "success"),
        (f" UID = ZOE , ou=People,{BASE.upper()}", "tide", "success"),
        (f"uid=z\\6fe,{PEOPLE}", "tide", "success"),
        (f"uid=zoe,{PEOPLE}", "Tide", "invalidCredentials"),
        (f"uid=nobody,{PEOPLE}", "tide", "invalidCredentials"),
        ("no name at all", "tide", "invalidCredentials"),
        (f"cn=crew,ou=groups,{BASE}", "tide", "invalidCredentials"),
        ("", "", "inappropriateAuthentication"),
    ],
)
def test_only_the_right_password_binds(
    directory: DirectoryServer, connect: Connect, dn: str, password: str, description: str
) -> None:
    assert connect(directory, dn, password).result["description"] == description


def raw_bind(server: DirectoryServer, dn: bytes, password: bytes, version: int = 3) -> int:
    """Bind with what ldap3 refuses to send, and return the result code."""
    body = bytes([2, 1, version, 4, len(dn)]) + dn + bytes([0x80, len(password)]) + password
    request = bytes([2, 1, 1, 0x60, len(body)]) + body
    with socket.create_connection((server.host, server.port), timeout=5) as connection:
        connection.sendall(bytes([0x30, len(request)]) + request)
        return connection.recv(100)[9]


def test_a_name_without_a_password_is_refused_unless_it_is_to_be_like_active_directory(
    directory: DirectoryServer,
) -> None:
    name = f"uid=zoe,{PEOPLE}".encode()
    assert raw_bind(directory, name, b"") == 53
    directory.unauthenticated = True
    assert raw_bind(directory, name, b"") == 0


def test_a_password_without_a_name_and_an_old_protocol_are_refused(directory: DirectoryServer) -> None:
    assert raw_bind(directory, b"", b"tide") == 49
    assert raw_bind(directory, f"uid=zoe,{PEOPLE}".encode(), b"tide", version=2) == 2


def test_who_am_i_tells_who_is_bound(directory: DirectoryServer, connect: Connect) -> None:
    connection = connect(directory, f"uid=zoe,{PEOPLE}", "tide")
    assert connection.extend.standard.who_am_i() == f"dn:uid=zoe,{PEOPLE}"
    connection.rebind(f"uid=zoe,{PEOPLE}", "wrong")
    assert connection.extend.standard.who_am_i() is None  # ldap3's word for nobody


def test_nobody_reads_unless_anonymous_reading_is_allowed(
    directory: DirectoryServer, connect: Connect
) -> None:
    connection = connect(directory, "", "")
    assert connection.result["description"] == "inappropriateAuthentication"
    connection.search(BASE, "(uid=zoe)")
    assert (connection.result["description"], connection.response) == ("insufficientAccessRights", [])
    directory.anonymous = True
    connection.search(BASE, "(uid=zoe)")
    assert [entry["dn"] for entry in connection.response] == [f"uid=zoe,{PEOPLE}"]


def test_a_bind_is_refused_with_the_words_a_test_wants(directory: DirectoryServer, connect: Connect) -> None:
    directory.refuse_bind(
        SERVICE, 49, "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext, data 773"
    )
    connection = connect(directory)
    assert connection.result["message"].endswith("data 773")
    directory.resume()
    assert connection.rebind(SERVICE, "let me read")


# Filters and scopes


@pytest.mark.parametrize(
    ("filter", "names"),
    [
        ("(uid=HELENE)", ["helene"]),
        ("(cn=łukasz zieliński)", ["lukasz"]),
        ("(cn=  Łukasz ZIELIŃSKI )", ["lukasz"]),
        ("(objectClass=inetorgperson)", ["helene", "lukasz", "zoe", "bob"]),
        ("(&(objectClass=person)(|(uid=zoe)(uid=bob)))", ["zoe", "bob"]),
        ("(&(objectClass=person)(!(employeeType=disabled))(uid=*))", ["helene", "lukasz", "zoe"]),
        ("(mail=*)", ["zoe"]),
        ("(cn=h*au*AC)", ["helene"]),
        ("(cn=*au*au*)", []),
        ("(cn=*d'*)", ["helene"]),
        ("(cn=Bob*b)", []),
        ("(cn=*\\2a)", ["zoe"]),
        ("(cn=*\\28the younger\\29*)", ["zoe"]),
        ("(telephoneNumber=+4858-0001122)", ["lukasz"]),
        (f"(manager=uid=helene,ou=people , {BASE})", ["zoe"]),
        ("(employeeNumber>=10)", ["lukasz"]),
        ("(employeeNumber<=10)", ["helene"]),
        ("(cn~=helene d'aubrac)", ["helene"]),
        ("(cn:=bob)", ["bob"]),
        ("(cn:caseIgnoreMatch:=bob)", ["bob"]),
        ("(&(uid=*)(ou:dn:=people))", ["helene", "lukasz", "zoe", "bob"]),
        ("(userAccountControl:1.2.840.113556.1.4.803:=2)", ["bob"]),
        ("(userAccountControl:1.2.840.113556.1.4.803:=3)", []),
        ("(userAccountControl:1.2.840.113556.1.4.804:=3)", ["bob"]),
        (f"(member:1.2.840.113556.1.4.1941:=uid=zoe,{PEOPLE})", ["crew", "deck"]),
        ("(cn:1.2.3.4:=bob)", []),
        ("(!(cn:1.2.3.4:=bob))", []),
        ("(userPassword=tide)", []),
        ("(userPassword=t*)", []),
        (
            "(modifyTimestamp>=20200101000000Z)",
            ["tide", "reader", "helene", "lukasz", "zoe", "bob", "crew", "deck"],
        ),
        ("(&(uid=*)(modifyTimestamp<=20200101000000Z))", []),
        ("(modifyTimestamp>=yesterday)", []),
        ("(!(modifyTimestamp>=yesterday))", []),
    ],
)
def test_a_filter_finds(found: Search, filter: str, names: list[str]) -> None:
    assert [name for name in found(filter) if name not in ("people", "groups")] in (
        names,
        [*names[1:], *names[:1]],
    )


def test_times_are_compared_as_times(directory: DirectoryServer, found: Search) -> None:
    directory.change(f"uid=zoe,{PEOPLE}", modifyTimestamp="20301231235959Z")
    assert found("(modifyTimestamp>=20301231225959.9Z)") == ["zoe"]
    assert found("(modifyTimestamp=20310101005959+0100)") == ["zoe"]
    assert found("(modifyTimestamp>=203101010100+0100)") == []
    assert found("(modifyTimestamp>=2030123123Z)") == ["zoe"]


@pytest.mark.parametrize(
    ("base", "scope", "names"),
    [
        (PEOPLE, ldap3.BASE, ["people"]),
        (PEOPLE, ldap3.LEVEL, ["helene", "lukasz", "zoe", "bob"]),
        (BASE, ldap3.LEVEL, ["groups", "people", "reader"]),
        (f"uid=zoe,{PEOPLE}", ldap3.SUBTREE, ["zoe"]),
    ],
)
def test_a_scope_is_kept(found: Search, base: str, scope: str, names: list[str]) -> None:
    assert sorted(found("(objectClass=*)", base, scope)) == sorted(names)


@pytest.mark.parametrize(
    ("base", "description"),
    [("ou=elsewhere,dc=example", "noSuchObject"), (f"nothing,{BASE}", "invalidDNSyntax")],
)
def test_a_wrong_base_is_told(
    directory: DirectoryServer, base: str, description: str, connect: Connect
) -> None:
    connection = connect(directory, check_names=False)
    connection.search(base, "(uid=*)")
    assert connection.result["description"] == description


# What is returned


@pytest.mark.parametrize(
    ("asked", "returned"),
    [
        (["*"], {"objectClass", "uid", "cn", "sn", "title", "employeeNumber"}),
        (["+"], {"entryUUID", "createTimestamp", "modifyTimestamp"}),
        (["TITLE", "entryuuid", "mail"], {"title", "entryUUID"}),
        (["1.1"], set()),
        (["userPassword"], set()),
    ],
)
def test_attributes_are_selected(
    directory: DirectoryServer, asked: list[str], returned: set[str], connect: Connect
) -> None:
    connection = connect(directory, check_names=False)
    connection.search(PEOPLE, "(uid=helene)", attributes=asked)
    assert {name for name, values in connection.response[0]["raw_attributes"].items() if values} == returned


def test_types_are_returned_without_values(directory: DirectoryServer, connect: Connect) -> None:
    connection = connect(directory)
    connection.search(PEOPLE, "(uid=helene)", attributes=["cn"], types_only=True)
    assert connection.response[0]["raw_attributes"] == {"cn": None}


def test_many_values_come_by_ranges(directory: DirectoryServer, connect: Connect) -> None:
    directory.max_values = 3
    directory.change(f"cn=deck,ou=groups,{BASE}", member=[f"uid={n},{PEOPLE}" for n in range(5)])
    read = []
    for wanted, automatic in (("member", False), ("member;range=3-*", False), ("member", True)):
        connection = connect(directory, return_empty_attributes=False, auto_range=automatic)
        connection.search(BASE, "(cn=deck)", attributes=[wanted])
        attributes = connection.response[0]["raw_attributes"]
        read.append({name: len(values) for name, values in attributes.items()})
    assert read[:2] == [{"member;range=0-2": 3}, {"member;range=3-*": 2}]
    assert read[2]["member"] == 5


def test_compare_answers_without_showing(directory: DirectoryServer, connect: Connect) -> None:
    connection = connect(directory)
    dn = f"uid=helene,{PEOPLE}"
    assert [connection.compare(dn, "title", "ASTRONOMER"), connection.compare(dn, "title", "cook")] == [
        True,
        False,
    ]
    connection.compare(dn, "userPassword", "tide")
    assert connection.result["description"] == "noSuchAttribute"


def test_the_root_tells_what_the_server_is(directory: DirectoryServer, connect: Connect) -> None:
    info = connect(directory, get_info=ldap3.ALL).server.info
    assert info.naming_contexts == [BASE]
    assert [control[0] for control in info.supported_controls] == ["1.2.840.113556.1.4.319"]


def test_an_unknown_control_is_refused_only_when_critical(
    directory: DirectoryServer, connect: Connect
) -> None:
    connection = connect(directory)
    results = []
    for critical in (True, False):
        connection.search(BASE, "(uid=zoe)", controls=[("1.2.3.4", critical, b"x")])
        results.append(connection.result["description"])
    assert results == ["unavailableCriticalExtension", "success"]


def test_nothing_is_written_over_the_wire(directory: DirectoryServer, connect: Connect) -> None:
    connection = connect(directory)
    for attempt in (
        lambda: connection.add(f"uid=new,{PEOPLE}", "person", {"cn": "New", "sn": "New"}),
        lambda: connection.modify(f"uid=zoe,{PEOPLE}", {"title": [(ldap3.MODIFY_REPLACE, ["Chief"])]}),
        lambda: connection.modify_dn(f"uid=zoe,{PEOPLE}", "uid=chief"),
        lambda: connection.delete(f"uid=zoe,{PEOPLE}"),
    ):
        attempt()
        assert connection.result["description"] == "unwillingToPerform"


# Pages and limits


def paged(
    connection: ldap3.Connection, size: int, filter: str = "(uid=*)", **options: Any
) -> tuple[list[int], str]:
    """Read everything by pages, and return their sizes and the last result."""
    sizes, cookie = [], None
    while cookie != b"":
        connection.search(BASE, filter, attributes=["*"], paged_size=size, paged_cookie=cookie, **options)
        sizes.append(len(connection.response))
        cookie = connection.result["controls"]["1.2.840.113556.1.4.319"]["value"]["cookie"]
    return sizes, connection.result["description"]


def test_a_thousand_people_are_read_by_pages_at_once(connect: Connect) -> None:
    crowd = [
        person(f"p{n}", cn=f"Hélène {n}", sn="Many", mail=f"p{n}@tide.example", title="Astronomer")
        for n in range(1000)
    ]
    with DirectoryServer([*ENTRIES, *crowd], base_dn=BASE) as server:
        connection = connect(server)
        start = time.process_time()
        assert paged(connection, 300, "(mail=p*)") == ([300, 300, 300, 100], "success")
        assert time.process_time() - start < 3


@pytest.mark.parametrize(
    ("of_server", "of_client", "sizes", "description"),
    [
        (None, 0, [2, 2], "success"),
        (3, 0, [2, 1], "sizeLimitExceeded"),
        (None, 3, [2, 1], "sizeLimitExceeded"),
        (4, 0, [2, 2], "success"),
    ],
)
def test_a_size_limit_counts_over_all_pages(
    directory: DirectoryServer,
    of_server: int | None,
    of_client: int,
    sizes: list[int],
    description: str,
    connect: Connect,
) -> None:
    directory.size_limit = of_server
    connection = connect(directory)
    assert paged(connection, 2, size_limit=of_client) == (sizes, description)
    connection.search(BASE, "(uid=*)", size_limit=of_client)
    assert (len(connection.response), connection.result["description"]) == (sum(sizes), description)


def test_an_old_cookie_is_refused(directory: DirectoryServer, connect: Connect) -> None:
    connection = connect(directory)
    connection.search(BASE, "(uid=*)", paged_size=2, paged_cookie=b"stale")
    assert connection.result["description"] == "unwillingToPerform"


# Changes


def test_what_changes_is_seen_and_dated(directory: DirectoryServer, found: Search, connect: Connect) -> None:
    was = directory.store.get(f"uid=zoe,{PEOPLE}")
    directory.change(f"uid=helene,{PEOPLE}", modifyTimestamp="20200101000000Z")
    directory.change(f"uid=helene,{PEOPLE}", title=["Captain", "Cook"], mail=None)
    assert found("(&(title=cook)(modifyTimestamp>=20260101000000Z))") == ["helene"]
    directory.rename(f"uid=zoe,{PEOPLE}", f"uid=zoe.kerr,ou=alumni,{BASE}")
    assert found("(uid=zoe)") == []
    assert found("(uid=zoe.kerr)", f"ou=alumni,{BASE}") == ["zoe.kerr"]
    assert directory.store.get(f"uid=zoe.kerr,ou=alumni,{BASE}")["entryUUID"] == was["entryUUID"]
    assert connect(directory, f"uid=zoe.kerr,ou=alumni,{BASE}", "tide").bound
    directory.remove(f"uid=bob,{PEOPLE}")
    directory.add(person("bob", cn="Another Bob", sn="Bobson", userPassword="new"))
    assert found("(sn=o'brien)") == []
    assert not connect(directory, f"uid=bob,{PEOPLE}", "tide").bound


@pytest.mark.parametrize("dn", [f"uid=zoe,{PEOPLE}", "uid=new,dc=elsewhere", "new"])
def test_an_entry_that_exists_or_lies_elsewhere_is_not_added(directory: DirectoryServer, dn: str) -> None:
    with pytest.raises(ValueError, match=r"exists|outside|distinguished"):
        directory.add(Entry(dn, cn="New"))


# Encryption


@contextmanager
def encrypted(server: DirectoryServer, trusted: Certificates) -> Iterator[ldap3.Connection]:
    """Give a connection, not yet open, that trusts one authority; close it in the end."""
    verified = ldap3.Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=str(trusted.authority))
    target = ldap3.Server(server.url, tls=verified, get_info=ldap3.NONE)
    connection = ldap3.Connection(target, SERVICE, "let me read")
    try:
        yield connection
    finally:
        if connection.socket:
            connection.socket.close()


def test_start_tls_is_verified(certificates: Certificates) -> None:
    with (
        DirectoryServer(ENTRIES, base_dn=BASE, tls=certificates.tls) as server,
        encrypted(server, certificates) as connection,
    ):
        assert connection.start_tls(read_server_info=False)
        assert connection.bind()
        assert connection.search(BASE, "(uid=zoe)")
        assert list(server.requests) == [
            Request("extended 1.3.6.1.4.1.1466.20037", "", secure=False),
            Request("bind", SERVICE, secure=True),
            Request("search", BASE, secure=True),
        ]


@pytest.mark.proof
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", ["localhost", "elsewhere.example"])
def test_another_authority_or_name_is_not_trusted(
    certificates: Certificates, name: str, tmp_path: Path
) -> None:
    other = create_certificates(tmp_path, name)
    trusted = certificates if name == "localhost" else other
    with (
        DirectoryServer(ENTRIES, base_dn=BASE, tls=other.tls) as server,
        encrypted(server, trusted) as connection,
        pytest.raises(LDAPExceptionError, match="certificate"),
    ):
        connection.start_tls(read_server_info=False)
    gc.collect()  # ldap3 leaves the socket open when the name is wrong: let it be blamed for that here


def test_ldaps_encrypts_from_the_first_byte(certificates: Certificates) -> None:
    with (
        DirectoryServer(ENTRIES, base_dn=BASE, tls=certificates.tls, ldaps=True) as server,
        encrypted(server, certificates) as connection,
    ):
        assert (connection.bind(), list(server.requests)) == (True, [Request("bind", SERVICE, secure=True)])


def test_start_tls_without_a_certificate_is_no_operation(
    directory: DirectoryServer, connect: Connect
) -> None:
    connection = connect(directory)
    with pytest.raises(LDAPStartTLSError, match="protocolError"):
        connection.start_tls(read_server_info=False)


# Faults


def test_it_hangs_and_comes_back(directory: DirectoryServer, connect: Connect) -> None:
    connection = connect(directory, receive_timeout=1)
    directory.hang()
    with pytest.raises(LDAPCommunicationError, match="timed out|receiv"):
        connection.search(BASE, "(uid=zoe)")
    directory.resume()
    assert connect(directory).search(BASE, "(uid=zoe)")


def test_it_drips(directory: DirectoryServer, connect: Connect) -> None:
    connection = connect(directory)
    directory.drip(0.005)
    start = time.perf_counter()
    assert connection.search(BASE, "(uid=zoe)")
    assert time.perf_counter() - start > 0.2


def test_it_refers_elsewhere(directory: DirectoryServer, connect: Connect) -> None:
    connection = connect(directory)
    directory.refer_to("ldap://elsewhere.example/dc=tide")
    connection.search(BASE, "(uid=zoe)")
    assert connection.result["referrals"] == ["ldap://elsewhere.example/dc=tide"]
    directory.refer_to("ldap://elsewhere.example/dc=tide", beside_entries=True)
    connection.search(BASE, "(uid=zoe)")
    assert [part["type"] for part in connection.response] == ["searchResEntry", "searchResRef"]


def test_it_drops_the_connection_after_some_entries(directory: DirectoryServer, connect: Connect) -> None:
    connection = connect(directory)
    directory.drop_after(2)
    with pytest.raises(LDAPCommunicationError):
        connection.search(BASE, "(uid=*)")
    directory.resume()
    assert connect(directory).search(BASE, "(uid=zoe)")


def test_it_stops_and_starts_on_the_same_port(directory: DirectoryServer, connect: Connect) -> None:
    connection, url = connect(directory), directory.url
    directory.stop()
    with pytest.raises(LDAPCommunicationError):
        connection.search(BASE, "(uid=zoe)")
    with pytest.raises(LDAPCommunicationError):
        connect(directory)
    directory.start()
    assert (directory.url, connect(directory).bound) == (url, True)


def test_it_stops_at_once_while_it_hangs() -> None:
    with DirectoryServer(ENTRIES, base_dn=BASE) as server:
        server.hang()
        with socket.create_connection((server.host, server.port)) as client:
            client.sendall(b"\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00")
            while not server.requests:
                time.sleep(0.01)
            start = time.perf_counter()
            server.stop()
            assert client.recv(10) == b""
            assert time.perf_counter() - start < 5


def search_request(scope: int, wanted: bytes) -> bytes:
    numbers = (
        ber.integer(scope, ber.ENUMERATED),
        ber.integer(0, ber.ENUMERATED),
        ber.integer(0),
        ber.integer(0),
    )
    types_only, attributes = ber.encode(ber.BOOLEAN, b"\0"), ber.encode(ber.SEQUENCE)
    search = ber.encode(0x63, ber.text(BASE), *numbers, types_only, wanted, attributes)
    return ber.encode(ber.SEQUENCE, ber.integer(1), search)


def nested(depth: int) -> bytes:
    return ber.encode(0xA2, nested(depth - 1)) if depth else ber.text("uid", 0x87)


GARBAGE = {
    "http": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "nothing in it": b"\x30\x00",
    "endless": b"\x30\x84\xff\xff\xff\xff",
    "indefinite": b"\x30\x80\x02\x01\x01",
    "number too long": b"\x30\x0d\x02\x09123456789\x42\x00",
    "unknown request": b"\x30\x05\x02\x01\x01\x7e\x00",
    "lying length": b"\x30\x06\x02\x01\x01\x63\x7f\x00",
    "bad text": b"\x30\x0e\x02\x01\x01\x60\x09\x02\x01\x03\x04\x02\xff\xfe\x80\x00",
    "scope nine": search_request(9, nested(0)),
    "deep filter": search_request(2, nested(300)),
    "no filter": search_request(2, ber.text("uid", 0x99)),
}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_ends_its_own_connection_only(
    directory: DirectoryServer, name: str, connect: Connect
) -> None:
    directory.anonymous = True
    with socket.create_connection((directory.host, directory.port), timeout=5) as client:
        client.sendall(GARBAGE[name])
        with contextlib.suppress(OSError):  # the server may have hung up already
            client.shutdown(socket.SHUT_WR)
        received = b"".join(iter(lambda: client.recv(4096), b""))
    told = b"1.3.6.1.4.1.1466.20036" in received
    assert (received == b"", told) == ((True, False) if name == "http" else (False, True))
    assert connect(directory).search(BASE, "(uid=zoe)")


# The real command


def ldapsearch(
    server: DirectoryServer, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    command = [require("ldapsearch"), "-x", "-LLL", "-o", "ldif-wrap=no", "-H", server.url, "-b", BASE]
    bind = ["-D", SERVICE, "-w", "let me read"]
    return subprocess.run(
        [*command, *bind, *arguments], capture_output=True, text=True, timeout=20, env=environment
    )


def test_ldapsearch_pages_through(directory: DirectoryServer) -> None:
    done = ldapsearch(directory, "-E", "pr=2/noprompt", "(&(uid=*)(!(employeeType=disabled)))", "uid", "cn")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line for line in done.stdout.splitlines() if line.startswith("uid")] == [
        "uid: helene", "uid: lukasz", "uid: zoe",
    ]  # fmt: skip


def test_ldapsearch_is_told_of_a_size_limit(directory: DirectoryServer) -> None:
    assert ldapsearch(directory, "-z", "1", "(uid=*)").returncode == 4


def test_ldapsearch_starts_tls(tmp_path: Path) -> None:
    require("openssl")
    # OpenLDAP's client expects this machine's own name when it is told "localhost".
    certificates = create_certificates(tmp_path, socket.gethostname(), socket.getfqdn())
    with DirectoryServer(ENTRIES, base_dn=BASE, tls=certificates.tls) as server:
        trust = {"LDAPTLS_CACERT": str(certificates.authority), "LDAPTLS_REQCERT": "demand"}
        done = ldapsearch(server, "-ZZ", "(uid=zoe)", "mail", **trust)
        assert "mail: zoe@tide.example" in done.stdout
        del trust["LDAPTLS_CACERT"]
        assert ldapsearch(server, "-ZZ", "(uid=zoe)", "mail", **trust).returncode != 0


def test_ldif_says_the_same_in_writing(tmp_path: Path) -> None:
    file = tmp_path / "entries.ldif"
    odd = Entry("cn=Zoë,dc=x", cn="Zoë", title=" led by a space", o="a: b", sn="trailing ", jpegPhoto=b"\0\1")
    with file.open("w", encoding="ascii") as out:
        assert write_entries([odd, Entry("dc=x", dc="x", description="long " * 20 + "!")], out) == 2
    assert file.read_text().splitlines() == [
        "dn:: Y249Wm/DqyxkYz14",
        "cn:: Wm/Dqw==",
        "title:: IGxlZCBieSBhIHNwYWNl",
        "o: a: b",
        "sn:: dHJhaWxpbmcg",
        "jpegPhoto:: AAE=",
        "",
        "dn: dc=x",
        "dc: x",
        "description: " + "long " * 12 + "lon",
        " g " + "long " * 7 + "!",
        "",
    ]
