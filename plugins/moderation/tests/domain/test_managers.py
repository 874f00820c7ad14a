"""Who moderates the whole site: those of the directory's group and those appointed, else administrators."""

import pytest
from click.testing import CliRunner
from parvis.api import db
from parvis.cli import parvis as command_line
from parvis_moderation.domain import manager as managing
from parvis_moderation.domain.manager import appoint, dismiss, is_manager, read_managers, seems_manager
from parvis_moderation.models import Manager
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, moderation=ModerationPlugin)


def test_administrators_moderate_until_somebody_is_appointed(member, administrator):
    assert (is_manager(administrator), is_manager(member)) == (True, False)
    appoint(person=member.person, actor=None)
    db.session.commit()
    assert (is_manager(administrator), is_manager(member)) == (False, True)
    assert (seems_manager(administrator), seems_manager(member)) == (False, True)
    dismiss(person=member.person, actor=administrator)
    assert (is_manager(administrator), is_manager(member)) == (True, False)


@pytest.mark.settings(**{"plugins.moderation": {"managers_group": "cn=moderators"}})
def test_the_directory_s_group_is_followed_and_who_was_appointed_stays(member, other, monkeypatch):
    found = {other.id}
    monkeypatch.setattr(managing, "people_in_group", lambda dn: frozenset(found))
    appoint(person=member.person, actor=None)
    read_managers()
    assert (is_manager(member), is_manager(other)) == (True, True)
    found.clear()
    read_managers()
    assert (is_manager(member), is_manager(other)) == (True, False)


def test_somebody_is_appointed_at_the_command_line(app, member, config, monkeypatch):
    monkeypatch.setenv("PARVIS_CONFIG", str(config.path))
    handle = member.person.handle
    done = CliRunner().invoke(command_line, ["moderation", "appoint", f"@{handle}"])
    assert (done.output, db.session.query(Manager).count()) == ("Ada Member moderates.\n", 1)
    done = CliRunner().invoke(command_line, ["moderation", "dismiss", handle])
    assert done.output == "Ada Member moderates no longer.\n"
    lost = CliRunner().invoke(command_line, ["moderation", "appoint", "nobody"])
    assert (lost.exit_code, "nobody is called @nobody" in lost.output) == (1, True)
