"""What somebody has begun to write for a place: kept for them alone, until it is published or thrown away."""

from typing import cast

from parvis.api import BigId, Member, add_once, clean, db, prepared, utcnow, write_rows
from sqlalchemy import Delete, Table, bindparam, delete, select

from ..place.models import Place
from ..statement import VIEWER
from .models import Draft

MOST = 65_536
"""Far more than a post may have: what is too long is kept as well, to be shortened."""


def keep_draft(*, place: Place, source: str, actor: Member) -> None:
    """Keep what the actor has written so far for a place; nothing is no draft."""
    source = clean(source, multiline=True)[:MOST]
    if not source:
        forget_draft(place=place, actor=actor)
        return
    values = {"source": source, "at": utcnow()}
    if not add_once(Draft, person_id=actor.id, place_id=place.id, **values):
        mine = (Draft.person_id == actor.id, Draft.place_id == place.id)
        db.session.execute(db.update(Draft).where(*mine).values(**values))


def draft_of(place: Place, member: Member) -> str:
    """Return what a member has begun to write for a place."""
    mine = (Draft.person_id == member.id, Draft.place_id == place.id)
    return db.session.scalar(select(Draft.source).where(*mine)) or ""


def forget_draft(*, place: Place, actor: Member) -> None:
    """Throw the actor's draft for a place away."""
    write_rows(_forgetting(), {"viewer": actor.id, "place": place.id})


@prepared
def _forgetting() -> Delete:
    draft = cast(Table, Draft.__table__)
    return delete(draft).where(
        draft.c.person_id == VIEWER, draft.c.place_id == bindparam("place", type_=BigId)
    )
