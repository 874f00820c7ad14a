"""Forgetting somebody: their account has no name any more, and neither has anything else that named them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import structlog
from sqlalchemy import delete, select, update

from parvis.db import db, read_only, utcnow
from parvis.directory.event import PersonErased, PersonLeft
from parvis.directory.models import FORMER, NAMELESS, Person, PersonName
from parvis.events import record
from parvis.i18n import force_locale
from parvis.i18n import gettext as _
from parvis.migration import owners_present
from parvis.personal_data.models import DataRequest
from parvis.personal_data.names import Names, text_columns
from parvis.profile.photo import keys_of
from parvis.runtime import hooks, runtime

log = structlog.get_logger("parvis.security")
DIRECTORY = {"person": "id", "person_name": "person_id"}
"""Where others bear their own names, and by what column theirs are told."""


@dataclass
class Erasure:
    """Somebody who is being forgotten: what the hooks are given. The person has their names no more."""

    person: Person
    removes: bool
    """Whether what they published goes too; else it stays, as a former colleague's."""
    words: str
    """What stands for their name in texts, in the site's language."""
    changed: Mapping[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    """By table the keys of the rows whose texts named them, and do so no more."""
    media_keys: list[str] = field(default_factory=list)

    def forget_files(self, keys: Iterable[str]) -> None:
        """Have files deleted, by their media keys, once it is certain that nothing points to them."""
        self.media_keys += keys


def erase(request: DataRequest) -> None:
    """Forget somebody in one transaction; then look whether anything is left; then delete their files.

    A job and a command. One that ended in between deletes the files when it is begun again; what to look for,
    nobody knows any more then.
    """
    found: dict[str, Any] = {}
    if not request.report:
        names, request.report = _forget(request)
        db.session.commit()
        with read_only():
            found = remains(names, person_id=request.person_id)
            db.session.commit()
    runtime().media.delete(request.report["media_keys"])
    request.report, request.done_at = {**request.report, **found, "media_keys": []}, utcnow()
    log.info("person_erased", person=request.person_id, contents=request.contents, **request.report)
    db.session.commit()


def _forget(request: DataRequest) -> tuple[Names, dict[str, Any]]:
    person, handle = request.person, f"former.colleague.{request.person_id}"
    with force_locale(runtime().config.site.default_language):
        words = _("a former colleague")
    names = Names(person, label=words, handle=handle)
    if person.present:
        record(PersonLeft(person=person.id))
    faces = [keys_of(key) for key in (person.face_key, person.directory_photo_key) if key]
    _take_names(person, handle)
    erasure = Erasure(person, request.contents == "remove", words, _rewrite(names), [*chain(*faces)])
    db.session.expire_all()
    for _owner, call in hooks().implementations("erase_personal_data"):
        call(erasure=erasure)
    record(PersonErased(person=person.id))
    files = list(dict.fromkeys(erasure.media_keys))
    changed = {table: len(keys) for table, keys in erasure.changed.items()}
    return names, {"media_keys": files, "files": len(files), "changed": changed}


def _take_names(person: Person, handle: str) -> None:
    """Leave a person without anything that the directory said of them."""
    for column in Person.__table__.columns:
        if column.nullable:
            setattr(person, column.name, None)
    person.username = person.handle = handle
    person.display_name, person.given_name, person.family_name, person.sort_name = FORMER, "", "", NAMELESS
    person.present = False
    db.session.flush()
    db.session.execute(delete(PersonName).where(PersonName.person_id == person.id))
    db.session.execute(update(Person).where(Person.manager_id == person.id).values(manager_id=None))


def _rewrite(names: Names) -> dict[str, list[tuple[Any, ...]]]:
    """Take the names out of every text in the database, whosever it is; return which rows were changed."""
    changed: dict[str, list[tuple[Any, ...]]] = {}
    for table, columns in text_columns():
        columns = [column for column in columns if not column.primary_key]
        if table.name in DIRECTORY or not columns:
            continue
        keys = list(table.primary_key)
        for row in db.session.execute(select(*keys, *columns).where(names.may_be_in(columns))).all():
            new = {c.name: _fitting(names.without(row._mapping[c]), c.type) for c in columns}
            new = {name: value for name, value in new.items() if value != row._mapping[table.c[name]]}
            if new:
                here = [key == row._mapping[key] for key in keys]
                db.session.execute(update(table).where(*here).values(new))
                changed.setdefault(table.name, []).append(tuple(row[: len(keys)]))
    return changed


def _fitting(value: Any, kind: Any) -> Any:
    limit = getattr(kind, "length", None)
    return value[:limit] if limit and isinstance(value, str) else value


def remains(names: Names, *, person_id: int) -> dict[str, Any]:
    """Look for somebody in every text of every table; return where they still stand, and what was looked at.

    `off`: plugins that keep something here and are not in use: what they know of a person by number, no hook
    of theirs has forgotten.
    """
    left, tables, number = Counter[str](), 0, 0
    for table, columns in text_columns():
        tables, number = tables + 1, number + len(columns)
        query = select(*columns).where(names.may_be_in(columns))
        if table.name in DIRECTORY:
            query = query.where(table.c[DIRECTORY[table.name]] == person_id)
        for row in db.session.execute(query):
            left.update(f"{table.name}.{c.name}" for c in columns if names.are_in(row._mapping[c]))
    active = {"core", *(plugin.name for plugin in hooks().active)}
    off = sorted(owners_present(db.session.connection()) - active)
    return {"left": dict(left), "tables": tables, "columns": number, "off": off}
