"""What pages of blogs cost: the same for one and for three of anything, and never more than eight."""

import re

import pytest
from parvis.api import db
from parvis_blog.domain.ask import answer, ask
from parvis_blog.domain.draft import ask_review
from parvis_blog.domain.read import get_blog_for
from parvis_blog.plugin import BlogPlugin
from parvis_social.api import comment, follow_place
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, blog=BlogPlugin)
MOST = 8
PAGES = {
    "/blogs": 4,
    "/blogs/emma-s-blog": 5,
    "/blogs/emma-s-blog/questions": 4,
    "/blogs/emma-s-blog/questions?show=oldest": 4,
    "/blogs/emma-s-blog/questions?show=answered": 4,
    "/blogs/articles/{article}": 5,
    "/blogs/articles/{article}?order=reactions": 5,
    "/blogs/articles/{article}?answered=1": 5,
    "/blogs/drafts": 3,
    "/blogs/emma-s-blog/writers": 4,
    "/blogs/feeds": 3,
    "/": 6,
}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_costs_the_same_for_one_and_for_three(
    blog, chief, delegate, member, people, make_article, make_draft, count_queries, path, count
):
    articles = [make_article(blog, delegate, title=f"Year {n}", series="Years") for n in range(count + 2)]
    follow_place(place=blog.place, actor=chief)
    view = get_blog_for(member, "emma-s-blog")
    for number in range(count):
        said = comment(root=articles[1], text=f"Comment {number}", actor=member)
        comment(root=articles[1], text="Answer", actor=chief, parent_id=said.id)
        answered = ask(view=view, text=f"Question {number}", actor=member)
        answer(question=answered, text="Yes", actor=delegate)
        ask(view=view, text=f"Further {number}", actor=people.member())
        ask_review(draft=make_draft(blog, delegate), person=member.person, actor=delegate)
    db.session.commit()
    browser, address = people.browser(chief), path.format(article=articles[1].id)
    browser.get(address)
    with count_queries(exactly=PAGES[path]):
        assert browser.get(address).status_code == 200


@pytest.mark.settings(**{"plugins.social": {"posts_per_hour": 1000}})
def test_a_long_thread_is_read_in_steps_of_twenty_comments_whatever_is_asked_for(
    blog, chief, member, people, make_article, count_queries
):
    article = make_article(blog, chief)
    for number in range(30):
        said = comment(root=article, text=f"Comment {number}.", actor=member)
        for _twice in range(2):
            comment(root=article, text=f"Answer {number}.", actor=chief, parent_id=said.id)
    db.session.commit()
    browser, address = people.browser(member), f"/blogs/articles/{article.id}"
    for asked in ("", "?answered=1", "?order=reactions", f"?comment={said.id}"):
        browser.get(address + asked)
        with count_queries(at_most=MOST + bool("comment=" in asked) * 2):
            page = browser.get(address + asked).text
        assert 15 <= page.count('class="so-comment so-comment--') <= 20
    shown, seen = browser.get(f"{address}?answered=1").text, set()
    while True:
        seen |= set(re.findall(r"Comment \d+\.", shown))
        earlier = re.search(r'href="([^"]*before=[^"]*)#comments"', shown)
        if earlier is None:
            break
        assert "answered=1" in earlier[1]
        shown = browser.get(earlier[1].replace("&amp;", "&")).text
    assert len(seen) == 30


def test_no_page_costs_more_than_eight_queries():
    assert max(PAGES.values()) <= MOST
