"""A notification as it is shown, and as the sentences of its kind are given it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..content.card import Face, PlaceLabel
from ..registry import notification_kinds


@dataclass(slots=True)
class NotificationView:
    """What somebody is told: who did it last, where, and of several alike how many.

    Not frozen: a page makes thirty, and each would take three times as long.
    """

    id: int
    kind: str
    created_at: datetime
    count: int
    unread: bool
    actor: Face | None = None
    place: PlaceLabel | None = None
    content_id: int | None = None
    root_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    subject: str = ""
    """Title of the content, or how it begins."""
    reactions: int = 0
    """How many others reacted to the content."""
    follows: bool = False
    """Whether they follow the place."""

    @property
    def sentence(self) -> str:
        """What it says, in the reader's language."""
        return notification_kinds()[self.kind].sentence(self)

    @property
    def url(self) -> str:
        """Where it leads."""
        return notification_kinds()[self.kind].url(self)

    @property
    def who(self) -> str:
        """Name of who did it."""
        return self.actor.display_name if self.actor else ""
