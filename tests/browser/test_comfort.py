"""Keys, colours, language: each as one likes it, and it stays so. And what an error looks like."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from parvis.testing.company import Company, Person
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]
Words = Callable[[str], Callable[[str], str]]


def test_single_keys_help_search_and_go_and_can_be_switched_off(known: Company, visit: Visit) -> None:
    page = visit(known.chief_executive)
    page.goto("/people")
    help_ = page.get_by_role("dialog", name="Keyboard shortcuts")
    page.keyboard.press("?")
    expect(help_).to_be_visible()
    page.keyboard.press("Escape")
    expect(help_).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".pv-people .pv-person__name").nth(1)).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("gh?")
    expect(page.locator("#search")).to_have_value("gh?")
    page.locator("#search").blur()
    expect(page.locator("#search-results")).to_be_empty()
    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page).to_have_url("/")
    page.wait_for_load_state()  # the address changes before the new page listens to keys

    page.keyboard.press("?")
    help_.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("?")
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(help_).to_be_hidden()
    expect(page).to_have_url("/")


@pytest.mark.parametrize(("screen", "locale"), [
    pytest.param("desktop", "en", marks=pytest.mark.proof), ("phone", "fr"),
])  # fmt: skip
def test_light_dark_or_as_the_device_is_shown_at_once_and_stays(
    screen: str, locale: str, others: Iterator[Person], visit: Visit, words: Words
) -> None:
    say = words(locale)
    page = visit(next(others), screen=screen, locale=locale)
    page.goto("/account")
    grounds = {}
    for choice, theme in (("Dark", "dark"), ("Light", "light"), ("As my device", "system")):
        page.locator("[data-theme-choice] label", has_text=say(choice)).click()
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        page.locator("#preferences").get_by_role("button", name=say("Save")).click()
        expect(page.locator("#flash")).to_contain_text(say("Saved."))
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        grounds[theme] = ground(page)
    assert grounds["light"] == grounds["system"] != grounds["dark"]
    page.emulate_media(color_scheme="dark")
    assert ground(page) == grounds["dark"]


def ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


def test_the_language_is_chosen_before_and_after_signing_in(others: Iterator[Person], visit: Visit) -> None:
    person = next(others)
    page = visit(locale="en")
    page.goto("/people?q=zoe")
    page.get_by_role("button", name="Français").click()
    expect(page.locator("h1")).to_have_text("Se connecter")
    page.get_by_label("Identifiant").fill(person.username)
    page.get_by_label("Mot de passe").fill(person.password)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.goto("/account")
    page.get_by_label("Langue", exact=True).select_option("English")
    page.locator("#preferences").get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#flash")).to_contain_text("Saved.")
    expect(page.locator("h1")).to_have_text("Account and settings")


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_what_is_not_there_says_so_as_a_page_and_inside_a_page(
    locale: str, known: Company, visit: Visit, watch: Any
) -> None:
    watch.statuses.add("404")
    page = visit(known.chief_executive, locale=locale)
    answer = page.goto("/people/nobody-of-this-name")
    assert answer is not None
    assert answer.status == 404
    expect(page.locator(".pv-error__status")).to_have_text("404")
    heading = page.locator("h1").inner_text()
    page.goto("/people")
    nowhere = page.url + "/nobody-of-this-name"
    page.route(re.compile(r"/people\?q=zo"), lambda route: route.continue_(url=nowhere))
    page.locator("#filter-q").fill("zo")
    expect(page.locator("#results [role=status]")).to_contain_text(heading)
    expect(page.locator("h1")).to_have_count(1)
