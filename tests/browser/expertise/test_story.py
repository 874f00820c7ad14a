"""Somebody says what they know, a colleague finds and confirms them on a phone, in both languages."""

from collections.abc import Callable

import pytest
from parvis.testing.company import Company
from playwright.sync_api import Page, expect


def test_one_says_what_one_knows_and_is_found_and_confirmed_on_a_phone(
    known: Company, visit: Callable[..., Page], check: Callable[[Page, str], None]
) -> None:
    page = visit(known.group_owner)
    page.goto("/expertise/mine")
    typed = page.get_by_label("I can teach")
    typed.press_sequentially("soud")
    expect(page.locator("#skills-suggested option[value=Welding]")).to_be_attached()
    typed.fill("Soudage")
    typed.press("Enter")
    page.get_by_label("Ask me about").fill("welding")
    check(page, "desktop")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h2").first).to_have_text("Welding")
    check(page, "desktop")

    phone = visit(known.community_manager, screen="phone", locale="fr")
    phone.goto("/expertise")
    phone.get_by_label("Qui s’y connaît en").fill("qui connaît le soudgae ?")
    phone.get_by_role("button", name="Chercher", exact=True).click()
    expect(phone.locator(".ex-row").first).to_contain_text(known.group_owner.name)
    expect(phone.locator(".ex-row").first).to_contain_text("Répond aux questions")
    check(phone, "phone")
    phone.get_by_role("link", name=known.group_owner.name).first.click()
    phone.get_by_role("link", name="Ce que confirment les collègues").click()
    phone.get_by_role("link", name="Confirmer : Soudage").click()
    phone.get_by_label("Sur quoi avez-vous travaillé ensemble").fill("La coque du prototype")
    check(phone, "phone")
    phone.get_by_role("button", name="Confirmer", exact=True).click()
    expect(phone.locator(".ex-words")).to_contain_text("La coque du prototype")

    page.goto("/expertise?who=welding")
    expect(page.locator(".ex-why").filter(has_text="Confirmed by")).to_contain_text(
        known.community_manager.name
    )
    check(page, "desktop")
    page.goto("/expertise/colleagues")
    page.get_by_role("button", name="Hide", exact=True).click()
    expect(page.locator(".ex-words")).to_contain_text("Only you see this")


@pytest.mark.proof
def test_the_words_are_looked_after_and_a_merge_is_taken_back(
    known: Company, visit: Callable[..., Page], check: Callable[[Page, str], None]
) -> None:
    page = visit(known.administrator)
    page.goto("/expertise/words?show=unpaired")
    check(page, "desktop")
    page.get_by_role("link", name="Voile au large").click()
    page.get_by_label("It is the same as").fill("Seamanship")
    page.get_by_role("button", name="Merge").click()
    expect(page.locator("h1")).to_have_text("Seamanship")
    check(page, "desktop")
    page.get_by_role("button", name="Take back").click()
    expect(page.locator("h1")).to_have_text("Voile au large")
    for path in ("/expertise", "/expertise/map"):
        page.goto(path)
        check(page, "desktop")
