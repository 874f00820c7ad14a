"""The comments under a content, two levels deep, a page at a time: as dear for 500 as for 20."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any, NamedTuple

from parvis.api import BigId, Member, Person, among, db, prepared, read_rows
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Integer,
    Select,
    any_,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from ..statement import finds
from .card import CommentCard, Hidden, comment_columns, make_comment
from .models import Content, Hiding

PAGE = 20
ORDERS = ("time", "reactions")
FIRST_LEVEL, REPLY, ANSWER = range(3)
MOST_REPLIES = 200
"""Replies shown under the comments of one page: far more than people write."""


@dataclass(frozen=True)
class Comments:
    """One page of a thread, oldest first; `before` and `after` are the numbers where its neighbours begin.

    In the order of reactions there is nothing before, and the next page comes `after` this comment's number.
    """

    comments: Sequence[CommentCard] = field(default_factory=list)
    before: int | None = None
    after: int | None = None
    answer: CommentCard | None = None
    """The answer, to be shown above the others; None if it is the first of them anyway."""


def list_comments(
    root: Content,
    *,
    viewer: Member,
    before: int | None = None,
    after: int | None = None,
    around: int | None = None,
    order: str = "time",
    answered_by: Sequence[int] = (),
) -> Comments:
    """Return a page of a thread: the last one, or that before or after a number, or the one a comment is on.

    Deleted comments are there only while they hold replies together. One query, three with `around`, and one
    more where something is hidden.

    Args:
        order: `time`: the last page, oldest first; `reactions`: the first page, most reactions first.
        answered_by: ids of people: only comments that one of them wrote or answered.
    """
    if not root.comments_given:
        return Comments()
    if order == "reactions":
        return _by_reactions(root, viewer, after, answered_by)
    held = _first_level_of(root, around) if around is not None else None
    if held is not None:
        before = _end_of_page_with(root, held)
    forwards = after is not None and before is None
    begin = after if forwards else before or root.comments_given + 1
    query = _in_time(forwards, bool(answered_by), held is not None)
    read = _read(root, viewer, query, answered_by, begin)
    more, found = len(read.level) > PAGE, read.level[:PAGE]
    found = found if forwards else found[::-1]
    kept = next((place for place, row in enumerate(found) if held and row[0] == held.id), None)
    if kept is None:
        kept = 0 if forwards else len(found) - 1
    shown, first, last = _on_page(root, found, read, kept)
    if not shown.comments:
        return shown
    earlier = shown.comments[0].number if forwards or more or first > 0 else None
    further = more if forwards else before is not None
    later = shown.comments[-1].number if further or last < len(found) - 1 else None
    return replace(shown, before=earlier if earlier and earlier > 1 else None, after=later)


def _by_reactions(root: Content, viewer: Member, after: int | None, answered_by: Sequence[int]) -> Comments:
    read = _read(root, viewer, _most_liked(after is None, bool(answered_by)), answered_by, after)
    found = read.level[:PAGE]
    shown, _first, last = _on_page(root, found, read, 0)
    further = shown.comments and (len(read.level) > PAGE or last < len(found) - 1)
    return replace(shown, after=shown.comments[-1].number) if further else shown


class _Read(NamedTuple):
    """Rows of comments: those of the first level in their order, the answers to each, and the answer."""

    level: list[Any]
    below: dict[int, list[Any]]
    answer: list[Any]


def _read(root: Content, viewer: Member, statement: Any, people: Sequence[int], begin: int | None) -> _Read:
    """Read comments of the first level from a number on, with what answers them, and the answer."""
    values: dict[str, Any] = {"viewer": viewer.id, "root": root.id, "answer": root.answer_id or 0}
    values |= {"from": begin} if begin else {}
    read = _Read([], {}, [])
    rows = read_rows(statement, values | ({"people": list(people)} if people else {}))
    for *row, part, _place in sorted(rows, key=itemgetter(-1)):
        if part == FIRST_LEVEL:
            read.level.append(row)
        elif part == REPLY:
            read.below.setdefault(row[2], []).append(row)
        else:
            read.answer.append(row)
    return read


def _first_level_of(root: Content, comment_id: int) -> Content | None:
    """Return a comment under a content, or the one of the first level that it answers."""
    comment = db.session.get(Content, comment_id)
    if comment is None or comment.root_id != root.id or comment.parent_id is None:
        return comment if comment is not None and comment.root_id == root.id else None
    return db.session.get(Content, comment.parent_id) or comment


def _end_of_page_with(root: Content, comment: Content) -> int | None:
    """Return the number that a page which shows a comment ends before: some newer ones stand below it."""
    following = (
        select(Content.number)
        .where(Content.root_id == root.id, Content.parent_id.is_(None), Content.number > comment.number)
        .order_by(Content.number)
        .limit(PAGE // 2)
    )
    numbers = db.session.scalars(following).all()
    return numbers[-1] + 1 if len(numbers) == PAGE // 2 and numbers[-1] is not None else None


@prepared
def _in_time(forwards: bool, of_people: bool, whole: bool) -> Any:
    """Return comments after or before a number, with what belongs to them."""
    begin = bindparam("from", type_=BigId)
    level = _first_level(of_people).where(Content.number > begin if forwards else Content.number < begin)
    return _with_replies_and_answer(level, [Content.number], forwards=forwards, whole=whole)


@prepared
def _most_liked(first: bool, of_people: bool) -> Any:
    """Return comments by their reactions, from behind that of a number on, with what belongs to them."""
    level, count = _first_level(of_people), Content.reactions_count
    if not first:
        number, last = bindparam("from", type_=BigId), aliased(Content)
        reached = select(last.reactions_count).where(last.root_id == bindparam("root"), last.number == number)
        most = reached.scalar_subquery()
        level = level.where(count <= most, or_(count < most, Content.number < number))
    return _with_replies_and_answer(level, [count, Content.number])


def _first_level(of_people: bool) -> Select[Any]:
    """Return the ids of comments of the first level; `of_people`: of those that `people` answered.

    Beside each, how many it takes up with what answers it.
    """
    reply = aliased(Content)
    below = select(reply.id).where(reply.parent_id == Content.id, reply.deleted_at.is_(None))
    replies = below.with_only_columns(cast(func.count(), Integer)).scalar_subquery()
    query = select(Content.id, (replies + 1).label("size")).where(
        Content.root_id == bindparam("root"),
        Content.parent_id.is_(None),
        or_(Content.deleted_at.is_(None), finds(below)),
    )
    if not of_people:
        return query
    theirs = aliased(Content)  # what they wrote under the content is read once, not for each comment
    level = select(func.coalesce(theirs.parent_id, theirs.id)).where(
        theirs.root_id == bindparam("root"), theirs.deleted_at.is_(None), among(theirs.author_id, "people")
    )
    if db.engine.dialect.name == "postgresql":  # which would else look for each comment again
        return query.where(Content.id == any_(func.array(level.scalar_subquery(), type_=ARRAY(BigInteger))))
    return query.where(Content.id.in_(level))


def _on_page(root: Content, found: Sequence[Any], read: _Read, kept: int) -> tuple[Comments, int, int]:
    """Return comments with their replies, the answer, and which were taken.

    `found`: rows of the first level, of which as many are shown, on from the one at `kept`, as there is room
    for with what answers them. Only these become cards.
    """
    if not found:
        return Comments(), 0, 0
    first, last = _room_for([len(read.below.get(row[0], ())) for row in found], kept)
    firsts = found[first : last + 1]
    made = [make_comment(row, answer_id=root.answer_id) for row in firsts]
    answers = [
        make_comment(row, answer_id=root.answer_id)
        for above in firsts
        for row in read.below.get(above[0], ())
    ]
    replies: dict[int | None, list[CommentCard]] = {}
    for reply in _with_marks(answers):
        replies.setdefault(reply.parent_id, []).append(reply)
    told = [comment._replace(replies=tuple(replies.get(comment.id, ()))) for comment in _with_marks(made)]
    apart = [make_comment(row, answer_id=root.answer_id) for row in read.answer if row[0] != firsts[0][0]]
    return Comments(told, answer=apart[0] if apart else None), first, last


def _room_for(replies: Sequence[int], kept: int) -> tuple[int, int]:
    """Return the first and the last of the comments that a page has room for, by how many answer each.

    A page has `PAGE` comments of either level around the one at `kept`, which has room in any case.
    """
    first = last = kept
    room = PAGE - 1 - replies[kept]
    while room > 0:
        if last + 1 < len(replies) and replies[last + 1] < room:
            last += 1
            room -= 1 + replies[last]
        elif first > 0 and replies[first - 1] < room:
            first -= 1
            room -= 1 + replies[first]
        else:
            break
    return first, last


def _with_marks(comments: list[CommentCard]) -> list[CommentCard]:
    """Return comments, the hidden ones with who hid them and why: a query only if there are some."""
    hidden = [comment.id for comment in comments if comment.hidden]
    if not hidden:
        return comments
    query = select(Hiding.content_id, Person.display_name, Hiding.at, Hiding.reason)
    query = query.outerjoin(Person, Person.id == Hiding.by_id).where(Hiding.content_id.in_(hidden))
    marks = {row.content_id: Hidden(*row[1:]) for row in db.session.execute(query)}
    return [each._replace(hidden=marks.get(each.id, each.hidden)) for each in comments]


def _with_replies_and_answer(
    level: Select[Any], keys: Sequence[Any], *, forwards: bool = False, whole: bool = False
) -> Any:
    """Return comments of the first level, the replies to them, and the answer: each with what part of the
    thread it is, and its place among these.

    Of the first level, in the order of `keys`, there are as many as have room on a page with what answers
    them, and one more; `whole`: as many as a page, and one more.
    """
    towards = [key if forwards else key.desc() for key in keys]
    first = level.add_columns(*keys).order_by(*towards).limit(PAGE + 1).cte("first")
    order = [first.c[key.key] if forwards else first.c[key.key].desc() for key in keys]
    taken, before_it = (
        func.coalesce(func.sum(first.c.size).over(order_by=order, rows=(None, end)), 0) for end in (-1, -2)
    )
    placed = select(first.c.id, taken.label("taken"), before_it.label("before_it")).cte("placed")
    level = select(placed.c.id, literal(FIRST_LEVEL).label("part"), placed.c.taken.label("place"))
    above = select(placed.c.id)
    if not whole:
        level, above = level.where(placed.c.before_it < PAGE), above.where(placed.c.taken < PAGE)
    replies = (
        select(Content.id, literal(REPLY), Content.id)
        .where(Content.parent_id.in_(above), Content.deleted_at.is_(None))
        .order_by(Content.id)
        .limit(MOST_REPLIES)
    )
    answer = select(Content.id, literal(ANSWER), literal(0)).where(
        Content.id == bindparam("answer", type_=BigId),
        Content.deleted_at.is_(None),
        Content.hidden_at.is_(None),
    )
    shown = union_all(level, select(replies.subquery()), answer).subquery()
    return comment_columns().join(shown, shown.c.id == Content.id).add_columns(shown.c.part, shown.c.place)


def mark_of(content: Content) -> Hidden:
    """Return who withdrew a content, when and why; nobody and no reason: its author has left."""
    query = select(Person.display_name, Hiding.at, Hiding.reason).outerjoin(Person, Person.id == Hiding.by_id)
    return Hidden(*db.session.execute(query.where(Hiding.content_id == content.id)).one())


def get_comment(comment_id: int, *, viewer: Member, answer_id: int | None = None) -> CommentCard:
    """Return one comment as it is shown, alone."""
    [row] = read_rows(_comment(), {"viewer": viewer.id, "id": comment_id})
    [comment] = _with_marks([make_comment(row, answer_id=answer_id)])
    return comment


@prepared
def _comment() -> Select[Any]:
    return comment_columns().where(Content.id == bindparam("id"))
