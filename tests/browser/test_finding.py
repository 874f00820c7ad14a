"""Finding colleagues: by a few letters, by place, by their line, whether or not they have ever come."""

import re
from collections.abc import Callable

import pytest
from parvis.testing.company import Company, Person
from playwright.sync_api import Page, Route, expect

WAYS = pytest.mark.parametrize(("screen", "locale"), [
    ("desktop", "en"), pytest.param("phone", "fr", marks=pytest.mark.proof),
])  # fmt: skip
Visit = Callable[..., Page]
Words = Callable[[str], Callable[[str], str]]
CARDS = ".pv-people .pv-person"
UNSEEN = (
    "%(name)s has not been here yet: all you see comes from the company directory. "
    "A word from you may be the reason to come."
)


@pytest.mark.parametrize("typed", ["MULLER hele", pytest.param("hélène müller", marks=pytest.mark.proof)])
def test_somebody_is_found_while_one_types_and_chosen_by_keys(
    typed: str, known: Company, visit: Visit, page_of: Callable[[Person], str]
) -> None:
    page = visit(known.chief_executive)
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type(typed, delay=5)
    expect(page.get_by_role("option").last).to_contain_text(typed)  # the answer to all that was typed
    expect(page.get_by_role("option").first).to_contain_text("Hélène Müller")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(page_of(known.group_owner))


def test_whoever_types_before_all_scripts_have_come_is_answered_after(known: Company, visit: Visit) -> None:
    held: list[Route] = []
    page = visit(known.chief_executive, hurried=True)
    page.route("**/hx-csp.js*", lambda route: held.append(route))
    page.goto("/", wait_until="commit")
    search = page.locator("#search")
    search.press_sequentially("he", delay=20)
    page.wait_for_timeout(400)  # longer than htmx waits for a key: without its guard it would ask, and fail
    expect(page.locator("#search-results")).to_be_empty()
    held[0].continue_()
    expect(page.get_by_role("option").last).to_contain_text("he")
    search.press_sequentially("lene", delay=20)
    expect(page.get_by_role("option").first).to_contain_text("Hélène")


@WAYS
def test_the_search_field_says_when_there_is_nobody_and_leads_to_all(
    screen: str, locale: str, known: Company, visit: Visit, words: Words
) -> None:
    say = words(locale)
    page = visit(known.chief_executive, screen=screen, locale=locale)
    page.goto("/")
    search = page.get_by_label(say("Search people, groups and contents"))
    search.press_sequentially("xyzzy", delay=5)
    expect(page.locator("#search-results")).to_contain_text(say("Nobody by that name."))
    search.press("Escape")
    expect(page.locator("#search-results > *")).to_have_count(0)
    search.fill("camille morvan")
    expect(page.locator("#search-results b", has_text="Camille Morvan")).to_have_count(2)
    page.get_by_role("option").last.click()
    expect(page).to_have_url("/search?q=camille+morvan")
    expect(page.locator(".pv-found__item")).to_have_count(2)


@WAYS
def test_the_directory_narrows_to_a_site_a_department_a_name_and_a_letter(
    screen: str, locale: str, known: Company, visit: Visit, words: Words
) -> None:
    say = words(locale)
    page = visit(known.chief_executive, screen=screen, locale=locale)
    page.goto("/people")
    narrow = page.locator("form.pv-filters")
    present = [person for person in known.people if not person.disabled]
    chosen = [person for person in present if person.site.city == "Lyon"]
    narrow.get_by_label(say("Site")).select_option(f"Lyon ({len(chosen)})")
    expect(page.locator(CARDS)).to_have_count(len(chosen))
    chosen = [person for person in chosen if person.department == chosen[0].department]
    department = narrow.get_by_label(say("Department"))
    department.select_option(department.locator("option", has_text=chosen[0].department).text_content())
    expect(page.locator(CARDS)).to_have_count(len(chosen))
    narrow.get_by_label(say("Name")).fill("xyzzy")
    expect(page.locator(".pv-empty")).to_contain_text(say("Nobody found"))
    page.locator(".pv-empty a").click()
    expect(page).to_have_url("/people")

    page.locator(".pv-letters").get_by_role("link", name="K", exact=True).click()
    expect(page).to_have_url("/people?initial=K")
    by_letter = [person for person in present if person.family_name.startswith("K")]
    expect(page.locator(CARDS)).to_have_count(len(by_letter))


def test_the_list_goes_on_by_itself_near_its_end_and_by_its_link(known: Company, visit: Visit) -> None:
    page = visit(known.chief_executive)
    page.goto("/people")
    expect(page.locator(CARDS)).to_have_count(24)
    everybody = sum(not person.disabled for person in known.people)
    for loaded in (48, 72, 96, everybody):
        page.locator(CARDS).last.scroll_into_view_if_needed()
        expect(page.locator(CARDS)).to_have_count(loaded)
    expect(page.locator(".pv-more")).to_have_count(0)
    names = page.locator(".pv-people .pv-person__name").all_inner_texts()
    assert sorted(names) == sorted(person.name for person in known.people if not person.disabled)


def test_who_was_found_while_typing_is_opened_however_slowly_one_clicks(
    known: Company, visit: Visit, page_of: Callable[[Person], str]
) -> None:
    page, person = visit(known.chief_executive), known.newcomer
    page.goto("/people")
    page.locator("form.pv-filters").get_by_label("Name").fill(person.username.replace(".", " "))
    expect(page.locator(CARDS)).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?q="))
    page.locator(CARDS).get_by_role("link", name=person.name).hover()
    page.mouse.down()
    page.wait_for_timeout(600)  # what leaving the field does is done
    page.mouse.up()
    expect(page).to_have_url(page_of(person))


@WAYS
def test_the_reporting_line_leads_to_the_top_and_down_again(
    screen: str, locale: str, known: Company, visit: Visit, words: Words, page_of: Callable[[Person], str]
) -> None:
    say, person = words(locale), known.newcomer
    page = visit(known.group_owner, screen=screen, locale=locale)
    page.goto(page_of(person))
    page.get_by_role("link", name=say("Reporting line")).click()
    line = page.locator(".pv-line .pv-person__name")
    expect(line).to_have_text(upwards(person))
    line.first.click()
    top = known.chief_executive
    expect(line).to_have_text([top.name])
    below = sorted(other.name for other in known.people if other.manager is top and not other.disabled)
    assert sorted(page.locator(CARDS).locator(".pv-person__name").all_inner_texts()) == below
    page.get_by_role("link", name=upwards(person)[1], exact=True).click()
    expect(line).to_have_text(upwards(person)[:2])


def upwards(person: Person) -> list[str]:
    return [*(upwards(person.manager) if person.manager else []), person.name]


@WAYS
def test_somebody_who_never_came_has_a_page_all_the_same(
    screen: str, locale: str, known: Company, visit: Visit, words: Words, page_of: Callable[[Person], str]
) -> None:
    say, person = words(locale), known.contractor
    page = visit(known.group_owner, screen=screen, locale=locale)
    page.goto(page_of(person))
    expect(page.locator("h1")).to_have_text(person.name)
    expect(page.locator(".pv-notice")).to_contain_text(say(UNSEEN) % {"name": person.given_name})
    expect(page.locator(".pv-facts")).to_contain_text("France")
    mail = page.get_by_role("link", name=person.mail, exact=True)
    expect(mail).to_have_attribute("href", f"mailto:{person.mail}")
