"""Following the event log: who is told what. Of several reasons to tell somebody the nearest one counts."""

from collections.abc import Callable

from parvis.api import EventRecord, db
from sqlalchemy import func, or_, select, update

from ..content.models import Content, Hiding, Mention
from ..event import Answered, Commented, Deleted, Hidden, Mentioned, PlaceJoined, Published, Reacted
from ..place.models import Level, PlaceFollow, Visitor
from ..place.visitor import People, make_visitors
from . import kinds
from .forget import UNWATCHED, forget
from .models import Notification
from .notify import notify


def tell(event: EventRecord) -> None:
    """Tell whom an event concerns."""
    telling = _TELLING.get(event.kind)
    if telling is not None:
        telling(event)


def _mentioned(event: EventRecord) -> None:
    _notify(kinds.MENTIONED, [event.person_id or 0], event, root=event.data["root"])


def _published(event: EventRecord) -> None:
    """Tell who wants to know everything of a place: one statement for all of them."""
    named = select(Mention.person_id).where(Mention.content_id == event.content_id)
    wanting = select(PlaceFollow.person_id).where(
        PlaceFollow.place_id == event.place_id,
        PlaceFollow.level == Level.ALL,
        PlaceFollow.person_id.not_in(named),
    )
    notify(
        kind=kinds.PUBLISHED, people=wanting, actor=event.person_id or event.actor_id, place=event.place_id,
        content=event.content_id, root=event.content_id,
    )  # fmt: skip


def _commented(event: EventRecord) -> None:
    """Tell those who are answered, and those who take part; whom the comment names is told that."""
    root, parent = event.data["root"], event.data.get("parent")
    named = set(db.session.scalars(select(Mention.person_id).where(Mention.content_id == event.content_id)))
    answered = set(
        db.session.scalars(select(Content.author_id).where(Content.id.in_([root, parent or root])))
    )
    taking_part = (
        select(Content.author_id)
        .where(Content.root_id == root, Content.id < event.content_id, Content.deleted_at.is_(None))
        .where(Content.author_id.not_in([*answered, *named]))
    )
    _notify(kinds.REPLIED, sorted(answered - named), event, root=root)
    _notify(kinds.COMMENTED, taking_part, event, root=root)


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
            root=comment.root_id, data={"reason": hiding.reason},
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
