"""What tests of benchmarks share."""

import pytest
from parvis.api import db
from parvis.directory.models import Person
from sqlalchemy import insert

from bench.members import populate as make_members


@pytest.fixture
def company(app, database_url):
    """Found a company of 260 people, most of whom are members; return the username of one."""
    people = [
        {"handle": f"p{n}", "username": f"p{n}", "display_name": f"P {n}", "sort_name": f"{n:04}"}
        for n in range(1, 261)
    ]
    db.session.execute(insert(Person), people)
    db.session.commit()
    db.session.close()
    make_members(database_url, keep=["p77"])
    return "p77"
