"""Signs of life: what was published in the last thirty days, and by how many. Counted every hour, shown
everywhere that a group is listed."""

from datetime import datetime, timedelta

from parvis.api import db, ngettext, utcnow
from parvis.api import gettext as _
from parvis_social.api import Content
from sqlalchemy import func, select, update

from ..models import Group

MONTH = timedelta(days=30)


def lately(posts: int, people: int) -> str:
    """Return in words what was published in thirty days, and how many people wrote; nothing if nobody did."""
    if not people:
        return ""
    if not posts:
        return ngettext("%(num)s person commented in 30 days", "%(num)s people commented in 30 days", people)
    written = ngettext("%(num)s post", "%(num)s posts", posts)
    wrote = ngettext("%(num)s person", "%(num)s people", people)
    return _("%(posts)s, %(people)s in 30 days", posts=written, people=wrote)


def count_life() -> None:
    """Count the last thirty days of each group: a job. One pass over the month's contents."""
    counting = (
        select(
            Content.place_id,
            func.count().filter(Content.root_id.is_(None)),
            func.count(Content.author_id.distinct()),
        )
        .where(Content.id >= first_since(utcnow() - MONTH), Content.deleted_at.is_(None))
        .group_by(Content.place_id)
    )
    found = {row[0]: (row[1], row[2]) for row in db.session.execute(counting)}
    known = select(Group.place_id, Group.posts_month, Group.active_members)
    changed = [
        {"place_id": place_id, "posts_month": now[0], "active_members": now[1]}
        for place_id, posts, people in db.session.execute(known)
        if (now := found.get(place_id, (0, 0))) != (posts, people)
    ]
    if changed:
        db.session.execute(update(Group), changed)


def first_since(moment: datetime) -> int:
    """Return the first content since a moment, found by halving: ids grow with time, no index of time is
    needed."""
    low, high = 0, (db.session.scalar(select(func.max(Content.id))) or 0) + 1
    while low < high:
        middle = (low + high) // 2
        following = select(Content.id, Content.created_at).where(Content.id >= middle).order_by(Content.id)
        row = db.session.execute(following.limit(1)).first()
        if row is not None and row.created_at < moment:
            low = row.id + 1
        else:
            high = middle
    return low
