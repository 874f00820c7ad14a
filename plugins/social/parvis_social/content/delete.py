"""Deleting, taking that back for some minutes, and at last forgetting."""

from collections.abc import Sequence
from datetime import timedelta

from parvis.api import Member, NotAllowed, db, record, utcnow
from parvis.api import gettext as _
from sqlalchemy import Select, and_, exists, or_, select, update
from sqlalchemy import delete as deleting
from sqlalchemy.orm import aliased

from ..event import Deleted, Restored
from ..place.change import count_contents
from ..settings import settings
from .file import detach
from .models import Bookmark, Content, Hiding, Mention, Reaction, Text, Version
from .read import get_content_for
from .tag import count_tags_of
from .turn import lock_with_place

PURGE_AT_ONCE = 500
AS_IT_IS = {"synchronize_session": False}


def delete(*, content: Content, actor: Member) -> None:
    """Take a content away, with the comments under it; those who answered a comment keep their answers.

    Raises:
        NotAllowed: it is neither the actor's nor in a place that they look after.
    """
    if not get_content_for(actor, content.id).may_delete:
        raise NotAllowed(_("Only who wrote this, or who looks after the place, can remove it."))
    lock_with_place(content)
    if not _mark(content, deleted=True, by=actor.id):
        return
    _recount(content, -1)
    record(Deleted(actor=actor.id, person=content.author_id, place=content.place_id, content=content.id))


def restore(*, content: Content, actor: Member) -> None:
    """Take a deletion back, for who deleted, for some minutes.

    Raises:
        NotFound: it is too late, or somebody else deleted it.
    """
    get_content_for(actor, content.id, deleted=True)
    lock_with_place(content)
    if not _mark(content, deleted=False, by=None):
        return
    _recount(content, 1)
    record(Restored(actor=actor.id, person=content.author_id, place=content.place_id, content=content.id))


def withhold(*, content: Content, actor: Member) -> bool:
    """Take a content away from everybody, for those who keep order: whether the actor may is theirs to know.

    It is gone as if it were deleted, with what stands under it, and kept until it is given back or let go.
    Returns whether it was there.
    """
    lock_with_place(content)
    if not _mark(content, deleted=True, by=actor.id):
        return False
    content.withheld_at = utcnow()
    db.session.flush()
    _recount(content, -1)
    record(Deleted(actor=actor.id, person=content.author_id, place=content.place_id, content=content.id))
    return True


def give_back(*, content: Content, actor: Member) -> None:
    """Show again what was withheld, where it stood."""
    lock_with_place(content)
    if content.withheld_at is None or not _mark(content, deleted=False, by=None):
        return
    content.withheld_at = None
    db.session.flush()
    _recount(content, 1)
    record(Restored(actor=actor.id, person=content.author_id, place=content.place_id, content=content.id))


def let_go(content_ids: Sequence[int]) -> None:
    """Let what was withheld be forgotten as whatever else was deleted."""
    gone = update(Content).where(Content.id.in_(content_ids)).values(withheld_at=None)
    db.session.execute(gone, execution_options=AS_IT_IS)


def purge_deleted() -> None:
    """Forget for good what was deleted long ago: a job, which may run twice. Its files are left to theirs."""
    old = and_(
        Content.deleted_at < utcnow() - timedelta(days=settings().keep_deleted_days),
        Content.withheld_at.is_(None),
    )
    reply = aliased(Content)
    answered = exists().where(reply.root_id == Content.root_id, reply.parent_id == Content.id)
    _empty(select(Content.id).where(old, answered))
    unheld = select(Content.id).where(old, ~answered).order_by(Content.deleted_at).limit(PURGE_AT_ONCE)
    while gone := db.session.scalars(unheld).all():
        detach(select(Content.id).where(or_(Content.id.in_(gone), Content.root_id.in_(gone))))
        db.session.execute(deleting(Content).where(Content.root_id.in_(gone)))
        db.session.execute(deleting(Content).where(Content.id.in_(gone)))
        db.session.commit()


def _empty(comments: Select[int]) -> None:
    """Forget what comments said that stay only because answers stand under them."""
    detach(comments)
    for said in (Text, Version, Mention, Reaction, Bookmark, Hiding):
        db.session.execute(deleting(said).where(said.content_id.in_(comments)), execution_options=AS_IT_IS)
    emptying = (
        update(Content)
        .where(Content.id.in_(comments))
        .values(body_html="", files=[], reactions={}, reactions_count=0)
    )
    db.session.execute(emptying, execution_options=AS_IT_IS)
    db.session.commit()


def _mark(content: Content, *, deleted: bool, by: int | None) -> bool:
    """Mark a content as deleted or not; tell whether that is new, also where two do it at once."""
    present = Content.deleted_at.is_(None) if deleted else Content.deleted_at.is_not(None)
    marking = (
        update(Content)
        .where(Content.id == content.id, present)
        .values(deleted_at=utcnow() if deleted else None, deleted_by_id=by, pinned_at=None)
        .returning(Content.id)
    )
    marked = db.session.execute(marking, execution_options=AS_IT_IS).first()
    db.session.refresh(content)
    return marked is not None


def _recount(content: Content, change: int) -> None:
    """Keep the counts of what it stood in true: of its root, or of its place and tags."""
    if content.root_id is not None:
        root = update(Content).where(Content.id == content.root_id)
        values = {"comments_count": Content.comments_count + change}
        db.session.execute(root.values(**values), execution_options=AS_IT_IS)
        db.session.execute(
            update(Content)
            .where(Content.id == content.root_id, Content.answer_id == content.id)
            .values(answer_id=None),
            execution_options=AS_IT_IS,
        )
        db.session.expire_all()
        return
    count_contents(content.place)
    count_tags_of(content, change)
