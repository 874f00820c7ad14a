"""When things happen in the demo."""

from datetime import datetime, timedelta
from random import Random

from parvis.db import utcnow


def later(at: datetime, chance: Random) -> datetime:
    """Return a moment some minutes or hours after another, and well before now."""
    return at + min(timedelta(minutes=chance.randint(4, 500)), (utcnow() - at) * 0.5)
