"""The page of the search, its field, and what administrators see of it."""

import re

import pytest
from parvis.db import db
from parvis.directory.event import PersonAdded
from parvis.events import record


@pytest.fixture
def add(people):
    """Return what adds somebody to the company, as the directory does."""

    def somebody(name, **columns):
        person = people.person(name, **columns)
        record(PersonAdded(person=person.id))
        db.session.commit()
        return person

    return somebody


def suggested(client, typed):
    html = client.get("/search", query_string={"q": typed, "suggest": 1}, headers={"HX-Request": "true"}).text
    return re.findall(r"<b>([^<]*)</b>", html)


def test_a_page_without_words_says_how_to_search(member_client):
    assert "How to search" in member_client.get("/search").text


def test_what_is_found_is_marked_and_counted(member_client, add, index):
    add("Zanzibar Dupont", title="Chemist <b>")
    index()
    html = member_client.get("/search?q=zanzibar").text
    assert (
        '<a class="pv-found__title" href="/people/zanzibar.dupont"><mark>Zanzibar</mark> Dupont</a>' in html
    )
    assert ("Chemist &lt;b&gt;" in html, re.findall(r'pv-soft">(\d+)</span>', html)) == (
        True,
        ["1", "1"],
    )


def test_what_was_typed_is_shown_as_text(member_client, index):
    index()
    html = member_client.get("/search", query_string={"q": '<script>"zanzibar'}).text
    assert ("<script>&#34;" in html, "&lt;script&gt;&#34;zanzibar" in html) == (False, True)


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "page=999999999999", "within=x", "kind=x", "order=x", "page=²", "page=-1"]
)
def test_odd_arguments_are_left_aside(member_client, add, index, query):
    add("Zanzibar Dupont")
    index()
    assert member_client.get(f"/search?q=zanzibar&{query}").status_code == 200


def test_whatever_is_typed_is_answered(member_client, hostile, index):
    index()
    for typed in hostile:
        value = typed.encode("utf-8", "surrogatepass")[:4000]
        answer = member_client.get("/search", query_string={"q": value})
        assert answer.status_code in (200, 400), typed[:40]


def test_the_field_suggests_while_one_types(member_client, add, index):
    add("Zanzibar Dupont")
    add("Hélène Martin", title="of Zanzibar")
    index()
    assert suggested(member_client, "zanz") == ["Zanzibar Dupont"]
    assert suggested(member_client, "zanzibar") == ["Zanzibar Dupont", "Hélène Martin"]
    assert suggested(member_client, "") == []


def test_the_field_forgives_typing_errors_in_names(member_client, add, index):
    add("Hélène Müller")
    index()
    found = [suggested(member_client, typed) for typed in ("helnee", "helene muler", "mulller")]
    assert found == [["Hélène Müller"]] * 3


def test_the_field_finds_people_by_name_without_an_index(member_client, add):
    add("Hélène Martin", title="of Zanzibar")
    assert (suggested(member_client, "hel mar"), suggested(member_client, "zanzibar")) == (
        ["Hélène Martin"],
        [],
    )
    html = member_client.get("/search?q=helene").text
    assert ("The search is being prepared" in html, "/people/helene.martin" in html) == (True, True)


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_costs_the_same_for_one_and_three(member_client, add, index, count_queries, count):
    for number in range(count):
        add(f"Zanzibar Number{number}")
    index()
    member_client.get("/search?q=zanzibar")
    with count_queries(exactly=2):
        assert member_client.get("/search?q=zanzibar").text.count("pv-found__item") == count


def test_who_is_not_signed_in_finds_nothing(client, add, index):
    add("Zanzibar Dupont")
    index()
    answer = client.get("/search?q=zanzibar")
    assert (answer.status_code, answer.location) == (303, "/login?next=/search?q%3Dzanzibar")


def test_administrators_see_how_far_behind_it_is(administrator_client, add, index):
    assert "there is no index yet" in administrator_client.get("/administration").text
    index()
    assert "Everything is in it." in administrator_client.get("/administration").text
    add("Zanzibar Dupont")
    assert "1 event is not in it yet" in administrator_client.get("/administration").text


def test_metrics_tell_it_too(client, add, index):
    assert "parvis_search_ready 0.0" in client.get("/metrics").text
    index()
    add("Zanzibar Dupont")
    told = dict(re.findall(r"^(parvis_search_\w+) (\S+)$", client.get("/metrics").text, re.MULTILINE))
    assert (told["parvis_search_ready"], told["parvis_search_lag_events"]) == ("1.0", "1.0")
    assert 0 <= float(told["parvis_search_lag_seconds"]) < 60


def test_a_filter_that_means_nothing_says_so(member_client, add, index):
    add("Zanzibar Dupont")
    index()
    for typed, told in (
        ("zanzibar after:abc", "“after:abc” is no date, such as 2026-03"),
        ("zanzibar from:@nobody", "Nobody is called “nobody” here"),
        ("zanzibar in:nosuch", "No group or blog that you may know of is called “nosuch”"),
    ):
        assert told in member_client.get("/search", query_string={"q": typed}).text
    plain = member_client.get("/search", query_string={"q": "zanzibar after:2020 from:zanzibar.dupont"}).text
    assert ("is no date" in plain, "Nobody is called" in plain) == (False, False)
