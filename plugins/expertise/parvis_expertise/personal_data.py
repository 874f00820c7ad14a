"""What expertise keeps about somebody: given to them, or forgotten."""

from collections.abc import Iterator

from parvis.api import Erasure, Person, PersonalData, db, rows
from sqlalchemy import delete, or_, select

from .domain.vocabulary import recount
from .models import Consent, Curator, Declaration, Endorsement, Skill, TitleWord


def export(person: Person) -> Iterator[PersonalData]:
    """Tell what they say they know, who confirms it, whom they confirm, and which words they added."""
    skill = (Skill.english, Skill.french)
    declared = select(*skill, Declaration.rank, Declaration.asks, Declaration.at).join(Declaration.skill)
    yield PersonalData("skills", rows(declared.where(Declaration.person_id == person.id)))
    said = select(
        *skill, Endorsement.person_id, Endorsement.by_id, Endorsement.state, Endorsement.note, Endorsement.at
    )
    concerned = or_(Endorsement.person_id == person.id, Endorsement.by_id == person.id)
    yield PersonalData("confirmations", rows(said.join(Endorsement.skill).where(concerned)))
    yield PersonalData("consent", rows(select(Consent).where(Consent.person_id == person.id)))
    yield PersonalData("words_added", rows(select(Skill).where(Skill.by_id == person.id)))


def erase(erasure: Erasure) -> None:
    """Forget what they know, and every word of theirs on others and of others on them; skills stay."""
    person = erasure.person.id
    skills = list(db.session.scalars(select(Declaration.skill_id).where(Declaration.person_id == person)))
    concerned = or_(Endorsement.person_id == person, Endorsement.by_id == person)
    db.session.execute(delete(Endorsement).where(concerned))
    for model in (Declaration, Consent, Curator, TitleWord):
        db.session.execute(delete(model).where(model.person_id == person))
    recount(skills)
