"""Comments that are hidden with a reason, threads in other orders, files held for what is being written."""

from datetime import timedelta

import pytest
from parvis.api import Invalid, NotAllowed, NotFound, Plugin, db, hookimpl, utcnow
from parvis.testing.portrait import portrait
from parvis_social.api import (
    PlaceKind,
    Role,
    comment,
    get_content_for,
    get_held_file,
    hide,
    hold_file,
    keep_file,
    list_comments,
    post,
    prepare_file,
    publish,
    react,
    release_files,
    set_role,
    unhide,
)
from parvis_social.content.file import File, forget_files, get_file_for
from parvis_social.plugin import SocialPlugin


class KioskPlugin(Plugin):
    """A kind of place whose keepers hide what they would rather not have, and whose words stand out."""

    name = "kiosk"
    requires = ("social",)

    @hookimpl
    def register_place_kinds(self):
        """A kiosk."""
        yield PlaceKind("kiosk", "Kiosk", lambda slug: "/", "groups", "house", removes=False, voice="Keeper")


pytestmark = pytest.mark.plugins(social=SocialPlugin, kiosk=KioskPlugin)


@pytest.fixture
def kiosk(make_place, member, other, administrator):
    """Make a kiosk that Ada keeps, where Bob has written and Carla has commented."""
    place = make_place("corner", member, other, administrator, kind="kiosk")
    root = post(place=place, text="The news", actor=other)
    return place, root, comment(root=root, text="Quokka", actor=administrator)


@pytest.mark.both_databases
def test_a_hidden_comment_leaves_its_mark_and_is_read_by_its_author_and_keepers_alone(
    kiosk, people, member, other, administrator, deliver
):
    _place, root, said = kiosk
    hide(comment=said, reason="It names a patient", actor=member)
    deliver()
    [mark] = list_comments(root, viewer=other).comments
    assert (mark.body_html, mark.hidden.by, mark.hidden.reason) == ("", "Ada Member", "It names a patient")
    for allowed in (member, administrator):
        assert get_content_for(allowed, said.id).content.id == said.id
    with pytest.raises(NotFound):
        get_content_for(other, said.id)
    reader = people.browser(other)
    page = reader.get(f"/contents/{root.id}").text
    assert ("hid a comment by Carla Administrator" in page, "It names a patient" in page) == (True, True)
    for path in (f"/contents/{root.id}", "/", "/notifications", f"/contents/{said.id}/history"):
        assert "Quokka" not in reader.get(path).text
    assert "hid your comment: It names a patient" in people.browser(administrator).get("/notifications").text


def test_a_comment_is_shown_again(kiosk, member, other):
    _place, root, said = kiosk
    hide(comment=said, reason="A mistake", actor=member)
    unhide(comment=said, actor=member)
    db.session.commit()
    [shown] = list_comments(root, viewer=other).comments
    assert (shown.hidden, "Quokka" in shown.body_html) == (None, True)


def test_only_who_looks_after_the_place_hides_and_says_why(kiosk, member, other):
    _place, root, said = kiosk
    with pytest.raises(NotAllowed):
        hide(comment=said, reason="I do not like it", actor=other)
    with pytest.raises(NotAllowed):
        hide(comment=root, reason="Not a comment", actor=member)
    with pytest.raises(Invalid, match="say why"):
        hide(comment=said, reason=" ", actor=member)


def test_who_looks_after_such_a_place_cannot_remove_a_comment_without_a_trace(kiosk, people, member):
    _place, root, said = kiosk
    browser = people.browser(member)
    assert browser.post(f"/contents/{said.id}/delete").status_code == 403
    assert "Hide with a reason" in browser.get(f"/contents/{root.id}").text
    browser.post(f"/contents/{said.id}/hide", data={"reason": "Rude"})
    assert "Show it again" in browser.get(f"/contents/{root.id}").text
    browser.post(f"/contents/{said.id}/hide", data={"take_back": "1"})
    assert "Quokka" in browser.get(f"/contents/{root.id}").text
    assert browser.post(f"/contents/{root.id}/delete").status_code == 303


@pytest.mark.both_databases
def test_comments_by_their_reactions_a_page_at_a_time(kiosk, member, other, administrator, people):
    _place, root, first = kiosk
    written = [first.id]
    for number in range(24):
        written.append(comment(root=root, text=f"Number {number}", actor=administrator).id)
    for content, fans in ((written[5], 3), (written[20], 2), (written[3], 1)):
        for fan in (member, other, administrator)[:fans]:
            react(content=get_content_for(fan, content).content, kind="like", actor=fan)
    db.session.commit()
    page = list_comments(root, viewer=member, order="reactions")
    rest = list_comments(root, viewer=member, order="reactions", after=page.after)
    shown = [each.id for each in (*page.comments, *rest.comments)]
    liked = [written[5], written[20], written[3]]
    assert (shown, rest.after) == (liked + [each for each in written[::-1] if each not in liked], None)


@pytest.mark.both_databases
def test_comments_that_somebody_answered(kiosk, member, other, administrator):
    _place, root, first = kiosk
    asked = comment(root=root, text="And tomorrow?", actor=administrator)
    comment(root=root, text="Rain", actor=member, parent_id=asked.id)
    own = comment(root=root, text="My own", actor=member)
    db.session.commit()
    for order in ("time", "reactions"):
        found = list_comments(root, viewer=other, order=order, answered_by=[member.id]).comments
        assert {each.id for each in found} == {asked.id, own.id}
    assert list_comments(root, viewer=other, answered_by=[other.id]).comments == []


@pytest.mark.both_databases
def test_a_held_file_waits_for_as_long_as_needed_and_who_looks_after_the_place_may_attach_it(
    kiosk, member, other, administrator
):
    place, *_rest = kiosk
    set_role(place=place, person_id=other.id, role=Role.MODERATOR)
    prepared = prepare_file(data=portrait("A", 200), filename="a.png", actor=member)
    file = keep_file(prepared=prepared, actor=member)
    hold_file(file=file, place=place, actor=member)
    file.created_at = utcnow() - timedelta(days=9)
    db.session.commit()
    forget_files()
    assert get_file_for(other, file.id).id == get_held_file(place, file.id).id == file.id
    with pytest.raises(NotFound):
        get_file_for(administrator, file.id)
    made = publish(
        type="post", place=place, actor=other, body_html="<p>Look</p>", files=[file.id], inline=[file.id]
    )
    db.session.commit()
    assert (made.files, get_file_for(administrator, file.id).content_id) == ([], made.id)
    with pytest.raises(NotFound):
        get_held_file(place, file.id)


def test_a_file_that_is_released_goes_like_any_other(kiosk, member, other):
    place, *_rest = kiosk
    prepared = prepare_file(data=portrait("A", 200), filename="a.png", actor=member)
    file = keep_file(prepared=prepared, actor=member)
    with pytest.raises(NotFound):
        hold_file(file=file, place=place, actor=other)
    hold_file(file=file, place=place, actor=member)
    release_files([file.id])
    file.created_at = utcnow() - timedelta(days=2)
    db.session.commit()
    forget_files()
    assert db.session.get(File, file.id) is None


def test_what_is_published_in_anothers_name_is_theirs(kiosk, people, member, other, administrator, deliver):
    place, *_rest = kiosk
    made = publish(type="post", place=place, actor=other, author_id=member.id, body_html="<p>In her name</p>")
    db.session.commit()
    deliver()
    assert (made.author_id, get_content_for(member, made.id).is_author) == (member.id, True)
