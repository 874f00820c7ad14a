"""Faces from the directory, for people who chose no photo: fetched one by one, where the entry changed.

Opening a picture takes a tenth of a second of a process of its own, so that a run gives itself some minutes;
who is left over waits for the next.
"""

import hashlib
import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Row, Select, case, func, select, update

from parvis.db import db, read_only
from parvis.directory.ldap import Directory, DirectoryUnavailable
from parvis.directory.models import Person
from parvis.directory.synchronisation.report import Report
from parvis.errors import Invalid, TooMany
from parvis.face import VARIANTS
from parvis.image import EXTENSION, process
from parvis.media import MediaUnavailable, new_key, variant_key
from parvis.runtime import runtime

SECONDS = 600.0
BATCH = 100

T = TypeVar("T", bound=Select[*tuple[Any, ...]])


def fetch_photos(
    directory: Directory, report: Report, progress: Callable[[int, int | None, str], None]
) -> None:
    """Bring the directory's photos up to date, for as long as a run may take over them."""
    until, last, done = time.monotonic() + SECONDS, 0, 0
    total = report.photos_waiting = _count_waiting()
    while batch := _waiting(after=last):
        for person in batch:
            if time.monotonic() > until:
                return
            try:
                _fetch(directory, person, report)
            except (DirectoryUnavailable, MediaUnavailable, TooMany) as error:
                report.problem = getattr(error, "reason", str(error))
                return
            last, done = person.id, done + 1
            report.photos_waiting = total - done
            progress(done, total, "photos")


def _wait(query: T) -> T:
    here = Person.present & Person.missing_since.is_(None) & Person.modified.is_not(None)
    return query.where(here, Person.photo_mark.is_distinct_from(Person.modified))


def _count_waiting() -> int:
    with read_only():
        count = db.session.scalar(_wait(select(func.count()).select_from(Person)))
        db.session.commit()
    return count or 0


def _waiting(*, after: int) -> list[Row[*tuple[Any, ...]]]:
    query = select(
        Person.id,
        Person.display_name,
        Person.dn,
        Person.modified,
        Person.photo_fingerprint,
        Person.directory_photo_key,
    )
    with read_only():
        rows = list(
            db.session.execute(_wait(query).where(Person.id > after).order_by(Person.id).limit(BATCH))
        )
        db.session.commit()
    return rows


def _fetch(directory: Directory, person: Row[*tuple[Any, ...]], report: Report) -> None:
    """Fetch one photo; what is no picture is remembered too, so that it is not opened again."""
    data = directory.read_photo(person.dn)
    digest = hashlib.blake2b(data, digest_size=16).hexdigest() if data else None
    if digest == person.photo_fingerprint:
        _keep(person, {})
        return
    key = None
    if data:
        try:
            key = _store(data)
        except Invalid as error:
            report.skipped.add(f"{person.display_name}: {error.message}")
    old = person.directory_photo_key
    face = case((Person.face_key.is_(None) | (Person.face_key == old), key), else_=Person.face_key)
    _keep(person, {"photo_fingerprint": digest, "directory_photo_key": key, "face_key": face})
    if key or old:
        report.photos.add(person.display_name)
    if old:
        runtime().media.delete(variant_key(old, variant.name) for variant in VARIANTS)


def _store(data: bytes) -> str:
    """Make the face's sizes anew and keep them, before any row names them."""
    key = new_key("photos", EXTENSION)
    made = process(data, variants=VARIANTS).variants
    runtime().media.put_all({variant_key(key, name): picture for name, picture in made.items()})
    return key


def _keep(person: Row[*tuple[Any, ...]], values: dict[str, Any]) -> None:
    db.session.execute(
        update(Person).where(Person.id == person.id).values(photo_mark=person.modified, **values)
    )
    db.session.commit()
