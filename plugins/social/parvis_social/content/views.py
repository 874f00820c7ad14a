"""Pages of contents: one with its comments, writing, changing."""

from collections.abc import Sequence
from typing import Any

from flask import Response, g, jsonify, request, url_for
from parvis.api import (
    DomainError,
    Invalid,
    beside,
    db,
    done,
    get_person_for,
    is_fragment,
    needs,
    page,
    redirected,
)
from parvis.api import gettext as _

from ..contribution import SecondLook
from ..permission import SocialPermission
from ..place.access import get_place_by_id, may_post, nothing
from ..place.models import Place, Role
from ..place.reader import postable_places
from ..place.wall import find_wall, wall_of
from ..registry import actions, content_types, place_kinds
from ..web import bp, number
from . import draft, reaction
from .card import Attached, attached, body_of, card_of
from .comment import comment
from .edit import ChangedMeanwhile, edit, text_of, versions_of, whole_of
from .file import check_number, describe, keep_file, own_files, prepare_file
from .form import CommentForm, EditForm, PostForm, WriteForm, blank_comment, blank_post
from .models import Content, Waiting
from .publish import composed_in
from .quote import begun_comment
from .read import Reading, get_content_for
from .text import render
from .thread import get_comment, list_comments, mark_of
from .waiting import submit_post

bp.add_app_template_global(body_of, "social_body")
bp.add_app_template_global(blank_comment, "social_blank_comment")
bp.add_app_template_global(blank_post, "social_blank_post")
bp.add_app_template_global(composed_in, "social_composed_in")
bp.add_app_template_global(lambda: reaction.KINDS, "social_reactions")
bp.add_app_template_global(actions, "social_actions")

CONTENT = "/contents/<int:content_id>"


# reading


@bp.get(CONTENT)
@needs(SocialPermission.USE)
def content(content_id: int) -> Response:
    """Show a content with its comments, or lead to its type's own page, where what is asked goes with it."""
    reading = get_content_for(g.member, content_id, withdrawn=True)
    if reading.root is not reading.content:
        return redirected(comment_url(reading.content))
    if reading.content.withdrawn:
        return withdrawn_page(reading)
    own = content_types()[reading.content.type].url
    if own is not None:
        query = request.query_string.decode("ascii", "ignore")
        return redirected(own(content_id) + (f"?{query}" if query else ""))
    return _content_page(reading)


def _content_page(
    reading: Reading, form: CommentForm | None = None, *, status: int = 200, **context: Any
) -> Response:
    before, after, marked, reply_to = (number(name) for name in ("before", "after", "comment", "reply"))
    comments = list_comments(
        reading.root, viewer=g.member, before=before, after=after, around=marked or reply_to
    )
    quote = "quote" in request.args
    if form is None and (reply_to or quote):
        form = begun_comment(reading, viewer=g.member, parent=reply_to, quote=quote)
    return page(
        "social/content.html",
        fragment="earlier" if before and is_fragment() else None,
        status=status,
        reading=reading,
        card=card_of(reading),
        comments=comments,
        form=form,
        attached=_attached(form) if form else [],
        marked=marked,
        **context,
    )


def withdrawn_page(reading: Reading) -> Response:
    """Show the mark of what was withdrawn, whatever its type, above what others wrote under it."""
    before, after, marked = (number(name) for name in ("before", "after", "comment"))
    return page(
        "social/withdrawn.html",
        fragment="earlier" if before and is_fragment() else None,
        reading=reading,
        mark=mark_of(reading.content),
        comments=list_comments(reading.root, viewer=g.member, before=before, after=after, around=marked),
        marked=marked,
    )


def comment_url(comment: Content) -> str:
    """Return the address of a comment in its thread."""
    found = comment.id
    return url_for("social.content", content_id=comment.root_id or found, comment=found, _anchor=f"c{found}")


@bp.get(f"{CONTENT}/history")
@needs(SocialPermission.USE)
def history(content_id: int) -> Response:
    """Show what a content said before."""
    reading = get_content_for(g.member, content_id)
    said = reading.content
    return page("social/history.html", reading=reading, now_html=whole_of(said), versions=versions_of(said))


@bp.get(f"{CONTENT}/reactions")
@needs(SocialPermission.USE)
def reactions(content_id: int) -> Response:
    """Show who reacted to a content, and how."""
    reading = get_content_for(g.member, content_id)
    wanted = request.args.get("kind")
    kind = wanted if wanted in reaction.KINDS else None
    rows = reaction.list_reactions(reading.content, kind=kind, after=number("after"))
    return page(
        "social/reactions.html",
        reading=reading,
        kind=kind,
        rows=rows[: reaction.PAGE],
        after=rows[reaction.PAGE - 1][0].id if len(rows) > reaction.PAGE else None,
    )


# writing


@bp.post("/places/<int:place_id>/post")
@needs(SocialPermission.USE)
def publish(place_id: int) -> Response:
    """Publish a post, keep it as a draft, or show how it would look."""
    form = PostForm()
    uploads = _prepared(form)
    place, _role = _chosen_place(form, place_id)
    if "keep" in request.form:
        try:
            files = _kept_files(form, uploads)
            draft.keep_draft(place=place, source=form.text.data or "", actor=g.member, files=files)
        except DomainError as refusal:
            return _write_page(_refused(form, refusal), place, status=refusal.status)
        return done(_("Your draft is kept; nobody else sees it."), f"/places/{place.id}/post")
    if "preview" in request.form:
        return _write_page(_with_files(form, uploads), place, preview_html=_rendered(form))
    try:
        files, text = _kept_files(form, uploads), form.text.data or ""
        made = submit_post(
            place=place, text=text, actor=g.member, files=files, form_key=form.form_key.data,
            confirmed=_confirmed(),
        )  # fmt: skip
    except DomainError as refusal:  # who is refused has written nothing: a wall just made stays, and files
        return _write_page(_refused(form, refusal), place, status=refusal.status)
    if isinstance(made, Waiting):
        words = _(
            "It is not published yet: those who look after %(place)s read your first post before.",
            place=place.shown_name,
        )
        return done(words, url_for("social.waiting"))
    return done(_published(place), _after_publishing(made, place))


@bp.post("/people/<handle>/wall")
@needs(SocialPermission.USE)
def write_on_wall(handle: str) -> Response:
    """Publish on a wall: made when it is first written on, then a place like others."""
    return publish(wall_of(get_person_for(g.member, handle)).id)


@bp.get("/places/<int:place_id>/post")
@needs(SocialPermission.USE)
def write(place_id: int) -> Response:
    """Offer a page for writing a post, with what was begun; 0: on one's wall, or wherever one chooses."""
    form = PostForm(formdata=None)
    form.text.data, files, place, role = _begun(place_id)
    form.kept_files.data = ",".join(map(str, files))
    if place_id == 0:
        form.place.data = 0
    return _write_page(form, place, open_to=place is None or may_post(place, role))


def _confirmed() -> str:
    """Return which second look whoever sends a form has taken."""
    return request.form.get("confirmed", "")[:80]


def _refused(form: Any, refusal: DomainError) -> Any:
    """Show what was refused; where a second look is asked for, the form is sent again as one taken."""
    if isinstance(refusal, SecondLook):
        form.second_look = refusal.key
    return beside(form, refusal)


def _write_page(form: PostForm, place: Place | None, *, open_to: bool = True, **context: Any) -> Response:
    """Show the form with all that it has; what was refused is shown as well, so that nothing is lost."""
    return page(
        "social/write.html",
        form=form,
        attached=_attached(form),
        place=place if form.place.data is None else None,
        open_to=open_to,
        places=postable_places(g.member) if form.place.data is not None else [],
        came_from=request.form.get("from", ""),
        **{"preview_html": "", **context},
    )


def _chosen_place(form: PostForm, place_id: int) -> tuple[Place, Role | None]:
    """Return the place that the form names, if it lets one choose; 0 is one's own wall."""
    return _place(place_id if form.place.data is None else form.place.data)


def _place(place_id: int) -> tuple[Place, Role | None]:
    """Return a place by its number; 0 is one's own wall, made if it was never written on."""
    return get_place_by_id(g.member, place_id or wall_of(g.member.person).id)


def _begun(place_id: int) -> tuple[str, list[int], Place | None, Role | None]:
    """Return what the member has begun to write for a place, with its files, and the place; none where their
    wall is none."""
    wall = find_wall(g.member.id) if place_id == 0 else None
    if place_id == 0 and wall is None:
        return "", [], None, None
    place, role = get_place_by_id(g.member, wall.id if wall else place_id)
    return draft.draft_of(place, g.member), draft.files_of_draft(place, g.member), place, role


def _published(place: Place) -> str:
    if place.person_id == g.member.id:
        return _("Published on your wall.")
    if place.person_id is not None:
        return _("Published on %(name)s’s wall.", name=place.shown_name)
    return _("Published in %(place)s.", place=place.shown_name)


def _after_publishing(made: Content, place: Place) -> str:
    if request.form.get("from") == "home":
        return url_for("home.index")
    return place_kinds()[place.kind].url(place.slug)


@bp.post("/places/<int:place_id>/draft")
@needs(SocialPermission.USE)
def keep(place_id: int) -> Response:
    """Keep what is being written, as the browser sends it from time to time."""
    place, _role = _place(place_id)
    draft.keep_draft(place=place, source=request.form.get("text", ""), actor=g.member)
    return Response(status=204)


@bp.get("/places/<int:place_id>/draft")
@needs(SocialPermission.USE)
def begun(place_id: int) -> Response:
    """Answer what one has begun to write for a place, here or on another device: asked when one writes."""
    text, ids, _found, _role = _begun(place_id)
    files = [
        {
            "id": file.id,
            "name": file.name,
            "picture": file.url("thumb") if file.width else "",
            "words": file.alternative,
        }
        for file in attached(own_files(ids, g.member))
    ]
    answer = jsonify(text=text, files=files)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/social/preview")
@needs(SocialPermission.USE)
def preview() -> Response:
    """Show how a text would look."""
    return page("social/_preview.html", preview_html=_rendered(WriteForm()))


def _rendered(form: WriteForm) -> str:
    try:
        return render(form.text.data or "").html
    except Invalid as refusal:
        form.text.errors = [refusal.message]
        return ""


@bp.post(f"{CONTENT}/comment")
@needs(SocialPermission.USE)
def write_comment(content_id: int) -> Response:
    """Write a comment, or an answer to one."""
    form = CommentForm()
    uploads = _prepared(form)
    reading = get_content_for(g.member, content_id)
    try:
        written = comment(
            root=reading.root, text=form.text.data or "", actor=g.member, parent_id=form.parent.data,
            files=_kept_files(form, uploads), form_key=form.form_key.data, confirmed=_confirmed(),
        )  # fmt: skip
    except DomainError as refusal:
        db.session.rollback()
        return _refused_comment(_refused(form, refusal), content_id, refusal.status)
    if is_fragment():
        return _written(written)
    return redirected(comment_url(written))


def _refused_comment(form: CommentForm, content_id: int, status: int) -> Response:
    """Show the form again with what was typed: alone where it is exchanged in place, else on its page."""
    reading = get_content_for(g.member, content_id)
    if not is_fragment():
        return _content_page(reading, form, status=status)
    template = "social/_said.html" if _from_card() else "social/_written.html"
    return page(
        template, status=status, reading=reading, card=card_of(reading), comment=None, form=form,
        attached=_attached(form),
    )  # fmt: skip


def _written(written: Content) -> Response:
    """Show a new comment where it belongs, and an empty form."""
    reading = get_content_for(g.member, written.id)
    template = "social/_said.html" if _from_card() else "social/_written.html"
    return page(
        template,
        reading=reading,
        card=card_of(reading),
        comment=get_comment(written.id, viewer=g.member),
        form=CommentForm(formdata=None),
        attached=[],
    )


def _from_card() -> bool:
    """Tell whether the short form under a card of a stream was used."""
    return request.form.get("from") == "card"


@bp.route(f"{CONTENT}/edit", methods=["GET", "POST"])
@needs(SocialPermission.USE)
def change(content_id: int) -> Response:
    """Change what one wrote."""
    form = EditForm() if request.method == "POST" else EditForm(formdata=None)
    uploads = _prepared(form) if request.method == "POST" else []
    reading = get_content_for(g.member, content_id)
    if not reading.may_edit:
        raise nothing()
    said = text_of(reading.content).source
    if request.method == "GET":
        form.text.data, form.version.data = said, reading.content.version
        form.kept_files.data = ",".join(str(file["id"]) for file in reading.content.files)
        return _edit_page(form, reading)
    if "preview" in request.form:
        return _edit_page(_with_files(form, uploads), reading, preview_html=_rendered(form))
    try:
        edit(
            content=reading.content, text=form.text.data or "", actor=g.member,
            version=form.version.data or 0, minor=bool(form.minor.data), files=_kept_files(form, uploads),
            confirmed=_confirmed(),
        )  # fmt: skip
    except ChangedMeanwhile as refusal:
        db.session.rollback()
        reading = get_content_for(g.member, content_id)
        form.version.data = refusal.version
        now = text_of(reading.content).source
        return _edit_page(beside(form, refusal), reading, now=now, status=refusal.status)
    except DomainError as refusal:
        db.session.rollback()
        reading = get_content_for(g.member, content_id)
        return _edit_page(_refused(form, refusal), reading, status=refusal.status)
    return done(_("Your change is saved."), shown_at(reading))


def _edit_page(form: EditForm, reading: Reading, **context: Any) -> Response:
    return page(
        "social/edit.html",
        form=form,
        reading=reading,
        attached=_attached(form),
        **{"preview_html": "", "now": "", **context},
    )


def shown_at(reading: Reading) -> str:
    """Return the address at which a content or a comment is shown."""
    if reading.content is reading.root:
        return url_for("social.content", content_id=reading.content.id)
    return comment_url(reading.content)


# files that come with a form


def _prepared(form: WriteForm) -> Sequence[Any]:
    """Open what was sent with a form, before the first query; a refusal stands beside the field."""
    chosen = [sent for sent in form.files.data or () if getattr(sent, "filename", "")]
    prepared = []
    try:
        check_number(len(chosen))
    except Invalid as refusal:
        form.files.errors = [refusal.message]
        return []
    for sent in chosen:
        try:
            prepared.append(prepare_file(data=sent.read(), filename=sent.filename, actor=g.member))
        except DomainError as refusal:
            form.files.errors = [*form.files.errors, refusal.message]
    return prepared


def _kept_files(form: WriteForm, uploads: Sequence[Any]) -> list[int]:
    """Keep what was sent with a form, and what pictures show; return the ids of all that is attached.

    Kept at once, whatever becomes of the form: shown again, it has them, and no file is without its row.

    Raises:
        Invalid: something could not be taken.
    """
    words = request.form.getlist("alternative")
    new = [
        keep_file(prepared=prepared, actor=g.member, alternative=words[place] if place < len(words) else "")
        for place, prepared in enumerate(uploads)
    ]
    removed = set(request.form.getlist("remove_file", type=int))
    kept = [file_id for file_id in _numbers(form.kept_files.data) if file_id not in removed]
    ids = [*kept, *(file.id for file in new)]
    said = {
        file_id: request.form[name] for file_id in kept if (name := f"alternative_{file_id}") in request.form
    }
    if said:
        describe(said, actor=g.member)
    if new or said:
        db.session.commit()
    form.kept_files.data = ",".join(map(str, ids))
    if form.files.errors:
        raise Invalid(str(form.files.errors[-1]), field="files")
    return ids


def _with_files(form: Any, uploads: Sequence[Any]) -> Any:
    """Keep what was sent with a form that is only looked at: the next time it is sent, it has them."""
    try:
        _kept_files(form, uploads)
    except DomainError as refusal:
        db.session.rollback()
        beside(form, refusal)
    return form


def _attached(form: WriteForm) -> tuple[Attached, ...]:
    return attached(own_files(_numbers(form.kept_files.data), g.member))


def _numbers(text: str | None) -> list[int]:
    return [int(part) for part in (text or "").split(",") if part.isdecimal() and len(part) < 19]
