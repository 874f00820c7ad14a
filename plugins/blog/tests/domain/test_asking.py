"""How well a blog keeps its word to who asks: counted for everybody, and not to be made nicer."""

from datetime import timedelta

import pytest
from parvis.api import EventRecord, Invalid, NotAllowed, NotFound, db, utcnow
from parvis_blog.domain.ask import (
    add_voice,
    answer,
    articles_to_choose,
    ask,
    hide_question,
    list_questions,
    recount,
    take_voice,
    withdraw,
)
from parvis_blog.domain.read import get_blog_for
from parvis_blog.plugin import BlogPlugin
from parvis_social.plugin import SocialPlugin

pytestmark = [
    pytest.mark.plugins(social=SocialPlugin, blog=BlogPlugin), pytest.mark.both_databases,
]  # fmt: skip


@pytest.fixture
def put(blog, member):
    """Return what puts a question, so many days ago."""

    def ask_it(text="Why?", days=0, **said):
        question = ask(view=get_blog_for(member, "emma-s-blog"), text=text, actor=member, **said)
        question.asked_at = utcnow() - timedelta(days=days)
        db.session.flush()
        return question

    return ask_it


def texts(blog, viewer, order):
    return [each.text for each in list_questions(blog, viewer=viewer, order=order)[0]]


def test_half_of_the_answers_came_within_the_median(blog, chief, put):
    for days in (1, 4, 30):
        answer(question=put(days=days), text="Because", actor=chief)
    put(days=90)
    recount(blog)
    assert (blog.questions_count, blog.answered_count) == (4, 3)
    assert round(blog.median_delay / 86400) == 4


def test_an_answer_that_is_changed_keeps_its_day(blog, chief, put):
    question = put(days=3)
    answer(question=question, text="Because", actor=chief)
    first = question.answered_at = utcnow() - timedelta(days=1)
    answer(question=question, text="Because of the *tide*", actor=chief)
    assert (question.answered_at, "<em>tide</em>" in question.answer_html) == (first, True)


def test_an_answer_that_is_changed_is_what_was_said_last(blog, chief, put, make_article):
    question, article = put(), make_article(blog, chief)
    answer(question=question, text="Because", article=article.id, actor=chief)
    answer(question=question, article=article.id, actor=chief)
    assert (question.answer_html, question.answer_content_id) == ("", article.id)
    answer(question=question, text="No", actor=chief)
    assert (question.answer_source, question.answer_content_id) == ("No", None)
    with pytest.raises(Invalid) as refusal:
        answer(question=question, text=" ", actor=chief)
    assert (refusal.value.field, question.answer_source) == ("text", "No")


def test_the_article_that_answers_can_be_chosen_whatever_was_written_since(blog, chief, put, make_article):
    old, new = (make_article(blog, chief, title=title) for title in ("Old", "New"))
    question = put()
    assert articles_to_choose(question) == [(new.id, "New"), (old.id, "Old")]
    answer(question=question, article=old.id, actor=chief)
    assert articles_to_choose(question) == [(old.id, "Old"), (new.id, "New")]


def test_hiding_a_question_does_not_make_the_share_nicer_and_needs_a_reason(blog, chief, put):
    question = put()
    with pytest.raises(Invalid):
        hide_question(question=question, reason=" ", actor=chief)
    hide_question(question=question, reason="A name in it", actor=chief)
    recount(blog)
    assert (blog.questions_count, blog.answered_count) == (1, 0)


def test_what_waits_is_listed_by_voices_or_by_age_and_answers_apart(blog, chief, member, other, put):
    old, loud, done = put("Old?", 9), put("Loud?", 1), put("Done?", 5)
    add_voice(question=loud, actor=other)
    answer(question=done, text="Yes", actor=chief)
    assert texts(blog, other, "voices") == ["Loud?", "Old?"]
    assert texts(blog, other, "oldest") == ["Old?", "Loud?"]
    assert texts(blog, other, "answered") == ["Done?"]
    take_voice(question=loud, actor=other)
    db.session.refresh(loud)
    assert (loud.voices, old.voices) == (1, 1)


def test_a_delegate_writes_the_answer_down_for_the_author(blog, chief, delegate, other, put):
    answer(question=put(), text="Yes", actor=delegate)
    [shown] = list_questions(blog, viewer=other, order="answered")[0]
    assert (shown.answerer.display_name, shown.publisher.display_name) == ("Emma Chief", "Dan Delegate")


def test_who_changes_an_answer_did_not_publish_it(chief, delegate, put):
    question = put()
    answer(question=question, text="Yse", actor=chief)
    answer(question=question, text="Yes", actor=delegate)
    assert (question.answerer_id, question.publisher_id) == (chief.id, None)


@pytest.mark.parametrize("who", ["member", "administrator"])
def test_nobody_else_answers_or_hides(blog, put, request, make_article, chief, who):
    actor, question, article = request.getfixturevalue(who), put(), make_article(blog, chief)
    with pytest.raises(NotAllowed):
        answer(question=question, text="Yes", actor=actor)
    with pytest.raises(NotAllowed):
        answer(question=question, article=article.id, actor=actor)
    with pytest.raises(NotAllowed):
        hide_question(question=question, reason="No", actor=actor)


def test_only_an_article_of_the_same_blog_answers(blog, chief, put):
    with pytest.raises(Invalid) as refusal:
        answer(question=put(), article=99, actor=chief)
    assert refusal.value.field == "article"


def test_a_blog_that_does_not_allow_it_takes_no_question_without_a_name(blog, put):
    blog.anonymous = False
    with pytest.raises(NotAllowed, match="with one’s name"):
        put(anonymous=True)
    blog.asks = False
    with pytest.raises(NotAllowed, match="takes no questions"):
        put()


def test_who_asked_without_a_name_is_in_no_event(put):
    put(anonymous=True)
    event = db.session.scalar(db.select(EventRecord).where(EventRecord.kind == "blog.asked"))
    assert (event.actor_id, event.person_id, set(event.data)) == (None, None, {"question"})


def test_what_is_withdrawn_counts_no_longer(blog, member, other, put):
    question = put()
    with pytest.raises(NotFound):
        withdraw(question=question, actor=other)
    withdraw(question=question, actor=member)
    assert blog.questions_count == 0
