"""Reports: of whatever somebody sees, several are one case, and who decides first."""

import time
from threading import Thread

import pytest
from parvis.api import Invalid, Member, NotFound, TooMany, db
from parvis.db import writing
from parvis.events import EventRecord
from parvis_moderation.domain.case import get_case_for, reports_of
from parvis_moderation.domain.decide import decide
from parvis_moderation.domain.queue import list_cases
from parvis_moderation.domain.report import list_sent, report
from parvis_moderation.models import Act, Case, Desk, State
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.api import Role, post, set_role
from parvis_social.content.edit import edit
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, moderation=ModerationPlugin)


@pytest.mark.both_databases
def test_several_reports_of_one_thing_are_one_case(posted, case_of, people, member, administrator):
    root, _said = posted
    third = people.member("Dan Third")
    first = case_of(member, root, note="Please look")
    assert case_of(third, root, reason="advertising").id == first.id
    assert case_of(member, root).id == first.id  # reported twice, it counts once
    assert (first.reports_count, first.person_id, first.state) == (2, root.author_id, State.OPEN)
    assert [each.note for each in reports_of(first)] == ["Please look", ""]
    assert [row.title for row in list_cases(administrator).rows] == ["Quokkapost"]


@pytest.mark.both_databases
def test_two_at_once_open_one_case(posted, people, member, at_once):
    root, _said = posted
    ids, content = (member.id, people.member("Dan Third").id), root.id
    db.session.commit()

    def acting(who):
        from parvis.api import Member  # noqa: PLC0415 - in the thread

        actor = db.session.get_one(Member, who)
        return lambda: report(kind="content", subject_id=content, reason="other", actor=actor)[0].id

    made = at_once(*(lambda who=who: acting(who)() for who in ids))
    assert (len(set(made)), db.session.query(Case).one().reports_count) == (1, 2)


@pytest.mark.both_databases
def test_a_report_that_meets_a_decision_opens_a_case_of_its_own(
    app, posted, people, member, administrator, case_of
):
    root, _said = posted
    first, content, third = case_of(member, root), root.id, people.member("Dan Third").id
    db.session.commit()

    def tell():
        with app.app_context(), writing():
            actor = db.session.get_one(Member, third)
            report(kind="content", subject_id=content, reason="other", actor=actor)
            db.session.commit()

    decide(case_id=first.id, act=Act.NOTHING, reason="other", text="Fine", actor=administrator)
    db.session.flush()
    telling = Thread(target=tell)
    telling.start()
    time.sleep(0.3)  # it waits for the decision, or comes after it
    db.session.commit()
    telling.join()
    found = [(case.state, case.reports_count) for case in db.session.query(Case).order_by(Case.id)]
    assert found == [(State.CLOSED, 1), (State.OPEN, 1)]


def test_what_was_seen_is_kept_and_another_version_beside_it(posted, case_of, people, member, other):
    root, _said = posted
    case = case_of(member, root)
    edit(content=root, text="Changed", actor=other, version=1)
    db.session.commit()
    case_of(people.member("Dan Third"), root)
    assert "Quokkapost" in case.seen["html"]
    assert ["Changed" in (each.seen or {}).get("html", "") for each in reports_of(case)] == [False, True]


def test_nobody_reports_what_they_cannot_see_or_their_own(make_place, member, other, case_of):
    place = make_place("attic", other, access="closed")
    secret = post(place=place, text="Ours", actor=other)
    db.session.commit()
    with pytest.raises(NotFound):
        case_of(member, secret)
    with pytest.raises(Invalid, match="your own"):
        case_of(other, secret)
    with pytest.raises(NotFound):
        report(kind="nothing", subject_id=1, reason="other", actor=member)


def test_a_report_needs_a_reason_that_there_is_and_a_note_that_is_not_endless(posted, member):
    root, _said = posted
    for reason, note, field in (("", "", "reason"), ("worse", "", "reason"), ("other", "x" * 1001, "note")):
        with pytest.raises(Invalid) as refusal:
            report(kind="content", subject_id=root.id, reason=reason, note=note, actor=member)
        assert refusal.value.field == field


@pytest.mark.settings(**{"plugins.moderation": {"reports_per_day": 1}})
def test_nobody_reports_without_end(posted, people, member, other, case_of, make_place):
    root, _said = posted
    second = post(place=root.place, text="Another", actor=other)
    case_of(member, root)
    with pytest.raises(TooMany):
        case_of(member, second)


def test_those_who_look_after_the_place_decide_first_unless_it_is_severe(
    make_place, people, member, other, administrator, case_of
):
    owner = people.member("Olga Owner")
    place = make_place("club", owner, member, other)
    mild, severe, own = (
        post(place=place, text=text, actor=actor)
        for text, actor in (("Mild", other), ("Severe", other), ("Own", owner))
    )
    db.session.commit()
    desks = [
        case_of(member, mild).desk, case_of(member, severe, reason="hurtful").desk, case_of(member, own).desk
    ]  # fmt: skip
    assert desks == [Desk.PLACE, Desk.MANAGERS, Desk.MANAGERS]
    assert [row.title for row in list_cases(owner).rows] == ["Mild"]
    assert [row.title for row in list_cases(administrator).rows] == ["Severe", "Own"]
    case_of(administrator, mild, reason="confidential")
    assert list_cases(owner).rows == []


def test_only_who_decides_sees_a_case_and_nobody_one_about_themselves(
    make_place, people, member, other, administrator, case_of
):
    owner = people.member("Olga Owner")
    place = make_place("club", owner, member, other)
    written = post(place=place, text="Mild", actor=other)
    db.session.commit()
    case = case_of(member, written)
    for who in (member, other):
        with pytest.raises(NotFound):
            get_case_for(who, case.id)
    assert get_case_for(owner, case.id).desk == Desk.PLACE
    assert get_case_for(administrator, case.id).desk == Desk.MANAGERS
    case.person_id = administrator.id
    db.session.commit()
    with pytest.raises(NotFound):
        get_case_for(administrator, case.id)
    assert list_cases(administrator).rows == []
    set_role(place=place, person_id=member.id, role=Role.MODERATOR)
    db.session.commit()
    assert get_case_for(member, case.id).is_manager is False


def test_events_never_tell_who_reported(posted, case_of, member):
    root, _said = posted
    case_of(member, root)
    [event] = db.session.query(EventRecord).filter_by(kind="moderation.reported")
    assert (event.actor_id, event.person_id, event.data["opened"]) == (None, root.author_id, True)


def test_who_reported_sees_what_became_of_it(posted, case_of, decides, member, administrator):
    root, _said = posted
    case = case_of(member, root, reason="place")
    [sent], more = list_sent(member)
    assert (sent.title, sent.state, more) == ("Quokkapost", "open", None)
    decides(administrator, case, "nothing")
    [sent], _more = list_sent(member)
    assert (sent.state, sent.outcome, sent.reason) == ("closed", "nothing", "place")
    assert list_sent(administrator) == ([], None)
