"""Work of the worker for sessions and attempts."""

from parvis.db import db
from parvis.identity.session import forget_old_sessions
from parvis.identity.throttle import forget_old_attempts
from parvis.runtime import runtime


def forget_old() -> None:
    """Delete sessions that ended by time, and attempts that no longer count."""
    forget_old_sessions(runtime().config)
    forget_old_attempts(runtime().config)
    db.session.commit()
