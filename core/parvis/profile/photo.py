"""Photos of a profile: opened elsewhere, kept as few sizes, the first of them the face.

A photo's files are written before its row, and removed only by whoever follows the event of its removal, so
that no row is ever without its files.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from parvis.cleaning import clean
from parvis.contribution import Upload
from parvis.db import db
from parvis.directory.models import Person
from parvis.errors import Invalid, NotFound
from parvis.events import EventRecord, record
from parvis.face import VARIANTS as FACES
from parvis.i18n import gettext as _
from parvis.identity.models import Member
from parvis.image import EXTENSION, Crop, Processed, Variant, process
from parvis.media import new_key, variant_key
from parvis.profile.event import PhotoAdded, PhotoRemoved, ProfileChanged
from parvis.profile.models import Photo, Profile
from parvis.profile.profile import photos_of
from parvis.runtime import hooks, runtime

MOST_PHOTOS = 12
ALTERNATIVE_LENGTH = 300
WHOLE = (Variant("medium", 800, 800), Variant("large", 1600, 1600))
SIZES = tuple(variant.name for variant in WHOLE)


@dataclass(frozen=True)
class Prepared:
    """A photo that was opened and made anew, before anything of it is kept."""

    processed: Processed


def prepare_photo(*, data: bytes, filename: str, actor: Member, crop: Crop | None = None) -> Prepared:
    """Have an upload checked and opened; call it before the first query, for it takes its time.

    Raises:
        Veto: a plugin refuses it.
        Invalid: it is no photo that can be taken; `field` is `photo` or `crop`.
    """
    hooks().check("check_upload", upload=Upload("photo", clean(filename)[:200], data), actor=actor)
    return Prepared(process(data, variants=[*WHOLE, *FACES], crop=crop))


def add_photo(*, actor: Member, prepared: Prepared, alternative: str = "") -> Photo:
    """Add a photo behind those there are; the first one becomes the face.

    Raises:
        Invalid: there are twelve already, or the description is too long.
    """
    photos = _own_photos(actor)
    if len(photos) >= MOST_PHOTOS:
        raise Invalid(
            _(
                "You have %(most)s photos, which is all there is room for. Remove one first.",
                most=MOST_PHOTOS,
            ),
            field="photo",
        )
    alternative = _alternative(alternative)
    key, processed = new_key("photos", EXTENSION), prepared.processed
    runtime().media.put_all({variant_key(key, name): data for name, data in processed.variants.items()})
    width, height = processed.sizes["large"]
    position = photos[-1].position + 1 if photos else 0
    photo = Photo(
        person_id=actor.id,
        position=position,
        media_key=key,
        alternative=alternative,
        width=width,
        height=height,
    )
    db.session.add(photo)
    db.session.flush()
    choose_face(actor.person)
    record(PhotoAdded(actor=actor.id, person=actor.id, photo=photo.id))
    return photo


def describe_photo(*, actor: Member, photo_id: int, alternative: str) -> None:
    """Say what a photo shows, for those who cannot see it."""
    photo = _own_photo(_own_photos(actor), photo_id)
    photo.alternative = _alternative(alternative)


def move_photo(*, actor: Member, photo_id: int, to: str) -> None:
    """Move a photo: `first` makes it the main one, `earlier` and `later` change it with its neighbour."""
    photos = list(_own_photos(actor))
    photo = _own_photo(photos, photo_id)
    old = photos.index(photo)
    new = {"first": 0, "earlier": max(old - 1, 0), "later": old + 1}.get(to, old)
    photos.insert(new, photos.pop(old))
    for position, each in enumerate(photos):
        each.position = position
    db.session.flush()
    choose_face(actor.person)
    record(ProfileChanged(actor=actor.id, person=actor.id, fields=["photos"]))


def remove_photo(*, actor: Member, photo_id: int) -> None:
    """Remove a photo; its files follow once that is certain."""
    photo = _own_photo(_own_photos(actor), photo_id)
    db.session.delete(photo)
    db.session.flush()
    choose_face(actor.person)
    record(PhotoRemoved(actor=actor.id, person=actor.id, photo=photo.id, media_key=photo.media_key))


def forget_files(event: EventRecord) -> None:
    """Follow the event log: delete the files of a removed photo."""
    if event.kind == PhotoRemoved.kind:
        runtime().media.delete(keys_of(event.data["media_key"]))


def keys_of(media_key: str) -> list[str]:
    """Return under which keys the sizes of a photo are kept."""
    return [variant_key(media_key, variant.name) for variant in (*WHOLE, *FACES)]


def get_photo_for(member: Member, photo_id: int) -> Photo:
    """Fetch a photo that the member may see.

    Raises:
        NotFound: there is none, its person has left, or keeps their photos to themselves.
    """
    query = (
        select(Photo, Person.present, Profile.hidden)
        .join(Person, Person.id == Photo.person_id)
        .outerjoin(Profile, Profile.person_id == Photo.person_id)
        .where(Photo.id == photo_id)
    )
    found = db.session.execute(query).first()
    if found is None or not _may_see(member, *found):
        raise NotFound(_("There is no such photo."))
    return found[0]


def _may_see(member: Member, photo: Photo, present: bool, hidden: list[str] | None) -> bool:
    if photo.person_id == member.id:
        return True
    return (present or member.administrator) and "photos" not in (hidden or [])


def choose_face(person: Person) -> None:
    """Let the main photo be the face; where photos are hidden or there is none, the directory's, if any."""
    profile = db.session.get(Profile, person.id)
    hidden = profile is not None and "photos" in profile.hidden
    main = None if hidden else next(iter(photos_of(person.id)), None)
    person.face_key = main.media_key if main else person.directory_photo_key


def _own_photos(actor: Member) -> Sequence[Photo]:
    """Return the actor's photos, while nobody else changes them."""
    db.session.execute(select(Person.id).where(Person.id == actor.id).with_for_update())
    return photos_of(actor.id)


def _own_photo(photos: Sequence[Photo], photo_id: int) -> Photo:
    for photo in photos:
        if photo.id == photo_id:
            return photo
    raise NotFound(_("There is no such photo."))


def _alternative(text: str) -> str:
    text = clean(text)
    if len(text) > ALTERNATIVE_LENGTH:
        raise Invalid(
            _("This is too long: %(limit)s characters at most.", limit=ALTERNATIVE_LENGTH),
            field="alternative",
        )
    return text
