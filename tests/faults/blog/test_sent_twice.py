"""Forms of blogs that arrive twice, or many at once: each makes one thing, and what is counted is true."""

import pytest
from parvis.api import db
from parvis_blog.domain.ask import ask
from parvis_blog.domain.blog import open_blog
from parvis_blog.domain.draft import begin_draft, save_draft
from parvis_blog.domain.publish import publish_draft
from parvis_blog.domain.read import get_blog_for
from parvis_blog.models import LEADER, Acknowledgement, Article, Draft, Question, Voice
from parvis_blog.plugin import BlogPlugin
from parvis_social.api import Content
from parvis_social.plugin import SocialPlugin

pytestmark = [pytest.mark.plugins(social=SocialPlugin, blog=BlogPlugin), pytest.mark.both_databases]


@pytest.fixture
def blog(administrator):
    """A blog of the administrator's own."""
    made = open_blog(kind=LEADER, name="Tide", actor=administrator, language="en", anonymous=True)
    db.session.commit()
    return made


@pytest.fixture
def draft(blog, administrator):
    """A draft that could be published."""
    made = begin_draft(blog=blog, actor=administrator)
    save_draft(
        draft=made,
        actor=administrator,
        version=made.version,
        title="Our year",
        source="Built",
        acknowledge=True,
    )
    db.session.commit()
    return made


def count(model, *conditions):
    return db.session.scalar(db.select(db.func.count()).select_from(model).where(*conditions))


def sending(address, **data):
    def send(client):
        response = client.post(address, data=data)
        return response.status_code, response.headers.get("Location", "").partition("?")[0]

    return send


def test_an_article_that_is_published_four_times_at_once_is_one(browsers, administrator, draft):
    send = sending(f"/blogs/drafts/{draft.id}", version=str(draft.version), title="Our year", act="publish")
    answers = browsers(*[(administrator, send)] * 4)
    content = db.session.scalar(db.select(Content.id))
    assert answers == [(303, f"/blogs/articles/{content}")] * 4
    assert (count(Content), count(Article), count(Draft)) == (1, 1, 1)


def test_a_question_that_is_sent_four_times_at_once_is_one(browsers, member, blog):
    send = sending("/blogs/tide/questions", text="Why?", form_key="one")
    answers = browsers(*[(member, send)] * 4)
    assert answers == [(303, f"/blogs/questions/{db.session.scalar(db.select(Question.id))}")] * 4
    db.session.refresh(blog)
    assert (count(Question), blog.questions_count) == (1, 1)


def test_voices_and_acknowledgements_sent_twice_are_counted_once(
    browsers, administrator, member, other, blog, draft
):
    question = ask(view=get_blog_for(member, "tide"), text="Why?", actor=member)
    article = publish_draft(draft=draft, actor=administrator, version=draft.version)
    db.session.commit()
    voice = sending(f"/blogs/questions/{question.id}/voice", x="1")
    read = sending(f"/blogs/articles/{article.id}/acknowledge", x="1")
    answers = browsers(*[(other, voice), (other, read)] * 3)
    assert [status for status, _location in answers] == [303] * 6
    assert (count(Voice), db.session.get_one(Question, question.id).voices) == (1, 2)
    read_by = db.session.get_one(Article, article.id).acknowledged_count
    assert (count(Acknowledgement), read_by) == (1, 1)


def test_answers_of_two_at_once_are_one_answer_and_the_commitment_is_counted_once(
    browsers, administrator, member, blog
):
    question = ask(view=get_blog_for(member, "tide"), text="Why?", actor=member)
    db.session.commit()
    send = sending(f"/blogs/questions/{question.id}/answer", text="Because", article="0")
    browsers(*[(administrator, send)] * 3)
    db.session.refresh(blog)
    assert (blog.questions_count, blog.answered_count, blog.median_delay is not None) == (1, 1, True)
