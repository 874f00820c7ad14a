"""Taking turns: who locks more than one thing locks the place first, then contents, then tags.

Always in this order, so that no two wait for each other. None of these locks keeps others from writing rows
that only point here, such as reactions or comments: those that count them take their turn by themselves.
"""

from parvis.api import db

from ..place.membership import lock_place
from ..place.models import Place
from .models import Content


def lock_content(content: Content) -> None:
    """Keep a content for oneself until the transaction ends, as it is now.

    Itself and nothing else (`of`): it is read again as it was fetched, and PostgreSQL locks nothing that was
    joined there and may be missing.
    """
    db.session.flush()
    db.session.refresh(content, with_for_update={"key_share": True, "of": Content})


def lock_with_place(content: Content) -> Place:
    """Keep a content and the place that it is in by now for oneself; return the place.

    It may have been moved while we waited: what was locked is then given back before the other place is
    taken (PostgreSQL does so where a savepoint is rolled back), for who moves contents holds two places, in
    their order.
    """
    while True:
        place, taking = content.place, db.session.begin_nested()
        lock_place(place)
        lock_content(content)
        if content.place_id == place.id:
            taking.commit()
            return place
        taking.rollback()
