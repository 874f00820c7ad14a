"""People are found by what they say they know, in both languages and by every name that it has."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from parvis.api import EventRecord, Member, SearchWords, db
from sqlalchemy import select

from .domain.vocabulary import reader_language
from .event import Declared, SkillRenamed, SkillsMerged
from .models import KNOWING, RANKS, Declaration, Level, Skill, SkillName

ABLE = RANKS[Level.EXPERT]
"""Up to this rank it is one of somebody's topics; whoever practises it is found after them."""


def words_of_people() -> SearchWords:
    """Return what is added to people: the names of their skills, but for those they would like to learn."""
    return SearchWords(name="core:person", load=_load, changed=_changed, show=_show)


def _load(ids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
    query = (
        select(Declaration.person_id, Declaration.rank, SkillName.name)
        .join(SkillName, SkillName.skill_id == Declaration.skill_id)
        .where(Declaration.person_id.in_(ids), Declaration.rank <= KNOWING)
    )
    found: dict[int, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for person_id, rank, name in db.session.execute(query):
        found[person_id][rank > ABLE].append(name)
    return {person_id: ("\n".join(topics), "\n".join(body)) for person_id, (topics, body) in found.items()}


def _changed(event: EventRecord) -> Iterable[int]:
    """Return whose documents are stale: who said otherwise, or has a skill that is called otherwise."""
    if event.kind == Declared.kind and event.person_id is not None:
        return (event.person_id,)
    if event.kind not in (SkillRenamed.kind, SkillsMerged.kind):
        return ()
    skills = [event.data[name] for name in ("skill", "into") if name in event.data]
    return db.session.scalars(select(Declaration.person_id).where(Declaration.skill_id.in_(skills))).all()


def _show(ids: Sequence[int], viewer: Member) -> Mapping[int, str]:
    """Return what people know, as it is shown: the best first, with its name in the other language."""
    query = (
        select(Declaration.person_id, Skill)
        .join(Skill, Skill.id == Declaration.skill_id)
        .where(Declaration.person_id.in_(ids), Declaration.rank <= KNOWING)
        .order_by(Declaration.rank, Skill.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for person_id, skill in db.session.execute(query):
        found[person_id].append(_named(skill))
    return {person_id: ", ".join(names) for person_id, names in found.items()}


def _named(skill: Skill) -> str:
    name = skill.name_for(reader_language())
    other = skill.english if name == skill.french else skill.french
    return f"{name} ({other})" if other and other != name else name
