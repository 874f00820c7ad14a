"""The main paths with JavaScript switched off: join, read, post, comment, react, be told, choose of what."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from parvis.testing.company import Person
from playwright.sync_api import Page, expect


@pytest.mark.parametrize(("screen", "locale"), [
    pytest.param("desktop", "en", marks=pytest.mark.proof), ("phone", "fr"),
])  # fmt: skip
def test_one_joins_reads_and_writes_without_javascript(
    screen: str, locale: str, colleague: Callable[[], Person], visit: Callable[..., Page],
    words: Callable[[str], Callable[[str], str]], photo_file: Callable[..., Path],
    welcome: Callable[[Person], str],
) -> None:  # fmt: skip
    say, person = words(locale), colleague()
    greeting = welcome(person)
    page = visit(person, screen=screen, locale=locale, java_script_enabled=False)
    page.goto("/groups?q=club+photo")
    page.locator(".gr-row").filter(has=page.locator("[href='/groups/club-photo']")).get_by_role(
        "button", name=say("Join")
    ).click()
    page.goto("/groups/club-photo")
    page.get_by_role("link", name=say("Older"), exact=True).click()
    expect(page.get_by_text("Sortie 1 ", exact=False).first).to_be_visible()

    page.goto("/groups/club-photo")
    composer = page.get_by_role("form", name=say("Write a post"))
    composer.get_by_role("textbox").first.fill(f"Sans script {screen} **et sans peine**")
    composer.locator("input[type=file]").set_input_files(photo_file("plain"))
    composer.get_by_role("button", name=say("Publish")).click()
    page.goto("/groups/club-photo")
    card = page.locator(".so-card", has_text=f"Sans script {screen}")
    expect(card.locator("strong")).to_have_text("et sans peine")
    expect(card.locator(".so-pictures img")).to_have_count(1)
    card.locator("a.so-when").click()
    page.get_by_role("form", name=say("Write a comment")).get_by_role("textbox").first.fill("Une *suite*")
    page.get_by_role("button", name=say("Send comment")).click()
    expect(page.locator("#thread em")).to_have_text("suite")

    page.goto("/notifications")
    page.locator(".so-told__row--unread .so-told__open").click()
    expect(page).to_have_url(re.compile(re.escape(greeting)))
    page.locator(".so-react summary").first.click()
    page.locator(".so-picker").first.get_by_role("button", name=say("I like it"), exact=True).click()
    expect(page.locator(".so-react summary[data-mine]")).to_contain_text(say("I like it"))
    page.goto("/notifications")
    expect(page.locator(".so-told__row--unread")).to_have_count(0)
    page.get_by_role("link", name=say("Settings")).first.click()
    page.locator("#social").get_by_role("checkbox").first.uncheck()
    page.locator("#social").get_by_role("button", name=say("Save")).click()
    expect(page.locator("#social").get_by_role("checkbox").first).not_to_be_checked()
