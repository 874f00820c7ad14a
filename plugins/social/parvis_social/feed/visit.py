"""How far somebody has looked: marks that their browser sends when it has shown something."""

from datetime import timedelta

from parvis.api import Member, db, utcnow
from sqlalchemy import update

from ..place.models import PlaceFollow
from ..place.visitor import own_visitor

VISIT = timedelta(minutes=30)
"""After so long without a look at the home page, the next one begins a new visit."""


def see_home(*, actor: Member, newest_id: int) -> None:
    """Note that the home page showed what is new up to an id; a new visit keeps where the last one ended."""
    visitor = own_visitor(actor)
    now = utcnow()
    if visitor.seen_at is None:
        visitor.last_visit_id = -visitor.seen_id
    elif now - visitor.seen_at > VISIT:
        visitor.last_visit_id = visitor.seen_id
    visitor.seen_id = max(visitor.seen_id, newest_id)
    visitor.seen_at = now


def see_place(*, actor: Member, place_id: int, newest_id: int) -> None:
    """Note that a place's page showed what is new up to an id."""
    mine = (PlaceFollow.person_id == actor.id, PlaceFollow.place_id == place_id)
    older = PlaceFollow.seen_id < newest_id
    db.session.execute(update(PlaceFollow).where(*mine, older).values(seen_id=newest_id))
