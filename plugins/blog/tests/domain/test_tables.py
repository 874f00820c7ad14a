"""The tables of blogs: as the models say, and gone and back without touching what is social's."""

import pytest
from parvis.db import db
from parvis.migration import downgrade, histories, upgrade
from parvis.testing.schema import schema_differences
from parvis_blog.domain.ask import add_voice, ask
from parvis_blog.domain.draft import ask_review
from parvis_blog.domain.feed import make_key
from parvis_blog.domain.read import get_blog_for
from parvis_blog.plugin import BlogPlugin
from parvis_social.api import Place
from parvis_social.plugin import SocialPlugin

pytestmark = [pytest.mark.plugins(social=SocialPlugin, blog=BlogPlugin), pytest.mark.both_databases]


def is_ours(name):
    return name.startswith("blog_")


def tables():
    return {name for name in db.inspect(db.engine).get_table_names() if is_ours(name)}


def test_the_models_say_what_the_migrations_made(app):
    assert schema_differences(is_ours) == []


def test_they_go_with_rows_in_and_come_back_empty(blog, chief, member, other, make_article, make_draft):
    make_article(blog, chief, second_title="Notre année", second_source="Une turbine.")
    ask_review(draft=make_draft(blog, chief), person=other.person, actor=chief)
    question = ask(view=get_blog_for(member, "emma-s-blog"), text="Why?", actor=member)
    add_voice(question=question, actor=other)
    make_key(label="At home", actor=member)
    db.session.commit()
    history, before = histories([SocialPlugin, BlogPlugin])[2], tables()
    db.session.remove()
    downgrade(history, to="base")
    assert tables() == set()
    upgrade(history)
    assert tables() == before
    assert db.session.scalar(db.select(db.func.count()).select_from(Place)) == 1
