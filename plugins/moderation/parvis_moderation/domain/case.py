"""One case as whoever decides on it sees it: what was reported, by whom, and what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from parvis.api import (
    BigId,
    Member,
    NotFound,
    Person,
    columns_of,
    db,
    entities,
    one_of,
    prepared,
    read_rows,
)
from parvis.api import gettext as _
from parvis_social.api import VIEWER, Access, Place, Reportable, Role, reportables, role_in
from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm.attributes import set_committed_value

from ..models import Act, Appeal, Case, Decision, Desk, Report, State
from .manager import managers

SHOWN_REPORTS = 50
EARLIER = 5
CARE = (Act.NOTHING, Act.MESSAGE, Act.EDIT, Act.HIDE, Act.LOCK)
"""What those who look after a place decide there; the rest is for those who moderate the whole site."""


@dataclass(frozen=True)
class CaseView:
    """A case, and as whom the viewer decides on it."""

    case: Case
    viewer: Member
    desk: Desk

    @property
    def is_manager(self) -> bool:
        """Whether the viewer moderates the whole site."""
        return self.desk == Desk.MANAGERS

    @property
    def reportable(self) -> Reportable | None:
        """What can be done to such a thing; None where nobody declares it any more."""
        return reportables().get(self.case.kind)

    @property
    def hands_over(self) -> bool:
        """Whether to offer it to those who look after its place; whether somebody does is asked then."""
        place = self.case.place if self.is_manager and self.case.desk == Desk.MANAGERS else None
        return place is not None and place.person_id is None and self.case.kind != "place"

    @property
    def acts(self) -> list[Act]:
        """What the viewer can decide."""
        kind = self.reportable
        hidden = self.case.state == State.CLOSED and self.case.outcome == Act.HIDE
        possible = {
            Act.HIDE: kind is not None and kind.hide is not None and not hidden,
            Act.LOCK: kind is not None and kind.lock is not None,
            Act.NOTHING: self.case.state != State.CLOSED,
        }
        told = {Act.MESSAGE, Act.EDIT, Act.WARN, Act.SUSPEND}
        of: list[Act] = [act for act in Act if act != Act.HOLD] if self.is_manager else [*CARE]
        if self.case.person_id is None:
            of = [act for act in of if act not in told]
        return [act for act in of if possible.get(act, True)]


def get_case_for(member: Member, case_id: int) -> CaseView:
    """Fetch a case that somebody may decide on.

    Raises:
        NotFound: there is none, it is about them, or it is of no place that they look after.
    """
    rows = read_rows(_case(), {"viewer": member.id, "id": case_id}) if case_id < 2**63 else []
    if rows and rows[0].person_id != member.id:
        case = _made_case(rows[0])
        if rows[0].moderates:
            return CaseView(case, member, Desk.MANAGERS)
        if _keeps(member, case):
            return CaseView(case, member, Desk.PLACE)
    return nothing()


@prepared
def _case() -> Select[Any]:
    moderates = managers().where(Member.id == VIEWER).exists()
    return (
        select(*columns_of(Case, Person, Place), moderates.label("moderates"))
        .outerjoin(Person, Person.id == Case.person_id)
        .outerjoin(Place, Place.id == Case.place_id)
        .where(Case.id == bindparam("id", type_=BigId))
    )


def _made_case(row: Any) -> Case:
    case: Case
    case, person, place = entities(row, Case, Person, Place)
    set_committed_value(case, "person", person)
    set_committed_value(case, "place", place)
    return case


def nothing() -> Any:
    """Answer as if there were nothing.

    Raises:
        NotFound: always.
    """
    raise NotFound(_("There is no such page, or it is not open to you."))


def _keeps(member: Member, case: Case) -> bool:
    if case.desk != Desk.PLACE or case.kind == "place" or case.place_id is None:
        return False
    return role_in(case.place_id, member.id) in (Role.OWNER, Role.MODERATOR)


class Said(NamedTuple):
    """A report as who decides reads it; `seen` is what its reporter saw where that was another version."""

    reason: str
    note: str
    seen: dict[str, Any] | None
    at: datetime
    reporter: str | None


def reports_of(case: Case) -> Sequence[Said]:
    """Return the reports of a case, the first ones first; their number may be larger."""
    return [Said(*row) for row in read_rows(_reports(), {"case": case.id})]


@prepared
def _reports() -> Select[Any]:
    return (
        select(Report.reason, Report.note, Report.seen, Report.at, Person.display_name)
        .outerjoin(Person, Person.id == Report.reporter_id)
        .where(Report.case_id == bindparam("case", type_=BigId))
        .order_by(Report.id)
        .limit(SHOWN_REPORTS)
    )


def decisions_of(view: CaseView) -> tuple[Sequence[Decision], Sequence[Decision]]:
    """Return what was decided on a case, the latest first; and what was decided on the same person before.

    The second is for those who moderate the whole site alone, without what was taken back.
    """
    case = view.case
    query = _decisions(earlier=view.is_manager and case.person_id is not None)
    found = [_made(row) for row in read_rows(query, {"case": case.id, "person": case.person_id})]
    here = [made for made in found if made.case_id == case.id]
    return here, [made for made in found if made.case_id != case.id]


@prepared
def _decisions(*, earlier: bool) -> Select[Any]:
    """Return the query of the decisions on a `case`, and of some `earlier` ones on a `person`."""
    this = bindparam("case", type_=BigId)
    wanted = Decision.case_id == this
    if earlier:
        before = (
            select(Decision.id)
            .where(
                Decision.person_id == bindparam("person", type_=BigId),
                Decision.case_id != this,
                ~one_of(Decision.act, (Act.NOTHING, Act.HOLD)),
                Decision.undone_at.is_(None),
            )
            .order_by(Decision.id.desc())
            .limit(EARLIER)
        )
        wanted = or_(wanted, Decision.id.in_(before))
    return (
        select(*columns_of(Decision, Person, Appeal))
        .outerjoin(Person, Person.id == Decision.by_id)
        .outerjoin(Appeal, Appeal.decision_id == Decision.id)
        .where(wanted)
        .order_by(Decision.id.desc())
    )


def _made(row: Any) -> Decision:
    made: Decision
    made, by, appeal = entities(row, Decision, Person, Appeal)
    set_committed_value(made, "by", by)
    set_committed_value(made, "appeal", appeal)
    return made


def still_there(view: CaseView) -> Any:
    """Return the thing as the viewer sees it now; None where it is gone or not open to them."""
    if view.reportable is None:
        return None
    try:
        return view.reportable.see(view.viewer, view.case.subject_id)
    except NotFound:
        return None


def pictures_of(view: CaseView) -> int:
    """Return how many pictures of what is hidden can be shown to who decides on it.

    Of what stands in a place that is closed to the viewer, none.
    """
    case, kind = view.case, view.reportable
    closed = case.place is not None and case.place.access != Access.OPEN
    if (
        kind is None
        or kind.picture is None
        or (closed and role_in(case.place_id or 0, view.viewer.id) is None)
    ):
        return 0
    return len(case.seen.get("pictures", ()))


def picture_of(view: CaseView, number: int) -> bytes:
    """Return a picture of what is hidden.

    Raises:
        NotFound: there is none, it is not for the viewer, or it is not hidden: then it stands where it stood.
    """
    hidden = db.session.scalars(
        select(Decision)
        .where(Decision.case_id == view.case.id, Decision.act.in_((Act.HIDE, Act.HOLD)))
        .where(Decision.undone_at.is_(None))
        .order_by(Decision.id.desc())
    ).first()
    if (
        hidden is None
        or number >= pictures_of(view)
        or view.reportable is None
        or not view.reportable.picture
    ):
        return bytes(nothing())
    return view.reportable.picture(view.case.subject_id, number, hidden.kept)
