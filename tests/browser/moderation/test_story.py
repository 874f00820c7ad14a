"""Something is reported, decided, told and appealed against, in both languages, on both screens."""

from collections.abc import Callable
from typing import Any

import pytest
from parvis.testing.company import Company
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]
Words = Callable[[str], Callable[[str], str]]

LAST_ACT = {
    "content": "hide",
    "comment": "hide",
    "article": "lock",
    "place": "hide",
    "profile": "warn",
    "photo": "hide",
    "question": "hide",
}


PAGES = {
    "article": "/blogs/articles/{article}", "place": "/groups/brocante",
    "question": "/blogs/questions/{question}",
}  # fmt: skip


@pytest.mark.parametrize(("thing", "screen", "locale"), [
    ("content", "desktop", "en"),
    *(pytest.param(thing, screen, locale, marks=pytest.mark.proof)
      for thing, screen, locale in (
          ("comment", "phone", "fr"), ("article", "desktop", "fr"), ("place", "phone", "en"),
          ("photo", "desktop", "fr"), ("profile", "phone", "en"), ("content", "phone", "fr"),
          ("question", "desktop", "fr"),
      )),
])  # fmt: skip
def test_it_is_reported_decided_told_and_looked_at_again(
    thing: str, screen: str, locale: str, known: Company, visit: Visit, check: Any, words: Words,
    things: dict[str, int], page_of: Any, deliver: Callable[[], None],
) -> None:  # fmt: skip
    say, person = (
        words(locale),
        known.community_manager if thing in ("photo", "profile") else known.group_owner,
    )
    decider = known.administrator if thing in ("photo", "profile") else known.community_manager
    if (screen, locale) == ("desktop", "en"):  # what each page must be, the others prove
        check = _do_not_look
    reader = visit(known.chief_executive, screen=screen, locale=locale)
    _report(reader, thing, things, page_of(person), say, check, screen)
    deliver()

    manager = visit(decider, screen=screen, locale=locale)
    manager.goto("/moderation")
    check(manager, screen)
    manager.locator(".mo-case a").first.click()
    check(manager, screen)
    act = LAST_ACT[thing]
    manager.locator(f"a[href$='/decide/{act}']").click()
    check(manager, screen)
    manager.locator("main form button[type=submit]").click()
    expect(manager.locator(".pv-flash, .pv-notice").first).to_be_visible()
    deliver()

    author = visit(person, screen=screen, locale=locale)
    author.goto("/moderation/reports")
    check(author, screen)
    author.locator("#told a").first.click()
    expect(author.locator("h1")).to_have_text(say("A decision about what you wrote"))
    author.locator("#appeal textarea").fill("Un instant !")
    check(author, screen)
    author.get_by_role("button", name=say("Send the appeal")).click()
    expect(author.locator("#appeal")).to_contain_text("Un instant !")

    judge = visit(known.administrator, screen=screen, locale=locale)
    judge.goto("/moderation")
    judge.locator("#appeals a").first.click()
    judge.locator("#appeal textarea").fill("D’accord.")
    check(judge, screen)
    judge.locator("button[name=outcome][value=overturned]").click()
    author.reload()
    expect(author.locator("#appeal")).to_contain_text("D’accord.")
    reader.goto("/moderation/record")
    expect(reader.locator(".mo-record")).to_contain_text(say("Appeal: the decision was taken back"))
    check(reader, screen)


def _do_not_look(_page: Page, _screen: str) -> None:
    """Only tell the story."""


def _report(
    page: Page, thing: str, things: dict[str, int], profile: str, say: Any, check: Any, screen: str
) -> None:
    """Open the menu beside it, and press a reason: two clicks."""
    if thing in ("content", "comment"):
        page.goto(f"/contents/{things['content']}")
        menu = page.locator(
            f"#content-{things['content']}" if thing == "content" else f"#c{things['comment']}"
        )
        menu.locator(".pv-menu summary").filter(has_text=say("More")).first.click()
        menu.locator(f"a[href='/moderation/report/{thing}/{things[thing]}']").click()
    elif thing in ("photo", "profile"):
        page.goto(profile)
        page.get_by_role("link", name=say("Report this profile or a photo")).click()
        if thing == "photo":
            page.locator("input[name=photo]").nth(1).check()
    else:
        page.goto(PAGES[thing].format(**things))
        page.get_by_role("link", name=say("Report"), exact=True).click()
    check(page, screen)
    page.locator("button[name=reason][value=advertising]").click()
    expect(page.locator("h1")).to_have_text(say("Reports and decisions"))
    check(page, screen)


@pytest.mark.proof
@pytest.mark.parametrize(("screen", "locale"), [("desktop", "fr"), ("phone", "en")])
def test_the_charter_is_accepted_and_asked_again_when_it_changes(
    screen: str, locale: str, known: Company, visit: Visit, check: Any, words: Words
) -> None:
    say, manager = words(locale), visit(known.community_manager, screen=screen, locale=locale)
    for line in ("Soyons brefs.", "Soyons aimables."):
        manager.goto("/charter/edit")
        check(manager, screen)
        manager.locator("#french").fill(f"## La parole\n\nParlons en notre nom.\n\n{line} {screen}")
        manager.locator("#english").fill(f"## Speech\n\nWe speak as ourselves.\n\n{line} {screen}")
        manager.locator("main form button[type=submit]").last.click()
        expect(manager.locator("h1")).to_have_text(say("Our charter"))
        reader = visit(known.chief_executive, screen=screen, locale=locale)
        reader.goto("/people")
        expect(reader.locator(".mo-charter")).to_contain_text(line)
        check(reader, screen)
        reader.get_by_role("button", name=say("I accept the charter")).click()
        expect(reader.locator(".mo-charter")).to_have_count(0)
    manager.goto("/charter")
    check(manager, screen)
    for path in ("/moderation/texts", "/moderation/log", "/moderation/visit"):
        manager.goto(path)
        check(manager, screen)
