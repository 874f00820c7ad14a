"""The demo company has a charter and a living queue, at which its community manager sits."""

from types import SimpleNamespace

import pytest
from parvis.api import db
from parvis_moderation.demo import show
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, moderation=ModerationPlugin)


def test_the_queue_lives(people, member, administrator, deliver):
    manager = people.member("Mo Manager")
    for number in range(8):
        people.member(f"Colleague Number{number}")
    company = SimpleNamespace(community_manager=manager.person)
    for _moment, happen in sorted(show(company), key=lambda each: each[0]):
        happen()
        db.session.commit()
    deliver()
    browser = people.browser(manager)
    queue = browser.get("/moderation").text
    assert ("Photo from the summer party" in queue, "3 reports" in queue) == (True, True)
    assert "Appartement" in browser.get("/moderation?show=decided").text
    record = people.browser(member).get("/moderation/record").text
    assert ("Appeal: the decision stands" in record, "Hidden" in record) == (True, True)
    assert people.browser(administrator).get("/moderation").status_code == 404
    assert "11 colleagues have accepted it" in browser.get("/charter").text
