"""People are found by what they say they know, by every name that it has; and questions, too."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from parvis.api import EventRecord, Member, SearchWords, db
from sqlalchemy import select

from .domain.vocabulary import names_like, reader_language
from .domain.word import skill_key
from .event import Declared, SkillRenamed, SkillsMerged
from .models import KNOWING, RANKS, Declaration, Level, Skill, SkillName

ABLE = RANKS[Level.EXPERT]
"""Up to this rank it is one of somebody's topics; whoever practises it is found after them."""


def words_of_people() -> SearchWords:
    """Return what is added to people: the names of their skills, but for those they would like to learn."""
    return SearchWords(name="core:person", load=_load, changed=_changed, show=_show)


def words_of_questions(tags_of: Callable[[Sequence[int]], Mapping[int, Sequence[str]]]) -> SearchWords:
    """Return what is added to questions: all names of the skill whose tag they carry, as
    a part of their text: who knows something has it as a topic, and counts more.

    Args:
        tags_of: gives the tags of questions, by their ids, in one query.
    """

    def load(ids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
        tags = {id: [skill_key(tag.replace("-", " ")) for tag in found] for id, found in tags_of(ids).items()}
        names = names_like(each for found in tags.values() for each in found)
        return {
            id: ("", "\n".join(name for key in found for name in names[key])) for id, found in tags.items()
        }

    return SearchWords("social:question", load, changed=lambda _event: (), show=lambda _ids, _viewer: {})


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
        select(Declaration.person_id, Skill.english, Skill.french)
        .join(Skill, Skill.id == Declaration.skill_id)
        .where(Declaration.person_id.in_(ids), Declaration.rank <= KNOWING)
        .order_by(Declaration.rank, Skill.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for person_id, english, french in db.session.execute(query):
        name, other = (french, english) if reader_language() == "fr" else (english, french)
        found[person_id].append(f"{name} ({other})" if name and other not in ("", name) else name or other)
    return {person_id: ", ".join(names) for person_id, names in found.items()}
