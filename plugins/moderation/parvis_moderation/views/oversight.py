"""The log of what was done, and for how long what is kept."""

from datetime import UTC, datetime
from typing import Any

from flask import Response, g, request, url_for
from parvis.api import NotFound, clean, is_fragment, may, needs, page
from parvis.api import gettext as _

from ..domain.log import Filter, export_log, list_log
from ..domain.manager import is_manager
from ..domain.upkeep import forgettable
from ..permission import ModerationPermission
from ..web import bp, number
from . import WORDS

FILTERS = ("what", "actor", "person", "since", "until")
LENGTH = 80


def _check_oversees() -> bool:
    """Let administrators and those who moderate the whole site in; to others there is no such page.

    Returns whether they moderate the whole site.
    """
    manager = is_manager(g.member)
    if not manager and not may(g.member, ModerationPermission.OVERSEE):
        raise NotFound(_("There is no such page, or it is not open to you."))
    return manager


def _typed(values: Any) -> dict[str, str]:
    return {name: clean(values.get(name, ""))[:LENGTH] for name in FILTERS}


def _wanted(typed: dict[str, str]) -> Filter:
    return Filter(typed["what"], typed["actor"], typed["person"], _day(typed["since"]), _day(typed["until"]))


def _day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


@bp.get("/moderation/log")
@needs(ModerationPermission.USE)
def oversee() -> Response:
    """Show the log, the latest first."""
    manager = _check_oversees()
    typed, before = _typed(request.args), number("before")
    rows, more = list_log(_wanted(typed), before=before)
    values: dict[str, Any] = {name: value for name, value in typed.items() if value}
    older = url_for("moderation.oversee", before=more, **values) if more else ""
    if before and is_fragment():
        return page("moderation/log.html", fragment="items", rows=rows, older=older, **WORDS)
    return page(
        "moderation/log.html", rows=rows, older=older, typed=typed, manager=manager,
        keeping=forgettable(), **WORDS,
    )  # fmt: skip


@bp.post("/moderation/log.csv")
@needs(ModerationPermission.USE)
def export() -> Response:
    """Give what is filtered as CSV; that it was exported is written into the log."""
    _check_oversees()
    text = export_log(_wanted(_typed(request.form)), actor=g.member)
    headers = {"Content-Disposition": 'attachment; filename="log.csv"', "Cache-Control": "no-store"}
    return Response(text, mimetype="text/csv", headers=headers)
