"""Blogs, articles and questions are found, in both languages; who asked without a name is told to nobody."""

import pytest
from parvis.api import db
from parvis.search.finder import find
from parvis_blog.domain.ask import answer, ask, hide_question, withdraw
from parvis_blog.domain.blog import change_blog
from parvis_blog.domain.read import get_blog_for
from parvis_blog.plugin import BlogPlugin
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, blog=BlogPlugin)


def found(viewer, typed):
    return [(each.hit.title, each.hit.url) for each in find(viewer, typed).results]


def test_an_article_is_found_by_all_its_words_in_both_languages(blog, chief, member, make_article, index):
    said = {"second_title": "Notre année", "second_source": "Une *éolienne* a tourné."}
    article = make_article(blog, chief, source=f"{'Words. ' * 200} A turbine turned.", **said)
    index()
    hit = [("Our year", f"/blogs/articles/{article.id}")]
    assert (found(member, "turbines"), found(member, "eoliennes"), found(member, "annee")) == (hit, hit, hit)


def test_a_question_is_found_with_its_answer_and_not_once_it_is_hidden_or_taken_back(
    blog, chief, member, other, index
):
    first = ask(view=get_blog_for(member, blog.place.slug), text="Why zanzibar?", actor=member)
    second = ask(view=get_blog_for(member, blog.place.slug), text="Why quebec?", actor=member)
    answer(question=first, text="Because of kiwis", actor=chief)
    index()
    assert found(other, "kiwis") == [("Why zanzibar?", f"/blogs/questions/{first.id}")]
    hide_question(question=first, reason="no", actor=chief)
    withdraw(question=second, actor=member)
    db.session.commit()
    assert (found(other, "zanzibar"), found(other, "quebec")) == ([], [])
    index()
    assert (find(other, "zanzibar").total, find(other, "quebec").total) == (0, 0)


def test_a_blog_is_found_by_its_name_and_by_that_which_it_is_given(app, blog, chief, member, index):
    index()
    hit = [(blog.place.name, f"/blogs/{blog.place.slug}")]
    assert found(member, blog.place.name) == hit
    change_blog(blog=blog, actor=chief, name="Quaggas", purpose="", language="en", second_name="Okapis")
    index()
    assert (found(member, "quaggas"), found(member, "okapi")) == (
        [("Quaggas", hit[0][1])],
        [("Quaggas", hit[0][1])],
    )


def test_who_asked_without_a_name_is_not_found_by_it(blog, member, other, index):
    ask(view=get_blog_for(member, blog.place.slug), text="Why zanzibar?", actor=member, anonymous=True)
    index()
    assert (len(found(other, "zanzibar")), found(other, "zanzibar from:ada.member")) == (1, [])
    assert "Ada" not in str(find(other, "zanzibar").results)
