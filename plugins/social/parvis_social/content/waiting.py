"""Posts that somebody reads before they are published, where a rule says so (`Waits`).

What waits is no content: nobody sees it but its author and those who decide, for it stands nowhere else. Let
in, it is published in its author's name as if it were written at that moment.
"""

from collections.abc import Sequence
from datetime import timedelta

from parvis.api import Invalid, Member, NotAllowed, clean, db, record, utcnow
from parvis.api import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager

from ..contribution import Waits
from ..event import SubmissionAnswered, Submitted
from ..place.access import may_read, nothing, readable_places, role_in
from ..place.models import Place
from ..registry import place_kinds
from ..settings import settings
from .draft import draft_of, forget_draft, keep_draft
from .file import check_files, file_facts
from .models import Content, File, Waiting, WaitingFile
from .post import MOST, post
from .publish import checked_key, checked_text
from .text import render

MOST_WAITING = 3
"""So many posts of one person wait in one place at most."""
ANSWER_LENGTH = 1000
PAGE = 20


def submit_post(
    *,
    place: Place,
    text: str,
    actor: Member,
    files: Sequence[int] = (),
    form_key: str | None = None,
    confirmed: str | None = None,
) -> Content | Waiting:
    """Publish a post, or keep it until somebody has read it, where a rule says so; as `post` otherwise.

    Raises:
        NotAllowed: enough of the actor's wait there already; and as `post`.
    """
    try:
        return post(place=place, text=text, actor=actor, files=files, form_key=form_key, confirmed=confirmed)
    except Waits:  # rules are asked before anything is written
        return _keep(place, text, actor, files, checked_key(form_key))


def _keep(place: Place, text: str, actor: Member, files: Sequence[int], key: str | None) -> Waiting:
    sent_before = select(Waiting).where(Waiting.author_id == actor.id, Waiting.form_key == key)
    if key is not None and (found := db.session.scalar(sent_before)) is not None:
        return found
    waiting = select(func.count()).where(
        Waiting.author_id == actor.id, Waiting.place_id == place.id, Waiting.refused_at.is_(None)
    )
    if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
        raise NotAllowed(
            _("%(most)s of your posts wait in %(place)s already. Please let them be read first.",
              most=MOST_WAITING, place=place.shown_name)
        )  # fmt: skip
    source, attached = checked_text(text, most=MOST, files=files), check_files(files, actor=actor)
    kept = Waiting(
        place_id=place.id, author_id=actor.id, source=source, body_html=render(source).html, form_key=key,
        files=[file_facts(file) for file in attached],
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(kept)
            db.session.flush()
    except IntegrityError:  # the same form at the same moment
        return db.session.scalars(sent_before).one()
    db.session.add_all(WaitingFile(file_id=file.id, waiting_id=kept.id) for file in attached)
    forget_draft(place=place, actor=actor)
    record(Submitted(actor=actor.id, place=place.id, waiting=kept.id))
    return kept


def list_waiting(author: Member) -> Sequence[Waiting]:
    """Return what somebody has sent that waits or was refused, the newest first, of places open to them."""
    query = select(Waiting).join(Place, Place.id == Waiting.place_id)
    query = query.where(Waiting.author_id == author.id, readable_places())
    query = query.options(contains_eager(Waiting.place)).order_by(Waiting.id.desc()).limit(PAGE)
    return db.session.scalars(query, {"viewer": author.id}).all()


def get_waiting(waiting_id: int) -> Waiting:
    """Fetch what waits to be let in, in a place in use; whether somebody may see it, the caller asks.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(Waiting, waiting_id) if 0 < waiting_id < 2**63 else None
    if found is None or found.refused_at is not None or found.place.kind not in place_kinds():
        raise nothing()
    return found


def get_waiting_file(waiting: Waiting, file_id: int) -> File:
    """Fetch a file of what waits; whether somebody may see it, the caller has asked.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(WaitingFile, file_id)
    if found is None or found.waiting_id != waiting.id:
        raise nothing()
    return db.session.get_one(File, file_id)


def let_in(*, waiting: Waiting, actor: Member) -> Content:
    """Publish what waits, for those who decide on it: whether the actor may is theirs to know.

    Raises:
        NotAllowed: its author has left, or cannot publish there any more; and as `post`.
    """
    _take(waiting)
    author = db.session.get(Member, waiting.author_id)
    if author is None or not author.person.present:
        raise NotAllowed(_("Whoever wrote this has left the company."))
    content = post(
        place=waiting.place, text=waiting.source, actor=author, files=[file["id"] for file in waiting.files],
        form_key=waiting.form_key, admitted=True,
    )  # fmt: skip
    _answered(waiting, actor, content.id)
    db.session.delete(waiting)
    db.session.flush()
    return content


def turn_away(*, waiting: Waiting, text: str, actor: Member) -> None:
    """Refuse what waits with a text to its author, who keeps what they wrote; as `let_in`.

    Raises:
        Invalid: there is no text, or it has more than 1,000 characters; `field` is `text`.
    """
    said = clean(text, multiline=True)
    if not said:
        raise Invalid(_("Please say why: its author reads it."), field="text")
    if len(said) > ANSWER_LENGTH:
        raise Invalid(_("This is too long: %(limit)s characters at most.", limit=ANSWER_LENGTH), field="text")
    _take(waiting)
    waiting.refused_at, waiting.refused_by_id, waiting.answer = utcnow(), actor.id, said
    _answered(waiting, actor, None)


def take_waiting_back(*, waiting_id: int, actor: Member) -> Place:
    """Take back what one has sent, whether it waits or was refused: it becomes a draft, unless there is one.

    Raises:
        NotFound: there is none of the actor's in a place that is open to them.
    """
    waiting = db.session.get(Waiting, waiting_id) if 0 < waiting_id < 2**63 else None
    if waiting is None or waiting.author_id != actor.id:
        raise nothing()
    if not may_read(waiting.place, role_in(waiting.place_id, actor.id)):
        raise nothing()
    _take(waiting, refused=True)
    place = waiting.place
    if not draft_of(place, actor):
        keep_draft(place=place, source=waiting.source, actor=actor)
    db.session.delete(waiting)
    db.session.flush()
    return place


def forget_refused() -> None:
    """Forget what was refused as long ago as what was deleted is kept: part of a job."""
    until = utcnow() - timedelta(days=settings().keep_deleted_days)
    db.session.execute(delete(Waiting).where(Waiting.refused_at < until))
    db.session.commit()


def _take(waiting: Waiting, *, refused: bool = False) -> None:
    """Keep what waits for oneself: of two who decide at once, the second finds nothing to decide."""
    taken = select(Waiting.refused_at).where(Waiting.id == waiting.id).with_for_update()
    row = db.session.execute(taken).first()
    if row is None or (row[0] is not None and not refused):
        raise nothing()


def _answered(waiting: Waiting, actor: Member, content: int | None) -> None:
    db.session.flush()
    record(
        SubmissionAnswered(
            actor=actor.id, person=waiting.author_id, place=waiting.place_id, content=content,
            waiting=waiting.id, admitted=content is not None,
        )
    )  # fmt: skip
