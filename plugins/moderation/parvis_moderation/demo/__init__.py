"""The demo company has a charter, which everybody has accepted."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from parvis.api import Member, db, utcnow
from sqlalchemy import select

from ..domain.charter import accept_charter, publish_charter, read_texts

HINTS = ("As {company.newcomer.given_name}: read the charter that everybody accepts on their first visit.",)
Moment = tuple[datetime, Callable[[], object]]


def show(company: Any) -> Iterator[Moment]:
    """Say what happens when."""
    yield utcnow() - timedelta(days=400), _begin_with_the_charter


def _begin_with_the_charter() -> None:
    texts = read_texts()
    charter = publish_charter(french=texts["fr"], english=texts["en"], actor=None)
    charter.at = utcnow() - timedelta(days=400)
    for member in db.session.scalars(select(Member).order_by(Member.id)):
        accept_charter(version=charter.version, actor=member)
