"""Comments, two levels deep: under a content, and under a comment of the first level."""

from collections.abc import Sequence
from typing import Any

from parvis.api import (
    BigId,
    Member,
    NotAllowed,
    NotFound,
    db,
    insert_row,
    prepared,
    record,
    write_rows,
)
from parvis.api import gettext as _
from sqlalchemy import bindparam, update

from ..contribution import Publication
from ..event import Commented
from ..place.access import check_comment, nothing
from .file import attach, check_files
from .models import Content, ContentTag, Text
from .publish import (
    check_allowance,
    checked_key,
    checked_text,
    insert_once,
    mention,
    note_activity,
)
from .standing import standing_of
from .text import RENDERER, render
from .turn import lock_with_place

TYPE = "comment"
MOST = 5_000


def comment(
    *,
    root: Content,
    text: str,
    actor: Member,
    parent_id: int | None = None,
    files: Sequence[int] = (),
    form_key: str | None = None,
    confirmed: str | None = None,
) -> Content:
    """Write a comment under a content that the actor may read.

    Args:
        root: what is commented; to answer a comment, what that one stands under.
        text: Markdown, 1 to 5,000 characters; it may be empty where files are attached.
        parent_id: the comment that is answered. An answer to an answer stands beside it.
        files, form_key, confirmed: see `publish`.

    Raises:
        Invalid: the text is empty or too long; `field` is `text`.
        NotAllowed: the comments are closed, or the place is archived.
        NotFound, Veto, SecondLook, TooMany: see `publish`.
    """
    source = checked_text(text, most=MOST, files=files)
    rendered = render(source)
    key = checked_key(form_key)
    place = lock_with_place(root)
    standing = standing_of(actor, place, author=actor.id, key=key)
    if standing.sent_before is not None:  # at the same moment too
        return db.session.get_one(Content, standing.sent_before)
    asked = Publication(TYPE, rendered.html, confirmed=confirmed)
    check_comment(place, standing.role, actor=actor, publication=asked)
    _check_open(root)
    check_allowance(standing)
    check_files(files, actor=actor)
    parent = _parent(root, parent_id)
    written = Content(
        id=standing.next_id, latest_id=standing.next_id, number=root.comments_given + 1, type=TYPE,
        place_id=place.id, author_id=actor.id, audience=root.audience, root_id=root.id, parent_id=parent,
        body_html=rendered.html, tags=[], files=[], reactions={}, form_key=key,
    )  # fmt: skip
    if (sent_before := insert_once(written)) is not written:
        return sent_before
    _count(root, written.id)
    insert_row(Text(content_id=written.id, source=source, renderer=RENDERER))
    attach(written, files, actor=actor)
    mention(written, rendered.mentioned, actor=actor)
    note_activity(place.id, written.id)
    record(Commented(actor=actor.id, place=place.id, content=written.id, root=root.id, parent=parent))
    return written


def _check_open(root: Content) -> None:
    if root.root_id is not None or root.deleted_at is not None:
        raise nothing()
    if root.locked_at is not None:
        raise NotAllowed(_("Nobody can comment here any more."))


def _parent(root: Content, parent_id: int | None) -> int | None:
    """Return the comment of the first level under which an answer stands."""
    if parent_id is None:
        return None
    parent = db.session.get(Content, parent_id, populate_existing=True)
    if parent is None or parent.root_id != root.id or parent.deleted_at is not None:
        raise NotFound(_("The comment that you answer is no longer there."))
    return parent.parent_id or parent.id


def _count(root: Content, newest: int) -> None:
    """Count a comment and note it as the newest, for a content and for its tags."""
    write_rows(_counting(), {"root": root.id, "newest": newest})
    db.session.expire(root, ["comments_given", "comments_count", "latest_id"])
    if root.tags:
        write_rows(_carrying(), {"root": root.id, "newest": newest})


@prepared
def _counting() -> Any:
    content: Any = Content.__table__
    newest = bindparam("newest", type_=BigId)
    return (
        update(content)
        .where(content.c.id == bindparam("root", type_=BigId))
        .values(
            comments_given=content.c.comments_given + 1,
            comments_count=content.c.comments_count + 1,
            latest_id=db.case((content.c.latest_id < newest, newest), else_=content.c.latest_id),
        )
    )


@prepared
def _carrying() -> Any:
    tagged: Any = ContentTag.__table__
    carrying = update(tagged).where(tagged.c.content_id == bindparam("root", type_=BigId))
    return carrying.values(latest_id=bindparam("newest", type_=BigId))
