"""Giving somebody all that is kept about them: one archive, of JSON and of their files."""

import json
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Executable, delete, select

from parvis.contribution import PersonalData
from parvis.db import Model, db, read_only, utcnow
from parvis.directory.models import Person
from parvis.media import new_key
from parvis.personal_data.models import EXPORT, VALID, DataRequest
from parvis.runtime import hooks, runtime


def rows(query: Executable) -> list[dict[str, Any]]:
    """Return what a query finds as an archive tells it: whole rows of a table, or named columns."""
    return [_told(row) for row in db.session.execute(query)]


def _told(row: Any) -> dict[str, Any]:
    if not isinstance(row[0], Model):
        return dict(row._mapping)
    return {column.key: getattr(row[0], column.key) for column in row[0].__table__.columns}


def write_archive(person: Person, path: Path) -> list[str]:
    """Write all that core and plugins keep about somebody into a file; return who could not tell theirs."""
    silent: list[str] = []
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for owner, call in hooks().implementations("export_personal_data"):
            try:
                for part in call(person=person):
                    _write(archive, owner, part)
            except Exception as error:
                hooks().note_failure(owner, "export_personal_data", error)
                silent.append(owner)
    return silent


def _write(archive: ZipFile, owner: str, part: PersonalData) -> None:
    text = json.dumps(part.data, default=_plain, ensure_ascii=False, indent=1)
    archive.writestr(f"{owner}/{part.name}.json", text)
    for name, read in part.files.items():
        try:
            archive.writestr(f"{owner}/{part.name}/{name.replace('/', '_')}", read())
        except KeyError:  # its bytes are gone
            continue


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def export(request: DataRequest) -> None:
    """Prepare the archive that somebody asked for: a job, which may run twice."""
    request.media_key = request.media_key or new_key("archives", "zip")
    db.session.commit()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "archive.zip"
        with read_only():
            silent = write_archive(request.person, path)
            db.session.commit()
        runtime().media.put(request.media_key, path)
        request.size, request.report, request.done_at = path.stat().st_size, {"silent": silent}, utcnow()
    db.session.commit()


def forget_archives() -> None:
    """Delete archives that can no longer be downloaded: a job, which may run twice."""
    old = select(DataRequest).where(DataRequest.kind == EXPORT, DataRequest.done_at < utcnow() - VALID)
    for request in db.session.scalars(old).all():
        runtime().media.delete(filter(None, [request.media_key]))
        db.session.execute(delete(DataRequest).where(DataRequest.id == request.id))
