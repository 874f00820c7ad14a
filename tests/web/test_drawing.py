"""What looks the same is drawn once; what is the reader's own never comes from another's page."""

from contextvars import Context

import pytest
from flask import g
from markupsafe import Markup
from parvis.i18n import force_locale
from parvis.web.drawing import drawn, stamped

SOURCE = """
{% macro card(name, own) %}{% set _said = told(name) %}<p nonce="{{ csp_nonce() }}">{{ name }}{{ own }}
<input value="{{ csrf_token() }}">{{ _("Home") }}</p>{% endmacro %}
{% macro link(id, url, bold) %}{% set _said = told(bold) %}
<a href='{{ url }}'>{{ id }}</a>{{ bold }}{% endmacro %}
"""


@pytest.fixture
def drawings(app):
    """Give the macros of a template, and the list of what they drew."""
    told = []
    app.jinja_env.globals["told"] = told.append
    return app.jinja_env.from_string(SOURCE).module, told


@pytest.fixture
def read(app):
    """Give what another reader's page draws, and its nonce and token."""

    def page(macro, *values, language="en"):
        with app.test_request_context(), force_locale(language):
            return drawn(macro, *values), g.csp_nonce, g.csrf_token

    return lambda *values, **choice: Context().run(page, *values, **choice)


def test_what_looks_the_same_is_drawn_once_with_each_reader_s_own_nonce_and_token(drawings, read):
    macros, told = drawings
    pages = [read(macros.card, "<b>", True) for _ in range(3)]
    for html, nonce, token in pages:
        wanted = f'<p nonce="{nonce}">&lt;b&gt;True\n<input value="{token}">Home</p>'
        assert (html, isinstance(html, Markup)) == (wanted, True)
    assert len({nonce for _html, nonce, _token in pages} | {token for _html, _nonce, token in pages}) == 6
    assert told == ["<b>"]


def test_other_values_and_another_language_look_different(drawings, read):
    macros, told = drawings
    for values in (("a", True), ("a", False), ("b", False)):
        assert f"{values[0]}{values[1]}" in read(macros.card, *values)[0]
    assert (
        "Home" in read(macros.card, "a", True)[0],
        "Accueil" in read(macros.card, "a", True, language="fr")[0],
    ) == (
        True,
        True,
    )
    assert told == ["a", "a", "b", "a"]


def test_what_somebody_writes_cannot_ask_for_another_s_token(drawings, read):
    macros, _told = drawings
    html, nonce, token = read(macros.card, "{0} {1} drawn-nonce- drawn-token-", False)
    assert (html.count(nonce), html.count(token), "{0} {1} drawn-nonce- drawn-token-" in html) == (1, 1, True)


def test_a_value_that_can_change_is_refused(drawings, read):
    macros, _told = drawings
    with pytest.raises(TypeError):
        read(macros.card, ["a"], True)


def test_stamping_escapes_what_it_inserts_and_draws_each_kind_once(app, drawings):
    macros, told = drawings
    with app.test_request_context():
        shown = [stamped(macros.link, (number, "/?a&b"), number > 1) for number in (1, 2, 3)]
    assert shown[0].strip() == "<a href='/?a&amp;b'>1</a>False"
    assert (shown[2].strip(), told) == ("<a href='/?a&amp;b'>3</a>True", [False, True])
