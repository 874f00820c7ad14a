"""Find an expert: a question as one would ask it, understood by what skills and places are called.

Nothing is learnt and nothing is kept of what is asked. Words that make a question are dropped; what is left
is looked for among the names of skills and places, the longest run of words first; what is not found so is
compared with names that begin alike, so that typing errors are forgiven. It may be somebody's name, too.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple

from parvis.api import clean, db
from sqlalchemy import case, or_, select

from ..models import Skill, SkillName
from .people import Choices
from .title import Called
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
    """A site or a department that a question names, or a skill: `kind` is `skill` then."""

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
    called: list[Called] = field(default_factory=list)
    """How it may be somebody's name."""
    left: list[str] = field(default_factory=list)
    """Words of which nothing is known."""

    @property
    def is_certain(self) -> bool:
        """Whether a skill was named as it is called: somebody's name comes after it then."""
        return bool(self.skills) and not self.corrected


class _Run(NamedTuple):
    start: int
    end: int
    text: str
    before: str
    """The word before it, as a place has one: `a`, `in`."""

    @property
    def numbers(self) -> set[int]:
        """Which words of the question it has."""
        return {*range(self.start, self.end)}


@dataclass
class _Reading:
    """What a question was read as so far, and by what names it is read, by their keys."""

    places: dict[str, Named]
    names: dict[str, Named]
    skills: list[int] = field(default_factory=list)
    units: dict[str, Named] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)
    corrected: list[tuple[str, str]] = field(default_factory=list)

    def take(self, run: _Run, key: str) -> Named | None:
        """Take a run of words for the place or the skill of a key; return which, None if it is neither."""
        place, skill = self.places.get(key), self.names.get(key)
        if place and (skill is None or run.before in BEFORE_PLACES) and place.kind not in self.units:
            self.units[place.kind] = place
        elif skill is None or (skill.id not in self.skills and len(self.skills) == MOST_SKILLS):
            return None
        elif skill.id not in self.skills:
            self.skills.append(skill.id)
        self.taken |= run.numbers
        return place if place in self.units.values() else skill


def understand(question: str, choices: Choices) -> Understood:
    """Say what a question is about, in two queries.

    Args:
        choices: the sites and departments there are.
    """
    words = skill_words(clean(question)[:MOST_CHARACTERS])[:MOST_WORDS]
    runs, places = list(_runs(words)), _places(choices)
    reading = _Reading(places, _names(runs))
    for run in runs:
        if not reading.taken & run.numbers:
            reading.take(run, run.text)
    exact = set(reading.taken)
    _forgive([run for run in runs if not exact & run.numbers], reading)
    said = [n for n, word in enumerate(words) if word not in SMALL and word not in ASKING]
    skills, names = _skills(reading.skills)
    left = [words[n] for n in said if n not in reading.taken]
    return Understood(
        skills, reading.units.get("site"), reading.units.get("department"), reading.corrected,
        ways=_ways(skills, names, left), names=names[0] if names else [],
        called=_called(words, said, exact), left=left,
    )  # fmt: skip


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


def _names(runs: Sequence[_Run]) -> dict[str, Named]:
    """Return the names of skills that are runs of words, and those that begin as one does: one query."""
    if not runs:
        return {}
    key, exact = SkillName.key, SkillName.key.in_({run.text for run in runs})
    letters = sorted({run.text[0] for run in runs if _may_be_mistyped(run)})
    begins = ((key >= letter) & (key < letter + LAST) for letter in letters)
    query = select(key, SkillName.skill_id, SkillName.name).where(or_(exact, *begins))
    query = query.order_by(case((exact, 0), else_=1), key).limit(COMPARED)
    return {each.key: Named("skill", each.skill_id, each.name) for each in db.session.execute(query)}


def _skills(ids: Sequence[int]) -> tuple[list[Skill], list[list[str]]]:
    """Return skills in their order, and all names of each: one query."""
    query = select(Skill, SkillName.name).join(SkillName, SkillName.skill_id == Skill.id)
    found: dict[int, tuple[Skill, list[str]]] = {}
    for skill, name in db.session.execute(query.where(Skill.id.in_(ids))) if ids else ():
        found.setdefault(skill.id, (skill, []))[1].append(name)
    names = [[*dict.fromkeys([*found[id][1], *found[id][0].names])] for id in ids]
    return [found[id][0] for id in ids], names


def _may_be_mistyped(run: _Run) -> bool:
    return len(run.text) >= FEWEST_LETTERS and len(run.text.split()) <= 3


def _forgive(loose: Sequence[_Run], reading: _Reading) -> None:
    """Take what was mistyped, or begun, for the name that is most like it."""
    known = {**reading.names, **reading.places}
    for run in filter(_may_be_mistyped, loose):
        key = None if reading.taken & run.numbers else _like(run.text, known)
        if key and (meant := reading.take(run, key)):
            reading.corrected.append((run.text, meant.name))


def _like(text: str, known: Iterable[str]) -> str | None:
    near = [name for name in known if name[0] == text[0] and abs(len(name) - len(text)) <= 2]
    if alike := get_close_matches(text, near, n=1, cutoff=LIKENESS):
        return alike[0]
    begun = [name for name in known if name.startswith(text)]
    return min(begun, key=len) if begun else None


def _ways(skills: Sequence[Skill], names: Sequence[list[str]], left: list[str]) -> list[list[str]]:
    """Return the ways in which a title says the same: each name of the one skill; of several, none."""
    if len(skills) == 1:
        return [skill_key(name).split() for name in names[0]]
    return [left] if left and not skills else []


def _called(words: Sequence[str], said: Sequence[int], exact: set[int]) -> list[Called]:
    """Return how what was said may be somebody's name: all of it; or what is no skill's and no place's name.

    A word that is such a name is one of a person's as it is; others may have been begun only. Where nothing
    is said but what makes a question, that may be a name, too: Guy is one.
    """
    every = [(words[n], n not in exact) for n in said]
    every = every or [(word, False) for word in words if word not in SMALL]
    loose = [each for each in every if each[1]]
    ways = [Called(tuple(every), anywhere=True)] if every else []
    return [*ways, Called(tuple(loose))] if loose and loose != every else ways
