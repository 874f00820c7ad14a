"""Facts about groups, with the ids that later measurement needs."""

from dataclasses import dataclass, field
from typing import ClassVar

from parvis.api import Event


@dataclass(frozen=True, kw_only=True)
class GroupCreated(Event):
    """`actor` opened the group `place`, having been shown the groups `similar`."""

    kind: ClassVar[str] = "groups.created"
    similar: list[int] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class SimilarChosen(Event):
    """`actor` was about to open a group, and chose `place` instead: `choice` is joined or proposed."""

    kind: ClassVar[str] = "groups.similar_chosen"
    choice: str
    similar: list[int] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class GroupChanged(Event):
    """`actor` changed what the group `place` is or allows; `fields` names what."""

    kind: ClassVar[str] = "groups.changed"
    fields: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Requested(Event):
    """`actor` asks to join `place`."""

    kind: ClassVar[str] = "groups.requested"


@dataclass(frozen=True, kw_only=True)
class RequestAnswered(Event):
    """`actor` answered the request of `person` to join `place`."""

    kind: ClassVar[str] = "groups.request_answered"
    accepted: bool


@dataclass(frozen=True, kw_only=True)
class Invited(Event):
    """`actor` invited `person` to `place`."""

    kind: ClassVar[str] = "groups.invited"


@dataclass(frozen=True, kw_only=True)
class RoleChanged(Event):
    """`actor` gave `person` a `role` in `place`."""

    kind: ClassVar[str] = "groups.role_changed"
    role: str


@dataclass(frozen=True, kw_only=True)
class Banned(Event):
    """`actor` banned `person` from `place`, or lifted that."""

    kind: ClassVar[str] = "groups.banned"
    banned: bool


@dataclass(frozen=True, kw_only=True)
class Orphaned(Event):
    """Nobody who is in the company owns `place` any more."""

    kind: ClassVar[str] = "groups.orphaned"


@dataclass(frozen=True, kw_only=True)
class MergeProposed(Event):
    """`actor` proposes that `place` be merged into the group `target`."""

    kind: ClassVar[str] = "groups.merge_proposed"
    target: int


@dataclass(frozen=True, kw_only=True)
class Merged(Event):
    """`actor` merged `place` into the group `target`, or took that back."""

    kind: ClassVar[str] = "groups.merged"
    target: int
    undone: bool = False
