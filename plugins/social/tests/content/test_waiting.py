"""Posts that somebody reads before they are published, and second looks of whoever writes."""

from datetime import timedelta
from io import BytesIO

import pytest
from parvis.api import Erasure, Invalid, NotAllowed, NotFound, Plugin, db, hookimpl, utcnow
from parvis.events import EventRecord
from parvis.testing.portrait import portrait
from parvis_social.api import (
    Content,
    SecondLook,
    Waiting,
    Waits,
    comment,
    get_waiting,
    get_waiting_file,
    let_in,
    move_contents,
    post,
    publish,
    turn_away,
)
from parvis_social.content.edit import edit
from parvis_social.content.file import File, forget_files, get_file_for
from parvis_social.content.waiting import MOST_WAITING, forget_refused, list_waiting, submit_post
from parvis_social.personal_data import erase
from parvis_social.plugin import SocialPlugin


class CarefulPlugin(Plugin):
    """Has rules: posts of newcomers wait, and a word asks for a second look."""

    name = "careful"
    title = "Careful"
    version = "1.0.0"
    requires = ("social",)

    @hookimpl
    def check_contribution(self, place, actor, publication):
        """Hold to it."""
        if publication is None or publication.admitted:
            return
        if "zut" in publication.html and publication.confirmed not in (None, "zut"):
            raise SecondLook("Are you sure?", key="zut")
        if actor.person.display_name.startswith("New") and publication.type == "post":
            raise Waits("It is read first.")


pytestmark = pytest.mark.plugins(social=SocialPlugin, careful=CarefulPlugin)


@pytest.fixture
def newcomer(people):
    """Return somebody whose posts wait."""
    return people.member("New Comer")


@pytest.fixture
def club(make_place, member, other, newcomer):
    """Make a place that Ada owns."""
    return make_place("club", member, other, newcomer)


@pytest.fixture
def sent(club, newcomer):
    """Have the newcomer write a post."""
    kept = submit_post(place=club, text="Quokka *first* #quokka @bob.other", actor=newcomer, form_key="once")
    db.session.commit()
    return kept


@pytest.mark.both_databases
def test_what_waits_is_no_content_and_let_in_it_is_published_as_if_written_then(
    sent, club, member, other, newcomer, people, deliver, index
):
    reader = people.browser(other)
    deliver()
    index()
    for path in ("/", "/notifications", "/search?q=quokka", f"/places/{club.id}/post", "/tags/quokka"):
        assert "uokka <em>first" not in reader.get(path).text
    assert (db.session.query(Content).count(), club.contents_count, club.latest_id) == (0, 0, 0)
    [event] = db.session.query(EventRecord).filter_by(kind="social.submitted")
    assert (event.actor_id, event.place_id, event.data) == (newcomer.id, club.id, {"waiting": sent.id})
    made = let_in(waiting=sent, actor=member)
    db.session.commit()
    assert (made.author_id, "<em>first</em>" in made.body_html) == (newcomer.id, True)
    assert db.session.query(Waiting).count() == 0
    assert utcnow() - made.created_at < timedelta(minutes=1)
    deliver()
    assert "uokka <em>first" in reader.get("/").text
    assert "New Comer" in reader.get("/notifications").text  # Bob is named in it
    [event] = db.session.query(EventRecord).filter_by(kind="social.submission_answered")
    assert (event.actor_id, event.person_id, event.content_id, event.data["admitted"]) == (
        member.id, newcomer.id, made.id, True,
    )  # fmt: skip


@pytest.mark.both_databases
def test_a_form_sent_twice_waits_once_and_is_published_once(sent, club, member, newcomer):
    again = submit_post(place=club, text="Quokka", actor=newcomer, form_key="once")
    assert again.id == sent.id
    made = let_in(waiting=sent, actor=member)
    db.session.commit()
    assert submit_post(place=club, text="Quokka", actor=newcomer, form_key="once").id == made.id


def test_only_so_many_wait_in_one_place(club, newcomer):
    for number in range(MOST_WAITING):
        submit_post(place=club, text=f"Number {number}", actor=newcomer)
    with pytest.raises(NotAllowed, match="wait in Club already"):
        submit_post(place=club, text="One more", actor=newcomer)


def test_its_author_alone_finds_it_and_takes_it_back_as_a_draft(sent, club, people, other, newcomer):
    author, stranger = people.browser(newcomer), people.browser(other)
    assert ["uokka" in each.get("/waiting").text for each in (author, stranger)] == [True, False]
    assert stranger.post(f"/waiting/{sent.id}/take-back").status_code == 404
    assert author.post(f"/waiting/{sent.id}/take-back").status_code == 303
    assert "Quokka *first*" in author.get(f"/places/{club.id}/post").text
    assert db.session.query(Waiting).count() == 0


def test_what_is_refused_stays_for_its_author_with_a_word_and_goes_in_time(sent, people, member, newcomer):
    with pytest.raises(Invalid):
        turn_away(waiting=sent, text=" ", actor=member)
    with pytest.raises(Invalid):
        turn_away(waiting=sent, text="x" * 1001, actor=member)
    turn_away(waiting=sent, text="Please say who you are.", actor=member)
    db.session.commit()
    page = people.browser(newcomer).get("/waiting").text
    assert ("Please say who you are." in page, "Not published" in page) == (True, True)
    for decide in (get_waiting, lambda _id: let_in(waiting=sent, actor=member)):
        with pytest.raises(NotFound):
            decide(sent.id)
    forget_refused()
    assert len(list_waiting(newcomer)) == 1
    sent.refused_at = utcnow() - timedelta(days=31)
    db.session.commit()
    forget_refused()
    assert list_waiting(newcomer) == []


@pytest.mark.both_databases
def test_two_who_let_it_in_at_once_publish_it_once(sent, member, other, at_once):
    ids = (member.id, other.id)

    def deciding(who):
        from parvis.api import Member  # noqa: PLC0415 - in the thread

        found = get_waiting(sent_id)
        return let_in(waiting=found, actor=db.session.get_one(Member, who)).id

    sent_id = sent.id
    made = at_once(*(lambda who=who: deciding(who) for who in ids))
    assert sorted(isinstance(each, NotFound) for each in made) == [False, True]
    assert db.session.query(Content).count() == 1


def test_its_files_wait_with_it_for_its_author_and_those_who_decide(club, member, other, newcomer, people):
    author = people.browser(newcomer)
    form = {"text": "With a picture", "files": (BytesIO(portrait("New", 200)), "new.png"), "form_key": "f"}
    reply = author.post(f"/places/{club.id}/post", data=form)
    assert (reply.status_code, reply.location) == (303, "/waiting")
    sent = db.session.query(Waiting).one()
    [file] = db.session.query(File)
    assert [facts["id"] for facts in sent.files] == [file.id]
    assert [get_file_for(each, file.id).id for each in (newcomer, member)] == [file.id, file.id]
    with pytest.raises(NotFound):
        get_file_for(other, file.id)
    file.created_at = utcnow() - timedelta(days=9)
    db.session.commit()
    forget_files()
    assert get_waiting_file(sent, file.id).id == file.id
    with pytest.raises(NotFound):
        get_waiting_file(sent, file.id + 1)
    made = let_in(waiting=sent, actor=member)
    db.session.commit()
    assert [facts["id"] for facts in made.files] == [file.id]
    assert get_file_for(other, file.id).id == file.id


def test_who_has_left_or_may_not_write_there_any_more_is_not_let_in(sent, club, member, newcomer):
    newcomer.person.present = False
    with pytest.raises(NotAllowed, match="left the company"):
        let_in(waiting=sent, actor=member)
    newcomer.person.present = True
    club.archived_at = utcnow()
    with pytest.raises(NotAllowed, match="archived"):
        let_in(waiting=sent, actor=member)


def test_what_knows_nothing_of_waiting_is_refused(club, newcomer):
    for write in (
        lambda: post(place=club, text="Quokka", actor=newcomer),
        lambda: publish(type="post", place=club, actor=newcomer, body_html="<p>Quokka</p>"),
    ):
        with pytest.raises(Waits):
            write()
    assert db.session.query(Content).count() == 0


def test_a_second_look_keeps_what_was_typed_and_the_form_sent_again_publishes(club, people, other):
    browser = people.browser(other)
    form = {"text": "zut alors", "form_key": "once"}
    page = browser.post(f"/places/{club.id}/post", data=form)
    assert (page.status_code, "Are you sure?" in page.text, "zut alors" in page.text) == (422, True, True)
    assert ('name="confirmed" value="zut"' in page.text, "Publish as it is" in page.text) == (True, True)
    assert browser.post(f"/places/{club.id}/post", data={**form, "confirmed": "other"}).status_code == 422
    assert browser.post(f"/places/{club.id}/post", data={**form, "confirmed": "zut"}).status_code == 303
    root = db.session.query(Content).one()
    for more in ({}, {"from": "card"}):
        said = {"text": "zut encore", "form_key": f"c{len(more)}", **more}
        for headers in ({}, {"HX-Request": "true"}):
            page = browser.post(f"/contents/{root.id}/comment", data=said, headers=headers)
            assert (page.status_code, 'value="zut"' in page.text, "zut encore" in page.text) == (
                422,
                True,
                True,
            )
    browser.post(f"/contents/{root.id}/comment", data={**said, "confirmed": "zut"})
    assert db.session.query(Content).count() == 2
    change = {"text": "zut et zut", "version": "1"}
    page = browser.post(f"/contents/{root.id}/edit", data=change)
    assert (page.status_code, 'value="zut"' in page.text, "zut et zut" in page.text) == (422, True, True)
    assert browser.post(f"/contents/{root.id}/edit", data={**change, "confirmed": "zut"}).status_code == 303


def test_a_form_that_cannot_ask_is_not_asked(club, other):
    made = post(place=club, text="zut", actor=other)
    comment(root=made, text="zut", actor=other)
    edit(content=made, text="zut!", actor=other, version=1)
    with pytest.raises(SecondLook):
        edit(content=made, text="zut zut", actor=other, version=2, confirmed="")


def test_it_goes_with_its_place_into_another(sent, club, make_place, member, other, newcomer):
    target = make_place("union", member, other, newcomer)
    move_contents(origin=club, target=target, actor=member)
    db.session.refresh(sent)
    assert let_in(waiting=sent, actor=member).place_id == target.id


def test_it_is_given_to_its_author_and_forgotten_with_them(sent, member, newcomer):
    turn_away(waiting=sent, text="Not yet", actor=member)
    db.session.commit()
    given = {each.name: each.data for each in SocialPlugin.export_personal_data(None, newcomer.person)}
    assert [(row["source"], row["answer"]) for row in given["waiting"]] == [
        ("Quokka *first* #quokka @bob.other", "Not yet")
    ]
    erase(Erasure(newcomer.person, removes=False, words="a former colleague"))
    assert db.session.query(Waiting).count() == 0
