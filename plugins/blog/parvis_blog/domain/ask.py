"""Questions to a leader: put in public, with one's name or without its being shown; answered in public.

What is not answered yet is shown with its age, and how well a blog keeps its word to everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from parvis.api import Invalid, Member, NotAllowed, Person, TooMany, add_once, clean, db, record, utcnow
from parvis.api import gettext as _
from parvis_social.api import (
    FACE,
    Content,
    Face,
    Membership,
    Place,
    Role,
    lock_place,
    place_kinds,
    render_text,
)
from sqlalchemy import Select, and_, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from ..event import QuestionAnswered, QuestionAsked, QuestionHidden, QuestionWithdrawn
from ..models import ARTICLE, KINDS, Article, Blog, Question, Voice
from ..settings import settings
from .read import View, as_writer, nothing
from .said import line, words

TEXT_LENGTH = 1000
ANSWER_LENGTH = 20_000
REASON_LENGTH = 300
KEY_LENGTH = 40
PAGE = 20
ORDERS = ("voices", "oldest", "answered")


@dataclass(frozen=True)
class Asked:
    """A question as it is shown to one person: of an anonymous one, nobody learns who asked."""

    id: int
    place_id: int
    text: str
    asked_at: datetime
    voices: int
    asker: Face | None
    mine: bool
    """Whether the viewer put it."""
    voiced: bool
    """Whether the viewer wants to know it too."""
    answered_at: datetime | None
    answer_html: str
    answerer: Face | None
    publisher: Face | None
    article_id: int | None
    article_title: str
    hidden_at: datetime | None
    hidden_by: str | None
    hide_reason: str

    @property
    def url(self) -> str:
        """Address of its page."""
        return f"/blogs/questions/{self.id}"


def ask(
    *, view: View, text: str, actor: Member, anonymous: bool = False, form_key: str | None = None
) -> Question:
    """Put a question to a blog.

    Args:
        anonymous: not to have one's name shown, if the blog allows it.
        form_key: a form sent twice asks once.

    Raises:
        NotAllowed: the blog takes no questions, or none without a name.
        Invalid: there is no text, or it is too long; `field` is `text`.
        TooMany: the day's allowance is spent.
    """
    said = words(text, TEXT_LENGTH, "text", missing=_("Please write your question."))
    if not view.may_ask:
        raise NotAllowed(_("%(blog)s takes no questions.", blog=view.place.shown_name))
    if anonymous and not view.blog.anonymous:
        raise NotAllowed(_("Questions are put with one’s name here."))
    key = form_key if form_key and len(form_key) <= KEY_LENGTH and form_key.isprintable() else None
    if (sent_before := _by_key(actor, key)) is not None:
        return sent_before
    _check_allowance(actor)
    question = Question(
        place_id=view.place.id, asker_id=actor.id, text=said, anonymous=anonymous, form_key=key
    )
    try:
        with db.session.begin_nested():
            db.session.add(question)
            db.session.flush()
    except IntegrityError:  # the same form, at the same moment
        if (sent_before := _by_key(actor, key)) is None:
            raise
        return sent_before
    recount(view.blog)
    who = None if anonymous else actor.id
    record(QuestionAsked(actor=who, place=view.place.id, question=question.id))
    return question


def _by_key(actor: Member, key: str | None) -> Question | None:
    if key is None:
        return None
    return db.session.scalar(select(Question).where(Question.asker_id == actor.id, Question.form_key == key))


def _check_allowance(actor: Member) -> None:
    today = select(func.count()).where(
        Question.asker_id == actor.id, Question.asked_at > utcnow() - timedelta(days=1)
    )
    if (db.session.scalar(today) or 0) >= settings().questions_per_day:
        raise TooMany(_("You have asked a great deal today. Please go on tomorrow."))


def add_voice(*, question: Question, actor: Member) -> None:
    """Say that one wants to know it too; said twice, it counts once. Who asked is counted already."""
    if question.asker_id == actor.id or question.answered_at is not None:
        return
    if add_once(Voice, question_id=question.id, person_id=actor.id):
        _count_voices(question, 1)


def take_voice(*, question: Question, actor: Member) -> None:
    """Say that one need not know it any more."""
    mine = (Voice.question_id == question.id, Voice.person_id == actor.id)
    if db.session.execute(db.delete(Voice).where(*mine).returning(Voice.person_id)).first():
        _count_voices(question, -1)


def _count_voices(question: Question, change: int) -> None:
    counting = update(Question).where(Question.id == question.id)
    db.session.execute(
        counting.values(voices=Question.voices + change), execution_options={"synchronize_session": False}
    )
    db.session.expire(question, ["voices"])


def answer(*, question: Question, actor: Member, text: str = "", article: int | None = None) -> None:
    """Answer a question, or change what was answered; a delegate writes it down for the author.

    Args:
        text: the answer in writing; none, if there is an article.
        article: the id of an article of the same blog that answers it; none, if there is a text.

    Raises:
        NotAllowed: the actor does not write in the blog.
        Invalid: there is neither, the text is too long or too intricate, or there is no such article; `field`
            is `text` or `article`.
    """
    blog = db.session.get_one(Blog, question.place_id)
    role = as_writer(blog, actor)
    missing = "" if article else _("Please write something first.")
    source = words(text, ANSWER_LENGTH, "text", missing=missing)
    if article:
        _check_article(article, blog)
    question.answer_source, question.answer_html = source, render_text(source).html if source else ""
    question.answer_content_id = article or None
    _answered(question, blog, role, actor)


def _check_article(content_id: int, blog: Blog) -> None:
    content = db.session.get(Content, content_id)
    if content is None or content.place_id != blog.place_id or content.type != ARTICLE or content.deleted_at:
        raise Invalid(_("Please choose one of the articles of this blog."), field="article")


def _answered(question: Question, blog: Blog, role: Role, actor: Member) -> None:
    """Note who answered first and when: that counts for the blog's word, whoever changes it afterwards."""
    first = question.answered_at is None
    author = actor.id if role == Role.OWNER else blog.leader_id or blog.author_ids[0]
    if first:
        question.answered_at, question.answerer_id = utcnow(), author
        question.publisher_id = None if author == actor.id else actor.id
    db.session.flush()
    if first:
        recount(blog)
        record(QuestionAnswered(actor=actor.id, person=author, place=blog.place_id, question=question.id))


def withdraw(*, question: Question, actor: Member) -> None:
    """Take one's question back, as long as it is not answered.

    Raises:
        NotFound: it is somebody else's.
        NotAllowed: it is answered.
    """
    if question.asker_id != actor.id:
        raise nothing()
    if question.answered_at is not None:
        raise NotAllowed(_("This question is answered: it stays, with its answer."))
    blog = db.session.get_one(Blog, question.place_id)
    record(QuestionWithdrawn(place=question.place_id, question=question.id))
    db.session.delete(question)
    db.session.flush()
    recount(blog)


def hide_question(*, question: Question, reason: str, actor: Member) -> None:
    """Put a mark in the place of a question: everybody sees that it was hidden, by whom, when and why.

    It still counts as one that was not answered.

    Raises:
        NotAllowed: the actor does not write in the blog.
        Invalid: there is no reason, or it is too long; `field` is `reason`.
    """
    as_writer(db.session.get_one(Blog, question.place_id), actor)
    reason = line(reason, REASON_LENGTH, "reason", missing=_("Please say why: everybody will see it."))
    question.hidden_at, question.hidden_by_id, question.hide_reason = utcnow(), actor.id, reason
    db.session.flush()
    record(QuestionHidden(actor=actor.id, place=question.place_id, question=question.id, hidden=True))


def show_question(*, question: Question, actor: Member) -> None:
    """Show a hidden question again; raises as `hide_question`."""
    as_writer(db.session.get_one(Blog, question.place_id), actor)
    question.hidden_at, question.hidden_by_id, question.hide_reason = None, None, ""
    db.session.flush()
    record(QuestionHidden(actor=actor.id, place=question.place_id, question=question.id, hidden=False))


def recount(blog: Blog) -> None:
    """Count anew how many questions there are and are answered, and how fast: the commitment is public.

    One after another: who counts sees what the one before has written.
    """
    db.session.flush()
    lock_place(blog.place)
    here = Question.place_id == blog.place_id
    counted = select(func.count(), func.count(Question.answered_at)).where(here)
    blog.questions_count, blog.answered_count = db.session.execute(counted).one()
    delay = _seconds()
    middle = select(delay).where(here, Question.answered_at.is_not(None)).order_by(delay)
    median = db.session.scalar(middle.limit(1).offset(max(0, (blog.answered_count - 1) // 2)))
    blog.median_delay = None if median is None else int(median)
    db.session.flush()


def _seconds() -> Any:
    """Return how many seconds an answer took."""
    if db.engine.dialect.name == "postgresql":
        return func.floor(func.extract("epoch", Question.answered_at - Question.asked_at))
    return func.unixepoch(Question.answered_at) - func.unixepoch(Question.asked_at)


# reading


def get_question_for(member: Member, question_id: int) -> tuple[Question, Asked]:
    """Fetch a question of a blog that the member may read, and as it is shown to them.

    Raises:
        NotFound: there is none.
    """
    rows = db.session.execute(_questions(member).where(Question.id == question_id)).all()
    if not rows:
        raise nothing()
    return rows[0][0], _asked(rows[0], member)


def list_questions(
    blog: Blog, *, viewer: Member, order: str = "voices", after: str = "", limit: int = PAGE
) -> tuple[list[Asked], str]:
    """List questions of a blog, and the mark after which the next page begins, empty at the end.

    `order`: `voices` and `oldest`: those not answered yet, most voices or oldest first; `answered`: the
    others, the newest first.
    """
    query = _questions(viewer).where(Question.place_id == blog.place_id)
    voices, number = _mark(after)
    if order == "answered":
        query = query.where(Question.answered_at.is_not(None)).order_by(Question.id.desc())
        query = query.where(Question.id < number) if number else query
    elif order == "oldest":
        query = query.where(Question.answered_at.is_(None), Question.id > number).order_by(Question.id)
    else:
        query = query.where(Question.answered_at.is_(None))
        query = query.order_by(Question.voices.desc(), Question.id.desc())
        if number:
            fewer = and_(Question.voices == voices, Question.id < number)
            query = query.where(Question.voices <= voices, or_(Question.voices < voices, fewer))
    rows = db.session.execute(query.limit(limit + 1)).all()
    found = [_asked(row, viewer) for row in rows[:limit]]
    return found, f"{found[-1].voices}-{found[-1].id}" if len(rows) > limit else ""


def _mark(after: str) -> tuple[int, int]:
    voices, _dash, number = after[:40].partition("-")
    if voices.isdecimal() and number.isdecimal() and len(number) < 19 and len(voices) < 19:
        return int(voices), int(number)
    return 0, 0


def _questions(viewer: Member) -> Select[Any]:
    """Return the select of questions as they are shown, with all that is said of them."""
    answerer, publisher, hider = aliased(Person), aliased(Person), aliased(Person)
    article = aliased(Content)
    voiced = exists().where(Voice.question_id == Question.id, Voice.person_id == viewer.id)
    known = [kind for kind in KINDS if kind in place_kinds()]
    return (
        select(
            Question, voiced.label("voiced"), hider.display_name.label("hider"),
            article.id.label("article_id"), article.title.label("article_title"),
            *_faces(Person), *_faces(answerer), *_faces(publisher),
        )
        .join(Place, Place.id == Question.place_id)
        .join(Person, Person.id == Question.asker_id)
        .outerjoin(answerer, answerer.id == Question.answerer_id)
        .outerjoin(publisher, publisher.id == Question.publisher_id)
        .outerjoin(hider, hider.id == Question.hidden_by_id)
        .outerjoin(article, and_(article.id == Question.answer_content_id, article.deleted_at.is_(None)))
        .where(Place.kind.in_(known))
    )  # fmt: skip


def _faces(entity: Any) -> list[Any]:
    return [getattr(entity, column.key) for column in FACE]


def _asked(row: Any, viewer: Member) -> Asked:
    question, faces = row[0], row[5:]
    asker, answerer, publisher = (
        Face(*part) if part[0] is not None else None for part in (faces[:5], faces[5:10], faces[10:15])
    )
    mine, hidden = question.asker_id == viewer.id, question.hidden_at is not None
    return Asked(
        id=question.id, place_id=question.place_id, text="" if hidden and not mine else question.text,
        asked_at=question.asked_at, voices=question.voices,
        asker=None if question.anonymous or (hidden and not mine) else asker, mine=mine, voiced=row.voiced,
        answered_at=question.answered_at, answer_html="" if hidden else question.answer_html,
        answerer=answerer, publisher=publisher, article_id=row.article_id,
        article_title=row.article_title or "", hidden_at=question.hidden_at, hidden_by=row.hider,
        hide_reason=question.hide_reason,
    )  # fmt: skip


def articles_to_choose(question: Question) -> Sequence[tuple[int, str]]:
    """Return the latest articles of a question's blog, and the one that answers it: to say which one does."""
    chosen = Content.id == question.answer_content_id
    query = (
        select(Content.id, Content.title)
        .join(Article, Article.content_id == Content.id)
        .where(Article.place_id == question.place_id, Content.deleted_at.is_(None))
        .order_by(chosen.desc(), Content.id.desc())
        .limit(50)
    )
    return [(number, clean(title)) for number, title in db.session.execute(query)]


def wanting(question_id: int) -> Select[Any]:
    """Return a query of the ids of those who want to know: who asked, and who added their voice."""
    asker = select(Question.asker_id).where(Question.id == question_id)
    voices = select(Voice.person_id).where(Voice.question_id == question_id)
    return select(asker.union(voices).subquery().c[0])


def writers(place_id: int) -> Select[Any]:
    """Return a query of the ids of those who write in a blog."""
    return select(Membership.person_id).where(
        Membership.place_id == place_id, Membership.role.in_((Role.OWNER, Role.MODERATOR))
    )
