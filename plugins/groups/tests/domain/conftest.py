"""What tests of the rules of groups share."""

import pytest
from parvis.api import db
from parvis_groups.domain.create import create_group
from parvis_social.api import Membership, Role, add_member
from parvis_social.api import set_role as give_role
from sqlalchemy import inspect, select


@pytest.fixture
def make_group(app):
    """Return what opens a group: `make_group("Photo", owner, member, moderators=[other])`."""

    def make(name, owner, *members, purpose="To try things out", moderators=(), **more):
        group = create_group(name=name, purpose=purpose, actor=owner, **more)
        for member in (*members, *moderators):
            add_member(place=group.place, person_id=member.id, actor=member)
        for member in moderators:
            give_role(place=group.place, person_id=member.id, role=Role.MODERATOR)
        db.session.commit()
        return group

    return make


@pytest.fixture
def roles(app):
    """Return what tells who is what in a group, by the first word of their names."""

    def tell(group):
        query = select(Membership).where(Membership.place_id == group.place_id)
        members = db.session.scalars(query.execution_options(populate_existing=True))
        return {each.person.display_name.split()[0]: str(each.role) for each in members}

    return tell


@pytest.fixture
def again(app):
    """Return what fetches a group or a member in the session of the present thread."""

    def fetch(thing):
        return db.session.get_one(type(thing), inspect(thing).identity)  # not loaded in another's session

    return fetch
