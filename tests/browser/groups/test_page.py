"""Every page of conversations and groups, in light and in dark: nothing that one stumbles over."""

from collections.abc import Callable

import pytest
from parvis.testing.company import Company, Person
from playwright.sync_api import Page, expect

CLUB = "/groups/club-photo"
OWNERS = (
    "/", "/bookmarks", "/following", "/notifications", "/tags/photo", "/places/0/post", "/groups",
    "/groups/new",
    CLUB, f"{CLUB}/about", f"{CLUB}/members", f"{CLUB}/files", f"{CLUB}/requests", f"{CLUB}/invite",
    f"{CLUB}/settings", "{content}", "{content}/edit",
)  # fmt: skip
NEWCOMERS = (
    "/", "/notifications", "/groups?tab=active", "/groups/new?name=photo", CLUB, f"{CLUB}/members",
    "{content}",
)  # fmt: skip


CUT = """[...document.querySelectorAll(".pv-tabs, .pv-tabs-phone a > span, .gr-role")]
    .filter(each => each.scrollWidth > each.clientWidth + 1
        || each.matches(".gr-role") && each.offsetHeight > 32)
    .map(each => each.textContent.trim())"""
"""What is cut off, or broken into more than one line, of what leads on and of roles."""


@pytest.mark.proof
@pytest.mark.parametrize(
    ("who", "screen", "locale"), [("owner", "desktop", "en"), ("newcomer", "phone", "fr")]
)
def test_every_page_is_accessible_and_fits(
    who: str, screen: str, locale: str, known: Company, colleague: Callable[[], Person],
    welcome: Callable[[Person], str], visit: Callable[..., Page], check: Callable[[Page, str], None],
) -> None:  # fmt: skip
    person, paths = (known.group_owner, OWNERS) if who == "owner" else (colleague(), NEWCOMERS)
    content = welcome(person)
    page = visit(person, locale=locale)
    for path in paths:
        answer = page.goto(path.format(content=content))
        assert answer is not None
        assert answer.status == 200, path
        expect(page.locator("html")).to_have_attribute("lang", locale)
        expect(page.locator("h1")).to_have_count(1)
        assert page.evaluate(CUT) == [], path
        check(page, screen)


@pytest.mark.parametrize("locale", ["fr", pytest.param("en", marks=pytest.mark.proof)])
def test_every_menu_opens_within_the_screen_of_a_phone(
    locale: str, known: Company, visit: Callable[..., Page], cut_menus: Callable[[Page], list[str]]
) -> None:
    page = visit(known.group_owner, screen="phone", locale=locale)
    for path in (CLUB, f"{CLUB}/members", "/"):
        page.goto(path)
        expect(page.locator("details.pv-menu").first).to_be_attached()
        assert cut_menus(page) == [], path
