"""Publishing: one way for every type of content, so that counts, tags, files and events are right."""

from collections.abc import Iterable, Sequence
from typing import Any

from parvis.api import (
    BigId,
    Invalid,
    Member,
    Model,
    NotAllowed,
    TooMany,
    UTCDateTime,
    add_once,
    clean,
    db,
    insert_row,
    prepared,
    record,
    utcnow,
    write_rows,
)
from parvis.api import gettext as _
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm.util import identity_key

from ..contribution import ContentType, Publication
from ..event import Mentioned, Published
from ..place.access import check_post
from ..place.membership import lock_place
from ..place.models import Place
from ..registry import content_types
from ..settings import settings
from .draft import forget_draft
from .file import attach, check_files
from .models import Content, Mention
from .standing import Standing, standing_of
from .tag import carry_tags, find_tags

FORM_KEY_LENGTH = 40
EVERYWHERE = "post"
"""The type that every place takes."""


def publish(
    *,
    type: str,
    place: Place,
    actor: Member,
    body_html: str,
    title: str = "",
    tags: Sequence[str] = (),
    mentioned: Iterable[int] = (),
    files: Sequence[int] = (),
    inline: Sequence[int] = (),
    form_key: str | None = None,
    detail: Model | None = None,
    author_id: int | None = None,
    confirmed: str | None = None,
    admitted: bool = False,
) -> Content:
    """Publish something in a place; who is refused has written nothing.

    Args:
        type: name of a registered content type.
        body_html: what cards show of it, rendered and safe.
        tags, mentioned: labels of tags, and ids of people, as `render_text` found them.
        files: ids of the actor's own files, or of held ones, that are attached.
        inline: those of them that the text shows itself: cards do not list them again.
        form_key: a form sent twice publishes once: the second time, what was published first is returned.
        detail: the row of the type's own table; its `content_id` is set here.
        author_id: in whose name, if not in the actor's: whether that may be is the rule of the type.
        confirmed: the key of the `SecondLook` that the actor has taken, empty for none yet; None: the form
            cannot ask for one.
        admitted: it waited, and somebody who may has let it in.

    Raises:
        NotFound, NotAllowed, Veto: the place is not open to the actor or to this type, or a plugin refuses.
        SecondLook, Waits: the actor, or somebody who looks after the place, should look at it first.
        TooMany: the hour's allowance is spent.
        Invalid: a file cannot be attached.
    """
    key, author = checked_key(form_key), author_id or actor.id
    lock_place(place)  # nobody closes or archives it between the check and the insert
    standing = standing_of(actor, place, author=author, key=key)
    if standing.sent_before is not None:  # at the same moment too
        return db.session.get_one(Content, standing.sent_before)
    asked = Publication(type, body_html, title, confirmed=confirmed, admitted=admitted)
    check_post(place, standing.role, actor=actor, publication=asked)
    _check_type(type, place)
    check_allowance(standing)
    check_files(files, actor=actor)
    carried = find_tags(tags)
    content = Content(
        id=standing.next_id, latest_id=standing.next_id, type=type, place_id=place.id, author_id=author,
        audience=place.audience, title=clean(title)[:200], body_html=body_html,
        tags=[tag.label for tag in carried], files=[], reactions={}, form_key=key,
    )  # fmt: skip
    if (sent_before := insert_once(content)) is not content:
        return sent_before
    if detail is not None:
        detail.content_id = content.id  # type: ignore[attr-defined]  # every detail has one
        insert_row(detail)
    attach(content, files, actor=actor, inline=inline)
    carry_tags(content, [tag.id for tag in carried])
    mention(content, mentioned, actor=actor)
    note_activity(place.id, content.id, more=1)
    if standing.drafted:
        forget_draft(place=place, actor=actor)
    record(Published(actor=actor.id, person=author, place=place.id, content=content.id, type=type))
    return content


def _check_type(name: str, place: Place) -> None:
    """Refuse a type of content that a place does not take: its settings say which ones besides posts."""
    if not _takes(place, content_types()[name]):
        raise NotAllowed(_("This cannot be published in %(place)s.", place=place.shown_name))


def _takes(place: Place, type: ContentType) -> bool:
    return type.name == EVERYWHERE or type.shared or type.name in place.types


def composed_in(place: Place) -> list[ContentType]:
    """Return the types besides posts that a place takes and that have a form: the composer leads there."""
    return [type for type in content_types().values() if type.compose is not None and _takes(place, type)]


def checked_key(form_key: str | None) -> str | None:
    """Return the key of a form as it is kept; one that no form of ours has is none."""
    return form_key if form_key and len(form_key) <= FORM_KEY_LENGTH and form_key.isprintable() else None


def insert_once(content: Content) -> Content:
    """Insert a content; where the same form was sent at the same moment, return what that one published."""
    if insert_row(content, once=True):
        return content
    return db.session.scalars(
        select(Content).where(Content.author_id == content.author_id, Content.form_key == content.form_key)
    ).one()


def check_allowance(standing: Standing) -> None:
    """Refuse who publishes without end: a person cannot, a program can."""
    if standing.recent >= settings().posts_per_hour:
        raise TooMany(_("You have written a great deal in the last hour. Please go on a little later."))


def mention(content: Content, people: Iterable[int], *, actor: Member, tell: bool = True) -> None:
    """Keep whom a content names; `tell`: those named for the first time are told, if they may read it."""
    wanted, known = set(people), _mentioned(content)
    for person in sorted(wanted - known):
        add_once(Mention, content_id=content.id, person_id=person)
    gone = known - wanted
    if gone:
        of_theirs = (Mention.content_id == content.id, Mention.person_id.in_(gone))
        db.session.execute(db.delete(Mention).where(*of_theirs))
    if tell:
        record(
            *(
                Mentioned(
                    actor=actor.id, person=person, place=content.place_id, content=content.id,
                    root=content.root_id or content.id,
                )
                for person in sorted(wanted - known - {actor.id})
            )
        )  # fmt: skip


def _mentioned(content: Content) -> set[int]:
    """Return the ids of whom a content names; one that was just written names nobody yet."""
    if content.version == 1:
        return set()
    return set(db.session.scalars(select(Mention.person_id).where(Mention.content_id == content.id)))


def note_activity(place_id: int, content_id: int, *, more: int = 0) -> None:
    """Keep a place's counters true by one statement, also while others publish there."""
    values = {"place": place_id, "newest": content_id, "more": more, "now": utcnow()}
    write_rows(_noting(), values)
    if place := db.session.identity_map.get(identity_key(Place, place_id)):
        db.session.expire(place, ["contents_count", "latest_id", "active_at"])


@prepared
def _noting() -> Any:
    place: Any = Place.__table__
    newest = bindparam("newest", type_=BigId)
    return (
        update(place)
        .where(place.c.id == bindparam("place", type_=BigId))
        .values(
            contents_count=place.c.contents_count + bindparam("more", type_=BigId),
            latest_id=db.case((place.c.latest_id < newest, newest), else_=place.c.latest_id),
            active_at=bindparam("now", type_=UTCDateTime),
        )
    )


def checked_text(text: str, *, most: int, files: Sequence[int]) -> str:
    """Return a text as it is kept.

    Raises:
        Invalid: it is empty and nothing is attached, or it has more than `most` characters.
    """
    text = clean(text, multiline=True)
    if not text and not files:
        raise Invalid(_("Please write something first."), field="text")
    if len(text) > most:
        raise Invalid(
            _(
                "This is too long: %(limit)s characters at most, and it has %(count)s.",
                limit=most,
                count=len(text),
            ),
            field="text",
        )
    return text
