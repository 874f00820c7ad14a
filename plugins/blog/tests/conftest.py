"""What the tests of blogs share."""

import pytest
from parvis.api import db
from parvis.testing.portrait import portrait
from parvis_blog.domain.blog import give_role, open_blog
from parvis_blog.domain.draft import add_file, begin_draft, save_draft
from parvis_blog.domain.publish import publish_draft
from parvis_blog.models import LEADER
from parvis_social.api import Role, prepare_file
from sqlalchemy import inspect


@pytest.fixture
def chief(people):
    """The chief executive, whose blog it is."""
    return people.member("Emma Chief", title="Chief executive")


@pytest.fixture
def delegate(people):
    """Who publishes for her."""
    return people.member("Dan Delegate")


@pytest.fixture
def blog(administrator, chief, delegate):
    """The chief executive's blog, with a delegate."""
    made = open_blog(
        kind=LEADER, name="Emma's blog", purpose="What I think", leader=chief.person, actor=administrator,
        language="en", anonymous=True,
    )  # fmt: skip
    give_role(blog=made, person=delegate.person, role=Role.MODERATOR, actor=chief)
    db.session.commit()
    return made


@pytest.fixture
def make_draft():
    """Return what makes a draft: `make_draft(blog, actor, title="…", source="…")`."""

    def make(blog, actor, **said):
        draft = begin_draft(blog=blog, actor=actor)
        said = {"title": "Our year", "source": "We *built* a turbine.", **said}
        save_draft(draft=draft, actor=actor, version=draft.version, **said)
        db.session.commit()
        return draft

    return make


@pytest.fixture
def make_article(make_draft):
    """Return what publishes an article: `make_article(blog, actor, title="…")`."""

    def make(blog, actor, **said):
        draft = make_draft(blog, actor, **said)
        content = publish_draft(draft=draft, actor=actor, version=draft.version)
        db.session.commit()
        return content

    return make


@pytest.fixture
def add_picture():
    """Return what adds a picture to a draft."""

    def add(draft, actor, name="tide.png"):
        prepared = prepare_file(data=portrait(name, 200), filename=name, actor=actor)
        shown = add_file(draft=draft, prepared=prepared, actor=actor)
        db.session.commit()
        return shown

    return add


@pytest.fixture
def again():
    """Return what fetches a row anew in the session of the present thread."""

    def fetch(thing):
        return db.session.get_one(type(thing), inspect(thing).identity)

    return fetch
