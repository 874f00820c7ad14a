"""Changing what a post or a comment says; what it said before stays to be seen."""

from collections.abc import Sequence

from parvis.api import Invalid, Member, NotAllowed, clean, db, record, utcnow
from parvis.api import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from ..contribution import Publication
from ..event import Edited
from ..place.access import check_comment, nothing
from ..registry import content_types
from . import comment, post
from .file import attach, check_files
from .models import Content, Text, Version
from .publish import checked_text, mention
from .read import get_content_for
from .tag import set_tags
from .text import RENDERER, Rendered, render


class ChangedMeanwhile(Invalid):
    """Somebody else, or another window, changed it since the form was shown; `version` is the present one."""

    def __init__(self, version: int) -> None:
        super().__init__(
            _("This was changed meanwhile in another window. Here is your text, and below what it says now."),
            field="text",
        )
        self.version = version


def edit(
    *,
    content: Content,
    text: str,
    actor: Member,
    version: int,
    minor: bool = False,
    files: Sequence[int] | None = None,
    confirmed: str | None = None,
) -> Content:
    """Change what a post or a comment says.

    Args:
        version: the version that the form was filled from: of two edits at once, one is kept.
        minor: nobody is told.
        files: ids of what is attached from now on; None leaves it.
        confirmed: see `publish`.

    Raises:
        NotAllowed: it is somebody else's, or its place is archived.
        NotFound, Veto, SecondLook: it is gone or not open to the actor, or a plugin refuses or asks.
        ChangedMeanwhile: it is not of that version any more.
        Invalid: the text is empty or too long.
    """
    most = comment.MOST if content.root_id else post.MOST
    attached = [file["id"] for file in content.files]
    files = attached if files is None else list(dict.fromkeys(files))
    source = checked_text(text, most=most, files=files)
    rendered = render(source)
    reading = get_content_for(actor, content.id)
    if not reading.is_author:
        raise NotAllowed(_("Only who wrote this can change it."))
    asked = Publication(content.type, rendered.html, content_id=content.id, confirmed=confirmed)
    check_comment(reading.place, reading.role, actor=actor, publication=asked)
    before = text_of(content)
    if source == before.source and files == attached:
        return content
    if files != attached:
        check_files(files, actor=actor, content=content)
    _keep_version(content, version, actor, source=before.source)
    before.source, before.renderer = source, RENDERER
    if files != attached:
        attach(content, files, actor=actor)
    _write(content, rendered, actor=actor, minor=minor)
    return content


def revise(
    *,
    content: Content,
    actor: Member,
    version: int,
    title: str,
    rendered: Rendered,
    files: Sequence[int] = (),
    inline: Sequence[int] = (),
    minor: bool = False,
) -> None:
    """Change what a content says whose type has a text of its own; whether the actor may is that type's rule.

    What it says until then its history shows, as the type's `whole` has it: change what the type keeps of it
    afterwards.

    Args:
        version: the version that the form was filled from: of two changes at once, one is kept.
        rendered: what cards show of it from now on, with its tags and whom it names.
        files, inline: see `publish`; all that is attached from now on.
        minor: nobody is told.

    Raises:
        NotFound, NotAllowed, Veto: it is gone or not open to the actor, or a plugin refuses.
        ChangedMeanwhile: it is not of that version any more.
        Invalid: a file cannot be attached.
    """
    reading = get_content_for(actor, content.id)
    asked = Publication(content.type, rendered.html, title, content_id=content.id)
    check_comment(reading.place, reading.role, actor=actor, publication=asked)
    check_files(files, actor=actor, content=content)
    _keep_version(content, version, actor)
    content.title = clean(title)[:200]
    attach(content, files, actor=actor, inline=inline)
    _write(content, rendered, actor=actor, minor=minor)


def whole_of(content: Content) -> str:
    """Return all that a content says now, as safe HTML."""
    whole = content_types()[content.type].whole
    return content.body_html if whole is None else whole(content.id)


def _keep_version(content: Content, version: int, actor: Member, *, source: str = "") -> None:
    """Move a content on to its next version, and keep what the last one said."""
    _take_version(content, version)
    db.session.add(
        Version(
            content_id=content.id, number=version, title=content.title, source=source,
            body_html=whole_of(content), written_at=content.edited_at or content.created_at,
            changed_by_id=actor.id,
        )
    )  # fmt: skip


def _write(content: Content, rendered: Rendered, *, actor: Member, minor: bool) -> None:
    content.body_html, content.edited_at = rendered.html, utcnow()
    if content.root_id is None:
        set_tags(content, rendered.tags)
    mention(content, rendered.mentioned, actor=actor, tell=not minor)
    db.session.flush()
    record(Edited(actor=actor.id, place=content.place_id, content=content.id, minor=minor))


def text_of(content: Content) -> Text:
    """Return what a post or a comment was written in.

    Raises:
        NotFound: it is of another type.
    """
    found = db.session.get(Text, content.id)
    if found is None:
        raise nothing()
    return found


def versions_of(content: Content) -> Sequence[Version]:
    """Return what a content said before, the newest first."""
    query = select(Version).where(Version.content_id == content.id).order_by(Version.number.desc())
    return db.session.scalars(query.options(joinedload(Version.changed_by))).all()


def _take_version(content: Content, version: int) -> None:
    """Move a content on from one version to the next, unless somebody else has, or has deleted it."""
    present = (Content.id == content.id, Content.version == version, Content.deleted_at.is_(None))
    taking = update(Content).where(*present)
    taken = db.session.execute(
        taking.values(version=version + 1).returning(Content.version),
        execution_options={"synchronize_session": False},
    ).first()
    db.session.refresh(content)
    if content.deleted_at is not None:
        raise nothing()
    if taken is None:
        raise ChangedMeanwhile(content.version)
