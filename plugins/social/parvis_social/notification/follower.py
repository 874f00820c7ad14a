"""Following the event log: who is told what. Of several reasons to tell somebody the nearest one counts."""

from collections.abc import Callable
from typing import Any

from parvis.api import BigId, EventRecord, db, one_of, prepared, read_rows
from sqlalchemy import (
    CompoundSelect,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    union_all,
    update,
)

from ..content.models import Content, Hiding, Mention
from ..event import Answered, Commented, Deleted, Hidden, Mentioned, PlaceJoined, Published, Reacted
from ..place.models import Level, Place, PlaceFollow, Visitor
from ..place.visitor import People, make_visitors
from . import kinds
from .forget import UNWATCHED, forget
from .models import Notification
from .notify import notify

CONTENT = bindparam("content", type_=BigId)


def tell(event: EventRecord) -> None:
    """Tell whom an event concerns."""
    telling = _TELLING.get(event.kind)
    if telling is not None:
        telling(event)


def _mentioned(event: EventRecord) -> None:
    _notify(kinds.MENTIONED, [event.person_id or 0], event, root=event.data["root"])


def _published(event: EventRecord) -> None:
    """Tell whose wall it stands on, and who wants to know all of a place; whom it names is told that."""
    wall, follow = concerned = set[int](), set[int]()
    for row in read_rows(_interested(), {"content": event.content_id, "place": event.place_id}):
        concerned[row.how].add(row.person_id)
    for kind, people in ((kinds.WALL, wall), (kinds.PUBLISHED, follow - wall)):
        notify(
            kind=kind, people=sorted(people), actor=event.person_id or event.actor_id,
            place=event.place_id, content=event.content_id, root=event.content_id, at=event.at,
        )  # fmt: skip


@prepared
def _interested() -> CompoundSelect[Any]:
    """Return the query of whose wall a place is (0), and who wants to know everything of it (1)."""
    place = bindparam("place", type_=BigId)
    named = select(Mention.person_id).where(Mention.content_id == CONTENT)
    return union_all(
        select(literal_column("0").label("how"), Place.person_id).where(
            Place.id == place, Place.person_id.not_in(named)
        ),
        select(literal_column("1"), PlaceFollow.person_id).where(
            PlaceFollow.place_id == place,
            one_of(PlaceFollow.level, [Level.ALL]),
            PlaceFollow.person_id.not_in(named),
        ),
    )


def _commented(event: EventRecord) -> None:
    """Tell those who are answered, and those who take part; whom the comment names is told that."""
    root = event.data["root"]
    values = {"content": event.content_id, "root": root, "parent": event.data.get("parent") or root}
    named, answered, taking_part = concerned = set[int](), set[int](), set[int]()
    for row in read_rows(_concerned(), values):
        concerned[row.how].add(row.person_id)
    _notify(kinds.REPLIED, sorted(answered - named), event, root=root)
    _notify(kinds.COMMENTED, sorted(taking_part - answered - named), event, root=root)


@prepared
def _concerned() -> CompoundSelect[Any]:
    """Return the query of whom a comment names (0), whom it answers (1), who took part before it (2)."""
    root, parent = bindparam("root", type_=BigId), bindparam("parent", type_=BigId)
    before = and_(Content.root_id == root, Content.id < CONTENT, Content.deleted_at.is_(None))
    return union_all(
        select(literal_column("0").label("how"), Mention.person_id).where(Mention.content_id == CONTENT),
        select(literal_column("1"), Content.author_id).where(or_(Content.id == root, Content.id == parent)),
        select(literal_column("2"), Content.author_id).where(before).distinct(),
    )


def _answered(event: EventRecord) -> None:
    _notify(kinds.ANSWERED, [event.person_id or 0], event, root=event.data["root"])


def _reacted(event: EventRecord) -> None:
    """Tell the author; reactions to a comment are gathered by the comment."""
    _notify(kinds.REACTED, [event.person_id or 0], event, root=event.content_id)


def _deleted(event: EventRecord) -> None:
    """Take back what was told of a content that is gone, and of what stood under it."""
    under = select(Content.id).where(Content.root_id == event.content_id)
    forget(
        or_(
            Notification.content_id == event.content_id,
            Notification.root_id == event.content_id,
            Notification.content_id.in_(under),
        )
    )


def _hidden(event: EventRecord) -> None:
    """Take back what was told of a comment that is hidden, and tell its author why it is."""
    forget(Notification.content_id == event.content_id)
    hiding = db.session.get(Hiding, event.content_id or 0)
    comment = db.session.get(Content, event.content_id or 0)
    if hiding is not None and comment is not None:
        notify(
            kind=kinds.HIDDEN, people=[comment.author_id], actor=event.actor_id, content=comment.id,
            root=comment.root_id, data={"reason": hiding.reason}, at=event.at,
        )  # fmt: skip


def _place_joined(event: EventRecord) -> None:
    """Tell whom another made a member."""
    _notify(kinds.ADDED, [event.person_id or 0], event, root=None)


def _joined(event: EventRecord) -> None:
    """Let a new member begin with nothing new in their feed: not with all that was written before they came.

    They may have a row already: somebody named them before they came.
    """
    if event.person_id is None:
        return
    newest = db.session.scalar(select(func.max(Content.id))) or 0
    make_visitors([event.person_id])
    beginning = update(Visitor).where(Visitor.person_id == event.person_id, Visitor.seen_at.is_(None))
    db.session.execute(beginning.values(seen_id=newest, last_visit_id=-newest), execution_options=UNWATCHED)


def _notify(kind: str, people: People, event: EventRecord, *, root: int | None) -> None:
    notify(
        kind=kind,
        people=people,
        actor=event.actor_id,
        place=event.place_id,
        content=event.content_id,
        root=root,
        at=event.at,
    )


_TELLING: dict[str, Callable[[EventRecord], None]] = {
    Mentioned.kind: _mentioned,
    Published.kind: _published,
    Commented.kind: _commented,
    Answered.kind: _answered,
    Reacted.kind: _reacted,
    Deleted.kind: _deleted,
    Hidden.kind: _hidden,
    PlaceJoined.kind: _place_joined,
    "core.joined": _joined,
}
