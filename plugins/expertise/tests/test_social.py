"""With social, people are told what concerns them; without it, all the rest is there."""

import subprocess
import sys

import pytest
from parvis.api import db
from parvis_expertise.domain.endorse import ask_colleague
from parvis_expertise.plugin import ExpertisePlugin, with_social
from parvis_social.api import notification_kinds
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(expertise=ExpertisePlugin)


@pytest.mark.plugins(expertise=ExpertisePlugin, social=SocialPlugin)
def test_who_is_asked_is_told_and_whose_skill_is_confirmed_is_told(
    people, member, other, says, confirms, skill, deliver
):
    assert {"expertise:asked", "expertise:endorsed"} <= set(notification_kinds())
    says(member, teach="Welding")
    ask_colleague(colleague=other.person, skill_id=skill("Welding").id, actor=member)
    deliver()
    assert "Ada Member asks you to confirm: Welding" in people.browser(other).get("/notifications").text
    confirms(other, member, "Welding")
    deliver()
    browser = people.browser(member)
    assert "Bob Other confirms what you can do: Welding" in browser.get("/notifications").text
    member.language = "fr"
    db.session.commit()
    assert "Soudage" in browser.get("/notifications").text


def test_without_social_all_the_rest_goes_on(app, member, other, says, confirms, skill, deliver):
    says(member, teach="Welding")
    ask_colleague(colleague=other.person, skill_id=skill("Welding").id, actor=member)
    confirms(other, member, "Welding")
    deliver()
    failures = app.extensions["parvis"].plugins.states["expertise"].failures
    assert (with_social(), list(failures)) == (None, [])


def test_the_plugin_is_imported_where_social_is_not_installed():
    code = "import sys; sys.modules['parvis_social'] = None; import parvis_expertise.plugin"
    subprocess.run([sys.executable, "-c", code], check=True)
