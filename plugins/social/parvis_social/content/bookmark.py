"""Keeping something to read later; nobody else knows."""

from parvis.api import Member, add_once, db
from sqlalchemy import delete

from .models import Bookmark, Content
from .read import get_content_for


def bookmark(*, content: Content, actor: Member) -> None:
    """Keep a content that one may read for later; twice is once."""
    get_content_for(actor, content.id)
    add_once(Bookmark, person_id=actor.id, content_id=content.id)


def unbookmark(*, content: Content, actor: Member) -> None:
    """Keep it no longer."""
    db.session.execute(
        delete(Bookmark).where(Bookmark.person_id == actor.id, Bookmark.content_id == content.id)
    )
