"""Every page, on both devices, in light and in dark: nothing that a person stumbles over."""

from collections.abc import Callable
from typing import Any

import pytest
from parvis.testing.company import Company, Person
from playwright.sync_api import Page, expect

# Who looks (as the company calls them; nobody: signed out) at what; {name} is somebody's own page.
PAGES: dict[str, list[str]] = {
    "": ["/login", "/develop/components"],
    "chief_executive": [
        "/", "/people", "/people?q=nobody+at+all", "{community_manager}", "{without_mail}",
        "{chief_executive}/team", "{newcomer}/team",
    ],
    "community_manager": ["/", "{community_manager}", "/profile/edit", "/profile/photos"],
    "group_owner": [
        "/", "{group_owner}", "/profile/edit", "/profile/photos", "/account", "/account/data",
        "/account/leave",
        "/join/preferences", "/join/introduction",
    ],
    "administrator": ["/administration", "/nowhere"],
}  # fmt: skip


@pytest.mark.proof
@pytest.mark.parametrize(("screen", "locale"), [("desktop", "en"), ("phone", "fr")])
@pytest.mark.parametrize("who", PAGES)
def test_every_page_is_accessible_and_fits(
    who: str, screen: str, locale: str, known: Company, page_of: Callable[[Person], str],
    visit: Callable[..., Page], check: Callable[[Page, str], None], watch: Any,
) -> None:  # fmt: skip
    watch.statuses.add("404")
    page = visit(getattr(known, who) if who else None, locale=locale)
    for path in PAGES[who]:
        answer = page.goto(path.format_map(_Paths(known, page_of)))
        assert answer is not None
        assert answer.status == (404 if path == "/nowhere" else 200)
        expect(page.locator("html")).to_have_attribute("lang", locale)
        expect(page.locator("h1")).to_have_count(1)
        check(page, screen)


class _Paths:
    def __init__(self, known: Company, page_of: Callable[[Person], str]) -> None:
        self.known, self.page_of = known, page_of

    def __getitem__(self, name: str) -> str:
        return self.page_of(getattr(self.known, name))
