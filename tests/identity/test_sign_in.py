"""Signing in through forms, without JavaScript."""


def test_a_stranger_is_sent_to_the_sign_in_page(client):
    response = client.get("/people?q=ada")
    assert (response.status_code, response.location) == (303, "/login?next=/people?q%3Dada")


def test_the_sign_in_page_has_the_three_fields(client):
    html = client.get("/login").text
    for name in ("username", "password", "next", "csrf_token"):
        assert f'name="{name}"' in html
