"""What somebody has begun to write for a place: kept for them alone, until it is published or thrown away."""

from collections.abc import Sequence
from typing import cast

from parvis.api import BigId, Member, add_once, clean, db, prepared, utcnow, write_rows
from sqlalchemy import Delete, Table, bindparam, delete, select, update

from ..place.models import Place
from ..statement import VIEWER
from .file import check_files
from .models import Draft, DraftFile

MOST = 65_536
"""Far more than a post may have: what is too long is kept as well, to be shortened."""


def keep_draft(*, place: Place, source: str, actor: Member, files: Sequence[int] | None = None) -> None:
    """Keep what the actor has written so far for a place; without words and files it is no draft.

    Args:
        files: ids of unpublished files of the actor's, which are kept as long as the draft; None: as before.

    Raises:
        Invalid: a file is not the actor's, or is no longer there.
    """
    source = clean(source, multiline=True)[:MOST]
    kept = None if files is None else [file.id for file in check_files(files, actor=actor)]
    if not source and not (files_of_draft(place, actor) if kept is None else kept):
        forget_draft(place=place, actor=actor)
        return
    values = {"source": source, "at": utcnow()}
    mine = {"person_id": actor.id, "place_id": place.id}
    if not add_once(Draft, **mine, **values):
        db.session.execute(update(Draft).filter_by(**mine).values(**values))
    if kept is not None:
        db.session.execute(delete(DraftFile).filter_by(**mine))
        db.session.execute(delete(DraftFile).where(DraftFile.file_id.in_(kept)))
        db.session.add_all(DraftFile(file_id=file_id, **mine) for file_id in kept)
        db.session.flush()


def draft_of(place: Place, member: Member) -> str:
    """Return what a member has begun to write for a place."""
    mine = (Draft.person_id == member.id, Draft.place_id == place.id)
    return db.session.scalar(select(Draft.source).where(*mine)) or ""


def files_of_draft(place: Place, member: Member) -> list[int]:
    """Return the ids of the files that are kept with a member's draft for a place."""
    mine = (DraftFile.person_id == member.id, DraftFile.place_id == place.id)
    return list(db.session.scalars(select(DraftFile.file_id).where(*mine).order_by(DraftFile.file_id)))


def forget_draft(*, place: Place, actor: Member) -> None:
    """Throw the actor's draft for a place away."""
    write_rows(_forgetting(), {"viewer": actor.id, "place": place.id})


@prepared
def _forgetting() -> Delete:
    draft = cast(Table, Draft.__table__)
    return delete(draft).where(
        draft.c.person_id == VIEWER, draft.c.place_id == bindparam("place", type_=BigId)
    )
