"""A newcomer opens a group though there is one like it, invites, posts, asks, and gets an answer."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from parvis.testing.company import Person
from playwright.sync_api import Locator, Page, expect

WAYS = pytest.mark.parametrize(("screen", "locale"), [
    ("desktop", "en"), pytest.param("phone", "fr", marks=pytest.mark.proof),
])  # fmt: skip
Visit = Callable[..., Page]
Words = Callable[[str], Callable[[str], str]]
CLUB = re.compile("^(Photo club|Club photo)$")


def menu(part: Locator, button: str) -> None:
    """Choose something in the menu of a card or a comment."""
    opened = part.locator(".pv-menu:has(.so-menu)").last
    opened.locator("summary").click()
    opened.get_by_role("button", name=button).click()


@WAYS
def test_a_newcomer_opens_a_group_and_gets_an_answer(
    screen: str, locale: str, colleague: Callable[[], Person], visit: Visit, words: Words,
    deliver: Callable[[], None], page_of: Callable[[Person], str], photo_file: Callable[..., Path],
) -> None:  # fmt: skip
    say, newcomer, friend = words(locale), colleague(), colleague()
    page = visit(newcomer, screen=screen, locale=locale)
    page.goto("/groups")
    page.get_by_role("link", name=say("New group")).click()
    name = f"Photo club at night {screen}"
    difference = page.get_by_label(say("What is different about yours?"))
    expect(difference).to_be_hidden()
    page.get_by_label(say("Name"), exact=True).press_sequentially("Photo club")
    expect(page.locator("#similar").get_by_role("link", name=CLUB)).to_be_visible()
    difference.fill("We go out when others sleep.")
    with page.expect_response(re.compile("/groups/similar")):
        page.get_by_label(say("Name"), exact=True).fill(name)
    expect(difference).to_have_value("We go out when others sleep.")
    page.get_by_label(say("What is it for, in one line?")).fill("Stars, bridges, and coffee")
    page.get_by_role("button", name=say("Open the group")).click()

    expect(page).to_have_url(re.compile("/invite$"))
    page.get_by_label(say("Find somebody by name")).last.press_sequentially(friend.name)
    page.locator("#choice").get_by_role("checkbox", name=friend.name).first.check()
    page.locator("main").get_by_role("button", name=say("Invite")).click()
    expect(page.locator("h1")).to_have_text(name)

    composer = page.get_by_role("form", name=say("Write a post"))
    text = composer.get_by_role("textbox").first
    text.fill("First night: who knows where the bridge is dark, ")
    text.press_sequentially(f"@{friend.family_name.split()[-1]}")
    page.get_by_role("option", name=friend.name).first.click()
    composer.locator("input[type=file]").set_input_files(photo_file("night"))
    described = say("Describe %(file)s for those who cannot see it") % {"file": "night.jpg"}
    composer.get_by_label(described).fill("The bridge")
    composer.get_by_role("button", name=say("Publish")).click()
    card = page.locator(".so-card", has_text="First night")
    expect(card.get_by_role("img", name="The bridge")).to_be_visible()
    expect(card.get_by_role("link", name=f"@{page_of(friend).rpartition('/')[2]}")).to_be_visible()

    deliver()
    other = visit(friend, screen=screen, locale=locale)
    other.goto("/notifications")
    expect(other.locator(".so-told__row--unread")).to_have_count(2)
    other.locator(".so-told__row", has_text="First night").locator(".so-told__open").click()
    reply = other.get_by_role("form", name=say("Write a comment"))
    reply.get_by_role("textbox").first.fill("Behind the **old mill**.")
    reply.get_by_role("button", name=say("Send comment")).click()
    expect(other.locator("#thread strong")).to_have_text("old mill")
    other.goto("/groups")
    other.locator(".gr-invitations").get_by_role("button", name=say("Join")).click()
    expect(other.locator("h1")).to_have_text(name)

    deliver()
    page.goto("/notifications")
    page.locator(".so-told__row", has_text=friend.name).locator(".so-told__open").first.click()
    menu(page.locator("#thread .so-comment", has_text="old mill"), say("This is the answer"))
    expect(page.locator("#thread .so-comment--answer")).to_contain_text("old mill")


def typed_like_the_club(page: Page, say: Callable[[str], str]) -> Locator:
    """Type a name that is like the club's, and return the club among the groups that are shown."""
    page.get_by_label(say("Name"), exact=True).press_sequentially("photos club")
    return page.locator("#similar .gr-row").filter(has=page.get_by_role("link", name=CLUB))


@WAYS
def test_what_is_like_ones_idea_can_be_joined_while_one_types(
    screen: str, locale: str, colleague: Callable[[], Person], visit: Visit, words: Words
) -> None:
    say = words(locale)
    page = visit(colleague(), screen=screen, locale=locale)
    page.goto("/groups/new")
    row = typed_like_the_club(page, say)
    row.get_by_role("button", name=say("Join")).click()
    expect(page).to_have_url("/groups/club-photo")
    expect(page.get_by_role("form", name=say("Write a post"))).to_be_visible()


@WAYS
def test_what_one_had_in_mind_is_proposed_with_all_that_was_typed(
    screen: str, locale: str, colleague: Callable[[], Person], visit: Visit, words: Words
) -> None:
    say = words(locale)
    page = visit(colleague(), screen=screen, locale=locale)
    page.goto("/groups/new")
    row = typed_like_the_club(page, say)
    row.get_by_role("button", name=say("Propose to its owners")).wait_for()
    purpose = page.get_by_label(say("What is it for, in one line?"))
    purpose.press("Enter")  # opens a group, which lacks its purpose: it proposes to nobody
    expect(page).to_have_url("/groups/new")
    purpose.fill("Tins and light")
    row.get_by_role("button", name=say("Propose to its owners")).click()
    text = page.get_by_label(say("What would you like there?"))
    expect(text).to_have_value("photos club – Tins and light")
    text.fill("Pinhole cameras, please")
    page.get_by_role("button", name=say("Propose"), exact=True).click()
    expect(page).to_have_url("/groups/club-photo")


def test_what_is_pressed_while_the_list_comes_anew_is_pressed(
    colleague: Callable[[], Person], visit: Visit
) -> None:
    page = visit(colleague())
    page.goto("/groups/new")
    page.get_by_label("Name", exact=True).press_sequentially("photos club")
    row = page.locator("#similar .gr-row").filter(has=page.get_by_role("link", name=CLUB))
    row.get_by_role("button", name="Join").hover()
    with page.expect_response(re.compile("/groups/similar.*clubs")):
        page.get_by_label("Name", exact=True).press_sequentially("s")
        page.mouse.down()
    expect(page.locator("#similar .gr-similar")).to_have_attribute("data-typed", "photos clubs")
    page.mouse.up()
    expect(page).to_have_url("/groups/club-photo")
