"""The pages of moderation: they parse, fetch by way of who asks, and show."""

from typing import Any

from flask import request
from flask_babel import get_locale
from parvis.api import gettext as _
from parvis_social.api import reportables

from ..domain import log
from ..domain.text import reasons
from ..models import Act
from ..web import bp


def language() -> str:
    """Return the language of the page, of the two in which texts are kept."""
    return "fr" if str(get_locale()).startswith("fr") else "en"


@bp.before_request
def _note_address() -> None:
    """Let the log know from where somebody acts."""
    log.ADDRESS.set(request.remote_addr or "")


def kind_label(kind: str) -> str:
    """Return what a kind of thing is called; of a plugin that is switched off, by its name."""
    found = reportables().get(kind)
    return str(found.label) if found else kind


def reason_label(name: str) -> str:
    """Return a reason in the language of the page."""
    found = reasons().get(name)
    return found.label(language()) if found else name


def act_label(act: str) -> str:
    """Return what was decided, as a state."""
    return _outcomes().get(act, act)


def _outcomes() -> dict[str, str]:
    return {
        Act.HOLD: _("Hidden until somebody decides"),
        Act.NOTHING: _("Nothing to be done"),
        Act.MESSAGE: _("Its author was written to"),
        Act.EDIT: _("A change was asked for"),
        Act.HIDE: _("Hidden"),
        Act.LOCK: _("Comments closed"),
        Act.WARN: _("Its author was warned"),
        Act.SUSPEND: _("Contributions suspended"),
        "": "",
    }


def do_label(act: str, kind: str) -> str:
    """Return what one can decide, as a button."""
    words: dict[str, str] = {
        Act.HOLD: _("Hide it until somebody decides"),
        Act.NOTHING: _("Nothing to be done"),
        Act.MESSAGE: _("Write to its author"),
        Act.EDIT: _("Ask for a change"),
        Act.HIDE: {
            "photo": _("Remove the photo"),
            "profile": _("Hide what the profile says"),
        }.get(kind, _("Hide it")),
        Act.LOCK: _("Close the comments"),
        Act.WARN: _("Warn its author"),
        Act.SUSPEND: _("Suspend contributions"),
    }
    return words[act]


def delay_label(seconds: int) -> str:
    """Return how long something took, in words that are short."""
    if seconds < 3600:
        return _("within the hour")
    if seconds < 48 * 3600:
        return _("%(hours)s h", hours=round(seconds / 3600))
    return _("%(days)s days", days=round(seconds / 86400))


WORDS: dict[str, Any] = {
    "kind_label": kind_label,
    "reason_label": reason_label,
    "act_label": act_label,
    "do_label": do_label,
    "delay_label": delay_label,
}
"""What templates of moderation say things with."""
