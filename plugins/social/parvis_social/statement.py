"""Parts of statements."""

from typing import Any

from parvis.api import BigId
from sqlalchemy import ColumnElement, Select, bindparam

VIEWER = bindparam("viewer", type_=BigId)
"""Who reads. Whatever is built of conditions that name a viewer is executed with `{"viewer": member.id}`."""


def finds(query: Select[Any]) -> ColumnElement[bool]:
    """Return the condition that a query about a row of the one around it finds something.

    It is asked for each row, along an index: where few are looked at. For EXISTS or IN, PostgreSQL, which
    does not know how few, would gather first all that they can find.
    """
    return query.limit(1).scalar_subquery().is_not(None)
