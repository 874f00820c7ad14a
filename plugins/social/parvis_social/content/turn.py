"""Taking turns: who locks more than one thing locks the place first, then contents, then tags.

Always in this order, so that no two wait for each other. None of these locks keeps others from writing rows
that only point here, such as reactions or comments: those that count them take their turn by themselves.
"""

from parvis.api import db, lock_row

from ..place.membership import lock_place
from ..place.models import Place
from .models import Content


def lock_content(content: Content) -> None:
    """Keep a content for oneself until the transaction ends, as it is now."""
    lock_row(content)


def lock_with_place(content: Content) -> Place:
    """Keep a content and the place that it is in by now for oneself; return the place.

    It may have been moved while we waited: what was locked is then given back before the other place is
    taken (PostgreSQL does so where a savepoint is rolled back), for who moves contents holds two places, in
    their order. Nothing is written meanwhile that the session would have to forget, and the savepoint ends
    with the transaction: it is the connection's alone.
    """
    db.session.flush()
    connection = db.session.connection()
    while True:
        place = content.place
        connection.exec_driver_sql("SAVEPOINT before_turn")
        lock_place(place)
        lock_content(content)
        if content.place_id == place.id:
            return place
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT before_turn")
