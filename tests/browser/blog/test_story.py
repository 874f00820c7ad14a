"""A leader and a delegate publish, in both languages; an employee comments and asks; an answer on a phone."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from parvis.testing.company import Company, Person
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]
Words = Callable[[str], Callable[[str], str]]


def test_a_leader_publishes_an_employee_asks_and_the_leader_answers_on_a_phone(
    known: Company, visit: Callable[..., Page], check: Callable[[Page, str], None]
) -> None:
    page = visit(known.chief_executive)
    page.goto("/blogs/tide")
    page.get_by_role("button", name="Write an article").click()
    page.get_by_label("Title", exact=True).fill("Our year")
    page.get_by_label("Text", exact=True).fill("We *built* a turbine.\n\n>> The sea has time.")
    expect(page.locator("[data-kept]")).to_contain_text(re.compile(r"Saved \d"))
    page.reload()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Our year")
    page.get_by_text("The same article in French").click()
    page.get_by_label("Title in the other language").fill("Notre année")
    page.get_by_label("Text in the other language").fill("Nous avons *bâti* une turbine.")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator("h1")).to_have_text("Our year")
    article = page.url

    reader = visit(known.group_owner, locale="fr")
    reader.goto(article)
    expect(reader.locator("h1")).to_have_text("Notre année")
    check(reader, "desktop")
    reader.locator("#write textarea").fill("Bravo")
    reader.locator("#write-send").click()
    expect(reader.locator("#thread .so-comment")).to_contain_text("Bravo")
    reader.goto("/blogs/tide/questions")
    reader.locator("#ask textarea").fill("Et ensuite ?")
    reader.locator("#ask button[type=submit]").click()
    question = reader.url

    phone = visit(known.chief_executive, screen="phone")
    phone.goto(question)
    phone.get_by_role("link", name="Answer", exact=True).click()
    phone.get_by_label("Your answer").fill("Another one.")
    phone.get_by_role("button", name="Publish the answer").click()
    expect(phone.locator(".bl-answer")).to_contain_text("Another one.")
    check(phone, "phone")


@pytest.mark.proof
@pytest.mark.parametrize(("screen", "locale"), [("desktop", "en"), ("phone", "fr")])
def test_a_delegate_publishes_for_the_leader_by_and_by(
    screen: str, locale: str, known: Company, visit: Visit, words: Words,
    photo_file: Callable[..., Path], later: Callable[[], None],
) -> None:  # fmt: skip
    say, leader, delegate = words(locale), known.chief_executive, known.community_manager
    told = say("Published by %(publisher)s for %(author)s") % {
        "publisher": delegate.name, "author": leader.name,
    }  # fmt: skip
    let_write(visit(leader, screen=screen, locale=locale), say, delegate)

    page = visit(delegate, screen=screen, locale=locale)
    page.goto("/blogs/tide")
    page.get_by_role("button", name=say("Write an article")).click()
    expect(page.get_by_text(told)).to_be_visible()
    title = f"The tide {screen}"
    page.get_by_role("textbox", name=say("Title"), exact=True).fill(title)
    text = page.get_by_role("textbox", name=say("Text"), exact=True)
    text.fill("We *built* it.\n\n")
    page.get_by_text(say("Preview"), exact=True).first.click()
    text.press_sequentially("**Slowly**.\n\n")
    expect(page.locator("[data-live-text] strong").first).to_have_text("Slowly")
    page.get_by_label(say("Add a picture or a file here")).first.set_input_files(photo_file("quay"))
    expect(text).to_have_value(re.compile(r"!\[\]\(/social/files/\d+/quay.jpg \"\"\)"))
    text.fill(text.input_value().replace("![](", "![A quay](").replace('""', '"At dawn"'))
    expect(page.locator("[data-live-text] figcaption").first).to_have_text("At dawn")
    page.get_by_label(say("Picture above the article")).select_option(label="quay.jpg")
    page.get_by_label(say("What it shows, for those who cannot see it")).fill("The quay")
    page.get_by_label(re.compile(re.escape(say("Caption")))).last.fill("Our quay")
    kept(page, say)
    address = page.url
    page.context.close()  # the browser is closed, and nothing was sent

    page = visit(delegate, screen=screen, locale=locale)
    page.goto("/blogs/drafts")
    page.get_by_role("link", name=title).click()
    expect(page).to_have_url(address)
    expect(page.get_by_role("textbox", name=say("Title"), exact=True)).to_have_value(title)
    expect(page.get_by_role("textbox", name=say("Text"), exact=True)).to_have_value(re.compile("At dawn"))
    page.locator(".bl-later summary").click()
    page.get_by_label(say("Day"), exact=True).fill("2199-07-01")
    page.get_by_label(say("Time"), exact=True).fill("09:30")
    page.get_by_role("button", name=say("Publish it then")).click()
    expect(page.locator(".pv-notice", has_text=re.compile(r"\b1 [Jj]u\S+ 2199, 09:30"))).to_be_visible()
    later()

    reader = visit(known.group_owner, screen=screen, locale=locale)
    reader.goto("/blogs/tide")
    reader.get_by_role("link", name=title).last.click()
    expect(reader.locator("h1")).to_have_text(title)
    expect(reader.locator(".bl-byline").get_by_text(told)).to_be_visible()
    expect(reader.get_by_role("img", name="The quay", exact=True)).to_be_visible()
    expect(reader.locator(".bl-lead figcaption")).to_have_text("Our quay")
    expect(reader.locator(".bl-text figcaption")).to_have_text("At dawn")
    with reader.expect_download() as kept_file:
        reader.get_by_role("link", name=say("Keep it as a file")).click()
    with ZipFile(kept_file.value.path()) as archive:
        assert told in archive.read("article.md").decode()
        assert len(archive.namelist()) == 2
    reader.goto("/blogs/tide")
    follow(reader)
    reader.goto("/")
    card = reader.locator(".so-card", has_text=title)
    expect(card.get_by_text(told)).to_be_visible()


def let_write(page: Page, say: Callable[[str], str], delegate: Person) -> None:
    """Let somebody publish for the author, on the page that says who writes."""
    page.goto("/blogs/tide")
    page.get_by_role("link", name=say("Who writes")).click()
    page.get_by_label(say("Their @handle")).press_sequentially(f"@{delegate.given_name}")
    page.get_by_role("option", name=delegate.name).click()
    page.get_by_label(
        re.compile(re.escape(say("Delegate: publishes for the authors, and is named beside them")))
    ).check()
    page.get_by_role("button", name=say("Let them write here")).click()
    expect(page.get_by_role("listitem").filter(has_text=say("Delegate")).last).to_be_visible()


def follow(page: Page) -> None:
    """Follow the blog that a page is of, unless one does."""
    part = page.locator(".so-follow")
    if not part.locator("summary").count():
        part.get_by_role("button").click()
    expect(part.locator("summary")).to_be_visible()


def kept(page: Page, say: Callable[[str], str]) -> None:
    """Wait until what was typed last is kept by the server."""
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        page.get_by_role("textbox", name=say("Title"), exact=True).press("End")
        page.get_by_role("textbox", name=say("Title"), exact=True).dispatch_event("input")
    expect(page.locator("[data-kept]")).to_contain_text(re.compile(rf"{say('Saved')} \d"))


@pytest.mark.proof
def test_what_could_not_be_sent_is_there_when_the_browser_opens_again(
    known: Company, visit: Visit, watch: Any
) -> None:
    watch.statuses.add("0")
    page = visit(known.chief_executive)
    page.goto("/blogs/tide")
    page.get_by_role("button", name="Write an article").click()
    expect(page.locator("h1")).to_have_text("Write an article")
    address = page.url
    page.context.set_offline(True)
    page.get_by_label("Text", exact=True).fill("Typed on a train.")
    expect(page.locator("[data-kept]")).to_contain_text("kept in this browser")
    page.close()
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(address)
    expect(again.get_by_label("Text", exact=True)).to_have_value("Typed on a train.")
    expect(again.get_by_text("We brought back what you had typed and not sent.")).to_be_visible()
    again.get_by_label("Title", exact=True).fill("On a train")
    expect(again.locator("[data-kept]")).to_contain_text(re.compile(r"Saved \d"))
    watch.complaints[:] = [each for each in watch.complaints if "ERR_INTERNET_DISCONNECTED" not in each]
