"""Saying who one is: photos, words, and who may read them."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from parvis.testing.company import Company, Person
from playwright.sync_api import Locator, Page, Route, expect

WAYS = pytest.mark.parametrize(("screen", "locale"), [
    pytest.param("desktop", "en", marks=pytest.mark.proof), ("phone", "fr"),
])  # fmt: skip
Visit = Callable[..., Page]
Words = Callable[[str], Callable[[str], str]]


def part(page: Page, name: str) -> Locator:
    return page.locator(f"section#{name}")


@WAYS
def test_photos_are_added_described_ordered_and_removed(
    screen: str, locale: str, others: Iterator[Person], visit: Visit, words: Words,
    photo_file: Callable[..., Path],
) -> None:  # fmt: skip
    say = words(locale)
    page = visit(next(others), screen=screen, locale=locale)
    page.goto("/profile/photos")
    add = page.locator("form[enctype]")
    for name in ("one", "two", "three"):
        add.locator("input[type=file]").set_input_files(photo_file(name))
        expect(page.locator(".pv-crop__square")).to_be_visible()
        if name == "one":
            choose_a_small_square_on_the_left(page)
        add.get_by_label(say("What it shows")).fill(f"Photo {name}")
        add.get_by_role("button", name=say("Add this photo")).click()
        expect(page.locator("#flash")).to_contain_text(say("The photo is added."))
    assert shown(page) == ["Photo one", "Photo two", "Photo three"]

    page.get_by_role("button", name=say("Make it my main photo")).last.click()
    expect(page.locator(".pv-album img").first).to_have_attribute("alt", "Photo three")
    page.get_by_role("button", name=say("Move this photo later")).nth(1).click()
    expect(page.locator(".pv-album img").last).to_have_attribute("alt", "Photo one")
    assert shown(page) == ["Photo three", "Photo two", "Photo one"]

    second = page.locator(".pv-album > li").nth(1)
    second.get_by_label(say("What it shows")).fill("La mer, l'hiver")
    second.locator("form").first.get_by_role("button").click()
    expect(page.locator(".pv-album img").nth(1)).to_have_attribute("alt", "La mer, l'hiver")
    page.locator(".pv-album > li").first.get_by_role("button", name=say("Remove")).click()
    expect(page.locator("#flash")).to_contain_text(say("The photo is removed."))
    assert shown(page) == ["La mer, l'hiver", "Photo one"]


def choose_a_small_square_on_the_left(page: Page) -> None:
    page.locator(".pv-range").fill("50")
    square = page.locator(".pv-crop__square")
    square.focus()
    for _key in range(4):
        square.press("Shift+ArrowLeft")
    sent = [page.locator(f"input[name=crop_{name}]").input_value() for name in ("x", "y", "size")]
    assert sent == ["0.00000", "0.25000", "0.50000"]


def shown(page: Page) -> list[str]:
    return [image.get_attribute("alt") or "" for image in page.locator(".pv-album img").all()]


@WAYS
def test_a_profile_is_written_and_what_is_for_oneself_alone_nobody_else_sees(
    screen: str, locale: str, known: Company, others: Iterator[Person], visit: Visit, words: Words,
    page_of: Callable[[Person], str],
) -> None:  # fmt: skip
    person, say = next(others), words(locale)
    page = visit(person, screen=screen, locale=locale)
    page.goto("/profile/edit")
    page.get_by_label(say("In one line"), exact=True).fill("Je compte les marées.")
    about = page.get_by_label(say("About me"), exact=True)
    about.fill("le vent")
    about.select_text()
    page.get_by_role("button", name=say("Bold")).click()
    expect(about).to_have_value("**le vent**")
    career = part(page, "career")
    career.get_by_label(say("What I did")).fill("Gardien de phare")
    career.get_by_label(say("Where"), exact=True).fill("Ouessant")
    career.get_by_label(say("Began in (year)")).fill("2011")
    career.locator("label", has_text=say("Only me")).click()
    interests = page.get_by_label(say("Interests and hobbies"))
    for word in ("Voile", "Pain"):
        interests.fill(word)
        interests.press("Enter")
    expect(part(page, "interests-part").locator(".pv-chip")).to_have_count(2)
    page.get_by_role("button", name=say("Save my profile")).click()

    expect(page).to_have_url(page_of(person))
    expect(page.locator("#flash")).to_contain_text(say("Your profile is saved."))
    expect(page.locator(".pv-prose strong")).to_have_text("le vent")
    expect(page.get_by_text(say("Only you see this"))).to_have_count(1)
    expect(page.get_by_text("Gardien de phare")).to_be_visible()
    other = visit(known.chief_executive, screen=screen, locale=locale)
    other.goto(page_of(person))
    expect(other.get_by_text("Je compte les marées.")).to_be_visible()
    expect(other.locator(".pv-chip")).to_have_text(["Voile", "Pain"])
    expect(other.get_by_text(re.compile("phare|Ouessant"))).to_have_count(0)


@pytest.mark.proof
def test_a_word_without_end_makes_no_page_wider(known: Company, visit: Visit) -> None:
    for screen, width in (("desktop", 1280), ("phone", 390)):
        page = visit(known.chief_executive, screen=screen)
        page.goto("/profile/edit")
        page.get_by_label("About me", exact=True).fill("https://example.org/" + "a" * 400)
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_an_error_beside_its_field_loses_nothing_typed(
    others: Iterator[Person], visit: Visit, watch: Any
) -> None:
    watch.statuses.add("422")
    page = visit(next(others))
    page.goto("/profile/edit")
    page.get_by_label("In one line", exact=True).fill("Kept")
    page.get_by_label("About me", exact=True).fill("Kept, too")
    page.get_by_label("Interests and hobbies").fill("Sailing")
    part(page, "career").get_by_label("Where", exact=True).fill("Nantes")
    page.get_by_role("button", name="Save my profile").click()

    expect(page.get_by_role("alert")).to_contain_text("Nothing you typed is lost.")
    expect(part(page, "career").locator(".pv-field__errors")).to_contain_text("what you did")
    expect(page.get_by_label("In one line", exact=True)).to_have_value("Kept")
    expect(page.get_by_label("About me", exact=True)).to_have_value("Kept, too")
    expect(part(page, "interests-part").locator(".pv-chip")).to_contain_text(["Sailing"])
    expect(part(page, "career").get_by_label("Where", exact=True)).to_have_value("Nantes")


def test_a_photo_that_is_none_is_refused_in_a_sentence(
    others: Iterator[Person], visit: Visit, watch: Any, tmp_path: Path
) -> None:
    watch.statuses.add("422")
    (tmp_path / "IMG_1.heic").write_bytes(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64)
    page = visit(next(others))
    page.goto("/profile/photos")
    page.locator("form[enctype] input[type=file]").set_input_files(tmp_path / "IMG_1.heic")
    page.get_by_label("What it shows").fill("Kept")
    page.get_by_role("button", name="Add this photo").click()
    expect(page.locator(".pv-field__errors")).to_contain_text("HEIC")
    expect(page.get_by_label("What it shows")).to_have_value("Kept")


@pytest.mark.proof
def test_of_two_windows_the_second_is_told_and_loses_nothing(
    others: Iterator[Person], visit: Visit, watch: Any, page_of: Callable[[Person], str]
) -> None:
    watch.statuses.add("409")
    person = next(others)
    first = visit(person)
    second = first.context.new_page()
    for page, text in ((first, "From the first"), (second, "From the second")):
        page.goto("/profile/edit")
        page.get_by_label("In one line", exact=True).fill(text)
    first.get_by_role("button", name="Save my profile").click()
    expect(first).to_have_url(page_of(person))
    second.get_by_role("button", name="Save my profile").click()

    expect(second.get_by_text("changed in another window")).to_have_count(1)
    expect(second.get_by_label("In one line", exact=True)).to_have_value("From the second")
    second.get_by_role("button", name="Save my profile").click()
    expect(second.locator(".pv-profile__headline")).to_have_text("From the second")


def test_what_was_typed_and_not_sent_comes_back(others: Iterator[Person], visit: Visit) -> None:
    first = visit(next(others))
    first.goto("/profile/edit")
    first.get_by_label("In one line", exact=True).fill("Half a sen")
    first.get_by_label("Interests and hobbies").fill("Sailing")
    first.close(run_before_unload=True)
    again = first.context.new_page()
    again.goto("/profile/edit")
    expect(again.locator("[data-draft-note]")).to_be_visible()
    expect(again.get_by_label("In one line", exact=True)).to_have_value("Half a sen")
    expect(again.locator("#interests-part .pv-chip")).to_contain_text(["Sailing"])
    again.locator("[data-draft-note] button").click()
    expect(again.get_by_label("In one line", exact=True)).to_have_value("")
    again.reload()
    expect(again.locator("[data-draft-note]")).to_be_hidden()


def test_what_is_typed_or_chosen_before_the_scripts_have_come_is_not_lost_on_them(
    others: Iterator[Person], visit: Visit, photo_file: Callable[..., Path]
) -> None:
    page = visit(next(others), hurried=True)
    held: list[Route] | None = []

    def come(route: Route) -> None:
        if held is None:
            route.continue_()
        else:
            held.append(route)

    def begin(path: str) -> None:
        nonlocal held
        held = []
        page.goto(path, wait_until="commit")

    def let_scripts_come() -> None:
        nonlocal held
        waiting, held = held or [], None
        for route in waiting:
            route.continue_()
        page.wait_for_load_state()

    page.route(re.compile("/(photo|drafts)[.]js"), come)
    begin("/profile/photos")
    page.locator("form[enctype] input[type=file]").set_input_files(photo_file("early"))
    let_scripts_come()
    expect(page.locator(".pv-crop__square")).to_be_visible()
    line = page.get_by_label("In one line", exact=True)
    for typed in (
        "Half a sen",
        "Another begin",
    ):  # the second time, a draft is there, and what is typed is newer
        begin("/profile/edit")
        line.fill(typed)
        let_scripts_come()
        expect(line).to_have_value(typed)
        page.goto("/people")
        page.goto("/profile/edit")
        expect(line).to_have_value(typed)
