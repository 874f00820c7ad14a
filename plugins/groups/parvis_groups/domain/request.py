"""Asking to be let into a closed group, and the answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from parvis.api import Member, NotAllowed, NotFound, Person, add_once, db, record, utcnow
from parvis.api import gettext as _
from parvis_social.api import FACE, Access, Face, add_member, is_member, lock_place
from sqlalchemy import delete, select

from ..event import RequestAnswered, Requested
from ..models import Group, JoinRequest, State
from .membership import check_may_come, join, settle
from .read import View, as_manager, standing_of
from .said import message as checked_message

AGAIN = timedelta(days=7)
"""How long after a refusal one may ask again."""
SHOWN = 200


class Asking(NamedTuple):
    """Somebody who asks to be let in."""

    face: Face
    message: str
    at: datetime


def ask(*, group: Group, message: str, actor: Member) -> None:
    """Ask to be let into a closed group; who needs not ask is in at once, who has asked has.

    Raises:
        NotAllowed: the actor is banned, it is archived, or they were refused not long ago.
        NotFound: it is secret.
        Invalid: the message is too long; `field` is `message`.
    """
    words = checked_message(message)
    lock_place(group.place)
    standing = standing_of(group, actor.id)
    if is_member(standing.role):
        return
    if standing.inviter is not None or group.place.access == Access.OPEN:
        join(group=group, actor=actor)
        return
    check_may_come(group, standing)
    if add_once(JoinRequest, place_id=group.place_id, person_id=actor.id, message=words):
        record(Requested(actor=actor.id, place=group.place_id))
        return
    asked = _asked(group, actor.id)
    if asked.state == State.PENDING:
        return
    if asked.state == State.REFUSED and asked.answered_at and utcnow() - asked.answered_at < AGAIN:
        raise NotAllowed(_("You have had an answer not long ago. Please wait a week before you ask again."))
    asked.message, asked.words, asked.at = words, "", utcnow()
    asked.state, asked.answered_at = State.PENDING, None
    db.session.flush()
    record(Requested(actor=actor.id, place=group.place_id))


def withdraw(*, group: Group, actor: Member) -> None:
    """Take back that one asks to be let in."""
    mine = (JoinRequest.place_id == group.place_id, JoinRequest.person_id == actor.id)
    db.session.execute(delete(JoinRequest).where(*mine, JoinRequest.state == State.PENDING))


def answer_request(*, group: Group, person_id: int, accept: bool, words: str, actor: Member) -> None:
    """Let somebody in who asks, or not, with a few words to them.

    Raises:
        NotAllowed, NotFound: the actor does not look after it, or nobody asks (any more).
        Invalid: the words are too long; `field` is `words`.
    """
    words = checked_message(words, field="words")
    as_manager(group, actor)
    asking = _asked(group, person_id)
    if asking.state != State.PENDING:
        raise NotFound(_("This request was answered or taken back meanwhile."))
    asking.state = State.ACCEPTED if accept else State.REFUSED
    asking.words, asking.answered_at = words, utcnow()
    db.session.flush()
    if accept:
        let_in(group, person_id)
        settle(group, person_id, State.ACCEPTED)
    record(RequestAnswered(actor=actor.id, person=person_id, place=group.place_id, accepted=accept))


def let_in(group: Group, person_id: int) -> None:
    """Make somebody a member who asked for it: it is their own act, and they are told the answer."""
    asker = db.session.get_one(Member, person_id)
    add_member(place=group.place, person_id=person_id, actor=asker)


def requests_of(view: View) -> Sequence[Asking]:
    """Return who asks to be let into a group, who waits longest first; only to who looks after it."""
    if not view.manages:
        return []
    query = (
        select(JoinRequest.message, JoinRequest.at, *FACE)
        .join(Person, Person.id == JoinRequest.person_id)
        .where(
            JoinRequest.place_id == view.place.id,
            JoinRequest.state == State.PENDING,
            Person.present.is_(True),
        )
        .order_by(JoinRequest.at, JoinRequest.person_id)
        .limit(SHOWN)
    )
    return [Asking(Face(*row[2:]), row[0], row[1]) for row in db.session.execute(query)]


def _asked(group: Group, person_id: int) -> JoinRequest:
    asked = db.session.get(JoinRequest, (group.place_id, person_id), populate_existing=True)
    if asked is None:
        raise NotFound(_("This request was answered or taken back meanwhile."))
    return asked
