"""Muting a group from its own page."""

import re
from datetime import timedelta

import pytest
from parvis.api import db, utcnow
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import follow_of
from parvis_social.place.follow import mute
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin)


def test_every_length_that_a_group_offers_is_taken(make_group, people, member, other):
    group = make_group("Bakers", other, member)
    browser = people.browser(member)
    offered = re.findall(r'name="how_long" value="(\w*)"', browser.get("/groups/bakers").text)
    taken = []
    for how_long in offered:
        browser.post(f"/places/{group.place_id}/mute", data={"how_long": how_long})
        taken.append((how_long, follow_of(group.place_id, member).muted_until.year == 9999))
        browser.post(f"/places/{group.place_id}/mute", data={"take_back": "1"})
    assert taken == [("hour", False), ("today", False), ("week", False), ("", True)]


@pytest.mark.parametrize(("hours", "muted"), [(1, True), (-1, False)])
def test_a_group_can_be_heard_again_only_while_it_is_muted(make_group, people, member, other, hours, muted):
    group = make_group("Bakers", other, member)
    mute(place=group.place, until=utcnow() + timedelta(hours=hours), actor=member)
    db.session.commit()
    text = people.browser(member).get("/groups/bakers").text
    assert ("Hear of it again" in text, 'name="how_long"' in text) == (muted, not muted)
