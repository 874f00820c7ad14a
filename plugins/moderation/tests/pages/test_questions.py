"""Asking those who moderate the whole site, and their answers."""

from datetime import timedelta

import pytest
from parvis.api import Invalid, NotFound, TooMany, db, utcnow
from parvis_moderation.domain.manager import appoint
from parvis_moderation.domain.question import MOST_OPEN, answer_question, ask, list_asked
from parvis_moderation.domain.queue import count_open
from parvis_moderation.domain.upkeep import keep_in_order
from parvis_moderation.models import Question
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, moderation=ModerationPlugin)


def test_a_question_is_asked_stands_above_the_cases_and_is_answered(
    people, member, other, administrator, deliver
):
    asking, answering = people.browser(member), people.browser(administrator)
    empty = asking.post("/moderation/ask", data={"text": " "})
    assert (empty.status_code, "Please write something first." in empty.text) == (422, True)
    assert asking.post("/moderation/ask", data={"text": "May I <open> it?"}).location == "/moderation/ask"
    question = db.session.query(Question).one()
    deliver()
    address = f"/moderation/questions/{question.id}"
    assert "Ada Member has a question" in answering.get("/notifications").text
    page = answering.get("/moderation").text
    assert (f'href="{address}"' in page, "May I &lt;open&gt; it?" in page, count_open()) == (True, True, 1)
    for who in (member, other):
        assert people.browser(who).get(address).status_code == 404
    assert answering.post(address, data={"text": ""}).status_code == 422
    assert answering.post(address, data={"text": "Yes, do."}).location == "/moderation"
    deliver()
    assert "Your question is answered" in asking.get("/notifications").text
    assert "Yes, do." in asking.get("/moderation/ask").text
    assert ("Yes, do." in answering.get(address).text, count_open()) == (True, 0)
    assert answering.post(address, data={"text": "Again"}).status_code == 422


def test_nobody_asks_without_end_and_nobody_answers_themselves(member, administrator):
    for number in range(MOST_OPEN):
        own = ask(text=f"Question {number}", actor=administrator)
        ask(text=f"Question {number}", actor=member)
    with pytest.raises(TooMany):
        ask(text="One more", actor=member)
    with pytest.raises(Invalid):
        ask(text="x" * 1001, actor=administrator)
    with pytest.raises(NotFound):
        answer_question(question_id=own.id, text="Yes", actor=administrator)


def test_who_no_longer_moderates_answers_nothing_and_old_ones_are_forgotten(member, other, administrator):
    question = ask(text="May I?", actor=member)
    appoint(person=other.person, actor=None)
    with pytest.raises(NotFound):
        answer_question(question_id=question.id, text="Yes", actor=administrator)
    answer_question(question_id=question.id, text="Yes", actor=other)
    question.answered_at = utcnow() - timedelta(days=800)
    db.session.commit()
    keep_in_order()
    assert list_asked(member) == []
