"""What a member chose and how far they have looked: one row, read once a request."""

from typing import Any

from flask import g, has_request_context
from parvis.api import Member, db

from ..statement import add_once
from .models import Visitor

KEPT = "social_visitor"


def visitor_of(member: Member) -> Visitor:
    """Return a member's row; who has none yet, one that is not kept."""
    found: Visitor | None = g.get(KEPT) if has_request_context() else None
    if found is None or found.person_id != member.id:
        found = db.session.get(Visitor, member.id) or Visitor(**blank_row(member.id))
        if has_request_context():
            setattr(g, KEPT, found)
    return found


def own_visitor(actor: Member) -> Visitor:
    """Return a member's row to be written; the first time, it is made."""
    add_once(Visitor, **blank_row(actor.id))
    if has_request_context():
        g.pop(KEPT, None)
    return db.session.get_one(Visitor, actor.id, with_for_update=True)


def blank_row(person_id: int) -> dict[str, Any]:
    """Return the values of somebody's row before they chose anything."""
    return {
        "person_id": person_id, "feed_order": "new", "feed_filter": "all", "seen_id": 0, "last_visit_id": 0,
        "seen_at": None, "unread": 0, "read_up_to": 0, "choices": {},
    }  # fmt: skip
