"""What blogs tell people, and to whom; new members follow the main blog, and keys of who leaves end."""

from collections.abc import Callable, Sequence
from typing import Any

from parvis.api import EventRecord, Member, db
from parvis.api import gettext as _
from parvis.api import lazy_gettext as _l
from parvis_social.api import NotificationKind, NotificationView, follow_place, notify

from ..event import NotPublished, QuestionAnswered, QuestionAsked, ReviewAsked, Reviewed, RoleGiven
from ..models import Draft, Question
from ..settings import settings
from .ask import wanting, writers
from .blog import main_blog
from .feed import forget_keys

ROLE = "blog:role"
REVIEW = "blog:review"
REVIEWED = "blog:reviewed"
NOT_PUBLISHED = "blog:not_published"
ASKED = "blog:asked"
ANSWERED = "blog:answered"
EXCERPT = 120


def follow(event: EventRecord) -> None:
    """Follow an event: tell whom it concerns; let a new member follow the main blog; end a leaver's keys."""
    following = _FOLLOWING.get(event.kind)
    if following is not None:
        following(event)


def _joined(event: EventRecord) -> None:
    """Let a new member follow the main blog, as long as they have not said otherwise."""
    blog = main_blog() if settings().follow_main else None
    member = db.session.get(Member, event.person_id or 0)
    if blog is not None and member is not None:
        follow_place(place=blog.place, actor=member)


def _left(event: EventRecord) -> None:
    """Let the keys of who has left open nothing, also when they come back."""
    forget_keys(event.person_id or 0)


def _role(event: EventRecord) -> None:
    if event.data["role"]:
        _tell(ROLE, [event.person_id or 0], event, role=event.data["role"])


def _review(event: EventRecord) -> None:
    draft = db.session.get(Draft, event.data["draft"])
    if draft is not None:
        _tell(REVIEW, [event.person_id or 0], event, draft=draft.id, title=draft.title)


def _reviewed(event: EventRecord) -> None:
    draft = db.session.get(Draft, event.data["draft"])
    if draft is not None and event.person_id is not None:
        _tell(REVIEWED, [event.person_id], event, draft=draft.id, title=draft.title)


def _not_published(event: EventRecord) -> None:
    draft = db.session.get(Draft, event.data["draft"])
    if draft is not None:
        people = [person for person in (event.person_id, draft.author_id) if person]
        _tell(NOT_PUBLISHED, people, event, draft=draft.id, title=draft.title)


def _asked(event: EventRecord) -> None:
    """Tell who writes in the blog; of an anonymous question, nobody's name goes with it."""
    question = db.session.get(Question, event.data["question"])
    if question is not None:
        _tell(ASKED, writers(question.place_id), event, question=question.id, text=_short(question.text))


def _answered(event: EventRecord) -> None:
    """Tell who asked and who added their voice, in the name of the one who answers."""
    question = db.session.get(Question, event.data["question"])
    if question is not None:
        notify(
            kind=ANSWERED, people=wanting(question.id), actor=event.person_id or event.actor_id,
            place=event.place_id, data={"question": question.id, "text": _short(question.text)},
            at=event.at,
        )  # fmt: skip


def _tell(kind: str, people: Any, event: EventRecord, **data: Any) -> None:
    notify(kind=kind, people=people, actor=event.actor_id, place=event.place_id, data=data, at=event.at)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1].rsplit(" ", 1)[0] + "…"


_FOLLOWING: dict[str, Callable[[EventRecord], None]] = {
    "core.joined": _joined,
    "core.person_left": _left,
    RoleGiven.kind: _role,
    ReviewAsked.kind: _review,
    Reviewed.kind: _reviewed,
    NotPublished.kind: _not_published,
    QuestionAsked.kind: _asked,
    QuestionAnswered.kind: _answered,
}


# what they say


def _name(told: NotificationView) -> str:
    return told.place.name if told.place else ""


def _page(told: NotificationView) -> str:
    return told.place.url if told.place else "/blogs"


def _title(told: NotificationView) -> str:
    return told.data.get("title") or _("Without a title yet")


def _question(told: NotificationView) -> str:
    return f"/blogs/questions/{told.data.get('question')}"


def _draft(told: NotificationView) -> str:
    return f"/blogs/drafts/{told.data.get('draft')}"


def _preview(told: NotificationView) -> str:
    return f"/blogs/drafts/{told.data.get('draft')}/preview"


def _say_role(told: NotificationView) -> str:
    if told.data.get("role") == "owner":
        return _("%(who)s made you an author of %(blog)s", who=told.who, blog=_name(told))
    return _("%(who)s asks you to publish in %(blog)s for its authors", who=told.who, blog=_name(told))


def _say_review(told: NotificationView) -> str:
    return _("%(who)s asks you to look at a draft: %(title)s", who=told.who, title=_title(told))


def _say_reviewed(told: NotificationView) -> str:
    return _("%(who)s has looked at your draft: %(title)s", who=told.who, title=_title(told))


def _say_not_published(told: NotificationView) -> str:
    return _("An article could not be published: %(title)s", title=_title(told))


def _say_asked(told: NotificationView) -> str:
    text = told.data.get("text", "")
    if told.who:
        return _("%(who)s asks in %(blog)s: %(text)s", who=told.who, blog=_name(told), text=text)
    return _("Somebody asks in %(blog)s: %(text)s", blog=_name(told), text=text)


def _say_answered(told: NotificationView) -> str:
    return _("%(who)s answered: %(text)s", who=told.who, text=told.data.get("text", ""))


KINDS: Sequence[NotificationKind] = (
    NotificationKind(ROLE, _l("I am asked to write in a blog"), _say_role, _page),
    NotificationKind(REVIEW, _l("Somebody asks me to look at a draft"), _say_review, _preview),
    NotificationKind(REVIEWED, _l("Somebody has looked at my draft"), _say_reviewed, _draft),
    NotificationKind(
        NOT_PUBLISHED, _l("An article of mine could not be published"), _say_not_published, _draft
    ),
    NotificationKind(ASKED, _l("Somebody puts a question to a blog I write in"), _say_asked, _question),
    NotificationKind(ANSWERED, _l("A question that I want to know is answered"), _say_answered, _question),
)
