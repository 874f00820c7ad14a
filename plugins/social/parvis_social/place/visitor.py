"""What a member chose and how far they have looked: one row, read once a request."""

from flask import g, has_request_context
from parvis.api import Member, db

from ..statement import add_once
from .models import Visitor

KEPT = "social_visitor"


def visitor_of(member: Member) -> Visitor:
    """Return a member's row; who has none yet, one that is not kept."""
    found: Visitor | None = g.get(KEPT) if has_request_context() else None
    if found is None or found.person_id != member.id:
        found = db.session.get(Visitor, member.id) or _blank(member)
        if has_request_context():
            setattr(g, KEPT, found)
    return found


def own_visitor(actor: Member) -> Visitor:
    """Return a member's row to be written; the first time, it is made."""
    add_once(Visitor, person_id=actor.id, **_defaults())
    if has_request_context():
        g.pop(KEPT, None)
    return db.session.get_one(Visitor, actor.id, with_for_update=True)


def _blank(member: Member) -> Visitor:
    return Visitor(person_id=member.id, **_defaults())


def _defaults() -> dict[str, object]:
    return {
        "feed_order": "new", "feed_filter": "all", "seen_id": 0, "last_visit_id": 0, "seen_at": None,
        "unread": 0, "read_up_to": 0, "choices": {},
    }  # fmt: skip
