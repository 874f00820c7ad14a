"""Signing in through the form, without JavaScript, against the demo directory and the break-glass account."""

import re
from io import StringIO

import pytest
from parvis.config import LogSettings
from parvis.db import db
from parvis.directory.models import Person
from parvis.identity.local import create_administrator, reset_password
from parvis.identity.models import LocalAccount, Member, MemberSession, SignInAttempt
from parvis.logging import configure
from parvis.testing.company import company
from parvis.testing.directory import DirectoryServer
from parvis.testing.plugin import browser
from sqlalchemy import func, select

PEOPLE = company(120)
PASSWORD = "a long local password"


@pytest.fixture(scope="module")
def server():
    with DirectoryServer(PEOPLE.entries(), base_dn=PEOPLE.base_dn) as running:
        yield running


@pytest.fixture
def settings(server):
    return {
        "directory": {
            "servers": [server.url],
            "base_dn": PEOPLE.people_dn,
            "start_tls": False,
            "bind_dn": PEOPLE.service_dn,
            "bind_password": PEOPLE.service_password,
        }
    }


@pytest.fixture
def local(app):
    create_administrator(username="root", name="Root Break-Glass", password=PASSWORD)
    db.session.commit()


def sign_in(client, username, password, **more):
    client.get("/login")
    return client.post("/login", data={"username": username, "password": password, **more})


def signed_in(client):
    return client.get("/account").status_code == 200


def test_a_stranger_is_sent_to_the_sign_in_page_and_back(client):
    response = client.get("/people?q=ada")
    assert (response.status_code, response.location) == (303, "/login?next=/people?q%3Dada")


@pytest.mark.parametrize(("left", "back"), [
    ("http://localhost/groups/new?name=a", "?next=/groups/new?name%3Da"), ("http://localhost.evil/x", ""),
    ("http://localhost/account/preferences", "?next=/account"), ("http://localhost/language", ""),
    ("http://evil/x", ""), ("http://[", ""), ("http://localhost//evil", ""), ("", ""),
])  # fmt: skip
@pytest.mark.parametrize("header", ["Referer", "HX-Current-URL"])
def test_whoever_sends_something_signed_out_is_led_back_to_where_they_wrote_it(client, header, left, back):
    response = client.post("/profile/edit", data={"about": "Hello"}, headers={header: left})
    assert (response.status_code, response.location) == (303, f"/login{back}")


def test_another_language_keeps_the_name_that_was_typed(client):
    client.get("/login?next=/people")
    sent = {"username": "h.dupont", "password": "secret", "next": "/people", "language": "fr"}
    response = client.post("/language", data=sent)
    assert response.location == "/login?next=/people"
    shown = client.get(response.location).text
    assert ('lang="fr"' in shown, 'value="h.dupont"' in shown, "secret" in shown) == (True, True, False)
    assert 'value="h.dupont"' not in client.get("/login").text


def test_the_sign_in_page_has_the_three_fields(client):
    html = client.get("/login").text
    assert [
        name for name in ("username", "password", "next", "csrf_token") if f'name="{name}"' not in html
    ] == []


def test_somebody_of_the_directory_signs_in_and_becomes_a_member(client):
    newcomer = PEOPLE.newcomer
    response = sign_in(client, newcomer.username, newcomer.password)
    assert (response.status_code, response.location) == (303, "/join/preferences")
    assert [m.person.username for m in db.session.scalars(select(Member))] == [newcomer.username]


def test_next_leads_back_once_the_first_visit_is_over(client, people):
    newcomer = PEOPLE.newcomer
    sign_in(client, newcomer.username, newcomer.password)
    client.get("/join/preferences")
    client.post("/join/preferences", data={"skip": "1"})
    client.post("/logout")
    assert (
        sign_in(client, newcomer.username, newcomer.password, next="/people?site=1").location
        == "/people?site=1"
    )


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "///evil.example",
        "https:evil.example",
        "https://evil.example",
        "/\tx",
        "javascript:alert(1)",
    ],
)
def test_next_never_leads_elsewhere(client, local, target):
    assert sign_in(client, "root", PASSWORD, next=target).location.startswith(("/join", "/?", "/"))
    assert "evil" not in sign_in(browser(client.application), "root", PASSWORD, next=target).location


@pytest.mark.parametrize(
    ("username", "password", "status"),
    [
        ("", "x", 422),
        ("x", "", 422),
        ("   ", "x", 422),
        ("nobody.at.all", "x", 401),
        ("{known}", "wrong", 401),
        ("{known}\0", "{password}", 401),
        ("{known}", "{password}\0", 401),
        ("{known}" + "x" * 300, "{password}", 401),
        ("{known}", "p" * 2000, 401),
        ("*", "{password}", 401),
        ("{known})(uid=*", "{password}", 401),
        ("\ud800", "{password}", 401),
    ],
)  # fmt: skip
def test_what_is_not_right_is_refused(client, username, password, status):
    known = PEOPLE.newcomer
    fill = {"known": known.username, "password": known.password}
    response = sign_in(
        client,
        username.replace("{known}", fill["known"]).encode("utf-8", "replace").decode(),
        password.replace("{password}", fill["password"]),
    )
    assert (response.status_code, signed_in(client)) == (status, False)


def test_the_same_page_answers_for_unknown_and_known_names(client):
    def answer(username):
        html = sign_in(client, username, "wrong").text.replace(username, "NAME")
        return re.sub(r'(nonce|value)="[^"]*"|CSRFToken": "[^"]*"', "", html)

    assert answer("nobody.at.all") == answer(PEOPLE.newcomer.username)


def test_the_name_typed_is_kept_and_the_password_is_not(client):
    html = sign_in(client, "some.body", "hush hush").text
    assert ("some.body" in html, "hush hush" in html) == (True, False)


def test_the_disabled_are_refused(client):
    disabled = PEOPLE.disabled
    assert sign_in(client, disabled.username, disabled.password).status_code == 401


def test_passwords_are_in_no_log_line(client, capfd):
    log = StringIO()
    configure(LogSettings(level="debug"), stream=log)
    sign_in(client, PEOPLE.newcomer.username, "hush-hush-secret")
    sign_in(client, PEOPLE.newcomer.username, PEOPLE.newcomer.password)
    assert "sign_in_refused" in log.getvalue()
    lines = "".join([log.getvalue(), *capfd.readouterr()]).splitlines()
    secrets = ("hush-hush-secret", PEOPLE.newcomer.password)
    assert [line for line in lines if any(secret in line for secret in secrets)] == []


def test_the_local_administrator_gets_in_while_the_directory_is_down(client, local, server):
    server.stop()
    try:
        refused = sign_in(client, PEOPLE.newcomer.username, PEOPLE.newcomer.password)
        assert (refused.status_code, "directory does not answer" in refused.text) == (401, True)
        assert sign_in(client, "root", PASSWORD).status_code == 303
        assert db.session.scalar(select(Member.administrator)) is True
    finally:
        server.start()


def test_who_is_signed_in_notices_nothing_of_a_directory_that_is_down(member_client, server):
    server.stop()
    try:
        assert member_client.get("/people").status_code == 200
    finally:
        server.start()


def test_the_local_password_is_kept_as_argon2id_and_resetting_it_ends_sessions(client, local):
    account = db.session.scalar(select(LocalAccount))
    assert account.password_hash.startswith("$argon2id$")
    db.session.commit()
    sign_in(client, "root", PASSWORD)
    reset_password(username="root", password="another long password")
    db.session.commit()
    assert signed_in(client) is False


def test_there_is_no_account_by_default(app):
    assert db.session.scalar(select(func.count()).select_from(LocalAccount)) == 0


def test_a_new_name_with_an_old_ones_mail_or_name_inherits_nothing(client):
    first, second = PEOPLE.namesakes
    sign_in(client, first.username, first.password)
    sign_in(browser(client.application), second.username, second.password)
    handles = list(db.session.scalars(select(Person.handle).order_by(Person.id)))
    assert (len(handles), handles[1]) == (2, f"{handles[0]}2")


@pytest.mark.settings(identity={"throttle_account": 3})
class TestThrottle:
    """Guessing is slowed down, and nobody is locked out by it."""

    @pytest.fixture
    def settings(self, server):
        return {
            "identity": {"throttle_account": 3, "throttle_address": 6},
            "directory": {
                "servers": [server.url],
                "base_dn": PEOPLE.people_dn,
                "start_tls": False,
                "bind_dn": PEOPLE.service_dn,
                "bind_password": PEOPLE.service_password,
            },
        }

    def test_an_account_takes_a_pause_after_its_attempts(self, client):
        known = PEOPLE.newcomer
        statuses = [sign_in(client, known.username, "wrong").status_code for _ in range(4)]
        assert (statuses, sign_in(client, known.username, known.password).status_code) == (
            [401, 401, 401, 429],
            429,
        )

    def test_a_browser_that_was_in_before_is_not_locked_out_by_strangers(self, client, app):
        known = PEOPLE.newcomer
        sign_in(client, known.username, known.password)
        client.post("/logout")
        stranger = browser(app)
        for _ in range(3):
            sign_in(stranger, known.username, "wrong")
        assert sign_in(stranger, known.username, known.password).status_code == 429
        assert sign_in(client, known.username, known.password).status_code == 303

    def test_an_address_takes_a_pause_after_its_attempts(self, client):
        statuses = [sign_in(client, f"guess{n}", "wrong").status_code for n in range(7)]
        assert statuses == [401] * 6 + [429]

    def test_attempts_are_kept_without_names(self, client):
        sign_in(client, "some.body", "wrong")
        (attempt,) = db.session.scalars(select(SignInAttempt)).all()
        assert ("some.body" in attempt.account, len(attempt.account)) == (False, 64)


def test_signing_in_gives_a_new_session_and_keeps_no_token_in_the_database(client, local):
    client.get("/login")
    before = client.get_cookie("parvis").value
    sign_in(client, "root", PASSWORD)
    after = client.get_cookie("parvis").value
    kept = db.session.scalar(select(MemberSession.digest))
    assert (before != after, after.partition(".")[2] in kept) == (True, False)
