"""What people contributed in open places, of those alone who want it shown: off until they say so."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from parvis.api import Member, db, utcnow
from sqlalchemy import select

from ..models import Consent
from ..optional import with_social
from .word import skill_words

SHOWN = 3
"""How many of somebody's contributions are linked in a list."""


class Contributed(NamedTuple):
    """What somebody contributed on a skill: a `Face`, how often, and the latest with `subject` and `url`."""

    person: Any
    number: int
    latest: Sequence[Any]


def consents(member: Member) -> bool:
    """Tell whether somebody wants their contributions shown."""
    return db.session.get(Consent, member.id) is not None


def give_consent(*, actor: Member) -> None:
    """Have one's contributions in open places shown beside what one knows."""
    if not consents(actor):
        db.session.add(Consent(person_id=actor.id, at=utcnow()))


def revoke_consent(*, actor: Member) -> None:
    """Have one's contributions shown no longer, from the next request on; nothing of them was kept."""
    if (found := db.session.get(Consent, actor.id)) is not None:
        db.session.delete(found)


def contributed_on(names: Iterable[str]) -> dict[int, Contributed]:
    """Return who contributed under the names of a skill, by person: one query; without social, none."""
    if (social := with_social()) is None:
        return {}
    tags = [name for name in names if is_tag(name, social)]
    found: dict[int, list[Any]] = {}
    for each in social.contributions(tags, select(Consent.person_id)):
        found.setdefault(each.person.id, []).append(each)
    return {
        person_id: Contributed(listed[0].person, len(listed), listed[:SHOWN])
        for person_id, listed in found.items()
    }


def is_tag(name: str, social: Any) -> bool:
    """Tell whether a tag means what a name does: `#c` may be C, and is never C++."""
    return bool(social.tag_key(name) == "-".join(skill_words(name)))
