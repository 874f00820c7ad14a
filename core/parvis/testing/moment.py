"""When things happen in the demo."""

from datetime import datetime, timedelta
from random import Random

from parvis.db import utcnow


def later(at: datetime, chance: Random, most: int = 600) -> datetime:
    """Return a moment some minutes after another, at `most` so many, and well before now."""
    return at + min(timedelta(minutes=chance.randint(4, most)), (utcnow() - at) * 0.5)
