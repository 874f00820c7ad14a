"""Start real servers for tests: private ones, in temporary folders, on free loopback ports.

PostgreSQL and OpenLDAP come from system packages. A test that needs one begins with `require("postgresql")`:
where the package is missing it is skipped by name with the command that would enable it, and with `CI=true`
it fails, for continuous integration must skip nothing. Programs that are no tests (benchmarks) call `find()`.

A server ends with its `with` block, and also when the thread that started it dies.
"""

import base64
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import psycopg
from sqlalchemy.engine import make_url

Entry = tuple[str, Mapping[str, Sequence[str | bytes]]]

_SYSTEM_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"]
_COMMANDS = {
    "slapd": ["slapd"],
    "ldapsearch": ["ldapsearch"],
    "postgresql": [
        "initdb",
        *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), reverse=True),
    ],
    "chromium": [os.environ.get("PARVIS_CHROMIUM", "chromium"), "chromium-browser", "google-chrome"],
    "openssl": ["openssl"],
    "haproxy": ["haproxy"],
    "ip": ["ip"],
    "moto_server": [str(Path(".s3-venv", "bin", "moto_server").resolve()), "moto_server"],
}
_PACKAGES = {"ldapsearch": "ldap-utils", "ip": "iproute2"}
_REMEDIES = {"moto_server": "make .s3-venv/.installed"}

_MEMORY = Path("/dev/shm")


class Missing(LookupError):
    """A system package is not there; the text says which command would bring it."""


class ServiceFailed(RuntimeError):
    """A server did not start; the text ends with what it logged."""


def find(name: str) -> Path:
    """Give the path of a service's program, or raise `Missing` with the remedy.

    `name` is one of slapd, ldapsearch, postgresql (gives initdb), chromium, openssl, haproxy, ip (of
    iproute2), and moto_server (an S3 service, in an environment of its own).
    """
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *_SYSTEM_FOLDERS])
    for command in _COMMANDS[name]:
        if found := shutil.which(command, path=path):
            return Path(found)
    package = _PACKAGES.get(name, name)
    remedy = _REMEDIES.get(name, f"sudo apt-get install --no-install-recommends {package}")
    raise Missing(f"{name} is missing; to enable: {remedy}")


def require(name: str) -> Path:
    """Give the path of a service's program, or skip the running test by name (with `CI=true`: fail it)."""
    try:
        return find(name)
    except Missing as missing:
        unavailable(str(missing))


def unavailable(problem: str) -> NoReturn:
    """Skip the running test for want of something, said with its remedy (with `CI=true`: fail it)."""
    import pytest  # noqa: PLC0415  benchmarks use this module on machines without pytest

    if os.environ.get("CI") == "true":
        pytest.fail(problem, pytrace=False)
    pytest.skip(problem)


def free_port() -> int:
    """Give a loopback port that nothing listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


# --- PostgreSQL ---------------------------------------------------------------------------------------------

_POSTGRESQL_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    # The cluster is thrown away after the tests: no care for a crash.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


_administrators: dict[tuple[str | None, int | None], psycopg.Connection] = {}
"""Connections to the servers that run here, by host and port."""


@contextmanager
def postgresql(
    settings: Mapping[str, str] | None = None, *, in_memory: bool = True, trusted: Iterable[str] = ()
) -> Iterator[str]:
    """Run a private PostgreSQL cluster; give the URL of its empty database, as `postgresql+psycopg://…`.

    `settings` are further lines of postgresql.conf. The files live in memory where there is room, which
    creates databases ten times faster; measurements say `in_memory=False`. `trusted` are networks from which
    it may be asked, besides this machine; `settings` say at which addresses. PostgreSQL refuses root, so root
    runs it as the user `postgres`.
    """
    initdb = find("postgresql").resolve()
    user = "postgres" if os.geteuid() == 0 else None
    parent = _MEMORY if in_memory and _has_room(_MEMORY) else None
    with _private_folder("postgresql", user, parent) as folder:
        data, port = folder / "data", free_port()
        options = ["--auth=trust", "--username=parvis", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        _run([initdb, "--pgdata", data, *options], folder, user)
        with (data / "pg_hba.conf").open("a", encoding="utf-8") as rules:
            rules.writelines(f"host all all {network} trust\n" for network in trusted)
        chosen = {**_POSTGRESQL_SETTINGS, "port": str(port), **(settings or {})}
        flags = [flag for key, value in chosen.items() for flag in ("-c", f"{key}={value}")]
        url = f"postgresql+psycopg://parvis@127.0.0.1:{port}/postgres"
        command: list[str | Path] = [initdb.with_name("postgres"), "-D", data, *flags]
        with _server(command, folder, user, stop=signal.SIGINT) as process:
            _wait(process, folder, lambda: _postgresql_answers(url))
            with psycopg.connect(_plain(url), autocommit=True) as _administrators[_server_of(url)]:
                try:
                    yield url
                finally:
                    del _administrators[_server_of(url)]


def _has_room(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= 1 << 30


def _postgresql_answers(url: str) -> bool:
    try:
        psycopg.connect(_plain(url), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def create_database(server_url: str, *, template: str | None = None) -> str:
    """Create a database with a name of its own on the server of this URL; give the new URL.

    `template` is the URL of a database to copy, which nobody may be connected to: a schema is migrated once
    and copied in some 30 ms for each test.
    """
    name = f"t{uuid.uuid4().hex[:12]}"
    source = make_url(template).database if template else "template0"
    _administer(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def drop_database(url: str) -> None:
    """Drop the database of this URL, and its connections with it."""
    name = make_url(url).database
    _administer(
        make_url(url).set(database="postgres").render_as_string(False), f'DROP DATABASE "{name}" WITH (FORCE)'
    )


def _administer(url: str, statement: str) -> None:
    """Use the connection that was opened at the start where the server is one of ours: each costs 5 ms."""
    if administrator := _administrators.get(_server_of(url)):
        administrator.execute(statement.encode())
        return
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        connection.execute(statement.encode())


def _server_of(url: str) -> tuple[str | None, int | None]:
    parts = make_url(url)
    return parts.host, parts.port


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


# --- OpenLDAP -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slapd:
    """A running OpenLDAP server.

    `service_dn` may read all, without a size limit, as Parvis' own account should; `admin_dn` may write all.
    """

    port: int
    tls_port: int | None
    base: str
    folder: Path
    admin_password: str = "admin secret"
    service_password: str = "service secret"
    host: str = "127.0.0.1"

    @property
    def url(self) -> str:
        """Plain LDAP, on which StartTLS works when a certificate was given."""
        return f"ldap://{self.host}:{self.port}"

    @property
    def tls_url(self) -> str:
        """LDAP over TLS, by name: certificates that name an IP address are refused."""
        return f"ldaps://localhost:{self.tls_port}"

    @property
    def admin_dn(self) -> str:
        """The directory's manager, who is bound by no limit or access rule."""
        return f"cn=admin,{self.base}"

    @property
    def service_dn(self) -> str:
        """The account that Parvis reads with."""
        return f"cn=parvis,{self.base}"


@dataclass(frozen=True)
class Certificate:
    """The files (PEM) of a server's certificate, its key, and the authority that signed it."""

    authority: Path
    certificate: Path
    key: Path


@contextmanager
def slapd(
    people: Path | Iterable[Entry],
    *,
    base: str = "dc=example,dc=org",
    certificate: Certificate | None = None,
    size_limit: int | str = 500,
    configuration: str = "",
    host: str = "127.0.0.1",
) -> Iterator[Slapd]:
    """Run a private OpenLDAP server that holds `people`: an LDIF file, or `(dn, {attribute: values})` pairs.

    The entry of `base` must be among them, the service account not: it is added. `size_limit` is what others
    than the service account may get from one search. `configuration` are further lines of the database's
    section of slapd.conf. `host` is where it listens.
    """
    program = find("slapd")
    with _private_folder("slapd") as folder:
        program = _out_of_apparmor(program, folder)
        ports = free_port(), free_port()
        server = Slapd(ports[0], ports[1] if certificate else None, base, folder, host=host)
        conf = folder / "slapd.conf"
        conf.write_text(_slapd_conf(server, certificate, size_limit, configuration), "utf-8")
        (folder / "db").mkdir()
        for ldif in [_ldif_file(people, folder / "people.ldif"), _service_ldif(server)]:
            _run([program, "-Ta", "-q", "-f", conf, "-l", ldif], folder)
        urls = server.url + (f" ldaps://{host}:{server.tls_port}" if certificate else "")
        with _server([program, "-d", "0", "-h", urls, "-f", conf], folder) as process:
            _wait(process, folder, lambda: _listens(server))
            yield server


def _slapd_conf(server: Slapd, certificate: Certificate | None, size_limit: int | str, more: str) -> str:
    modules = next(
        (path for path in map(Path, ["/usr/lib/ldap", "/usr/lib/openldap"]) if path.is_dir()), None
    )
    schema = next(path for path in map(Path, ["/etc/ldap/schema", "/etc/openldap/schema"]) if path.is_dir())
    tls = certificate and [
        f"TLSCACertificateFile {certificate.authority}",
        f"TLSCertificateFile {certificate.certificate}",
        f"TLSCertificateKeyFile {certificate.key}",
    ]
    lines = [
        *(f"include {schema}/{name}.schema" for name in ("core", "cosine", "inetorgperson", "nis")),
        *([f"modulepath {modules}", "moduleload back_mdb", "moduleload syncprov"] if modules else []),
        f"pidfile {server.folder}/slapd.pid",
        *(tls or []),
        f"sizelimit {size_limit}",
        "database mdb",
        f'suffix "{server.base}"',
        f'rootdn "{server.admin_dn}"',
        f'rootpw "{server.admin_password}"',
        f"directory {server.folder}/db",
        f"maxsize {4 << 30}",
        "dbnosync",
        "index objectClass,entryUUID,entryCSN,uid,mail eq",
        "index modifyTimestamp,manager,member,memberUid eq",
        f'limits dn.exact="{server.service_dn}" size=unlimited time=unlimited',
        "access to attrs=userPassword by anonymous auth by * none",
        "access to * by users read by anonymous auth",
        more,
        "overlay syncprov",
    ]
    return "\n".join(lines) + "\n"


def _ldif_file(people: Path | Iterable[Entry], target: Path) -> Path:
    """Write entries as LDIF, every value in base64: no rule of quoting to get wrong."""
    if isinstance(people, Path):
        return people
    with target.open("w", encoding="ascii") as file:
        for dn, attributes in people:
            file.write(f"dn:: {_base64(dn)}\n")
            for name, values in attributes.items():
                file.writelines(f"{name}:: {_base64(value)}\n" for value in values)
            file.write("\n")
    return target


def _service_ldif(server: Slapd) -> Path:
    attributes = {
        "objectClass": ["organizationalRole", "simpleSecurityObject"],
        "cn": ["parvis"],
        "userPassword": [server.service_password],
    }
    return _ldif_file([(server.service_dn, attributes)], server.folder / "service.ldif")


def _base64(value: str | bytes) -> str:
    return base64.b64encode(value.encode() if isinstance(value, str) else value).decode()


def _out_of_apparmor(program: Path, folder: Path) -> Path:
    """Copy slapd where AppArmor is on: its profile goes by path, and forbids temporary folders."""
    enabled = Path("/sys/module/apparmor/parameters/enabled")
    if not (enabled.exists() and enabled.read_text().startswith("Y")):
        return program
    return Path(shutil.copy2(program, folder / "slapd"))


def _listens(server: Slapd) -> bool:
    try:
        socket.create_connection((server.host, server.port), timeout=1).close()
    except OSError:
        return False
    return True


# --- Processes ----------------------------------------------------------------------------------------------


@contextmanager
def _private_folder(name: str, user: str | None = None, parent: Path | None = None) -> Iterator[Path]:
    """Give a temporary folder that only `user` (None: ourselves) may enter."""
    prefix = f"parvis-{name}-"
    with tempfile.TemporaryDirectory(prefix=prefix, dir=parent, ignore_cleanup_errors=True) as created:
        if user:
            account = pwd.getpwnam(user)
            os.chown(created, account.pw_uid, account.pw_gid)
        yield Path(created)


def _run(command: Sequence[str | Path], folder: Path, user: str | None = None) -> None:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, errors="replace",
        user=user, group=user, extra_groups=[] if user else None,
    )  # fmt: skip
    if done.returncode:
        raise ServiceFailed(
            f"{Path(command[0]).name} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )


@contextmanager
def _server(
    command: Sequence[str | Path],
    folder: Path,
    user: str | None = None,
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in the foreground; stop it, and only it, at the end."""
    if setpriv := shutil.which("setpriv"):  # so that it ends even when we are killed
        command = [setpriv, "--pdeathsig", stop.name.removeprefix("SIG"), *command]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            user=user, group=user, extra_groups=[] if user else None,
        )  # fmt: skip
    try:
        yield process
    finally:
        process.send_signal(stop)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(
    process: subprocess.Popen[bytes], folder: Path, ready: Callable[[], bool], seconds: float = 30
) -> None:
    """Wait until the server answers; say what it logged when it ends instead."""
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        if ready():
            return
        time.sleep(0.02)
    raise ServiceFailed(f"The server did not start:\n{(folder / 'log').read_text(errors='replace')[-4000:]}")
