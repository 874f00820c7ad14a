"""The main paths of blogs with JavaScript switched off: write, add a picture, publish, read, ask, answer."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from parvis.testing.company import Company
from playwright.sync_api import Page, expect


@pytest.mark.proof
@pytest.mark.parametrize(("screen", "locale"), [("desktop", "fr"), ("phone", "en")])
def test_one_writes_reads_asks_and_answers_without_javascript(
    screen: str, locale: str, known: Company, visit: Callable[..., Page],
    words: Callable[[str], Callable[[str], str]], photo_file: Callable[..., Path],
) -> None:  # fmt: skip
    say, plain = words(locale), {"screen": screen, "locale": locale, "java_script_enabled": False}
    page = visit(known.chief_executive, **plain)
    page.goto("/blogs/tide")
    page.get_by_role("button", name=say("Write an article")).click()
    page.get_by_role("textbox", name=say("Title"), exact=True).fill(f"Plain {screen}")
    page.get_by_role("textbox", name=say("Text"), exact=True).fill("Typed *by hand*.")
    page.locator("[data-add]").set_input_files(photo_file("plain"))
    page.get_by_role("button", name=say("Add"), exact=True).click()
    line = page.locator(".bl-files code").inner_text().replace('""', '"By hand, too"')
    text = page.get_by_role("textbox", name=say("Text"), exact=True)
    text.fill(f"{text.input_value()}\n\n{line}")
    page.get_by_role("button", name=say("See it as it will be read")).click()
    expect(page.locator("figcaption")).to_have_text("By hand, too")
    page.get_by_role("link", name=say("Go on writing")).click()
    page.get_by_role("button", name=say("Publish"), exact=True).click()
    expect(page.locator(".bl-text em")).to_have_text("by hand")

    reader = visit(known.group_owner, **plain)
    reader.goto(page.url)
    reader.get_by_role("form", name=say("Write a comment")).get_by_role("textbox").first.fill("*Good*")
    reader.get_by_role("button", name=say("Send comment")).click()
    expect(reader.locator("#thread em").last).to_have_text("Good")
    reader.goto("/blogs/tide/questions")
    reader.locator("#ask textarea").fill(f"And without, on a {screen}?")
    reader.locator("#ask").get_by_role("button").click()
    expect(reader).to_have_url(re.compile(r"/blogs/questions/\d+$"))

    page.goto(reader.url)
    page.get_by_role("link", name=say("Answer"), exact=True).click()
    page.get_by_label(say("Your answer")).fill("Just as well.")
    page.get_by_role("button", name=say("Publish the answer")).click()
    expect(page.locator(".bl-answer")).to_contain_text("Just as well.")
