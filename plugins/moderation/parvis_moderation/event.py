"""Facts about moderation, with ids alone: never what was written, nor who reported what."""

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


@dataclass(frozen=True, kw_only=True)
class Reported(Event):
    """Somebody reported a thing of `person` in `place`; who did is not told. `opened`: it opened the case."""

    kind: ClassVar[str] = "moderation.reported"
    case: int
    opened: bool


@dataclass(frozen=True, kw_only=True)
class CaseMoved(Event):
    """`actor` handed a case to those who look after `place`, or to those who moderate the whole site."""

    kind: ClassVar[str] = "moderation.case_moved"
    case: int
    desk: str


@dataclass(frozen=True, kw_only=True)
class Decided(Event):
    """`actor` decided on a case about `person`, or took that back."""

    kind: ClassVar[str] = "moderation.decided"
    decision: int
    act: str
    undone: bool = False


@dataclass(frozen=True, kw_only=True)
class Appealed(Event):
    """`actor` asks for a decision to be looked at again."""

    kind: ClassVar[str] = "moderation.appealed"
    decision: int


@dataclass(frozen=True, kw_only=True)
class AppealAnswered(Event):
    """`actor` answered the appeal of `person`."""

    kind: ClassVar[str] = "moderation.appeal_answered"
    decision: int
    outcome: str


@dataclass(frozen=True, kw_only=True)
class Asked(Event):
    """`actor` asks those who moderate the whole site something."""

    kind: ClassVar[str] = "moderation.asked"
    question: int


@dataclass(frozen=True, kw_only=True)
class QuestionAnswered(Event):
    """`actor` answered what `person` had asked."""

    kind: ClassVar[str] = "moderation.question_answered"
    question: int


@dataclass(frozen=True, kw_only=True)
class Visited(Event):
    """`actor` entered the closed `place` for some hours without belonging to it, or that `ended`."""

    kind: ClassVar[str] = "moderation.visited"
    visit: int
    ended: bool
