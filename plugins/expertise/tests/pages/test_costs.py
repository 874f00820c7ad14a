"""What pages of expertise cost: as much for one as for three of anything, eight queries at most, indexes."""

import pytest
from parvis.api import Unit, db
from parvis_expertise.domain import endorse as endorsing
from parvis_expertise.domain.map import count_spots
from parvis_expertise.domain.people import PAGE, Filter, list_people
from parvis_expertise.domain.title import Called, index_title, people_called
from parvis_expertise.domain.vocabulary import suggest_skills
from parvis_expertise.plugin import ExpertisePlugin
from sqlalchemy import event

pytestmark = pytest.mark.plugins(expertise=ExpertisePlugin)
MOST = 8
OWN_ROWS = ("CONSTANT ROW", "page", "anon_1", "anon_2", *(f"(subquery-{number})" for number in range(1, 9)))
"""What a query scans of its own making."""
PAGES = {
    "/expertise": 3,
    "/expertise?who=who+knows+about+welding+in+nantes": 6,
    "/expertise?who=weldnig": 6,
    "/expertise?who=hugo+weldnig": 6,
    "/expertise?who=q1": 4,
    "/expertise/skills/{skill}": 5,
    "/expertise/skills/{skill}?show=wish": 5,
    "/expertise/suggest?q=soud": 2,
    "/expertise/mine": 2,
    "/expertise/colleagues": 4,
    "/expertise/map": 2,
    "/people/{handle}/expertise": 4,
}


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_costs_the_same_for_one_and_for_three(
    people, member, says, confirms, skill, count_queries, count
):
    says(member, teach="Welding", wish="Rust")
    welding = skill("Welding")
    for number in range(count):
        made = people.member(f"Q{number}", site="Nantes", department="Sales")
        says(made, teach="Welding", practise="Negotiation", wish="Rust")
        confirms(member, made, "Welding")
        confirms(made, member, "Welding")
        endorsing.ask_colleague(colleague=member.person, skill_id=skill("Negotiation").id, actor=made)
        index_title(people.person(f"T{number}", title="Welder", site="Nantes").id)
    db.session.query(Unit).update({"headcount": 20})
    count_spots()
    db.session.commit()
    browser = people.browser(member)
    values, spent = {"skill": welding.id, "handle": member.person.handle}, {}
    for path in PAGES:
        address = path.format(**values)
        browser.get(address)
        with count_queries(at_most=99) as counted:
            assert browser.get(address).status_code == 200
        spent[path] = len(counted)
    assert spent == PAGES


def test_no_page_costs_more_than_eight_queries():
    assert max(PAGES.values()) <= MOST


@pytest.fixture
def plans(app):
    """Return what tells how SQLite reads the tables of all that a function asks for."""

    def plan(ask):
        asked = []

        def note(_connection, _cursor, statement, parameters, *_more):
            asked.append((statement, parameters))

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            ask()
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        rows = [
            row[3]
            for statement, parameters in asked if statement.lstrip().startswith(("SELECT", "WITH"))
            for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]  # fmt: skip
        return [row.removesuffix(" LEFT-JOIN") for row in rows if row.startswith(("SCAN", "SEARCH"))]

    return plan


def test_lists_and_suggestions_are_read_from_indexes(people, member, says, skill, plans):
    for number in range(PAGE + 1):
        says(people.member(f"Q{number}", department="Sales", site="Nantes"), teach="Welding")
    welding, site = skill("Welding"), member.person.site_id
    wanted = Filter(site=site, asks=False, language=skill("Breton").id)
    first = list_people(welding, Filter(), viewer=member)
    jean_dupont = Called((("jean", True), ("dupont", True)))
    for ask in (
        lambda: list_people(welding, Filter(), viewer=member),
        lambda: list_people(welding, Filter(), viewer=member, after=first.after),
        lambda: list_people(welding, wanted, viewer=member),
        lambda: suggest_skills("soud"),
        lambda: people_called([["soudeur"]], [jean_dupont], wanted, chosen=Filter(), but=[welding.id]),
    ):
        assert [row for row in plans(ask) if row.startswith("SCAN") and not row.endswith(OWN_ROWS)] == []
        assert [row for row in plans(ask) if "(present=?)" in row] == []
    rows = plans(lambda: list_people(welding, Filter(), viewer=member))
    assert any("ix_expertise_declaration_skill (skill_id=? AND rank<?)" in row for row in rows)
