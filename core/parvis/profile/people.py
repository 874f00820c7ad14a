"""Who is there: one person, everybody by name or place, and who reports to whom.

Every list here costs the same for a hundred people and for a hundred thousand: it walks one index from where
the last page ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from re import ASCII, fullmatch
from typing import Any

from sqlalchemy import Select, exists, func, literal, select, true, tuple_
from sqlalchemy.orm import aliased, joinedload, load_only
from sqlalchemy.orm.util import AliasedClass

from parvis.db import db
from parvis.directory.models import Person, PersonName, Unit
from parvis.errors import NotFound
from parvis.events import EventRecord
from parvis.i18n import gettext as _
from parvis.identity.event import Joined
from parvis.identity.models import Member
from parvis.text import fold, tokens

PAGE = 24
SUGGESTIONS = 8
MOST_WORDS = 6
MOST_CHARACTERS = 100
HIGHEST_LINE = 15
LAST = "\U0010ffff"
"""Sorts after every letter: what begins with p lies in p <= word < p + LAST."""

_CARD = (
    Person.handle, Person.display_name, Person.title, Person.sort_name, Person.face_key, Person.site_id, Person.department_id,
    Person.manager_id, Person.present,
)  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """What a list of people is narrowed to; units by id."""

    q: str = ""
    site: int | None = None
    department: int | None = None
    initial: str = ""

    @property
    def words(self) -> list[str]:
        """The folded words of the name looked for."""
        return list(dict.fromkeys(tokens(self.q[:MOST_CHARACTERS])))[:MOST_WORDS]


@dataclass(frozen=True)
class People:
    """One page of a list; `after` is the id that the next page starts after, None at the end."""

    people: Sequence[Person] = field(default_factory=list)
    after: int | None = None


def get_person_for(member: Member, handle: str) -> Person:
    """Fetch a person whose page the member may see, with site, department and manager.

    Raises:
        NotFound: nobody has this handle, or they have left the company (administrators see them still).
    """
    units = (joinedload(Person.site), joinedload(Person.department), joinedload(Person.manager))
    person = db.session.scalar(select(Person).where(Person.handle == checked_handle(handle)).options(*units))
    if person is None or not (person.present or member.administrator):
        raise NotFound(_("There is nobody of this name in the company."))
    return person


def checked_handle(handle: str) -> str:
    """Return a handle as it is kept; one that cannot exist is not looked for (no database takes every text)."""
    if not fullmatch(r"[\w.-]{1,64}", handle, ASCII):
        raise NotFound(_("There is nobody of this name in the company."))
    return handle.lower()


def list_people(wanted: Filter, *, after: int | None = None, limit: int = PAGE) -> People:
    """List the people in the company by name: everybody, or those that a filter leaves."""
    if wanted.q and not wanted.words:
        return People()
    query = _by_name(wanted.words, after) if wanted.words else _in_order(after)
    for column, unit in ((Person.site_id, wanted.site), (Person.department_id, wanted.department)):
        if unit is not None:
            query = query.where(column == unit)
    if wanted.initial:
        query = query.where(*_begins(Person.sort_name, fold(wanted.initial)))
    return _page(query.options(*_card_options()), limit)


def suggest_people(q: str) -> Sequence[Person]:
    """Find people while their name is being typed; the words in any order, accents and case aside."""
    return list_people(Filter(q), limit=SUGGESTIONS).people if q else []


def units() -> dict[str, list[Unit]]:
    """Return the sites and departments that people work in, by kind, each in order of name."""
    found: dict[str, list[Unit]] = {"site": [], "department": []}
    for unit in db.session.scalars(select(Unit).where(Unit.headcount > 0)):
        found.setdefault(unit.kind, []).append(unit)
    return {kind: sorted(members, key=lambda unit: fold(unit.name)) for kind, members in found.items()}


def list_reports(person: Person, *, after: int | None = None, limit: int = PAGE) -> People:
    """List who reports to a person, by name."""
    return _page(_in_order(after).where(Person.manager_id == person.id).options(*_card_options()), limit)


def count_reports(person: Person) -> int:
    """Count who reports to a person: as many as one manager has, read from one index."""
    query = select(func.count()).where(Person.manager_id == person.id, Person.present == true())
    return db.session.scalar(query) or 0


def line_above(person: Person) -> list[Person]:
    """Return the managers above a person, the highest first; a circle in the directory ends where it closes."""
    line = select(Person.id, Person.manager_id, literal(0).label("depth")).where(Person.id == person.id)
    walk = line.cte("line", recursive=True)
    above = select(Person.id, Person.manager_id, walk.c.depth + 1).join(walk, Person.id == walk.c.manager_id)
    walk = walk.union_all(above.where(Person.present == true(), walk.c.depth < HIGHEST_LINE))
    query = select(Person).join(walk, walk.c.id == Person.id).where(walk.c.depth > 0).order_by(walk.c.depth)
    found = [other for other in db.session.scalars(query.options(*_card_options())) if other.id != person.id]
    return list(dict.fromkeys(found))[::-1]


def list_team(person: Person, *, limit: int) -> Sequence[Person]:
    """List the people next to a person: who has the same manager; of somebody without one, who reports to them."""
    manager = person.manager_id or person.id
    query = _in_order(None).where(Person.manager_id == manager, Person.id != person.id)
    return _page(query.options(*_card_options()), limit).people


def list_newcomers(member: Member, *, limit: int) -> Sequence[Person]:
    """List who joined last, the latest first."""
    query = (
        select(Person)
        .join(EventRecord, EventRecord.person_id == Person.id)
        .where(EventRecord.kind == Joined.kind, Person.present == true(), Person.id != member.id)
        .order_by(EventRecord.id.desc())
        .limit(limit)
        .options(*_card_options())
    )
    return db.session.scalars(query).all()


def _card_options() -> tuple[Any, ...]:
    return (load_only(*_CARD), joinedload(Person.site), joinedload(Person.department))


def _page(query: Select[Any], limit: int) -> People:
    people = db.session.scalars(query.limit(limit + 1)).all()
    more = len(people) > limit
    return People(people[:limit], people[limit - 1].id if more else None)


def _in_order(after: int | None) -> Select[Any]:
    query = select(Person).where(Person.present == true()).order_by(Person.sort_name, Person.id)
    if after is None:
        return query
    last = db.session.scalar(select(Person.sort_name).where(Person.id == after))
    return query.where(tuple_(Person.sort_name, Person.id) > tuple_(last or "", after))


def _by_name(words: Sequence[str], after: int | None) -> Select[Any]:
    """Find people by words of their name, in the order of the word that leads.

    The rarest word leads along the index (word, sort_name, person_id), the others are looked up for each
    person it meets. Who has two words that begin alike is met at the first of them only.
    """
    first, *others = _rarest_first(words)
    name, same = aliased(PersonName), aliased(PersonName)
    key = (name.word, name.sort_name, name.person_id)
    query = select(Person).join(name, name.person_id == Person.id).where(*_begins(name.word, first), Person.present == true())
    query = query.where(~exists().where(same.person_id == name.person_id, same.word >= first, same.word < name.word))
    query = query.where(*(_has_word(name, word) for word in others)).order_by(*key)
    if after is None:
        return query
    begins = _begins(PersonName.word, first)
    last = db.session.execute(
        select(PersonName.word, PersonName.sort_name).where(PersonName.person_id == after, *begins).order_by(PersonName.word)
    ).first()
    return query.where(tuple_(*key) > tuple_(*last, after)) if last else query


def _has_word(name: AliasedClass[PersonName], word: str) -> Any:
    other = aliased(PersonName)
    return exists().where(other.person_id == name.person_id, *_begins(other.word, word))


def _begins(column: Any, prefix: str) -> tuple[Any, Any]:
    return column >= prefix, column < prefix + LAST


def _rarest_first(words: Sequence[str]) -> list[str]:
    """Sort words by how many names begin with each, counted no further than tells a rare one from a common one."""
    if len(words) < 2:
        return list(words)
    counts = [
        select(func.count()).select_from(select(PersonName.person_id).where(*_begins(PersonName.word, word)).limit(200).subquery())
        for word in words
    ]
    found = db.session.execute(select(*(count.scalar_subquery() for count in counts))).one()
    return [word for _count, _length, word in sorted(zip(found, (-len(word) for word in words), words, strict=True))]
