"""Skills and their names: found by any of them, and made by whoever needs one that is missing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from parvis.api import Invalid, Member, NotFound, Person, TooMany, db, get_locale, utcnow
from parvis.api import gettext as _
from sqlalchemy import Select, bindparam, delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from ..models import KNOWING, Declaration, NameWord, Skill, SkillName, name_in
from ..settings import settings
from .word import NAME_LENGTH, WORD_LENGTH, skill_key, skill_words

SUGGESTIONS = 8
MOST_WORDS = 5
LAST = "\U0010ffff"
"""Sorts after every letter: what begins with p lies in p <= word < p + LAST."""


class SkillLabel(NamedTuple):
    """A skill as far as naming it and leading to it needs."""

    id: int
    english: str
    french: str

    def name_for(self, language: str) -> str:
        """Return its name in a language, or what it is called otherwise."""
        return name_in(language, self.english, self.french)


def reader_language() -> str:
    """Return the language in which skills are named for who reads."""
    return "fr" if str(get_locale()).startswith("fr") else "en"


def get_skill(skill_id: int) -> Skill:
    """Fetch a skill; of one that was merged, that which it became.

    Raises:
        NotFound: there is none.
    """
    skill = db.session.get(Skill, skill_id)
    if skill is not None and skill.merged_into_id is not None:
        skill = db.session.get(Skill, skill.merged_into_id)
    if skill is None:
        raise NotFound(_("There is no such skill."))
    return skill


def get_skill_with_names(skill_id: int) -> tuple[Skill, list[str]]:
    """Fetch a skill as `get_skill` does, with all its names: one query."""
    query = select(Skill, SkillName.name).join(SkillName, SkillName.skill_id == Skill.id)
    rows = db.session.execute(query.where(Skill.id == skill_id)).all()
    if not rows:
        return get_skill(skill_id), []
    return rows[0][0], [*dict.fromkeys([*(row[1] for row in rows), *rows[0][0].names])]


def suggest_skills(typed: str) -> list[Skill]:
    """Find skills while a name is being typed: any of their names, its words in any order; most used first.

    A name that is exactly what was typed comes before all.
    """
    words = list(dict.fromkeys(word[:WORD_LENGTH] for word in skill_words(typed[:NAME_LENGTH])))[:MOST_WORDS]
    if not words:
        return []
    query = select(SkillName.skill_id).distinct()
    for word in words:
        found = aliased(NameWord)
        query = query.join(found, found.name_id == SkillName.id)
        query = query.where(found.word >= word, found.word < word + LAST)
    ids = query.limit(400)
    exact = select(SkillName.skill_id).where(SkillName.key == skill_key(typed)).scalar_subquery()
    skills = select(Skill).where(Skill.id.in_(ids.scalar_subquery()))
    first = db.case((Skill.id == exact, 0), else_=1)
    skills = skills.order_by(first, Skill.people_count.desc(), func.length(Skill.english), Skill.id)
    return list(db.session.scalars(skills.limit(SUGGESTIONS)))


def find_skills(keys: Iterable[str]) -> dict[str, Skill]:
    """Return the skills that have one of some keys, by key."""
    query = select(SkillName.key, Skill).join(Skill, Skill.id == SkillName.skill_id)
    return dict(db.session.execute(query.where(SkillName.key.in_(list(keys)))).all())


def names_like(keys: Iterable[str]) -> dict[str, list[str]]:
    """Return all names of the skills that have one of some keys, by key: one query."""
    wanted = sorted(set(keys))
    found: dict[str, list[str]] = defaultdict(list)
    for key, *names in db.session.execute(_names(), {"keys": wanted}) if wanted else ():
        found[key] += [name for name in names if name and name not in found[key]]
    return found


@cache
def _names() -> Select[str, str, str, str]:
    """Return the query of all names of the skills that have one of `keys`: made once, it is asked often."""
    other = aliased(SkillName)
    query = select(SkillName.key, other.name, Skill.english, Skill.french)
    query = query.join(Skill, Skill.id == SkillName.skill_id).join(other, other.skill_id == Skill.id)
    return query.where(SkillName.key.in_(bindparam("keys", expanding=True)))


def skills_named(names: Sequence[str], *, actor: Member) -> list[Skill]:
    """Return the skills of some names in their order, making those that are missing: nobody has to approve.

    Raises:
        Invalid: a name is too long, or says nothing.
        TooMany: the actor has brought as many new ones as one may in a day.
    """
    keys = [_checked_key(name) for name in names]
    found = find_skills(keys)
    missing = {key: name for key, name in zip(keys, names, strict=True) if key not in found}
    if missing:
        _check_rate(len(missing), actor)
        for key, name in missing.items():
            found[key] = _made_once(name, key, actor)
    return list(dict.fromkeys(found[key] for key in keys))


def _checked_key(name: str) -> str:
    key = skill_key(name)
    if not key or len(name) > NAME_LENGTH:
        raise Invalid(
            _("A skill is named in at most %(limit)s characters: “%(name)s” is too long.",
              limit=NAME_LENGTH, name=name)
        )  # fmt: skip
    return key


def _check_rate(new: int, actor: Member) -> None:
    since = utcnow().replace(hour=0, minute=0, second=0, microsecond=0)
    query = select(func.count()).select_from(Skill).where(Skill.by_id == actor.id, Skill.at >= since)
    if (db.session.scalar(query) or 0) + new > settings().new_skills_per_day:
        raise TooMany(
            _("You have named many new skills today. Choose among those suggested, or go on tomorrow.")
        )


def _made_once(name: str, key: str, actor: Member) -> Skill:
    """Make a skill, or take that of whoever names it at the same moment."""
    try:
        with db.session.begin_nested():
            return _make(name, key, actor)
    except IntegrityError:
        return find_skills([key])[key]


def _make(name: str, key: str, actor: Member) -> Skill:
    """Make a skill named in the actor's language; who looks after the words adds the other."""
    language = reader_language()
    skill = Skill(english="", french="", by_id=actor.id)
    setattr(skill, "french" if language == "fr" else "english", name)
    db.session.add(skill)
    db.session.flush()
    add_name(skill, name, language, key)
    return skill


def add_name(skill: Skill, name: str, language: str, key: str) -> None:
    """Let a skill be found by one more name, whose key is not in use."""
    made = SkillName(skill_id=skill.id, language=language, name=name, key=key)
    db.session.add(made)
    db.session.flush()
    db.session.execute(insert(NameWord), _words(made.id, name))


def _words(name_id: int, name: str) -> list[dict[str, Any]]:
    words = dict.fromkeys(word[:WORD_LENGTH] for word in skill_words(name))
    return [{"name_id": name_id, "word": word} for word in words]


def remove_name(name: SkillName) -> None:
    """Let a skill no longer be found by a name."""
    db.session.execute(delete(NameWord).where(NameWord.name_id == name.id))
    db.session.delete(name)
    db.session.flush()


def recount(skill_ids: Iterable[int]) -> None:
    """Count anew who in the company knows something of some skills."""
    ids = sorted(set(skill_ids))
    if not ids:
        return
    db.session.flush()
    wanted = select(Skill.id).where(Skill.id.in_(ids)).order_by(Skill.id)
    db.session.execute(
        wanted.with_for_update(key_share=True)
    ).all()  # what others count meanwhile is seen after
    counted = (
        select(func.count())
        .select_from(Declaration)
        .join(Person, Person.id == Declaration.person_id)
        .where(Declaration.skill_id == Skill.id, Declaration.rank <= KNOWING, Person.present.is_(True))
        .correlate(Skill)
        .scalar_subquery()
    )
    counting = db.update(Skill).where(Skill.id.in_(ids)).values(people_count=counted)
    db.session.execute(counting, execution_options={"synchronize_session": "fetch"})


def popular_skills(limit: int = 40) -> list[Skill]:
    """Return the skills that most colleagues have, by name."""
    query = select(Skill).where(Skill.people_count > 0, Skill.merged_into_id.is_(None))
    query = query.order_by(Skill.people_count.desc(), Skill.id.desc()).limit(limit)
    language = reader_language()
    return sorted(db.session.scalars(query), key=lambda skill: skill_key(skill.name_for(language)))
