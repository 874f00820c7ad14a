"""Open groups that somebody looks after stand beside what they know, if they want it, while they are open."""

import pytest
from parvis.api import db
from parvis_expertise.domain.contribution import give_consent, revoke_consent
from parvis_expertise.domain.vocabulary import find_skills
from parvis_expertise.plugin import ExpertisePlugin
from parvis_groups.domain.create import create_group
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import Access, archive, change_access
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin, expertise=ExpertisePlugin)


@pytest.fixture
def shown(people, other):
    """Return what tells whether the group of the test stands on the page of its skill."""
    browser, path = (
        people.browser(people.member()),
        f"/expertise/skills/{find_skills(['welding'])['welding'].id}",
    )

    def tell():
        db.session.commit()
        return '<a href="/groups/sparks">Sparks</a>' in browser.get(path).text

    return tell


def test_a_group_counts_while_its_owner_wants_it_and_it_is_open(member, other, shown):
    group = create_group(name="Sparks", purpose="What holds", tags=["Soudage"], actor=other)
    assert not shown()
    give_consent(actor=other)
    give_consent(actor=member)
    assert shown()
    for access in (Access.CLOSED, Access.SECRET):
        change_access(place=group.place, access=access, actor=other)
        assert not shown()
    change_access(place=group.place, access=Access.OPEN, actor=other)
    assert shown()
    revoke_consent(actor=other)
    assert not shown()


def test_a_group_that_is_archived_or_about_something_else_does_not_count(other, shown):
    give_consent(actor=other)
    group = create_group(name="Sparks", purpose="What holds", tags=["welding"], actor=other)
    assert shown()
    archive(place=group.place, actor=other)
    assert not shown()
