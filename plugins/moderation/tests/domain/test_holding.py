"""What enough colleagues report is hidden until somebody decides: only where a setting says so."""

import pytest
from parvis.api import Member, NotAllowed, db
from parvis_moderation.domain.case import get_case_for
from parvis_moderation.domain.decide import held_of, move, undo
from parvis_moderation.domain.log import ADDRESS
from parvis_moderation.domain.record import list_record, sums
from parvis_moderation.domain.report import report
from parvis_moderation.models import Act, Decision, Desk, LogEntry, State
from parvis_moderation.plugin import ModerationPlugin
from parvis_moderation.settings import ModerationSettings
from parvis_social.api import post
from parvis_social.plugin import SocialPlugin

TWO = pytest.mark.settings(**{"plugins.moderation": {"hide_after_reports": 2}})
pytestmark = pytest.mark.plugins(social=SocialPlugin, moderation=ModerationPlugin)


@pytest.fixture
def third(people):
    """Return somebody else who can report."""
    return people.member("Dan Third")


@pytest.fixture
def held(posted, case_of, member, third):
    """Have two people report Bob's post: it is held."""
    root, _said = posted
    case_of(member, root, reason="advertising")
    case = case_of(third, root)
    return db.session.query(Decision).filter_by(case_id=case.id, act=Act.HOLD).one()


def test_by_default_no_number_of_reports_hides_anything(posted, case_of, people, administrator):
    root, _said = posted
    for number in range(5):
        case = case_of(people.member(f"R{number}"), root)
    assert (case.reports_count, held_of(case)) == (5, None)
    assert people.browser(administrator).get(f"/contents/{root.id}").status_code == 200


@TWO
@pytest.mark.both_databases
def test_enough_people_hide_it_until_somebody_decides(
    posted, case_of, people, member, other, third, administrator, deliver
):
    root, _said = posted
    token = ADDRESS.set("10.0.0.7")
    case = case_of(member, root, reason="advertising")
    case_of(member, root)  # one person is one, however often they report
    reader = people.browser(administrator)
    assert reader.get(f"/contents/{root.id}").status_code == 200
    case_of(third, root)
    ADDRESS.reset(token)
    assert reader.get(f"/contents/{root.id}").status_code == 404
    made = held_of(case)
    assert (case.state, case.outcome, made.by_id, made.reason) == (State.OPEN, "", None, "advertising")
    [entry] = db.session.query(LogEntry).filter_by(what="moderation.hold")
    assert (entry.actor_id, entry.address, entry.case_id) == (None, "", case.id)
    assert [row.act for row in list_record()[0]] == ["hold"]
    deliver()
    told = people.browser(other)
    assert "Something was decided about what you wrote: Quokkapost" in told.get("/notifications").text
    page = told.get(f"/moderation/decisions/{made.id}").text
    assert (
        "several colleagues have reported “Quokkapost”" in page,
        "You think that this is wrong" in page,
    ) == (
        True,
        False,
    )
    assert "Somebody reported: Quokkapost" in reader.get("/notifications").text
    assert "looked at, and" not in people.browser(member).get("/notifications").text
    assert "Being looked at" in people.browser(member).get("/moderation/reports").text
    assert "by the number of reports, until you decide" in reader.get(f"/moderation/cases/{case.id}").text


@TWO
def test_what_is_decided_afterwards_shows_it_again_or_hides_it_for_good(
    held, posted, decides, people, member, other, administrator, deliver
):
    root, reader = posted[0], people.browser(member)
    made = decides(administrator, held.case, "hide")
    assert reader.get(f"/contents/{root.id}").status_code == 404
    assert (held.stands, held_of(held.case), made.kept) == (False, None, {"hidden": True})
    undo(decision_id=held.id, actor=administrator)  # its place is taken: this does nothing
    assert (held.undone_at, reader.get(f"/contents/{root.id}").status_code) == (None, 404)
    undo(decision_id=made.id, actor=administrator)
    db.session.commit()
    assert reader.get(f"/contents/{root.id}").status_code == 200


@TWO
@pytest.mark.parametrize("act", ["nothing", "warn", "lock"])
def test_every_other_decision_shows_it_again(
    held, posted, decides, people, member, other, administrator, deliver, act
):
    decides(administrator, held.case, act)
    assert people.browser(member).get(f"/contents/{posted[0].id}").status_code == 200
    assert (held.undone_by_id, sums().by_act) == (administrator.id, {act: 1, "hold": 1})
    deliver()
    assert "A decision about you was taken back" in people.browser(other).get("/notifications").text


@TWO
def test_it_can_be_taken_back_and_no_crowd_hides_it_once_more(
    held, posted, case_of, people, member, administrator
):
    root, reader = posted[0], people.browser(member)
    reply = people.browser(administrator).post(f"/moderation/decisions/{held.id}/undo")
    assert (reply.status_code, held.case.state) == (303, State.OPEN)
    for number in range(3):
        case_of(people.member(f"R{number}"), root)
    assert reader.get(f"/contents/{root.id}").status_code == 200


@TWO
def test_what_somebody_decided_on_is_not_hidden_by_reports_that_come_later(
    posted, case_of, decides, people, member, administrator
):
    root, _said = posted
    decides(administrator, case_of(member, root), "nothing")
    for number in range(3):
        case = case_of(people.member(f"R{number}"), root)
    assert (case.reports_count, held_of(case)) == (3, None)


@TWO
def test_those_who_look_after_the_place_decide_on_what_is_held_there(
    make_place, case_of, decides, people, member, other, third, administrator
):
    owner = people.member("Olga Owner")
    written = post(place=make_place("club", owner, member, other, third), text="Mild", actor=other)
    db.session.commit()
    case_of(member, written)
    case = case_of(third, written)
    made = held_of(case)
    move(case_id=case.id, desk=Desk.MANAGERS, reason="Look", actor=owner)
    move(case_id=case.id, desk=Desk.PLACE, reason="No", actor=administrator)
    undo(decision_id=made.id, actor=owner)
    db.session.commit()
    assert people.browser(member).get(f"/contents/{written.id}").status_code == 200


@TWO
def test_nobody_holds_anything_by_hand(posted, case_of, member, decides, administrator):
    case = case_of(member, posted[0])
    assert Act.HOLD not in get_case_for(administrator, case.id).acts
    with pytest.raises(NotAllowed):
        decides(administrator, case, "hold")


def test_one_person_alone_never_hides():
    assert ModerationSettings().hide_after_reports == 0
    plugin = ModerationPlugin(ModerationSettings(hide_after_reports=1))
    assert ["2 at least" in line for line in plugin.check()] == [True]


@TWO
@pytest.mark.both_databases
def test_however_many_report_at_once_it_is_held_once(posted, people, at_once):
    content, ids = posted[0].id, [people.member(f"R{number}").id for number in range(4)]
    db.session.commit()

    def reporting(who):
        actor = db.session.get_one(Member, who)
        return report(kind="content", subject_id=content, reason="other", actor=actor)[0].id

    at_once(*(lambda who=who: reporting(who) for who in ids))
    assert db.session.query(Decision).filter_by(act=Act.HOLD).count() == 1
