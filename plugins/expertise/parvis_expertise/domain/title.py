"""What the directory calls people: by it those are found who say nothing of themselves, or never came."""

from collections.abc import Sequence

from parvis.api import Person, db
from sqlalchemy import ColumnElement, Select, delete, insert, literal, or_, select
from sqlalchemy.orm import aliased, joinedload, load_only

from ..models import KNOWING, Declaration, TitleWord
from .people import CARD, Filter
from .word import SMALL, WORD_LENGTH, skill_words

MOST = 20
MOST_WAYS = 12
MOST_WORDS = 4
LAST = "\U0010ffff"


def index_title(person_id: int) -> None:
    """Keep by what words somebody's title is found."""
    db.session.execute(delete(TitleWord).where(TitleWord.person_id == person_id))
    title = db.session.scalar(select(Person.title).where(Person.id == person_id))
    words = dict.fromkeys(word[:WORD_LENGTH] for word in skill_words(title or "") if word not in SMALL)
    if words:
        db.session.execute(insert(TitleWord), [{"person_id": person_id, "word": word} for word in words])


def people_titled(ways: Sequence[Sequence[str]], wanted: Filter, *, but: Sequence[int]) -> Sequence[Person]:
    """Return people whose title has all the words of one of some ways to say it, by name.

    Args:
        ways: folded words; a word of five letters or more is found by its beginning.
        but: ids of skills: who says that they have one of them is listed for that.
    """
    if not ways:
        return []
    query = select(Person).where(or_(*(Person.id.in_(_with_words(words)) for words in ways[:MOST_WAYS])))
    query = query.where(Person.present.is_(True))
    for column, unit in ((Person.site_id, wanted.site), (Person.department_id, wanted.department)):
        if unit is not None:
            query = query.where(column == unit)
    if but:
        says = select(literal(1)).where(
            Declaration.person_id == Person.id, Declaration.skill_id.in_(but), Declaration.rank <= KNOWING
        )
        query = query.where(~says.exists())
    query = query.order_by(Person.sort_name, Person.id).limit(MOST)
    query = query.options(load_only(*CARD), joinedload(Person.site), joinedload(Person.department))
    return db.session.scalars(query).all()


def _with_words(words: Sequence[str]) -> Select[int]:
    first, *others = (word[:WORD_LENGTH] for word in words[:MOST_WORDS])
    query = select(TitleWord.person_id).where(*_is(TitleWord, first))
    for word in others:
        other = aliased(TitleWord)
        query = query.join(other, other.person_id == TitleWord.person_id).where(*_is(other, word))
    return query


def _is(title: type[TitleWord], word: str) -> tuple[ColumnElement[bool], ...]:
    if len(word) < 5:
        return (title.word == word,)
    return title.word >= word, title.word < word + LAST
