"""Searching with a real browser, by keyboard all the way, in both languages."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from parvis.search.indexer import Indexer, index_folder
from parvis.search.reader import index_reader
from parvis.testing.company import Company
from parvis.testing.plugin import catch_up
from playwright.sync_api import Page, expect

WAYS = pytest.mark.parametrize(("screen", "locale"), [
    pytest.param("desktop", "en", marks=pytest.mark.proof), ("phone", "fr"),
])  # fmt: skip
Words = Callable[[str], Callable[[str], str]]


@pytest.fixture
def indexed(served: Any) -> None:
    """Lead the index of the site on, as its worker would."""
    with served.app.app_context():
        indexer = Indexer(index_folder())
        catch_up(indexer)
        indexer.close()
        index_reader().look_again()


@WAYS
def test_people_groups_and_contents_are_found_together_while_typing_and_apart_on_the_page(
    screen: str, locale: str, indexed: None, known: Company, visit: Callable[..., Page],
    check: Callable[[Page, str], None], words: Words,
) -> None:  # fmt: skip
    say = words(locale)
    page = visit(known.group_owner, screen=screen, locale=locale)
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("phot", delay=5)
    club = {"en": "Photo club", "fr": "Club photo"}[locale]
    expect(page.get_by_role("option", name=re.compile(f"^{club} (Group|Groupe) "))).to_be_visible()
    page.keyboard.type("os sorties", delay=5)
    expect(page.get_by_role("option").last).to_contain_text("photos sorties")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/search?q=photos+sorties")
    expect(page.locator(".pv-found__item mark").first).to_be_visible()
    check(page, screen)
    page.get_by_role("link", name=say("Newest first")).click()
    expect(page.locator(".pv-found__title").first).to_contain_text("Sortie 24")
    page.locator(".pv-tabs a", has_text=say("Groups")).click()
    expect(page.locator(".pv-found__title")).to_have_text([club])
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/groups/club-photo")


@WAYS
def test_what_one_looked_for_lately_is_offered_and_forgotten(
    screen: str, locale: str, indexed: None, known: Company, visit: Callable[..., Page], words: Words
) -> None:
    say = words(locale)
    page = visit(known.group_owner, screen=screen, locale=locale)
    page.goto("/search?q=zanzibar")
    expect(page.get_by_text(say("Nothing found"), exact=True)).to_be_visible()
    page.goto("/")
    page.locator("#search").focus()
    expect(page.get_by_role("option")).to_have_text(["zanzibar", say("Forget these")])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/search?q=zanzibar")
    page.goto("/")
    page.locator("#search").focus()
    page.get_by_role("option").last.click()
    expect(page.locator("#search-results > *")).to_have_count(0)
    page.reload()
    page.locator("#search").focus()
    expect(page.get_by_role("option")).to_have_count(0)
