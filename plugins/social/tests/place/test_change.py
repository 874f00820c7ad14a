"""A place changes as a whole, with all that it holds: also what was deleted, and what stands under it."""

import pytest
from parvis.api import db
from parvis_social.content.comment import comment
from parvis_social.content.delete import delete
from parvis_social.content.models import Content
from parvis_social.content.post import post
from parvis_social.place.change import change_access, contents_of, move_contents
from parvis_social.place.models import EVERYONE, Access
from parvis_social.plugin import SocialPlugin
from sqlalchemy import text

pytestmark = [pytest.mark.plugins(social=SocialPlugin), pytest.mark.both_databases]


@pytest.fixture
def filled(make_place, member):
    """Return a place with posts and comments, some of them deleted, and the ids of all."""
    place = make_place("club", member)
    kept, gone = (post(place=place, text=f"Post {number}", actor=member) for number in (1, 2))
    said = [comment(root=root, text="A comment", actor=member) for root in (kept, kept, gone)]
    reply = comment(root=kept, text="An answer", actor=member, parent_id=said[0].id)
    delete(content=said[1], actor=member)
    delete(content=gone, actor=member)
    post(place=make_place("other", member), text="Elsewhere", actor=member)
    db.session.commit()
    return place, {content.id for content in (kept, gone, *said, reply)}


def all_with(**values):
    return set(db.session.scalars(db.select(Content.id).filter_by(**values)))


def test_all_that_a_place_holds_is_found(filled):
    place, everything = filled
    assert set(db.session.scalars(contents_of(place.id))) == everything


def test_closing_a_place_closes_all_of_it_and_opening_opens_all(filled, member):
    place, everything = filled
    change_access(place=place, access=Access.CLOSED, actor=member)
    assert all_with(audience=place.id) == everything
    change_access(place=place, access=Access.OPEN, actor=member)
    assert all_with(place_id=place.id, audience=EVERYONE) == everything


def test_all_of_a_place_moves(filled, make_place, member):
    place, everything = filled
    target = make_place("target", member, access=Access.CLOSED)
    assert set(move_contents(origin=place, target=target, actor=member)) == everything
    assert all_with(place_id=target.id, audience=target.id) == everything


def test_however_many_contents_there_are_only_the_place_s_own_are_read(filled):
    dialect = db.engine.dialect
    statement = str(contents_of(1).compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    explain = "EXPLAIN QUERY PLAN " if dialect.name == "sqlite" else "EXPLAIN "
    with db.engine.connect() as connection:
        if dialect.name == "postgresql":
            connection.execute(text("SET enable_seqscan = off"))  # it prefers that while a table is small
        plan = "\n".join(str(row[-1]) for row in connection.execute(text(explain + statement)))
    assert ("SCAN social_content\n" in plan + "\n", "Seq Scan" in plan) == (False, False)
