"""What groups keep about somebody: given to them, or forgotten."""

from collections.abc import Iterator

from parvis.api import Erasure, Person, PersonalData, db, rows
from parvis_social.api import Place
from sqlalchemy import delete, or_, select

from .domain.care import follow_leaving
from .domain.word import index_group
from .models import (
    Ban,
    Dismissal,
    Group,
    Invitation,
    JoinRequest,
    Merge,
    MergeFollow,
    MergeMember,
    Offer,
    Proposal,
)

TEXTS = ("groups_group", "social_place")


def export(person: Person) -> Iterator[PersonalData]:
    """Tell which groups they opened, and what they asked, proposed or were invited to; roles are social's."""
    founded = select(Group).where(Group.founder_id == person.id)
    yield PersonalData("opened", rows(founded))
    sent = or_(Invitation.person_id == person.id, Invitation.inviter_id == person.id)
    yield PersonalData("invitations", rows(select(Invitation).where(sent)))
    yield PersonalData("merges", rows(select(Merge).where(Merge.proposed_by_id == person.id)))
    for name, model in (("requests", JoinRequest), ("topics", Proposal), ("bans", Ban), ("offers", Offer)):
        yield PersonalData(name, rows(select(model).where(model.person_id == person.id)))
    yield PersonalData("not_suggested", rows(select(Dismissal).where(Dismissal.person_id == person.id)))


def erase(erasure: Erasure) -> None:
    """Offer the groups they own alone to others, and forget what they asked; their groups stay.

    Social ends their memberships after this: by these their groups are known.
    """
    person = erasure.person.id
    follow_leaving(person)
    for model in (JoinRequest, Invitation, Ban, Offer, Proposal, Dismissal, MergeMember, MergeFollow):
        db.session.execute(delete(model).where(model.person_id == person))
    db.session.execute(delete(Invitation).where(Invitation.inviter_id == person))
    _find_anew(erasure)


def _find_anew(erasure: Erasure) -> None:
    """Keep by other words those groups that were named after the person."""
    places = {key[0] for table in TEXTS for key in erasure.changed.get(table, ())}
    named = select(Group).join(Place, Place.id == Group.place_id).where(Group.place_id.in_(places))
    for group in db.session.scalars(named).all():
        index_group(group)
