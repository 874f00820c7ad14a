"""One transaction a request: a view that returns commits once, at the end; one that raises rolls back.

Reading changes nothing: a GET that leaves something to write is a fault of its view, and fails.
It has no transaction: each query sees what is committed by then (`parvis.db`).
"""

from abc import abstractmethod

from flask import Flask, Response, current_app, request
from flask.sessions import SessionInterface

from parvis.db import db, set_writing

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class ChangeOnRead(RuntimeError):
    """A view changed something while it answered a GET."""


class KeptSessions(SessionInterface):
    """Sessions whose data is part of the request's transaction."""

    @abstractmethod
    def keep(self) -> None:
        """Write the present request's session, before the commit."""

    @abstractmethod
    def keep_after_reading(self) -> None:
        """Write the session after reading, if it changed: a message shown is not shown again."""


def init_unit_of_work(app: Flask) -> None:
    """End each request's transaction; the app rolls back where something was raised."""
    app.after_request(_finish)
    app.teardown_request(lambda _error: set_writing(None))


def _finish(response: Response) -> Response:
    interface = current_app.session_interface
    if request.method in SAFE_METHODS:
        if db.session.new or db.session.dirty or db.session.deleted:
            db.session.rollback()
            raise ChangeOnRead(f"{request.method} {request.endpoint} left something to write")
        if isinstance(interface, KeptSessions):
            interface.keep_after_reading()
        return response
    if isinstance(interface, KeptSessions):
        interface.keep()
    db.session.commit()
    return response
