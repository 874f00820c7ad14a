"""Opening a group, with those before one's eyes that are like it."""

from collections.abc import Sequence

from flask import Response, g, request, url_for
from parvis.api import DomainError, Invalid, Processed, beside, db, done, get_locale, needs, page, redirected
from parvis.api import gettext as _

from ..domain.card import GroupCard
from ..domain.create import create_group, opened_by_form
from ..domain.directory import owners_of
from ..domain.membership import join
from ..domain.proposal import propose, topic_of
from ..domain.read import View, get_group_for
from ..domain.similar import chose_to_join, similar_groups
from ..forms import ACCESS, LANGUAGES, SCOPES, THEMES, NewForm, ProposalForm
from ..permission import GroupsPermission
from ..picture import prepare_picture, replace_picture
from ..web import bp, ids_of, words
from . import group_page


@bp.route("/groups/new", methods=["GET", "POST"])
@needs(GroupsPermission.USE)
def new() -> Response:
    """Open a group. The groups that are like it are shown once before, unless they were while one typed."""
    if request.method == "GET":
        form = NewForm(formdata=None)
        form.name.data = request.args.get("name", "")[:160]
        form.language.data = _language()
        return _new_page(form)
    form = NewForm()
    try:
        picture = _prepared(form)
        similar = _similar(form)  # first: of two that come at once, the later may find the other's group here
        if sent_before := opened_by_form(form.form_key.data, actor=g.member):
            return redirected(url_for("groups.invite", slug=sent_before.place.slug))
        if not {group.id for group in similar} <= set(ids_of("shown")):
            return _new_page(form, similar=similar)
        said = {**form.said(), "access": form.access.data or "", "difference": form.difference.data or ""}
        made = create_group(
            **said, actor=g.member, similar_shown=ids_of("shown"), form_key=form.form_key.data or None
        )
        if picture is not None and made.place.picture_key is None:
            replace_picture(group=made, prepared=picture, actor=g.member)
    except DomainError as refusal:
        db.session.rollback()
        return _new_page(beside(form, refusal), similar=_similar(form), status=refusal.status)
    return done(
        _("%(group)s is open. Now invite those whom it concerns.", group=made.place.shown_name),
        url_for("groups.invite", slug=made.place.slug),
    )


def _prepared(form: NewForm) -> Processed | None:
    """Open the picture of the form, if one was sent."""
    if not form.picture.data:
        return None
    try:
        sent = form.picture.data
        return prepare_picture(data=sent.read(), filename=sent.filename or "", actor=g.member)
    except Invalid as refusal:
        raise Invalid(refusal.message, field="picture") from refusal


def _new_page(form: NewForm, *, similar: Sequence[GroupCard] = (), status: int = 200) -> Response:
    person = g.member.person
    form.offer_choices(site_id=person.site_id, department_id=person.department_id)
    return page(
        "groups/new.html",
        status=status,
        form=form,
        similar=similar,
        typed=form.name.data or "",
        access=ACCESS,
        themes=THEMES,
        scopes=SCOPES,
        picture_again=bool(form.picture.data),
    )


def _similar(form: NewForm) -> list[GroupCard]:
    return similar_groups(
        form.name.data or "", purpose=form.purpose.data or "", tags=words(form.tags.data), viewer=g.member
    )


def _language() -> str:
    """Return the language in which a new group is named: the reader's."""
    code = str(get_locale() or "")[:2]
    return code if code in dict(LANGUAGES) else LANGUAGES[0][0]


@bp.get("/groups/similar")
@needs(GroupsPermission.USE)
def similar() -> Response:
    """Show the groups like the one whose name is being typed."""
    name = request.args.get("name", "")[:200]
    found = similar_groups(
        name,
        purpose=request.args.get("purpose", "")[:200],
        tags=words(request.args.get("tags")),
        viewer=g.member,
    )
    return page("groups/_similar.html", similar=found, typed=name, form=NewForm(formdata=None))


@bp.post("/groups/similar")
@needs(GroupsPermission.USE)
def choose() -> Response:
    """Join one of the similar groups."""
    view = get_group_for(g.member, request.form.get("join", ""))
    chose_to_join(group=view.group, shown=ids_of("shown"), actor=g.member)
    if not view.may_join:
        return redirected(url_for("groups.ask", slug=view.place.slug))
    join(group=view.group, actor=g.member)
    address = url_for("groups.show", slug=view.place.slug)
    return done(_("You are now a member of %(group)s.", group=view.place.shown_name), address)


@bp.post("/groups/<slug>/propose")
@needs(GroupsPermission.USE)
def propose_topic(slug: str) -> Response:
    """Propose to a group's owners what one had in mind: the words begin with what was typed."""
    view = get_group_for(g.member, slug)
    if "text" not in request.form:
        new, form = NewForm(), ProposalForm(formdata=None)
        typed = ("name", "purpose", "difference", "description")
        form.text.data = topic_of(**{name: new[name].data or "" for name in typed})
        return _proposal_page(view, form)
    form = ProposalForm()
    try:
        propose(group=view.group, text=form.text.data or "", actor=g.member, shown=ids_of("shown"))
    except DomainError as refusal:
        db.session.rollback()
        return _proposal_page(get_group_for(g.member, slug), beside(form, refusal), status=refusal.status)
    said = _("Proposed to the owners of %(group)s.", group=view.place.shown_name)
    return done(said, url_for("groups.show", slug=view.place.slug))


def _proposal_page(view: View, form: ProposalForm, *, status: int = 200) -> Response:
    owners = owners_of(view.place.id)
    return group_page(
        "groups/propose.html", view, status=status, form=form, owners=owners, shown=ids_of("shown")
    )
