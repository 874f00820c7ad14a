"""Facts about places and contents. Ids and kinds only: never what was written, never that somebody read."""

from dataclasses import dataclass
from typing import Any, ClassVar

from parvis.api import Event
from parvis.api import lazy_gettext as _l


@dataclass(frozen=True, kw_only=True)
class Published(Event):
    """`actor` published `content` of a `type` in `place`, in the name of `person`, who may be themselves."""

    kind: ClassVar[str] = "social.published"
    type: str


@dataclass(frozen=True, kw_only=True)
class Submitted(Event):
    """`actor` wrote a post for `place` that somebody reads before it is published."""

    kind: ClassVar[str] = "social.submitted"
    waiting: int


@dataclass(frozen=True, kw_only=True)
class SubmissionAnswered(Event):
    """`actor` let in what `person` wrote for `place`, which is now `content`, or refused it."""

    kind: ClassVar[str] = "social.submission_answered"
    waiting: int
    admitted: bool


@dataclass(frozen=True, kw_only=True)
class Commented(Event):
    """`actor` wrote the comment `content` under `root`, in answer to the comment `parent` if there is one."""

    kind: ClassVar[str] = "social.commented"
    root: int
    parent: int | None = None


@dataclass(frozen=True, kw_only=True)
class Mentioned(Event):
    """`actor` named `person` in `content`, which stands under `root` (or is it)."""

    kind: ClassVar[str] = "social.mentioned"
    root: int


@dataclass(frozen=True, kw_only=True)
class Edited(Event):
    """`actor` changed `content`; a `minor` edit tells nobody."""

    kind: ClassVar[str] = "social.edited"
    minor: bool


@dataclass(frozen=True, kw_only=True)
class Deleted(Event):
    """`actor` deleted `content`, written by `person`."""

    kind: ClassVar[str] = "social.deleted"
    accountable: ClassVar[Any] = _l("Removed what a colleague wrote")


@dataclass(frozen=True, kw_only=True)
class Restored(Event):
    """`actor` took the deletion of `content` back."""

    kind: ClassVar[str] = "social.restored"


@dataclass(frozen=True, kw_only=True)
class Reacted(Event):
    """`actor` reacted to `content`, written by `person`."""

    kind: ClassVar[str] = "social.reacted"
    reaction: str


@dataclass(frozen=True, kw_only=True)
class Answered(Event):
    """`actor` marked the comment `content`, written by `person`, as the answer to `root`."""

    kind: ClassVar[str] = "social.answered"
    root: int


@dataclass(frozen=True, kw_only=True)
class Locked(Event):
    """`actor` closed the comments of `content`, or opened them again."""

    kind: ClassVar[str] = "social.locked"
    accountable: ClassVar[Any] = _l("Closed comments, or opened them again")
    locked: bool


@dataclass(frozen=True, kw_only=True)
class Hidden(Event):
    """`actor` hid the comment `content`, written by `person`, or shows it again."""

    kind: ClassVar[str] = "social.hidden"
    accountable: ClassVar[Any] = _l("Hid a comment, or showed it again")
    hidden: bool


@dataclass(frozen=True, kw_only=True)
class Followed(Event):
    """`actor` follows `place`, or `person`, or a `tag`."""

    kind: ClassVar[str] = "social.followed"
    tag: int | None = None


@dataclass(frozen=True, kw_only=True)
class Unfollowed(Event):
    """`actor` follows `place`, or `person`, or a `tag`, no longer."""

    kind: ClassVar[str] = "social.unfollowed"
    tag: int | None = None


@dataclass(frozen=True, kw_only=True)
class PlaceJoined(Event):
    """`person` became a member of `place`, by their own act or by `actor`'s."""

    kind: ClassVar[str] = "social.place_joined"


@dataclass(frozen=True, kw_only=True)
class PlaceLeft(Event):
    """`person` is a member of `place` no longer, by their own act or by `actor`'s."""

    kind: ClassVar[str] = "social.place_left"


@dataclass(frozen=True, kw_only=True)
class PlaceAccessChanged(Event):
    """`actor` changed who reads `place`."""

    kind: ClassVar[str] = "social.place_access_changed"
    accountable: ClassVar[Any] = _l("Changed who reads a group")
    access: str


@dataclass(frozen=True, kw_only=True)
class PlaceArchived(Event):
    """`actor` made `place` read-only, or opened it again."""

    kind: ClassVar[str] = "social.place_archived"
    accountable: ClassVar[Any] = _l("Archived a group, or opened it again")
    archived: bool


@dataclass(frozen=True, kw_only=True)
class PlaceWithheld(Event):
    """`actor` took `place` away from everybody with all that it holds, or brought it back."""

    kind: ClassVar[str] = "social.place_withheld"
    accountable: ClassVar[Any] = _l("Withdrew a group, or brought it back")
    withheld: bool


@dataclass(frozen=True, kw_only=True)
class ContentsMoved(Event):
    """All contents of the place `origin` are now in `place`."""

    kind: ClassVar[str] = "social.contents_moved"
    origin: int
