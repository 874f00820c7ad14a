"""Who looks after the whole site, and what waits for them in whichever plugins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.api import Member, db, hooks
from sqlalchemy import Select, or_, select

from .contribution import Matter
from .registry import caretakers


def site_caretakers() -> Select[int]:
    """Return the query of the ids of who looks after the whole site: administrators, if no plugin says."""
    declared = caretakers().values()
    if not declared:
        return select(Member.id).where(Member.administrator.is_(True))
    return select(Member.id).where(or_(*(Member.id.in_(each.people()) for each in declared)))


def cares_for_site(member: Member) -> bool:
    """Tell whether somebody looks after the whole site."""
    return db.session.scalar(site_caretakers().where(Member.id == member.id)) is not None


@dataclass(frozen=True)
class Matters:
    """A page of matters. The next one comes `after` a moment, of which so many stood on this page already."""

    rows: Sequence[Matter]
    after: tuple[datetime, int] | None


def list_matters(viewer: Member, *, after: tuple[datetime, int] | None = None, limit: int = 25) -> Matters:
    """Return a page of what waits for those who look after the whole site, the oldest first.

    Whether the viewer is one of them, the caller has asked.

    Args:
        after: what the last page says comes next.
    """
    since, shown = after or (None, 0)
    found = hooks().collect("matters", Matter, viewer=viewer, since=since, limit=limit + shown + 1)
    rest = sorted((each.value for each in found), key=lambda matter: matter.since)[shown:]
    rows = rest[:limit]
    if len(rest) <= limit:
        return Matters(rows, None)
    last = rows[-1].since
    here = sum(matter.since == last for matter in rows)
    return Matters(rows, (last, here + (shown if last == since else 0)))
