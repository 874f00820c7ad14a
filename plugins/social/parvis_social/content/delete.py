"""Deleting, or withdrawing what others wrote under; taking that back for some minutes; at last forgetting."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from parvis.api import Member, NotAllowed, db, record, utcnow
from parvis.api import gettext as _
from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, update
from sqlalchemy import delete as deleting
from sqlalchemy.orm import aliased

from ..event import Deleted, Restored
from ..place.change import count_contents
from ..registry import content_types
from ..settings import settings
from .care import checked_reason
from .file import detach
from .models import Bookmark, Content, ContentTag, Hiding, Mention, Reaction, Text, Version
from .read import get_content_for
from .tag import count_tags_of
from .turn import lock_with_place

PURGE_AT_ONCE = 500
WITHDRAWN: ColumnElement[bool] = and_(
    Content.root_id.is_(None), Content.deleted_at.is_not(None), Content.hidden_at.is_not(None)
)
"""The condition that a content was withdrawn: of it only a mark is shown, and what stands under it."""
AS_IT_IS = {"synchronize_session": False}


def delete(*, content: Content, actor: Member) -> None:
    """Take a content away, with the comments under it; those who answered a comment keep their answers.

    Raises:
        NotAllowed: it is neither the actor's nor in a place that they look after; or colleagues commented, so
            that it can only be withdrawn.
    """
    _check_may_delete(content, actor)
    lock_with_place(content)
    if must_be_withdrawn(content):
        raise NotAllowed(_("Colleagues have commented: it can only be withdrawn, with a reason that stays."))
    _delete(content, actor)


def withdraw(*, content: Content, reason: str, actor: Member) -> None:
    """Take away what a content says; a mark with name, day and reason stays above the comments under it.

    Raises:
        NotAllowed: it is neither the actor's nor in a place that they look after, or its type is deleted.
        Invalid: there is no reason, or it has more than 300 characters; `field` is `reason`.
    """
    _check_may_delete(content, actor)
    reason = checked_reason(reason)
    lock_with_place(content)
    if not content_types()[content.type].withdraws or content.root_id is not None:
        raise NotAllowed(_("Only who wrote this, or who looks after the place, can remove it."))
    if _delete(content, actor):
        content.hidden_at = content.deleted_at
        db.session.add(Hiding(content_id=content.id, by_id=actor.id, reason=reason, at=utcnow()))
        db.session.flush()


def must_be_withdrawn(content: Content) -> bool:
    """Tell whether a content's type leaves a mark where others commented, as they did here."""
    return content_types()[content.type].withdraws and content.comments_count > 0


def _check_may_delete(content: Content, actor: Member) -> None:
    if not get_content_for(actor, content.id).may_delete:
        raise NotAllowed(_("Only who wrote this, or who looks after the place, can remove it."))


def _delete(content: Content, actor: Member) -> bool:
    """Delete a content; tell whether that is new."""
    if not _mark(content, deleted=True, by=actor.id):
        return False
    _recount(content, -1)
    record(Deleted(actor=actor.id, person=content.author_id, place=content.place_id, content=content.id))
    return True


def restore(*, content: Content, actor: Member) -> None:
    """Take a deletion back, for who deleted, for some minutes.

    Raises:
        NotFound: it is too late, or somebody else deleted it.
    """
    get_content_for(actor, content.id, deleted=True)
    lock_with_place(content)
    if not _mark(content, deleted=False, by=None):
        return
    if content.root_id is None and content.hidden_at is not None:
        content.hidden_at = None
        db.session.execute(deleting(Hiding).where(Hiding.content_id == content.id))
    _recount(content, 1)
    record(Restored(actor=actor.id, person=content.author_id, place=content.place_id, content=content.id))


def withhold(*, content: Content, actor: Member | None) -> bool:
    """Take a content away from everybody, for those who keep order: whether the actor may is theirs to know.

    It is gone as if it were deleted, with what stands under it, and kept until it is given back or let go.
    Returns whether it was there.

    Args:
        actor: who takes it away; None: nobody, a rule does.
    """
    by = actor.id if actor else None
    lock_with_place(content)
    if not _mark(content, deleted=True, by=by):
        return False
    content.withheld_at = utcnow()
    db.session.flush()
    _recount(content, -1)
    record(Deleted(actor=by, person=content.author_id, place=content.place_id, content=content.id))
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
    db.session.commit()
    speaking = or_(Content.body_html != "", Content.title != "")
    _empty_marks(list(db.session.scalars(select(Content.id).where(old, WITHDRAWN, speaking))))
    db.session.commit()
    unheld = select(Content.id).where(old, ~answered, ~WITHDRAWN)
    unheld = unheld.order_by(Content.deleted_at).limit(PURGE_AT_ONCE)
    while gone := db.session.scalars(unheld).all():
        detach(select(Content.id).where(or_(Content.id.in_(gone), Content.root_id.in_(gone))))
        db.session.execute(deleting(Content).where(Content.root_id.in_(gone)))
        db.session.execute(deleting(Content).where(Content.id.in_(gone)))
        db.session.commit()


def leave_marks(ids: Collection[int]) -> None:
    """Forget at once what contents said that others wrote under: the marks say that their author has left.

    Whoever removes them keeps the counts of their places and tags true.
    """
    now, some = utcnow(), Content.id.in_(ids)
    roots = list(db.session.scalars(select(Content.id).where(some, Content.root_id.is_(None))))
    gone = {"deleted_at": func.coalesce(Content.deleted_at, now), "deleted_by_id": None, "pinned_at": None}
    hidden_at = case((Content.root_id.is_(None), func.coalesce(Content.hidden_at, now)))
    marking = update(Content).where(some).values(**gone, hidden_at=hidden_at)
    db.session.execute(marking, execution_options=AS_IT_IS)
    _empty(select(Content.id).where(some, Content.root_id.is_not(None)))
    _empty_marks(roots)
    known = set(db.session.scalars(select(Hiding.content_id).where(Hiding.content_id.in_(roots))))
    db.session.add_all(Hiding(content_id=id, reason="", at=now) for id in roots if id not in known)
    db.session.flush()


def _empty(contents: Select[int], *, but: tuple[type, ...] = ()) -> None:
    """Forget what contents said that stay only because others wrote under them."""
    detach(contents)
    said: Any
    for said in {Text, Version, Mention, Reaction, Bookmark, Hiding, ContentTag} - {*but}:
        db.session.execute(deleting(said).where(said.content_id.in_(contents)), execution_options=AS_IT_IS)
    emptying = (
        update(Content)
        .where(Content.id.in_(contents))
        .values(title="", body_html="", files=[], tags=[], reactions={}, reactions_count=0)
    )
    db.session.execute(emptying, execution_options=AS_IT_IS)


def _empty_marks(ids: list[int]) -> None:
    """Forget what withdrawn contents said, here and in the tables of their types; the marks stay."""
    types = db.session.execute(select(Content.type, Content.id).where(Content.id.in_(ids))).all()
    for name, type in content_types().items():
        if type.forget is not None and (theirs := [id for of, id in types if of == name]):
            type.forget(theirs)
    _empty(select(Content.id).where(Content.id.in_(ids)), but=(Hiding,))


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
