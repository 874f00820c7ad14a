"""The directory of groups: mine, suggested, new, active; found while one types."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import Response, g, request, url_for
from parvis.api import clean, done, is_fragment, may, needs, own_path, page
from parvis.api import gettext as _

from ..domain.card import GroupCard
from ..domain.care import cares_for_all
from ..domain.directory import dismiss, list_groups, list_mine, suggested
from ..domain.invitation import my_invitations
from ..domain.read import get_group_for
from ..domain.similar import Found, find_page
from ..forms import units
from ..models import Theme
from ..permission import GroupsPermission
from ..web import bp, number
from . import tag_url

TABS = ("mine", "suggested", "new", "active")
MOST_CHARACTERS = 100
MOST_TAGS = 12
AT_HOME = 4


@bp.get("/groups")
@needs(GroupsPermission.USE)
def directory() -> Response:
    """List groups: one of four lists, narrowed by tag, site or theme, or those that have the words typed."""
    wanted = _wanted()
    after = request.args.get("after", "")[:80] or None
    words = _found_by_words(wanted, number("after") or 0) if wanted["q"] else None
    groups, following = (words.groups, words.after) if words else _listed(wanted, after)
    first = after is None
    return page(
        "groups/directory.html",
        fragment="items" if not first else "results",
        groups=groups,
        found=words,
        older=_address(wanted, after=following) if following else "",
        wanted=wanted,
        address=_address,
        tag_url=tag_url,
        units=units() if first else {},
        tags=_tags_of(groups),
        invitations=my_invitations(g.member) if first and wanted["tab"] == "mine" and not wanted["q"] else [],
        here=_address(wanted),
        cares=first and not is_fragment() and _cares(wanted["tab"]),
    )


def _cares(tab: str) -> bool:
    """Tell whether groups without an owner are looked after here: beside one's own ones, which come first and
    most often, by those alone of whom it is known without asking."""
    return may(g.member, GroupsPermission.CARE) or (tab != "mine" and cares_for_all(g.member))


def _wanted() -> dict[str, Any]:
    tab = request.args.get("tab", "")
    theme = request.args.get("theme", "")
    wanted = {
        "q": clean(request.args.get("q", ""))[:MOST_CHARACTERS],
        "tag": clean(request.args.get("tag", ""))[:MOST_CHARACTERS],
        "unit": number("unit"),
        "theme": theme if theme in set(Theme) else "",
    }
    narrowed = any(wanted.values())
    wanted["tab"] = tab if tab in TABS else ("active" if narrowed else "mine")
    if narrowed and wanted["tab"] in ("mine", "suggested"):
        wanted["tab"] = "active"
    return wanted


def _found_by_words(wanted: dict[str, Any], after: int) -> Found:
    return find_page(
        wanted["q"], viewer=g.member, tag=wanted["tag"], unit_id=wanted["unit"], theme=wanted["theme"],
        after=after,
    )  # fmt: skip


def _listed(wanted: dict[str, Any], after: str | None) -> tuple[Sequence[GroupCard], str | None]:
    if wanted["tab"] == "suggested":
        return suggested(g.member), None
    if wanted["tab"] == "mine":
        found = list_mine(g.member, after=after)
    else:
        found = list_groups(
            g.member, order=wanted["tab"], tag=wanted["tag"], unit_id=wanted["unit"], theme=wanted["theme"],
            after=after,
        )  # fmt: skip
    return found.groups, found.after


def _tags_of(groups: Sequence[GroupCard]) -> list[str]:
    """Return the tags of the groups that are shown, those of several first: to look further by."""
    found = Counter(tag for group in groups for tag in group.tags)
    return [tag for tag, _count in found.most_common(MOST_TAGS)]


def _address(wanted: dict[str, Any], **changed: Any) -> str:
    values = {**wanted, **changed}
    return url_for("groups.directory", **{name: value for name, value in values.items() if value})


@bp.get("/groups/suggested")
@needs(GroupsPermission.USE)
def suggestions() -> Response:
    """Answer a few suggestions: the home page asks for them when it is there, and waits for nobody."""
    return page("groups/_suggested.html", groups=suggested(g.member, limit=AT_HOME))


@bp.post("/groups/<slug>/dismiss")
@needs(GroupsPermission.USE)
def not_for_me(slug: str) -> Response:
    """Suggest a group no longer."""
    view = get_group_for(g.member, slug)
    dismiss(group=view.group, actor=g.member)
    back = own_path(request.form.get("next"), url_for("groups.directory", tab="suggested"))
    return done(_("%(group)s will not be suggested again.", group=view.place.shown_name), back)
