"""What blogs give people of what is kept about them."""

import pytest
from parvis_blog.domain.ask import answer, ask
from parvis_blog.domain.read import get_blog_for
from parvis_blog.personal_data import export
from parvis_blog.plugin import BlogPlugin
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, blog=BlogPlugin)


def test_a_delegate_is_given_what_they_published_for_others(blog, chief, delegate, member, make_article):
    article = make_article(blog, delegate, title="Ours")
    make_article(blog, chief, title="Hers")
    question = ask(view=get_blog_for(member, "emma-s-blog"), text="Why?", actor=member)
    answer(question=question, text="Because", actor=delegate)
    given = {part.name: part.data for part in export(delegate.person)}
    [published], [answered] = given["articles_published_for_others"], given["answers_published_for_others"]
    assert (published["content_id"], published["title"]) == (article.id, "Ours")
    assert (answered["id"], answered["answer_source"]) == (question.id, "Because")
    assert (given["articles"], given["questions"]) == ([], [])
