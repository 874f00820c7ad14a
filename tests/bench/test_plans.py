"""Pages of a company that talks walk indexes: nobody reads all of it, nor looks for what all have in common.

Plans depend on how much there is; what is refused here is wrong however little that may be. SQLite is asked,
without statistics, as sites have none.
"""

import re
from contextlib import contextmanager

import pytest
from parvis.api import db
from parvis.identity.models import Member
from parvis_blog.plugin import BlogPlugin
from parvis_groups.plugin import GroupsPlugin
from parvis_social.plugin import SocialPlugin
from sqlalchemy import event

from bench.population import populate
from bench.talk import pages_of

pytestmark = [
    pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin, blog=BlogPlugin),
    pytest.mark.proof,
]

WRONG = re.compile(
    r"SCAN social_(content|notification|membership|reaction|text)\w*(?! USING COVERING)"
    r"|SEARCH social_place\w* .*\(kind=\?\)"  # all walls, all groups
    r"|SEARCH social_content\w* .*\((audience|type|deleted_at)=\?\)"
)


@contextmanager
def watching(statements):
    def note(_connection, _cursor, statement, parameters, *_rest):
        if statement.startswith(("SELECT", "WITH")):
            statements.append((statement, tuple(parameters) if isinstance(parameters, list) else parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def plan(statement, parameters):
    with db.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    return [row[-1] for row in rows]


def test_no_page_reads_what_everybody_has_written(company, database_url, people):
    scene = populate(database_url, viewer=company, posts=2000)
    wrong = {}
    for page in pages_of(scene):
        if page.act is not None or page.name == "groups: all":  # it begins with all groups, which are few
            continue
        statements = []
        member = db.session.get(Member, page.viewer or scene.cast["median"])
        browser = people.browser(member)
        with watching(statements):
            assert browser.get(page.paths[0]).status_code == 200, page.paths[0]
        found = [step for statement in statements for step in plan(*statement) if WRONG.search(step)]
        if found:
            wrong[page.name] = found
    assert wrong == {}
