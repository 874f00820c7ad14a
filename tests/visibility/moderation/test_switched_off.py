"""Moderation that is switched off is nowhere, and what it hid stays hidden, until it is back."""

import pytest
from parvis.testing.plugin import People
from parvis_groups.plugin import GroupsPlugin
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.plugin import SocialPlugin

pytestmark = [
    pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin, moderation=ModerationPlugin),
    pytest.mark.proof,
]


@pytest.mark.parametrize("who", ["author", "manager", "owner"])
def test_without_it_nothing_of_it_is_anywhere_and_what_is_hidden_stays_so(scene, walker, with_only, who):
    walk, without = walker(scene), with_only("social", "groups")
    person = scene.member(who)
    with without.app_context():
        client = People(without).browser(person)
        assert walk.found(client, "zanzi", "quokka", app=without) == {}
        assert {client.get(path).status_code for path in ("/moderation", "/charter")} == {404}
        assert "Report" not in client.get(f"/contents/{scene.values['mild']}").text


def test_it_is_back_with_all_it_had(scene, with_only):
    with_only("social", "groups")
    again = with_only("social", "groups", "moderation")
    with again.app_context():
        manager, author = (People(again).browser(scene.member(who)) for who in ("manager", "author"))
        assert "Wekasevere" in manager.get("/moderation").text
        assert "Zanziletter" in author.get(f"/moderation/decisions/{scene.values['appealed']}").text
        manager.get(f"/moderation/cases/{scene.values['hidden_case']}")
        assert manager.post(f"/moderation/decisions/{scene.values['appealed']}/undo").status_code == 303
        assert "Quokkapost" in author.get(f"/contents/{scene.values['hidden']}").text


def test_without_groups_a_case_of_one_can_still_be_decided(scene, with_only):
    """A plugin whose contents were reported is switched off: the copy stays, and nothing breaks."""
    without = with_only("social", "moderation")
    with without.app_context():
        manager = People(without).browser(scene.member("manager"))
        path = f"/moderation/cases/{scene.values['severe_case']}"
        assert "Wekasevere" in manager.get(path).text
        assert manager.get(f"{path}/decide/warn").status_code == 200
        sent = manager.post(f"{path}/decide/warn", data={"reason": "hurtful", "text": "Careful"})
        assert sent.status_code == 303
