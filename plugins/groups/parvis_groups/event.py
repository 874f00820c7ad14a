"""Facts about groups, with the ids that later measurement needs: never what was written."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from parvis.api import Event
from parvis.api import lazy_gettext as _l


@dataclass(frozen=True, kw_only=True)
class GroupCreated(Event):
    """`actor` opened the group `place`, shown `similar` groups; `told`: and said how it differs."""

    kind: ClassVar[str] = "groups.created"
    similar: list[int] = field(default_factory=list)
    told: bool = False


@dataclass(frozen=True, kw_only=True)
class SimilarJoined(Event):
    """`actor` was about to open a group, and joined or asked to join `place` instead, one of `similar`."""

    kind: ClassVar[str] = "groups.similar_joined"
    similar: list[int] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class TopicProposed(Event):
    """`actor` was about to open a group, and proposed the topic to owners of `place`, one of `similar`."""

    kind: ClassVar[str] = "groups.topic_proposed"
    proposal: int
    similar: list[int] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class GroupChanged(Event):
    """`actor` changed what the group `place` says or allows; `fields` names what."""

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
class InvitationAnswered(Event):
    """`actor` came to `place` upon the invitation of `person`, or would rather not."""

    kind: ClassVar[str] = "groups.invitation_answered"
    accepted: bool


@dataclass(frozen=True, kw_only=True)
class RoleChanged(Event):
    """`actor` gave `person` a `role` in `place`."""

    kind: ClassVar[str] = "groups.role_changed"
    accountable: ClassVar[Any] = _l("Gave a role in a group")
    role: str


@dataclass(frozen=True, kw_only=True)
class Removed(Event):
    """`actor` took `person` out of `place`."""

    kind: ClassVar[str] = "groups.removed"
    accountable: ClassVar[Any] = _l("Took somebody out of a group")


@dataclass(frozen=True, kw_only=True)
class Banned(Event):
    """`actor` banned `person` from `place`, or lifted that."""

    kind: ClassVar[str] = "groups.banned"
    accountable: ClassVar[Any] = _l("Banned somebody from a group, or lifted that")
    banned: bool


@dataclass(frozen=True, kw_only=True)
class Orphaned(Event):
    """Nobody who is in the company owns `place` any more."""

    kind: ClassVar[str] = "groups.orphaned"


@dataclass(frozen=True, kw_only=True)
class MergeProposed(Event):
    """`actor` proposes that `place` become part of the group `target`, or refused that."""

    kind: ClassVar[str] = "groups.merge_proposed"
    target: int
    merge: int
    refused: bool = False


@dataclass(frozen=True, kw_only=True)
class Merged(Event):
    """`actor` made `place` part of the group `target`, or took that back."""

    kind: ClassVar[str] = "groups.merged"
    accountable: ClassVar[Any] = _l("Merged groups, or took that back")
    target: int
    merge: int
    undone: bool = False


@dataclass(frozen=True, kw_only=True)
class PictureReplaced(Event):
    """`actor` gave `place` another picture, or none; whoever follows deletes the files of the one it had."""

    kind: ClassVar[str] = "groups.picture_replaced"
    media_key: str
