"""What social keeps about somebody: given to them, or forgotten."""

from collections.abc import Iterator
from functools import partial

from parvis.api import Erasure, Person, PersonalData, db, media, rows
from sqlalchemy import delete, func, or_, select, update

from .content.file import keys_of
from .content.forget import remove_all_of
from .content.models import (
    Bookmark,
    Content,
    Draft,
    File,
    HeldFile,
    Hiding,
    Mention,
    Reaction,
    TagFollow,
    Text,
    Version,
    Waiting,
)
from .notification.forget import forget
from .notification.models import Notification
from .place.models import Membership, PersonFollow, Place, PlaceFollow, Role, Visitor
from .place.wall import find_wall

AS_IT_IS = {"synchronize_session": False}


def export(person: Person) -> Iterator[PersonalData]:
    """Tell what somebody published, keeps, follows and was told, with the files they sent."""
    own = Content.author_id == person.id
    published = (
        select(
            Content.id, Content.type, Place.name.label("place"), Content.root_id, Content.parent_id,
            Content.title, Text.source, Content.body_html, Content.tags, Content.files, Content.created_at,
            Content.edited_at, Content.deleted_at, Content.reactions, Content.comments_count,
        )
        .join(Place, Place.id == Content.place_id)
        .outerjoin(Text, Text.content_id == Content.id)
    )  # fmt: skip
    yield PersonalData("published", rows(published.where(own).order_by(Content.id)))
    yield PersonalData("earlier_versions", rows(select(Version).join(Content).where(own)))
    changed = select(Version.content_id, Version.number).where(Version.changed_by_id == person.id)
    yield PersonalData("changed", rows(changed))
    files = db.session.scalars(select(File).where(File.owner_id == person.id).order_by(File.id)).all()
    read = {f"{file.id}-{file.name}": partial(media().get, _whole(file)) for file in files}
    yield PersonalData("files", rows(select(File).where(File.owner_id == person.id)), read)
    yield PersonalData("drafts", rows(_of(Draft, person)))
    waiting = select(Waiting.source, Waiting.files, Waiting.at, Waiting.refused_at, Waiting.answer)
    yield PersonalData("waiting", rows(waiting.where(Waiting.author_id == person.id).order_by(Waiting.id)))
    yield PersonalData("reactions", rows(_of(Reaction, person)))
    yield PersonalData("read_later", rows(_of(Bookmark, person)))
    yield PersonalData("named_in", rows(_of(Mention, person)))
    places = select(Place.kind, Place.name, Membership.role, Membership.since).join(Membership.place)
    yield PersonalData("member_of", rows(places.where(Membership.person_id == person.id)))
    follows = {
        "places": rows(_of(PlaceFollow, person)),
        "people": rows(_of(PersonFollow, person)),
        "tags": rows(_of(TagFollow, person)),
    }
    yield PersonalData("follows", follows)
    yield PersonalData("notifications", rows(_of(Notification, person).order_by(Notification.id)))
    yield PersonalData("choices", rows(_of(Visitor, person)))
    yield PersonalData("hid", rows(select(Hiding).where(Hiding.by_id == person.id)))


def erase(erasure: Erasure) -> None:
    """Forget what is only theirs; what they published too, if it is to go. The rest is nobody's by name."""
    person = erasure.person.id
    if erasure.removes:
        remove_all_of(erasure)
        forget(Notification.actor_id == person)
    db.session.execute(delete(Waiting).where(Waiting.author_id == person), execution_options=AS_IT_IS)
    _forget_files(erasure)
    _leave_places(person)
    theirs = (PersonFollow.person_id == person, PersonFollow.followed_id == person)
    db.session.execute(delete(PersonFollow).where(or_(*theirs)))
    for model in (PlaceFollow, TagFollow, Bookmark, Draft, Mention, Notification, Visitor):
        db.session.execute(delete(model).where(model.person_id == person), execution_options=AS_IT_IS)
    wall = find_wall(person)
    if wall is not None:
        wall.slug, wall.name = erasure.person.handle, erasure.words[:1].upper() + erasure.words[1:]
    db.session.flush()


def _forget_files(erasure: Erasure) -> None:
    """Have files deleted that wait for nothing any more; those held for what others write stay."""
    held = select(HeldFile.file_id)
    alone = select(File).where(
        File.owner_id == erasure.person.id, File.content_id.is_(None), File.id.not_in(held)
    )
    for file in db.session.scalars(alone).all():
        erasure.forget_files(keys_of(file))
        db.session.delete(file)
    db.session.flush()


def _leave_places(person: int) -> None:
    """End all memberships; whoever has left was counted no more."""
    places = list(db.session.scalars(select(Membership.place_id).where(Membership.person_id == person)))
    db.session.execute(delete(Membership).where(Membership.person_id == person))
    present = (
        select(func.count())
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.place_id == Place.id, Membership.role != Role.VISITOR, Person.present.is_(True))
        .scalar_subquery()
    )
    counting = update(Place).where(Place.id.in_(places)).values(members_count=present)
    db.session.execute(counting, execution_options=AS_IT_IS)


def _of(model, person: Person):  # type: ignore[no-untyped-def]  # any of the tables above
    return select(model).where(model.person_id == person.id)


def _whole(file: File) -> str:
    """Return under which key a file is kept as large as it is there."""
    return keys_of(file)[-1]
