"""Menus, slots and sections: what plugins contribute, as templates use it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import structlog
from flask import current_app, g, render_template, request
from markupsafe import Markup
from werkzeug.routing import BuildError

from parvis.contribution import NavItem, SlotContent
from parvis.runtime import hooks
from parvis.web.drawing import drawn_template

log = structlog.get_logger()


class Entry(NamedTuple):
    """One entry of a menu, ready to show."""

    name: str
    label: str
    url: str
    icon: str
    badge: int
    shortcut: str
    active: bool


def navigation(area: str) -> Sequence[Entry]:
    """Return the entries of an area: main, phone or me."""
    if "navigation" not in g:
        g.navigation = _entries()
    return tuple(g.navigation.get(area, ()))


def _entries() -> dict[str, list[Entry]]:
    """Return what the reader sees in all areas: a page shows all of them."""
    found: dict[str, list[Entry]] = {}
    member, address, here = g.get("member"), current_app.url_for, request.path
    for owner, item in hooks().collect("navigation", NavItem, viewer=member) if member else ():
        try:
            url = address(item.endpoint, **item.values)
        except BuildError as error:
            hooks().note_failure(owner, "navigation", error)
        else:
            active = here == url.partition("?")[0]
            entry = Entry(item.name, item.label, url, item.icon, item.badge, item.shortcut, active)
            found.setdefault(item.area, []).append(entry)
    return found


def slot(name: str, **context: Any) -> Markup:
    """Render what plugins put into a named slot; a piece that fails is left out and named in the log."""
    pieces = hooks().collect("slot", SlotContent, name=name, viewer=g.get("member"))
    return Markup("").join(_piece(owned.owner, owned.value, context) for owned in pieces)


def _piece(owner: str, piece: SlotContent, context: dict[str, Any]) -> Markup:
    if piece.once:
        return _alone(owner, piece.template, partial(drawn_template, piece.template, **piece.context))
    return render_contribution(owner, piece.template, {**context, **piece.context})


def render_contribution(owner: str, template: str, context: dict[str, Any]) -> Markup:
    """Render one plugin's piece of a page alone, so that its failure costs the page nothing else."""
    return _alone(owner, template, partial(render_template, template, **context))


def _alone(owner: str, template: str, render: Callable[[], str]) -> Markup:
    try:
        return Markup(render())
    except Exception as error:
        hooks().note_failure(owner, f"template {template}", error)
        return Markup("")
