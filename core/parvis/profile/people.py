"""Who is there: one person, everybody by name or place, and who reports to whom.

Every list here costs the same for a hundred people and for a hundred thousand: it walks one index from where
the last page ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from re import ASCII, fullmatch
from typing import Any, NamedTuple

from sqlalchemy import (
    Integer,
    Select,
    String,
    bindparam,
    false,
    func,
    literal,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import set_committed_value

from parvis.db import BigId
from parvis.directory.models import Person, PersonName, Unit
from parvis.errors import NotFound
from parvis.events import EventRecord
from parvis.face import face_url
from parvis.i18n import gettext as _
from parvis.identity.event import Joined
from parvis.identity.models import Member
from parvis.statement import columns_of, entities, prepared, read_rows, unseen
from parvis.text import fold, tokens

PAGE = 24
SUGGESTIONS = 8
MOST_WORDS = 6
MOST_CHARACTERS = 100
HIGHEST_LINE = 15
LAST = "\U0010ffff"
"""Sorts after every letter: what begins with p lies in p <= word < p + LAST."""

_SITE, _DEPARTMENT = (Unit.__table__.alias(name) for name in ("site", "department"))
_MOST, _AFTER = bindparam("most", type_=Integer), bindparam("after", type_=BigId)


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


class Colleague(NamedTuple):
    """Somebody, as far as a line about them needs, and where they are, as far as a card does."""

    id: int
    handle: str
    display_name: str
    title: str | None
    face_key: str | None
    department: str | None = None
    site: str | None = None

    @property
    def place(self) -> str:
        """Department and site, as far as the directory tells them."""
        return ", ".join(filter(None, (self.department, self.site)))

    def photo_url(self, pixels: int) -> str:
        """Return the address of the face, for a place so many pixels wide."""
        return face_url(handle=self.handle, name=self.display_name, key=self.face_key, pixels=pixels)


_LINE: tuple[Any, ...] = (Person.id, Person.handle, Person.display_name, Person.title, Person.face_key)


@dataclass(frozen=True)
class People:
    """One page of a list; `after` is the id that the next page starts after, None at the end."""

    people: Sequence[Colleague] = field(default_factory=list)
    after: int | None = None


def get_person_for(member: Member, handle: str) -> Person:
    """Fetch a person whose page the member may see, with site, department and manager.

    Raises:
        NotFound: nobody has this handle, or they have left the company (administrators see them still).
    """
    found = read_rows(_person(), {"handle": checked_handle(handle)})
    return visible(person_of(found[0]) if found else None, member)


def visible(person: Person | None, member: Member) -> Person:
    """Return somebody who was looked for, if the member may see their page; else raise NotFound."""
    if person is None or not (person.present or member.administrator):
        raise NotFound(_("There is nobody of this name in the company."))
    return person


def person_query(*more: Any) -> Select[Any]:
    """Return the query of a person by `handle`, whom `person_of` makes of its row; and of `more` columns."""
    manager = Person.__table__.alias("manager")
    query = select(*columns_of(Person), *_SITE.c, *_DEPARTMENT.c, *manager.c, *more).select_from(Person)
    query = _placed(query).outerjoin(manager, manager.c.id == Person.manager_id)
    return query.where(Person.handle == bindparam("handle"))


def _placed(query: Select[Any]) -> Select[Any]:
    """Return a query of people joined with their sites and departments."""
    query = query.outerjoin(_SITE, _SITE.c.id == Person.site_id)
    return query.outerjoin(_DEPARTMENT, _DEPARTMENT.c.id == Person.department_id)


def _cards() -> Select[Any]:
    """Return the query of all people as `Colleague`s."""
    return _placed(select(*_LINE, _DEPARTMENT.c.name, _SITE.c.name).select_from(Person))


def person_of(row: Sequence[Any]) -> Person:
    """Make the person of a row of `person_query`, with site, department and manager."""
    person, *others = entities(row, Person, Unit, Unit, Person)
    for name, other in zip(("site", "department", "manager"), others, strict=True):
        set_committed_value(person, name, other)
    found: Person = person
    return found


@prepared
def _person() -> Select[Any]:
    return person_query()


def checked_handle(handle: str) -> str:
    """Return a handle as it is kept; one that cannot exist is not looked for."""
    if not fullmatch(r"[\w.-]{1,64}", handle, ASCII):
        raise NotFound(_("There is nobody of this name in the company."))
    return handle.lower()


def list_people(wanted: Filter, *, after: int | None = None, limit: int = PAGE) -> People:
    """List the people in the company by name: everybody, or those that a filter leaves."""
    if wanted.q and not wanted.words:
        return People()
    return _list(
        limit,
        after,
        wanted.words,
        site=wanted.site,
        department=wanted.department,
        initial=fold(wanted.initial) or None,
    )


def suggest_people(q: str) -> Sequence[Colleague]:
    """Find people while their name is being typed; the words in any order, accents and case aside."""
    return list_people(Filter(q), limit=SUGGESTIONS).people if q else []


def units() -> dict[str, tuple[Any, ...]]:
    """Return the sites and departments people work in (id, name, headcount), by kind, in order of name."""
    found: dict[str, list[Any]] = {"site": [], "department": []}
    for unit in read_rows(_units(), {}):
        found.setdefault(unit.kind, []).append(unit)
    return {kind: tuple(sorted(some, key=lambda unit: fold(unit.name))) for kind, some in found.items()}


@prepared
def _units() -> Select[str, int, str, int]:
    return select(Unit.kind, Unit.id, Unit.name, Unit.headcount).where(Unit.headcount > 0)


def list_reports(person: Person, *, after: int | None = None, limit: int = PAGE) -> People:
    """List who reports to a person, by name."""
    return _list(limit, after, manager=person.id)


def first_reports(person: Person, *, limit: int) -> list[Colleague]:
    """Return the first of those who report to a person, by name, for their page."""
    return [Colleague(*row) for row in read_rows(_first_reports(), {"manager": person.id, "most": limit})]


@prepared
def _first_reports() -> Select[Any]:
    theirs = (Person.manager_id == bindparam("manager"), Person.present == true())
    return select(*_LINE).where(*theirs).order_by(Person.sort_name, Person.id).limit(_MOST)


def count_reports(person: Person) -> int:
    """Count who reports to a person: as many as one manager has, read from one index."""
    [(count,)] = read_rows(_reports(), {"manager": person.id})
    return int(count)


@prepared
def _reports() -> Select[int]:
    return select(func.count()).where(Person.manager_id == bindparam("manager"), Person.present == true())


def line_above(person: Person) -> list[Colleague]:
    """Return the managers above a person, the highest first; a circle ends where it closes."""
    found = (Colleague(*row) for row in read_rows(_line_above(), {"person": person.id}))
    return list(dict.fromkeys(other for other in found if other.id != person.id))[::-1]


@prepared
def _line_above() -> Select[Any]:
    line = select(Person.id, Person.manager_id, literal(0).label("depth")).where(
        Person.id == bindparam("person")
    )
    walk = line.cte("line", recursive=True)
    above = select(Person.id, Person.manager_id, walk.c.depth + 1).join(walk, Person.id == walk.c.manager_id)
    walk = walk.union_all(above.where(Person.present == true(), walk.c.depth < HIGHEST_LINE))
    query = select(*_LINE).join(walk, walk.c.id == Person.id)
    return query.where(walk.c.depth > 0).order_by(walk.c.depth)


def list_team(person: Person, *, limit: int) -> Sequence[Colleague]:
    """List who has the same manager as a person; of somebody without one, who reports to them."""
    return _list(limit, manager=person.manager_id or person.id, but=person.id).people


def list_newcomers(member: Member, *, limit: int) -> Sequence[Colleague]:
    """List who joined last, the latest first."""
    return [Colleague(*row) for row in read_rows(_newcomers(), {"but": member.id, "most": limit})]


@prepared
def _newcomers() -> Select[Any]:
    query = select(*_LINE).join(EventRecord, EventRecord.person_id == Person.id)
    query = query.where(
        EventRecord.kind == Joined.kind, Person.present == true(), Person.id != bindparam("but")
    )
    return query.order_by(EventRecord.id.desc()).limit(_MOST)


def _list(
    limit: int, after: int | None = None, words: Sequence[str] = (), **wanted: int | str | None
) -> People:
    """List people by name: those who have all the words in theirs, and what is wanted; `but` one of them."""
    words = _rarest_first(words)
    values: dict[str, Any] = {name: value for name, value in wanted.items() if value is not None}
    values.update((f"word{number}", word) for number, word in enumerate(words))
    values.update(_place(after, words[0] if words else None, values.get("initial", "")))
    query = _statement(frozenset(values), len(words))
    people = [Colleague(*row) for row in read_rows(query, {**values, "most": limit + 1})]
    more = len(people) > limit
    return People(people[:limit], people[limit - 1].id if more else None)


def _place(after: int | None, word: str | None, initial: str) -> dict[str, Any]:
    """Return by what the person is sorted whom the last page ended with, if they are in the list."""
    if after is None:
        return {}
    if word is None:
        found = read_rows(_name_of(), {"after": after})
        name = found[0].sort_name if found else ""
        return {"after": after, "after_name": name} if name >= initial else {}
    named = read_rows(_word_of(), {"after": after, "word": word})
    return {"after": after, "after_word": named[0].word, "after_name": named[0].sort_name} if named else {}


@prepared
def _name_of() -> Select[str]:
    return select(Person.sort_name).where(Person.id == _AFTER)


@prepared
def _word_of() -> Select[str, str]:
    names = select(PersonName.word, PersonName.sort_name).where(PersonName.person_id == _AFTER)
    begun = names.where(*_begins(PersonName.word, bindparam("word", type_=String)))
    return begun.order_by(PersonName.word).limit(1)


@prepared
def _statement(given: frozenset[str], words: int) -> Select[Any]:
    """Make the query of a list that is narrowed by what is given, once for all of its kind."""
    query = _by_name(words, "after" in given) if words else _in_order("after" in given)
    for name, column in (
        ("site", Person.site_id),
        ("department", Person.department_id),
        ("manager", Person.manager_id),
    ):
        if name in given:
            query = query.where((_left_alone(column, 0) if words else column) == bindparam(name))
    if "initial" in given:
        query = query.where(*_begins(Person.sort_name, bindparam("initial", type_=String)))
    if "but" in given:
        query = query.where(Person.id != bindparam("but"))
    return query.limit(_MOST)


def _in_order(after: bool) -> Select[Any]:
    key = (Person.sort_name, Person.id)
    query = _cards().where(Person.present == true()).order_by(*key)
    if not after:
        return query
    return query.where(tuple_(*key) > tuple_(bindparam("after_name", type_=String), _AFTER))


def _by_name(words: int, after: bool) -> Select[Any]:
    """Find people by words of their name, in the order of the word that leads.

    The rarest word leads along the index (word, sort_name, person_id), the others are looked up for each
    person it meets. Who has two words that begin alike is met at the first of them only.
    """
    first, *others = (unseen(bindparam(f"word{number}", type_=String)) for number in range(words))
    name, same = aliased(PersonName), aliased(PersonName)
    key = (name.word, name.sort_name, name.person_id)
    query = _cards().join(name, name.person_id == Person.id).where(*_begins(name.word, first))
    query = query.where(_left_alone(Person.present, false()))
    query = query.where(
        ~_looked_up(same.person_id == name.person_id, same.word >= first, same.word < name.word)
    )
    query = query.where(*(_has_word(name, word) for word in others)).order_by(*key)
    if not after:
        return query
    last = (bindparam(given, type_=String) for given in ("after_word", "after_name"))
    return query.where(tuple_(*key) > tuple_(*last, _AFTER))


def _left_alone(column: Any, otherwise: Any) -> Any:
    """Return a column as an expression that no index serves: it checks whom a name's index has found.

    SQLite's planner, without statistics, takes an index of `present` to be a good start, and reads everybody.
    """
    return func.coalesce(column, otherwise)


def _has_word(name: type[PersonName], word: Any) -> Any:
    other = aliased(PersonName)
    return _looked_up(other.person_id == name.person_id, *_begins(other.word, word))


def _looked_up(*conditions: Any) -> Any:
    """Return an EXISTS asked for each person met: without OFFSET, PostgreSQL reads all such words first."""
    return select(literal(1)).where(*conditions).offset(0).exists()


def _begins(column: Any, prefix: Any) -> tuple[Any, Any]:
    return column >= prefix, column < prefix + LAST


def _rarest_first(words: Sequence[str]) -> list[str]:
    """Sort words by how many names begin with each, counted only as far as tells rare from common."""
    if len(words) < 2:
        return list(words)
    found = read_rows(_counts(len(words)), {f"word{number}": word for number, word in enumerate(words)})[0]
    return [
        word
        for _count, _length, word in sorted(zip(found, (-len(word) for word in words), words, strict=True))
    ]


@prepared
def _counts(words: int) -> Select[Any]:
    begins = (_begins(PersonName.word, bindparam(f"word{number}", type_=String)) for number in range(words))
    found = (select(PersonName.person_id).where(*each).limit(200).subquery() for each in begins)
    return select(*(select(func.count()).select_from(each).scalar_subquery() for each in found))
