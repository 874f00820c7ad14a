"""The pages of groups: they read the request, ask the domain, and show what it answers."""

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, g, request, url_for
from parvis.api import NotFound, page, redirected
from parvis.api import gettext as _

from ..domain.card import GroupCard
from ..domain.life import lately
from ..domain.read import View, get_group_for, moved_to
from ..domain.word import tag_key
from ..picture import picture_url
from ..web import bp

bp.add_app_template_global(picture_url, "groups_picture_url")
bp.add_app_template_global(lately, "groups_lately")


def group_page(
    template: str, view: View, *, status: int = 200, fragment: str | None = None, **context: Any
) -> Response:
    """Show a page of a group, under its head."""
    return page(
        template,
        fragment=fragment,
        status=status,
        **{"view": view, "group": card_of(view), "tag_url": tag_url, **context},
    )


def card_of(view: View) -> GroupCard:
    """Return a group as lists show it."""
    group, place = view.group, view.place
    known: Mapping[str, Any] = {
        name: getattr(group if hasattr(type(group), name) else place, name)
        for name in GroupCard._fields
        if name not in ("id", "unit_name", "role", "asked", "known", "languages", "tags")
    }
    known = {**known, "languages": tuple(group.languages), "tags": tuple(group.tags)}
    unit_name = group.unit.name if group.unit else None
    return GroupCard(id=place.id, unit_name=unit_name, role=view.role, asked=view.asked, **known)


def tag_url(label: str) -> str:
    """Return the address of the groups that carry a tag."""
    return url_for("groups.directory", tag=tag_key(label))


def known_group(slug: str) -> View:
    """Fetch a group that the member may know of. Who asks for a page of one that became part of another group
    is led to the same page of that one, if they may know of it."""
    view = get_group_for(g.member, slug)
    if request.method == "GET" and (target := moved_to(view)):
        there = {**request.args.to_dict(), **(request.view_args or {}), "slug": target}
        abort(redirected(url_for(request.endpoint or "", **there)))
    return view


def readable_group(slug: str) -> View:
    """Fetch a group whose inside the member reads; to others there is no such page."""
    view = known_group(slug)
    return _if(view.reads, view)


def managed_group(slug: str) -> View:
    """Fetch a group that the member looks after; to others there is no such page."""
    view = known_group(slug)
    return _if(view.manages, view)


def owned_group(slug: str) -> View:
    """Fetch a group that the member owns; to others there is no such page."""
    view = known_group(slug)
    return _if(view.owns, view)


def _if(allowed: bool, view: View) -> View:
    if not allowed:
        raise NotFound(_("There is no such page, or it is not open to you."))
    return view
