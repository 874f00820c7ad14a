"""What owners do to a group: its settings, archiving, merging; and groups without an owner."""

from typing import Any

from flask import Response, g, request, url_for
from parvis.api import DomainError, Invalid, beside, clean, db, done, get_person_for, needs, page, redirected
from parvis.api import gettext as _
from parvis_social.api import Access

from ..domain import merge as merging
from ..domain.care import appoint, list_ownerless
from ..domain.change import (
    archive_group,
    change_group,
    change_settings,
    convert,
    offered_types,
    unarchive_group,
)
from ..domain.read import View, get_group_for
from ..domain.similar import find_groups, similar_groups
from ..forms import ACCESS, LEVELS, POSTING, SCOPES, THEMES, AboutForm, PictureForm, RulesForm
from ..models import Scope
from ..permission import GroupsPermission
from ..picture import prepare_picture, replace_picture
from ..web import bp, number
from . import group_page, owned_group

OWNERLESS = 50


def _settings(slug: str) -> str:
    return url_for("groups.settings", slug=slug)


@bp.route("/groups/<slug>/settings", methods=["GET", "POST"])
@needs(GroupsPermission.USE)
def settings(slug: str) -> Response:
    """Change what a group says of itself; further settings have forms of their own on this page."""
    view = owned_group(slug)
    if request.method == "GET":
        return _settings_page(view)
    form = AboutForm()
    try:
        change_group(group=view.group, actor=g.member, **form.said())
    except DomainError as refusal:
        db.session.rollback()
        return _settings_page(owned_group(slug), about=beside(form, refusal), status=refusal.status)
    return done(_("Saved."), _settings(slug))


def _settings_page(
    view: View, *, status: int = 200, about: AboutForm | None = None, **context: Any
) -> Response:
    form = about or _about_form(view)
    person = g.member.person
    form.offer_choices(site_id=person.site_id, department_id=person.department_id)
    rules = context.get("rules") or _rules_form(view)
    return group_page(
        "groups/settings.html",
        view,
        status=status,
        about=form,
        types=[(kind.name, kind.label) for kind in offered_types()],
        access=ACCESS,
        themes=THEMES,
        scopes=SCOPES,
        posting=POSTING,
        levels=LEVELS,
        **{"picture_form": PictureForm(formdata=None), **context, "rules": rules},
    )


def _about_form(view: View) -> AboutForm:
    group, unit = view.group, str(view.group.unit_id or "")
    return AboutForm(
        formdata=None,
        name=view.place.name,
        purpose=group.purpose,
        theme=group.theme,
        scope=group.scope,
        site=unit if group.scope == Scope.SITE else None,
        department=unit if group.scope == Scope.DEPARTMENT else None,
        description=group.description,
        tags=", ".join(group.tags),
        language=" ".join(group.languages) or "fr",
        second_name=group.place.second_name,
        second_purpose=group.second_purpose,
    )


def _rules_form(view: View) -> RulesForm:
    place = view.place
    return RulesForm(formdata=None, posting=place.posting, level=place.level, types=list(place.types))


@bp.post("/groups/<slug>/settings/rules")
@needs(GroupsPermission.USE)
def rules(slug: str) -> Response:
    """Change who publishes, of what new members are told, and what may be published besides posts."""
    view = owned_group(slug)
    form = RulesForm()
    try:
        change_settings(
            group=view.group, posting=form.posting.data, level=form.level.data, types=form.types.data or [],
            actor=g.member,
        )  # fmt: skip
    except DomainError as refusal:
        db.session.rollback()
        return _settings_page(owned_group(slug), rules=beside(form, refusal), status=refusal.status)
    return done(_("Saved."), _settings(slug))


@bp.post("/groups/<slug>/settings/picture")
@needs(GroupsPermission.USE)
def change_picture(slug: str) -> Response:
    """Give a group a picture, or take it away."""
    form = PictureForm()
    try:
        prepared = None
        if "remove" not in request.form:
            sent = form.picture.data
            if not sent:
                raise Invalid(_("Please choose a picture first."))
            prepared = prepare_picture(data=sent.read(), filename=sent.filename or "", actor=g.member)
        view = owned_group(slug)
        replace_picture(group=view.group, prepared=prepared, actor=g.member)
    except DomainError as refusal:
        db.session.rollback()
        view = owned_group(slug)
        form.picture.errors = [refusal.message]
        return _settings_page(view, picture_form=form, status=refusal.status)
    return done(_("Saved."), _settings(slug))


@bp.route("/groups/<slug>/settings/access", methods=["GET", "POST"])
@needs(GroupsPermission.USE)
def access(slug: str) -> Response:
    """Open a group, close it or hide it: first what that means, then do it."""
    view = owned_group(slug)
    wanted = request.values.get("access", "")
    if wanted not in set(Access) or wanted == view.place.access:
        return redirected(_settings(slug))
    if request.method == "GET":
        return group_page("groups/access.html", view, wanted=wanted, options=ACCESS)
    convert(group=view.group, access=wanted, actor=g.member)
    return done(_("Done: it holds for everything in the group, from now on."), _settings(slug))


@bp.route("/groups/<slug>/archive", methods=["GET", "POST"])
@needs(GroupsPermission.USE)
def archive(slug: str) -> Response:
    """Archive a group, or open it again, having read what that means."""
    view = owned_group(slug)
    if request.method == "GET":
        return group_page("groups/archive.html", view)
    address = url_for("groups.show", slug=slug)
    if request.form.get("take_back"):
        unarchive_group(group=view.group, actor=g.member)
        return done(_("%(group)s is open again.", group=view.place.shown_name), address)
    archive_group(group=view.group, actor=g.member)
    return done(_("%(group)s is archived.", group=view.place.shown_name), address)


# merging


@bp.route("/groups/<slug>/merge", methods=["GET", "POST"])
@needs(GroupsPermission.USE)
def merge(slug: str) -> Response:
    """Merge a group into another: choose it, read what happens, then do it, or propose it to its owners."""
    view = owned_group(slug)
    chosen = request.values.get("into", "")
    if not chosen:
        return _choose_target(view)
    target = get_group_for(g.member, chosen)
    if request.method == "GET":
        return _merge_page(view, target)
    opening, both = bool(request.form.get("opening")), target.owns
    try:
        if both:
            merging.merge(origin=view.group, target=target.group, actor=g.member, opening=opening)
        else:
            merging.propose_merge(
                origin=view.group,
                target=target.group,
                message=request.form.get("message", ""),
                actor=g.member,
                opening=opening,
            )
    except DomainError as refusal:
        db.session.rollback()
        again = owned_group(slug), get_group_for(g.member, chosen)
        return _merge_page(*again, status=refusal.status, refusal=refusal.message)
    if both:
        return done(_("The two groups are one now."), url_for("groups.show", slug=chosen))
    return done(
        _("Proposed: the owners of %(group)s decide.", group=target.place.shown_name), _settings(slug)
    )


def _choose_target(view: View) -> Response:
    q = clean(request.args.get("q", ""))[:100]
    found = find_groups(q, viewer=g.member) if q else similar_groups(view.place.name, viewer=g.member)
    others = [group for group in found if group.id != view.place.id and not group.archived_at]
    return group_page("groups/merge_choose.html", view, fragment="found", q=q, found=others)


def _merge_page(view: View, target: View, *, status: int = 200, refusal: str = "") -> Response:
    if target.place.id == view.place.id:
        return _choose_target(view)
    return group_page(
        "groups/merge.html",
        view,
        status=status,
        target=target,
        preview=merging.preview(origin=view.group, target=target.group, actor=g.member),
        refusal=refusal,
    )


@bp.post("/groups/<slug>/merges/<int:merge_id>")
@needs(GroupsPermission.USE)
def answer_merge(slug: str, merge_id: int) -> Response:
    """Accept that another group becomes part of this one, or not; or take a merge back."""
    view = owned_group(slug)
    made = merging.get_merge_for(g.member, merge_id)
    back = url_for("groups.requests", slug=view.place.slug)
    if "undo" in request.form:
        merging.undo_merge(merge=made, actor=g.member)
        return done(_("The merge is taken back."), back)
    accept = "accept" in request.form
    merging.answer_merge(merge=made, accept=accept, actor=g.member)
    return done(_("The two groups are one now.") if accept else _("They are told."), back)


# groups without an owner


@bp.get("/groups/ownerless")
@needs(GroupsPermission.USE)
def ownerless() -> Response:
    """List groups whose owners have all left the company."""
    return _ownerless_page()


def _ownerless_page(*, status: int = 200, refusal: str = "", about: int = 0) -> Response:
    found = list_ownerless(g.member, after=number("after"), limit=OWNERLESS)
    shown = found[:OWNERLESS]
    return page(
        "groups/ownerless.html",
        status=status,
        groups=shown,
        older=url_for("groups.ownerless", after=shown[-1].id) if len(found) > OWNERLESS else "",
        refusal=refusal,
        about=about,
    )


@bp.post("/groups/ownerless/<int:group_id>")
@needs(GroupsPermission.USE)
def give_owner(group_id: int) -> Response:
    """Make one of its members the owner of a group that has none."""
    try:
        person = get_person_for(g.member, request.form.get("handle", "").strip().lstrip("@"))
        appoint(group_id=group_id, person_id=person.id, actor=g.member)
    except DomainError as refusal:
        db.session.rollback()
        return _ownerless_page(status=422, refusal=refusal.message, about=group_id)
    return done(
        _("%(name)s owns it now, and is told.", name=person.display_name), url_for("groups.ownerless")
    )
