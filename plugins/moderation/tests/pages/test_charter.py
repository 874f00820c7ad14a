"""The charter: a required step, asked again by a new version, read by everybody."""

import pytest
from click.testing import CliRunner
from parvis.api import Invalid, db
from parvis.cli import parvis as command_line
from parvis.events import EventRecord
from parvis_moderation.domain.charter import accept_charter, publish_charter, read_texts
from parvis_moderation.models import Acceptance
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, moderation=ModerationPlugin)


def test_while_there_is_no_charter_nothing_is_asked(member_client):
    assert member_client.get("/").status_code == 200
    assert "No charter yet" in member_client.get("/charter").text
    assert "/charter" not in member_client.get("/").text


@pytest.mark.both_databases
def test_accepting_it_makes_a_person_a_member(people, charter):
    made = charter("Be kind.")
    newcomer = people.member("New Comer", joined=False)
    newcomer.steps_done = ["core:preferences", "core:introduction"]
    db.session.commit()
    browser = people.browser(newcomer)
    assert browser.get("/people").location == "/charter/accept"
    assert "Be kind." in browser.get("/charter/accept").text
    assert browser.post("/charter/accept", data={"version": "1"}).location == "/"
    assert browser.get("/people").status_code == 200
    kinds = [kind for (kind,) in db.session.query(EventRecord.kind).order_by(EventRecord.id)]
    assert kinds[-2:] == ["moderation.charter_accepted", "core.joined"]
    assert (newcomer.joined_at is not None, made.accepted_count) == (True, 1)


def test_a_new_version_asks_again_and_shows_what_changed(people, member, charter):
    charter("## Speech\n\nBe kind.\n\nBe brief.")
    accept_charter(version=1, actor=member)
    db.session.commit()
    browser = people.browser(member)
    assert browser.get("/").status_code == 200
    charter("## Speech\n\nBe kind.\n\nBe patient.")
    assert browser.get("/").location == "/charter/accept"
    page = browser.get("/charter/accept").text
    removed, added = page.index("<del"), page.index("<ins")
    assert "Be brief." in page[removed:added]
    assert "Be patient." in page[added:]
    assert "Our charter has changed" in page
    browser.post("/charter/accept", data={"version": "2"})
    assert browser.get("/").status_code == 200
    assert "1 colleague has accepted it" in browser.get("/charter").text


def test_a_version_that_is_no_longer_the_newest_cannot_be_accepted(people, member, charter):
    charter("Be kind.")
    browser = people.browser(member)
    browser.get("/charter/accept")
    charter("Be very kind.")
    refused = browser.post("/charter/accept", data={"version": "1"})
    assert (refused.status_code, "changed a moment ago" in refused.text) == (422, True)
    assert "Be very kind." in refused.text
    assert db.session.query(Acceptance).count() == 0
    assert browser.post("/charter/accept", data={"version": "x"}).status_code == 422


def test_accepting_twice_counts_once(member, charter):
    made = charter("Be kind.")
    for _twice in range(2):
        accept_charter(version=1, actor=member)
        db.session.commit()
    db.session.refresh(made)
    assert made.accepted_count == 1


def test_everybody_reads_it_signed_in_or_not_in_their_language(client, charter):
    charter("Be kind.", "Soyez aimables.")
    assert "Be kind." in client.get("/charter").text
    assert "Soyez aimables." in client.get("/charter", headers={"Accept-Language": "fr"}).text
    assert 'href="/charter"' in client.get("/login").text
    assert "colleagues have accepted" not in client.get("/charter").text
    assert client.get("/charter?version=7").status_code == 404
    assert "Be kind." in client.get("/charter?version=zzz").text


def test_who_moderates_publishes_it_and_accepts_it_by_that(administrator_client, member_client):
    assert member_client.get("/charter/edit").status_code == 404
    assert member_client.post("/charter/edit", data={"french": "a", "english": "b"}).status_code == 404
    begun = administrator_client.get("/charter/edit").text
    assert "This is the square of our company" in begun
    refused = administrator_client.post("/charter/edit", data={"french": "", "english": "Be kind."})
    assert (refused.status_code, "Be kind." in refused.text) == (422, True)
    form = {"french": "Soyez aimables.", "english": "Be kind."}
    assert administrator_client.post("/charter/edit", data=form).location == "/charter"
    assert administrator_client.get("/").status_code == 200
    assert member_client.get("/").location == "/charter/accept"


def test_nothing_is_published_twice_alike(charter):
    charter("Be kind.", "Soyez aimables.")
    with pytest.raises(Invalid, match="Nothing has changed"):
        publish_charter(english="Be kind.", french="Soyez aimables.", actor=None)


def test_an_earlier_version_stays_to_be_read(people, member, charter):
    charter("Be kind.")
    charter("Be patient.")
    accept_charter(version=2, actor=member)
    db.session.commit()
    browser = people.browser(member)
    assert "Version 1, of" in browser.get("/charter").text
    assert "Be kind." in browser.get("/charter?version=1").text


def test_a_page_costs_no_query_more_for_it(people, member, charter, count_queries):
    browser = people.browser(member)
    browser.get("/people")
    with count_queries(at_most=20) as without:
        browser.get("/people")
    charter("Be kind.")
    accept_charter(version=1, actor=member)
    db.session.commit()
    browser.get("/people")
    with count_queries(exactly=len(without)):
        browser.get("/people")


def test_the_texts_that_come_with_it_are_published_from_the_command_line(app, tmp_path, config, monkeypatch):
    monkeypatch.setenv("PARVIS_CONFIG", str(config.path))
    result = CliRunner().invoke(command_line, ["moderation", "charter"])
    assert result.output == "Version 1 of the charter is published.\n"
    again = CliRunner().invoke(command_line, ["moderation", "charter"])
    assert (again.exit_code, again.output.count("Nothing has changed")) == (1, 1)
    lost = CliRunner().invoke(command_line, ["moderation", "charter", str(tmp_path)])
    assert (lost.exit_code, "charter.fr.md" in lost.output) == (1, True)
    assert set(read_texts()) == {"fr", "en"}
