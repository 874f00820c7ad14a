"""Facts about blogs, with the ids that later measurement needs: never what was written, nor who read it."""

from dataclasses import dataclass
from typing import Any, ClassVar

from parvis.api import Event
from parvis.api import lazy_gettext as _l


@dataclass(frozen=True, kw_only=True)
class BlogOpened(Event):
    """`actor` opened the blog `place`, for `person` if it is a leader's."""

    kind: ClassVar[str] = "blog.opened"
    accountable: ClassVar[Any] = _l("Opened a blog")


@dataclass(frozen=True, kw_only=True)
class BlogChanged(Event):
    """`actor` changed what the blog `place` says of itself."""

    kind: ClassVar[str] = "blog.changed"


@dataclass(frozen=True, kw_only=True)
class RoleGiven(Event):
    """`actor` made `person` an author or a delegate of `place`, or took that back."""

    kind: ClassVar[str] = "blog.role_given"
    accountable: ClassVar[Any] = _l("Gave a role in a blog, or took it back")
    role: str


@dataclass(frozen=True, kw_only=True)
class ReviewAsked(Event):
    """`actor` asked `person` to look at a draft of `place`."""

    kind: ClassVar[str] = "blog.review_asked"
    draft: int


@dataclass(frozen=True, kw_only=True)
class Reviewed(Event):
    """`actor` said to `person`, who asked, what they think of a draft of `place`."""

    kind: ClassVar[str] = "blog.reviewed"
    draft: int


@dataclass(frozen=True, kw_only=True)
class NotPublished(Event):
    """A draft of `place` could not be published when it should have been; `person` had scheduled it."""

    kind: ClassVar[str] = "blog.not_published"
    draft: int


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(Event):
    """Somebody put a question to `place`: `actor`, unless their name is not to be shown."""

    kind: ClassVar[str] = "blog.asked"
    question: int


@dataclass(frozen=True, kw_only=True)
class QuestionAnswered(Event):
    """`actor` answered a question in `place`, or wrote down an answer for `person`."""

    kind: ClassVar[str] = "blog.answered"
    question: int


@dataclass(frozen=True, kw_only=True)
class QuestionWithdrawn(Event):
    """Who put a question to `place` took it back."""

    kind: ClassVar[str] = "blog.question_withdrawn"
    question: int


@dataclass(frozen=True, kw_only=True)
class QuestionHidden(Event):
    """`actor` hid a question in `place` with a reason, or shows it again."""

    kind: ClassVar[str] = "blog.question_hidden"
    question: int
    hidden: bool
