"""Facts about what people say of themselves: which fields, never what was in them."""

from dataclasses import dataclass
from typing import ClassVar

from parvis.events import Event


@dataclass(frozen=True, kw_only=True)
class ProfileChanged(Event):
    """A member changed their profile; `fields` names what."""

    kind: ClassVar[str] = "core.profile_changed"
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class PhotoAdded(Event):
    """A member added a photo to their profile."""

    kind: ClassVar[str] = "core.photo_added"
    photo: int


@dataclass(frozen=True, kw_only=True)
class PhotoRemoved(Event):
    """A member removed a photo; its files under `media_key` go when this event is followed."""

    kind: ClassVar[str] = "core.photo_removed"
    photo: int
    media_key: str
