"""The home page leads to groups where colleagues are, and waits for nobody."""

import pytest
from parvis.api import db
from parvis_groups.plugin import GroupsPlugin
from parvis_social.place.follow import follow_person
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin)


def test_home_asks_for_suggestions_and_has_a_link_without_javascript(people, member):
    text = people.browser(member).get("/").text
    assert ('hx-get="/groups/suggested"' in text, 'href="/groups?tab=suggested"' in text) == (True, True)


def test_suggestions_are_groups_where_colleagues_are(people, member, other, make_group):
    group = make_group("Welders", other)
    follow_person(person=other.person, actor=member)
    db.session.commit()
    assert group.place.name in people.browser(member).get("/groups/suggested").text
    assert group.place.name not in people.browser(other).get("/groups/suggested").text
