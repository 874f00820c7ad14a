"""Streams cost the same however much was written: plans and work are looked at, on both databases."""

import re

import pytest
from parvis.api import Member, db
from parvis_social.content.models import Content, Tag
from parvis_social.content.thread import list_comments
from parvis_social.feed.latest import acquaintance
from parvis_social.feed.stream import (
    ORDERS,
    activity_of,
    bookmarks_of,
    home_feed,
    place_page,
    place_stream,
    tag_stream,
)
from parvis_social.plugin import SocialPlugin
from sqlalchemy import event, text

pytestmark = [pytest.mark.plugins(social=SocialPlugin), pytest.mark.proof]

READ_WHOLE = re.compile(
    r"SCAN social_content\w*|SCAN (?:social_place|person)(?:_\d+)?\b"  # every row of a table or an index
    r"|SEARCH social_content\w* USING INTEGER PRIMARY KEY \(rowid[<>].*"  # what was written since a moment
    r"|Seq Scan on (?:social_content|person)\w*.*"
)
WHO = ["light", "average", "heavy", "quiet", "new"]


def streams(company, viewer):
    """Return every list of contents, by name."""
    place = company.places[0]
    tag = db.session.get(Tag, company.tags[0])
    root = db.session.get(Content, company.thread)
    middle = company.thread + 3000
    found = {
        "activity": lambda: activity_of(company.members[place][0], viewer=viewer),
        "latest": lambda: acquaintance(company.members[place][0], viewer=viewer),
        "bookmarks": lambda: bookmarks_of(viewer),
        "thread": lambda: list_comments(root, viewer=viewer),
        "thread before": lambda: list_comments(root, viewer=viewer, before=250),
    }
    for order in ORDERS:
        # of so many, that it matters little under how many there are comments
        found[f"place {order}"] = lambda order=order: place_stream(
            place, viewer=viewer, order=order, limit=20
        )
        found[f"first page {order}"] = lambda order=order: place_page(place, viewer=viewer, order=order)
        found[f"tag {order}"] = lambda order=order: tag_stream(tag, viewer=viewer, order=order)
        for chosen in ("all", "people", "unread"):
            for before in (None, middle):
                found[f"home {order} {chosen} {before}"] = lambda o=order, c=chosen, b=before: home_feed(
                    viewer, order=o, chosen=c, before=b
                )
    return found


def statements_of(stream):
    """Return the queries of a stream with their parameters, as they reach the database."""
    said = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        said.append((statement, tuple(parameters)))

    event.listen(db.engine, "before_cursor_execute", note)
    stream()
    event.remove(db.engine, "before_cursor_execute", note)
    return [(statement, values) for statement, values in said if "social_" in statement]


def explain(how, statement, values):
    return db.session.connection().exec_driver_sql(f"{how} {statement}", values).all()


def doubts(company):
    """Return the steps of all streams' plans that read what they should not."""
    how = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
    found = []
    for who in WHO:
        viewer = db.session.get(Member, company.crowd[who])
        for name, stream in streams(company, viewer).items():
            for statement, values in statements_of(stream):
                if "max(social_content" in statement:  # it reads so far and no further (feed/newest.py)
                    continue
                plan = "\n".join(str(row[-1]) for row in explain(how, statement, values))
                found += [(who, name, step) for step in READ_WHOLE.findall(plan)]
    return found


@pytest.mark.both_databases
def test_no_stream_reads_a_table_from_end_to_end(company):
    assert doubts(company) == []


def test_sqlite_needs_no_statistics_for_that(company):
    db.session.execute(text("DELETE FROM sqlite_stat1"))
    db.session.commit()
    db.engine.dispose()  # a connection knows what it read when it began
    assert doubts(company) == []


@pytest.mark.both_databases
def test_streams_cost_the_same_when_three_times_as_much_was_written(company):
    def costs():
        return {
            (who, name): work(stream)
            for who in WHO
            for name, stream in streams(company, db.session.get(Member, company.crowd[who])).items()
        }

    few = costs()
    company.write(posts=12_000, comments=8_000)
    company.settle()
    many = costs()
    dearer = {key: (few[key], many[key]) for key in few if many[key] > 1.5 * few[key] + 100}
    assert dearer == {}


def work(stream):
    """Return what a stream costs: steps of SQLite's machine, or pages that PostgreSQL looks at."""
    stream()
    if db.engine.dialect.name == "sqlite":
        steps, connection = [], db.session.connection().connection.driver_connection
        connection.set_progress_handler(lambda: steps.append(1), 10)
        stream()
        connection.set_progress_handler(None, 0)
        return len(steps) * 10
    how = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)"
    plans = [explain(how, *each)[0][0][0]["Plan"] for each in statements_of(stream)]
    return sum(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in plans)
