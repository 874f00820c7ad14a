"""Who reads which language, with whose plurals, dates and numbers."""

import re
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_datetime
from babel.messages.catalog import Catalog
from flask import Flask
from parvis.cli.i18n import compile_catalogue, read_catalog, write_catalog
from parvis.db import db, utcnow
from parvis.i18n import CORE_TRANSLATIONS, Catalogue, force_locale, gettext, init_i18n, ngettext
from parvis.identity.models import MemberSession
from sqlalchemy import update

SIGN_IN = {"en": "Sign in", "fr": "Se connecter"}
PAGES = (
    "/",
    "/people",
    "/profile/edit",
    "/profile/photos",
    "/account",
    "/administration",
    "/join/preferences",
    "/join/introduction",
)


def language(page):
    """Return the language that a page declares, having seen that it is written in it."""
    declared = re.search('<html lang="([^"]*)"', page.text)[1]
    word = {"en": "Skip to the content", "fr": "Aller au contenu"}[declared]
    assert word in page.text
    return declared


def read(client, path, *, cookie="", header=""):
    """Read a page as a browser with these preferences."""
    if cookie:
        client.set_cookie("parvis_language", cookie)
    return client.get(path, headers={"Accept-Language": header} if header else {})


@pytest.mark.parametrize(
    ("account", "cookie", "header", "expected"),
    [
        ("fr", "en", "en", "fr"),
        ("en", "fr", "fr", "en"),
        ("", "fr", "en", "fr"),
        ("", "de", "fr", "fr"),
        ("", "", "fr-CA, en;q=0.8", "fr"),
        ("", "", "de, en;q=0.5, fr;q=0.4", "en"),
        ("", "", "de", "en"),
        ("", "", "", "en"),
    ],
)
def test_the_account_decides_then_the_cookie_then_the_browser_then_the_site(
    people, account, cookie, header, expected
):
    client = people.browser(speaking(people, account or None))
    assert language(read(client, "/account", cookie=cookie, header=header)) == expected


def speaking(people, code, *, administrator=False, timezone=None):
    """Make a member who chose a language."""
    member = people.member("Ada Member", administrator=administrator)
    member.language, member.timezone = code, timezone
    db.session.commit()
    return member


@pytest.mark.parametrize(
    ("cookie", "header", "expected"),
    [("en", "fr", "en"), ("", "en-GB", "en"), ("", "de", "fr"), ("", "", "fr")],
)
@pytest.mark.settings(site={"default_language": "fr"})
def test_whoever_is_signed_out_reads_by_cookie_browser_or_site(client, cookie, header, expected):
    page = read(client, "/login", cookie=cookie, header=header)
    assert (language(page), SIGN_IN[expected] in page.text) == (expected, True)


@pytest.mark.settings(site={"languages": ["fr"], "default_language": "fr"})
def test_a_language_that_the_site_does_not_speak_is_not_spoken(client):
    assert language(read(client, "/login", cookie="en", header="en")) == "fr"


@pytest.mark.parametrize("code", ["fr", "en"])
def test_choosing_a_language_changes_the_very_next_page(member_client, code):
    member_client.post("/language", data={"language": code})
    assert language(member_client.get("/account", headers={"Accept-Language": "de"})) == code


def pages(people, code):
    """Read every page of a member's and an administrator's, in a language."""
    member = speaking(people, code, administrator=True)
    person, client = f"/people/{member.person.handle}", people.browser(member)
    for path in (*PAGES, person, f"{person}/team"):
        page = client.get(path)
        assert page.status_code == 200, path
        yield path, unescape(re.sub(r"<(script|style)\b.*?</\1>", "", page.text, flags=re.DOTALL))


def test_a_french_page_says_nothing_in_english(people):
    catalog = read_catalog(CORE_TRANSLATIONS / "fr" / "LC_MESSAGES" / "messages.po")
    english = {
        m.id
        for m in catalog
        if isinstance(m.id, str) and " " in m.id and "%" not in m.id and m.id != m.string
    }
    for path, text in pages(people, "fr"):
        said = {stripped for piece in re.split('[<>"]', text) if (stripped := piece.strip()) in english}
        assert (path, said) == (path, set())


@pytest.mark.parametrize("code", ["fr", "en"])
def test_no_page_shows_a_message_that_was_not_filled_in(people, code):
    for path, text in pages(people, code):
        assert (path, re.findall(r"%\(\w+\)[a-z]|%%", text)) == (path, [])


@pytest.mark.parametrize(
    ("code", "one", "two"), [("en", "1 person", "2 people"), ("fr", "1 personne", "2 personnes")]
)
def test_people_are_counted_in_the_readers_language(people, code, one, two):
    client = people.browser(speaking(people, code))
    people.person("Zoé Première")
    assert f">{one}<" in client.get("/people?q=première").text
    people.person("Zoé Seconde")
    assert f">{two}<" in client.get("/people?q=zoé").text


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", "23 Nov 2026|23 Nov 2026, 14:05|1,234,567"),
        ("en-US", "Nov 23, 2026|Nov 23, 2026, 2:05\u202fPM|1,234,567"),
        ("en-XY, en-US", "23 Nov 2026|23 Nov 2026, 14:05|1,234,567"),
        ("fr", "23 nov. 2026|23 nov. 2026, 14:05|1\u202f234\u202f567"),
    ],
)
@pytest.mark.settings(site={"timezone": "UTC"})
def test_dates_and_numbers_are_written_as_the_reader_writes_them(app, code, expected):
    moment = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
    template = app.jinja_env.from_string("{{ day|date }}|{{ moment|datetime }}|{{ number|number }}")
    with app.test_request_context(headers={"Accept-Language": code}):
        assert template.render(day=date(2026, 11, 23), moment=moment, number=1234567) == expected


def test_times_are_those_of_the_readers_time_zone(people):
    member = speaking(people, "fr", timezone="Pacific/Auckland")
    client, seen = people.browser(member), utcnow()
    db.session.execute(update(MemberSession).values(seen_at=seen))
    db.session.commit()
    there = format_datetime(seen, "d MMM y, HH:mm", ZoneInfo("Pacific/Auckland"), "fr")
    assert f'title="{there}"' in client.get("/account").text


# Catalogues of several packages


def package(folder: Path, *said, plurals: str | None = None, code: str = "fr") -> Path:
    """Write and compile the translations of a plugin."""
    catalog = Catalog(locale=code)
    for message, string in said:
        catalog.add(message, string)
    path = folder / code / "LC_MESSAGES" / "messages.po"
    write_catalog(path, catalog)
    if plurals:
        path.write_text(path.read_text(encoding="utf-8").replace("(n > 1)", plurals), encoding="utf-8")
    compile_catalogue(path)
    return folder


def app_of(*folders: Path) -> Flask:
    """Make an app that has the catalogues of these plugins, and core's."""
    app = Flask("catalogues")
    init_i18n(app, folders=folders, languages=["fr", "en"], default="en", timezone="UTC")
    return app


def counted(app, code):
    """Say how many photos there are, for none, one and two, in a language."""
    with app.app_context(), force_locale(code):
        return [ngettext("%(num)s photo", "%(num)s photos", number) for number in (0, 1, 2)]


THINGS = (("%(num)s thing", "%(num)s things"), ("%(num)s chose", "%(num)s choses"))


def test_a_plugin_without_french_costs_no_plural(tmp_path):
    (tmp_path / "silent").mkdir()
    app = app_of(tmp_path / "silent", tmp_path / "absent")
    assert counted(app, "fr") == ["0 photo", "1 photo", "2 photos"]
    assert counted(app, "en") == ["0 photos", "1 photo", "2 photos"]


@pytest.mark.parametrize("order", [1, -1])
def test_a_plugin_with_french_is_heard_beside_one_without(tmp_path, order):
    (tmp_path / "silent").mkdir()
    app = app_of(*[tmp_path / "silent", package(tmp_path / "spoken", THINGS)][::order])
    with app.app_context(), force_locale("fr"):
        assert [ngettext(*THINGS[0], number) for number in (0, 1, 2)] == ["0 chose", "1 chose", "2 choses"]
        assert gettext("Save") == "Enregistrer"
    with app.app_context(), force_locale("en"):
        assert [ngettext(*THINGS[0], number) for number in (0, 1, 2)] == ["0 things", "1 thing", "2 things"]


def test_a_folder_without_french_leaves_the_plurals_of_those_before_it(tmp_path):
    (tmp_path / "silent").mkdir()
    catalogue = Catalogue([str(package(tmp_path / "spoken", THINGS)), str(tmp_path / "silent")])
    with app_of().app_context(), force_locale("fr"):
        translations = catalogue.get_translations()
    assert [translations.ungettext(*THINGS[0], number) for number in (0, 1, 2)] == [
        "%(num)s chose", "%(num)s chose", "%(num)s choses",
    ]  # fmt: skip


def test_core_wins_over_a_plugin_and_a_later_plugin_over_an_earlier(tmp_path):
    first = package(tmp_path / "first", ("Save", "Sauver"), ("Draw", "Tirer"))
    second = package(tmp_path / "second", ("Save", "Garder"), ("Draw", "Dessiner"))
    with app_of(first, second).app_context(), force_locale("fr"):
        assert (gettext("Save"), gettext("Draw")) == ("Enregistrer", "Dessiner")


def test_a_plugin_that_counts_wrongly_does_not_change_how_others_count(tmp_path):
    wrong = package(tmp_path / "wrong", THINGS, plurals="(n != 1)")
    assert counted(app_of(wrong), "fr") == ["0 photo", "1 photo", "2 photos"]


def test_what_nobody_translated_is_said_in_english(tmp_path):
    with app_of(package(tmp_path / "spoken", THINGS)).app_context(), force_locale("fr"):
        assert gettext("Draw %(what)s", what="this") == "Draw this"
