"""The pages of social, as people use them without JavaScript."""

import io
import re
from html import unescape

import pytest
from parvis.api import db
from parvis.testing.portrait import portrait
from parvis_social.content.comment import comment
from parvis_social.content.models import Content, Draft, File
from parvis_social.content.post import post
from parvis_social.content.reaction import react
from parvis_social.content.tag import get_tag_for
from parvis_social.place.follow import follow_tag
from parvis_social.place.models import Access, PlaceFollow, Visitor
from parvis_social.place.wall import wall_of
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin)
HTMX = {"HX-Request": "true"}


def newest():
    return db.session.scalar(db.select(Content).order_by(Content.id.desc()).limit(1))


def picture(name="me.jpg"):
    return (io.BytesIO(portrait("Target", 200)), name)


def test_home_shows_what_one_follows_and_where_to_write(make_place, people, member, other):
    place = make_place("club", other, member)
    post(place=place, text="Hello *all*", actor=other)
    db.session.commit()
    text = people.browser(member).get("/").text
    assert ("<em>all</em>" in text, "everyone in the company" in text, 'name="place"' in text) == (True,) * 3


def test_a_post_is_published_on_one_s_own_wall_or_in_a_place(make_place, people, member):
    place = make_place("club", member)
    browser = people.browser(member)
    assert (
        browser.post("/places/0/post", data={"text": "On my wall", "place": "0", "from": "home"}).location
        == "/"
    )
    assert newest().place.person_id == member.id
    answer = browser.post("/places/0/post", data={"text": "In the club", "place": str(place.id)})
    assert (newest().place_id, answer.status_code) == (place.id, 303)


def test_a_post_with_a_picture_and_a_file_shows_both(make_place, people, member, other):
    place = make_place("club", member)
    browser = people.browser(member)
    sent = {
        "text": "Look", "files": [picture("été.png.jpg"), (io.BytesIO(b"a;b"), "list.csv")],
        "alternative": "A face", "form_key": "k",
    }  # fmt: skip
    answer = browser.post(f"/places/{place.id}/post", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 303
    made = newest()
    assert [file["name"] for file in made.files] == ["été.png.jpg", "list.csv"]
    text = people.browser(other).get(f"/contents/{made.id}").text
    assert ('alt="A face"' in text, "list.csv" in text) == (True, True)
    for address in re.findall(r'(?:href|src)="(/social/files/[^"]+)"', text):
        answer = people.browser(other).get(address)
        assert (answer.status_code, "sandbox" in answer.headers["Content-Security-Policy"]) == (200, True)
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_what_cannot_be_attached_is_said_and_nothing_is_lost(make_place, people, member):
    place = make_place("club", member)
    sent = {"text": "Look at this", "files": [picture("good.jpg"), (io.BytesIO(b"<svg/>"), "bad.svg")]}
    answer = people.browser(member).post(
        f"/places/{place.id}/post", data=sent, content_type="multipart/form-data"
    )
    assert (answer.status_code, "Look at this" in answer.text, "bad.svg" in answer.text) == (422, True, True)
    assert (newest(), db.session.scalars(db.select(File.name)).all()) == (None, ["good.jpg"])
    kept = re.search(r'name="kept_files"[^>]*value="(\d+)"', answer.text)[1]
    people.browser(member).post(f"/places/{place.id}/post", data={"text": "Again", "kept_files": kept})
    assert [file["name"] for file in newest().files] == ["good.jpg"]


def test_an_empty_post_is_refused_in_a_sentence(make_place, people, member):
    place = make_place("club", member)
    answer = people.browser(member).post(f"/places/{place.id}/post", data={"text": " "})
    assert (answer.status_code, "Please write something first." in answer.text) == (422, True)


def test_a_draft_is_kept_and_shown_again(make_place, people, member):
    place = make_place("club", member)
    browser = people.browser(member)
    browser.post(f"/places/{place.id}/post", data={"text": "Begun", "keep": "1"})
    assert "Begun" in browser.get(f"/places/{place.id}/post").text
    browser.post(f"/places/{place.id}/draft", data={"text": "Begun and more"})
    assert db.session.scalar(db.select(Draft.source)) == "Begun and more"
    browser.post(f"/places/{place.id}/post", data={"text": "Begun and ended"})
    assert db.session.scalars(db.select(Draft)).all() == []


def test_a_preview_publishes_nothing(make_place, people, member):
    place = make_place("club", member)
    browser = people.browser(member)
    answer = browser.post(f"/places/{place.id}/post", data={"text": "So **bold**", "preview": "1"})
    assert ("<strong>bold</strong>" in answer.text, newest()) == (True, None)
    assert "<strong>" in browser.post("/social/preview", data={"text": "**b**"}, headers=HTMX).text


def test_a_content_is_commented_answered_and_the_answer_marked(make_place, people, member, other):
    place = make_place("club", member, other)
    root = post(place=place, text="Question?", actor=member)
    db.session.commit()
    browser, asker = people.browser(other), people.browser(member)
    answer = browser.post(f"/contents/{root.id}/comment", data={"text": "Yes", "parent": ""})
    first = newest()
    assert answer.location == f"/contents/{root.id}?comment={first.id}#c{first.id}"
    asker.post(f"/contents/{root.id}/comment", data={"text": "Thanks", "parent": str(first.id)})
    assert newest().parent_id == first.id
    assert asker.post(f"/contents/{first.id}/answer").status_code == 303
    text = browser.get(f"/contents/{root.id}").text
    assert ("The answer" in text, "2 comments" in text) == (True, True)
    assert browser.post(f"/contents/{first.id}/answer").status_code == 403


def test_a_comment_that_is_refused_keeps_its_words(make_place, people, member):
    place = make_place("club", member)
    root = post(place=place, text="Question?", actor=member)
    db.session.commit()
    answer = people.browser(member).post(f"/contents/{root.id}/comment", data={"text": "x" * 5001})
    assert (answer.status_code, "x" * 5001 in answer.text, "too long" in answer.text) == (422, True, True)


def test_a_quotation_is_ready_to_be_answered(make_place, people, member):
    place = make_place("club", member)
    root = post(place=place, text="Question?", actor=member)
    first = comment(root=root, text="One\nTwo", actor=member)
    db.session.commit()
    text = people.browser(member).get(f"/contents/{root.id}?reply={first.id}&quote=1").text
    assert ("&gt; One\n&gt; Two" in text, f'name="parent" value="{first.id}"' in text) == (True, True)


def test_of_two_changes_the_second_is_shown_both_texts(make_place, people, member):
    place = make_place("club", member)
    root = post(place=place, text="First", actor=member)
    db.session.commit()
    browser = people.browser(member)
    browser.post(f"/contents/{root.id}/edit", data={"text": "Second", "version": "1"})
    answer = browser.post(f"/contents/{root.id}/edit", data={"text": "Third", "version": "1"})
    assert (answer.status_code, "Third" in answer.text, "Second" in answer.text) == (422, True, True)
    assert 'name="version" value="2"' in answer.text
    assert "First" in browser.get(f"/contents/{root.id}/history").text


def test_removing_can_be_taken_back(make_place, people, member, other):
    place = make_place("club", member)
    root = post(place=place, text="First", actor=member)
    db.session.commit()
    browser = people.browser(member)
    assert browser.post(f"/contents/{root.id}/delete").location == f"/contents/{root.id}/restore"
    assert "Undo" in browser.get(f"/contents/{root.id}/restore").text
    assert people.browser(other).get(f"/contents/{root.id}/restore").status_code == 404
    assert browser.get(f"/contents/{root.id}").status_code == 404
    assert browser.post(f"/contents/{root.id}/restore").status_code == 303
    assert browser.get(f"/contents/{root.id}").status_code == 200


def test_reactions_and_bookmarks_come_and_go(make_place, people, member, other):
    place = make_place("club", member)
    root = post(place=place, text="First", actor=member)
    db.session.commit()
    browser = people.browser(other)
    part = browser.post(f"/contents/{root.id}/react", data={"kind": "insight"}, headers=HTMX).text
    assert ("💡" in part, "<html" in part) == (True, False)
    assert other.person.display_name in browser.get(f"/contents/{root.id}/reactions").text
    browser.post(f"/contents/{root.id}/bookmark")
    assert "First" in browser.get("/bookmarks").text
    browser.post(f"/contents/{root.id}/bookmark", data={"take_back": "1"})
    assert "First" not in browser.get("/bookmarks").text


def test_french_counts_one_reaction_and_spaces_its_colons(make_place, people, member, other):
    root = post(place=make_place("club", member, other), text="First", actor=member)
    react(content=root, kind="like", actor=other)
    other.language = "fr"
    db.session.commit()
    browser = people.browser(other)
    shown = unescape(browser.get(f"/contents/{root.id}").text)
    assert ("réaction\u00a0: qui\u00a0?" in shown, "réactions\u00a0: qui" in shown) == (True, False)
    assert "Club\u00a0: toute l’entreprise" in unescape(browser.get("/places/0/post").text)


def test_only_who_looks_after_a_place_pins_and_closes(make_place, people, member, other):
    place = make_place("club", member, other)
    root = post(place=place, text="First", actor=other)
    db.session.commit()
    owner, author = people.browser(member), people.browser(other)
    assert [
        author.post(f"/contents/{root.id}/pin").status_code,
        owner.post(f"/contents/{root.id}/pin").status_code,
    ] == [403, 303]
    assert author.get(f"/contents/{root.id}/lock").status_code == 404
    assert owner.post(f"/contents/{root.id}/lock", data={"reason": ""}).status_code == 422
    owner.post(f"/contents/{root.id}/lock", data={"reason": "Decided."})
    text = author.get(f"/contents/{root.id}").text
    assert ("Decided." in text, member.person.display_name in text) == (True, True)
    assert author.post(f"/contents/{root.id}/comment", data={"text": "But"}).status_code == 403


def test_the_feed_remembers_how_it_is_wanted(people, member):
    browser = people.browser(member)
    browser.post("/feed/choices", data={"order": "active", "filter": "people"})
    row = db.session.get(Visitor, member.id)
    assert (row.feed_order, row.feed_filter) == ("active", "people")
    browser.post("/feed/choices", data={"order": "best", "filter": "nonsense"})
    row = db.session.get(Visitor, member.id)
    assert (row.feed_order, row.feed_filter) == ("active", "people")
    assert browser.post("/feed/seen", data={"newest": "5"}).status_code == 204
    assert db.session.get(Visitor, member.id).seen_id == 5


def test_older_posts_come_by_a_link(make_place, people, member):
    place = make_place("club", member)
    made = [post(place=place, text=f"Number {n}", actor=member) for n in range(25)]
    db.session.commit()
    browser = people.browser(member)
    text = browser.get("/").text
    assert ("Number 24" in text, "Number 4<" in text) == (True, False)
    part = browser.get(f"/feed?before={made[5].id}", headers=HTMX).text
    assert ("Number 4<" in part, "<html" in part) == (True, False)
    assert "Number 4<" in browser.get(f"/feed?before={made[5].id}").text


def test_a_tag_has_a_page_and_is_followed(make_place, people, member, other):
    place = make_place("club", other)
    post(place=place, text="About #Welding", actor=other)
    db.session.commit()
    browser, no_longer = people.browser(member), 'title="Follow #Welding no longer"'

    def shown(reader):
        text = reader.get("/tags/welding").text
        return "About" in text, no_longer in text

    assert shown(browser) == (True, False)
    browser.post("/tags/welding/follow")
    assert (shown(browser), shown(people.browser(other))) == ((True, True), (True, False))
    assert "About" in browser.get("/").text
    nothing = browser.get("/tags/nothing")
    assert (nothing.status_code, "Write a post" in nothing.text) == (404, True)


def test_a_wall_is_written_on_and_read(people, member, other):
    browser = people.browser(other)
    handle = member.person.handle
    assert browser.get(f"/people/{handle}/wall").status_code == 200
    assert browser.post(f"/people/{handle}/wall", data={"text": "Welcome!"}).status_code == 303
    assert "Welcome!" in browser.get(f"/people/{handle}/wall").text
    assert "Welcome!" in people.browser(member).get("/").text
    assert "Welcome!" in browser.get(f"/people/{other.person.handle}/wall?all=1").text
    assert newest().place_id == wall_of(member.person).id


def test_a_person_is_followed_from_their_profile(people, member, other):
    browser, handle = people.browser(member), other.person.handle
    assert "Follow" in browser.get(f"/people/{handle}").text
    assert browser.post(f"/people/{handle}/follow").location == f"/people/{handle}"
    assert other.person.display_name in browser.get("/following").text
    browser.post(f"/people/{handle}/follow", data={"take_back": "1"})
    assert browser.post(f"/people/{member.person.handle}/follow").status_code == 422


def test_a_place_is_muted_and_heard_again(make_place, people, member, other):
    place = make_place("club", other, member)
    browser = people.browser(member)
    browser.post(f"/places/{place.id}/mute", data={"how_long": "week"})
    assert db.session.get(PlaceFollow, (member.id, place.id)).muted_until is not None
    assert "Hear of it again" in browser.get("/following").text
    browser.post(f"/places/{place.id}/mute", data={"take_back": "1"})
    browser.post(f"/places/{place.id}/level", data={"level": "all"})
    follow = db.session.get(PlaceFollow, (member.id, place.id))
    assert (follow.muted_until, follow.level) == (None, "all")
    assert browser.post(f"/places/{place.id}/level", data={"level": "loud"}).status_code == 422


def test_notifications_lead_where_they_say_and_are_read(make_place, people, member, other, deliver):
    place = make_place("club", member)
    made = post(place=place, text=f"@{other.person.handle}", actor=member)
    deliver()
    browser = people.browser(other)
    text = browser.get("/notifications").text
    assert "Ada Member mentioned you" in text
    number = re.search(r'action="/notifications/(\d+)"', text)[1]
    assert browser.post(f"/notifications/{number}").location == f"/contents/{made.id}"
    assert "Ada Member" not in browser.get("/notifications?unread=1").text
    assert browser.post("/notifications/read").status_code == 303
    browser.post("/notifications/choices", data={"kind": "social:replied"})
    assert 'value="social:mentioned" checked' not in browser.get("/account").text


@pytest.mark.parametrize("path", ["", "/history", "/reactions", "/edit", "/lock"])
def test_what_one_may_not_read_is_not_there(make_place, people, member, other, path):
    place = make_place("board", member, access=Access.CLOSED)
    made = post(place=place, text="Secret plans", actor=member)
    db.session.commit()
    assert people.browser(other).get(f"/contents/{made.id}{path}").status_code == 404
    assert people.browser(member).get(f"/contents/{made.id}{path}").status_code == 200


def test_people_tags_and_emoji_are_suggested(make_place, people, member):
    place = make_place("club", member)
    post(place=place, text="#Welding", actor=member)
    db.session.commit()
    browser = people.browser(member)
    assert browser.get("/social/suggest/people?q=ada").json[0]["value"] == f"@{member.person.handle}"
    assert browser.get("/social/suggest/tags?q=wel").json == [{"value": "#Welding", "label": "#Welding"}]
    assert browser.get("/social/suggest/emoji?q=fusee").json[0]["value"] == "🚀"


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_one_and_three(make_place, people, member, other, count_queries, count):
    place = make_place("club", other, member)
    for number in range(count):
        root = post(place=place, text=f"{number} #tag", actor=other)
        comment(root=root, text="more", actor=member)
    follow_tag(tag=get_tag_for(member, "tag"), actor=member)
    member.joined_at = member.joined_at.replace(year=2020)
    db.session.commit()
    browser = people.browser(member)
    costs = {}
    for path in ("/", f"/contents/{root.id}", "/tags/tag", "/bookmarks", "/notifications", "/following"):
        browser.get(path)
        with count_queries() as queries:
            browser.get(path)
        costs[path] = len(queries)
    assert costs == {
        "/": 4, f"/contents/{root.id}": 4, "/tags/tag": 5, "/bookmarks": 3, "/notifications": 3,
        "/following": 5,
    }  # fmt: skip
