"""The pages of moderation: they parse, fetch by way of who asks, and show."""

from typing import Any

from flask import request
from parvis.api import account_of, get_locale
from parvis.api import gettext as _
from parvis.api import lazy_gettext as _l
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
    return str(OUTCOMES.get(act, act))


OUTCOMES: dict[str, Any] = {
    Act.HOLD: _l("Hidden until somebody decides"),
    Act.NOTHING: _l("Nothing to be done"),
    Act.MESSAGE: _l("Its author was written to"),
    Act.EDIT: _l("A change was asked for"),
    Act.HIDE: _l("Hidden"),
    Act.LOCK: _l("Comments closed"),
    Act.WARN: _l("Its author was warned"),
    Act.SUSPEND: _l("Contributions suspended"),
    "": "",
}


def log_label(what: str) -> str:
    """Return what the log says was done: by moderation, or as whoever owns an event says of it."""
    act = what.removeprefix("moderation.")
    if act in OUTCOMES:
        return act_label(act)
    if act.removesuffix("_undone") in OUTCOMES:
        return _("Taken back: %(act)s", act=act_label(act.removesuffix("_undone")))
    return str(LOGGED.get(act, "")) or account_of(what) or what


LOGGED: dict[str, Any] = {
    "appealed": _l("Appealed"),
    "appeal_overturned": _l("Appeal: the decision was taken back"),
    "appeal_upheld": _l("Appeal: the decision stands"),
    "appointed": _l("Appointed to moderate"),
    "dismissed": _l("Moderates no longer"),
    "let_in": _l("First post let in"),
    "moved_to_managers": _l("Passed to those who moderate the site"),
    "moved_to_place": _l("Passed to those who look after the group"),
    "question_answered": _l("Question answered"),
    "rules_set": _l("Rules for writing changed"),
    "text_changed": _l("A text was changed"),
    "turned_away": _l("First post refused"),
    "visit": _l("Visited a closed group"),
    "visit_ended": _l("Visit ended"),
}


def do_label(act: str, kind: str) -> str:
    """Return what one can decide, as a button."""
    return str(HIDING[kind] if act == Act.HIDE and kind in HIDING else DOING[act])


DOING: dict[str, Any] = {
    Act.HOLD: _l("Hide it until somebody decides"),
    Act.NOTHING: _l("Nothing to be done"),
    Act.MESSAGE: _l("Write to its author"),
    Act.EDIT: _l("Ask for a change"),
    Act.HIDE: _l("Hide it"),
    Act.LOCK: _l("Close the comments"),
    Act.WARN: _l("Warn its author"),
    Act.SUSPEND: _l("Suspend contributions"),
}
HIDING: dict[str, Any] = {"photo": _l("Remove the photo"), "profile": _l("Hide what the profile says")}


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
    "log_label": log_label,
    "do_label": do_label,
    "delay_label": delay_label,
}
"""What templates of moderation say things with."""
