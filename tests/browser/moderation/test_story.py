"""Things are reported, decided, told and appealed against; first posts wait: in both languages."""

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
    "profile": "hide",
    "photo": "hide",
    "question": "hide",
}


PAGES = {
    "article": "/blogs/articles/{article}", "place": "/groups/brocante",
    "question": "/blogs/questions/{question}",
}  # fmt: skip


TOLD = [
    (thing, "desktop" if number % 2 == turn else "phone", locale)
    for turn, locale in enumerate(("en", "fr"))
    for number, thing in enumerate(LAST_ACT)
]
"""Each thing in each language, once on a wide screen and once on a narrow one."""


@pytest.mark.parametrize(("thing", "screen", "locale"), [
    pytest.param(*told, marks=[] if told == ("content", "desktop", "en") else [pytest.mark.proof])
    for told in TOLD
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
@pytest.mark.parametrize(("screen", "locale"), [("phone", "fr"), ("desktop", "en")])
@pytest.mark.parametrize("scripts", [True, False])
def test_rules_are_set_a_word_is_looked_at_twice_and_a_first_post_is_let_in(
    screen: str, locale: str, scripts: bool, known: Company, visit: Visit, check: Any, words: Words,
    watch: Any, deliver: Callable[[], None], club: Any,
) -> None:  # fmt: skip
    watch.statuses.add("422")
    say, slug = words(locale), club()
    more = {} if scripts else {"java_script_enabled": False}
    look = check if scripts else _do_not_look
    owner = visit(known.group_owner, screen=screen, locale=locale, **more)
    owner.goto(f"/groups/{slug}/settings")
    owner.get_by_role("link", name=say("Rules for writing")).click()
    look(owner, screen)
    owner.locator("#newcomers_wait").check()
    owner.locator("#words").fill("zut")
    owner.get_by_role("button", name=say("Save")).click()

    author = visit(known.chief_executive, screen=screen, locale=locale, **more)
    for text, answer in (("Zut, bonjour", "say why"), ("Zut, rebonjour", "let in")):
        author.goto(f"/groups/{slug}")
        if author.get_by_role("button", name=say("Join")).count():
            author.get_by_role("button", name=say("Join")).first.click()
        place = author.locator("form[data-compose]").get_attribute("data-place")
        author.goto(f"/places/{place}/post")
        author.locator("form[data-compose] textarea").fill(text)
        author.get_by_role("button", name=say("Publish"), exact=True).click()
        sure = author.get_by_role("button", name=say("Publish as it is"))
        expect(sure).to_be_visible()
        expect(author.locator("form[data-compose] textarea")).to_have_value(text)
        look(author, screen)
        sure.click()
        expect(author.locator("h1")).to_have_text(say("Posts that wait"))
        look(author, screen)
        deliver()
        owner.goto("/moderation?show=posts")
        look(owner, screen)
        owner.locator(".mo-case a").first.click()
        expect(owner.locator("#refuse textarea")).to_be_visible()
        look(owner, screen)
        if answer == "let in":
            owner.get_by_role("button", name=say("Publish it"), exact=True).click()
            expect(owner.locator("main")).to_contain_text(text)
        else:
            owner.locator("#refuse textarea").fill("Dites-nous qui vous êtes.")
            owner.get_by_role("button", name=say("Do not publish it")).click()
            author.goto("/waiting")
            expect(author.locator("main")).to_contain_text("Dites-nous qui vous êtes.")
    reader = visit(known.administrator, screen=screen, locale=locale, **more)
    reader.goto(f"/groups/{slug}")
    expect(reader.locator("main")).to_contain_text("Zut, rebonjour")
    expect(reader.locator("main")).not_to_contain_text("Zut, bonjour")


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
