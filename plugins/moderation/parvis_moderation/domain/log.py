"""The log of who did what to what, from where, when and why: only ever added to."""

from contextvars import ContextVar

from parvis.api import Member, db

from ..models import Case, LogEntry

ADDRESS: ContextVar[str] = ContextVar("parvis_moderation_address", default="")
"""From where whoever acts at the moment does; the pages set it."""


def note(
    what: str,
    *,
    actor: Member | int | None,
    case: Case | None = None,
    person: int | None = None,
    place: int | None = None,
    subject: str = "",
    reason: str = "",
) -> None:
    """Write down that something was done, in the transaction in which it is.

    Args:
        what: as events are called: `moderation.hidden`.
        case: of which person, place and subject are taken.
        reason: why, in the words of whoever did it.
    """
    if case is not None:
        person, place = person or case.person_id, place or case.place_id
        subject = subject or f"{case.kind} {case.subject_id}"
    db.session.add(
        LogEntry(
            what=what,
            actor_id=actor.id if isinstance(actor, Member) else actor,
            person_id=person,
            place_id=place,
            case_id=case.id if case else None,
            subject=subject,
            address=ADDRESS.get(),
            reason=reason,
        )
    )
