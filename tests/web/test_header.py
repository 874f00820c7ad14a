"""Headers, hosts, proxies, and CSRF: on every answer."""

import re

import pytest
from parvis.application.gate import ALWAYS
from parvis.db import db
from parvis.directory.models import Unit
from parvis.testing.plugin import browser
from parvis.web.access import public as open_to_all
from werkzeug.routing import IntegerConverter


def policy(response):
    told = response.headers["Content-Security-Policy"]
    return dict(part.strip().partition(" ")[::2] for part in told.split(";"))


@pytest.mark.parametrize("path", ["/login", "/nowhere", "/static/nowhere.js"])
def test_every_answer_carries_the_headers(client, path):
    headers = client.get(path).headers
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")
    assert "Content-Security-Policy" in headers


def test_scripts_run_by_nonce_only_and_nothing_comes_from_elsewhere(member_client):
    response = member_client.get("/people")
    told = policy(response)
    nonce = re.search(r"'nonce-([^']+)'", told["script-src"])[1]
    assert told["default-src"] == "'none'"
    assert (told["object-src"], told["base-uri"], told["frame-ancestors"]) == ("'none'", "'none'", "'none'")
    assert (told["require-trusted-types-for"], told["trusted-types"].split()[0]) == ("'script'", "htmx")
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert set(re.findall(r"<script[^>]*nonce=\"([^\"]+)\"", response.text)) == {nonce}
    assert re.findall(r"<script(?![^>]*nonce)", response.text) == []


def test_each_answer_has_a_nonce_of_its_own(client):
    nonces = {
        re.search(r"'nonce-([^']+)'", client.get("/login").headers["Content-Security-Policy"])[1]
        for _ in range(3)
    }
    assert len(nonces) == 3


def test_no_page_holds_inline_script_or_style_or_another_sites_address(member_client):
    for path in ("/", "/people", "/account", "/profile/edit"):
        html = member_client.get(path).text
        assert re.findall(r"\son[a-z]+=|<style|style=\"|javascript:|hx-on", html) == []
        assert re.findall(r"(?:src|href)=\"(?:https?:)?//[^\"]+", html) == []


def test_personal_pages_are_stored_nowhere(member_client):
    response = member_client.get("/people")
    assert (response.headers["Cache-Control"], "Cookie" in response.headers["Vary"]) == ("no-store", True)


@pytest.mark.settings(server={"frame_ancestors": ["https://intranet.example.com"]})
def test_a_named_portal_may_frame_pages(client):
    assert policy(client.get("/login"))["frame-ancestors"] == "https://intranet.example.com"


@pytest.mark.settings(site={"url": "https://parvis.example.com"})
def test_over_https_browsers_are_told_to_stay_there(app):
    response = browser(app).get("/login", base_url="https://parvis.example.com")
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_another_host_name_is_not_answered(client):
    assert client.get("/login", headers={"Host": "evil.example"}).status_code == 400


def test_probes_come_by_any_name(client):
    assert client.get("/healthz", headers={"Host": "10.1.2.3"}).status_code == 200


def test_forwarded_headers_of_strangers_are_dropped(client):
    response = client.get(
        "/login", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    )
    assert response.status_code == 200


@pytest.mark.settings(server={"trusted_proxies": ["127.0.0.1"]})
def test_forwarded_headers_of_a_configured_proxy_are_believed(client):
    assert client.get("/login", headers={"X-Forwarded-Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/login",
        "/logout",
        "/language",
        "/profile/edit",
        "/profile/photos",
        "/account/preferences",
        "/account/sessions/end",
        "/join/preferences",
    ],
)
def test_every_form_needs_its_token(member_client, path):
    assert member_client.post(path, csrf=False).status_code == 400


def example(converter):
    if isinstance(converter, IntegerConverter):
        return 1
    return min(getattr(converter, "items", {"x"}))


def test_every_rule_that_changes_is_protected_and_every_page_is_for_members(app, client):
    public = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "is_public", False)
    }
    assert public == {
        "identity.login",
        "identity.login_post",
        "identity.logout",
        "identity.choose_language",
        "develop.components",
    } | {e for e in public if e.startswith("develop.")}
    for rule in app.url_map.iter_rules():
        if rule.endpoint in public | ALWAYS | {"static"} or "GET" not in rule.methods:
            continue
        values = {name: example(converter) for name, converter in rule._converters.items()}
        path = rule.build(values)[1]
        assert str(client.get(path).location).startswith("/login"), (rule.endpoint, path)


def test_a_view_that_changes_on_get_fails(app, client):
    @open_to_all
    def change():
        db.session.add(Unit(kind="site", name="x"))
        return "done"

    app._got_first_request = False
    app.add_url_rule("/change", "change", change)
    assert client.get("/change").status_code == 500
    assert db.session.scalar(db.select(db.func.count()).select_from(Unit)) == 0
