"""Writing: drafts that keep themselves, their preview, publishing now or later, asking a colleague."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, g, request, send_file, url_for
from parvis.api import (
    DomainError,
    Invalid,
    NotFound,
    beside,
    clean,
    db,
    done,
    get_person_for,
    get_timezone,
    is_fragment,
    needs,
    page,
    redirected,
)
from parvis.api import gettext as _
from parvis_social.api import prepare_file, read_file

from ..domain import draft as drafts
from ..domain.blog import authors_of
from ..domain.draft import ChangedMeanwhile, Writing, get_draft_for
from ..domain.publish import publish_draft, schedule, unschedule
from ..domain.read import get_blog_for
from ..domain.render import FILES, lead_of, render
from ..domain.said import other
from ..forms import LANGUAGE_NAMES, DraftForm, RemarkForm, ReviewForm
from ..permission import BlogPermission
from ..web import bp, id_of, number
from . import handle

ADDRESS = "/blogs/drafts/<int:draft_id>"
TEXTS = (
    "language",
    "title",
    "source",
    "second_title",
    "second_source",
    "lead_alt",
    "lead_caption",
    "second_lead_alt",
    "second_lead_caption",
    "tags",
    "series",
)
ZONES = (
    "Europe/Paris", "Europe/London", "Europe/Lisbon", "Europe/Berlin", "Europe/Warsaw", "Europe/Athens",
    "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Sao_Paulo", "Africa/Casablanca",
    "Africa/Dakar", "Asia/Dubai", "Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney", "UTC",
)  # fmt: skip


@bp.get("/blogs/drafts")
@needs(BlogPermission.READ)
def mine() -> Response:
    """List what one writes, or was asked to look at."""
    found = drafts.list_drafts(g.member, before=number("before"))
    shown = found[: drafts.PAGE]
    older = url_for("blog.mine", before=shown[-1].draft.id) if len(found) > drafts.PAGE else ""
    fragment = "items" if number("before") else None
    return page("blog/drafts.html", fragment=fragment, writings=shown, older=older)


@bp.post("/blogs/<slug>/write")
@needs(BlogPermission.READ)
def begin(slug: str) -> Response:
    """Begin an article."""
    view = get_blog_for(g.member, slug)
    draft = drafts.begin_draft(blog=view.blog, actor=g.member)
    return redirected(url_for("blog.write", draft_id=draft.id))


@bp.get(ADDRESS)
@needs(BlogPermission.READ)
def write(draft_id: int) -> Response:
    """Offer the page on which an article is written; who only looks at it is led to its preview."""
    writing = get_draft_for(g.member, draft_id)
    if not writing.writes:
        return redirected(url_for("blog.preview", draft_id=draft_id))
    return _write_page(writing, _filled(writing))


@bp.post(ADDRESS)
@needs(BlogPermission.READ)
def save(draft_id: int) -> Response:
    """Keep what was written; then, as the button says, look at it, add a file, publish it now or later."""
    form = DraftForm()
    uploads = _prepared(form)
    writing = get_draft_for(g.member, draft_id, to_write=True)
    try:
        _keep(writing, form)
        added = [drafts.add_file(draft=writing.draft, prepared=each, actor=g.member) for each in uploads]
        if form.pictures.errors:
            raise Invalid(str(form.pictures.errors[-1]), field="pictures")
    except DomainError as refusal:
        db.session.rollback()
        if request.form.get("act") == "save" and is_fragment():
            said = refusal.in_window if isinstance(refusal, ChangedMeanwhile) else refusal.message
            return Response(said, status=409, mimetype="text/plain")
        return _refused(draft_id, form, refusal)
    try:
        with db.session.begin_nested():  # where the rest is refused, what was written is kept
            return _act(writing, form, added)
    except DomainError as refusal:
        return _refused(draft_id, form, refusal)


def _refused(draft_id: int, form: DraftForm, refusal: DomainError) -> Response:
    """Show the form again, as it was sent, with what was refused."""
    writing = get_draft_for(g.member, draft_id, to_write=True)
    now = _differing(form, writing) if isinstance(refusal, ChangedMeanwhile) else ()
    return _write_page(writing, beside(_offered(form, writing), refusal), status=refusal.status, now=now)


def _differing(form: DraftForm, writing: Writing) -> Sequence[tuple[str, str, str]]:
    """Return what a draft says now where the form says something else: its label, its text and language."""
    draft = writing.draft
    languages = {True: other(draft.language), False: draft.language}
    return [
        (str(form[name].label.text), getattr(draft, name), languages[name.startswith("second_")])
        for name in TEXTS
        if name in request.form
        and clean(form[name].data or "", multiline=True) != clean(getattr(draft, name), multiline=True)
    ]


def _act(writing: Writing, form: DraftForm, added: Sequence[Any]) -> Response:
    """Do what the button says."""
    draft, act = writing.draft, request.form.get("act", "")
    here = url_for("blog.write", draft_id=draft.id)
    if act == "publish":
        minor = bool(form.minor.data)
        content = publish_draft(draft=draft, actor=g.member, version=draft.version, minor=minor)
        return done(_("The article is published."), url_for("blog.read", content_id=content.id))
    if act == "schedule":
        at = _moment(form)
        zone = form.timezone.data or "UTC"
        schedule(draft=draft, actor=g.member, version=draft.version, at=at, timezone=zone)
        return done(_("It will be published by itself."), here)
    if act == "unschedule":
        unschedule(draft=draft, actor=g.member)
        return done(_("It stays a draft."), here)
    if act == "preview":
        return redirected(url_for("blog.preview", draft_id=draft.id))
    if removed := id_of(request.form.get("remove_file")):
        drafts.remove_file(draft=draft, file_id=removed, actor=g.member)
        return redirected(f"{here}#pictures")
    if is_fragment():
        return page("blog/_saved.html", draft=draft, added=added, writing=writing)
    return done(_("Saved."), f"{here}#pictures" if added else here)


def _keep(writing: Writing, form: DraftForm) -> None:
    said: dict[str, Any] = {name: form[name].data or "" for name in TEXTS if name in request.form}
    if form.author_id.data and "author_id" in request.form:
        said["author_id"] = form.author_id.data
    if "lead_id" in request.form:
        said["lead_id"] = id_of(form.lead_id.data)
    if "acknowledge_known" in request.form:
        said["acknowledge"] = bool(form.acknowledge.data)
    drafts.save_draft(draft=writing.draft, actor=g.member, version=form.version.data or 0, **said)


def _moment(form: DraftForm) -> datetime:
    """Return the moment that was chosen; in a zone where a clock goes back, the first of two.

    Raises:
        Invalid: it is incomplete, or there is no such time zone; `field` names what.
    """
    if form.day.data is None or form.time.data is None:
        raise Invalid(_("Please choose a day and a time."), field="day")
    if form.timezone.data not in _zones():
        raise Invalid(_("Please choose one of these."), field="timezone")
    here = datetime.combine(form.day.data, form.time.data, ZoneInfo(str(form.timezone.data)))
    return here.astimezone(UTC)


def _zone_of(writing: Writing) -> ZoneInfo:
    """Return the time zone in which the moment of a draft was chosen; before that, the reader's."""
    return ZoneInfo(writing.draft.timezone or str(get_timezone()))


def _zones() -> list[str]:
    own = str(get_timezone())
    return [own, *(zone for zone in ZONES if zone != own)]


def _prepared(form: DraftForm) -> Sequence[Any]:
    """Open what was sent with the form, before the first query; a refusal stands beside the field."""
    prepared = []
    for sent in form.pictures.data or ():
        if not getattr(sent, "filename", ""):
            continue
        try:
            prepared.append(prepare_file(data=sent.read(), filename=sent.filename, actor=g.member))
        except DomainError as refusal:
            form.pictures.errors = [*form.pictures.errors, refusal.message]
    return prepared


def _filled(writing: Writing) -> DraftForm:
    """Return the form as the draft is."""
    draft = writing.draft
    form = DraftForm(formdata=None, obj=draft)
    form.lead_id.data = str(draft.lead_id or "")
    zone = _zone_of(writing)
    form.timezone.data = str(zone)
    if draft.scheduled_at is not None:
        here = draft.scheduled_at.astimezone(zone)
        form.day.data, form.time.data = here.date(), here.time()
    return _offered(form, writing)


def _offered(form: DraftForm, writing: Writing) -> DraftForm:
    """Fill the lists that the form chooses from."""
    form.author_id.choices = authors_of(writing.blog)
    pictures = [file for file in writing.draft.files if file.get("width")]
    form.lead_id.choices = [("", _("None")), *((str(file["id"]), file["name"]) for file in pictures)]
    form.timezone.choices = [(zone, zone) for zone in _zones()]
    return form


def _write_page(
    writing: Writing, form: DraftForm, *, status: int = 200, now: Sequence[tuple[str, str, str]] = ()
) -> Response:
    """Show the form; `now`: what the draft says where the form says something else."""
    draft = writing.draft
    return page(
        "blog/write.html",
        status=status,
        writing=writing,
        draft=draft,
        zone=_zone_of(writing),
        form=form,
        now=now,
        reviews=drafts.reviews_of(draft),
        review_form=ReviewForm(formdata=None),
        names=LANGUAGE_NAMES,
        second_language=other(draft.language),
    )


@bp.post(f"{ADDRESS}/discard")
@needs(BlogPermission.READ)
def discard(draft_id: int) -> Response:
    """Throw a draft away."""
    writing = get_draft_for(g.member, draft_id, to_write=True)
    drafts.discard_draft(draft=writing.draft, actor=g.member)
    return done(_("The draft is gone."), url_for("blog.mine"))


# looking at it


@bp.get(f"{ADDRESS}/preview")
@needs(BlogPermission.READ)
def preview(draft_id: int) -> Response:
    """Show a draft as it will be read, to who writes it and to whom they asked."""
    writing = get_draft_for(g.member, draft_id)
    form = RemarkForm(formdata=None)
    if writing.review is not None:
        form.remark.data = writing.review.remark
    return _preview_page(writing, form)


def _preview_page(writing: Writing, form: RemarkForm, *, status: int = 200) -> Response:
    draft = writing.draft
    second = request.args.get("language") == other(draft.language) and bool(draft.second_source)
    text = shown(draft.second_source if second else draft.source, writing)
    return page(
        "blog/preview.html",
        status=status,
        writing=writing,
        draft=draft,
        second=second,
        title=draft.second_title if second else draft.title,
        html=text.html,
        minutes=text.minutes,
        lead=lead_of(draft, second=second),
        form=form,
        names=LANGUAGE_NAMES,
        second_language=other(draft.language),
    )


def shown(source: str, writing: Writing) -> Any:
    """Render a draft; its pictures come by an address that opens for whoever may see it."""
    text = render(source, writing.draft.files)
    for file in writing.draft.files:
        public, own = (
            f'"{FILES}{file["id"]}/',
            f'"/blogs/drafts/{writing.draft.id}/files/{file["id"]}/',
        )
        text = replace(text, html=text.html.replace(public, own))
    return text


@bp.post(f"{ADDRESS}/preview")
@needs(BlogPermission.READ)
def look(draft_id: int) -> Response:
    """Show how a text that is being typed would look."""
    writing = get_draft_for(g.member, draft_id, to_write=True)
    try:
        html = shown(clean(request.form.get("text", ""), multiline=True), writing).html
    except Invalid as refusal:
        return Response(refusal.message, status=422, mimetype="text/plain")
    return page("blog/_preview.html", preview_html=html)


@bp.get(f"{ADDRESS}/files/<int:file_id>/<name>")
@needs(BlogPermission.READ)
def file(draft_id: int, file_id: int, name: str) -> Response:
    """Answer a file of a draft to whoever may see the draft; `name` makes the address readable."""
    found = drafts.file_for_preview(get_draft_for(g.member, draft_id), file_id)
    response = send_file(
        BytesIO(read_file(found, request.args.get("size", "large"))),
        mimetype=found.content_type,
        as_attachment=found.width is None,
        download_name=found.name,
    )
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@bp.post(f"{ADDRESS}/reviews")
@needs(BlogPermission.READ)
def ask_review(draft_id: int) -> Response:
    """Ask a colleague to look at a draft, or let them see it no longer."""
    writing = get_draft_for(g.member, draft_id, to_write=True)
    here = url_for("blog.write", draft_id=draft_id, _anchor="reviews")
    if gone := id_of(request.form.get("end")):
        drafts.end_review(draft=writing.draft, person_id=gone, actor=g.member)
        return done(_("They no longer see the draft."), here)
    form = ReviewForm()
    try:
        person = get_person_for(g.member, handle(form.reviewer.data))
    except NotFound:
        return _write_page_with(writing, _("Nobody has this handle."))
    try:
        drafts.ask_review(draft=writing.draft, person=person, actor=g.member)
    except Invalid as refusal:
        return _write_page_with(writing, refusal.message)
    return done(_("%(name)s is asked, and can open the preview.", name=person.display_name), here)


def _write_page_with(writing: Writing, refusal: str) -> Response:
    form = _filled(writing)
    form.form_errors.append(refusal)
    return _write_page(writing, form, status=422)


@bp.post(f"{ADDRESS}/remark")
@needs(BlogPermission.READ)
def remark(draft_id: int) -> Response:
    """Say what one thinks of a draft that one was asked to look at."""
    writing = get_draft_for(g.member, draft_id)
    form = RemarkForm()
    try:
        drafts.remark(writing=writing, text=form.remark.data or "", actor=g.member)
    except Invalid as refusal:
        return _preview_page(writing, beside(form, refusal), status=refusal.status)
    return done(_("Thank you: they are told."), url_for("blog.preview", draft_id=draft_id))
