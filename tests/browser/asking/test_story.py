"""Somebody searches and asks the experts; one is told, and the question waits in sight, in both languages."""

from collections.abc import Callable
from typing import Any

import pytest
from parvis.testing.company import Company
from playwright.sync_api import Page, expect

WAYS = pytest.mark.parametrize(("screen", "locale"), [("desktop", "en"), ("phone", "fr")])
Words = Callable[[str], Callable[[str], str]]


@pytest.mark.proof
@WAYS
def test_a_question_is_asked_from_the_search_told_to_an_expert_and_answered(
    screen: str, locale: str, known: Company, visit: Callable[..., Page], words: Words,
    check: Callable[[Page, str], None], deliver: Callable[[], None], indexed: Callable[[], None], watch: Any,
) -> None:  # fmt: skip
    say, typed = words(locale), {"en": "welding", "fr": "soudage"}[locale]
    text = f"Which electrode for salt water, {locale}?"
    watch.statuses.add("422")
    indexed()
    page = visit(known.group_owner, screen=screen, locale=locale)
    page.goto(f"/search?q={typed}")
    expect(page.locator(".pv-found__title", has_text=known.community_manager.name)).to_be_visible()
    check(page, screen)
    page.get_by_role("link", name=say("Ask the experts")).click()
    skill = page.get_by_label(say("What is it about?"))
    expect(skill).to_have_value(typed.title())
    page.get_by_role("button", name=say("Ask"), exact=True).click()
    expect(page.get_by_text(say("Please write your question."))).to_be_visible()
    page.get_by_label(say("Your question")).fill(text)
    check(page, screen)
    page.get_by_role("button", name=say("Ask"), exact=True).click()
    expect(page.locator(".so-card")).to_contain_text(text)
    check(page, screen)
    deliver()
    indexed()

    expert = visit(known.community_manager, screen=screen, locale=locale)
    expert.goto("/notifications")
    expert.locator("main").get_by_text(known.group_owner.name).first.click()
    expect(expert.locator(".so-card")).to_contain_text(text)

    page.goto(f"/search?q={typed}")
    waiting = page.locator(".ex-asking").get_by_role("link", name=text)
    expect(waiting).to_be_visible()
    check(page, screen)
    page.goto("/expertise?who=welding")
    page.locator(".ex-understood a").first.click()
    page.get_by_role("link", name=say("Groups and contents")).click()
    expect(page.locator(".ex-list").get_by_role("link", name=text)).to_be_visible()
    expect(page.get_by_text(say("Without an answer yet")).first).to_be_visible()
    check(page, screen)
