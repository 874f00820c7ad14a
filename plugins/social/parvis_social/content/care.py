"""Looking after a place's contents: pinning, closing or hiding comments with a reason, marking the answer."""

from parvis.api import Invalid, Member, NotAllowed, clean, db, record, utcnow
from parvis.api import gettext as _
from sqlalchemy import delete, func, select

from ..event import Answered, Hidden, Locked
from ..place.access import nothing
from .models import Content, Hiding
from .read import Reading, get_content_for
from .turn import lock_content, lock_with_place

MOST_PINNED = 3
REASON_LENGTH = 300


def pin(*, content: Content, actor: Member) -> None:
    """Keep a content at the top of its place.

    Raises:
        NotAllowed: the actor does not look after the place.
        Invalid: three are there already.
    """
    _managed(content, actor)
    lock_with_place(content)
    pinned = select(func.count()).where(Content.place_id == content.place_id, Content.pinned_at.is_not(None))
    if content.pinned_at is None and (db.session.scalar(pinned) or 0) >= MOST_PINNED:
        raise Invalid(
            _("%(most)s are pinned already. Take one down first.", most=MOST_PINNED),
        )
    content.pinned_at = content.pinned_at or utcnow()


def unpin(*, content: Content, actor: Member) -> None:
    """Let a content take its turn again; raises as `pin`."""
    _managed(content, actor)
    content.pinned_at = None


def lock(*, content: Content, reason: str, actor: Member) -> None:
    """Close the comments of a content; who did it, when and why is shown to everybody who reads it.

    Raises:
        NotAllowed: the actor does not look after the place.
        Invalid: there is no reason, or it has more than 300 characters; `field` is `reason`.
    """
    _managed(content, actor)
    close_comments(content=content, reason=reason, actor=actor)


def close_comments(*, content: Content, reason: str, actor: Member) -> None:
    """Close the comments of a content, for those who keep order: whether the actor may is theirs to know."""
    content.locked_at, content.locked_by_id, content.lock_reason = utcnow(), actor.id, checked_reason(reason)
    record(Locked(actor=actor.id, place=content.place_id, content=content.id, locked=True))


def open_comments(*, content: Content, actor: Member) -> None:
    """Open the comments of a content again, as `close_comments` closed them."""
    if content.locked_at is not None:
        content.locked_at, content.locked_by_id, content.lock_reason = None, None, ""
        record(Locked(actor=actor.id, place=content.place_id, content=content.id, locked=False))


def unlock(*, content: Content, actor: Member) -> None:
    """Open the comments of a content again; raises as `lock`."""
    _managed(content, actor)
    open_comments(content=content, actor=actor)


def hide(*, comment: Content, reason: str, actor: Member) -> None:
    """Put a mark in the place of a comment: everybody sees that it was hidden, by whom, when and why.

    Its author and those who look after the place can still read it; answers to it stay.

    Raises:
        NotAllowed: the actor does not look after the place.
        Invalid: there is no reason, or it has more than 300 characters; `field` is `reason`.
    """
    reading = _managed_comment(comment, actor)
    reason = checked_reason(reason)
    lock_content(comment)
    if comment.hidden_at is None and comment.deleted_at is None:
        comment.hidden_at = utcnow()
        db.session.add(Hiding(content_id=comment.id, by_id=actor.id, reason=reason, at=comment.hidden_at))
        _record_hidden(reading, hidden=True)


def unhide(*, comment: Content, actor: Member) -> None:
    """Show a comment again.

    Raises:
        NotAllowed: the actor does not look after the place.
    """
    reading = _managed_comment(comment, actor)
    lock_content(comment)
    if comment.hidden_at is not None:
        comment.hidden_at = None
        db.session.execute(delete(Hiding).where(Hiding.content_id == comment.id))
        _record_hidden(reading, hidden=False)


def _record_hidden(reading: Reading, *, hidden: bool) -> None:
    db.session.flush()
    comment = reading.content
    record(
        Hidden(
            actor=reading.viewer.id, person=comment.author_id, place=comment.place_id, content=comment.id,
            hidden=hidden,
        )
    )  # fmt: skip


def checked_reason(text: str) -> str:
    """Return why something is done that everybody sees."""
    reason = clean(text)
    if not reason:
        raise Invalid(_("Please say why: everybody will see it."), field="reason")
    if len(reason) > REASON_LENGTH:
        raise Invalid(
            _("This is too long: %(limit)s characters at most.", limit=REASON_LENGTH), field="reason"
        )
    return reason


def mark_answer(*, comment: Content, actor: Member) -> None:
    """Mark a comment as the answer to what it stands under; another one is so no longer.

    Raises:
        NotAllowed: the actor neither asked nor looks after the place.
    """
    root = _answerable(comment, actor)
    if root.answer_id != comment.id:
        root.answer_id = comment.id
        record(
            Answered(
                actor=actor.id,
                person=comment.author_id,
                place=root.place_id,
                content=comment.id,
                root=root.id,
            )
        )


def unmark_answer(*, comment: Content, actor: Member) -> None:
    """Take the mark of the answer away; raises as `mark_answer`."""
    root = _answerable(comment, actor)
    if root.answer_id == comment.id:
        root.answer_id = None


def _managed(content: Content, actor: Member) -> Reading:
    return _looked_after(content, actor, is_comment=False)


def _managed_comment(comment: Content, actor: Member) -> Reading:
    return _looked_after(comment, actor, is_comment=True)


def _looked_after(content: Content, actor: Member, *, is_comment: bool) -> Reading:
    reading = get_content_for(actor, content.id)
    if not reading.manages or (content.root_id is not None) != is_comment:
        raise NotAllowed(
            _("Only those who look after %(place)s can do this.", place=reading.place.shown_name)
        )
    return reading


def _answerable(comment: Content, actor: Member) -> Content:
    reading = get_content_for(actor, comment.id)
    if comment.root_id is None or not reading.may_mark_answer:
        raise NotAllowed(_("Only who asked, or who looks after the place, can mark the answer."))
    lock_content(reading.root)  # whoever deletes the comment comes before or after us
    db.session.refresh(comment)
    if comment.deleted_at is not None or reading.root.deleted_at is not None:
        raise nothing()
    return reading.root
