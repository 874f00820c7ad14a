"""The queue, and one case: looked at, decided on, handed over."""

from datetime import UTC, datetime
from typing import Any

from flask import Response, g, request, url_for
from parvis.api import PICTURE_TYPE, DomainError, beside, db, done, is_fragment, needs, page
from parvis.api import gettext as _
from parvis_social.api import Matters, list_matters

from ..domain import case as cases
from ..domain.appeal import answer, may_answer
from ..domain.decide import decide, get_decision, move, undo
from ..domain.manager import check_manager, is_manager
from ..domain.queue import PAGE, SHOWS, busiest_places, figures, list_cases
from ..domain.text import TOLD, begun, language_of
from ..domain.waiting import FEW, above_cases, list_waiting
from ..forms import DecisionForm, MoveForm, TextForm
from ..models import Act, Desk, Outcome
from ..permission import ModerationPermission
from ..web import bp, number
from . import WORDS, language

MOST_SHOWN = 1000
NOTHING_ABOVE: dict[str, Any] = {"appeals": [], "questions": [], "posts": [], "more_posts": False}
CASE = "/moderation/cases/<int:case_id>"
HEADLESS: dict[str, Any] = {
    "appeals": [],
    "questions": [],
    "places": [],
    "figures": None,
    "matters": [],
    "posts": [],
    "more_posts": False,
    "more_matters": False,
}
"""What stands around the list of cases stands there once, not on its further pages."""


@bp.get("/moderation")
@needs(ModerationPermission.USE)
def queue() -> Response:
    """List cases to decide on."""
    manager = is_manager(g.member)
    show = request.args.get("show", "")
    if manager and show == "matters":
        return _matters_page()
    if show == "posts":
        return _posts_page(manager)
    show = show if show in SHOWS else "managers" if manager else "place"
    place, after = number("place"), number("after")
    found = list_cases(g.member, show=show, place_id=place, after=after, manager=manager)
    values: dict[str, Any] = {"show": show, **({"place": place} if place else {})}
    older = url_for("moderation.queue", after=found.after, **values) if found.after else ""
    context: dict[str, Any] = {
        "rows": found.rows,
        "older": older,
        "show": show,
        "manager": manager,
        "place": place,
        **WORDS,
    }
    if after and is_fragment():
        return page("moderation/queue.html", fragment="items", **context, **HEADLESS)
    first = show == ("managers" if manager else "place") and not (place or after)
    others = list_matters(g.member, limit=FEW) if first and manager else Matters((), None)
    head: dict[str, Any] = {
        "matters": others.rows,
        "more_matters": others.after is not None,
        **(_above(manager) if first else NOTHING_ABOVE),
        "places": busiest_places() if manager and found.after else [],
        "figures": figures(),
    }
    return page("moderation/queue.html", **context, **head)


def _above(manager: bool) -> dict[str, Any]:
    found = above_cases(g.member, manager=manager)
    posts = [row for row in found if row.kind == "post"]
    appeals = [row for row in found if row.kind == "appeal"]
    questions = [row for row in found if row.kind == "question"]
    return {"appeals": appeals, "questions": questions, "posts": posts[:FEW], "more_posts": len(posts) > FEW}


def _posts_page(manager: bool) -> Response:
    """List the posts that wait to be let in."""
    after = number("after")
    found = list_waiting(g.member, manager=manager, after=after)
    older = url_for("moderation.queue", show="posts", after=found.after) if found.after else ""
    fragment = "items" if after and is_fragment() else None
    return page(
        "moderation/posts.html", fragment=fragment, rows=found.rows, older=older, manager=manager, **WORDS
    )


def _matters_page() -> Response:
    """List what else waits, in whichever plugins: each is settled on a page of its own."""
    after = _cursor()
    found = list_matters(g.member, after=after, limit=PAGE)
    older = ""
    if found.after is not None:
        since, shown = found.after
        older = url_for("moderation.queue", show="matters", since=since.isoformat(), shown=shown)
    fragment = "items" if after and is_fragment() else None
    return page("moderation/matters.html", fragment=fragment, rows=found.rows, older=older, **WORDS)


def _cursor() -> tuple[datetime, int] | None:
    """Return after which matter a page begins; what is none is as if it were not there."""
    try:
        since = datetime.fromisoformat(request.args.get("since", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return since, min(number("shown") or 0, MOST_SHOWN)


@bp.get(CASE)
@needs(ModerationPermission.USE)
def case(case_id: int) -> Response:
    """Show a case."""
    return _case_page(case_id)


def _case_page(case_id: int, *, status: int = 200, **forms: Any) -> Response:
    view = cases.get_case_for(g.member, case_id)
    decisions, earlier = cases.decisions_of(view)
    now = cases.still_there(view)
    hidden = any(made.act in (Act.HIDE, Act.HOLD) and made.undone_at is None for made in decisions)
    pictures = cases.pictures_of(view) if hidden and now is None else 0
    waiting = next((each for each in decisions if each.appeal and not each.appeal.answered_at), None)
    return page(
        "moderation/case.html", view=view, case=view.case, reports=cases.reports_of(view.case),
        decisions=decisions, earlier=earlier, now=now, pictures=_pictures(view.case, pictures),
        waiting=waiting, may_answer=bool(waiting and view.is_manager and may_answer(waiting, g.member)),
        answer_form=forms.get("answer") or (TextForm(formdata=None) if waiting else None), status=status,
        **WORDS,
    )  # fmt: skip


def _pictures(case: Any, number: int) -> list[tuple[str, str]]:
    """Return the addresses of pictures of what is hidden, with what each shows."""
    return [
        (url_for("moderation.picture", case_id=case.id, number=each), words)
        for each, (_address, words) in enumerate(case.seen.get("pictures", ())[:number])
    ]


@bp.get(f"{CASE}/pictures/<int:number>")
@needs(ModerationPermission.USE)
def picture(case_id: int, number: int) -> Response:
    """Answer a picture of what is hidden, for who decides on it."""
    found = cases.picture_of(cases.get_case_for(g.member, case_id), number)
    headers = {"Cache-Control": "private, no-store", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(found, mimetype=PICTURE_TYPE, headers=headers)


@bp.get(f"{CASE}/decide/<act>")
@needs(ModerationPermission.USE)
def begin_decision(case_id: int, act: str) -> Response:
    """Show what would be decided, with the text that whom it is about would be sent."""
    view, chosen = _deciding(case_id, act)
    form = DecisionForm(formdata=None).offer(language())
    form.reason.data, form.days.data = view.case.reason, 7
    if chosen in TOLD:
        form.text.data = begun(act=chosen, person=view.case.person, title=view.case.title)
    return _decision_page(view, chosen, form)


def _deciding(case_id: int, act: str) -> tuple[cases.CaseView, Act]:
    view = cases.get_case_for(g.member, case_id)
    if act not in view.acts:
        cases.nothing()
    return view, Act(act)


def _decision_page(view: cases.CaseView, act: Act, form: DecisionForm, *, status: int = 200) -> Response:
    return page(
        "moderation/decide.html", view=view, case=view.case, act=act, form=form, told=act in TOLD,
        text_language=language_of(view.case.person_id), status=status, **WORDS,
    )  # fmt: skip


@bp.post(f"{CASE}/decide/<act>")
@needs(ModerationPermission.USE)
def send_decision(case_id: int, act: str) -> Response:
    """Decide; a text in which the day of a suspension's end is to stand gets it."""
    view, chosen = _deciding(case_id, act)
    form = DecisionForm().offer(language())
    try:
        decide(
            case_id=case_id, act=chosen, reason=form.reason.data or "", text=form.text.data or "",
            days=form.days.data, actor=g.member,
        )  # fmt: skip
    except DomainError as refusal:
        db.session.rollback()
        view, chosen = _deciding(case_id, act)
        return _decision_page(view, chosen, beside(form, refusal), status=refusal.status)
    words = _("It is decided. Whom it is about is told, and so are those who reported it.")
    return done(words, url_for("moderation.case", case_id=case_id))


@bp.post("/moderation/decisions/<int:decision_id>/undo")
@needs(ModerationPermission.USE)
def undo_decision(decision_id: int) -> Response:
    """Take a decision back."""
    made = undo(decision_id=decision_id, actor=g.member)
    return done(_("The decision is taken back."), url_for("moderation.case", case_id=made.case_id))


@bp.route(f"{CASE}/move", methods=["GET", "POST"])
@needs(ModerationPermission.USE)
def hand_over(case_id: int) -> Response:
    """Hand a case to those who look after the place, or to those who moderate the whole site."""
    view, form = cases.get_case_for(g.member, case_id), MoveForm()
    to = Desk.PLACE if view.is_manager and view.case.desk == Desk.MANAGERS else Desk.MANAGERS
    context = {"view": view, "case": view.case, "to": to, "form": form, **WORDS}
    if request.method == "GET":
        return page("moderation/move.html", **context)
    try:
        move(case_id=case_id, desk=to, reason=form.text.data or "", actor=g.member)
    except DomainError as refusal:
        db.session.rollback()
        view = cases.get_case_for(g.member, case_id)
        context |= {"view": view, "case": view.case, "form": beside(form, refusal)}
        return page("moderation/move.html", status=refusal.status, **context)
    return done(_("The case is handed over."), url_for("moderation.queue"))


@bp.post("/moderation/decisions/<int:decision_id>/answer")
@needs(ModerationPermission.USE)
def answer_appeal(decision_id: int) -> Response:
    """Answer an appeal."""
    check_manager(g.member)
    case_id, form = get_decision(decision_id).case_id, TextForm()
    overturned = request.form.get("outcome") == Outcome.OVERTURNED
    try:
        answer(
            decision_id=decision_id, outcome=Outcome.OVERTURNED if overturned else Outcome.UPHELD,
            text=form.text.data or "", actor=g.member,
        )  # fmt: skip
    except DomainError as refusal:
        db.session.rollback()
        if refusal.status == 404:
            raise
        return _case_page(case_id, answer=beside(form, refusal), status=refusal.status)
    return done(_("The appeal is answered."), url_for("moderation.case", case_id=case_id))
