"""The database does not answer: a clear page, and probes that tell it."""

import itsdangerous.timed
import pytest
from parvis.api import Plugin, db, hookimpl
from parvis.application.factory import create_app
from parvis.manager import PluginManager
from parvis.plugin import NoSettings
from parvis.testing.plugin import make_config
from parvis.testing.services import free_port
from sqlalchemy import text


@pytest.fixture
def down(tmp_path):
    url = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/nothing"
    config = make_config(tmp_path, url, {"database": {"timeout": 2}})
    return create_app(config, PluginManager({}), safe_mode=False)


def test_the_app_starts_without_its_database_and_says_that_it_is_not_ready(down):
    client = down.test_client()
    assert [client.get(path).status_code for path in ("/healthz", "/readyz")] == [200, 503]


@pytest.mark.parametrize("path", ["/people", "/account"])
def test_a_page_says_so_in_a_sentence_and_asks_to_come_back(down, path):
    client = down.test_client()
    client.set_cookie("parvis", "s.something")
    response = client.get(path)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert "What was saved before is safe" in response.text
    assert response.headers.getlist("Set-Cookie") == []  # who is signed in stays so


def test_signing_in_says_so_too(down):
    client = down.test_client()
    html = client.get("/login").text
    token = (
        html.partition('name="csrf_token" value="')[2].partition('"')[0]
        or html.partition('value="')[2].partition('"')[0]
    )
    response = client.post("/login", data={"username": "a", "password": "b", "csrf_token": token})
    assert response.status_code == 503


class LosesPlugin(Plugin[NoSettings]):
    """Loses the connection in the middle of a page, as a restarted database does."""

    name = "loses"

    @hookimpl
    def navigation(self, viewer):
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return []


@pytest.mark.proof
@pytest.mark.both_databases
@pytest.mark.plugins(loses=LosesPlugin)
def test_a_connection_that_is_lost_in_a_page_costs_that_page_and_no_other(app, member_client, member):
    statuses = {200, 503} if db.engine.dialect.name == "postgresql" else {200}
    assert (
        member_client.post("/account/sessions/end").status_code == 303
    )  # the next page says so, and forgets it
    for path in ("/account", "/", "/people", f"/people/{member.person.handle}"):
        assert member_client.get(path).status_code in statuses, path
    assert member_client.get("/readyz").status_code == 200


@pytest.mark.both_databases
@pytest.mark.parametrize("end", [lambda: db.session.rollback(), lambda: db.session.remove()])
def test_a_session_whose_connection_is_lost_ends_in_peace(app, end):
    if db.engine.dialect.name == "postgresql":
        backend = db.session.scalar(text("SELECT pg_backend_pid()"))
        with db.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:backend, 5000)"), {"backend": backend})
    end()
    assert db.session.scalar(text("SELECT 1")) == 1


def test_two_machines_whose_clocks_differ_take_each_others_forms(people, member, monkeypatch):
    client = people.browser(member)
    client.get("/account")
    monkeypatch.setattr(itsdangerous.timed.time, "time", lambda: 1_000_000_000)
    assert client.post("/account/sessions/end").status_code == 303
