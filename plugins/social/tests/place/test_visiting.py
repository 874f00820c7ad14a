"""Who visits a place reads it for a time, and belongs to it in nothing else."""

import pytest
from parvis.api import EventRecord, Invalid, NotFound, db
from parvis_social.content.post import post
from parvis_social.content.read import get_content_for
from parvis_social.place.access import role_in
from parvis_social.place.follow import follow_of
from parvis_social.place.membership import add_member, end_visit, let_visit, remove_member, set_role
from parvis_social.place.models import Role
from parvis_social.place.reader import postable_places
from parvis_social.plugin import SocialPlugin

pytestmark = [pytest.mark.plugins(social=SocialPlugin), pytest.mark.both_databases]


@pytest.fixture
def attic(make_place, member):
    """Make a closed place that Ada owns."""
    return make_place("attic", member, access="closed")


def test_a_visitor_reads_and_is_counted_nowhere(attic, member, other):
    written = post(place=attic, text="Ours", actor=member)
    with pytest.raises(NotFound):
        get_content_for(other, written.id)
    assert (let_visit(place=attic, person_id=other.id), let_visit(place=attic, person_id=other.id)) == (
        True,
        False,
    )
    assert get_content_for(other, written.id).role == Role.VISITOR
    assert (attic.members_count, follow_of(attic.id, other)) == (1, None)
    assert attic.id not in {place.id for place in postable_places(other)}
    assert other.id not in {each.data.get("person") for each in db.session.scalars(db.select(EventRecord))}
    end_visit(place=attic, person_id=other.id)
    with pytest.raises(NotFound):
        get_content_for(other, written.id)
    assert attic.members_count == 1


def test_a_visitor_who_joins_is_a_member_whom_the_end_of_the_visit_does_not_concern(attic, other):
    let_visit(place=attic, person_id=other.id)
    assert add_member(place=attic, person_id=other.id, actor=other)
    assert let_visit(place=attic, person_id=other.id) is False
    end_visit(place=attic, person_id=other.id)
    assert (role_in(attic.id, other.id), attic.members_count) == (Role.MEMBER, 2)
    assert follow_of(attic.id, other) is not None


def test_a_visitor_is_shown_out_like_a_member_and_raised_by_nobody(attic, member, other):
    let_visit(place=attic, person_id=other.id)
    with pytest.raises(Invalid, match="not a member"):
        set_role(place=attic, person_id=other.id, role=Role.OWNER)
    assert remove_member(place=attic, person_id=other.id, actor=member) is False
    assert (role_in(attic.id, other.id), attic.members_count) == (None, 1)
