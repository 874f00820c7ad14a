"""The kinds of notifications that social itself has, and what each says."""

from collections.abc import Callable

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
REACTED = "social:reacted"

Sentence = Callable[[NotificationView], str]


def thread_url(told: NotificationView) -> str:
    """Return the address of a content, or of a comment in its thread."""
    if told.root_id in (None, told.content_id):
        return f"/contents/{told.content_id}"
    return f"/contents/{told.root_id}?comment={told.content_id}#c{told.content_id}"


def _mentioned(told: NotificationView) -> str:
    if told.others:
        return ngettext(
            "%(who)s and %(num)s other mentioned you", "%(who)s and %(num)s others mentioned you",
            told.others, who=told.who,
        )  # fmt: skip
    return _("%(who)s mentioned you", who=told.who)


def _answered(told: NotificationView) -> str:
    return _("%(who)s marked your comment as the answer", who=told.who)


def _replied(told: NotificationView) -> str:
    if told.others:
        return ngettext(
            "%(who)s and %(num)s other answered you", "%(who)s and %(num)s others answered you",
            told.others, who=told.who,
        )  # fmt: skip
    return _("%(who)s answered you", who=told.who)


def _commented(told: NotificationView) -> str:
    if told.others:
        return ngettext(
            "%(who)s and %(num)s other commented where you did too",
            "%(who)s and %(num)s others commented where you did too",
            told.others, who=told.who,
        )  # fmt: skip
    return _("%(who)s commented where you did too", who=told.who)


def _published(told: NotificationView) -> str:
    return _("%(who)s published something", who=told.who)


def _reacted(told: NotificationView) -> str:
    if told.others:
        return ngettext(
            "%(who)s and %(num)s other reacted to what you wrote",
            "%(who)s and %(num)s others reacted to what you wrote",
            told.others, who=told.who,
        )  # fmt: skip
    return _("%(who)s reacted to what you wrote", who=told.who)


KINDS = (
    NotificationKind(MENTIONED, _l("Somebody mentions me"), _mentioned, thread_url),
    NotificationKind(ANSWERED, _l("My comment is marked as the answer"), _answered, thread_url),
    NotificationKind(REPLIED, _l("Somebody answers me"), _replied, thread_url),
    NotificationKind(COMMENTED, _l("Somebody comments where I did too"), _commented, thread_url),
    NotificationKind(
        PUBLISHED, _l("Something is published where I want to know all"), _published, thread_url, level="all"
    ),
    NotificationKind(REACTED, _l("Somebody reacts to what I wrote"), _reacted, thread_url),
)
