"""A whole site to measure: people from a real directory, a database, and the processes that serve it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from parvis.testing import services
from parvis.testing.company import Company, Person, company, write_ldif
from parvis.testing.directory.certificates import create_certificates
from sqlalchemy.engine import make_url

from bench import process

# As an administrator would have it; what the tests of the suite switch off for speed is on.
POSTGRESQL = {"autovacuum": "on", "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
PLUGINS = ["social", "groups", "blog", "expertise", "moderation"]
"""All that ship: a page costs what it costs with them."""
START_LIMIT = 30.0  # seconds


@dataclass(frozen=True)
class Staff:
    """The people, and the OpenLDAP server that knows them."""

    company: Company
    server: services.Slapd
    authority: Path

    @property
    def process(self) -> int:
        """The id of slapd."""
        return int((self.server.folder / "slapd.pid").read_text())

    def viewer(self) -> Person:
        """Return who looks at the pages: somebody in the middle of the company, with a manager and a team."""
        employees = [
            person for person in self.company.people if person.kind == "employee" and not person.leads
        ]
        return employees[len(employees) // 2]


@contextmanager
def staff(size: int, folder: Path, host: str = "127.0.0.1") -> Iterator[Staff]:
    """Put a company of so many people into a real OpenLDAP server, which listens at an address."""
    founded, ldif = company(size=size, photos=False), folder / "people.ldif"
    with ldif.open("w", encoding="utf-8") as file:
        write_ldif(founded, file)
    made = create_certificates(folder, "localhost")
    certificate = services.Certificate(made.authority, made.certificate, made.key)
    with services.slapd(ldif, base=founded.base_dn, certificate=certificate, host=host) as server:
        yield Staff(founded, server, made.authority)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Give the URL of an empty database of a kind: a SQLite file, or a PostgreSQL server's of our own.

    That is reached through its socket, as docs/install.md has it where both are on one machine.
    """
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'parvis.db'}"
        return
    with TemporaryDirectory(prefix="parvis-") as door:
        Path(door).chmod(0o777)  # the server is another user's
        settings = {**POSTGRESQL, "unix_socket_directories": door}
        with services.postgresql(settings, in_memory=False) as url:
            own = make_url(services.create_database(url))
            yield own.set(host="", query={"host": door}).render_as_string(hide_password=False)


def database_process(url: str) -> int | None:
    """Return the id of the database server's first process; SQLite has none."""
    if url.startswith("sqlite"):
        return None
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None
        return process.parent(row[0])


@dataclass(frozen=True)
class Site:
    """One configured Parvis: its folder, its database, and the kind of that."""

    kind: str
    url: str
    folder: Path
    staff: Staff
    engine: str = "whoosh"
    """Of the search."""
    media: Mapping[str, object] = field(default_factory=dict)
    """Settings of where files are kept, if not in the folder."""
    worker_name: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes; their modules are compiled once, as in an installed site."""
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return {**kept, "PYTHONPYCACHEPREFIX": str(self.folder.parent / "bytecode")}

    def configuration(
        self, *, start_tls: bool = False, groups: bool = False, production: bool = False
    ) -> Path:
        """Write a configuration file: with StartTLS? with groups that decide who signs in?

        In production there are two web processes, and the search engine that is made for many people.
        """
        server, founded = self.staff.server, self.staff.company
        path = (
            self.folder / f"parvis{'-tls' * start_tls}{'-groups' * groups}{'-production' * production}.toml"
        )
        address = f"ldap://localhost:{server.port}" if start_tls else server.url
        tables: dict[str, dict[str, object]] = {
            "site": {"url": "http://127.0.0.1:8000", "default_language": "en"},
            "server": {
                "secret_key": "a secret that only benchmarks have, and need not keep",
                "workers": 1 + production,
            },
            "search": {"engine": self.engine},
            **({"search": {"engine": "tantivy"}} if production and find_spec("tantivy") else {}),
            "database": {"url": self.url},
            "log": {"level": "warning"},
            **({"media": self.media} if self.media else {}),
            **({"jobs": {"worker_name": self.worker_name}} if self.worker_name else {}),
            "plugins": {"enabled": PLUGINS},
            "directory": {
                "servers": [address],
                "start_tls": start_tls,
                "allow_plain_text": server.host != "127.0.0.1",  # cables that we have made
                "bind_dn": server.service_dn,
                "bind_password": server.service_password,
                "base_dn": founded.people_dn,
                **({"ca_file": str(self.staff.authority)} if start_tls else {}),
                **({"sign_in_group": founded.members_dn} if groups else {}),
                **({"administrators_group": founded.administrators_dn} if groups else {}),
            },
        }
        path.write_text("".join(_table(name, values) for name, values in tables.items()), "utf-8")
        return path

    def command(self, *arguments: str, **kind: bool) -> list[str]:
        """Return the command of `parvis` with arguments, on a kind of configuration."""
        return [sys.executable, "-m", "parvis.cli", "--config", str(self.configuration(**kind)), *arguments]

    def run(self, *arguments: str, production: bool = False) -> str:
        """Run `parvis` with arguments; return what it printed."""
        command = self.command(*arguments, production=production)
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"parvis {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout


def _table(name: str, values: Mapping[str, object]) -> str:
    return f"[{name}]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in values.items())


def _toml(value: object) -> str:
    """Write a string, a number, a truth value or a list of strings; Python's lists are TOML's too."""
    return str(value).lower() if isinstance(value, bool) else repr(value)


@dataclass(frozen=True)
class Server:
    """Web processes that answer: the id of the first, the port, and what it took until the first answer."""

    pid: int
    port: int
    started_in: float = 0.0
    start_cpu: float = 0.0
    host: str = "127.0.0.1"

    @property
    def workers(self) -> list[int]:
        """The processes that answer requests: those with threads and no children, resource trackers aside."""
        below = [pid for pid in process.tree(self.pid)[1:] if not process.children(pid)]
        return [pid for pid in below if process.proportional_memory(pid) > 20]


@contextmanager
def serving(
    command: list[str],
    port: int,
    path: str,
    environment: Mapping[str, str],
    folder: Path,
    host: str = "127.0.0.1",
) -> Iterator[Server]:
    """Run a web server until the block ends; `path` is asked for until it is answered."""
    with (folder / "server.log").open("ab") as log:
        started = time.perf_counter()
        running = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        while not _answers(host, port, path):
            if running.poll() is not None or time.perf_counter() - started > START_LIMIT:
                raise RuntimeError(
                    f"no answer from {command}:\n{(folder / 'server.log').read_text()[-4000:]}"
                )
            time.sleep(0.005)
        seconds = time.perf_counter() - started
        yield Server(running.pid, port, seconds, sum(map(process.cpu, process.tree(running.pid))), host)
    finally:
        _end(running)


def _end(running: subprocess.Popen[bytes]) -> None:
    running.terminate()
    try:
        running.wait(timeout=20)
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait()


def _answers(host: str, port: int, path: str) -> bool:
    try:
        with socket.create_connection((host, port), timeout=START_LIMIT) as connection:
            connection.sendall(
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
            )
            return connection.recv(12).endswith(b" 200")
    except OSError:
        return False


@contextmanager
def parvis(site: Site, **kind: bool) -> Iterator[Server]:
    """Run `parvis serve` on a kind of configuration: with one web process, but for `production`."""
    port = services.free_port()
    command = site.command("serve", "--port", str(port), **kind)
    with serving(command, port, "/login", site.environment, site.folder) as server:
        yield server


@contextmanager
def worker(site: Site) -> Iterator[int]:
    """Run `parvis worker` as in production; give its process."""
    command = site.command("worker", production=True)
    with program(command, site.folder / "worker.log", site.environment) as pid:
        yield pid


@contextmanager
def program(command: list[str], log: Path, environment: Mapping[str, str]) -> Iterator[int]:
    """Run a program until the block ends; give its process."""
    with log.open("ab") as file:
        running = subprocess.Popen(command, env=environment, stdout=file, stderr=file, start_new_session=True)
    try:
        yield running.pid
    finally:
        _end(running)


@contextmanager
def reference(site: Site) -> Iterator[Server]:
    """Run the reference page under the same server, with the same number of threads."""
    port = services.free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "error", "bench.reference:app",
    ]  # fmt: skip
    environment = {**site.environment, "BENCH_DATABASE": site.url}
    with serving(command, port, "/", environment, site.folder) as server:
        yield server
