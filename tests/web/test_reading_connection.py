"""Pages are read from PostgreSQL by connections that know their queries, and that it has not ended."""

import psycopg
import pytest
from parvis.api import db
from sqlalchemy import make_url, text

KNOWN = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%member_session%'")
END_OTHERS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
pytestmark = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)


@pytest.fixture
def reading(app):
    db.session.remove()
    return db.engine


def test_the_query_of_every_page_is_planned_once(reading, member_client):
    for _ in range(8):  # psycopg prepares what a connection is asked the sixth time
        assert member_client.get("/account").status_code == 200
    with reading.connect() as connection:
        assert connection.scalar(KNOWN) > 0


def test_connections_that_the_server_has_ended_cost_no_page(reading, member_client, database_url):
    assert member_client.get("/account").status_code == 200
    plain = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with reading.connect(), reading.connect():
        pass
    with psycopg.connect(plain, autocommit=True) as apart:
        assert len(apart.execute(END_OTHERS).fetchall()) >= 2
    assert member_client.get("/account").status_code == 200
