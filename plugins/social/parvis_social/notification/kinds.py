"""The kinds of notifications that social itself has, and what each says."""

from parvis.api import gettext as _
from parvis.api import lazy_gettext as _l
from parvis.api import ngettext

from ..contribution import NotificationKind
from .view import NotificationView

MENTIONED = "social:mentioned"
ANSWERED = "social:answered"
REPLIED = "social:replied"
COMMENTED = "social:commented"
PUBLISHED = "social:published"
WALL = "social:wall"
REACTED = "social:reacted"
ADDED = "social:added"
HIDDEN = "social:hidden"


def thread_url(told: NotificationView) -> str:
    """Return the address of a content, or of a comment in its thread."""
    if told.root_id in (None, told.content_id):
        return f"/contents/{told.content_id}"
    return f"/contents/{told.root_id}?comment={told.content_id}#c{told.content_id}"


def _mentioned(told: NotificationView) -> str:
    if told.count == 1:
        return _("%(who)s mentioned you", who=told.who)
    return ngettext(
        "You were mentioned %(num)s time, the last time by %(who)s",
        "You were mentioned %(num)s times, the last time by %(who)s",
        told.count, who=told.who,
    )  # fmt: skip


def _answered(told: NotificationView) -> str:
    return _("%(who)s marked your comment as the answer", who=told.who)


def _replied(told: NotificationView) -> str:
    if told.count == 1:
        return _("%(who)s answered you", who=told.who)
    return ngettext(
        "%(num)s answer to you, the last by %(who)s", "%(num)s answers to you, the last by %(who)s",
        told.count, who=told.who,
    )  # fmt: skip


def _commented(told: NotificationView) -> str:
    if told.count == 1:
        return _("%(who)s commented where you did too", who=told.who)
    return ngettext(
        "%(num)s comment where you did too, the last by %(who)s",
        "%(num)s comments where you did too, the last by %(who)s",
        told.count, who=told.who,
    )  # fmt: skip


def _published(told: NotificationView) -> str:
    return _("%(who)s published something", who=told.who)


def _wall(told: NotificationView) -> str:
    return _("%(who)s wrote on your wall", who=told.who)


def _reacted(told: NotificationView) -> str:
    others = told.reactions - 1
    if others < 1:
        return _("%(who)s reacted to what you wrote", who=told.who)
    return ngettext(
        "%(who)s and %(num)s other reacted to what you wrote",
        "%(who)s and %(num)s others reacted to what you wrote",
        others, who=told.who,
    )  # fmt: skip


def _added(told: NotificationView) -> str:
    return _(
        "%(who)s made you a member of %(place)s", who=told.who, place=told.place.name if told.place else ""
    )


def _hidden(told: NotificationView) -> str:
    return _("%(who)s hid your comment: %(reason)s", who=told.who, reason=told.data.get("reason", ""))


def _place_url(told: NotificationView) -> str:
    return told.place.url if told.place else "/"


KINDS = (
    NotificationKind(MENTIONED, _l("Somebody mentions me"), _mentioned, thread_url),
    NotificationKind(ANSWERED, _l("My comment is marked as the answer"), _answered, thread_url),
    NotificationKind(REPLIED, _l("Somebody answers me"), _replied, thread_url),
    NotificationKind(COMMENTED, _l("Somebody comments where I did too"), _commented, thread_url),
    NotificationKind(
        PUBLISHED, _l("Something is published where I want to know all"), _published, thread_url, level="all"
    ),
    NotificationKind(WALL, _l("Somebody writes on my wall"), _wall, thread_url),
    NotificationKind(REACTED, _l("Somebody reacts to what I wrote"), _reacted, thread_url),
    NotificationKind(ADDED, _l("Somebody makes me a member of a group"), _added, _place_url),
    NotificationKind(HIDDEN, _l("A comment of mine is hidden"), _hidden, thread_url),
)
