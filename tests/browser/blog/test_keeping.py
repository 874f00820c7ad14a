"""An article that keeps itself while one writes, over a network that takes its time."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from parvis.testing.company import Company
from playwright.sync_api import Page, Route, expect

SAVED = re.compile(r"Saved \d")


@pytest.fixture
def held() -> list[Route]:
    """What was sent, and waits to be let through."""
    return []


@pytest.fixture
def page(known: Company, visit: Callable[..., Page], held: list[Route]) -> Page:
    """An article that is being written, whose requests are held up."""
    page = visit(known.chief_executive)
    page.goto("/blogs/tide")
    page.get_by_role("button", name="Write an article").click()
    page.wait_for_url("**/blogs/drafts/*")
    page.route("**/blogs/drafts/*", lambda route: held.append(route))
    return page


def let_through(page: Page, held: list[Route]) -> None:
    while not held:
        page.wait_for_timeout(50)
    held.pop(0).continue_()


def test_saves_wait_for_one_another_and_none_fights_the_last(page: Page, held: list[Route]) -> None:
    title, text = page.get_by_label("Title", exact=True), page.get_by_label("Text", exact=True)
    title.fill("Slow")
    while not held:
        page.wait_for_timeout(50)
    text.fill("One")
    page.wait_for_timeout(2000)
    text.fill("One, two")
    page.wait_for_timeout(2000)
    assert len(held) == 1
    let_through(page, held)
    let_through(page, held)
    expect(page.locator("[data-kept]")).to_contain_text(SAVED)
    page.wait_for_timeout(2000)
    assert held == []
    page.unroute("**/blogs/drafts/*")
    page.reload()
    assert (title.input_value(), text.input_value()) == ("Slow", "One, two")


def test_a_picture_added_while_a_save_is_under_way_is_kept(
    page: Page, held: list[Route], photo_file: Callable[..., Path]
) -> None:
    page.get_by_label("Title", exact=True).fill("Slow picture")
    while not held:
        page.wait_for_timeout(50)
    page.get_by_label("Add a picture or a file here").first.set_input_files(photo_file("quay"))
    let_through(page, held)
    let_through(page, held)
    text = page.get_by_label("Text", exact=True)
    expect(text).to_have_value(re.compile(r"!\[\]\(/social/files/\d+/quay.jpg"))
    expect(page.locator("[data-files-list] li")).to_have_count(1)


def test_what_is_sent_while_a_save_is_under_way_waits_for_it(page: Page, held: list[Route]) -> None:
    page.get_by_label("Title", exact=True).fill("Sent at once")
    while not held:
        page.wait_for_timeout(50)
    page.get_by_label("Text", exact=True).fill("All of it")
    page.get_by_role("button", name="Publish", exact=True).click()
    let_through(page, held)
    let_through(page, held)
    page.wait_for_url("**/blogs/articles/*")
    expect(page.locator(".bl-text")).to_have_text("All of it")


def test_a_picture_that_could_not_be_kept_goes_with_the_form(
    page: Page, held: list[Route], photo_file: Callable[..., Path], watch: Any
) -> None:
    watch.statuses.add("503")
    page.get_by_label("Add a picture or a file here").first.set_input_files(photo_file("quay"))
    while not held:
        page.wait_for_timeout(50)
    held.pop(0).fulfill(status=503, body="")
    expect(page.locator("[data-kept]")).to_have_text("Not saved: your text is kept in this browser.")
    page.unroute("**/blogs/drafts/*")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator("[data-files-list] li")).to_have_count(1)


def test_two_texts_side_by_side_are_kept_by_hand_alone(
    page: Page, held: list[Route], known: Company, visit: Callable[..., Page], watch: Any
) -> None:
    watch.statuses |= {"409", "422"}
    page.unroute("**/blogs/drafts/*")
    beside = visit(known.chief_executive)
    beside.goto(page.url)
    for window, words in ((beside, "Hers"), (page, "Mine")):
        window.get_by_label("Title", exact=True).fill(words)
        expect(window.locator("[data-kept]")).to_contain_text(SAVED if window is beside else "press Save")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator("pre", has_text="Hers")).to_be_visible()
    page.get_by_label("Title", exact=True).fill("Ours")
    page.wait_for_timeout(2500)
    beside.reload()
    expect(beside.get_by_label("Title", exact=True)).to_have_value("Hers")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Ours")
    expect(page.locator("pre")).to_have_count(0)
    beside.reload()
    expect(beside.get_by_label("Title", exact=True)).to_have_value("Ours")
