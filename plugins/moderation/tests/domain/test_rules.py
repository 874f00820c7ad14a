"""Rules of a place: newcomers wait, words are looked at twice, so much a day, links that lead out."""

import pytest
from parvis.api import Invalid, NotFound, Plugin, TooMany, Veto, db, hookimpl
from parvis_moderation.domain.manager import appoint
from parvis_moderation.domain.queue import count_open, list_cases
from parvis_moderation.domain.rule import get_rules_for, leads_out, set_rules
from parvis_moderation.domain.waiting import above_cases, admit, get_waiting_for, list_waiting, refuse
from parvis_moderation.models import Case, LogEntry, Rule
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.api import Role, SecondLook, Waiting, Waits, comment, post, react, set_role, wall_of
from parvis_social.content.edit import edit
from parvis_social.content.waiting import submit_post
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, moderation=ModerationPlugin)
NONE = {"newcomers_wait": False, "words": "", "per_day": None, "flag_links": False}


@pytest.fixture
def owner(people):
    """Return who owns the club."""
    return people.member("Olga Owner")


@pytest.fixture
def club(make_place, owner, member, other):
    """Make an open place that Olga owns, with Ada and Bob in it."""
    return make_place("club", owner, member, other)


@pytest.fixture
def ruled(club, owner):
    """Return what sets rules of the club: `ruled(per_day=2)`."""

    def make(**rules):
        set_rules(place_id=club.id, actor=owner, **{**NONE, **rules})
        db.session.commit()

    return make


def test_without_rules_all_goes_at_once(club, member):
    made = post(place=club, text="zut http://evil.example", actor=member)
    assert (made.place_id, db.session.query(Rule).count()) == (club.id, 0)


def test_only_owners_set_them_and_bad_ones_are_refused(club, owner, member, other, administrator):
    set_role(place=club, person_id=other.id, role=Role.MODERATOR)
    for who in (member, other, administrator):
        with pytest.raises(NotFound):
            get_rules_for(who, club.id)
    with pytest.raises(NotFound):
        get_rules_for(owner, wall_of(owner.person).id)
    for field, value in (
        ("words", "x" * 61), ("words", "!!!"), ("words", ",".join(map(str, range(101)))),
        ("per_day", 1001), ("per_day", -1),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            set_rules(place_id=club.id, actor=owner, **{**NONE, field: value})
        assert refusal.value.field == field
        db.session.rollback()
    set_rules(place_id=club.id, actor=owner, **{**NONE, "words": "zut, Zut alors;zut\nflûte"})
    assert get_rules_for(owner, club.id)[1].words == ["zut", "Zut alors", "flûte"]


@pytest.mark.both_databases
def test_the_first_post_of_a_newcomer_waits_and_later_ones_do_not(ruled, club, member, other, owner, deliver):
    ruled(newcomers_wait=True)
    sent = submit_post(place=club, text="Quokka", actor=member)
    said = post(place=club, text="Welcome", actor=owner)  # who looks after it is under no rule
    comment(root=said, text="Thanks", actor=member)  # only posts wait
    react(content=said, kind="like", actor=member)
    db.session.commit()
    assert isinstance(sent, Waiting)
    admit(waiting_id=sent.id, actor=owner)
    db.session.commit()
    post(place=club, text="My second", actor=member)
    with pytest.raises(Waits):
        post(place=club, text="His first", actor=other)
    post(place=wall_of(other.person), text="On my wall", actor=other)


@pytest.mark.both_databases
def test_who_decides_on_what_waits(ruled, club, owner, member, other, administrator, people, deliver):
    ruled(newcomers_wait=True)
    sent = submit_post(place=club, text="Quokka", actor=member)
    db.session.commit()
    deliver()
    for who in (owner, administrator):
        assert get_waiting_for(who, sent.id).id == sent.id
    for who in (member, other):
        with pytest.raises(NotFound):
            get_waiting_for(who, sent.id)
    assert [[row.author for row in list_waiting(who, manager=manager).rows]
            for who, manager in ((owner, False), (administrator, True))] == [["Ada Member"]] * 2  # fmt: skip
    with pytest.raises(NotFound):
        list_waiting(other, manager=False)
    assert [(row.kind, row.title, row.note) for row in above_cases(owner, manager=False)] == [
        ("post", "Ada Member", "Club")
    ]
    assert count_open() == 1
    told = [people.browser(who).get("/notifications").text for who in (owner, administrator, other)]
    assert ["Ada Member wrote a first post in Club: it waits to be read" in each for each in told] == [
        True, False, False,
    ]  # fmt: skip
    refuse(waiting_id=sent.id, text="Please say hello first.", actor=owner)
    db.session.commit()
    deliver()
    assert "not published: read why" in people.browser(member).get("/notifications").text
    [entry] = db.session.query(LogEntry).filter_by(what="moderation.turned_away")
    assert (entry.actor_id, entry.person_id, entry.place_id, entry.reason) == (
        owner.id, member.id, club.id, "Please say hello first.",
    )  # fmt: skip


def test_what_waits_for_a_closed_place_is_read_by_those_who_look_after_it_alone(
    make_place, owner, member, administrator, people, deliver
):
    attic = make_place("attic", owner, member, access="closed")
    set_rules(place_id=attic.id, actor=owner, **{**NONE, "newcomers_wait": True})
    sent = submit_post(place=attic, text="Quokka", actor=member)
    db.session.commit()
    assert get_waiting_for(owner, sent.id).id == sent.id
    with pytest.raises(NotFound):
        get_waiting_for(administrator, sent.id)
    assert (list_waiting(administrator, manager=True).rows, count_open()) == ([], 0)
    browser = people.browser(administrator)
    assert ["Ada Member" in browser.get(path).text for path in ("/moderation", "/moderation?show=posts")] == [
        False, False,
    ]  # fmt: skip


def test_where_nobody_looks_after_it_those_who_moderate_are_told(
    ruled, club, owner, member, administrator, people, deliver
):
    ruled(newcomers_wait=True)
    owner.person.present = False
    submit_post(place=club, text="Quokka", actor=member)
    db.session.commit()
    deliver()
    assert "wrote a first post in Club" in people.browser(administrator).get("/notifications").text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Zut!", True), ("zut alors", True), ("*zut*", True), ("FLUTE", True), ("flûte", True),
        ("Zutphen", False),
        ("Un gros mot", True), ("gros mots", False), ("nothing", False), ("[x](/zut)", False),
    ],
)  # fmt: skip
def test_words_ask_for_a_second_look_whole_and_however_they_are_written(ruled, club, member, text, found):
    ruled(words="zut\nflûte\ngros mot")
    if not found:
        post(place=club, text=text, actor=member, confirmed="")
        return
    with pytest.raises(SecondLook, match="Are you sure") as asked:
        post(place=club, text=text, actor=member, confirmed="")
    made = post(place=club, text=text, actor=member, confirmed=asked.value.key)
    with pytest.raises(SecondLook):
        comment(root=made, text=text, actor=member, confirmed="")
    with pytest.raises(SecondLook):  # other words are asked for once more
        post(place=club, text=f"{text} zut flûte gros mot", actor=member, confirmed=asked.value.key)


def test_a_word_that_comes_by_a_change_is_asked_for_too(ruled, club, member):
    ruled(words="zut")
    made = post(place=club, text="Hello", actor=member)
    with pytest.raises(SecondLook):
        edit(content=made, text="zut", actor=member, version=1, confirmed="")


def test_somebody_writes_only_so_often_a_day(ruled, club, member, other, owner):
    ruled(per_day=2)
    made = post(place=club, text="One", actor=member)
    comment(root=made, text="Two", actor=member)
    for write in (
        lambda: post(place=club, text="Three", actor=member),
        lambda: comment(root=made, text="Three", actor=member),
    ):
        with pytest.raises(TooMany, match="2 times a day"):
            write()
    edit(content=made, text="One!", actor=member, version=1)
    post(place=wall_of(member.person), text="Elsewhere", actor=member)
    for number in range(3):
        post(place=club, text=f"Mine {number}", actor=owner)


@pytest.mark.settings(**{"plugins.moderation": {"own_hosts": ["company.example", ".intra.example"]}})
@pytest.mark.parametrize(
    ("html", "out"),
    [
        ('<a href="https://evil.example/x">x</a>', True),
        ('<a href="http://company.example:81/">x</a>', False),
        ('<a href="https://www.company.example/">x</a>', False),
        ('<a href="https://intra.example">x</a>', False),
        ('<a href="https://notcompany.example">x</a>', True), ("<p>x</p>", False),
        ('<a href="https://company.example.evil.org">x</a>', True),
        ('<a href="/groups/x">x</a>', False), ('<a href="mailto:a@b.example">x</a>', False),
        ('<a href="https://COMPANY.example">x</a><a href="https://evil.example">x</a>', True),
    ],
)  # fmt: skip
def test_what_leads_out(app, html, out):
    assert leads_out(html) is out


@pytest.mark.both_databases
def test_what_leads_out_is_published_and_comes_before_who_decides(
    ruled, club, owner, member, other, people, decides, deliver
):
    ruled(flag_links=True)
    made = post(place=club, text="Look: https://evil.example/quokka", actor=member)
    comment(root=made, text="And https://evil.example/too", actor=other)
    post(place=club, text="https://evil.example/mine", actor=owner)
    post(place=wall_of(member.person), text="https://evil.example/", actor=member)
    db.session.commit()
    deliver()
    assert [(row.kind, row.person, row.reason, row.reports_count) for row in list_cases(owner).rows] == [
        ("content", "Ada Member", "links", 0), ("comment", "Bob Other", "links", 0),
    ]  # fmt: skip
    assert people.browser(other).get(f"/contents/{made.id}").status_code == 200
    page = people.browser(owner).get(f"/moderation/cases/{list_cases(owner).rows[0].id}").text
    assert ("Leads out of the company" in page, "No report: a rule of the place" in page) == (True, True)
    decides(owner, db.session.query(Case).filter_by(kind="content").one(), "nothing")
    edit(content=made, text="Look: https://evil.example/again", actor=member, version=1)
    db.session.commit()
    deliver()
    assert len(list_cases(owner).rows) == 1  # it was looked at


def test_nobody_reports_for_a_reason_of_rules(posted, case_of, member, people):
    with pytest.raises(Invalid):
        case_of(member, posted[0], reason="links")
    assert "Leads out" not in people.browser(member).get(f"/moderation/report/content/{posted[0].id}").text


@pytest.mark.settings(
    **{
        "plugins.moderation": {
            "newcomers_wait": True,
            "second_look_words": ["zut"],
            "per_day": 3,
            "flag_links": True,
        }
    }
)
def test_the_configuration_sets_them_for_all_places(club, owner, member, deliver):
    with pytest.raises(Waits):
        post(place=club, text="One", actor=member)
    wall = wall_of(owner.person)
    with pytest.raises(SecondLook):
        post(place=wall, text="zut", actor=member, confirmed="")
    for number in range(3):
        post(place=wall, text=f"https://evil.example/{number}", actor=member)
    with pytest.raises(TooMany):
        post(place=wall, text="Four", actor=member)
    post(place=wall, text="zut https://evil.example", actor=owner)
    db.session.commit()
    deliver()
    assert db.session.query(Case).filter_by(reason="links").count() == 3


class RefusingPlugin(Plugin):
    """Refuses whatever Ada writes."""

    name = "refusing"
    title = "Refusing"
    version = "1.0.0"
    requires = ("social",)

    @hookimpl
    def check_contribution(self, place, actor):
        if actor.person.display_name == "Ada Member":
            raise Veto("Not you.")


@pytest.mark.plugins(social=SocialPlugin, moderation=ModerationPlugin, refusing=RefusingPlugin)
def test_what_another_plugin_refuses_does_not_wait(ruled, club, member):
    ruled(newcomers_wait=True)
    with pytest.raises(Veto, match="Not you"):
        submit_post(place=club, text="Quokka", actor=member)
    assert db.session.query(Waiting).count() == 0


def test_rules_that_cannot_be_looked_up_keep_things_closed(ruled, club, member, people, monkeypatch):
    ruled(newcomers_wait=True)
    monkeypatch.setattr("parvis_moderation.plugin.check_rules", lambda *_args: 1 / 0)
    reply = people.browser(member).post(f"/places/{club.id}/post", data={"text": "Quokka", "form_key": "k"})
    assert (reply.status_code, "cannot be checked at the moment" in reply.text, "Quokka" in reply.text) == (
        422, True, True,
    )  # fmt: skip
    assert db.session.query(Waiting).count() == 0


def test_those_who_are_appointed_decide_in_open_places(ruled, club, owner, member, other):
    ruled(newcomers_wait=True)
    sent = submit_post(place=club, text="Quokka", actor=member)
    appoint(person=other.person, actor=None)
    db.session.commit()
    assert admit(waiting_id=sent.id, actor=other).author_id == member.id
