"""Questions can be reported, of an anonymous one without telling who asked; hidden, they leave a mark."""

import pytest
from parvis.api import NotFound, db
from parvis_blog.domain.ask import ask
from parvis_blog.domain.read import get_blog_for
from parvis_blog.plugin import BlogPlugin
from parvis_social.api import reportables
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, blog=BlogPlugin)


def test_a_question_is_seen_hidden_and_shown_again(blog, people, member, other, administrator):
    kind = reportables()["blog:question"]
    question = ask(view=get_blog_for(member, "emma-s-blog"), text="Why <so>?", actor=member)
    seen = kind.see(other, question.id)
    assert (seen.title, seen.html, seen.author) == ("Why <so>?", "<p>Why &lt;so&gt;?</p>", member.id)
    kept = kind.hide(question.id, administrator)
    db.session.commit()
    page = people.browser(other).get(f"/blogs/questions/{question.id}").text
    assert ("It goes against the charter." in page, "Why" in page) == (True, False)
    with pytest.raises(NotFound):
        kind.see(other, question.id)
    assert kind.hide(question.id, administrator) == {}
    kind.show(question.id, kept, administrator)
    assert kind.see(other, question.id).id == question.id


def test_a_question_is_hidden_by_nobody_where_a_setting_says_so(blog, people, member, other):
    question = ask(view=get_blog_for(member, "emma-s-blog"), text="Why?", actor=member)
    assert reportables()["blog:question"].hide(question.id, None) == {"hidden": True}
    db.session.commit()
    assert "Somebody hid this question" in people.browser(other).get(f"/blogs/questions/{question.id}").text


def test_who_asked_without_a_name_is_told_to_nobody(blog, member, other):
    blog.anonymous = True
    question = ask(view=get_blog_for(member, "emma-s-blog"), text="Why?", actor=member, anonymous=True)
    assert reportables()["blog:question"].see(other, question.id).author is None
