"""The main paths with JavaScript switched off: in, find, say, show."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from parvis.testing.company import Person
from playwright.sync_api import Page, expect


@pytest.mark.proof
@pytest.mark.parametrize(("screen", "locale"), [("desktop", "en"), ("phone", "fr")])
def test_one_signs_in_finds_edits_and_adds_a_photo_without_javascript(
    screen: str, locale: str, others: Iterator[Person], visit: Callable[..., Page],
    photo_file: Callable[..., Path], words: Callable[[str], Callable[[str], str]],
    page_of: Callable[[Person], str],
) -> None:  # fmt: skip
    person, say = next(others), words(locale)
    page = visit(screen=screen, locale=locale, java_script_enabled=False)
    page.goto("/")
    page.get_by_label(say("User name")).fill(person.username)
    page.get_by_label(say("Password")).fill(person.password)
    page.get_by_role("button", name=say("Sign in")).click()
    for _step in range(2):
        page.get_by_role("button", name=say("Not now")).click()

    page.get_by_label(say("Search people, groups and contents")).fill("muller helene")
    page.get_by_label(say("Search people, groups and contents")).press("Enter")
    page.get_by_role("link", name="Hélène Müller", exact=True).click()
    expect(page.locator("h1")).to_have_text("Hélène Müller")
    page.goto("/people")
    page.locator("form.pv-filters").get_by_label(say("Name")).fill("zoe")
    page.get_by_role("button", name=say("Show"), exact=True).click()
    expect(page.get_by_role("link", name="Zoé Kerbrat", exact=True)).to_be_visible()
    page.goto("/people")
    page.get_by_role("link", name=say("Show more")).click()
    expect(page.locator(".pv-people .pv-person")).to_have_count(24)

    page.goto("/profile/edit")
    page.get_by_label(say("In one line"), exact=True).fill("Sans script")
    page.get_by_label(say("Interests and hobbies")).fill("Pain, voile")
    page.get_by_label(say("What I did")).fill("Libraire")
    page.get_by_role("button", name=say("One more period")).click()
    expect(page.get_by_label(say("What I did"))).to_have_count(2)
    page.locator(".pv-actions").get_by_role("button", name=say("Save my profile")).click()
    expect(page).to_have_url(page_of(person))
    expect(page.locator(".pv-chip")).to_have_text(["Pain", "voile"])

    page.goto("/profile/photos")
    page.locator("form[enctype] input[type=file]").set_input_files(photo_file("plain"))
    page.get_by_role("button", name=say("Add this photo")).click()
    expect(page.locator(".pv-album img")).to_have_count(1)
    page.locator(".pv-menu__me").click()
    page.get_by_role("banner").get_by_role("button", name=say("Sign out")).click()
    expect(page).to_have_url("/login")
