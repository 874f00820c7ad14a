"""Whatever is sent, the answer is a clear refusal or a clean round trip, never a fault of ours."""

import pytest
from parvis.testing.plugin import TOKEN

ODD = [
    "\0",
    "%00",
    "%ff%fe",
    "%ed%a0%80",
    "\u202e",
    "%F0%9F%98%80",
    "9" * 400,
    "-1",
    "'; --",
    "%25",
    "..%2f..%2fetc",
    "a" * 5000,
]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    "path",
    [
        "/people/{}",
        "/people?q={}",
        "/people?site={}",
        "/people?after={}",
        "/people?initial={}",
        "/people?department={}",
        "/photos/{}/medium.jpg",
        "/faces/{}/96",
        "/login?next={}",
        "/{}",
    ],
)
def test_odd_addresses_are_answered_below_500(member_client, path, odd):
    assert member_client.get(path.replace("{}", odd)).status_code < 500


@pytest.mark.parametrize(
    "body", [b"\xff\xfe\x00", b"%ff=%00", b"headline=\x00&about=\xed\xa0\x80", b"a" * 600_000]
)
def test_odd_bodies_are_answered_below_500(member_client, body):
    token = TOKEN.search(member_client.get("/profile/edit").data)[1].decode()
    for path in ("/profile/edit", "/account/preferences", "/login"):
        response = member_client.open(
            path, method="POST", data=body, csrf=False,
            headers={"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token},
        )  # fmt: skip
        assert response.status_code < 500


@pytest.mark.settings(server={"max_upload": 1})
def test_more_than_the_limit_is_refused_in_a_sentence(member_client):
    data = {"photo": (__import__("io").BytesIO(b"x" * 2_000_000), "a.jpg")}
    response = member_client.post("/profile/photos", data=data, content_type="multipart/form-data")
    assert (response.status_code, "larger than 1 MiB" in response.text) == (413, True)


def test_broken_cookies_are_answered_below_500(client):
    for cookie in (b"parvis=\xff\xfe", b"parvis=s.\x00", b"\xff=\xff"):
        assert (
            client.get("/login", environ_overrides={"HTTP_COOKIE": cookie.decode("latin-1")}).status_code
            == 200
        )


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("path", ["/nowhere", "/people/nobody-here"])
def test_error_pages_speak_the_readers_language(member_client, language, path):
    member_client.post("/language", data={"language": language})
    response = member_client.get(path)
    title = {"fr": "Rien ici", "en": "Nothing here"}[language]
    assert (response.status_code, title in response.text, f'lang="{language}"' in response.text) == (
        404,
        True,
        True,
    )


def test_an_error_in_a_fragment_is_a_fragment(member_client):
    response = member_client.get("/nowhere", headers={"HX-Request": "true"})
    assert (response.status_code, "<html" in response.text, "Nothing here" in response.text) == (
        404,
        False,
        True,
    )


def test_a_method_that_is_not_for_an_address_is_told_so(member_client):
    response = member_client.open("/people", method="DELETE")
    assert (response.status_code, set(response.headers["Allow"].split(", "))) == (
        405,
        {"GET", "HEAD", "OPTIONS"},
    )


def test_a_number_that_no_database_can_hold_is_no_page(member_client):
    assert member_client.post(f"/account/sessions/{2**70}/end").status_code == 404


@pytest.mark.parametrize(("method", "before", "offered"), [
    ("post", "http://localhost/people?q=zo&site=1", True),
    ("post", "https://evil.example/", False),
    ("post", "http://localhost.evil.example/", False),
    ("post", "", False),
    ("get", "http://localhost/people", False),
])  # fmt: skip
def test_who_is_refused_is_led_back_to_where_they_were_on_this_site(member_client, method, before, offered):
    answer = getattr(member_client, method)("/nowhere", headers={"Referer": before})
    assert (answer.status_code, "Back to where you were" in answer.text) == (404, offered)
    assert ('href="http://localhost/people?q=zo&amp;site=1"' in answer.text) is offered
    assert "evil" not in answer.text
