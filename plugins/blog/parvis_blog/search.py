"""Blogs, articles and questions as the search finds them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from parvis.api import (
    EventRecord,
    Member,
    SearchDocument,
    SearchHit,
    SearchSource,
    db,
    get_locale,
    plain_text,
)
from parvis.api import gettext as _
from parvis.api import lazy_gettext as _l
from parvis_social.api import EVERYONE, Place, readable_places
from sqlalchemy import select

from .event import (
    BlogChanged,
    BlogOpened,
    QuestionAnswered,
    QuestionAsked,
    QuestionHidden,
    QuestionWithdrawn,
)
from .models import KINDS, Article, Blog, Question

QUESTIONS = frozenset(
    event.kind for event in (QuestionAsked, QuestionAnswered, QuestionHidden, QuestionWithdrawn)
)
BLOGS = frozenset({BlogOpened.kind, BlogChanged.kind, "social.place_access_changed"})
TITLE = 120


def words_of(content_ids: Sequence[int]) -> Mapping[int, str]:
    """Return all the words of articles, in both their languages."""
    texts = (Article.html, Article.second_title, Article.second_html, Article.series)
    rows = db.session.execute(select(Article.content_id, *texts).where(Article.content_id.in_(content_ids)))
    return {
        id: "\n".join((plain_text(html), second_title, plain_text(second_html), series))
        for id, html, second_title, second_html, series in rows
    }


def questions_source() -> SearchSource:
    """Return the source of questions; who asked without their name is not told."""
    return SearchSource(
        name="blog:question",
        label=_l("Question"),
        category="contents",
        ids=_ids,
        load=_load,
        changed=_changed,
        show=_show,
    )


def _ids(after: int, limit: int) -> Sequence[int]:
    query = select(Question.id).where(Question.id > after).order_by(Question.id).limit(limit)
    return db.session.scalars(query).all()


def _changed(event: EventRecord) -> Iterable[int]:
    if event.kind in QUESTIONS:
        return (event.data["question"],)
    if event.kind == "social.place_access_changed":
        return db.session.scalars(select(Question.id).where(Question.place_id == event.place_id)).all()
    return ()


def _load(ids: Sequence[int]) -> Iterator[SearchDocument]:
    query = select(Question, Place).join(Place, Place.id == Question.place_id)
    for question, place in db.session.execute(
        query.where(Question.id.in_(ids), Question.hidden_at.is_(None))
    ):
        yield SearchDocument(
            id=question.id,
            title=question.text,
            body=plain_text(question.answer_html),
            audience=None if place.audience == EVERYONE else place.audience,
            author=None if question.anonymous else question.asker_id,
            place=question.place_id,
            at=question.asked_at,
        )


def _show(ids: Sequence[int], viewer: Member) -> Iterator[SearchHit]:
    query = select(Question, Place.name).join(Place, Place.id == Question.place_id)
    query = query.where(
        Question.id.in_(ids), Question.hidden_at.is_(None), Place.kind.in_(KINDS), readable_places()
    )
    for question, blog in db.session.execute(query, {"viewer": viewer.id}):
        answered = _("Answered") if question.answered_at else _("Not answered yet")
        yield SearchHit(
            id=question.id,
            title=question.text if len(question.text) <= TITLE else f"{question.text[:TITLE].rstrip()} …",
            url=f"/blogs/questions/{question.id}",
            text=plain_text(question.answer_html) or (question.text if len(question.text) > TITLE else ""),
            detail=" · ".join((blog, answered)),
            icon="question",
            at=question.asked_at,
        )


# blogs themselves


def blogs_source() -> SearchSource:
    """Return the source of blogs, by their names and purposes."""
    return SearchSource(
        name="blog:blog",
        label=_l("Blog"),
        category="contents",
        ids=_blog_ids,
        load=_load_blogs,
        changed=lambda event: [event.place_id] if event.kind in BLOGS and event.place_id else (),
        show=_show_blogs,
    )


def _blog_ids(after: int, limit: int) -> Sequence[int]:
    query = select(Blog.place_id).where(Blog.place_id > after).order_by(Blog.place_id).limit(limit)
    return db.session.scalars(query).all()


def _load_blogs(ids: Sequence[int]) -> Iterator[SearchDocument]:
    query = select(Blog, Place).join(Place, Place.id == Blog.place_id).where(Blog.place_id.in_(ids))
    for blog, place in db.session.execute(query):
        yield SearchDocument(
            id=place.id,
            title=f"{place.name} {place.second_name}",
            body=f"{blog.purpose}\n{blog.second_purpose}",
            audience=None if place.audience == EVERYONE else place.audience,
            author=blog.leader_id,
            place=place.id,
            at=place.created_at,
        )


def _show_blogs(ids: Sequence[int], viewer: Member) -> Iterator[SearchHit]:
    query = select(Blog, Place).join(Place, Place.id == Blog.place_id)
    query = query.where(Blog.place_id.in_(ids), Place.kind.in_(KINDS), readable_places())
    language = str(get_locale() or "")[:2]
    for blog, place in db.session.execute(query, {"viewer": viewer.id}):
        other = language != blog.language
        yield SearchHit(
            id=place.id,
            title=place.shown_name,
            url=f"/blogs/{place.slug}",
            text=(other and blog.second_purpose) or blog.purpose,
            icon="blog",
        )
