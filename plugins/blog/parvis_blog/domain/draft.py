"""Drafts: what is being written, shared by the authors of a blog and their delegates, shown to reviewers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from parvis.api import Invalid, Member, NotAllowed, NotFound, Person, clean, db, record, utcnow
from parvis.api import gettext as _
from parvis_social.api import (
    Membership,
    Place,
    Role,
    file_facts,
    get_file_for,
    get_held_file,
    hold_file,
    keep_file,
    place_kinds,
    release_files,
)
from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import joinedload

from ..event import ReviewAsked, Reviewed
from ..models import KINDS, SERIES_LENGTH, TITLE_LENGTH, Blog, Draft, Review
from .read import as_writer, nothing
from .said import language as checked_language
from .said import line, words

SOURCE_LENGTH = 60_000
ALT_LENGTH = 300
TAGS_LENGTH = 300
REMARK_LENGTH = 2000
MOST_FILES = 10
"""As many as a content may have; `plugins.social.max_files` may set fewer: that is said when publishing."""
PAGE = 20
WRITERS = (Role.OWNER, Role.MODERATOR)


class ChangedMeanwhile(Invalid):
    """Somebody else, or another window, changed the draft since the form was filled.

    `in_window` says so to who goes on typing, and sees nothing yet of what it says now.
    """

    def __init__(self, draft: Draft) -> None:
        who = draft.changed_by.display_name if draft.changed_by else _("Somebody")
        super().__init__(
            _(
                "%(who)s changed this draft meanwhile. Here is your text; what it says now stands beside it"
                " where it differs. Nothing is replaced until you save.",
                who=who,
            )
        )
        self.in_window = _(
            "%(who)s changed this draft meanwhile. Your text is still in this window: press Save to see"
            " both.",
            who=who,
        )


@dataclass(frozen=True)
class Writing:
    """A draft, and what one person is to it."""

    draft: Draft
    blog: Blog
    role: Role | None
    review: Review | None
    viewer: Member

    @property
    def writes(self) -> bool:
        """Whether they write it; else they were asked to look at it."""
        return self.role in WRITERS


def begin_draft(*, blog: Blog, actor: Member, language: str = "") -> Draft:
    """Begin an article, in the actor's name if it is their blog, else in that of its first author.

    Raises:
        NotAllowed: the actor does not write in this blog, or it is closed.
    """
    role = as_writer(blog, actor)
    if blog.place.archived_at is not None:
        raise NotAllowed(
            _("%(blog)s is closed: it can be read, but nothing is added.", blog=blog.place.shown_name)
        )
    author = actor.id if role == Role.OWNER else blog.leader_id or blog.author_ids[0]
    draft = Draft(
        place_id=blog.place_id, author_id=author, changed_by_id=actor.id, files=[],
        language=checked_language(language or blog.language),
    )  # fmt: skip
    db.session.add(draft)
    db.session.flush()
    return draft


def save_draft(*, draft: Draft, actor: Member, version: int, **said: Any) -> Draft:
    """Keep what was written so far, however unfinished.

    Args:
        version: the version that the form was filled from: of two who write at once, none loses a word.
        said: `author_id`, `language`, `title`, `source`, `second_title`, `second_source`, `lead_id`,
            `lead_alt`, `lead_caption`, `second_lead_alt`, `second_lead_caption`, `tags`, `series`,
            `acknowledge`: what is given is changed.

    Raises:
        NotAllowed: the actor does not write in this blog.
        ChangedMeanwhile: the draft is not of that version any more.
        Invalid: something is too long, or there is no such author or picture; `field` names it.
    """
    blog = _blog_of(draft)
    as_writer(blog, actor)
    values = {name: _checked(draft, blog, name, value) for name, value in said.items()}
    values = {name: value for name, value in values.items() if getattr(draft, name) != value}
    if not values and draft.version == version:
        return draft
    _take_version(draft, version, actor, values)
    return draft


def _take_version(draft: Draft, version: int, actor: Member, values: dict[str, Any]) -> None:
    taking = update(Draft).where(Draft.id == draft.id, Draft.version == version)
    moved = {"version": version + 1, "changed_at": utcnow(), "changed_by_id": actor.id}
    taken = db.session.execute(
        taking.values(**values, **moved).returning(Draft.id),
        execution_options={"synchronize_session": False},
    ).first()
    db.session.refresh(draft)
    if taken is None:
        raise ChangedMeanwhile(draft)


_LINES = {
    "title": TITLE_LENGTH, "second_title": TITLE_LENGTH, "lead_alt": ALT_LENGTH, "lead_caption": ALT_LENGTH,
    "second_lead_alt": ALT_LENGTH, "second_lead_caption": ALT_LENGTH,
    "tags": TAGS_LENGTH, "series": SERIES_LENGTH,
}  # fmt: skip


def _checked(draft: Draft, blog: Blog, name: str, value: Any) -> Any:
    if name in _LINES:
        return line(value, _LINES[name], name)
    if name in ("source", "second_source"):
        return words(value, SOURCE_LENGTH, name)
    if name == "language":
        return checked_language(value)
    if name == "author_id" and value not in blog.author_ids:
        raise Invalid(_("Please choose one of the authors."), field="author_id")
    if name == "lead_id" and value is not None and value not in [file["id"] for file in draft.files]:
        raise Invalid(_("One of the files is no longer there. Please attach it again."), field="lead_id")
    return value


def add_file(*, draft: Draft, prepared: Any, actor: Member) -> dict[str, Any]:
    """Keep a picture or another file for a draft; return what forms show of it.

    Raises:
        NotAllowed: the actor does not write in this blog.
        Invalid: there are too many already.
        TooMany: see `keep_file`.
    """
    blog = _blog_of(draft)
    as_writer(blog, actor)
    _lock_files(draft)
    if len(draft.files) >= MOST_FILES:
        raise Invalid(_("%(most)s files at most can be attached.", most=MOST_FILES), field="pictures")
    file = keep_file(prepared=prepared, actor=actor)
    hold_file(file=file, place=blog.place, actor=actor)
    shown = file_facts(file)
    draft.files = [*draft.files, shown]
    db.session.flush()
    return shown


def remove_file(*, draft: Draft, file_id: int, actor: Member) -> None:
    """Take a file out of a draft; of one that is published it stays until the change is.

    Raises:
        NotAllowed: the actor does not write in this blog.
    """
    as_writer(_blog_of(draft), actor)
    _lock_files(draft)
    draft.files = [file for file in draft.files if file["id"] != file_id]
    if draft.lead_id == file_id:
        draft.lead_id = None
    release_files([file_id])
    db.session.flush()


def _lock_files(draft: Draft) -> None:
    """Have the files of a draft as they are now, and let whoever else adds or takes one wait."""
    db.session.refresh(draft, ["files"], with_for_update={"key_share": True, "of": Draft})


def discard_draft(*, draft: Draft, actor: Member) -> None:
    """Throw a draft away; of a published article, only it is: what was changed and not published.

    Raises:
        NotAllowed: the actor does not write in this blog.
        Invalid: it belongs to a published article.
    """
    as_writer(_blog_of(draft), actor)
    if draft.content_id is not None:
        raise Invalid(_("This article is published. Remove it on its own page."))
    release_files([file["id"] for file in draft.files])
    db.session.delete(draft)
    db.session.flush()


def get_draft_for(member: Member, draft_id: int, *, to_write: bool = False) -> Writing:
    """Fetch a draft that the member writes, or was asked to look at.

    `to_write`: only what they write.

    Raises:
        NotFound: there is none, or it is not theirs to see.
    """
    query = _writings(member).where(Draft.id == draft_id)
    row = db.session.execute(query).first()
    if row is None:
        raise nothing()
    draft, blog, role, review = row
    writing = Writing(draft, blog, Role(role) if role else None, review, member)
    if not writing.writes and (to_write or review is None):
        raise nothing()
    return writing


def get_draft_of(member: Member, content_id: int) -> Writing:
    """Fetch what a published article is changed by; raises as `get_draft_for`."""
    draft_id = db.session.scalar(select(Draft.id).where(Draft.content_id == content_id))
    return get_draft_for(member, draft_id or 0, to_write=True)


def _writings(member: Member) -> Any:
    mine = and_(Membership.place_id == Draft.place_id, Membership.person_id == member.id)
    asked = and_(Review.draft_id == Draft.id, Review.person_id == member.id)
    known = [kind for kind in KINDS if kind in place_kinds()]
    return (
        select(Draft, Blog, Membership.role, Review)
        .join(Blog, Blog.place_id == Draft.place_id)
        .join(Place, Place.id == Draft.place_id)
        .outerjoin(Membership, mine)
        .outerjoin(Review, asked)
        .where(Place.kind.in_(known), or_(Membership.role.in_(WRITERS), Review.person_id.is_not(None)))
        .options(joinedload(Draft.author), joinedload(Draft.changed_by), joinedload(Draft.content))
    )


def list_drafts(
    member: Member, *, place_id: int | None = None, before: int | None = None
) -> Sequence[Writing]:
    """List what a member writes or was asked to look at and is not published, the newest first.

    Returns one more than a page if there are more. `place_id`: of one blog alone.
    """
    query = _writings(member).where(Draft.content_id.is_(None))
    if place_id is not None:
        query = query.where(Draft.place_id == place_id)
    if before is not None:
        query = query.where(Draft.id < before)
    rows = db.session.execute(query.order_by(Draft.id.desc()).limit(PAGE + 1))
    return [
        Writing(draft, blog, Role(role) if role else None, review, member)
        for draft, blog, role, review in rows
    ]


# looking at a draft


def ask_review(*, draft: Draft, person: Person, actor: Member) -> None:
    """Ask a colleague to look at a draft: they are told, and the address of its preview opens for them.

    Raises:
        NotAllowed: the actor does not write in this blog.
        Invalid: the actor asks themselves.
    """
    as_writer(_blog_of(draft), actor)
    if person.id == actor.id:
        raise Invalid(_("Please choose a colleague."), field="reviewer")
    review = db.session.get(Review, (draft.id, person.id))
    if review is None:
        db.session.add(Review(draft_id=draft.id, person_id=person.id, asked_by_id=actor.id))
    else:
        review.asked_by_id, review.at = actor.id, utcnow()
    db.session.flush()
    record(ReviewAsked(actor=actor.id, person=person.id, place=draft.place_id, draft=draft.id))


def end_review(*, draft: Draft, person_id: int, actor: Member) -> None:
    """Let a colleague see a draft no longer.

    Raises:
        NotAllowed: the actor does not write in this blog.
    """
    as_writer(_blog_of(draft), actor)
    review = db.session.get(Review, (draft.id, person_id))
    if review is not None:
        db.session.delete(review)
        db.session.flush()


def remark(*, writing: Writing, text: str, actor: Member) -> None:
    """Say what one thinks of a draft that one was asked to look at.

    Raises:
        NotFound: the actor was not asked.
        Invalid: there is no text, or it is too long; `field` is `remark`.
    """
    review = db.session.get(Review, (writing.draft.id, actor.id))
    if review is None:
        raise nothing()
    review.remark = words(text, REMARK_LENGTH, "remark", missing=_("Please write something first."))
    review.remarked_at = utcnow()
    db.session.flush()
    record(
        Reviewed(
            actor=actor.id, person=review.asked_by_id, place=writing.draft.place_id, draft=writing.draft.id
        )
    )


def reviews_of(draft: Draft) -> Sequence[Review]:
    """Return who was asked to look at a draft, and what they said."""
    query = select(Review).where(Review.draft_id == draft.id).options(joinedload(Review.person))
    return db.session.scalars(query.order_by(Review.at, Review.person_id).limit(50)).all()


def file_for_preview(writing: Writing, file_id: int) -> Any:
    """Fetch a file of a draft for whoever may see the draft.

    Raises:
        NotFound: it is none of the draft's.
    """
    if file_id not in [file["id"] for file in writing.draft.files]:
        raise NotFound(_("There is no such file."))
    try:
        return get_held_file(writing.blog.place, file_id)
    except NotFound:  # what was published has it now
        return get_file_for(writing.viewer, file_id)


def _blog_of(draft: Draft) -> Blog:
    return db.session.get_one(Blog, draft.place_id)


def tags_in(text: str) -> list[str]:
    """Part the tags that an author typed, in commas."""
    return [label for part in text.split(",") if (label := clean(part).lstrip("#").replace(" ", "-"))]
