"""The people directory: who is found, by what, in which order, and at what cost."""

import re
from typing import Any

import pytest
from parvis.db import db
from parvis.directory.models import Person, Unit
from parvis.profile.people import (
    Filter,
    first_reports,
    line_above,
    list_people,
    list_reports,
    suggest_people,
)
from parvis.testing.plugin import Client, People
from sqlalchemy import select


def names(found: Any) -> list[str]:
    return [person.display_name for person in getattr(found, "people", found)]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("helene", ["Hélène Dupont", "Hélène Zola"]),
        ("HÉLÈNE", ["Hélène Dupont", "Hélène Zola"]),
        ("dupont jean", ["Jean Dupont"]),
        ("jean dup", ["Jean Dupont"]),
        ("dup", ["Hélène Dupont", "Jean Dupont"]),
        ("oeuvrard", ["Marie-Noëlle Œuvrard"]),
        ("marie noelle", ["Marie-Noëlle Œuvrard"]),
        ("nobody", []),
        ("jean zola", []),
        ("...", []),
        ("'\"; drop table person", []),
    ],
)
def test_people_are_found_by_any_words_of_their_name(people: People, typed: str, expected: list[str]) -> None:
    for name in ("Jean Dupont", "Hélène Dupont", "Hélène Zola", "Marie-Noëlle Œuvrard"):
        people.person(name)
    assert names(suggest_people(typed)) == expected


def test_who_has_two_words_that_begin_alike_is_found_once(people: People) -> None:
    people.person("Jean Jeanneret")
    assert names(list_people(Filter("jean"))) == ["Jean Jeanneret"]


def test_who_left_is_not_found(people: People) -> None:
    people.person("Paul Parti", present=False)
    assert names(list_people(Filter("paul"))) == names(list_people(Filter())) == []


@pytest.mark.both_databases
def test_the_pages_of_a_list_show_everybody_once_in_order(people: People) -> None:
    for given in ("Ana", "Bea", "Cleo", "Dora", "Eve"):
        people.person(f"{given} Martin")
    people.person("Ana Martin")  # of the same name
    for wanted in (Filter(), Filter("mart"), Filter("m a")):
        pages, after = [], None
        while True:
            found = list_people(wanted, after=after, limit=2)
            pages += [person.id for person in found.people]
            after = found.after
            if after is None:
                break
        everybody = db.session.scalars(select(Person).order_by(Person.sort_name, Person.id)).all()
        expected = [p.id for p in everybody if wanted.q != "m a" or "ana" in p.sort_name]
        assert pages == expected


@pytest.mark.both_databases
def test_a_list_is_narrowed_by_site_department_and_first_letter(people: People) -> None:
    people.person("Ana Adam", site="Lyon", department="Sales")
    people.person("Bea Bern", site="Lyon", department="Legal")
    people.person("Cleo Bond", site="Bonn", department="Legal")
    unit = {u.name: u.id for u in db.session.scalars(select(Unit))}
    assert names(list_people(Filter(site=unit["Lyon"]))) == ["Ana Adam", "Bea Bern"]
    assert names(list_people(Filter(site=unit["Lyon"], department=unit["Legal"]))) == ["Bea Bern"]
    assert names(list_people(Filter(initial="B"))) == ["Bea Bern", "Cleo Bond"]
    assert [person.place for person in list_people(Filter()).people] == [
        "Sales, Lyon",
        "Legal, Lyon",
        "Legal, Bonn",
    ]
    assert names(list_people(Filter("b", site=unit["Bonn"], initial="b"))) == ["Cleo Bond"]


@pytest.mark.both_databases
def test_the_line_above_a_person_is_told_from_the_top(people: People) -> None:
    top = people.person("Top Manager")
    middle = people.person("Middle Manager", manager_id=top.id)
    person = people.person("Some Body", manager_id=middle.id)
    assert names(line_above(person)) == ["Top Manager", "Middle Manager"]
    assert names(list_reports(top)) == ["Middle Manager"]


@pytest.mark.both_databases
def test_the_first_of_those_who_report_to_a_person_come_by_name_and_those_who_left_do_not(
    people: People,
) -> None:
    top = people.person("Top Manager")
    for name in ("Cleo Bond", "Ana Adam", "Bea Bern", "Abe Gone"):
        people.person(name, manager_id=top.id, present=name != "Abe Gone")
    assert [each.display_name for each in first_reports(top, limit=2)] == ["Ana Adam", "Bea Bern"]


def test_a_circle_of_managers_ends(people: People) -> None:
    one = people.person("One Manager")
    other = people.person("Other Manager", manager_id=one.id)
    one.manager_id = other.id
    db.session.commit()
    assert names(line_above(one)) == ["Other Manager"]


def test_a_manager_who_left_ends_the_line(people: People) -> None:
    gone = people.person("Gone Manager", present=False)
    assert line_above(people.person("Some Body", manager_id=gone.id)) == []


def test_the_page_lists_people_and_their_places(people: People, member_client: Client) -> None:
    people.person("Hélène Zola", title="Baker", site="Lyon", department="Bread")
    text = member_client.get("/people?q=zola").text
    assert [word in text for word in ("Hélène Zola", "Baker", "Bread, Lyon", "1 person")] == [True] * 4


def test_filters_offer_the_units_with_people_and_their_stored_number(
    people: People, member_client: Client
) -> None:
    people.person("Ana Adam", site="Lyon", department="Sales")
    lyon = db.session.scalars(select(Unit).where(Unit.name == "Lyon")).one()
    lyon.headcount = 412
    db.session.commit()
    text = member_client.get(f"/people?site={lyon.id}").text
    assert f'<option value="{lyon.id}" selected>Lyon (412)</option>' in text
    assert "Sales (0)" not in text


@pytest.mark.parametrize(("initial", "marked"), [("", "All"), ("b", "B"), ("é", None)])
def test_the_letters_keep_what_else_is_wanted_and_mark_the_chosen_one(
    people: People, member_client: Client, initial: str, marked: str | None
) -> None:
    text = member_client.get(f"/people?q=mart&site=7&initial={initial}").text
    letters = dict(re.findall(r'<li><a href="([^"]*)"(?: aria-current="true")?>(All|[A-Z])</a>', text))
    assert letters["/people?q=mart&amp;site=7"] == "All"
    assert letters["/people?q=mart&amp;site=7&amp;initial=Z"] == "Z"
    current = re.findall(r'aria-current="true">(All|[A-Z])</a>', text)
    assert current == ([marked] if marked else [])


def test_htmx_gets_the_list_without_the_page_around_it(people: People, member_client: Client) -> None:
    text = member_client.get("/people", headers={"HX-Request": "true"}).text
    assert "pv-people" in text
    assert "<html" not in text


def test_the_next_part_of_a_list_is_only_its_people(people: People, member_client: Client) -> None:
    for number in range(25):
        people.person(f"Zoe Person{number:02}")
    first = member_client.get("/people")
    after = first.text.split("after=")[1].split('"')[0]
    text = member_client.get(f"/people?after={after}", headers={"HX-Request": "true"}).text
    assert text.count("<li>") == 2
    assert "pv-letters" not in text


def test_typing_in_the_search_field_brings_at_most_eight(people: People, member_client: Client) -> None:
    for number in range(9):
        people.person(f"Zoe Person{number}")
    text = member_client.get("/people?suggest=1&q=zoe", headers={"HX-Request": "true"}).text
    assert text.count('id="suggestion-') == 9  # eight people, and the link to all
    assert member_client.get("/people?suggest=1&q=", headers={"HX-Request": "true"}).text.strip() == ""


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(
    people: People, member_client: Client, count_queries: Any, count: int
) -> None:
    for number in range(count):
        people.person(f"Zoe Zola{number}", site=f"Site{number}", department=f"Unit{number}")
    with count_queries(exactly=3):
        member_client.get("/people")
    with count_queries(exactly=4):
        member_client.get("/people?q=zoe+zola")
    with count_queries(exactly=3):
        member_client.get("/people?suggest=1&q=zoe+zola", headers={"HX-Request": "true"})


@pytest.mark.parametrize("count", [1, 3])
def test_the_reporting_line_costs_the_same_for_one_and_three(
    people: People, member_client: Client, count_queries: Any, count: int
) -> None:
    boss = people.person("Big Boss")
    for number in range(count):
        boss = people.person(f"Boss Under{number}", manager_id=boss.id)
    for number in range(count):
        people.person(f"Zoe Zola{number}", manager_id=boss.id)
    with count_queries(exactly=5):
        assert member_client.get(f"/people/{boss.handle}/team").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/people/nobody",
        "/people/%00",
        "/people/a%20b",
        "/people/" + "a" * 300,
        "/people/%F0%9F%98%80",
        "/people/nobody/team",
    ],
)
def test_who_does_not_exist_is_not_found(member_client: Client, address: str) -> None:
    assert member_client.get(address).status_code == 404


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "query",
    [
        "site=99999999999999999999",
        "after=-1",
        "after=9223372036854775807",
        "q=%00",
        "q=%ff",
        "q=" + "a" * 5000,
        "initial=%00",
    ],
)
def test_what_no_form_sends_is_harmless(people: People, member_client: Client, query: str) -> None:
    assert member_client.get(f"/people?{query}").status_code == 200


def test_who_left_is_seen_by_administrators_only(
    people: People, member_client: Client, administrator_client: Client
) -> None:
    gone = people.person("Paul Parti", present=False)
    for address in (f"/people/{gone.handle}", f"/people/{gone.handle}/team", f"/faces/{gone.handle}/96"):
        assert member_client.get(address).status_code == 404
        assert administrator_client.get(address).status_code == 200


def test_nobody_is_shown_to_who_is_not_signed_in(people: People, client: Client) -> None:
    handle = people.person("Paul Ici").handle
    for address in (
        "/people",
        f"/people/{handle}",
        f"/people/{handle}/team",
        f"/faces/{handle}/96",
        "/photos/1/large.jpg",
    ):
        assert client.get(address).status_code == 303
