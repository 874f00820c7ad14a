"""Facts about the data that is kept of people."""

from dataclasses import dataclass
from typing import ClassVar

from parvis.events import Event


@dataclass(frozen=True, kw_only=True)
class DataAsked(Event):
    """A member asks for their data, or to be forgotten; a job does it."""

    kind: ClassVar[str] = "core.personal_data_asked"
    request: int
