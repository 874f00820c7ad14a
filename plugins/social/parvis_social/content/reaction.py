"""Reactions: a small fixed set, at most one of each person to a content."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from parvis.api import BigId, Invalid, Member, Person, db, insert_row, prepared, read_rows, record, update_row
from parvis.api import gettext as _
from parvis.api import lazy_gettext as _l
from sqlalchemy import Row, Select, bindparam, func, select

from ..event import Reacted
from ..place.access import check_comment, nothing
from .models import Content, Reaction
from .read import get_content_for
from .turn import lock_content

PAGE = 50


@dataclass(frozen=True)
class ReactionKind:
    """One of the reactions: a sign, and what it says in words."""

    name: str
    sign: str
    label: str


KINDS = {
    kind.name: kind
    for kind in (
        ReactionKind("like", "👍", _l("I like it")),
        ReactionKind("celebrate", "🎉", _l("Bravo")),
        ReactionKind("support", "❤️", _l("With you")),
        ReactionKind("insight", "💡", _l("I learned something")),
        ReactionKind("laugh", "😄", _l("Funny")),
    )
}


def react(*, content: Content, kind: str, actor: Member) -> None:
    """React to a content or a comment; another reaction takes the place of the first.

    Raises:
        Invalid: there is no such reaction.
        NotFound, NotAllowed, Veto: the content is not open to the actor, or its place is archived.
    """
    if kind not in KINDS:
        raise Invalid(_("There is no such reaction."))
    reading = get_content_for(actor, content.id)
    check_comment(reading.place, reading.role, actor=actor)
    lock_content(content)  # those who react at once take turns, so that the counts are right
    if content.deleted_at is not None:
        raise nothing()
    mine = db.session.get(Reaction, (content.id, actor.id), populate_existing=True)
    if mine is None:
        insert_row(Reaction(content_id=content.id, person_id=actor.id, kind=kind))
        record(
            Reacted(
                actor=actor.id,
                person=content.author_id,
                place=content.place_id,
                content=content.id,
                reaction=kind,
            )
        )
    else:
        mine.kind = kind
    _count(content)


def unreact(*, content: Content, actor: Member) -> None:
    """Take one's reaction back."""
    get_content_for(actor, content.id)
    lock_content(content)
    mine = db.session.get(Reaction, (content.id, actor.id), populate_existing=True)
    if mine is not None:
        db.session.delete(mine)
        _count(content)


def list_reactions(
    content: Content, *, kind: str | None = None, after: int | None = None
) -> Sequence[Row[Person, str]]:
    """List who reacted and how, by the ids of people from `after` on."""
    query = select(Person, Reaction.kind).join(Reaction, Reaction.person_id == Person.id)
    query = query.where(Reaction.content_id == content.id).order_by(Reaction.person_id)
    if kind is not None:
        query = query.where(Reaction.kind == kind)
    if after is not None:
        query = query.where(Reaction.person_id > after)
    return db.session.execute(query.limit(PAGE + 1)).all()


def _count(content: Content) -> None:
    found: Counter[str] = Counter(dict(read_rows(_counted(), {"id": content.id})))
    content.reactions = {kind: found[kind] for kind in KINDS if found[kind]}
    content.reactions_count = found.total()
    update_row(content)


@prepared
def _counted() -> Select[str, int]:
    here = Reaction.content_id == bindparam("id", type_=BigId)
    return select(Reaction.kind, func.count()).where(here).group_by(Reaction.kind)
