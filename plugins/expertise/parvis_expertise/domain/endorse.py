"""Colleagues confirm each other's skills: asked for or not, and always the person's to show or not."""

from collections.abc import Sequence

from parvis.api import (
    Invalid,
    Member,
    NotAllowed,
    NotFound,
    Person,
    TooMany,
    clean,
    db,
    lock_row,
    record,
    utcnow,
)
from parvis.api import gettext as _
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from ..event import Endorsed, EndorsementAsked
from ..models import KNOWING, NOTE_LENGTH, Declaration, Endorsement, State
from ..settings import settings
from .declare import get_declaration

LISTED = 200
OWN = (State.GIVEN, State.HIDDEN)
"""What whose skill it is sees of the words on it: a declined one is gone."""


def endorse(*, person: Person, skill_id: int, note: str, actor: Member) -> Endorsement:
    """Confirm a skill that a colleague says they have; `note`: on what they worked together.

    Raises:
        NotFound: they do not say that they have it.
        NotAllowed: it is one's own, or the colleague did not want to be confirmed in it by the actor.
        Invalid: the note is missing or too long.
    """
    if get_declaration(person, skill_id) is None or not person.present:
        raise _no_such_skill(person)
    if person.id == actor.id:
        raise NotAllowed(_("Others confirm what you can do."))
    said = clean(note)
    if not said or len(said) > NOTE_LENGTH:
        raise Invalid(
            _("Say in one line on what you worked together: it is what makes the word worth something."),
            field="note",
        )
    lock_row(person)
    row = db.session.get(Endorsement, (person.id, skill_id, actor.id), populate_existing=True)
    if row is not None and row.state == State.DECLINED:
        raise NotAllowed(_("%(name)s prefers not to be confirmed in this by you.", name=person.display_name))
    shown_before = row is not None and row.state in OWN
    row = row or Endorsement(person_id=person.id, skill_id=skill_id, by_id=actor.id)
    row.state = row.state if shown_before else State.GIVEN
    row.note, row.at = said, row.at if shown_before else utcnow()
    db.session.add(row)
    if not shown_before:
        record(Endorsed(actor=actor.id, person=person.id, skill=skill_id))
    return row


def take_back(*, person: Person, skill_id: int, actor: Member) -> None:
    """Take one's word on a colleague's skill back; one that they declined stays declined."""
    row = db.session.get(Endorsement, (person.id, skill_id, actor.id))
    if row is not None and row.state in OWN:
        db.session.delete(row)


def ask_colleague(*, colleague: Person, skill_id: int, actor: Member) -> None:
    """Ask a colleague to confirm a skill of one's own. Who was asked already is not asked again.

    Raises:
        NotFound: the actor does not say that they have it.
        Invalid: it is oneself, or somebody who has left or never came.
        TooMany: as many were asked today as one may.
    """
    if get_declaration(actor.person, skill_id) is None:
        raise _no_such_skill(actor.person)
    if colleague.id == actor.id:
        raise Invalid(_("Others confirm what you can do."), field="colleague")
    if not colleague.present or db.session.get(Member, colleague.id) is None:
        raise Invalid(
            _("%(name)s has not come here yet, and could not answer.", name=colleague.display_name),
            field="colleague",
        )
    lock_row(actor.person)
    if db.session.get(Endorsement, (actor.id, skill_id, colleague.id), populate_existing=True) is not None:
        return
    _check_rate(actor)
    asked = Endorsement(person_id=actor.id, skill_id=skill_id, by_id=colleague.id, state=State.ASKED)
    db.session.add(asked)
    record(EndorsementAsked(actor=actor.id, person=colleague.id, skill=skill_id))


def _check_rate(actor: Member) -> None:
    today = utcnow().replace(hour=0, minute=0, second=0, microsecond=0)
    asked = Endorsement.person_id == actor.id, Endorsement.state == State.ASKED, Endorsement.at >= today
    number = db.session.scalar(select(func.count()).select_from(Endorsement).where(*asked))
    if (number or 0) >= settings().requests_per_day:
        raise TooMany(_("You have asked enough colleagues for today. Go on tomorrow."))


def refuse(*, person: Person, skill_id: int, actor: Member) -> None:
    """Say that one would rather not confirm what one was asked to; nobody is told."""
    row = db.session.get(Endorsement, (person.id, skill_id, actor.id))
    if row is not None and row.state == State.ASKED:
        row.state = State.REFUSED


def hide(*, skill_id: int, by_id: int, actor: Member) -> None:
    """Show a colleague's word on one's skill nowhere, for now."""
    _own_word(skill_id, by_id, actor).state = State.HIDDEN


def show(*, skill_id: int, by_id: int, actor: Member) -> None:
    """Show a colleague's word again."""
    _own_word(skill_id, by_id, actor).state = State.GIVEN


def decline(*, skill_id: int, by_id: int, actor: Member) -> None:
    """Do without a colleague's word on one's skill, for good."""
    row = _own_word(skill_id, by_id, actor)
    row.state, row.note = State.DECLINED, ""


def _own_word(skill_id: int, by_id: int, actor: Member) -> Endorsement:
    row = db.session.get(Endorsement, (actor.id, skill_id, by_id))
    if row is None or row.state not in OWN:
        raise NotFound(_("There is no such word of a colleague."))
    return row


def words_on(person: Person, *, viewer: Member) -> Sequence[Endorsement]:
    """Return what colleagues say of somebody's skills, the latest first; to oneself what one hides, too."""
    states = OWN if viewer.id == person.id else (State.GIVEN,)
    return _listed(Endorsement.person_id == person.id, Endorsement.state.in_(states))


def asked_of(member: Member) -> Sequence[Endorsement]:
    """Return what colleagues asked somebody to confirm and still say they can, the latest first."""
    query = _words(Endorsement.by_id == member.id, Endorsement.state == State.ASKED)
    query = query.join(Person, Person.id == Endorsement.person_id).where(Person.present.is_(True))
    return db.session.scalars(query.options(contains_eager(Endorsement.person))).all()


def _listed(*conditions: ColumnElement[bool]) -> Sequence[Endorsement]:
    query = _words(*conditions).join(Person, Person.id == Endorsement.by_id).where(Person.present.is_(True))
    return db.session.scalars(query.options(contains_eager(Endorsement.by))).all()


def _words(*conditions: ColumnElement[bool]) -> Select[Endorsement]:
    """Return the query of words on skills that whose they are still says they have."""
    return (
        select(Endorsement)
        .join(
            Declaration,
            (Declaration.person_id == Endorsement.person_id) & (Declaration.skill_id == Endorsement.skill_id),
        )
        .where(Declaration.rank <= KNOWING, *conditions)
        .order_by(Endorsement.at.desc(), Endorsement.by_id)
        .limit(LISTED)
        .options(joinedload(Endorsement.skill))
    )


def _no_such_skill(person: Person) -> NotFound:
    return NotFound(_("%(name)s does not name this skill.", name=person.display_name))
