"""The comments under a content, two levels deep, a page at a time: as dear for 500 as for 20."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from parvis.api import BigId, Member, db
from sqlalchemy import Select, bindparam, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from ..statement import prepared
from .card import Acts, CommentCard, acts_of, comment_columns, make_comment, with_acts
from .models import Content

PAGE = 20
MOST_REPLIES = 200
"""Replies shown under the comments of one page: far more than people write."""


@dataclass(frozen=True)
class Comments:
    """One page of a thread, oldest first; `before` and `after` are the numbers where its neighbours begin."""

    comments: Sequence[CommentCard] = field(default_factory=list)
    before: int | None = None
    after: int | None = None
    acts: Acts | None = None
    """What the viewer did to these and to what they stand under."""
    answer: CommentCard | None = None
    """The answer, to be shown above the others; None if it is the first of them anyway."""


def list_comments(
    root: Content,
    *,
    viewer: Member,
    before: int | None = None,
    after: int | None = None,
    around: int | None = None,
) -> Comments:
    """Return a page of a thread: the last one, or that before or after a number, or the one a comment is on.

    Deleted comments are there only while they hold replies together. Three queries, four with `around`.
    """
    if not root.comments_given:
        return Comments()
    if around is not None:
        before = _end_of_page_with(root, around)
    forwards = after is not None and before is None
    values = {"root": root.id, "from": after if forwards else before or root.comments_given + 1}
    rows = db.session.execute(_level(forwards), values).all()
    more, rows = len(rows) > PAGE, rows[:PAGE]
    shown = [make_comment(row, answer_id=root.answer_id) for row in (rows if forwards else rows[::-1])]
    if not shown:
        return Comments()
    told, acts, answer = _with_replies(root, shown, viewer)
    earlier = shown[0].number if forwards or more else None
    later_than = shown[-1].number
    later = later_than if (more if forwards else before is not None) else None
    return Comments(told, earlier if earlier and earlier > 1 else None, later, acts, answer)


def _end_of_page_with(root: Content, comment_id: int) -> int | None:
    """Return the number that a page which shows a comment ends before: some newer ones stand below it."""
    comment = db.session.get(Content, comment_id)
    if comment is None or comment.root_id != root.id:
        return None
    if comment.parent_id is not None:
        comment = db.session.get(Content, comment.parent_id) or comment
    following = (
        select(Content.number)
        .where(Content.root_id == root.id, Content.parent_id.is_(None), Content.number > comment.number)
        .order_by(Content.number)
        .limit(PAGE // 2)
    )
    numbers = db.session.scalars(following).all()
    return numbers[-1] + 1 if len(numbers) == PAGE // 2 and numbers[-1] is not None else None


@prepared
def _level(forwards: bool) -> Select[Any]:
    """Return comments of the first level after or before a number, one more than a page."""
    reply = aliased(Content)
    answer = select(reply.id).where(
        reply.root_id == Content.root_id, reply.parent_id == Content.id, reply.deleted_at.is_(None)
    )
    answered = answer.limit(1).scalar_subquery().is_not(None)  # EXISTS: PostgreSQL would gather all first
    begin = bindparam("from", type_=BigId)
    return (
        comment_columns()
        .where(
            Content.root_id == bindparam("root"),
            Content.parent_id.is_(None),
            Content.number > begin if forwards else Content.number < begin,
            or_(Content.deleted_at.is_(None), answered),
        )
        .order_by(Content.number if forwards else Content.number.desc())
        .limit(PAGE + 1)
    )


def _with_replies(
    root: Content, shown: list[CommentCard], viewer: Member
) -> tuple[list[CommentCard], Acts, CommentCard | None]:
    """Return comments with their replies and what the viewer did to them, and the answer."""
    values = {"root": root.id, "parents": [comment.id for comment in shown], "answer": root.answer_id or 0}
    rows = db.session.execute(_replies_and_answer(), values).all()
    made = [(make_comment(row[:-1], answer_id=root.answer_id), row.apart) for row in rows]
    replies = sorted((comment for comment, apart in made if not apart), key=lambda reply: reply.number)
    answer = next((comment for comment, apart in made if apart and comment.id != shown[0].id), None)
    acts = acts_of(viewer, [root.id, *(comment.id for comment in (*shown, *replies))])
    below: dict[int | None, list[CommentCard]] = {}
    for reply in replies:
        below.setdefault(reply.parent_id, []).append(with_acts(reply, acts))
    told = [replace(with_acts(comment, acts), replies=below.get(comment.id, [])) for comment in shown]
    return told, acts, answer


@prepared
def _replies_and_answer() -> Any:
    """Return the replies to some comments, and apart from them the answer, each along its index."""
    replies = (
        comment_columns()
        .add_columns(literal(0).label("apart"))
        .where(
            Content.root_id == bindparam("root"),
            Content.parent_id.in_(bindparam("parents", expanding=True)),
            Content.deleted_at.is_(None),
        )
        .order_by(Content.number)
        .limit(MOST_REPLIES)
        .subquery()
    )
    answer = comment_columns().add_columns(literal(1).label("apart"))
    answer = answer.where(Content.id == bindparam("answer", type_=BigId), Content.deleted_at.is_(None))
    return union_all(select(replies), answer)


def get_comment(comment_id: int, *, viewer: Member, answer_id: int | None = None) -> CommentCard:
    """Return one comment as it is shown, alone."""
    row = db.session.execute(_comment(), {"id": comment_id}).one()
    return with_acts(make_comment(row, answer_id=answer_id), acts_of(viewer, [comment_id]))


@prepared
def _comment() -> Select[Any]:
    return comment_columns().where(Content.id == bindparam("id"))
