"""Facts about moderation, with ids alone: never what was written."""

from dataclasses import dataclass
from typing import ClassVar

from parvis.api import Event


@dataclass(frozen=True, kw_only=True)
class CharterPublished(Event):
    """`actor` published a version of the charter, which everybody is asked to accept."""

    kind: ClassVar[str] = "moderation.charter_published"
    version: int


@dataclass(frozen=True, kw_only=True)
class CharterAccepted(Event):
    """`actor` accepted a version of the charter."""

    kind: ClassVar[str] = "moderation.charter_accepted"
    version: int
