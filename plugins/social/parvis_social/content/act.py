"""What the viewer did to a `Content`: columns of the query that reads it, looked up by key for each row.

A query that sorts more than it gives has to find the ids first: SQLite looks them up for all that it sorts.
"""

from typing import Any

from sqlalchemy import select

from ..statement import VIEWER
from .models import Bookmark, Content, Reaction

_reacted = select(Reaction.kind).where(Reaction.content_id == Content.id, Reaction.person_id == VIEWER)
_kept = select(Bookmark.content_id).where(Bookmark.person_id == VIEWER, Bookmark.content_id == Content.id)
ACTS: tuple[Any, ...] = (
    _reacted.correlate(Content).scalar_subquery().label("my_reaction"),
    _kept.correlate(Content).scalar_subquery().label("bookmark"),
)
"""The kind of their reaction, and the content's id if they keep it for later; else null."""
