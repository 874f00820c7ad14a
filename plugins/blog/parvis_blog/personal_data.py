"""What blogs keep about somebody: given to them, or forgotten."""

from collections.abc import Iterator, Sequence
from typing import Any

from parvis.api import Erasure, Person, PersonalData, db, rows
from parvis_social.api import Content, release_files, take_back_about
from sqlalchemy import delete, or_, select, update

from .domain.told import ANSWERED, ASKED
from .models import (
    Acknowledgement,
    Article,
    Blog,
    Draft,
    FeedKey,
    Leader,
    Question,
    Review,
    Voice,
)


def export(person: Person) -> Iterator[PersonalData]:
    """Tell what they wrote in blogs, what they asked and answered, and for which programs they made keys."""
    written = select(Article).join(Content, Content.id == Article.content_id)
    yield PersonalData("articles", rows(written.where(Content.author_id == person.id)))
    published = select(Article.content_id, Article.place_id, Content.title, Content.created_at)
    of_others = published.join(Content, Content.id == Article.content_id).where(
        Article.publisher_id == person.id
    )
    yield PersonalData("articles_published_for_others", rows(of_others))
    yield PersonalData("drafts", rows(select(Draft).where(Draft.author_id == person.id)))
    asked = or_(Question.asker_id == person.id, Question.answerer_id == person.id)
    yield PersonalData("questions", rows(select(Question).where(asked)))
    written_down = select(Question.id, Question.place_id, Question.answer_source, Question.answered_at)
    yield PersonalData(
        "answers_published_for_others", rows(written_down.where(Question.publisher_id == person.id))
    )
    yield PersonalData("blogs", rows(select(Blog).where(Blog.leader_id == person.id)))
    keys = select(FeedKey.label, FeedKey.created_at).where(FeedKey.person_id == person.id)
    yield PersonalData("feed_keys", rows(keys))
    for name, model in (("reviews", Review), ("voices", Voice), ("read", Acknowledgement)):
        yield PersonalData(name, rows(select(model).where(model.person_id == person.id)))


def erase(erasure: Erasure) -> None:
    """Forget what is only theirs; what they asked and answered too, if what they published is to go."""
    person = erasure.person.id
    drafts = select(Draft).where(Draft.author_id == person, Draft.content_id.is_(None))
    for draft in db.session.scalars(drafts).all():
        release_files([file["id"] for file in draft.files])
        db.session.delete(draft)
    db.session.flush()
    for model in (Review, Voice, Acknowledgement, FeedKey, Leader):
        db.session.execute(delete(model).where(model.person_id == person))
    for blog in db.session.scalars(select(Blog)).all():
        if person in blog.author_ids:
            blog.author_ids = [author for author in blog.author_ids if author != person]
    if erasure.removes:
        _remove_said(erasure)
    db.session.flush()


def _remove_said(erasure: Erasure) -> None:
    """Remove questions, and answers; of a question that others answered its words alone."""
    asked, answered = Question.asker_id == erasure.person.id, Question.answerer_id == erasure.person.id
    told = list(db.session.scalars(select(Question.id).where(asked)))
    for kind in (ASKED, ANSWERED):
        take_back_about(kind=kind, key="question", ids=told)
    db.session.execute(delete(Question).where(asked, Question.answered_at.is_(None)))
    words: dict[str, Any] = {"text": "…", "anonymous": True}
    db.session.execute(update(Question).where(asked).values(words))
    nothing = {"answer_source": "", "answer_html": ""}
    db.session.execute(update(Question).where(answered).values(nothing))


def forget_articles(content_ids: Sequence[int]) -> None:
    """Forget what articles said that were withdrawn, once that cannot be taken back any more."""
    for draft in db.session.scalars(select(Draft).where(Draft.content_id.in_(content_ids))).all():
        release_files([file["id"] for file in draft.files])
        db.session.delete(draft)
    db.session.flush()
    db.session.execute(delete(Article).where(Article.content_id.in_(content_ids)))
