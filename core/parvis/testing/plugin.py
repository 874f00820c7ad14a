"""pytest fixtures for core and for plugin authors; installed with Parvis and found by pytest by itself.

An app runs on a database made by the real migrations: SQLite, and PostgreSQL too for tests that ask for
`database_url` through the `both_databases` mark.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from sqlalchemy import event as sa_event
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from parvis import jobs
from parvis.application.factory import Parvis, create_app
from parvis.config import Config, read, validate
from parvis.db import db, utcnow, writing
from parvis.directory.models import Person
from parvis.directory.person import free_handle, sort_name, unit_ids, write_names
from parvis.events import follow
from parvis.identity.models import Member, MemberSession
from parvis.identity.session import digest
from parvis.manager import PluginManager
from parvis.migration import histories, upgrade
from parvis.runtime import EXTENSION
from parvis.search.indexer import Indexer, index_folder
from parvis.search.reader import index_reader
from parvis.security import CSRF_KEY
from parvis.testing import services
from parvis.testing.address import compiled_addresses
from parvis.testing.statement import CompiledStatements

TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marks of these fixtures."""
    config.addinivalue_line("markers", "both_databases: run the test on SQLite and on PostgreSQL")
    config.addinivalue_line("markers", "settings(**tables): change tables of the app's configuration")
    config.addinivalue_line("markers", "plugins(**classes): enable these plugin classes in the app")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests marked `both_databases` twice."""
    if metafunc.definition.get_closest_marker("both_databases"):
        metafunc.parametrize("database_kind", ["sqlite", "postgresql"], indirect=True, scope="session")


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    """Return `sqlite`, or what a `both_databases` test asks for."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Run a private PostgreSQL server, once a session."""
    with services.postgresql() as url:
        yield url


@dataclass
class Templates:
    """Databases already migrated, to be copied: one by kind and set of plugins."""

    folder: Path
    made: dict[tuple[str, tuple[str, ...]], str]


@pytest.fixture(scope="session")
def database_templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Keep migrated databases for the whole session."""
    return Templates(tmp_path_factory.mktemp("databases"), {})


@pytest.fixture
def database_url(
    database_kind: str,
    database_templates: Templates,
    enabled_plugins: dict[str, Any],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[str]:
    """Give a database of the test's own, made by the migrations of core and the enabled plugins."""
    key = (database_kind, tuple(enabled_plugins))
    if database_kind == "sqlite":
        if key not in database_templates.made:
            path = database_templates.folder / f"{'-'.join(('core', *enabled_plugins))}.db"
            migrate(f"sqlite:///{path}", enabled_plugins)
            database_templates.made[key] = str(path)
        shutil.copy(database_templates.made[key], tmp_path / "parvis.db")
        yield f"sqlite:///{tmp_path / 'parvis.db'}"
        return
    server = request.getfixturevalue("postgresql_server")
    if key not in database_templates.made:
        database_templates.made[key] = services.create_database(server)
        migrate(database_templates.made[key], enabled_plugins)
    url = services.create_database(server, template=database_templates.made[key])
    yield url
    services.drop_database(url)


def migrate(url: str, plugins: dict[str, Any]) -> None:
    """Make the tables of core and of these plugin classes in an empty database."""
    app = Flask("migrations")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    with app.app_context():
        for history in histories(list(plugins.values())):
            upgrade(history)
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect() as connection:
                connection.exec_driver_sql("ROLLBACK")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()


@pytest.fixture
def enabled_plugins(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return the plugin classes that `@pytest.mark.plugins(name=Class)` enables."""
    mark = request.node.get_closest_marker("plugins")
    return dict(mark.kwargs) if mark else {}


@pytest.fixture
def settings(request: pytest.FixtureRequest) -> dict[str, dict[str, Any]]:
    """Return tables that `@pytest.mark.settings(site={...})` changes."""
    mark = request.node.get_closest_marker("settings")
    return dict(mark.kwargs) if mark else {}


@pytest.fixture
def config(
    tmp_path: Path, database_url: str, settings: dict[str, dict[str, Any]], enabled_plugins: dict[str, Any]
) -> Config:
    """Return a configuration in a folder of the test's own."""
    return make_config(tmp_path, database_url, settings, enabled_plugins)


def make_config(
    folder: Path,
    database_url: str,
    tables: dict[str, dict[str, Any]] | None = None,
    plugins: dict[str, Any] | None = None,
) -> Config:
    """Write and read a configuration: `tables` over defaults that suit tests, with plugin classes by name."""
    base: dict[str, dict[str, Any]] = {
        "site": {"name": "Parvis", "url": "http://localhost", "default_language": "en"},
        "server": {"secret_key": "a secret that only the tests have, and need not keep"},
        "database": {"url": database_url, "timeout": 60},  # a loaded machine refuses nobody
        "media": {"url": "media"},
        "plugins": {"enabled": list(plugins or {})},
    }
    for table, values in (tables or {}).items():
        base.setdefault(table, {}).update(values)
    path = folder / "parvis.toml"
    path.write_text("".join(_toml_table(name, values) for name, values in base.items()), encoding="utf-8")
    models = {name: plugin.settings_model() for name, plugin in (plugins or {}).items()}
    return validate(read(path), models, environ={})


def _toml_table(name: str, values: dict[str, Any]) -> str:
    plain = "".join(
        f"{key} = {_toml(value)}\n" for key, value in values.items() if not isinstance(value, dict)
    )
    nested = "".join(
        _toml_table(f"{name}.{key}", value) for key, value in values.items() if isinstance(value, dict)
    )
    return f"[{name}]\n{plain}{nested}"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml(item) for item in value)}]"
    return (
        repr(value)
        if isinstance(value, int | float)
        else '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
    )


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """Compile each template once a session."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session")
def compiled_statements() -> CompiledStatements:
    """Compile each SQL statement once a session."""
    return CompiledStatements()


@pytest.fixture(scope="session")
def addresses_read_once() -> Iterator[None]:
    """Read the rule of each address once a session."""
    with compiled_addresses():
        yield


@pytest.fixture
def app(
    config: Config,
    enabled_plugins: dict[str, Any],
    addresses_read_once: None,
    compiled_templates: BytecodeCache,
    compiled_statements: CompiledStatements,
) -> Iterator[Parvis]:
    """Run the app inside an app context, as scripts do; its errors are pages, not exceptions."""
    manager = PluginManager({name: partial(_given, plugin) for name, plugin in enabled_plugins.items()})
    manager.find(config.enabled)
    app = create_app(config, manager, safe_mode=False, overrides={"TESTING": True})
    app.jinja_env.bytecode_cache = compiled_templates
    with app.app_context():
        compiled_statements.share(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()
    directory = app.extensions[EXTENSION].directory
    if directory is not None:
        directory.close()


def _given(plugin: Any) -> Any:
    return plugin


class Client(FlaskClient):
    """A browser without JavaScript: it sends back the CSRF token of the page it last saw.

    Each request runs in a context of its own, as on a server, and not in the test's: what a test wants a page
    to see it commits before, and after a request its own objects are read anew.
    """

    member: Member | None = None
    csrf: str = ""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request; a form that is posted carries the CSRF token."""
        if kwargs.get("method", "GET") != "GET" and kwargs.pop("csrf", True):
            data = kwargs.setdefault("data", {})
            if isinstance(data, dict) and "csrf_token" not in data:
                kwargs["data"] = {**data, "csrf_token": self.csrf}
        response = Context().run(lambda: FlaskClient.open(self, *args, **kwargs))
        response.request.environ["wsgi.input"].close()
        if has_app_context():  # not while a redirect is followed, inside the request's own context
            db.session.rollback()
            db.session.expire_all()
        found = TOKEN.search(response.data) if response.mimetype == "text/html" else None
        if found:
            self.csrf = found[1].decode()
        return response


@pytest.fixture
def client(app: Parvis) -> Client:
    """Return a browser that nobody has signed in."""
    return browser(app)


def browser(app: Parvis) -> Client:
    """Make a browser."""
    app.test_client_class = Client
    made = app.test_client()
    assert isinstance(made, Client)
    return made


@dataclass
class People:
    """Makes persons and members, named in order so that tests can tell them apart."""

    app: Parvis
    count: int = 0

    def person(
        self, name: str | None = None, *, site: str = "", department: str = "", **columns: Any
    ) -> Person:
        """Make somebody of the directory who never came."""
        self.count += 1
        name = name or f"Test Person{self.count}"
        given, _, family = name.partition(" ")
        units = unit_ids([(k, v) for k, v in (("site", site), ("department", department)) if v])
        values: dict[str, Any] = {
            "username": f"user{self.count}", "display_name": name, "given_name": given, "family_name": family,
            "directory_key": f"00000000-0000-0000-0000-{self.count:012}",
            "sort_name": sort_name(name, given, family),
            "site_id": units.get(("site", site)),
            "department_id": units.get(("department", department)), **columns,
        }  # fmt: skip
        person = Person(handle=free_handle(name, values["username"]), **values)
        db.session.add(person)
        db.session.flush()
        write_names([{**values, "handle": person.handle, "id": person.id}])
        db.session.commit()
        return person

    def member(
        self, name: str | None = None, *, administrator: bool = False, joined: bool = True, **columns: Any
    ) -> Member:
        """Make somebody who has signed in, and joined unless told otherwise."""
        person = self.person(name, **columns)
        steps = ["core:preferences", "core:introduction"] if joined else []
        member = Member(
            id=person.id,
            administrator=administrator,
            joined_at=utcnow() if joined else None,
            steps_done=steps,
        )
        member.person = person
        db.session.add(member)
        db.session.commit()
        return member

    def browser(self, member: Member) -> Client:
        """Return a browser in which the member is signed in."""
        client = browser(self.app)
        token = f"test-token-of-{member.id}-{utcnow().timestamp()}"
        db.session.add(MemberSession(digest=digest(token), member_id=member.id, data={CSRF_KEY: "c" * 40}))
        db.session.commit()
        interface: Any = self.app.session_interface
        client.set_cookie(interface.cookie, f"s.{token}")
        client.member = member
        client.csrf = self._csrf(client)
        return client

    def _csrf(self, client: Client) -> str:
        return str(
            URLSafeTimedSerializer(self.app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps("c" * 40)
        )


@pytest.fixture
def people(app: Parvis) -> People:
    """Make persons, members and their browsers."""
    return People(app)


@pytest.fixture
def member(people: People) -> Member:
    """Return a member."""
    return people.member("Ada Member")


@pytest.fixture
def other(people: People) -> Member:
    """Return another member."""
    return people.member("Bob Other")


@pytest.fixture
def administrator(people: People) -> Member:
    """Return an administrator."""
    return people.member("Carla Administrator", administrator=True)


@pytest.fixture
def member_client(people: People, member: Member) -> Client:
    """Return the member's browser."""
    return people.browser(member)


@pytest.fixture
def administrator_client(people: People, administrator: Member) -> Client:
    """Return the administrator's browser."""
    return people.browser(administrator)


@dataclass
class Queries:
    """The SQL statements of a block, without BEGIN and COMMIT."""

    statements: list[str]

    def __len__(self) -> int:
        return len(self.statements)


@pytest.fixture
def count_queries() -> Callable[..., Any]:
    """Return a context manager that counts queries: `with count_queries(exactly=4): client.get(...)`."""

    @contextmanager
    def counting(*, exactly: int | None = None, at_most: int | None = None) -> Iterator[Queries]:
        queries = Queries([])

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
                queries.statements.append(statement)

        sa_event.listen(Engine, "before_cursor_execute", note)
        try:
            yield queries
        finally:
            sa_event.remove(Engine, "before_cursor_execute", note)
        told = "\n".join(queries.statements)
        assert exactly is None or len(queries) == exactly, f"{len(queries)} queries, not {exactly}:\n{told}"
        assert at_most is None or len(queries) <= at_most, (
            f"{len(queries)} queries, more than {at_most}:\n{told}"
        )

    return counting


@pytest.fixture
def deliver(app: Parvis) -> Callable[[], None]:
    """Return what leads the followers of the event log on to its end, as the worker does."""

    def lead() -> None:
        db.session.commit()
        while follow(jobs.followers()):
            pass
        db.session.expire_all()

    return lead


def catch_up(indexer: Indexer) -> None:
    """Lead an index on to the end of the event log, making it if there is none."""
    if indexer.folder.current() is None:
        indexer.step()
    while indexer.step():
        pass


@pytest.fixture
def index(app: Parvis) -> Iterator[Callable[[], None]]:
    """Return what leads the search index on to the end of the event log, making it if there is none."""
    indexer = Indexer(index_folder())

    def lead() -> None:
        db.session.commit()
        catch_up(indexer)
        index_reader().look_again()
        db.session.expire_all()

    yield lead
    indexer.close()


@pytest.fixture
def at_once(app: Parvis) -> Callable[..., list[Any]]:
    """Return what runs functions at the same moment, each in a transaction of its own; gives what they gave.

    What one raises is given instead, after its transaction was rolled back.
    """

    def run_all(*acts: Callable[[], Any]) -> list[Any]:
        db.session.commit()
        barrier, results = Barrier(len(acts)), list[Any]([None] * len(acts))

        def run(number: int, act: Callable[[], Any]) -> None:
            with app.app_context(), writing():
                barrier.wait()
                try:
                    results[number] = act()
                    db.session.commit()
                except Exception as error:
                    db.session.rollback()
                    results[number] = error
                finally:
                    db.session.remove()

        threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        db.session.expire_all()
        return results

    return run_all


__all__ = ["Client", "People", "Queries", "browser", "make_config", "migrate"]
