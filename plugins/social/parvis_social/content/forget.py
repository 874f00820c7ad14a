"""Removing for good all that somebody published, without taking what others wrote with it."""

from parvis.api import Erasure, db, record
from sqlalchemy import delete as deleting
from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import aliased

from ..event import Deleted
from ..notification.forget import forget
from ..notification.models import Notification
from ..place.change import count_contents
from ..place.models import Place
from .delete import AS_IT_IS, leave_marks
from .file import keys_of
from .models import Content, File
from .tag import count_tags_of


def remove_all_of(erasure: Erasure) -> None:
    """Remove what somebody published. Where others wrote under it, a mark stays that says why."""
    mine = Content.author_id == erasure.person.id
    ids = list(db.session.scalars(select(Content.id).where(mine)))
    under: list[int | None] = list(
        db.session.scalars(select(Content.root_id).where(mine, Content.root_id.is_not(None)).distinct())
    )
    places = list(db.session.scalars(select(Content.place_id).where(mine).distinct()))
    _let_go(erasure, ids)
    other = aliased(Content)
    held = exists().where(
        or_(other.root_id == Content.id, other.parent_id == Content.id),
        other.author_id != erasure.person.id,
        other.deleted_at.is_(None),
    )
    seen = or_(Content.root_id.is_not(None), Content.deleted_at.is_(None), Content.hidden_at.is_not(None))
    kept = set(db.session.scalars(select(Content.id).where(mine, held, seen)))
    leave_marks(kept)
    gone = [id for id in ids if id not in kept]
    db.session.execute(deleting(Content).where(Content.root_id.in_(gone)), execution_options=AS_IT_IS)
    db.session.execute(deleting(Content).where(Content.id.in_(gone)), execution_options=AS_IT_IS)
    _count(under, places)


def _let_go(erasure: Erasure, ids: list[int]) -> None:
    """Take contents out of all that counts them or tells of them, and have their files deleted."""
    listed = (Content.id.in_(ids), Content.root_id.is_(None), Content.deleted_at.is_(None))
    for content in db.session.scalars(select(Content).where(*listed)).all():
        count_tags_of(content, -1)
    forget(or_(Notification.content_id.in_(ids), Notification.root_id.in_(ids)))
    record(*(Deleted(person=erasure.person.id, content=id) for id in ids))
    for file in db.session.scalars(select(File).where(File.content_id.in_(ids))).all():
        erasure.forget_files(keys_of(file))
        db.session.delete(file)
    db.session.flush()


def _count(roots: list[int | None], places: list[int]) -> None:
    comment = aliased(Content)
    under = select(func.count()).where(comment.root_id == Content.id, comment.deleted_at.is_(None))
    answer = select(comment.id).where(comment.id == Content.answer_id, comment.deleted_at.is_(None))
    counting = update(Content).where(Content.id.in_(roots)).values(
        comments_count=under.scalar_subquery(), answer_id=answer.scalar_subquery()
    )  # fmt: skip
    db.session.execute(counting, execution_options=AS_IT_IS)
    db.session.expire_all()
    for place in db.session.scalars(select(Place).where(Place.id.in_(places))).all():
        count_contents(place)
