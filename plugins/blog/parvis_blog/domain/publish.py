"""From a draft to an article: at once, or when its moment has come; and to the next version of it."""

from datetime import datetime
from typing import Any

from parvis.api import DomainError, Invalid, Member, NotAllowed, db, fold, record, utcnow
from parvis.api import gettext as _
from parvis_social.api import Content, Rendered, publish, revise
from sqlalchemy import select

from ..event import NotPublished
from ..models import ARTICLE, SERIES_LENGTH, Article, Blog, Draft
from .draft import tags_in
from .read import as_writer
from .render import Text, inline_files, lead_facts, render


def publish_draft(*, draft: Draft, actor: Member, version: int, minor: bool = False) -> Content:
    """Publish an article, or what was changed of one, in the name of the draft's author.

    Args:
        version: the version of the draft that the actor has seen.
        minor: of a change: nobody is told.

    Raises:
        NotAllowed, NotFound, Veto, TooMany: the actor does not write in this blog, or cannot publish now.
        Invalid: something is missing, or the draft was changed meanwhile; `field` names it.
    """
    blog = db.session.get_one(Blog, draft.place_id)
    as_writer(blog, actor)
    db.session.refresh(draft, with_for_update={"of": Draft})
    if draft.version != version:
        raise Invalid(_("This draft was changed meanwhile. Please look at it again before you publish it."))
    _check_author(draft, blog)
    main, second = checked(draft)
    content = _first(draft, blog, actor, main, second) if draft.content_id is None else None
    if content is None:
        content = db.session.get_one(Content, draft.content_id)
        _again(content, draft, actor, main, second, minor=minor)
    draft.content_id, draft.problem = content.id, ""
    draft.scheduled_at = draft.scheduled_by_id = None
    db.session.flush()
    return content


def checked(draft: Draft) -> tuple[Text, Text | None]:
    """Return what a draft says in both languages, as it will be read.

    Raises:
        Invalid: something is missing or too long; `field` names it.
    """
    if not draft.title:
        raise Invalid(_("Please give the article a title."), field="title")
    if not draft.source:
        raise Invalid(_("Please write something first."), field="source")
    main = _rendered(draft, "source")
    if not draft.second_title and not draft.second_source:
        return main, None
    if not draft.second_title:
        raise Invalid(_("Please give the second version a title too."), field="second_title")
    if not draft.second_source:
        raise Invalid(_("The second version has a title, and no text yet."), field="second_source")
    return main, _rendered(draft, "second_source")


def _rendered(draft: Draft, field: str) -> Text:
    try:
        return render(getattr(draft, field), draft.files)
    except Invalid as refusal:
        raise Invalid(refusal.message, field=field) from refusal


def _check_author(draft: Draft, blog: Blog) -> None:
    if draft.author_id not in blog.author_ids:
        raise Invalid(_("Please choose one of the authors."), field="author_id")


def _first(draft: Draft, blog: Blog, actor: Member, main: Text, second: Text | None) -> Content:
    publisher = actor.id if actor.id != draft.author_id else None
    article = Article(place_id=blog.place_id, month=month_of(utcnow()), publisher_id=publisher)
    _fill(article, draft, main, second)
    shown = _shown(draft, main, second)
    return publish(
        type=ARTICLE, place=blog.place, actor=actor, author_id=draft.author_id, title=draft.title,
        body_html=shown.html, tags=shown.tags, mentioned=shown.mentioned, files=_files(draft),
        inline=_inline(draft), form_key=f"blog-{draft.id}", detail=article,
    )  # fmt: skip


def _again(
    content: Content, draft: Draft, actor: Member, main: Text, second: Text | None, *, minor: bool
) -> None:
    article = db.session.get_one(Article, content.id)
    revise(
        content=content, actor=actor, version=content.version, title=draft.title,
        rendered=_shown(draft, main, second), files=_files(draft), inline=_inline(draft), minor=minor,
    )  # fmt: skip
    _fill(article, draft, main, second)
    db.session.flush()


def _fill(article: Article, draft: Draft, main: Text, second: Text | None) -> None:
    article.language, article.source = draft.language, draft.source
    article.html, article.minutes = main.html, main.minutes
    article.second_title = draft.second_title if second else ""
    article.second_source = draft.second_source if second else ""
    article.second_html = second.html if second else ""
    article.second_excerpt = second.excerpt if second else ""
    article.second_minutes = second.minutes if second else 1
    article.lead = _lead(draft)
    article.series, article.series_key = draft.series, fold(draft.series)[:SERIES_LENGTH]
    article.acknowledge = draft.acknowledge


def _shown(draft: Draft, main: Text, second: Text | None) -> Rendered:
    """Return what cards show of an article, and all that it names in either language."""
    texts = [main, *([second] if second else [])]
    tags = dict.fromkeys([*tags_in(draft.tags), *(tag for text in texts for tag in text.tags)])
    mentioned = dict.fromkeys(person for text in texts for person in text.mentioned)
    return Rendered(main.excerpt, tuple(mentioned), tuple(tags))


def _files(draft: Draft) -> list[int]:
    return [file["id"] for file in draft.files]


def _inline(draft: Draft) -> list[int]:
    lead = [draft.lead_id] if draft.lead_id is not None else []
    return [*lead, *inline_files(draft.source), *inline_files(draft.second_source)]


def _lead(draft: Draft) -> dict[str, Any] | None:
    file = next((file for file in draft.files if file["id"] == draft.lead_id and file.get("width")), None)
    return lead_facts(draft, file) if file else None


def month_of(moment: datetime) -> int:
    """Return the month of a moment as a number: 202611."""
    return moment.year * 100 + moment.month


# publishing later


def schedule(*, draft: Draft, actor: Member, version: int, at: datetime, timezone: str) -> None:
    """Have a draft published at a moment; `timezone` is the one it was chosen in.

    Raises:
        NotAllowed: the actor does not write in this blog.
        Invalid: the moment is over, something is missing, or the draft was changed; `field` names it.
    """
    blog = db.session.get_one(Blog, draft.place_id)
    as_writer(blog, actor)
    db.session.refresh(draft, with_for_update={"of": Draft})
    if draft.content_id is not None:
        raise Invalid(_("This article is published already."))
    if draft.version != version:
        raise Invalid(_("This draft was changed meanwhile. Please look at it again before you publish it."))
    if at <= utcnow():
        raise Invalid(_("Please choose a moment that is still to come."), field="day")
    _check_author(draft, blog)
    checked(draft)
    draft.scheduled_at, draft.timezone, draft.scheduled_by_id, draft.problem = at, timezone, actor.id, ""
    db.session.flush()


def unschedule(*, draft: Draft, actor: Member) -> None:
    """Leave a draft a draft.

    Raises:
        NotAllowed: the actor does not write in this blog.
    """
    as_writer(db.session.get_one(Blog, draft.place_id), actor)
    draft.scheduled_at = draft.scheduled_by_id = None
    db.session.flush()


def publish_due() -> None:
    """Publish every draft whose moment has come: a job, which may run twice and publishes each once.

    One that cannot be published is a draft again, says why, and who scheduled it is told.
    """
    due = select(Draft.id).where(Draft.scheduled_at <= utcnow(), Draft.content_id.is_(None))
    for draft_id in db.session.scalars(due.order_by(Draft.scheduled_at)).all():
        draft = db.session.get_one(Draft, draft_id, populate_existing=True)
        who = draft.scheduled_by_id
        try:
            with db.session.begin_nested():
                publish_draft(draft=draft, actor=_scheduler(draft), version=draft.version)
        except DomainError as refusal:
            db.session.refresh(draft)
            draft.problem = refusal.message[:300]
            draft.scheduled_at = draft.scheduled_by_id = None
            record(NotPublished(person=who, place=draft.place_id, draft=draft.id))
        db.session.flush()


def _scheduler(draft: Draft) -> Member:
    """Return who scheduled a draft.

    Raises:
        NotAllowed: they have left.
    """
    member = db.session.get(Member, draft.scheduled_by_id or 0)
    if member is None or not member.person.present:
        raise NotAllowed(_("Who scheduled this is no longer here."))
    return member
