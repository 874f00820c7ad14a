"""Writing in place and from anywhere: under cards, in threads, with drafts; and who may do none of it."""

import io
import re
from datetime import timedelta

import pytest
from parvis.api import db, utcnow
from parvis.testing.portrait import portrait
from parvis_social.content.care import lock, mark_answer
from parvis_social.content.comment import comment
from parvis_social.content.delete import delete
from parvis_social.content.file import forget_files, upload
from parvis_social.content.models import Bookmark, Content, Draft, File, Reaction
from parvis_social.content.post import MOST, post
from parvis_social.place.models import Access, Place, Posting
from parvis_social.place.wall import find_wall
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin)
HTMX = {"HX-Request": "true"}
ACTS = ("comment", "edit", "delete", "restore", "react", "bookmark", "pin", "lock", "answer")


def newest():
    return db.session.scalar(db.select(Content).order_by(Content.id.desc()).limit(1))


@pytest.fixture
def thread(make_place, member, other):
    """Return a post of one with a comment of the other, in a place of both."""
    place = make_place("club", member, other)
    root = post(place=place, text="Question?", actor=member)
    first = comment(root=root, text="One", actor=other)
    db.session.commit()
    return root, first


# what one may not


@pytest.mark.parametrize("act", ACTS)
def test_who_may_not_read_it_does_nothing_to_it(make_place, people, member, other, act):
    place = make_place("board", member, access=Access.CLOSED)
    root = post(place=place, text="Secret", actor=member)
    comment(root=root, text="Very", actor=member)
    db.session.commit()
    sent = {"text": "I was here", "kind": "like", "reason": "Because", "version": "1"}
    for content in db.session.scalars(db.select(Content)).all():
        answer = people.browser(other).post(f"/contents/{content.id}/{act}", data=sent)
        assert (answer.status_code, "Secret" in answer.text, "Very" in answer.text) == (404, False, False)
    rows = [
        db.session.scalar(db.select(db.func.count()).select_from(model))
        for model in (Content, Reaction, Bookmark)
    ]
    assert rows == [2, 0, 0]


@pytest.mark.parametrize("access", [Access.CLOSED, Access.SECRET])
def test_who_does_not_belong_to_a_place_publishes_nothing_there(make_place, people, member, other, access):
    place = make_place("board", member, access=access)
    browser = people.browser(other)
    assert browser.post(f"/places/{place.id}/post", data={"text": "Hello"}).status_code == 404
    assert browser.post("/places/0/post", data={"text": "Hello", "place": str(place.id)}).status_code == 404
    assert newest() is None


def test_only_the_author_gets_the_page_for_changing(people, thread, other):
    root, first = thread
    browser = people.browser(other)
    assert [browser.get(f"/contents/{row.id}/edit").status_code for row in (root, first)] == [404, 200]
    assert browser.post(f"/contents/{root.id}/edit", data={"text": "Mine", "version": "1"}).status_code == 404
    assert browser.post(f"/contents/{root.id}/delete").status_code == 403


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_done_without_the_token_of_the_form(people, thread, member, act):
    root, _first = thread
    assert people.browser(member).post(f"/contents/{root.id}/{act}", csrf=False).status_code == 400


def test_nothing_is_published_or_kept_without_the_token_of_the_form(people, thread, member):
    place, browser = thread[0].place_id, people.browser(member)
    for path in (f"/places/{place}/post", f"/places/{place}/draft", "/social/preview", "/feed/choices"):
        assert browser.post(path, data={"text": "Hello"}, csrf=False).status_code == 400
    assert (newest().id, db.session.scalars(db.select(Draft)).all()) == (thread[1].id, [])


# comments in place


def test_a_comment_comes_into_its_thread_in_place(people, thread, member):
    root, _first = thread
    browser = people.browser(member)
    part = browser.post(f"/contents/{root.id}/comment", data={"text": "*Two*"}, headers=HTMX).text
    made = newest()
    assert ("<html" in part, 'hx-target="#thread"' in part, f'id="c{made.id}"' in part) == (False, True, True)
    assert ("<em>Two</em>" in part, "2 comments" in part, "Write a comment" in part) == (True, True, True)


def test_an_answer_comes_under_what_it_answers(people, thread, member):
    root, first = thread
    sent = {"text": "Two", "parent": str(first.id)}
    part = people.browser(member).post(f"/contents/{root.id}/comment", data=sent, headers=HTMX).text
    assert (f'hx-target="#replies-{first.id}"' in part, newest().parent_id) == (True, first.id)
    page = people.browser(member).get(f"/contents/{root.id}").text
    assert f'id="replies-{first.id}"><article' in page


def test_a_comment_from_under_a_card_comes_under_it(people, thread, member):
    root, _first = thread
    sent = {"text": "Two", "from": "card"}
    part = people.browser(member).post(f"/contents/{root.id}/comment", data=sent, headers=HTMX).text
    assert [f'hx-target="#{name}-{root.id}"' in part for name in ("last", "actions")] == [True, True]
    assert (f'id="say-{root.id}"' in part, "2 comments" in part, "<html" in part) == (True, True, False)


@pytest.mark.parametrize("sent", [{"from": "card"}, {}])
def test_a_comment_refused_in_place_keeps_its_words_and_its_key(people, thread, member, sent):
    root, first = thread
    sent = {"text": "x" * 5001, "form_key": "again", **sent}
    answer = people.browser(member).post(f"/contents/{root.id}/comment", data=sent, headers=HTMX)
    assert (answer.status_code, "<html" in answer.text, "too long" in answer.text) == (422, False, True)
    assert ("x" * 5001 in answer.text, 'value="again"' in answer.text) == (True, True)
    assert newest().id == first.id


def test_a_comment_sent_twice_is_there_once(people, thread, member):
    root, _first = thread
    browser = people.browser(member)
    for _time in range(2):
        browser.post(f"/contents/{root.id}/comment", data={"text": "Two", "form_key": "once"})
    assert db.session.scalar(db.select(Content.comments_count).where(Content.id == root.id)) == 2


def test_a_form_that_published_a_post_before_leads_to_that(people, thread, member):
    root, _first = thread
    before = post(place=root.place, text="Post", actor=member, form_key="once")
    db.session.commit()
    answer = people.browser(member).post(
        f"/contents/{root.id}/comment", data={"text": "Comment", "form_key": "once"}
    )
    assert answer.location == f"/contents/{before.id}?comment={before.id}#c{before.id}"
    assert newest().id == before.id


def test_a_card_offers_a_line_for_a_comment_while_one_may(people, thread, member):
    root, _first = thread
    browser = people.browser(member)
    assert f'id="say-{root.id}"' in browser.get("/").text
    lock(content=root, reason="Decided.", actor=member)
    db.session.commit()
    assert f'id="say-{root.id}"' not in browser.get("/").text


def test_an_archived_place_offers_no_way_to_write(people, thread, member):
    root, _first = thread
    root.place.archived_at = utcnow()
    db.session.commit()
    browser = people.browser(member)
    assert f'id="say-{root.id}"' not in browser.get("/").text
    page = browser.get(f"/contents/{root.id}").text
    assert ('id="write"' in page, "is archived: it can be read" in page) == (False, True)
    answer = browser.post(f"/contents/{root.id}/comment", data={"text": "Still here"})
    assert (answer.status_code, "Still here" in answer.text) == (403, False)


def test_a_comment_removed_in_place_leaves_a_way_back(people, thread, other):
    root, first = thread
    browser = people.browser(other)
    part = browser.post(f"/contents/{first.id}/delete", headers=HTMX).text
    assert ("<html" in part, f'action="/contents/{first.id}/restore"' in part) == (False, True)
    assert browser.post(f"/contents/{first.id}/restore").status_code == 303
    assert "One" in browser.get(f"/contents/{root.id}").text


def test_what_was_not_removed_has_no_page_for_taking_it_back(people, thread, member):
    root, first = thread
    browser = people.browser(member)
    assert browser.get(f"/contents/{root.id}/restore").location == f"/contents/{root.id}"
    delete(content=first, actor=member)
    db.session.commit()
    assert "Undo" in browser.get(f"/contents/{first.id}/restore").text


# the thread


def test_the_comment_one_answers_is_on_the_page_however_old_it_is(people, thread, member):
    root, first = thread
    for number in range(25):
        comment(root=root, text=f"Further {number}", actor=member)
    db.session.commit()
    browser = people.browser(member)
    assert f'id="c{first.id}"' not in browser.get(f"/contents/{root.id}").text
    page = browser.get(f"/contents/{root.id}?reply={first.id}").text
    assert (f'id="c{first.id}"' in page, f'name="parent" value="{first.id}"' in page) == (True, True)
    form = re.search(r'<form [^>]*id="write"[^>]*>', page)[0]
    assert "hx-post" not in form  # there are later comments: what one writes is shown among them


def test_what_is_discussed_is_quoted_as_well(people, thread, member):
    page = people.browser(member).get(f"/contents/{thread[0].id}?quote=1").text
    assert "&gt; Question?" in page


def test_the_answer_stands_on_top_unless_it_is_the_first_comment(people, thread, member):
    root, first = thread
    second = comment(root=root, text="Two", actor=member)
    mark_answer(comment=first, actor=member)
    db.session.commit()
    browser = people.browser(member)
    assert "answer-title" not in browser.get(f"/contents/{root.id}").text
    browser.post(f"/contents/{second.id}/answer")
    page = browser.get(f"/contents/{root.id}").text
    top = page.partition('id="answer-title"')[2].partition("</section>")[0]
    assert ("<p>Two</p>" in top, f'href="/contents/{root.id}?comment={second.id}#c{second.id}"' in top) == (
        True,
        True,
    )
    assert f'so-comment--answer" id="c{second.id}"' in page


def test_a_permanent_link_marks_the_comment(people, thread, member):
    root, first = thread
    page = people.browser(member).get(f"/contents/{root.id}?comment={first.id}").text
    assert f'so-comment--marked" id="c{first.id}"' in page


@pytest.mark.parametrize(
    ("text", "cut"), [("Short", False), ("\n\n".join(["Line"] * 30), True), ("word " * 400, True)]
)
def test_only_a_long_text_is_cut_and_read_on(make_place, people, member, text, cut):
    made = post(place=make_place("club", member), text=text, actor=member)
    db.session.commit()
    browser = people.browser(member)
    assert ("Read on" in browser.get("/").text, "Read on" in browser.get(f"/contents/{made.id}").text) == (
        cut,
        False,
    )


# posts


def test_one_writes_from_anywhere_and_chooses_where(make_place, people, member):
    make_place("club", member)
    page = people.browser(member).get("/places/0/post").text
    assert ("My wall: everyone in the company" in page, "Club: everyone in the company" in page) == (
        True,
        True,
    )
    assert find_wall(member.id) is None


def test_a_composer_says_who_will_read_it(make_place, people, member):
    place = make_place("board", member, access=Access.CLOSED)
    browser = people.browser(member)
    assert "Only the members of Board can read this." in browser.get(f"/places/{place.id}/post").text
    assert "Board: members only" in browser.get("/").text


def test_who_may_not_publish_somewhere_is_told_so(make_place, people, member, other):
    place = make_place("news", member, other, posting=Posting.MODERATORS)
    browser = people.browser(other)
    assert "You cannot publish in News." in browser.get(f"/places/{place.id}/post").text
    answer = browser.post(f"/places/{place.id}/post", data={"text": "My long text"})
    assert (answer.status_code, "My long text" in answer.text) == (403, True)
    assert "Only those who look after News publish here." in answer.text


def test_a_refused_post_keeps_its_words_and_the_place_one_chose(make_place, people, member):
    place = make_place("club", member)
    sent = {"text": "x" * (MOST + 1), "place": str(place.id), "from": "home", "form_key": "again"}
    answer = people.browser(member).post("/places/0/post", data=sent)
    assert (answer.status_code, "x" * (MOST + 1) in answer.text) == (422, True)
    assert f'<option value="{place.id}" selected>' in answer.text
    assert ('name="from" value="home"' in answer.text, 'value="again"' in answer.text) == (True, True)


def test_a_refused_post_on_a_wall_that_was_none_keeps_its_words(people, member, other):
    path = f"/people/{other.person.handle}/wall"
    answer = people.browser(member).post(path, data={"text": "x" * (MOST + 1)})
    assert (answer.status_code, "x" * (MOST + 1) in answer.text) == (422, True)


def test_what_is_published_is_said_with_where(make_place, people, member, other):
    place = make_place("club", member)
    browser = people.browser(member)
    browser.post("/places/0/post", data={"text": "Hello", "place": "0"})
    assert "Published on your wall." in browser.get("/").text
    browser.post(f"/people/{other.person.handle}/wall", data={"text": "Hello"})
    assert f"Published on {other.person.display_name}’s wall." in browser.get("/").text
    browser.post(f"/places/{place.id}/post", data={"text": "Hello"})
    assert "Published in Club." in browser.get("/").text


# pictures


def test_pictures_are_described_without_javascript(make_place, people, member, other):
    place = make_place("club", member)
    browser = people.browser(member)
    sent = {"text": "Look", "preview": "1", "files": [(io.BytesIO(portrait("Target", 200)), "me.jpg")]}
    page = browser.post(f"/places/{place.id}/post", data=sent, content_type="multipart/form-data").text
    file_id = re.search(r'name="alternative_(\d+)"', page)[1]
    sent = {"text": "Look", "kept_files": file_id, f"alternative_{file_id}": "A face"}
    browser.post(f"/places/{place.id}/post", data=sent)
    made = newest()
    assert 'alt="A face"' in people.browser(other).get(f"/contents/{made.id}").text
    page = browser.get(f"/contents/{made.id}/edit").text
    assert f'name="alternative_{file_id}" value="A face"' in page
    sent = {"text": "Look", "version": "1", "kept_files": file_id, f"alternative_{file_id}": "My face"}
    browser.post(f"/contents/{made.id}/edit", data=sent)
    assert 'alt="My face"' in people.browser(other).get(f"/contents/{made.id}").text


def test_nobody_describes_the_pictures_of_others(make_place, people, member, other):
    place = make_place("club", member, other)
    file = upload(data=portrait("Target", 200), filename="me.jpg", actor=member, alternative="A face")
    made = post(place=place, text="Look", actor=member, files=[file.id])
    db.session.commit()
    sent = {"text": "Look", "kept_files": str(file.id), f"alternative_{file.id}": "A monkey"}
    people.browser(other).post(f"/places/{place.id}/post", data=sent)
    assert (db.session.get(File, file.id).alternative, made.files[0]["alt"]) == ("A face", "A face")


# drafts


def test_a_draft_is_brought_where_one_writes_and_to_nobody_else(make_place, people, member, other):
    place = make_place("club", member, other)
    browser = people.browser(member)
    browser.post(f"/places/{place.id}/draft", data={"text": "Begun <b>"})
    answer = browser.get(f"/places/{place.id}/draft")
    assert (answer.json, answer.headers["Cache-Control"]) == ({"text": "Begun <b>", "files": []}, "no-store")
    assert people.browser(other).get(f"/places/{place.id}/draft").json["text"] == ""


def test_a_draft_is_kept_with_its_pictures_and_files(make_place, people, member, other):
    place, browser = make_place("club", member, other), people.browser(member)
    address = f"/places/{place.id}/post"
    sent = {"text": "Begun", "keep": "1", "alternative": ["Lille", ""]}
    sent["files"] = [
        (io.BytesIO(portrait("lille", 60)), "lille.jpg"),
        (io.BytesIO(b"Minutes"), "minutes.txt"),
    ]
    assert browser.post(address, data=sent).location == address
    db.session.execute(db.update(File).values(created_at=utcnow() - timedelta(days=9)))
    db.session.commit()
    forget_files()
    picture, minutes = (
        {"id": file.id, "name": file.name, "words": file.alternative}
        for file in db.session.scalars(db.select(File))
    )
    found = browser.get(f"/places/{place.id}/draft").json["files"]
    assert [{name: each[name] for name in picture} for each in found] == [picture, minutes]
    assert (picture["words"], bool(found[0]["picture"]), found[1]["picture"]) == ("Lille", True, "")
    assert people.browser(other).get(f"/places/{place.id}/draft").json["files"] == []
    browser.post(f"/places/{place.id}/draft", data={"text": ""})  # as the browser keeps it: the files stay
    shown = browser.get(address).text
    both = f"{picture['id']},{minutes['id']}"
    assert f'name="kept_files" type="hidden" value="{both}"' in shown
    kept = {"text": "", "keep": "1", "kept_files": both, "remove_file": str(picture["id"])}
    browser.post(address, data=kept)
    assert [each["id"] for each in browser.get(f"/places/{place.id}/draft").json["files"]] == [minutes["id"]]
    browser.post(address, data={"text": "Ended", "kept_files": str(minutes["id"])})
    assert [file["name"] for file in newest().files] == ["minutes.txt"]
    assert browser.get(f"/places/{place.id}/draft").json == {"text": "", "files": []}


def test_a_draft_with_a_file_that_is_not_one_s_own_is_refused_and_shown_again(
    make_place, people, member, other
):
    place, file = make_place("club", member), upload(data=b"Minutes", filename="minutes.txt", actor=other)
    db.session.commit()
    sent = {"text": "Begun", "keep": "1", "kept_files": str(file.id)}
    answer = people.browser(member).post(f"/places/{place.id}/post", data=sent)
    assert (answer.status_code, "Begun" in answer.text, "no longer there" in answer.text) == (422, True, True)


def test_a_draft_for_one_s_wall_needs_no_wall_to_be_asked_for(people, member):
    browser = people.browser(member)
    assert (browser.get("/places/0/draft").json["text"], db.session.scalars(db.select(Place)).all()) == (
        "",
        [],
    )
    browser.post("/places/0/draft", data={"text": "Begun"})
    assert browser.get("/places/0/draft").json["text"] == "Begun"
    assert "Begun" in browser.get("/places/0/post").text
    browser.post("/places/0/post", data={"text": "Begun, ended", "place": "0"})
    assert browser.get("/places/0/draft").json["text"] == ""


def test_a_draft_in_a_place_that_is_not_open_is_not_there(make_place, people, member, other):
    place = make_place("board", member, access=Access.SECRET)
    browser = people.browser(other)
    assert browser.get(f"/places/{place.id}/draft").status_code == 404
    assert browser.post(f"/places/{place.id}/draft", data={"text": "Begun"}).status_code == 404


def test_keeping_a_draft_leads_to_it(make_place, people, member):
    place = make_place("club", member)
    answer = people.browser(member).post(f"/places/{place.id}/post", data={"text": "Begun", "keep": "1"})
    assert (answer.location, newest()) == (f"/places/{place.id}/post", None)


# what is drawn once


def test_what_cards_have_in_common_is_drawn_once_and_carries_each_one_s_number(make_place, people, member):
    place = make_place("club", member)
    ids = [post(place=place, text=f"Number {number}", actor=member).id for number in range(3)]
    db.session.commit()
    page = people.browser(member).get("/").text
    assert (page.count("{0}"), page.count("{1}")) == (0, 0)
    for act in ("react", "bookmark", "comment", "delete"):
        assert re.findall(rf'action="/contents/(\d+)/{act}"', page) == [str(i) for i in reversed(ids)]
    keys = re.findall(r'name="form_key" value="([^"]+)"', page)
    assert (len(keys) >= 3, len(set(keys))) == (True, len(keys))
    assert max(map(len, keys)) <= 40


KEY = re.compile(r'name="form_key"[^>]*value="([^"]+)"')


def test_each_page_gives_its_forms_a_key_of_their_own_though_all_are_drawn_once(
    people, thread, member, other
):
    root, _comment = thread
    pages = [
        people.browser(who).get(path).text
        for who in (member, other)
        for path in ("/", "/", f"/contents/{root.id}")
    ]
    keys = [KEY.search(page)[1] for page in pages]
    assert len(set(keys)) == len(pages)
    home, begun = people.browser(member), {"text": "Once", "place": "0"}
    key = KEY.search(home.get("/").text)[1]
    first = [home.post("/places/0/post", data={**begun, "form_key": key}).status_code for _twice in range(2)]
    home.post("/places/0/post", data={**begun, "form_key": KEY.search(home.get("/").text)[1]})
    assert (
        first,
        len(
            db.session.scalars(
                db.select(Content).where(Content.author_id == member.id, Content.id > root.id + 1)
            ).all()
        ),
    ) == ([303] * 2, 2)


def test_a_blank_form_names_its_own_place_and_writer(make_place, people, member, other):
    for number, who in enumerate((member, other)):
        place = make_place(f"board-{number}", who, access=Access.CLOSED, name=f"Drawn-{number} <{{0}}>")
        root = post(place=place, text="Here", actor=who)
        db.session.commit()
        browser = people.browser(who)
        own = [f'<option value="{place.id}">Drawn-{number} &lt;{{0}}&gt;: members only</option>']
        own += [f"Only the members of Drawn-{number} &lt;{{0}}&gt; can read this."]
        shown = browser.get("/").text, browser.get(f"/contents/{root.id}").text
        assert [words in page for words, page in zip(own, shown, strict=True)] == [True, True]
        assert not any(f"Drawn-{1 - number}" in page or "drawn-" in page for page in shown)
