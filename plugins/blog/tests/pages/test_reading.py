"""Reading: by month and series, in one's language, with history; following or not; a blog that is closed."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from parvis.api import db, record, utcnow
from parvis.identity.joining import Joined
from parvis_blog.domain.blog import change_blog, close_blog, open_blog
from parvis_blog.domain.draft import get_draft_of, save_draft
from parvis_blog.domain.publish import publish_draft
from parvis_blog.models import PERSONAL, TEAM, Article
from parvis_blog.plugin import BlogPlugin
from parvis_social.api import PlaceFollow, comment, follow_of, follow_place
from parvis_social.plugin import SocialPlugin
from sqlalchemy import update

pytestmark = pytest.mark.plugins(social=SocialPlugin, blog=BlogPlugin)


@pytest.fixture
def written(blog, chief, make_article):
    """Three articles, one of them in September, two of a series."""
    articles = [make_article(blog, chief, title=f"Year {n}", series="Years") for n in (1, 2)]
    other = make_article(blog, chief, title="Tides", tags="tide, quay")
    articles[0].created_at = datetime(2026, 9, 3, tzinfo=UTC)
    db.session.get_one(Article, articles[0].id).month = 202609
    db.session.commit()
    return [*articles, other]


def test_articles_are_listed_by_month_and_by_series(written, member_client):
    page = member_client.get("/blogs/emma-s-blog").text
    assert ("September 2026" in page, page.index("Tides") < page.index("Year 1")) == (True, True)
    september = member_client.get("/blogs/emma-s-blog?month=202609").text
    assert ("Year 1" in september, "Tides" in september) == (True, False)
    series = member_client.get("/blogs/emma-s-blog?series=YEARS").text
    assert ("Year 2" in series, "Tides" in series, ">Years<" in series) == (True, False, True)


def test_a_blog_is_named_in_the_language_of_who_reads(blog, chief, written, member, people):
    change_blog(blog=blog, actor=chief, name="Tidings", purpose="", language="en", second_name="Marées")
    follow_place(place=blog.place, actor=member)
    db.session.commit()
    paths = ("/", "/blogs", f"/blogs/articles/{written[0].id}", "/search?q=tidings")
    for language, names in (("en", (True, False)), ("fr", (False, True))):
        member.language = language
        db.session.commit()
        for path in paths:
            shown = unescape(people.browser(member).get(path).text.replace('value="tidings"', ""))
            assert (path, ("Tidings" in shown, "Marées" in shown)) == (path, names)


def test_a_blog_that_one_has_muted_is_muted_in_the_directory_and_heard_again_there(blog, member, people):
    browser, mute = people.browser(member), f"/places/{blog.place_id}/mute"
    follow_place(place=blog.place, actor=member)
    db.session.commit()
    browser.post(mute, data={"how_long": "week"})
    shown = browser.get("/blogs").text
    assert ("Muted Emma&#39;s blog" in shown, "Hear of it again" in shown) == (True, True)
    db.session.execute(update(PlaceFollow).values(muted_until=utcnow() - timedelta(seconds=1)))
    db.session.commit()
    assert "Following Emma&#39;s blog" in browser.get("/blogs").text


@pytest.mark.parametrize(
    ("query", "status"),
    [("month=202001", 404), ("series=Nothing", 404), ("series=%00", 200), ("month=20260900", 200)],
)
def test_what_has_no_article_is_no_page_and_what_means_nothing_is_all_of_it(
    written, member_client, query, status
):
    assert member_client.get(f"/blogs/emma-s-blog?{query}").status_code == status


def test_articles_of_a_series_lead_from_one_to_the_next(written, member_client):
    first, second, _other = written
    page = member_client.get(f"/blogs/articles/{first.id}").text
    assert (f'href="/blogs/articles/{second.id}" rel="next"' in page, 'rel="prev"' in page) == (True, False)
    assert (
        f'href="/blogs/articles/{first.id}" rel="prev"'
        in member_client.get(f"/blogs/articles/{second.id}").text
    )


def test_tags_of_an_article_lead_to_all_that_has_them(written, member_client):
    assert 'href="/tags/quay"' in member_client.get(f"/blogs/articles/{written[2].id}").text
    assert "Tides" in member_client.get("/tags/quay").text


def test_what_an_article_said_before_stays_to_be_seen_in_both_languages(
    blog, chief, make_article, member_client
):
    article = make_article(blog, chief, second_title="Notre année", second_source="Une seule éolienne.")
    draft = get_draft_of(chief, article.id).draft
    save_draft(draft=draft, actor=chief, version=draft.version, source="Two.", second_source="Deux.")
    publish_draft(draft=draft, actor=chief, version=draft.version)
    db.session.commit()
    assert "changed on" in member_client.get(f"/blogs/articles/{article.id}").text
    history = member_client.get(f"/contents/{article.id}/history").text
    assert ("turbine" in history, "Une seule éolienne" in history) == (True, True)


def test_the_history_of_an_article_shows_all_of_it_its_titles_and_who_changed_it(
    blog, chief, delegate, make_article, member_client
):
    long = "\n\n".join(f"Paragraph {n} " + "goes on " * 20 for n in range(9))
    article = make_article(blog, chief, second_title="Notre <année>", second_source="Une éolienne.")
    draft = get_draft_of(delegate, article.id).draft
    said = {"title": "Our two years", "source": long, "second_title": "Nos années", "second_source": "Deux."}
    save_draft(draft=draft, actor=delegate, version=draft.version, **said)
    publish_draft(draft=draft, actor=delegate, version=draft.version)
    db.session.commit()
    now, _middle, before = unescape(member_client.get(f"/contents/{article.id}/history").text).partition(
        "<h2>Version 1</h2>"
    )
    for words in ("<h3>Our two years</h3>", "Paragraph 8", "Nos années", "Deux.", "changed by Dan Delegate"):
        assert (words, words in now, words in before) == (words, True, False)
    for words in ("<h3>Our year</h3>", "turbine", "Notre <année>", "Une éolienne."):
        assert (words, words in now, words in before) == (words, False, True)


def test_an_author_sees_what_they_asked_of_their_readers(blog, chief, member, make_article, people):
    article = make_article(blog, chief, acknowledge=True)
    asked = "You ask your readers to say that they have read this article."
    shown = [people.browser(who).get(f"/blogs/articles/{article.id}").text for who in (chief, member)]
    assert [asked in page for page in shown] == [True, False]
    assert ["Nobody has said so yet." in page for page in shown] == [True, True]


def test_the_lead_picture_is_described_in_the_readers_language(
    blog, chief, make_draft, add_picture, member, people
):
    draft = make_draft(blog, chief, second_title="Notre année", second_source="Une éolienne.")
    picture = add_picture(draft, chief)
    said = {"lead_alt": "A quay", "lead_caption": "At dawn", "second_lead_alt": "Un quai"}
    save_draft(draft=draft, actor=chief, version=draft.version, lead_id=picture["id"], **said)
    db.session.commit()
    preview = people.browser(chief).get(f"/blogs/drafts/{draft.id}/preview?language=fr").text
    assert ('alt="Un quai"' in preview, "<figcaption>At dawn" in preview) == (True, True)
    article = publish_draft(draft=draft, actor=chief, version=draft.version)
    db.session.commit()
    browser, address = people.browser(member), f"/blogs/articles/{article.id}"
    assert 'alt="A quay"' in browser.get(address).text
    french = browser.get(f"{address}?language=fr").text
    assert ('alt="Un quai"' in french, "<figcaption>At dawn" in french) == (True, True)


def test_the_home_feed_says_who_published_for_whom_and_speaks_the_readers_language(
    blog, delegate, member, make_article, people
):
    make_article(blog, delegate, second_title="Notre année", second_source="Une éolienne.")
    follow_place(place=blog.place, actor=member)
    db.session.commit()
    browser = people.browser(member)
    page = browser.get("/").text
    assert ("Published by Dan Delegate for Emma Chief" in page, "Our year" in page) == (True, True)
    browser.post("/account/preferences", data={"language": "fr", "timezone": "UTC", "theme_choice": "light"})
    assert "Publié par Dan Delegate pour Emma Chief" in browser.get("/").text


@pytest.mark.settings(**{"plugins.blog": {"follow_main": False}})
def test_where_it_is_set_so_new_members_follow_nothing_by_themselves(blog, people, deliver):
    newcomer = people.member("New Comer")
    record(Joined(actor=newcomer.id, person=newcomer.id))
    deliver()
    assert follow_of(blog.place_id, newcomer) is None


@pytest.mark.settings(**{"plugins.blog": {"personal": True}})
@pytest.mark.parametrize(("kind", "shown"), [(TEAM, "groups"), (PERSONAL, "people")])
def test_blogs_of_teams_and_persons_come_under_other_filters_than_leaders(
    administrator, member, make_article, people, kind, shown
):
    made = open_blog(kind=kind, name="Notes", actor=administrator, language="en")
    make_article(made, administrator, title="Written by us")
    follow_place(place=made.place, actor=member)
    db.session.commit()
    browser = people.browser(member)
    for chosen in ("leaders", shown):
        browser.post("/feed/choices", data={"filter": chosen})
        assert ("Written by us" in browser.get("/").text) == (chosen == shown)


def test_a_closed_blog_says_so_everywhere_and_takes_no_comment(blog, chief, member, make_article, people):
    article = make_article(blog, chief)
    close_blog(blog=blog, actor=chief)
    db.session.commit()
    browser = people.browser(member)
    for path in ("/blogs/emma-s-blog", "/blogs/emma-s-blog/questions", f"/blogs/articles/{article.id}"):
        assert "This blog is closed: it can be read, but nothing is added." in browser.get(path).text, path
    browser.post(f"/contents/{article.id}/comment", data={"text": "Quokka"})
    assert "Quokka" not in browser.get(f"/blogs/articles/{article.id}").text
    assert browser.post("/blogs/emma-s-blog/questions", data={"text": "Why?"}).status_code == 403


def test_a_comment_and_an_article_are_quoted_to_write_under(blog, chief, member, make_article, people):
    article = make_article(blog, chief, second_title="Notre année", second_source="Une éolienne.")
    said = comment(root=article, text="One\nTwo", actor=chief)
    db.session.commit()
    browser = people.browser(member)

    def begun(query):
        page = browser.get(f"/contents/{article.id}?{query}", follow_redirects=True).text
        return unescape(re.search(r"<textarea[^>]*>\s*([^<]*)</textarea>", page)[1]).strip()

    assert begun(f"reply={said.id}&quote=1") == "> One\n> Two"
    assert begun(f"reply={said.id}") == ""
    assert begun("quote=1") == "> We *built* a turbine."
    assert begun("quote=1&language=fr") == "> Une éolienne."
