"""What moderation tells people, and to whom: kinds of notifications, and following the events."""

from typing import Any

from parvis.api import EventRecord, db
from parvis.api import gettext as _
from parvis.api import lazy_gettext as _l
from parvis_social.api import (
    Access,
    Membership,
    NotificationKind,
    NotificationView,
    Role,
    Waiting,
    notify,
    take_back_about,
)
from sqlalchemy import select

from ..event import AppealAnswered, Appealed, Asked, CaseMoved, Decided, QuestionAnswered, Visited
from ..event import Reported as ReportedEvent
from ..models import Act, Case, Decision, Desk, Report, State, Visit
from .manager import is_kept, managers
from .text import reasons

REPORTED = "moderation:reported"
DECIDED = "moderation:decided"
OUTCOME = "moderation:outcome"
APPEALED = "moderation:appealed"
ANSWERED = "moderation:answered"
VISITED = "moderation:visited"
CHANGED = "moderation:changed"
WAITS = "moderation:waits"
READ = "moderation:read"
ASKED = "moderation:asked"
REPLIED = "moderation:replied"


def _title(told: NotificationView) -> str:
    return str(told.data.get("title", ""))


def _decided(told: NotificationView) -> str:
    if told.data.get("undone"):
        return _("A decision about you was taken back: %(title)s", title=_title(told))
    return _("Something was decided about what you wrote: %(title)s", title=_title(told))


def _outcome(told: NotificationView) -> str:
    if told.data.get("act") == Act.NOTHING:
        return _("What you reported was looked at, and stays as it is: %(title)s", title=_title(told))
    return _("What you reported was looked at, and something was done: %(title)s", title=_title(told))


def _read(told: NotificationView) -> str:
    where = told.place.name if told.place else ""
    if told.data.get("content"):
        return _("Your first post in %(place)s is published", place=where)
    return _("Your first post in %(place)s is not published: read why", place=where)


def _case_url(told: NotificationView) -> str:
    return f"/moderation/cases/{told.data.get('case', 0)}"


def _decision_url(told: NotificationView) -> str:
    return f"/moderation/decisions/{told.data.get('decision', 0)}"


KINDS = (
    NotificationKind(DECIDED, _l("Something is decided about what I wrote"), _decided, _decision_url),
    NotificationKind(
        ANSWERED,
        _l("My appeal is answered"),
        lambda told: _("Your appeal was answered: %(title)s", title=_title(told)),
        _decision_url,
    ),
    NotificationKind(
        OUTCOME, _l("What I reported was looked at"), _outcome, lambda told: "/moderation/reports"
    ),
    NotificationKind(
        REPORTED,
        _l("Something is reported where I decide"),
        lambda told: _("Somebody reported: %(title)s", title=_title(told)),
        _case_url,
    ),
    NotificationKind(
        CHANGED,
        _l("What I asked to be changed was changed"),
        lambda told: _("It was changed as you asked: %(title)s", title=_title(told)),
        _case_url,
    ),
    NotificationKind(
        VISITED,
        _l("Somebody visits a closed group that I look after"),
        lambda told: _(
            "%(who)s visits %(place)s: %(reason)s",
            who=told.who,
            place=told.place.name if told.place else "",
            reason=told.data.get("reason", ""),
        ),
        lambda told: told.place.url if told.place else "/",
    ),
    NotificationKind(
        WAITS,
        _l("Somebody’s first post waits for me"),
        lambda told: _(
            "%(who)s wrote a first post in %(place)s: it waits to be read",
            who=told.who,
            place=told.place.name if told.place else "",
        ),
        lambda told: f"/moderation/waiting/{told.data.get('waiting', 0)}",
    ),
    NotificationKind(
        READ,
        _l("My first post in a group was read"),
        _read,
        lambda told: f"/contents/{told.data['content']}" if told.data.get("content") else "/waiting",
    ),
    NotificationKind(
        ASKED,
        _l("Somebody asks those who look after the site"),
        lambda told: _("%(who)s has a question", who=told.who),
        lambda told: f"/moderation/questions/{told.data.get('question', 0)}",
    ),
    NotificationKind(
        REPLIED,
        _l("My question is answered"),
        lambda told: _("Your question is answered"),
        lambda told: f"/moderation/ask#q{told.data.get('question', 0)}",
    ),
    NotificationKind(
        APPEALED,
        _l("Somebody appeals against a decision"),
        lambda told: _("Somebody appeals: %(title)s", title=_title(told)),
        _case_url,
    ),
)


def tell(event: EventRecord) -> None:
    """Tell whom an event concerns."""
    if event.kind == ReportedEvent.kind and event.data["opened"]:
        _tell_who_decides(event, severe_only=True)
    elif event.kind == CaseMoved.kind:
        _tell_who_decides(event)
    elif event.kind == Decided.kind:
        _decided_on(event)
    elif event.kind == Appealed.kind:
        made = db.session.get(Decision, event.data["decision"])
        if made is not None:
            people = managers().where(managers().selected_columns[0] != (made.by_id or 0))
            _notify(APPEALED, people, made.case, event, actor=event.actor_id)
    elif event.kind == AppealAnswered.kind:
        made = db.session.get(Decision, event.data["decision"])
        if made is not None and made.person_id is not None:
            _notify(ANSWERED, [made.person_id], made.case, event, decision=made.id)
    elif event.kind == Visited.kind and not event.data["ended"]:
        _visited(event)
    elif event.kind == Asked.kind:
        question = {"question": event.data["question"]}
        notify(kind=ASKED, people=managers(), actor=event.actor_id, data=question, at=event.at)
    elif event.kind == QuestionAnswered.kind and event.person_id is not None:
        question = {"question": event.data["question"]}
        notify(kind=REPLIED, people=[event.person_id], data=question, at=event.at)
    elif event.kind == "social.submitted":
        _submitted(event)
    elif event.kind == "social.submission_answered" and event.person_id is not None:
        notify(
            kind=READ, people=[event.person_id], place=event.place_id,
            data={"content": event.content_id or 0}, at=event.at,
        )  # fmt: skip
    elif event.kind in ("social.edited", "core.profile_changed"):
        _changed(event)


def _tell_who_decides(event: EventRecord, *, severe_only: bool = False) -> None:
    """Tell those who look after the place; those who moderate the whole site, of what cannot wait."""
    case = db.session.get(Case, event.data["case"])
    if case is not None and case.state == State.OPEN:
        _tell_case(case, event, actor=event.actor_id, severe_only=severe_only)


def _tell_case(
    case: Case, event: EventRecord, *, actor: int | None = None, severe_only: bool = False
) -> None:
    if case.desk == Desk.PLACE:
        keepers = select(Membership.person_id).where(
            Membership.place_id == case.place_id,
            Membership.role.in_((Role.OWNER, Role.MODERATOR)),
            Membership.person_id != (case.person_id or 0),
        )
        _notify(REPORTED, keepers, case, event, actor=actor)
    elif not severe_only or reasons()[case.reason].severe:
        people = managers().where(managers().selected_columns[0] != (case.person_id or 0))
        _notify(REPORTED, people, case, event, actor=actor)


def _submitted(event: EventRecord) -> None:
    """Tell those who look after the place of a first post; where nobody does, those who moderate the site."""
    waiting = db.session.get(Waiting, event.data["waiting"])
    if waiting is None:  # taken back, or let in
        return
    people: Any = select(Membership.person_id).where(
        Membership.place_id == waiting.place_id, Membership.role.in_((Role.OWNER, Role.MODERATOR))
    )
    if not is_kept(waiting.place_id, but=[waiting.author_id]):
        people = managers() if waiting.place.access == Access.OPEN else []
    notify(
        kind=WAITS, people=people, actor=event.actor_id, place=waiting.place_id,
        data={"waiting": waiting.id}, at=event.at,
    )  # fmt: skip


def _visited(event: EventRecord) -> None:
    """Tell those who look after a closed place who visits it, and why."""
    visit = db.session.get(Visit, event.data["visit"])
    if visit is not None:
        keepers = select(Membership.person_id).where(
            Membership.place_id == visit.place_id, Membership.role.in_((Role.OWNER, Role.MODERATOR))
        )
        notify(
            kind=VISITED, people=keepers, actor=event.actor_id, place=visit.place_id,
            data={"reason": visit.reason}, at=event.at,
        )  # fmt: skip


def _decided_on(event: EventRecord) -> None:
    made = db.session.get(Decision, event.data["decision"])
    if made is None:
        return
    undone = event.data["undone"]
    if made.act == Act.HOLD and not undone:
        _tell_case(made.case, event)
    if made.person_id is not None and made.act != Act.NOTHING:
        _notify(DECIDED, [made.person_id], made.case, event, decision=made.id, undone=undone)
    if undone:
        take_back_about(kind=OUTCOME, key="case", ids=[made.case_id])
    elif made.act != Act.HOLD:
        who = select(Report.reporter_id).where(
            Report.case_id == made.case_id, Report.reporter_id.is_not(None)
        )
        _notify(OUTCOME, who, made.case, event, act=made.act)


def _changed(event: EventRecord) -> None:
    """Bring a case back whose author was asked to change something, once they have."""
    kinds, subject = (
        (("content", "comment"), event.content_id)
        if event.kind == "social.edited"
        else (("profile",), event.person_id)
    )
    waiting = select(Case).where(
        Case.kind.in_(kinds), Case.subject_id == subject, Case.state == State.WAITING
    )
    case = db.session.scalar(waiting)
    if case is None or event.actor_id != case.person_id:
        return
    case.state, case.decided_at = State.OPEN, None
    asked = select(Decision.by_id).where(Decision.case_id == case.id, Decision.act == Act.EDIT)
    _notify(CHANGED, [each for each in db.session.scalars(asked) if each], case, event, actor=event.actor_id)


def _notify(
    kind: str, people: Any, case: Case, event: EventRecord, *, actor: int | None = None, **data: Any
) -> None:
    about = {"title": case.title, "case": case.id, **data}
    notify(kind=kind, people=people, actor=actor, data=about, at=event.at)
