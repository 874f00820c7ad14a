"""The numbers for Prometheus, and who may read them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from parvis.config import ServerSettings
from parvis.metrics import UNKNOWN_PROXY, exposition, init_metrics

TOKEN = "a-token-of-some-length"


def make_app(**settings: object) -> Flask:
    app = Flask("measured")
    init_metrics(app, ServerSettings.model_validate({"secret_key": "k" * 32, **settings}))
    app.add_url_rule("/metrics", view_func=exposition)

    @app.get("/people/<int:number>")
    def person(number: int) -> str:
        if number == 0:
            abort(404)
        return str(1 // (number - 1))

    return app


@pytest.fixture
def client() -> FlaskClient:
    return make_app().test_client()


def counts(client: FlaskClient) -> list[str]:
    text = client.get("/metrics").get_data(as_text=True)
    return [line for line in text.splitlines() if line.startswith("parvis_requests_total{")]


def test_requests_are_counted_by_endpoint_method_and_class_of_status(client: FlaskClient) -> None:
    for number in (2, 3, 0, 1):
        client.get(f"/people/{number}")
    client.get("/nowhere/at/all")
    client.open("/people/2", method="BREW")
    assert counts(client) == [
        'parvis_requests_total{endpoint="person",method="GET",status="2xx"} 2.0',
        'parvis_requests_total{endpoint="person",method="GET",status="4xx"} 1.0',
        'parvis_requests_total{endpoint="person",method="GET",status="5xx"} 1.0',
        'parvis_requests_total{endpoint="none",method="GET",status="4xx"} 1.0',
        'parvis_requests_total{endpoint="none",method="other",status="4xx"} 1.0',
    ]


def test_the_time_of_requests_is_measured(client: FlaskClient) -> None:
    client.get("/people/2")
    text = client.get("/metrics").get_data(as_text=True)
    assert 'parvis_request_seconds_count{endpoint="person",method="GET",status="2xx"} 1.0' in text
    assert 'parvis_request_seconds_bucket{endpoint="person",le="10.0",method="GET",status="2xx"} 1.0' in text


def test_two_apps_count_apart(client: FlaskClient) -> None:
    client.get("/people/2")
    assert counts(make_app().test_client()) == []


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("127.0.0.1", 200),
        ("::1", 200),
        ("::ffff:127.0.0.1", 200),
        ("10.1.2.3", 404),
        ("::ffff:10.1.2.3", 404),
        ("2001:db8::1", 404),
        ("", 404),
        ("not an address", 404),
    ],
)
def test_only_the_machine_itself_reads_the_numbers(client: FlaskClient, address: str, status: int) -> None:
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": address}).status_code == status


def test_allowed_addresses_read_them_too() -> None:
    client = make_app(metrics_allowed=["10.1.0.0/16"]).test_client()
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "10.1.2.3"}).status_code == 200
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"}).status_code == 404


def test_what_an_unknown_proxy_forwards_does_not_count_as_local(client: FlaskClient) -> None:
    assert client.get("/metrics", environ_base={UNKNOWN_PROXY: True}).status_code == 404


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        ("Bearer wrong", 404),
        ("Bearer é", 404),
        ("Bearer ", 404),
        (f"Basic {TOKEN}", 404),
        ("", 404),
    ],
)
def test_the_token_reads_them_from_anywhere(header: str, status: int) -> None:
    client = make_app(metrics_token=TOKEN).test_client()
    answer = client.get(
        "/metrics", headers={"Authorization": header}, environ_base={"REMOTE_ADDR": "10.1.2.3"}
    )
    assert answer.status_code == status


def test_without_a_token_set_no_token_is_good(client: FlaskClient) -> None:
    for header in ("Bearer ", "Bearer", "Bearer x"):
        answer = client.get(
            "/metrics", headers={"Authorization": header}, environ_base={"REMOTE_ADDR": "10.1.2.3"}
        )
        assert answer.status_code == 404


@pytest.mark.proof
def test_processes_that_share_a_folder_tell_the_numbers_of_all(tmp_path: Path) -> None:
    environ = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    start = (
        "import sys; sys.path.append(sys.argv[1]); import test_metrics as t; c = t.make_app().test_client()"
    )

    def run(code: str) -> str:
        command = [sys.executable, "-c", f"{start}; {code}", str(Path(__file__).parent)]
        return subprocess.run(command, env=environ, check=True, capture_output=True, text=True).stdout

    run("c.get('/people/2')")
    run("c.get('/people/2')")
    assert run("print(*t.counts(c))") == (
        'parvis_requests_total{endpoint="person",method="GET",status="2xx"} 2.0\n'
    )
