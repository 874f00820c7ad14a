"""Facts about members."""

from dataclasses import dataclass
from typing import ClassVar

from parvis.events import Event


@dataclass(frozen=True, kw_only=True)
class SignedIn(Event):
    """A member signed in, by `way` (directory, local, or a plugin's)."""

    kind: ClassVar[str] = "core.signed_in"
    way: str


@dataclass(frozen=True, kw_only=True)
class Joined(Event):
    """A person became a member: every required join step is done."""

    kind: ClassVar[str] = "core.joined"
