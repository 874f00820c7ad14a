"""What the pages cost: as much for one as for three, and for ten thousand open cases what for ten."""

from datetime import timedelta

import pytest
from parvis.api import db, utcnow
from parvis_moderation.domain.queue import busiest_places, count_open, figures, list_cases
from parvis_moderation.domain.record import list_record
from parvis_moderation.models import Case, Report
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.api import post
from parvis_social.plugin import SocialPlugin
from sqlalchemy import event, insert

pytestmark = pytest.mark.plugins(social=SocialPlugin, moderation=ModerationPlugin)
PAGES = {
    "/moderation": 6,
    "/moderation?show=decided": 5,
    "/moderation/cases/{case}": 7,
    "/moderation/reports": 6,
    "/moderation/record": 6,
    "/moderation/texts": 5,
    "/moderation/report/content/{content}": 4,
    "/moderation/log": 6,
}


def test_how_long_people_wait_is_asked_once_and_anew_when_something_is_decided(
    member, other, administrator, make_place, case_of, decides, count_queries
):
    place = make_place("corner", other, member)
    said = [post(place=place, text=f"D{number}", actor=other) for number in range(2)]
    decides(administrator, case_of(member, said[0]), "hide")
    assert figures().decided == 1
    with count_queries(exactly=0):
        figures()
    decides(administrator, case_of(member, said[1]), "hide")
    assert figures().decided == 2


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_costs_the_same_for_one_and_for_three(
    people, member, other, administrator, make_place, case_of, decides, count_queries, count
):
    place = make_place("corner", other, member)
    for number in range(count):
        decides(administrator, case_of(member, post(place=place, text=f"D{number}", actor=other)), "hide")
    for number in range(count):
        root = post(place=place, text=f"O{number}", actor=other)
        for who in range(count):
            case = case_of(people.member(f"R{number}{who}"), root)
    case_of(administrator, root)
    browser, values, spent = people.browser(administrator), {"case": case.id, "content": root.id}, {}
    for path in PAGES:
        address = path.format(**values)
        browser.get(address)
        with count_queries(at_most=99) as counted:
            assert browser.get(address).status_code == 200
        spent[path] = len(counted)
    assert spent == PAGES


@pytest.fixture
def many(make_place, member, other):
    """Make ten thousand open cases, a thousand decided ones, with a report each."""
    place, now = make_place("corner", other, member), utcnow()
    rows = [
        {
            "kind": "content", "subject_id": number, "place_id": place.id, "person_id": other.id,
            "desk": "managers" if number % 3 else "place", "state": "closed" if number > 10_000 else "open",
            "reason": "other", "title": f"Case {number}", "url": "/", "seen": {}, "reports_count": 1,
            "opened_at": now, "decided_at": now - timedelta(minutes=number), "outcome": "",
        }
        for number in range(1, 11_001)
    ]  # fmt: skip
    db.session.execute(insert(Case), rows)
    db.session.execute(
        insert(Report), [{"case_id": n, "reporter_id": member.id, "reason": "other", "note": "", "at": now}
                         for n in range(1, 11_001)]
    )  # fmt: skip
    db.session.commit()
    return place


@pytest.fixture
def plans(app):
    """Return what tells how the database reads the tables of all that a function asks for."""

    def plan(ask):
        asked = []

        def note(_connection, _cursor, statement, parameters, *_more):
            asked.append((statement, parameters))

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            ask()
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        sqlite = db.engine.dialect.name == "sqlite"
        prefix = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
        return [
            row[3] if sqlite else row[0]
            for statement, parameters in asked if statement.lstrip().startswith("SELECT")
            for row in db.session.connection().exec_driver_sql(f"{prefix} {statement}", parameters)
        ]  # fmt: skip

    return plan


@pytest.mark.parametrize(
    "database_kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.proof)], indirect=True
)
def test_ten_thousand_open_cases_are_paged_along_an_index(many, administrator, member, plans):
    if db.engine.dialect.name == "postgresql":
        db.session.execute(db.text("ANALYZE"))
    first = list_cases(administrator)
    for ask in (
        lambda: list_cases(administrator),
        lambda: list_cases(administrator, after=first.rows[-1].id),
        lambda: list_cases(administrator, show="place"),
        lambda: list_cases(administrator, show="decided"),
        lambda: list_cases(administrator, show="decided", after=10_500),
        count_open,
        busiest_places,
        list_record,
    ):
        rows = plans(ask)
        whole = [
            row
            for row in rows
            if "moderation_case" in row
            and (row == "SCAN moderation_case" or "Seq Scan on moderation_case" in row)
        ]
        assert (whole, [row for row in rows if "Sort " in row and "moderation_case" in row]) == ([], [])
        assert [
            row for row in rows if "USE TEMP B-TREE FOR ORDER BY" in row and ask is not busiest_places
        ] == []
    assert count_open() == 100  # it is bounded
    second = list_cases(administrator, after=first.after)
    numbers = [number for number in range(1, 100) if number % 3]
    assert [row.id for row in (*first.rows, *second.rows)] == numbers[:50]
