"""Joining, asking, leaving, inviting, and looking after the members."""

from collections.abc import Sequence
from typing import Any

from flask import Response, g, request, url_for
from parvis.api import (
    DomainError,
    NotFound,
    beside,
    clean,
    db,
    done,
    get_person_for,
    is_fragment,
    needs,
    own_path,
    redirected,
    suggest_people,
)
from parvis.api import gettext as _
from parvis_social.api import Role

from ..domain import invitation as invitations
from ..domain import membership as members_
from ..domain import request as requests_
from ..domain.care import become_owner
from ..domain.directory import Members, banned_of, get_colleague, get_member_for, members_of, owners_of
from ..domain.merge import merges_of
from ..domain.proposal import dismiss_proposal, proposals_of
from ..domain.read import View, get_group_for
from ..forms import MessageForm, ReasonForm
from ..permission import GroupsPermission
from ..web import bp, ids_of, number
from . import group_page, known_group, managed_group, owned_group, readable_group

MOST_INVITED = 50


def _show(view: View) -> str:
    return url_for("groups.show", slug=view.place.slug)


# coming and going


@bp.post("/groups/<slug>/join")
@needs(GroupsPermission.USE)
def join(slug: str) -> Response:
    """Become a member at once."""
    view = get_group_for(g.member, slug)
    members_.join(group=view.group, actor=g.member)
    back = own_path(request.form.get("next"), _show(view))
    return done(_("You are now a member of %(group)s.", group=view.place.shown_name), back)


@bp.route("/groups/<slug>/ask", methods=["GET", "POST"])
@needs(GroupsPermission.USE)
def ask(slug: str) -> Response:
    """Ask to join a closed group, with a few words."""
    view = known_group(slug)
    form = MessageForm() if request.method == "POST" else MessageForm(formdata=None)
    if request.method == "GET":
        return redirected(_show(view)) if view.reads else _ask_page(view, form)
    try:
        requests_.ask(group=view.group, message=form.message.data or "", actor=g.member)
    except DomainError as refusal:
        db.session.rollback()
        return _ask_page(get_group_for(g.member, slug), beside(form, refusal), status=refusal.status)
    return done(_("You have asked to join. You are told when somebody answers."), _show(view))


def _ask_page(view: View, form: MessageForm, status: int = 200) -> Response:
    return group_page("groups/ask.html", view, status=status, form=form, owners=owners_of(view.place.id))


@bp.post("/groups/<slug>/withdraw")
@needs(GroupsPermission.USE)
def withdraw(slug: str) -> Response:
    """Take back that one asked to join."""
    view = get_group_for(g.member, slug)
    requests_.withdraw(group=view.group, actor=g.member)
    return done(_("You no longer ask to join."), _show(view))


@bp.route("/groups/<slug>/leave", methods=["GET", "POST"])
@needs(GroupsPermission.USE)
def leave(slug: str) -> Response:
    """Leave a group, having read what that means."""
    view = readable_group(slug)
    if request.method == "GET":
        return group_page("groups/leave.html", view, refusal="")
    try:
        members_.leave(group=view.group, actor=g.member)
    except DomainError as refusal:
        db.session.rollback()
        view = get_group_for(g.member, slug)
        return group_page("groups/leave.html", view, status=refusal.status, refusal=refusal.message)
    return done(_("You have left %(group)s.", group=view.place.shown_name), url_for("groups.directory"))


@bp.post("/groups/<slug>/invitation")
@needs(GroupsPermission.USE)
def answer_invitation(slug: str) -> Response:
    """Accept an invitation, or not."""
    view = get_group_for(g.member, slug)
    if "accept" in request.form:
        invitations.accept(group=view.group, actor=g.member)
        return done(_("You are now a member of %(group)s.", group=view.place.shown_name), _show(view))
    invitations.decline(group=view.group, actor=g.member)
    return done(_("The invitation is declined."), url_for("groups.directory"))


@bp.post("/groups/<slug>/owner")
@needs(GroupsPermission.USE)
def take_over(slug: str) -> Response:
    """Become the owner of a group that has none."""
    view = get_group_for(g.member, slug)
    become_owner(group=view.group, actor=g.member)
    return done(_("You now own %(group)s. Thank you.", group=view.place.shown_name), _show(view))


# members


@bp.get("/groups/<slug>/members")
@needs(GroupsPermission.USE)
def members(slug: str) -> Response:
    """List who belongs to a group, found by name."""
    view = readable_group(slug)
    q, after = clean(request.args.get("q", ""))[:100], number("after")
    found = members_of(view, q=q, after=after)
    older = url_for("groups.members", slug=slug, after=found.after, q=q or None) if found.after else ""
    return _members_page(view, found, q=q, older=older, fragment="items" if after else "results")


def _members_page(
    view: View, found: Members, *, q: str = "", older: str = "", handle: str = "", **context: Any
) -> Response:
    further = number("after") or q
    return group_page(
        "groups/members.html",
        view,
        found=found.people,
        q=q,
        older=older,
        handle=handle,
        owners=sum(member.role == Role.OWNER for member in found.people),
        banned=banned_of(view) if view.manages and not further else [],
        **context,
    )


MEMBER = "/groups/<slug>/members/<int:person_id>"


@bp.post(f"{MEMBER}/role")
@needs(GroupsPermission.USE)
def role(slug: str, person_id: int) -> Response:
    """Make somebody an owner, a moderator or a member."""
    view = managed_group(slug)
    members_.set_role(
        group=view.group, person_id=person_id, role=request.form.get("role", ""), actor=g.member
    )
    return done(_("Saved."), url_for("groups.members", slug=slug))


@bp.route(f"{MEMBER}/hand-over", methods=["GET", "POST"])
@needs(GroupsPermission.USE)
def hand_over(slug: str, person_id: int) -> Response:
    """Make somebody the owner and step back, having read what that means."""
    view = owned_group(slug)
    person = get_member_for(view, person_id)
    if request.method == "GET":
        return group_page("groups/hand_over.html", view, person=person, refusal="")
    try:
        members_.hand_over(
            group=view.group, person_id=person_id, role=request.form.get("role", ""), actor=g.member
        )
    except DomainError as refusal:
        db.session.rollback()
        view = owned_group(slug)
        person = get_member_for(view, person_id)
        return group_page(
            "groups/hand_over.html", view, status=refusal.status, person=person, refusal=refusal.message
        )
    said = _("%(name)s owns it now, and is told.", name=person.display_name)
    return done(said, url_for("groups.members", slug=slug))


@bp.route(f"{MEMBER}/remove", methods=["GET", "POST"])
@needs(GroupsPermission.USE)
def remove(slug: str, person_id: int) -> Response:
    """Remove somebody from a group, having read what that means."""
    view = managed_group(slug)
    person = get_member_for(view, person_id)
    if request.method == "GET":
        return group_page("groups/remove.html", view, person=person)
    members_.remove(group=view.group, person_id=person_id, actor=g.member)
    return done(
        _("%(name)s is no longer a member.", name=person.display_name), url_for("groups.members", slug=slug)
    )


@bp.route(f"{MEMBER}/ban", methods=["GET", "POST"])
@needs(GroupsPermission.USE)
def ban(slug: str, person_id: int) -> Response:
    """Ban somebody from a group, member or not, with a reason that they are told."""
    view = managed_group(slug)
    person = get_colleague(view, person_id)
    form = ReasonForm() if request.method == "POST" else ReasonForm(formdata=None)
    if request.method == "GET":
        return group_page("groups/ban.html", view, person=person, form=form)
    try:
        members_.ban(group=view.group, person_id=person_id, reason=form.reason.data or "", actor=g.member)
    except DomainError as refusal:
        db.session.rollback()
        view = managed_group(slug)
        person = get_colleague(view, person_id)
        return group_page(
            "groups/ban.html", view, status=refusal.status, person=person, form=beside(form, refusal)
        )
    return done(_("%(name)s is banned.", name=person.display_name), url_for("groups.members", slug=slug))


@bp.get("/groups/<slug>/ban")
@needs(GroupsPermission.USE)
def ban_somebody(slug: str) -> Response:
    """Find somebody by handle who is no member, to ban them."""
    view = managed_group(slug)
    handle = clean(request.args.get("handle", "")).lstrip("@")[:100]
    if not handle:
        return redirected(url_for("groups.members", slug=slug))
    try:
        person = get_person_for(g.member, handle)
    except NotFound as refusal:
        return _members_page(view, members_of(view), status=404, refusal=refusal.message, handle=handle)
    return redirected(url_for("groups.ban", slug=slug, person_id=person.id))


@bp.post(f"{MEMBER}/unban")
@needs(GroupsPermission.USE)
def unban(slug: str, person_id: int) -> Response:
    """Lift a ban."""
    view = managed_group(slug)
    members_.unban(group=view.group, person_id=person_id, actor=g.member)
    return done(_("The ban is lifted: they may join again."), url_for("groups.members", slug=slug))


# requests and invitations


@bp.get("/groups/<slug>/requests")
@needs(GroupsPermission.USE)
def requests(slug: str) -> Response:
    """Show in one place what waits for an answer: requests, invitations, groups that would merge."""
    return _requests_page(managed_group(slug))


def _requests_page(view: View, *, status: int = 200, refusal: str = "") -> Response:
    return group_page(
        "groups/requests.html",
        view,
        status=status,
        refusal=refusal,
        asking=requests_.requests_of(view),
        invited=invitations.invitations_of(view),
        proposals=proposals_of(view),
        merges=merges_of(view) if view.owns else [],
    )


@bp.post("/groups/<slug>/requests/<int:person_id>")
@needs(GroupsPermission.USE)
def answer_request(slug: str, person_id: int) -> Response:
    """Let somebody in, or not, with a few words to them."""
    view = managed_group(slug)
    accept = "accept" in request.form
    try:
        requests_.answer_request(
            group=view.group, person_id=person_id, accept=accept, words=request.form.get("words", ""),
            actor=g.member,
        )  # fmt: skip
    except DomainError as refusal:
        db.session.rollback()
        return _requests_page(managed_group(slug), status=refusal.status, refusal=refusal.message)
    said = _("They are a member now, and are told.") if accept else _("They are told.")
    return done(said, url_for("groups.requests", slug=slug))


@bp.post("/groups/<slug>/proposals/<int:proposal_id>")
@needs(GroupsPermission.USE)
def dismiss_topic(slug: str, proposal_id: int) -> Response:
    """No longer list what somebody proposed."""
    view = owned_group(slug)
    dismiss_proposal(group=view.group, proposal_id=proposal_id, actor=g.member)
    return done(_("The proposal is dismissed."), url_for("groups.requests", slug=slug))


@bp.post("/groups/<slug>/invitations/<int:person_id>/take-back")
@needs(GroupsPermission.USE)
def uninvite(slug: str, person_id: int) -> Response:
    """Take an invitation back."""
    view = get_group_for(g.member, slug)
    invitations.take_back(group=view.group, person_id=person_id, actor=g.member)
    return done(_("The invitation is taken back."), url_for("groups.requests", slug=slug))


@bp.route("/groups/<slug>/invite", methods=["GET", "POST"])
@needs(GroupsPermission.USE)
def invite(slug: str) -> Response:
    """Invite colleagues: found as one types, several at once, with a few words."""
    view = readable_group(slug)
    if not view.may_invite:
        return group_page("groups/no_invite.html", view, status=403)
    if request.method == "GET":
        return _invite_page(view, MessageForm(formdata=None), [])
    form, people = MessageForm(), ids_of("person")[:MOST_INVITED]
    if "find" in request.form or is_fragment():
        return _invite_page(view, form, people)
    try:
        count = invitations.invite(
            group=view.group, people=people, message=form.message.data or "", actor=g.member
        )
    except DomainError as refusal:
        db.session.rollback()
        view = readable_group(slug)
        return _invite_page(view, beside(form, refusal), people, status=refusal.status)
    return done(_invited(count), _show(view))


def _invited(count: int) -> str:
    if not count:
        return _("They are members or invited already.")
    return _("The invitation is sent.") if count == 1 else _("The invitations are sent.")


def _invite_page(view: View, form: MessageForm, chosen_ids: Sequence[int], status: int = 200) -> Response:
    q = clean(request.form.get("q", ""))[:100]
    chosen = invitations.chosen_people(chosen_ids)
    found = [person for person in suggest_people(q) if person.id not in chosen_ids]
    return group_page(
        "groups/invite.html",
        view,
        status=status,
        fragment="choice",
        form=form,
        q=q,
        found=found,
        chosen=chosen,
    )
