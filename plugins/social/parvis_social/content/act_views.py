"""What is done to a content once it is there: removing, reacting, keeping, looking after."""

from flask import Response, g, request, url_for
from parvis.api import Invalid, db, done, is_fragment, needs, page, redirected
from parvis.api import gettext as _

from ..permission import SocialPermission
from ..place.access import nothing
from ..registry import content_types
from ..web import bp
from . import bookmark as bookmarks
from . import care, reaction
from .card import card_of
from .delete import delete, must_be_withdrawn, restore, withdraw
from .form import LockForm
from .read import Reading, get_content_for
from .thread import get_comment
from .views import CONTENT, comment_url, shown_at

# removing and taking back


@bp.post(f"{CONTENT}/delete")
@needs(SocialPermission.USE)
def remove(content_id: int) -> Response:
    """Remove a content, and offer to take that back."""
    reading = get_content_for(g.member, content_id)
    if reading.may_delete and must_be_withdrawn(reading.content):
        return redirected(url_for("social.withdraw_content", content_id=content_id))
    delete(content=reading.content, actor=g.member)
    if is_fragment():
        return page("social/_deleted.html", content=reading.content)
    return redirected(url_for("social.removed", content_id=content_id))


@bp.route(f"{CONTENT}/withdraw", methods=["GET", "POST"])
@needs(SocialPermission.USE)
def withdraw_content(content_id: int) -> Response:
    """Take away what a content says, with a reason that stays above the comments under it."""
    reading = get_content_for(g.member, content_id)
    if not (reading.may_delete and content_types()[reading.content.type].withdraws):
        raise nothing()
    form = LockForm()
    if request.method == "GET":
        return page("social/withdraw.html", reading=reading, form=form)
    try:
        withdraw(content=reading.content, reason=form.reason.data or "", actor=g.member)
    except Invalid as refusal:
        form.reason.errors = [refusal.message]
        return page("social/withdraw.html", reading=reading, form=form, status=refusal.status)
    return done(_("It is withdrawn; your reason is shown."), url_for("social.content", content_id=content_id))


@bp.get(f"{CONTENT}/restore")
@needs(SocialPermission.USE)
def removed(content_id: int) -> Response:
    """Say that a content was removed, to who may take that back."""
    reading = get_content_for(g.member, content_id, deleted=True)
    if reading.content.deleted_at is None:
        return redirected(shown_at(reading))
    return page("social/deleted.html", reading=reading)


@bp.post(f"{CONTENT}/restore")
@needs(SocialPermission.USE)
def take_back(content_id: int) -> Response:
    """Take a deletion back."""
    reading = get_content_for(g.member, content_id, deleted=True)
    restore(content=reading.content, actor=g.member)
    return done(_("It is there again."), shown_at(reading))


# reacting, keeping, looking after


@bp.post(f"{CONTENT}/react")
@needs(SocialPermission.USE)
def react(content_id: int) -> Response:
    """React to a content; the same reaction again takes it back."""
    reading = get_content_for(g.member, content_id)
    kind = request.form.get("kind", "")
    if request.form.get("take_back"):
        reaction.unreact(content=reading.content, actor=g.member)
    else:
        reaction.react(content=reading.content, kind=kind, actor=g.member)
    return _after_act(reading)


@bp.post(f"{CONTENT}/bookmark")
@needs(SocialPermission.USE)
def bookmark(content_id: int) -> Response:
    """Keep a content for later, or no longer."""
    reading = get_content_for(g.member, content_id)
    if request.form.get("take_back"):
        bookmarks.unbookmark(content=reading.content, actor=g.member)
    else:
        bookmarks.bookmark(content=reading.content, actor=g.member)
    return _after_act(reading)


def _after_act(reading: Reading) -> Response:
    if not is_fragment():
        return redirected(shown_at(reading))
    db.session.flush()
    if reading.content is reading.root:
        return page("social/_actions.html", card=card_of(get_content_for(g.member, reading.content.id)))
    shown = get_comment(reading.content.id, viewer=g.member, answer_id=reading.root.answer_id)
    return page("social/_comment_actions.html", reading=reading, comment=shown)


@bp.post(f"{CONTENT}/pin")
@needs(SocialPermission.USE)
def pin(content_id: int) -> Response:
    """Keep a content at the top of its place, or no longer."""
    reading = get_content_for(g.member, content_id)
    if request.form.get("take_back"):
        care.unpin(content=reading.content, actor=g.member)
        return done(_("It is no longer pinned."), shown_at(reading))
    care.pin(content=reading.content, actor=g.member)
    return done(_("It is pinned at the top of %(place)s.", place=reading.place.shown_name), shown_at(reading))


@bp.route(f"{CONTENT}/lock", methods=["GET", "POST"])
@needs(SocialPermission.USE)
def lock(content_id: int) -> Response:
    """Close the comments of a content with a reason, or open them again."""
    reading = get_content_for(g.member, content_id)
    if not reading.manages:
        raise nothing()
    form = LockForm()
    if request.method == "GET":
        return page("social/lock.html", reading=reading, form=form)
    if request.form.get("take_back"):
        care.unlock(content=reading.content, actor=g.member)
        return done(_("The comments are open again."), shown_at(reading))
    try:
        care.lock(content=reading.content, reason=form.reason.data or "", actor=g.member)
    except Invalid as refusal:
        form.reason.errors = [refusal.message]
        return page("social/lock.html", reading=reading, form=form, status=refusal.status)
    return done(_("The comments are closed; your reason is shown."), shown_at(reading))


@bp.route(f"{CONTENT}/hide", methods=["GET", "POST"])
@needs(SocialPermission.USE)
def hide(content_id: int) -> Response:
    """Put a mark with a reason in the place of a comment, or show it again."""
    reading = get_content_for(g.member, content_id)
    if not reading.manages or reading.content is reading.root:
        raise nothing()
    form = LockForm()
    if request.method == "GET":
        return page("social/hide.html", reading=reading, form=form)
    if request.form.get("take_back"):
        care.unhide(comment=reading.content, actor=g.member)
        return done(_("The comment is shown again."), shown_at(reading))
    try:
        care.hide(comment=reading.content, reason=form.reason.data or "", actor=g.member)
    except Invalid as refusal:
        form.reason.errors = [refusal.message]
        return page("social/hide.html", reading=reading, form=form, status=refusal.status)
    return done(_("The comment is hidden; your reason is shown."), shown_at(reading))


@bp.post(f"{CONTENT}/answer")
@needs(SocialPermission.USE)
def answer(content_id: int) -> Response:
    """Mark a comment as the answer, or no longer."""
    reading = get_content_for(g.member, content_id)
    if request.form.get("take_back"):
        care.unmark_answer(comment=reading.content, actor=g.member)
    else:
        care.mark_answer(comment=reading.content, actor=g.member)
    return redirected(comment_url(reading.content))
