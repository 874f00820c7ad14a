"""What the directory calls people, by name and by title: so those are found who say nothing of themselves."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from parvis.api import Person, PersonName, db
from sqlalchemy import ColumnElement, Select, case, delete, false, func, insert, literal, select, union_all
from sqlalchemy.orm import aliased, joinedload, load_only

from ..models import KNOWING, Declaration, TitleWord
from .people import CARD, Filter, in_units
from .word import SMALL, WORD_LENGTH, skill_words

MOST = 20
MOST_WAYS = 12
MOST_WORDS = 4
FEWEST = 3
"""Shorter words are no beginnings."""
LAST = "\U0010ffff"


def index_title(person_id: int) -> None:
    """Keep by what words somebody's title is found."""
    db.session.execute(delete(TitleWord).where(TitleWord.person_id == person_id))
    title = db.session.scalar(select(Person.title).where(Person.id == person_id))
    words = dict.fromkeys(word[:WORD_LENGTH] for word in skill_words(title or "") if word not in SMALL)
    if words:
        db.session.execute(insert(TitleWord), [{"person_id": person_id, "word": word} for word in words])


class Called(NamedTuple):
    """How a question may say somebody's name: each folded word, and whether it may be a beginning.

    `anywhere`: the place that the question names is not looked at, since it may be a part of the name.
    """

    words: tuple[tuple[str, bool], ...]
    anywhere: bool = False


class Known(NamedTuple):
    """Somebody whom the directory calls so: by their name, else by their title."""

    person: Person
    by_name: bool


def people_called(
    ways: Sequence[Sequence[str]],
    names: Sequence[Called],
    wanted: Filter,
    *,
    chosen: Filter,
    but: Sequence[int] = (),
) -> list[Known]:
    """Return people whose name or title has all the words of one of some ways to say it, those called so
    first, by name: one query, `MOST` people.

    Args:
        ways: folded words of titles; a word of five letters or more is found by its beginning.
        wanted: to what the list is narrowed, of which the reader has chosen `chosen`.
        but: ids of skills: who says that they have one of them is not listed for their title.
    """
    found = [_those(_named(each.words), chosen if each.anywhere else wanted) for each in names]
    found += [_those(_titled(words), wanted, but) for words in ways[:MOST_WAYS]]
    if not found:
        return []
    ranked = [each.add_columns(literal(number).label("rank")) for number, each in enumerate(found)]
    either = union_all(*ranked).subquery()
    first = select(either.c.id, func.min(either.c.rank).label("rank")).group_by(either.c.id).subquery()
    query = select(Person, first.c.rank).join(first, first.c.id == Person.id)
    order = case((first.c.rank < len(names), first.c.rank), else_=len(names))
    query = query.order_by(order, Person.sort_name, Person.id).limit(MOST)
    query = query.options(load_only(*CARD), joinedload(Person.site), joinedload(Person.department))
    return [Known(person, rank < len(names)) for person, rank in db.session.execute(query)]


def _those(ids: Select[int], wanted: Filter, but: Sequence[int] = ()) -> Select[Any]:
    """Return the ids of those among some who are in the company and whom a filter leaves, in a form that does
    not start from an index of all who are present."""
    present = func.coalesce(Person.present, false())
    query = select(Person.id).where(Person.id.in_(ids), present, *in_units(wanted))
    if but:
        says = select(literal(1)).where(
            Declaration.person_id == Person.id, Declaration.skill_id.in_(but), Declaration.rank <= KNOWING
        )
        query = query.where(~says.exists())
    return query


def _named(words: Sequence[tuple[str, bool]]) -> Select[int]:
    """Return whose name has all of some words: the longest leads, being the rarest most often."""
    (first, begun), *others = sorted(words[:MOST_WORDS], key=lambda each: -len(each[0]))
    query = select(PersonName.person_id).where(*_is_word(PersonName.word, first, begun))
    for word, may_be_begun in others:
        other = aliased(PersonName)
        query = query.join(other, other.person_id == PersonName.person_id)
        query = query.where(*_is_word(other.word, word, may_be_begun))
    return query


def _titled(words: Sequence[str]) -> Select[int]:
    first, *others = (word[:WORD_LENGTH] for word in words[:MOST_WORDS])
    query = select(TitleWord.person_id).where(*_is_word(TitleWord.word, first, len(first) > 4))
    for word in others:
        other = aliased(TitleWord)
        query = query.join(other, other.person_id == TitleWord.person_id).where(
            *_is_word(other.word, word, len(word) > 4)
        )
    return query


def _is_word(column: Any, word: str, begun: bool) -> tuple[ColumnElement[bool], ...]:
    """Return the condition of a word; of one that may be `begun` and is no mere letter or two, a range."""
    if not begun or len(word) < FEWEST:
        return (column == word,)
    return column >= word, column < word + LAST
