"""What the tests of pages share."""

import io

import pytest
from parvis.api import db
from parvis.testing.portrait import portrait
from parvis_groups.domain.create import create_group
from parvis_social.api import add_member


@pytest.fixture
def make_group(app):
    """Return what opens a group with an owner, and members."""

    def make(name, owner, *members, purpose="For those who like it.", **said):
        group = create_group(name=name, purpose=purpose, actor=owner, **said)
        for member in members:
            add_member(place=group.place, person_id=member.id, actor=member)
        db.session.commit()
        return group

    return make


@pytest.fixture
def picture():
    """Return what draws a picture as a file to send."""
    return lambda: io.BytesIO(portrait("Group", 200))
