"""Decisions: what they do, whom they are told, that they can be taken back, and appeals."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from parvis.api import (
    Invalid,
    NotAllowed,
    NotFound,
    Veto,
    change_profile,
    db,
    prepare_photo,
    read_profile,
    read_said,
    utcnow,
)
from parvis.api import add_photo as add
from parvis.testing.portrait import portrait
from parvis_moderation.domain.appeal import answer, appeal, get_told
from parvis_moderation.domain.decide import move, undo
from parvis_moderation.domain.queue import list_cases
from parvis_moderation.domain.report import report
from parvis_moderation.domain.suspension import suspended_until
from parvis_moderation.domain.text import change_template
from parvis_moderation.domain.upkeep import keep_in_order
from parvis_moderation.models import Act, Case, Desk, LogEntry, Outcome, State
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.api import comment, get_content_for, keep_file, post, prepare_file, react
from parvis_social.content.edit import edit
from parvis_social.plugin import SocialPlugin
from sqlalchemy.exc import DatabaseError

pytestmark = pytest.mark.plugins(social=SocialPlugin, moderation=ModerationPlugin)


def _until(person):
    return db.session.scalar(suspended_until(), {"viewer": person.id, "now": utcnow()})


@pytest.mark.both_databases
def test_what_is_hidden_is_gone_and_back_once_that_is_taken_back(
    posted, case_of, decides, people, member, other, administrator, deliver
):
    root, _said = posted
    made = decides(administrator, case_of(member, root), "hide", reason="advertising")
    reader = people.browser(member)
    assert reader.get(f"/contents/{root.id}").status_code == 404
    assert (made.case.state, made.case.outcome, made.text) == (
        State.CLOSED, "hide", "Because of Advertising, party politics or preaching.",
    )  # fmt: skip
    deliver()
    told = people.browser(other).get("/notifications").text
    assert "Something was decided about what you wrote: Quokkapost" in told
    assert "looked at, and something was done" in reader.get("/notifications").text
    assert "Because of Advertising" in people.browser(other).get(f"/moderation/decisions/{made.id}").text
    undo(decision_id=made.id, actor=administrator)
    db.session.commit()
    assert reader.get(f"/contents/{root.id}").status_code == 200
    assert db.session.get_one(Case, made.case_id).state == State.OPEN
    deliver()
    assert "looked at, and" not in reader.get("/notifications").text
    deliver()
    assert "taken back" in people.browser(other).get("/notifications").text


def test_whom_it_is_about_reads_it_in_their_language(posted, case_of, decides, member, other, administrator):
    root, _said = posted
    other.language = "fr"
    db.session.commit()
    made = decides(administrator, case_of(member, root), "suspend", days=2, text="{reason}, {until}")
    assert made.text.startswith("Autre chose, ")
    assert any(month in made.text for month in ("novembre", "décembre", "janvier", str(utcnow().year)))


def test_who_is_suspended_reads_and_does_not_write_until_then(
    posted, case_of, decides, member, other, administrator
):
    root, said = posted
    made = decides(administrator, case_of(member, root), "suspend", days=2)
    assert timedelta(days=1) < _until(other) - utcnow() <= timedelta(days=2)
    assert get_content_for(other, said.id).content.id == said.id
    for write in (
        lambda: post(place=root.place, text="More", actor=other),
        lambda: comment(root=root, text="More", actor=other),
        lambda: react(content=said, kind="like", actor=other),
        lambda: edit(content=root, text="Changed", actor=other, version=1),
    ):
        with pytest.raises(Veto, match="suspended until"):
            write()
    undo(decision_id=made.id, actor=administrator)
    comment(root=root, text="More", actor=other)
    assert _until(other) is None


def test_a_suspension_ends_by_itself_and_has_bounds(posted, case_of, decides, member, other, administrator):
    root, _said = posted
    case = case_of(member, root)
    for days in (None, 0, 366):
        with pytest.raises(Invalid, match="1 to 365"):
            decides(administrator, case, "suspend", days=days)
    db.session.rollback()
    decides(administrator, case, "suspend", days=1)
    db.session.execute(
        db.text("UPDATE moderation_suspension SET until = :past"), {"past": "2020-01-01 00:00:00"}
    )
    assert _until(other) is None


def test_comments_are_closed_with_the_reason(posted, case_of, decides, people, member, administrator):
    root, _said = posted
    made = decides(administrator, case_of(member, root), "lock", reason="place")
    assert "In the wrong place, or there already" in people.browser(member).get(f"/contents/{root.id}").text
    undo(decision_id=made.id, actor=administrator)
    assert root.locked_at is None


def test_a_case_waits_for_a_change_and_is_back_once_it_is_made(
    posted, case_of, decides, people, member, other, administrator, deliver
):
    root, _said = posted
    case = case_of(member, root)
    decides(administrator, case, "edit")
    deliver()
    assert ([row.id for row in list_cases(administrator, show="waiting").rows], case.state) == (
        [case.id], State.WAITING,
    )  # fmt: skip
    edit(content=root, text="Kinder", actor=other, version=1)
    db.session.commit()
    deliver()
    assert db.session.get_one(Case, case.id).state == State.OPEN
    assert "It was changed as you asked" in people.browser(administrator).get("/notifications").text


def test_owners_decide_in_their_group_what_is_theirs_and_hand_the_rest_on(
    make_place, people, member, other, administrator, case_of, decides
):
    owner = people.member("Olga Owner")
    place = make_place("club", owner, member, other)
    written = post(place=place, text="Mild", actor=other)
    db.session.commit()
    case = case_of(member, written)
    with pytest.raises(NotAllowed):
        decides(owner, case, "suspend", days=1)
    db.session.rollback()
    with pytest.raises(Invalid):
        move(case_id=case.id, desk=Desk.MANAGERS, reason=" ", actor=owner)
    move(case_id=case.id, desk=Desk.MANAGERS, reason="I know him too well", actor=owner)
    db.session.commit()
    with pytest.raises(NotFound):
        decides(owner, case, "nothing")
    move(case_id=case.id, desk=Desk.PLACE, reason="You know better", actor=administrator)
    made = decides(owner, case, "hide")
    undo(decision_id=made.id, actor=owner)
    made = decides(administrator, case, "hide")
    with pytest.raises(NotAllowed):
        undo(decision_id=made.id, actor=owner)


def test_what_owners_leave_comes_to_those_of_the_whole_site(
    make_place, people, member, other, administrator, case_of
):
    place = make_place("club", people.member("Olga Owner"), member, other)
    case = case_of(member, post(place=place, text="Mild", actor=other))
    keep_in_order()
    assert case.desk == Desk.PLACE
    case.opened_at = utcnow() - timedelta(days=4)
    db.session.commit()
    keep_in_order()
    db.session.commit()
    assert [row.id for row in list_cases(administrator).rows] == [case.id]


def test_a_photo_is_removed_and_comes_back_as_the_face_it_was(people, member, other, administrator, decides):
    shown = [
        add(actor=other, prepared=prepare_photo(data=portrait(seed, 300), filename="a.jpg", actor=other),
            alternative=f"Me {seed}")
        for seed in ("a", "b")
    ]  # fmt: skip
    db.session.commit()
    case, _new = report(kind="photo", subject_id=shown[0].id, reason="consent", actor=member)
    db.session.commit()
    made = decides(administrator, case, "hide", reason="consent")
    assert [each.alternative for each in read_profile(other.person, viewer=member).photos] == ["Me b"]
    undo(decision_id=made.id, actor=administrator)
    db.session.commit()
    assert [each.alternative for each in read_profile(other.person, viewer=member).photos] == ["Me a", "Me b"]


def test_a_profile_is_reported_and_its_person_warned(people, member, other, administrator, decides):
    case, _new = report(kind="profile", subject_id=other.id, reason="advertising", actor=member)
    db.session.commit()
    made = decides(administrator, case, "warn", reason="advertising")
    assert get_told(other, made.id).case.title == "Bob Other"


def say(who, **said):
    """Have somebody say something of themselves."""
    change_profile(actor=who, said=replace(read_said(who.id), **said))
    db.session.commit()


@pytest.fixture
def spoken(other, member):
    """Have Bob say things of himself, and Ada report them."""
    links = (SimpleNamespace(label="Quokkalink", url="https://quokka.example/"),)
    say(other, headline="Quokkaline", about="Quokka*about*", interests=["Quokkainterest"], links=links,
        languages=("Breton",))  # fmt: skip
    case, _new = report(kind="profile", subject_id=other.id, reason="advertising", actor=member)
    db.session.commit()
    return case


@pytest.mark.both_databases
def test_what_a_profile_says_is_hidden_everywhere_and_comes_back(
    spoken, people, member, other, administrator, decides, index
):
    reader, address = people.browser(member), f"/people/{other.person.handle}"
    words = ("Quokkaline", "<em>about</em>", "Quokkainterest", "Quokkalink")
    index()
    assert [word in reader.get(address).text for word in words] == [True] * 4
    made = decides(administrator, spoken, "hide", reason="advertising")
    index()
    assert [word in reader.get(address).text for word in words] == [False] * 4
    assert ("Breton" in reader.get(address).text, "uokka" in reader.get("/people").text) == (True, False)
    assert "Bob Other" not in reader.get("/search?q=quokkaline").text
    undo(decision_id=made.id, actor=administrator)
    db.session.commit()
    index()
    assert [word in reader.get(address).text for word in words] == [True] * 4
    assert "Bob Other" in reader.get("/search?q=quokkaline").text


def test_what_somebody_wrote_anew_meanwhile_stays(spoken, other, administrator, decides):
    made = decides(administrator, spoken, "hide")
    say(other, headline="Something else")
    undo(decision_id=made.id, actor=administrator)
    said = read_said(other.id)
    assert (said.headline, said.about, list(said.interests)) == (
        "Something else", "Quokka*about*", ["Quokkainterest"],
    )  # fmt: skip


def test_what_a_profile_said_is_forgotten_in_time(spoken, other, administrator, decides):
    made = decides(administrator, spoken, "hide")
    keep_in_order()
    assert made.kept["headline"] == "Quokkaline"
    made.at -= timedelta(days=200)
    db.session.commit()
    keep_in_order()
    db.session.commit()
    assert made.kept == {}
    undo(decision_id=made.id, actor=administrator)
    assert read_said(other.id).headline == ""


def test_a_place_is_hidden_with_all_that_is_in_it(make_place, people, member, other, administrator, decides):
    place = make_place("club", other, member)
    written = post(place=place, text="Quokkapost", actor=other)
    db.session.commit()
    case, _new = report(kind="place", subject_id=place.id, reason="hateful", actor=member)
    db.session.commit()
    made = decides(administrator, case, "hide", reason="hateful")
    assert people.browser(member).get(f"/contents/{written.id}").status_code == 404
    undo(decision_id=made.id, actor=administrator)
    db.session.commit()
    assert people.browser(member).get(f"/contents/{written.id}").status_code == 200


# appeals


def test_one_appeals_once_and_somebody_else_answers(
    posted, case_of, decides, people, member, other, administrator, deliver
):
    root, _said = posted
    second = people.member("Eve Manager", administrator=True)
    made = decides(administrator, case_of(member, root), "hide")
    with pytest.raises(NotFound):
        appeal(decision_id=made.id, text="It is not mine", actor=member)
    appeal(decision_id=made.id, text="It was a joke", actor=other)
    db.session.commit()
    with pytest.raises(NotAllowed, match="once"):
        appeal(decision_id=made.id, text="Again", actor=other)
    deliver()
    assert "Somebody appeals: Quokkapost" in people.browser(second).get("/notifications").text
    assert "Somebody appeals" not in people.browser(administrator).get("/notifications").text
    with pytest.raises(NotAllowed, match="somebody else"):
        answer(decision_id=made.id, outcome=Outcome.UPHELD, text="No", actor=administrator)
    with pytest.raises(NotFound):
        answer(decision_id=made.id, outcome=Outcome.UPHELD, text="No", actor=member)
    answer(decision_id=made.id, outcome=Outcome.OVERTURNED, text="It was", actor=second)
    db.session.commit()
    assert get_content_for(member, root.id).content.id == root.id
    assert db.session.get_one(Case, made.case_id).state == State.CLOSED
    deliver()
    assert "Your appeal was answered" in people.browser(other).get("/notifications").text
    with pytest.raises(Invalid, match="already"):
        answer(decision_id=made.id, outcome=Outcome.UPHELD, text="No", actor=second)


def test_where_nobody_else_moderates_who_decided_answers(
    posted, case_of, decides, member, other, administrator
):
    root, _said = posted
    made = decides(administrator, case_of(member, root), "warn")
    appeal(decision_id=made.id, text="It was a joke", actor=other)
    answer(decision_id=made.id, outcome=Outcome.UPHELD, text="It was not funny", actor=administrator)
    assert (made.appeal.outcome, made.undone_at) == (Outcome.UPHELD, None)


def test_it_can_be_too_late_to_appeal(posted, case_of, decides, member, other, administrator):
    root, _said = posted
    made = decides(administrator, case_of(member, root), "hide")
    made.at = utcnow() - timedelta(days=31)
    db.session.commit()
    with pytest.raises(NotAllowed, match="30 days"):
        appeal(decision_id=made.id, text="Late", actor=other)


def test_what_was_hidden_long_ago_is_forgotten(posted, case_of, decides, member, administrator):
    root, _said = posted
    made = decides(administrator, case_of(member, root), "hide")
    keep_in_order()
    assert root.withheld_at is not None
    made.at = utcnow() - timedelta(days=181)
    db.session.commit()
    keep_in_order()
    db.session.refresh(root)
    assert root.withheld_at is None


def test_texts_can_be_changed_and_are_again_what_they_were(app):
    from parvis_moderation.domain.text import template_of  # noqa: PLC0415 - one use

    first = template_of(Act.WARN, "fr")
    change_template(act=Act.WARN, language="fr", text="Attention, {name} !")
    assert template_of(Act.WARN, "fr") == "Attention, {name} !"
    change_template(act=Act.WARN, language="fr", text="")
    db.session.flush()
    assert template_of(Act.WARN, "fr") == first
    with pytest.raises(Invalid):
        change_template(act=Act.WARN, language="fr", text="x" * 4001)


@pytest.mark.both_databases
def test_all_is_in_the_log_which_is_only_ever_added_to(posted, case_of, decides, member, administrator):
    root, _said = posted
    made = decides(administrator, case_of(member, root), "hide")
    undo(decision_id=made.id, actor=administrator)
    db.session.commit()
    entries = db.session.query(LogEntry).order_by(LogEntry.id).all()
    assert [(each.what, each.actor_id, each.subject) for each in entries] == [
        ("moderation.hide", administrator.id, f"content {root.id}"),
        ("moderation.hide_undone", administrator.id, f"content {root.id}"),
    ]
    entries[0].what = "moderation.nothing"
    with pytest.raises(DatabaseError, match="only ever added to"):
        db.session.flush()
    db.session.rollback()


# what is hidden, to who decides


def test_who_decides_still_sees_the_pictures_of_what_is_hidden(
    make_place, people, member, other, administrator, case_of, decides
):
    prepared = prepare_file(data=portrait("Q", 300), filename="q.png", actor=other)
    file = keep_file(prepared=prepared, actor=other, alternative="A quokka")
    written = post(place=make_place("corner", other, member), text="Look", actor=other, files=[file.id])
    db.session.commit()
    case, browser = case_of(member, written), people.browser(administrator)
    address = f"/moderation/cases/{case.id}/pictures/0"
    assert browser.get(address).status_code == 404  # it stands where it stands
    made = decides(administrator, case, "hide")
    page = browser.get(f"/moderation/cases/{case.id}").text
    assert (f'src="{address}"' in page, "A quokka" in page) == (True, True)
    assert browser.get(address).data.startswith(b"\xff\xd8")
    assert browser.get(f"/moderation/cases/{case.id}/pictures/1").status_code == 404
    assert people.browser(member).get(address).status_code == 404
    undo(decision_id=made.id, actor=administrator)
    db.session.commit()
    assert browser.get(address).status_code == 404


def test_who_decides_still_sees_a_photo_that_was_removed(people, member, other, administrator, decides):
    prepared = prepare_photo(data=portrait("a", 300), filename="a.jpg", actor=other)
    shown = add(actor=other, prepared=prepared, alternative="Me")
    db.session.commit()
    case, _new = report(kind="photo", subject_id=shown.id, reason="consent", actor=member)
    db.session.commit()
    decides(administrator, case, "hide", reason="consent")
    page = people.browser(administrator).get(f"/moderation/cases/{case.id}").text
    assert f'src="/moderation/cases/{case.id}/pictures/0"' in page
    reply = people.browser(administrator).get(f"/moderation/cases/{case.id}/pictures/0")
    assert reply.data.startswith(b"\xff\xd8")


def test_pictures_of_a_closed_place_are_for_those_who_belong_to_it(
    make_place, people, member, other, administrator, case_of, decides
):
    place = make_place("attic", people.member("Olga Owner"), member, other, access="closed")
    prepared = prepare_file(data=portrait("Q", 300), filename="q.png", actor=other)
    written = post(
        place=place, text="Look", actor=other, files=[keep_file(prepared=prepared, actor=other).id]
    )
    db.session.commit()
    case = case_of(member, written, reason="hurtful")
    decides(administrator, case, "hide")
    page = people.browser(administrator).get(f"/moderation/cases/{case.id}")
    assert (page.status_code, "/pictures/" in page.text) == (200, False)
    assert people.browser(administrator).get(f"/moderation/cases/{case.id}/pictures/0").status_code == 404
