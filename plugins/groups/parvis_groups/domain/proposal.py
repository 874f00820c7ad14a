"""Proposing a topic to the owners of a group, rather than opening another one."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from parvis.api import Member, Person, TooMany, db, record, utcnow
from parvis.api import gettext as _
from parvis_social.api import FACE, Face
from sqlalchemy import delete, func, select

from ..event import TopicProposed
from ..models import Group, Proposal
from .create import shown_ids
from .read import View, as_owner, get_group_by_id
from .said import MESSAGE_LENGTH, message

PER_DAY = 10
SHOWN = 200


class Proposed(NamedTuple):
    """Somebody would like something in a group."""

    id: int
    face: Face
    text: str
    at: datetime


def topic_of(*, name: str, purpose: str, difference: str, description: str) -> str:
    """Return what somebody typed for a group of their own as the text of a proposal, as far as it goes."""
    first = " – ".join(part.strip() for part in (name, purpose) if part.strip())
    parts = (part.strip() for part in (first, difference, description))
    return "\n\n".join(filter(None, parts))[:MESSAGE_LENGTH]


def propose(*, group: Group, text: str, actor: Member, shown: Iterable[int] = ()) -> None:
    """Propose a topic to the owners of a group; they are told.

    Raises:
        Invalid: nothing is proposed, or it is too long; `field` is `text`.
        NotFound: the actor may not know of the group.
        TooMany: the day's allowance is spent.
    """
    words = message(text, field="text", missing=_("Please say what you would like there."))
    get_group_by_id(actor, group.place_id)
    recent = (Proposal.person_id == actor.id, Proposal.at > utcnow() - timedelta(days=1))
    if (db.session.scalar(select(func.count()).where(*recent)) or 0) >= PER_DAY:
        raise TooMany(_("You have proposed a great deal today. Please go on tomorrow."))
    made = Proposal(place_id=group.place_id, person_id=actor.id, text=words)
    db.session.add(made)
    db.session.flush()
    record(TopicProposed(actor=actor.id, place=group.place_id, proposal=made.id, similar=shown_ids(shown)))


def proposals_of(view: View) -> Sequence[Proposed]:
    """Return what is proposed to the owners of a group, the newest first; only to them."""
    if not view.owns:
        return []
    query = (
        select(Proposal.id, Proposal.text, Proposal.at, *FACE)
        .join(Person, Person.id == Proposal.person_id)
        .where(Proposal.place_id == view.place.id, Person.present.is_(True))
        .order_by(Proposal.id.desc())
        .limit(SHOWN)
    )
    return [Proposed(row[0], Face(*row[3:]), row[1], row[2]) for row in db.session.execute(query)]


def dismiss_proposal(*, group: Group, proposal_id: int, actor: Member) -> None:
    """No longer list a proposal; one that is gone already changes nothing.

    Raises:
        NotAllowed, NotFound: the actor does not own the group.
    """
    as_owner(group, actor)
    here = (Proposal.id == proposal_id, Proposal.place_id == group.place_id)
    db.session.execute(delete(Proposal).where(*here))
