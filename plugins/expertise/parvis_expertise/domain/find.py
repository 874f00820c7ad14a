"""Find an expert: a question as one would ask it, understood by what skills and places are called.

Nothing is learnt and nothing is kept of what is asked. Words that make a question are dropped; what is left
is looked for among the names of skills and places, the longest run of words first; what is not found so is
compared with names that begin alike, so that typing errors are forgiven.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple

from parvis.api import clean, db
from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from ..models import Skill, SkillName
from .people import Choices
from .word import SMALL, essence, skill_key, skill_words

MOST_CHARACTERS = 200
MOST_WORDS = 24
MOST_SKILLS = 3
LONGEST = 6
"""How many words the name of a skill or a place is looked for with."""
COMPARED = 3000
"""With how many names what was mistyped is compared at most."""
LIKENESS = 0.82
FEWEST_LETTERS = 4
"""Shorter words are not taken for mistyped ones: too many are alike."""
LAST = "\U0010ffff"

_ASKING = """
about aide aider aidera aiderait am any anybody anyone are au aurait avez best bien bon bonne bonjour c can
ce celui concernant cherche cherchons chercher collegue collegues colleague colleagues competence
competences competent connait connaissent connaissez connaissait connaitre could demander do does est et
etre expert experte expertes experts expertise faire fait find from gens good guy help how hello i in is it
j je know knowing knowledge knows la le looking m maitrise maitrisent me meilleur moi my n need needs nous
on our ou parle parlent person personne personnes people peut peuvent please plait pour pourrait pourra
pouvoir qu que quel quelle quelles quelqu quels question questions qui quoi recherche recherchons s sait
savent savez savoir si sil site some somebody someone speak speaks specialist specialiste specialistes
specialists svp t talk tell that there trouver travaille travaillent travailler un une us vous we what where
which who whom whose with work working works would y you your j ai besoin avons il elle ils elles department
departement service equipe team based experience experienced skill skilled skills
"""
ASKING = frozenset(_ASKING.split())
"""What makes a question of the words, and is neither a skill nor a place."""
BEFORE_PLACES = frozenset(("a", "au", "aux", "at", "chez", "dans", "en", "in", "from", "site", "departement"))


class Named(NamedTuple):
    """A site or a department that a question names."""

    kind: str
    id: int
    name: str


@dataclass
class Understood:
    """What a question was understood to be about."""

    skills: list[Skill] = field(default_factory=list)
    site: Named | None = None
    department: Named | None = None
    corrected: list[tuple[str, str]] = field(default_factory=list)
    """What was typed, and the name that it was taken for."""
    ways: list[list[str]] = field(default_factory=list)
    """Folded words by which a title in the directory says the same."""
    names: list[str] = field(default_factory=list)
    """All names of the first skill."""
    left: list[str] = field(default_factory=list)
    """Words of which nothing is known."""


class _Run(NamedTuple):
    start: int
    end: int
    text: str
    before: str
    """The word before it, as a place has one: `a`, `in`."""


def understand(question: str, choices: Choices) -> Understood:
    """Say what a question is about: at most two queries, and three where something was mistyped.

    Args:
        choices: the sites and departments there are.
    """
    words = skill_words(clean(question)[:MOST_CHARACTERS])[:MOST_WORDS]
    runs = list(_runs(words))
    places = _places(choices)
    named = _named_skills(run.text for run in runs)
    found, taken = Understood(), set[int]()
    for run in runs:
        if not taken & {*range(run.start, run.end)} and _take(run, found, places, named):
            taken |= {*range(run.start, run.end)}
    loose = [run for run in runs if not taken & {*range(run.start, run.end)}]
    if loose:
        _forgive(loose, found, places, taken)
    found.left = [
        word for number, word in enumerate(words)
        if number not in taken and word not in SMALL and word not in ASKING
    ]  # fmt: skip
    found.ways = _ways(found)
    return found


def _runs(words: Sequence[str]) -> Iterator[_Run]:
    """Give each run of words that could be a name, the longest first, without the small words inside."""
    content = [number for number, word in enumerate(words) if word not in SMALL]
    for length in range(LONGEST, 0, -1):
        for first in range(len(content) - length + 1):
            numbers = content[first : first + length]
            run = [words[number] for number in numbers]
            if not all(word in ASKING for word in run):
                start = numbers[0]
                before = words[start - 1] if start else ""
                if before in ("l", "la", "le", "les", "the") and start > 1:
                    before = words[start - 2]
                yield _Run(start, numbers[-1] + 1, " ".join(run), before)


def _places(choices: Choices) -> dict[str, Named]:
    places: dict[str, Named] = {}
    for kind, units in (("site", choices.sites), ("department", choices.departments)):
        for unit_id, name in units:
            places.setdefault(essence(skill_words(name)), Named(kind, unit_id, name))
    return places


def _named_skills(keys: Iterable[str]) -> dict[str, tuple[Skill, list[str]]]:
    """Return the skills that have one of some keys, each with all its names: one query."""
    other = aliased(SkillName)
    query = (
        select(SkillName.key, Skill, other.name)
        .join(Skill, Skill.id == SkillName.skill_id)
        .join(other, other.skill_id == Skill.id)
        .where(SkillName.key.in_(set(keys)))
    )
    found: dict[str, tuple[Skill, list[str]]] = {}
    for key, skill, name in db.session.execute(query):
        found.setdefault(key, (skill, []))[1].append(name)
    return found


def _take(
    run: _Run, found: Understood, places: dict[str, Named], named: dict[str, tuple[Skill, list[str]]]
) -> bool:
    """Take a run of words for the place or the skill that is called so; tell whether it is one."""
    place, skill = places.get(run.text), named.get(run.text)
    if place and (skill is None or run.before in BEFORE_PLACES) and getattr(found, place.kind) is None:
        setattr(found, place.kind, place)
        return True
    if skill is None or len(found.skills) == MOST_SKILLS:
        return False
    if skill[0] not in found.skills:
        found.skills.append(skill[0])
        found.names = found.names or skill[1]
        found.ways += [skill_key(name).split() for name in skill[1]]
    return True


def _forgive(loose: Sequence[_Run], found: Understood, places: dict[str, Named], taken: set[int]) -> None:
    """Take what was mistyped, or begun, for the name that is most like it."""
    wanted = [run for run in loose if len(run.text) >= FEWEST_LETTERS and len(run.text.split()) <= 3]
    names = _beginning_with({run.text[0] for run in wanted})
    known = [*places, *names]
    meant: dict[_Run, str] = {}
    for run in wanted:
        if not taken & {*range(run.start, run.end)} and (name := _like(run.text, known)):
            meant[run] = name
            taken |= {*range(run.start, run.end)}
    named = _named_skills(set(meant.values()) - places.keys()) if meant else {}
    for run, name in meant.items():
        if _take(run._replace(text=name), found, places, named):
            shown = places[name].name if name in places else names.get(name, name)
            found.corrected.append((run.text, shown))
        else:
            taken -= {*range(run.start, run.end)}


def _beginning_with(letters: set[str]) -> dict[str, str]:
    """Return names that begin with one of some letters, by their keys: a range of the index for each."""
    if not letters:
        return {}
    key = SkillName.key
    begins = or_(*((key >= letter) & (key < letter + LAST) for letter in sorted(letters)))
    query = select(key, SkillName.name).where(begins).order_by(key).limit(COMPARED)
    return dict(db.session.execute(query).all())


def _like(text: str, known: Sequence[str]) -> str | None:
    near = [name for name in known if name[0] == text[0] and abs(len(name) - len(text)) <= 2]
    if alike := get_close_matches(text, near, n=1, cutoff=LIKENESS):
        return alike[0]
    begun = [name for name in known if name.startswith(text)]
    return min(begun, key=len) if begun else None


def _ways(found: Understood) -> list[list[str]]:
    """Return the ways in which a title says the same: each name of the one skill; of several, none."""
    if len(found.skills) == 1:
        return found.ways
    return [found.left] if found.left and not found.skills else []
