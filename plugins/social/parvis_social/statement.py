"""Parts of statements."""

from parvis.api import BigId
from sqlalchemy import bindparam

VIEWER = bindparam("viewer", type_=BigId)
"""Who reads. Whatever is built of conditions that name a viewer is executed with `{"viewer": member.id}`."""
