"""Forms that arrive twice, or many at once, through the pages: each makes one thing, and counts stay true."""

import io

import pytest
from parvis.api import db
from parvis_groups.models import Group, Invitation, JoinRequest, Merge
from parvis_groups.plugin import GroupsPlugin
from parvis_groups.views import opening
from parvis_social.api import Content, Membership, Place, PlaceFollow, comment, post
from parvis_social.content.file import upload
from parvis_social.content.models import Bookmark, File, Reaction, Text
from parvis_social.plugin import SocialPlugin

pytestmark = [pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin), pytest.mark.both_databases]


def count(model, *conditions):
    return db.session.scalar(db.select(db.func.count()).select_from(model).where(*conditions))


def sending(address, **data):
    return lambda client: client.post(address, data=data).status_code


def test_a_post_sent_four_times_at_once_is_one_also_with_a_file(browsers, member, make_group):
    group = make_group("Photo", member)
    file = upload(data=b"Minutes", filename="minutes.txt", actor=member)
    send = sending(f"/places/{group.place_id}/post", text="Hi", form_key="one", kept_files=str(file.id))
    assert browsers(*[(member, send)] * 4) == [303] * 4
    assert (count(Content), group.place.contents_count) == (1, 1)
    assert [each.content_id for each in db.session.scalars(db.select(File))] == [
        db.session.scalar(db.select(Content.id))
    ]


def test_an_upload_that_comes_with_a_form_sent_twice_is_attached_once(browsers, member, make_group):
    group = make_group("Photo", member)

    def send(client):
        files = [(io.BytesIO(b"Minutes"), "minutes.txt")]
        data = {"text": "Hi", "form_key": "one", "files": files}
        return client.post(f"/places/{group.place_id}/post", data=data).status_code

    assert browsers(*[(member, send)] * 2) == [303, 303]
    (written,) = db.session.scalars(db.select(Content))
    assert len(written.files) == count(File, File.content_id == written.id) == 1


def test_comments_and_answers_sent_twice_are_one_each(browsers, member, make_group):
    root = post(place=make_group("Photo", member).place, text="Hi", actor=member)
    first = comment(root=root, text="First", actor=member)
    file = upload(data=b"Minutes", filename="minutes.txt", actor=member)
    address = f"/contents/{root.id}/comment"
    whole = sending(address, text="Yes", form_key="one", kept_files=str(file.id))
    answer = sending(address, text="No", form_key="two", parent=str(first.id))
    assert browsers(*[(member, whole), (member, answer)] * 3) == [303] * 6
    assert (count(Content), db.session.get_one(Content, root.id).comments_count) == (4, 3)


def test_a_group_whose_form_is_sent_four_times_at_once_is_one(browsers, member):
    send = sending("/groups/new", name="Photo", purpose="Pictures", access="open", form_key="one")
    assert browsers(*[(member, send)] * 4) == [303] * 4
    assert (count(Group), count(Place), count(Membership)) == (1, 1, 1)


def test_a_form_that_meets_the_group_its_twin_opened_meanwhile_leads_to_it(people, member, monkeypatch):
    data = {"name": "Photo", "purpose": "Pictures", "access": "open", "form_key": "one"}
    look, answers = opening.similar_groups, []

    def look_late(*args, **named):
        monkeypatch.setattr(opening, "similar_groups", look)
        answers.append(people.browser(member).post("/groups/new", data=data))
        return look(*args, **named)

    monkeypatch.setattr(opening, "similar_groups", look_late)
    answers.append(people.browser(member).post("/groups/new", data=data))
    assert [answer.location for answer in answers] == ["/groups/photo/invite"] * 2


def test_a_request_sent_twice_is_one(browsers, member, other, make_group):
    make_group("Photo", member, access="closed")
    assert browsers(*[(other, sending("/groups/photo/ask", message="Please"))] * 4) == [303] * 4
    assert count(JoinRequest) == 1


def test_an_invitation_sent_twice_and_by_two_is_one(browsers, member, other, people, make_group):
    make_group("Photo", member, other)
    guest = people.member("Guest One")
    send = sending("/groups/photo/invite", person=str(guest.id), message="Come")
    assert browsers(*[(member, send), (other, send)] * 2) == [303] * 4
    assert count(Invitation) == 1


def test_a_proposal_to_merge_sent_twice_is_one(browsers, member, other, make_group):
    make_group("Photo", member)
    make_group("Pictures", other)
    send = sending("/groups/photo/merge", into="pictures", message="Same thing", propose="1")
    assert browsers(*[(member, send)] * 3) == [303] * 3
    assert count(Merge) == 1


def test_fifty_who_join_at_once_are_counted_once_each(browsers, member, people, make_group):
    group = make_group("Photo", member)
    persons = [people.member() for _ in range(25)]
    assert browsers(*[(each, sending("/groups/photo/join", x="1")) for each in persons * 2]) == [303] * 50
    assert (count(Membership), group.place.members_count, count(PlaceFollow)) == (26, 26, 26)


def test_marks_of_one_person_at_once_are_one(browsers, member, make_group):
    root = post(place=make_group("Photo", member).place, text="Hi", actor=member)
    address = f"/contents/{root.id}"
    acts = [
        (member, sending(f"{address}/{act}", **data))
        for act, data in (
            ("react", {"kind": "like"}), ("react", {"kind": "laugh"}),
            ("bookmark", {"x": "1"}), ("bookmark", {"x": "1"}),
        )
    ]  # fmt: skip
    assert browsers(*acts) == [303] * 4
    (kept,) = db.session.scalars(db.select(Reaction.kind))
    assert db.session.get_one(Content, root.id).reactions == {kept: 1}
    assert count(Bookmark) == 1


def test_a_wall_that_is_written_on_for_the_first_time_twice_at_once_is_one(browsers, member, other):
    def send(key):
        return sending("/people/ada.member/wall", text="Hello", form_key=key)

    first = [(member, send("one")), (member, send("two"))]
    assert browsers(*first) == [303, 303]
    assert (count(Place), count(Content)) == (1, 2)


def test_of_two_changes_at_once_one_wins_and_the_other_sees_both_texts(browsers, member, make_group):
    root = post(place=make_group("Photo", member).place, text="First", actor=member)

    def change(text):
        def send(client):
            data = {"text": text, "version": "1"}
            response = client.post(f"/contents/{root.id}/edit", data=data)
            return text, response.status_code, response.text

        return send

    answers = browsers((member, change("Second words")), (member, change("Third words")))
    (lost,) = [answer for answer in answers if answer[1] != 303]
    source = db.session.get_one(Text, root.id).source
    assert {lost[0], source} == {"Second words", "Third words"}
    assert (lost[1], lost[0] in lost[2], source in lost[2]) == (422, True, True)
