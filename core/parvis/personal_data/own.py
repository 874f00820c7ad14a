"""What core itself keeps about somebody: given, or forgotten."""

from collections.abc import Iterator
from functools import partial

from sqlalchemy import delete, select

from parvis.contribution import PersonalData
from parvis.db import db
from parvis.directory.models import Person
from parvis.events import EventRecord
from parvis.identity.models import Member, MemberSession
from parvis.media import variant_key
from parvis.personal_data.erasure import Erasure
from parvis.personal_data.export import rows
from parvis.personal_data.models import DataRequest
from parvis.profile.models import Career, Interest, Photo, Profile
from parvis.profile.photo import keys_of
from parvis.profile.profile import photos_of
from parvis.runtime import runtime


def export_own(person: Person) -> Iterator[PersonalData]:
    """Tell what core keeps: what the directory says, the account, the profile with its photos, the events."""
    yield PersonalData("directory", rows(select(Person).where(Person.id == person.id)))
    account = rows(select(Member).where(Member.id == person.id))
    sessions = select(
        MemberSession.created_at, MemberSession.seen_at, MemberSession.address, MemberSession.browser
    )
    yield PersonalData(
        "account",
        {"account": account, "sessions": rows(sessions.where(MemberSession.member_id == person.id))},
    )
    own = {
        model.__tablename__: rows(select(model).where(model.person_id == person.id))
        for model in (Profile, Career, Interest)
    }
    yield PersonalData("profile", own)
    photos = photos_of(person.id)
    read = {
        f"{photo.id}.jpg": partial(runtime().media.get, variant_key(photo.media_key, "large"))
        for photo in photos
    }
    yield PersonalData("photos", [{"id": each.id, "alternative": each.alternative} for each in photos], read)
    theirs = (EventRecord.actor_id == person.id) | (EventRecord.person_id == person.id)
    yield PersonalData("events", rows(select(EventRecord).where(theirs).order_by(EventRecord.id)))


def erase_own(erasure: Erasure) -> None:
    """Forget the account, what they said of themselves, their photos and archives."""
    theirs = erasure.person.id
    erasure.forget_files(key for photo in photos_of(theirs) for key in keys_of(photo.media_key))
    archives = select(DataRequest.media_key).where(
        DataRequest.person_id == theirs, DataRequest.media_key.is_not(None)
    )
    erasure.forget_files(db.session.scalars(archives))
    for model in (Profile, Career, Interest, Photo):
        db.session.execute(delete(model).where(model.person_id == theirs))
    db.session.execute(
        delete(DataRequest).where(DataRequest.person_id == theirs, DataRequest.media_key.is_not(None))
    )
    db.session.execute(delete(Member).where(Member.id == theirs))
