"""Every page of blogs, in light and in dark: nothing that one stumbles over."""

from collections.abc import Callable

import pytest
from parvis.testing.company import Company
from playwright.sync_api import Page, expect

WRITERS = (
    "/", "/blogs", "/blogs/new", "/blogs/drafts", "{blog}", "{article}", "{questions}", "{answered}",
    "{question}", "{answer}", "{hide}", "{writers}", "{settings}", "{write}", "{preview}", "{change}",
    "{feeds}",
)  # fmt: skip
READERS = (
    "/", "/blogs", "/blogs/drafts", "{blog}", "{article}", "{article}?language=fr&order=reactions",
    "{questions}", "{question}", "{feeds}", "/account", "/notifications",
)  # fmt: skip


@pytest.mark.proof
@pytest.mark.parametrize(("who", "screen", "locale"), [
    ("writer", "desktop", "en"), ("reader", "desktop", "fr"),
    ("writer", "phone", "fr"), ("reader", "phone", "en"),
])  # fmt: skip
def test_every_page_is_accessible_and_fits(
    who: str, screen: str, locale: str, known: Company, lively: dict[str, str], deliver: Callable[[], None],
    visit: Callable[..., Page], check: Callable[[Page, str], None],
) -> None:  # fmt: skip
    deliver()
    person, paths = (
        (known.chief_executive, WRITERS) if who == "writer" else (known.group_owner, READERS)
    )  # fmt: skip
    page = visit(person, screen=screen, locale=locale)
    for path in paths:
        answer = page.goto(path.format(**lively))
        assert answer is not None
        assert answer.status == 200, path
        expect(page.locator("html")).to_have_attribute("lang", locale)
        expect(page.locator("h1")).to_have_count(1)
        check(page, screen)


def test_every_menu_opens_within_the_screen_of_a_phone(
    known: Company, lively: dict[str, str], visit: Callable[..., Page], cut_menus: Callable[[Page], list[str]]
) -> None:
    page = visit(known.group_owner, screen="phone", locale="fr")
    page.goto(lively["blog"])
    if page.locator(".so-follow > form").count():
        page.locator(".so-follow button").click()
    expect(page.locator(".so-follow details")).to_be_attached()
    for path in (lively["blog"], lively["article"], lively["questions"]):
        page.goto(path)
        expect(page.locator("details.pv-menu").first).to_be_attached()
        assert cut_menus(page) == [], path


def test_an_article_is_printed_alone_and_dark_on_light(
    known: Company, lively: dict[str, str], visit: Callable[..., Page]
) -> None:
    page = visit(known.group_owner, color_scheme="dark")
    page.goto(lively["article"])
    page.emulate_media(media="print", color_scheme="dark")
    for hidden in (".pv-top", ".pv-nav", ".pv-aside", ".so-thread", ".bl-after", ".bl-languages"):
        expect(page.locator(hidden).first).to_be_hidden()
    colours = "e => [getComputedStyle(e).color, getComputedStyle(document.body).backgroundColor]"
    text = page.locator(".bl-text")
    assert text.evaluate(colours) == ["rgb(0, 0, 0)", "rgba(0, 0, 0, 0)"]
