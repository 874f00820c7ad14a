"""The first visit: in by the directory's password, through the questions or past them, and out again."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from parvis.testing.company import Company, Person
from playwright.sync_api import Page, expect

WAYS = pytest.mark.parametrize(("screen", "locale"), [
    pytest.param("desktop", "en", marks=pytest.mark.proof), ("phone", "fr"),
])  # fmt: skip
Visit = Callable[..., Page]
Words = Callable[[str], Callable[[str], str]]


def sign_in(page: Page, person: Person, say: Callable[[str], str]) -> None:
    page.goto("/login")
    page.get_by_label(say("User name")).fill(person.username)
    page.get_by_label(say("Password")).fill(person.password)
    page.get_by_role("button", name=say("Sign in")).click()


@WAYS
def test_a_newcomer_answers_the_questions_and_is_at_home(
    screen: str, locale: str, known: Company, others: Iterator[Person], visit: Visit, words: Words,
    photo_file: Callable[..., Path],
) -> None:  # fmt: skip
    newcomer, say = known.newcomer if screen == "desktop" else next(others), words(locale)
    page = visit(screen=screen, locale=locale)
    sign_in(page, newcomer, say)

    expect(page).to_have_url("/join/preferences")
    expect(page.get_by_label(say("Language"), exact=True)).to_have_value(locale)
    page.get_by_role("button", name=say("Save and go on")).click()
    expect(page).to_have_url("/join/introduction")
    page.locator("input[type=file]").set_input_files(photo_file(newcomer.username))
    expect(page.locator(".pv-crop")).to_be_visible()
    page.get_by_label(say("In one line")).fill("Je fais tourner l'eau.")
    page.get_by_label(say("About me")).fill("Deux lignes,\net pas une de plus.")
    page.get_by_role("button", name=say("Save and go on")).click()

    expect(page).to_have_url("/")
    expect(page.locator("h1")).to_have_text(say("Hello, %(name)s") % {"name": newcomer.given_name})
    assert "/faces/" in (page.locator(".pv-menu__me img").get_attribute("src") or "")


@WAYS
def test_whoever_skips_the_questions_is_at_home_too_and_nothing_personal_stays_after_signing_out(
    screen: str, locale: str, others: Iterator[Person], visit: Visit, words: Words
) -> None:
    person, say = next(others), words(locale)
    page = visit(screen=screen, locale=locale)
    sign_in(page, person, say)
    for step in ("/join/preferences", "/join/introduction"):
        expect(page).to_have_url(step)
        page.get_by_role("button", name=say("Not now")).click()
    expect(page).to_have_url("/")
    page.goto("/account")

    page.locator(".pv-menu__me").click()
    page.get_by_role("banner").get_by_role("button", name=say("Sign out")).click()
    expect(page).to_have_url("/login")
    for _back in range(2):
        page.go_back()
        expect(page.get_by_label(say("Password"))).to_be_visible()
        expect(page.get_by_text(person.family_name)).to_have_count(0)


def test_a_wrong_password_says_so_and_keeps_the_name(known: Company, visit: Visit, watch: Any) -> None:
    watch.statuses.add("401")
    page = visit()
    page.goto("/people?q=anna")
    page.get_by_label("User name").fill(known.chief_executive.username)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("User name")).to_have_value(known.chief_executive.username)
    page.get_by_label("Password").fill(known.chief_executive.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url("/people?q=anna")
