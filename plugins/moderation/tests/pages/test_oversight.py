"""The log: read by who oversees, filtered, exported safely; what is old goes, which can be seen before."""

import csv
import io
from datetime import timedelta

import pytest
from parvis.api import db, utcnow
from parvis_moderation.domain import log
from parvis_moderation.domain.log import Filter, export_log, list_log
from parvis_moderation.domain.manager import appoint
from parvis_moderation.domain.upkeep import forgettable, keep_in_order
from parvis_moderation.models import Case, LogEntry
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.api import Role, hide
from parvis_social.api import comment as write
from parvis_social.content.delete import delete
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, moderation=ModerationPlugin)


def whats(**wanted):
    return [entry.what for entry in list_log(Filter(**wanted))[0]]


def test_it_is_read_by_administrators_and_who_moderates(
    posted, people, member, other, administrator, case_of, decides
):
    root, _said = posted
    decides(administrator, case_of(member, root), "hide")
    appoint(person=other.person, actor=administrator)
    db.session.commit()
    for who in (administrator, other):
        page = people.browser(who).get("/moderation/log").text
        said = ("moderation.hide", f'href="/contents/{root.id}"', "<b>Hidden</b>")
        assert [words in page for words in said] == [True] * 3
    browser = people.browser(member)
    assert browser.get("/moderation/log").status_code == 404
    assert browser.post("/moderation/log.csv").status_code == 404


def test_it_is_filtered(member, other, administrator):
    log.note("moderation.hide", actor=administrator, person=other.id)
    log.note("moderation.warn", actor=member, person=other.id)
    log.note("social.deleted", actor=member)
    db.session.commit()
    assert whats() == ["social.deleted", "moderation.warn", "moderation.hide"]
    assert whats(what="moderation.") == ["moderation.warn", "moderation.hide"]
    assert whats(actor=f"@{member.person.handle}", person=other.person.handle) == ["moderation.warn"]
    assert whats(actor="nobody") == []
    assert whats(since=utcnow() + timedelta(days=1)) == []
    assert len(whats(until=utcnow())) == 3


def test_from_where_and_why_stands_there(posted, people, member, administrator, case_of):
    root, _said = posted
    case = case_of(member, root)
    browser = people.browser(administrator)
    browser.get(f"/moderation/cases/{case.id}/decide/hide")
    browser.post(f"/moderation/cases/{case.id}/decide/hide", data={"reason": "place", "text": "Gone"})
    [entry] = list_log(Filter(what="moderation.hide"))[0]
    assert (entry.address, entry.reason, entry.actor) == ("127.0.0.1", "place", "Carla Administrator")


def test_what_others_do_with_some_power_stands_there_and_what_one_does_to_ones_own_does_not(
    posted, make_place, member, other, administrator, deliver
):
    root, said = posted
    delete(content=said, actor=member)  # her own
    again = write(root=root, text="More", actor=member)
    hide(comment=again, reason="Rude", actor=other)
    db.session.commit()
    deliver()
    deliver()
    assert whats() == ["social.hidden"]
    assert Role.OWNER == "owner"


def test_the_export_holds_no_formulas_and_is_itself_logged(administrator, people):
    for reason in ("=1+1", "+1", "-1", "@x", "fine", 'a "quoted", word'):
        log.note("moderation.hide", actor=administrator, reason=reason)
    db.session.commit()
    browser = people.browser(administrator)
    browser.get("/moderation/log")
    answer = browser.post("/moderation/log.csv", data={"what": "moderation."})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert (answer.mimetype, [row["why"] for row in rows]) == (
        "text/csv", ['a "quoted", word', "fine", "'@x", "'-1", "'+1", "'=1+1"],
    )  # fmt: skip
    assert whats()[0] == "moderation.log_exported"
    assert export_log(Filter(what="nothing"), actor=administrator).splitlines() == [
        "at,what,who,whom,where,subject,case,address,why"
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_for_one_and_for_three(people, administrator, count_queries, count):
    for _number in range(count):
        log.note("moderation.hide", actor=administrator, person=administrator.id)
    db.session.commit()
    browser = people.browser(administrator)
    browser.get("/moderation/log")
    with count_queries(exactly=6):
        assert browser.get("/moderation/log?since=2020-01-01&until=zzz&before=0").status_code == 200


@pytest.mark.both_databases
def test_what_is_old_goes_and_that_can_be_seen_before(posted, member, administrator, case_of, decides):
    root, _said = posted
    made = decides(administrator, case_of(member, root), "hide")
    long_ago = utcnow() - timedelta(days=800)
    made.at = made.case.decided_at = long_ago
    db.session.add(LogEntry(what="old", at=long_ago))
    db.session.commit()
    assert {each.setting: each.number for each in forgettable()} == {
        "hidden_days": 1, "case_days": 1, "log_days": 1,
    }  # fmt: skip
    keep_in_order()
    db.session.commit()
    assert [each.number for each in forgettable()] == [0, 0, 0]
    assert (db.session.query(Case).count(), whats()) == (0, ["moderation.hide"])


def test_settings_that_contradict_each_other_are_named():
    settings = ModerationPlugin.settings_model()(hidden_days=800)
    [problem] = ModerationPlugin(settings).check()
    assert "hidden_days" in problem
