"""A leader publishes in both languages; an employee comments and asks; the leader answers on a phone."""

import re
from collections.abc import Callable

from parvis.testing.company import Company
from playwright.sync_api import Page, expect


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
    page.get_by_text("The same article in Français").click()
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
