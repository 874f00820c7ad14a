"""Writing, by hand and by keys: suggestions, pasted pictures, drafts that stay, removing and undoing."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from parvis.testing.company import Company, Person
from playwright.sync_api import Page, Route, expect

Visit = Callable[..., Page]
CLUB = "/groups/club-photo"
PASTE = """area => {
    const drawn = Object.assign(document.createElement("canvas"), { width: 8, height: 6 });
    return new Promise((done) => drawn.toBlob((blob) => {
        const clipboardData = new DataTransfer();
        clipboardData.items.add(new File([blob], "pasted.png", { type: "image/png" }));
        area.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        done();
    }));
}"""


def wait_until_kept(page: Page) -> None:
    """Wait until what was typed is kept on the device; Playwright's own way of waiting the page forbids."""
    for _ in range(200):
        if page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('pv:draft:'))"):
            return
        page.wait_for_timeout(50)
    raise AssertionError("nothing was kept")


@pytest.fixture
def at_home(colleague: Callable[[], Person], visit: Visit) -> Page:
    """Stand at home, where one writes on one's own wall."""
    page = visit(colleague())
    page.goto("/")
    return page


def test_a_post_is_written_by_keys_alone(
    at_home: Page, known: Company, page_of: Callable[[Person], str]
) -> None:
    at_home.keyboard.press("n")
    text = at_home.get_by_role("form", name="Write a post").get_by_role("textbox").first
    expect(text).to_be_focused()
    at_home.keyboard.type("Thanks, @mull")
    expect(at_home.get_by_role("option", name=known.group_owner.name)).to_have_attribute(
        "aria-selected", "true"
    )
    at_home.keyboard.press("Enter")
    handle = page_of(known.group_owner).rpartition("/")[2]
    expect(text).to_have_value(re.compile(rf"^Thanks, @{re.escape(handle)}\s$"))
    at_home.keyboard.type("for the bread :croiss")
    croissant = at_home.get_by_role("option", name=re.compile("croissant")).first
    expect(croissant).to_have_attribute("aria-selected", "true")
    at_home.keyboard.press("Enter")
    expect(text).to_have_value(re.compile("🥐"))
    at_home.keyboard.press("Control+Enter")
    card = at_home.locator(".so-card")
    expect(card).to_contain_text("🥐")
    expect(card.get_by_role("link", name=f"@{handle}")).to_be_visible()
    at_home.keyboard.press("/")
    expect(at_home.locator("#search")).to_be_focused()


def test_an_answer_for_fewer_letters_that_comes_late_is_not_shown(at_home: Page) -> None:
    held: list[Route] = []
    at_home.route(re.compile("/suggest/people.q=z$"), lambda route: held.append(route))
    text = at_home.get_by_role("form", name="Write a post").get_by_role("textbox").first
    text.press_sequentially("@zoe")
    expect(at_home.get_by_role("option", name="Zoé Kerbrat")).to_be_visible()
    late = {"value": "@late", "label": "Too late", "line": "", "face": ""}
    with at_home.expect_response(re.compile("q=z$")) as answer:
        held[0].fulfill(json=[late])
    answer.value.finished()
    at_home.evaluate("fetch('/social/suggest/people?q=zo').then((answer) => answer.json())")
    expect(at_home.get_by_role("option", name="Too late")).to_have_count(0)
    at_home.keyboard.press("Enter")
    expect(text).to_have_value(re.compile("^@zoe"))


def test_the_keys_j_and_k_go_through_a_stream_that_goes_on_by_itself(
    colleague: Callable[[], Person], visit: Visit
) -> None:
    page = visit(colleague())
    page.goto(CLUB)
    cards = page.locator(".so-feed .so-card")
    for key, number in (("j", 0), ("j", 1), ("k", 0)):
        page.keyboard.press(key)
        expect(cards.nth(number).locator(":focus")).to_have_count(1)
    for _part in range(2):
        shown = cards.count()
        cards.last.scroll_into_view_if_needed()
        expect(cards.nth(shown)).to_be_visible()
    expect(page.get_by_text("Sortie 1 :")).to_be_visible()


def test_a_draft_comes_back_with_its_picture_and_is_published_with_it(
    at_home: Page, photo_file: Callable[..., Path]
) -> None:
    form = at_home.get_by_role("form", name="Write a post")
    form.get_by_role("textbox").first.fill("From the summit")
    form.locator("input[type=file]").set_input_files(photo_file("summit"))
    form.get_by_label(re.compile("^Describe summit")).fill("A face")
    form.get_by_role("button", name="Keep as draft").click()
    expect(at_home.locator("#flash")).to_contain_text("Your draft is kept")
    at_home.evaluate("localStorage.clear()")  # as on another device
    at_home.goto("/")
    form.get_by_role("textbox").first.focus()
    expect(form.get_by_role("textbox").first).to_have_value("From the summit")
    expect(form.locator(".so-chosen img")).to_have_attribute("alt", "A face")
    form.get_by_role("button", name="Publish").click()
    card = at_home.locator(".so-card").first
    expect(card).to_contain_text("From the summit")
    expect(card.get_by_alt_text("A face")).to_be_visible()


def test_a_pasted_picture_is_described_and_published(at_home: Page) -> None:
    composer = at_home.get_by_role("form", name="Write a post")
    text = composer.get_by_role("textbox").first
    text.fill("Straight from the clipboard")
    text.evaluate(PASTE)
    composer.get_by_label("Describe pasted.png for those who cannot see it").fill("Nothing but black")
    composer.get_by_role("button", name="Publish").click()
    expect(at_home.locator(".so-card").get_by_role("img", name="Nothing but black")).to_be_visible()


def test_what_one_began_to_write_is_there_after_the_page_was_closed(at_home: Page) -> None:
    at_home.get_by_role("form", name="Write a post").get_by_role("textbox").first.fill("Half a thou")
    again = at_home.context.new_page()
    with at_home.expect_event("close"):
        at_home.close(run_before_unload=True)
    again.goto("/groups")
    wait_until_kept(again)
    again.goto("/")
    text = again.get_by_role("form", name="Write a post").get_by_role("textbox").first
    expect(text).to_have_value("Half a thou")


def test_a_quotation_is_added_to_what_one_had_begun(
    known: Company, welcome: Callable[[Person], str], visit: Visit
) -> None:
    page, thread = visit(known.group_owner), welcome(known.group_owner)
    page.goto(thread)
    text = page.get_by_role("form", name="Write a comment").get_by_role("textbox").first
    text.fill("Half a thought")
    wait_until_kept(page)
    page.goto(f"{thread}?quote=1")
    expect(text).to_have_value(re.compile(r"^Half a thought\n\n> .+"))
    page.reload()
    expect(text).to_have_value(re.compile(r"^Half a thought\n\n> [^>]+$"))


@pytest.mark.parametrize(("path", "form", "button"), [
    ("/", "Write a post", "Publish"), ("{content}", "Write a comment", "Send comment"),
])  # fmt: skip
def test_who_was_signed_out_meanwhile_signs_in_and_goes_on_with_what_they_wrote(
    path: str, form: str, button: str, known: Company, welcome: Callable[[Person], str], visit: Visit
) -> None:
    person = known.group_owner
    page = visit(person)
    page.goto(path.format(content=welcome(person)))
    text = page.get_by_role("form", name=form).get_by_role("textbox").first
    text.fill("Half a thought, and the other half")
    page.context.clear_cookies()
    page.get_by_role("form", name=form).get_by_role("button", name=button).click()
    page.get_by_label("User name").fill(person.username)
    page.get_by_label("Password").fill(person.password)
    page.get_by_role("button", name="Sign in").click()
    expect(text).to_have_value("Half a thought, and the other half")


def test_what_was_removed_comes_back_by_undo(at_home: Page) -> None:
    composer = at_home.get_by_role("form", name="Write a post")
    composer.get_by_role("textbox").first.fill("Gone and back")
    composer.get_by_role("button", name="Publish").click()
    card = at_home.locator(".so-card", has_text="Gone and back")
    card.locator("header .pv-menu summary").click()
    card.get_by_role("button", name="Remove").click()
    expect(card).to_have_count(0)
    at_home.locator(".so-gone").get_by_role("button", name="Undo").click()
    expect(card).to_be_visible()
