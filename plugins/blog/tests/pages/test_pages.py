"""The pages of blogs, as a leader, a delegate, an employee and a stranger meet them."""

import re
from datetime import UTC, datetime
from html import unescape

import feedparser
import pytest
from parvis.api import db, record
from parvis.identity.joining import Joined
from parvis_blog.domain.ask import ask
from parvis_blog.domain.draft import ask_review, save_draft
from parvis_blog.domain.publish import publish_draft, schedule
from parvis_blog.domain.read import get_blog_for
from parvis_blog.models import Draft, FeedKey, Question
from parvis_blog.plugin import BlogPlugin
from parvis_social.api import comment, follow_of, react
from parvis_social.plugin import SocialPlugin
from sqlalchemy import event

pytestmark = pytest.mark.plugins(social=SocialPlugin, blog=BlogPlugin)


def test_a_blog_is_opened_and_somebody_let_write_in_it(administrator_client, chief, delegate):
    browser, handle = administrator_client, chief.person.handle
    assert browser.get("/blogs/new").status_code == 200
    form = {"kind": "blog", "name": "Emma's blog", "leader": f"@{handle}", "language": "en"}
    assert browser.post("/blogs/new", data=form).location == "/blogs/emma-s-blog/writers"
    form = {"handle": f"@{delegate.person.handle}", "role": "moderator"}
    browser.post("/blogs/emma-s-blog/writers", data=form)
    shown = browser.get("/blogs/emma-s-blog/writers").text
    assert ("Emma Chief" in shown, "Dan Delegate" in shown, "Delegate</span>" in shown) == (True, True, True)
    assert browser.get("/blogs/emma-s-blog/settings").status_code == 200
    browser.post(
        "/blogs/emma-s-blog/settings",
        data={
            "name": "Emma writes", "purpose": "As it is", "language": "en", "asks": "1",
            "second_name": "Emma dit", "second_purpose": "Sans fard",
        },
    )  # fmt: skip
    assert "Emma writes" in browser.get("/blogs").text
    kept = browser.get("/blogs/emma-s-blog/settings").text
    assert all(f'value="{words}"' in kept for words in ("Emma writes", "As it is", "Emma dit", "Sans fard"))


def test_a_delegate_gives_their_role_back_and_takes_nobody_elses(blog, chief, delegate, people):
    browser, here = people.browser(delegate), "/blogs/emma-s-blog"
    assert "You publish here for its authors." in browser.get(here).text
    assert browser.post(f"{here}/writers/{chief.person.handle}/remove").status_code == 404
    assert browser.post(f"{here}/writers/{delegate.person.handle}/remove").location == here
    assert "Write an article" not in browser.get(here).text


def test_who_may_not_open_a_blog_finds_no_such_page(member_client):
    assert member_client.get("/blogs/new").status_code == 404


def test_in_french_the_other_language_is_named_in_french(blog, chief, people):
    chief.language = "fr"
    db.session.commit()
    browser = people.browser(chief)
    here = browser.post("/blogs/emma-s-blog/write").location
    assert "Le même article en français" in browser.get(here).text
    browser.post(here, data={"version": "1", "language": "fr", "title": "Une année", "source": "x"})
    assert "Le même article en anglais" in browser.get(here).text
    assert "<title>Aperçu\u00a0: Une année" in browser.get(f"{here}/preview").text


def test_a_delegate_writes_looks_publishes_and_changes(blog, delegate, member, people):
    browser = people.browser(delegate)
    assert "Write an article" in browser.get("/blogs/emma-s-blog").text
    here = browser.post("/blogs/emma-s-blog/write").location
    page = browser.get(here).text
    assert "Published by Dan Delegate for Emma Chief" in page
    said = {"version": "1", "language": "en", "title": "Our year", "source": "We *built*", "series": "Years"}
    saved = browser.post(here, data={**said, "act": "save"}, headers={"HX-Request": "true"})
    assert 'data-saved="2"' in saved.text
    said["version"] = "2"
    assert browser.post(here, data={**said, "act": "preview"}).location == f"{here}/preview"
    assert "<em>built</em>" in browser.get(f"{here}/preview").text
    assert "<em>so</em>" in browser.post(f"{here}/preview", data={"text": "*so*"}).text
    said |= {"second_title": "Notre année", "second_source": "Bâti", "acknowledge": "1"}
    article = browser.post(here, data={**said, "acknowledge_known": "1", "act": "publish"}).location
    reader = people.browser(member)
    read = reader.get(article).text
    assert ("Published by Dan Delegate for Emma Chief" in read, "I have read it" in read) == (True, True)
    assert "Notre année" in reader.get(f"{article}?language=fr").text
    assert browser.get(f"{article}/edit").location == here
    changing = browser.get(here).text
    assert ("Publish the change" in changing, "Published by Dan Delegate" in changing) == (True, False)
    text = reader.get(f"{article}/text").text
    assert ("Published by Dan Delegate for Emma Chief" in text, "# Notre année" in text) == (True, True)


def test_an_unfinished_article_is_shown_again_and_kept(blog, chief, make_draft, people):
    draft = make_draft(blog, chief, source="")
    browser = people.browser(chief)
    said = {"version": str(draft.version), "title": "Kept", "source": "", "act": "publish"}
    answer = browser.post(f"/blogs/drafts/{draft.id}", data=said)
    assert (answer.status_code, "write something first" in answer.text) == (422, True)
    assert db.session.scalar(db.select(Draft.title)) == "Kept"


def test_of_two_who_write_the_second_sees_both_texts_before_one_is_replaced(
    blog, chief, delegate, make_draft, people
):
    draft = make_draft(blog, chief, second_title="Une année")
    here, version = f"/blogs/drafts/{draft.id}", str(draft.version)
    theirs = {"title": "Hers <1>", "source": "She *wrote*", "second_title": "La sienne", "tags": "tide"}
    people.browser(delegate).post(here, data={"version": version, **theirs})
    browser, mine = people.browser(chief), {"title": "Mine", "source": "I wrote", "tags": "tide"}
    mine |= {"version": version, "second_title": "La mienne", "act": "save"}
    told = browser.post(here, data=mine, headers={"HX-Request": "true"})
    assert (told.status_code, "press Save to see both" in told.text) == (409, True)
    answer = browser.post(here, data=mine)
    shown = re.findall(r'<pre class="so-source" lang="(..)"[^>]*>([^<]*)</pre>', answer.text)
    assert shown == [("en", "Hers &lt;1&gt;"), ("en", "She *wrote*"), ("fr", "La sienne")]
    assert (answer.status_code, 'value="Mine"' in answer.text, " data-held>" in answer.text) == (
        422,
        True,
        True,
    )
    assert db.session.scalar(db.select(Draft.title)) == "Hers <1>"
    browser.post(here, data=mine | {"version": re.search(r'name="version" value="(\d+)"', answer.text)[1]})
    assert db.session.scalar(db.select(Draft.title)) == "Mine"


@pytest.fixture
def fault():
    """Whatever changes a draft as an entity, as publishing does at its end, fails."""

    def fail(*_about):
        raise ZeroDivisionError

    event.listen(Draft, "before_update", fail)
    yield
    event.remove(Draft, "before_update", fail)


@pytest.mark.both_databases
def test_where_publishing_fails_nothing_is_saved_as_is_said(blog, chief, make_draft, people, fault):
    draft = make_draft(blog, chief)
    said = {"version": str(draft.version), "title": "Lost", "act": "publish"}
    answer = people.browser(chief).post(f"/blogs/drafts/{draft.id}", data=said)
    assert (answer.status_code, "Nothing of it was saved" in answer.text) == (500, True)
    assert db.session.scalar(db.select(Draft.title)) == "Our year"


def test_publishing_is_put_off_in_a_time_zone(blog, chief, make_draft, people):
    draft = make_draft(blog, chief)
    browser, here = people.browser(chief), f"/blogs/drafts/{draft.id}"
    when = {"day": "2199-07-01", "time": "09:30", "timezone": "Europe/Paris", "act": "schedule"}
    browser.post(here, data={"version": str(draft.version), **when})
    shown = browser.get(here).text
    assert ("Jul 1, 2199, 9:30\u202fAM (Europe/Paris)" in shown, draft.scheduled_at.hour) == (True, 7)
    browser.post(here, data={"version": str(draft.version), "act": "unschedule"})
    assert db.session.get_one(Draft, draft.id).scheduled_at is None


@pytest.mark.parametrize("refused", [
    {"act": "schedule", "day": "", "time": ""}, {"act": "publish", "title": "", "day": "", "time": ""},
])  # fmt: skip
def test_what_is_refused_of_a_scheduled_draft_leaves_its_moment_in_sight(
    blog, chief, make_draft, people, refused
):
    draft, chief.language = make_draft(blog, chief), "fr"
    moment = datetime(2199, 7, 1, 7, 30, tzinfo=UTC)
    schedule(draft=draft, actor=chief, version=draft.version, at=moment, timezone="Europe/Paris")
    db.session.commit()
    said = {"version": str(draft.version), "title": "Kept", "timezone": "Europe/Paris", **refused}
    answer = people.browser(chief).post(f"/blogs/drafts/{draft.id}", data=said)
    moment_said = "le 1 juil. 2199, 09:30 (Europe/Paris)"
    assert (answer.status_code, moment_said in unescape(answer.text)) == (422, True)


@pytest.mark.parametrize("path", ["", "/preview"])
def test_a_draft_is_nobodys_elses(blog, chief, member, other, make_draft, people, path):
    draft = make_draft(blog, chief)
    ask_review(draft=draft, person=other.person, actor=chief)
    db.session.commit()
    address = f"/blogs/drafts/{draft.id}"
    assert people.browser(member).get(address + path).status_code == 404
    reviewer = people.browser(other)
    assert reviewer.get(address).location == f"{address}/preview"
    assert "What do you think of it?" in reviewer.get(f"{address}/preview").text
    assert reviewer.post(address, data={"title": "Mine"}).status_code == 404
    assert reviewer.post(f"{address}/remark", data={"remark": "Good"}).status_code == 303
    assert "Good" in people.browser(chief).get(address).text


def test_a_picture_of_a_draft_opens_for_who_sees_the_draft(
    blog, chief, member, other, make_draft, add_picture, people
):
    draft = make_draft(blog, chief)
    picture = add_picture(draft, chief)
    ask_review(draft=draft, person=other.person, actor=chief)
    db.session.commit()
    address = f"/blogs/drafts/{draft.id}/files/{picture['id']}/tide.jpg"
    found = [people.browser(who).get(address, buffered=True).status_code for who in (chief, other, member)]
    assert found == [200, 200, 404]


def test_pictures_of_a_published_article_are_seen_where_it_is_changed(
    blog, chief, other, member, make_draft, add_picture, people
):
    draft = make_draft(blog, chief)
    picture = add_picture(draft, chief)
    save_draft(draft=draft, actor=chief, version=draft.version, lead_id=picture["id"])
    publish_draft(draft=draft, actor=chief, version=draft.version)
    ask_review(draft=draft, person=other.person, actor=chief)
    db.session.commit()
    address = f"/blogs/drafts/{draft.id}/files/{picture['id']}/tide.jpg?size=thumb"
    found = [people.browser(who).get(address, buffered=True).status_code for who in (chief, other, member)]
    assert found == [200, 200, 404]


# reading and talking


def test_the_leaders_comments_stand_out_and_can_be_looked_for(blog, chief, member, make_article, people):
    article = make_article(blog, chief)
    first = comment(root=article, text="Why a turbine?", actor=member)
    comment(root=article, text="Because of the tide", actor=chief, parent_id=first.id)
    liked = comment(root=article, text="Wonderful", actor=member)
    react(content=liked, kind="like", actor=chief)
    db.session.commit()
    browser, path = people.browser(member), f"/blogs/articles/{article.id}"
    page = browser.get(path).text
    assert (page.count("so-comment--voice"), page.count('<span class="so-voice">Author</span>')) == (1, 1)
    assert "Wonderful" not in browser.get(f"{path}?answered=1").text
    by_reactions = browser.get(f"{path}?order=reactions").text
    assert by_reactions.index("Wonderful") < by_reactions.index("Why a turbine?")
    assert browser.get(f"/contents/{article.id}?comment={first.id}").location == f"{path}?comment={first.id}"


def test_closed_comments_say_who_closed_them_when_and_why(blog, chief, member, make_article, people):
    article = make_article(blog, chief)
    people.browser(chief).post(f"/contents/{article.id}/lock", data={"reason": "All is said"})
    page = people.browser(member).get(f"/blogs/articles/{article.id}").text
    assert re.search(r"Emma Chief closed the comments on [^:]+: All is said", page)
    assert 'id="write"' not in page


def test_a_hidden_comment_leaves_a_mark_with_the_reason(blog, chief, delegate, member, make_article, people):
    article = make_article(blog, chief)
    said = comment(root=article, text="Quokka", actor=member)
    db.session.commit()
    browser = people.browser(delegate)
    assert browser.post(f"/contents/{said.id}/delete").status_code == 403
    browser.post(f"/contents/{said.id}/hide", data={"reason": "A name in it"})
    page = people.browser(chief).get(f"/blogs/articles/{article.id}").text
    assert ("Dan Delegate hid a comment" in page, "A name in it" in page, "Quokka" in page) == (
        True,
        True,
        False,
    )


def test_who_has_read_is_counted_once_and_named_to_nobody(blog, chief, member, make_article, people):
    article = make_article(blog, chief, acknowledge=True)
    reader, path = people.browser(member), f"/blogs/articles/{article.id}"
    for _twice in range(2):
        reader.post(f"{path}/acknowledge")
    assert "You said on" in reader.get(path).text
    page = people.browser(chief).get(path).text
    assert ("1 colleague has read it" in page, "Ada" in page) == (True, False)


def test_an_article_that_does_not_ask_is_not_acknowledged(blog, chief, make_article, member_client):
    article = make_article(blog, chief)
    assert member_client.post(f"/blogs/articles/{article.id}/acknowledge").status_code == 403


def test_new_members_follow_the_main_blog_and_may_unfollow(blog, chief, people, deliver, make_article):
    newcomer = people.member("New Comer")
    record(Joined(actor=newcomer.id, person=newcomer.id))
    make_article(blog, chief)
    deliver()
    browser = people.browser(newcomer)
    assert (follow_of(blog.place_id, newcomer) is not None, "Our year" in browser.get("/").text) == (
        True,
        True,
    )
    browser.post("/feed/choices", data={"filter": "leaders"})
    assert "Our year" in browser.get("/").text
    browser.post(f"/places/{blog.place_id}/follow", data={"take_back": "1"})
    assert "Our year" not in browser.get("/").text


# asking


def test_a_question_is_put_shared_answered_and_counted(blog, chief, member, other, people, deliver):
    asker, friend, leader = (people.browser(who) for who in (member, other, chief))
    here = asker.post("/blogs/emma-s-blog/questions", data={"text": "Why here?", "form_key": "k"}).location
    assert "Not answered yet" in friend.get("/blogs/emma-s-blog/questions").text
    for _twice in range(2):
        friend.post(f"{here}/voice")
    assert "2 want to know" in friend.get(here).text
    assert friend.get(f"{here}/answer").status_code == 404
    deliver()
    assert "Ada Member asks in Emma" in leader.get("/notifications").text
    assert leader.get(f"{here}/answer").status_code == 200
    leader.post(f"{here}/answer", data={"text": "For the *tide*", "article": "0"})
    deliver()
    shown = friend.get("/blogs/emma-s-blog").text
    assert "1 of 1 question answered, half of them within an hour" in shown
    assert "Emma Chief answered: Why here?" in friend.get("/notifications").text
    assert "<em>tide</em>" in friend.get("/blogs/emma-s-blog/questions?show=answered").text


def test_an_anonymous_question_names_nobody_anywhere(blog, chief, member, people, deliver):
    browser = people.browser(member)
    here = browser.post(
        "/blogs/emma-s-blog/questions", data={"text": "Is it true?", "anonymous": "1"}
    ).location
    deliver()
    leader = people.browser(chief)
    for path in (here, "/blogs/emma-s-blog/questions", "/notifications", f"{here}/answer"):
        page = leader.get(path).text
        assert ("Is it true?" in page, "Ada Member" in page) == (True, False), path
    leader.post(f"{here}/answer", data={"text": "No.", "article": "0"})
    deliver()
    assert "Emma Chief answered" in browser.get("/notifications").text


def test_a_question_is_answered_in_an_article(blog, chief, delegate, member, make_article, people):
    question = ask(view=get_blog_for(member, "emma-s-blog"), text="What next?", actor=member)
    article = make_article(blog, chief, title="What comes next")
    people.browser(delegate).post(
        f"/blogs/questions/{question.id}/answer", data={"text": "", "article": str(article.id)}
    )
    page = people.browser(member).get(f"/blogs/questions/{question.id}").text
    assert ("Answered on" in page, "What comes next" in page) == (True, True)
    assert "Published by Dan Delegate for Emma Chief" in page
    people.browser(chief).post(
        f"/blogs/questions/{question.id}/answer", data={"text": "A tide.", "article": "0"}
    )
    page = people.browser(member).get(f"/blogs/questions/{question.id}").text
    assert ("A tide." in page, "What comes next" in page) == (True, False)


def test_a_question_is_hidden_with_a_reason_and_counts_as_not_answered(blog, chief, member, people):
    question = ask(view=get_blog_for(member, "emma-s-blog"), text="Quokka?", actor=member)
    db.session.commit()
    stranger = people.browser(people.member())
    assert stranger.get(f"/blogs/questions/{question.id}/hide").status_code == 404
    people.browser(chief).post(f"/blogs/questions/{question.id}/hide", data={"reason": "Personal"})
    page = stranger.get("/blogs/emma-s-blog/questions").text
    assert ("Emma Chief hid this question" in page, "Personal" in page, "Quokka" in page) == (
        True,
        True,
        False,
    )
    assert "0 of 1 question answered" in stranger.get("/blogs/emma-s-blog").text


@pytest.mark.settings(**{"plugins.blog": {"questions_per_day": 1}})
def test_who_has_asked_enough_for_today_keeps_what_they_typed(blog, member_client):
    for text, status in (("Why?", 303), ("How is the *turbine*?", 429)):
        answer = member_client.post("/blogs/emma-s-blog/questions", data={"text": text})
        assert answer.status_code == status
    assert ("How is the *turbine*?</textarea>" in answer.text, "go on tomorrow" in answer.text) == (
        True,
        True,
    )


def test_ones_question_is_withdrawn_by_oneself_alone(blog, member, other, people):
    question = ask(view=get_blog_for(member, "emma-s-blog"), text="Why?", actor=member)
    db.session.commit()
    assert people.browser(other).post(f"/blogs/questions/{question.id}/withdraw").status_code == 404
    people.browser(member).post(f"/blogs/questions/{question.id}/withdraw")
    assert db.session.query(Question).count() == 0


# feeds


def test_a_feed_is_read_by_a_key_until_it_is_revoked(
    blog, chief, delegate, member, make_article, people, client
):
    make_article(blog, delegate, title="Tides & turbines")
    browser = people.browser(member)
    assert browser.get("/blogs/feeds?blog=emma-s-blog").status_code == 200
    page = browser.post("/blogs/feeds", data={"label": "Portal", "blog": "emma-s-blog"}).text
    address = re.search(r"http://localhost(/blogs/emma-s-blog/feed/[\w-]+)", page)[1]
    answer = client.get(address)
    feed = feedparser.parse(answer.data)
    [entry] = feed.entries
    assert (feed.bozo, feed.version, answer.mimetype) == (False, "atom10", "application/atom+xml")
    assert (entry.title, entry.author) == ("Tides & turbines", "Emma Chief (published by Dan Delegate)")
    assert entry.link.startswith("http://localhost/blogs/articles/")
    assert address.rpartition("/")[2] not in answer.text
    assert client.get(address[:-1] + "x").status_code == 404
    key = db.session.scalar(db.select(FeedKey.id))
    assert people.browser(chief).post(f"/blogs/feeds/{key}/revoke").status_code == 404
    browser.post(f"/blogs/feeds/{key}/revoke")
    assert client.get(address).status_code == 404


def test_a_key_of_who_has_left_opens_nothing(blog, chief, member, make_article, people, client):
    page = people.browser(member).post("/blogs/feeds", data={"label": "Portal", "blog": "emma-s-blog"}).text
    address = re.search(r"http://localhost(/blogs/emma-s-blog/feed/[\w-]+)", page)[1]
    member.person.present = False
    db.session.commit()
    assert client.get(address).status_code == 404


def test_who_is_not_signed_in_reads_nothing(blog, chief, make_article, make_draft, client):
    article, draft = make_article(blog, chief), make_draft(blog, chief)
    for path in ("/blogs", "/blogs/emma-s-blog", f"/blogs/articles/{article.id}", f"/blogs/drafts/{draft.id}",
                 "/blogs/feeds", "/blogs/emma-s-blog/questions"):  # fmt: skip
        assert client.get(path).location.startswith("/login"), path
