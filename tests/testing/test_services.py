"""The servers that tests lean on: they start, hold what was asked, and leave nothing behind."""

import os
import select
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ldap3
import psycopg
import pytest
from parvis.testing import services

BASE = "dc=example,dc=org"


def company(count: int = 3) -> list[services.Entry]:
    """Give a directory of `count` people whose names need care."""
    top = (BASE, {"objectClass": ["dcObject", "organization"], "dc": ["example"], "o": ["Société Exemple"]})
    return [top, *(person(number) for number in range(count))]


def person(number: int) -> services.Entry:
    """Give one person as `slapd()` takes it."""
    return f"uid=u{number},{BASE}", {
        "objectClass": ["inetOrgPerson"],
        "uid": [f"u{number}"],
        "cn": [f" Hélène Œuvrard {number}"],
        "sn": ["Œuvrard"],
        "userPassword": ["pass phrase"],
        "jpegPhoto": [b"\xff\xd8\xff\xe0"],
    }


def found(server: services.Slapd, dn: str | None, password: str | None) -> list[ldap3.Entry]:
    """Search everybody as this account."""
    with bound(server.url, dn, password) as connection:
        connection.search(BASE, "(uid=*)", attributes=["*"])
        return list(connection.entries)


@contextmanager
def bound(host: str | ldap3.Server, dn: str | None, password: str | None) -> Iterator[ldap3.Connection]:
    """Give a bound connection, and close it: ldap3's own `with` leaves one open that was bound before."""
    connection = ldap3.Connection(host, dn, password, auto_bind=True)
    try:
        yield connection
    finally:
        connection.unbind()


@pytest.fixture(scope="module")
def cluster():
    services.require("postgresql")
    with services.postgresql() as url:
        yield url


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> services.Certificate:
    folder = tmp_path_factory.mktemp("certificate")
    openssl = services.require("openssl")
    command = [
        openssl,
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "key", "-out", folder / "cert"]
    subprocess.run(command, check=True, capture_output=True)
    return services.Certificate(folder / "cert", folder / "cert", folder / "key")


def query(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        return connection.execute(statement.encode()).fetchall()


def test_postgresql_listens_on_loopback_only_and_opens_no_socket_file(cluster: str) -> None:
    shown = [query(cluster, f"SHOW {name}")[0][0] for name in ("listen_addresses", "unix_socket_directories")]

    assert shown == ["127.0.0.1", ""]


def test_a_database_made_from_a_template_holds_its_rows_and_changes_alone(cluster: str) -> None:
    template = services.create_database(cluster)
    with psycopg.connect(template.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE word (text text)")
        connection.execute("INSERT INTO word VALUES ('été')")

    copy = services.create_database(cluster, template=template)
    with psycopg.connect(copy.replace("+psycopg", "")) as connection:
        connection.execute("INSERT INTO word VALUES ('hiver')")

    assert query(template, "SELECT text FROM word") == [("été",)]
    assert query(copy, "SELECT text FROM word ORDER BY text") == [("hiver",), ("été",)]


def test_a_dropped_database_is_gone_even_while_somebody_is_connected(cluster: str) -> None:
    url = services.create_database(cluster)
    with psycopg.connect(url.replace("+psycopg", "")):
        services.drop_database(url)

    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        query(url, "SELECT 1")


def test_postgresql_ends_with_its_block() -> None:
    services.require("postgresql")
    with services.postgresql() as url:
        assert query(url, "SELECT 1") == [(1,)]

    with pytest.raises(psycopg.OperationalError, match="refused"):
        query(url, "SELECT 1")


def test_slapd_gives_the_service_account_everybody_and_others_up_to_the_size_limit() -> None:
    services.require("slapd")
    with services.slapd(company(5), size_limit=2) as server:
        everybody = found(server, server.service_dn, server.service_password)
        some = found(server, f"uid=u0,{BASE}", "pass phrase")

    assert [entry.cn.value for entry in everybody] == [f" Hélène Œuvrard {number}" for number in range(5)]
    assert everybody[0].jpegPhoto.value == b"\xff\xd8\xff\xe0"
    assert [entry.uid.value for entry in some] == ["u0", "u1"]


def test_slapd_shows_no_password_and_nothing_at_all_to_strangers() -> None:
    services.require("slapd")
    with services.slapd(company()) as server:
        assert "userPassword" not in found(server, server.service_dn, server.service_password)[0]
        assert found(server, None, None) == []


def test_slapd_reads_an_ldif_file(tmp_path: Path) -> None:
    services.require("slapd")
    ldif = tmp_path / "people.ldif"
    ldif.write_text(
        f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n"
    )
    with (
        services.slapd(ldif) as server,
        bound(server.url, server.admin_dn, server.admin_password) as connection,
    ):
        connection.search(BASE, "(objectClass=organization)", attributes=["o"])
        assert [entry.o.value for entry in connection.entries] == ["Example"]


@pytest.mark.parametrize("start_tls", [True, False], ids=["StartTLS", "LDAPS"])
def test_slapd_speaks_tls_with_a_certificate(certificate: services.Certificate, start_tls: bool) -> None:
    services.require("slapd")
    tls = ldap3.Tls(
        validate=ssl.CERT_REQUIRED, ca_certs_file=str(certificate.authority), valid_names=["localhost"]
    )
    with services.slapd(company(), certificate=certificate) as server:
        host = ldap3.Server(server.url if start_tls else server.tls_url, tls=tls)
        connection = ldap3.Connection(host, server.service_dn, server.service_password)
        try:
            assert not start_tls or connection.start_tls()
            assert connection.bind()
        finally:
            connection.unbind()


def test_a_slapd_that_cannot_start_says_why() -> None:
    services.require("slapd")
    with (
        pytest.raises(services.ServiceFailed, match="no_such_directive"),
        services.slapd(company(), configuration="no_such_directive on"),
    ):
        pass


def test_a_server_ends_when_the_program_that_started_it_is_killed(tmp_path: Path) -> None:
    services.require("slapd")
    (tmp_path / "starter.py").write_text(
        "import sys, pathlib\n"
        "from parvis.testing import services\n"
        "with services.slapd(pathlib.Path(sys.argv[1])) as server:\n"
        "    print((server.folder / 'slapd.pid').read_text().strip(), flush=True)\n"
        "    input()\n"
    )
    ldif = tmp_path / "people.ldif"
    ldif.write_text(
        f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n"
    )
    command = [sys.executable, tmp_path / "starter.py", ldif]
    environment = {
        **os.environ,
        "TMPDIR": str(tmp_path),
    }  # what a killed program leaves behind goes with the test
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        os.kill(pid, 0)
        starter.kill()

    watched = select.poll()
    watched.register(os.pidfd_open(pid))  # readable once the process has ended
    assert watched.poll(10_000) != []


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_a_missing_service_skips_by_name_with_its_remedy_and_fails_in_ci(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setitem(services._COMMANDS, "slapd", ["no-such-program"])

    with pytest.raises(outcome) as raised:
        services.require("slapd")

    wanted = "slapd is missing; to enable: sudo apt-get install --no-install-recommends slapd"
    assert raised.value.msg == wanted
