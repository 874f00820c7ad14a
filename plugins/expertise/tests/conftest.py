"""What the tests of expertise share."""

import pytest
from parvis.api import db
from parvis_expertise.domain.declare import declare
from parvis_expertise.domain.endorse import endorse
from parvis_expertise.domain.vocabulary import find_skills
from parvis_expertise.domain.word import skill_key
from sqlalchemy import inspect


@pytest.fixture
def says(app):
    """Return what has somebody say what they know: `says(member, teach="Welding", ask="Java")`."""

    def say(member, **said):
        declare(said=said, actor=member)
        db.session.commit()
        return member

    return say


@pytest.fixture
def skill(app):
    """Return what finds a skill by a name: `skill("Soudage")`."""

    def named(name):
        return find_skills([skill_key(name)])[skill_key(name)]

    return named


@pytest.fixture
def confirms(app, skill):
    """Return what has somebody confirm a colleague's skill: `confirms(other, member, "Welding")`."""

    def confirm(by, of, name, note="On the hull"):
        endorse(person=of.person, skill_id=skill(name).id, note=note, actor=by)
        db.session.commit()

    return confirm


@pytest.fixture
def again():
    """Return what fetches a row anew in the session of the present thread."""

    def fetch(thing):
        return db.session.get_one(type(thing), inspect(thing).identity)

    return fetch
