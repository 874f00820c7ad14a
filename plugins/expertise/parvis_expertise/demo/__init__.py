"""What the people of the demo company know, each by their trade; colleagues confirm some of it, and ask."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from parvis.api import Member, Person, db, utcnow
from sqlalchemy import select

from ..domain.contribution import give_consent
from ..domain.declare import declare
from ..domain.endorse import ask_colleague, endorse
from ..domain.map import count_spots
from ..domain.title import index_title
from ..models import KNOWING, LANGUAGE, Curator, Declaration, Endorsement, Level, Skill
from ..optional import with_social

TEXTS = Path(__file__).with_name("life.toml")
HINTS = (
    "Search for “soudage” or “M2M”: a question that was answered, one that waits; ask the experts yours.",
    "Under Experts, ask “who knows about welding in Nantes?”, or “qui connait l'usinage ?”.",
    "As {company.newcomer.given_name}: say what you know, and ask {company.group_owner.name} to confirm it.",
)
Moment = tuple[datetime, Callable[[], object]]


def show(company: Any) -> Iterator[Moment]:
    """Say what happens when: people say what they know, then confirm what colleagues do."""
    query = select(Member).join(Person, Person.id == Member.id).order_by(Person.username)
    people = list(db.session.scalars(query))
    story = Story(people, company.community_manager.username)
    yield utcnow() - timedelta(days=90), _index_titles
    manager = next(each for each in people if each.person.username == story.manager)
    # as the directory's group would say
    yield utcnow() - timedelta(days=89), lambda: db.session.add(Curator(person_id=manager.id))
    yield from story.moments()
    if with_social() is not None:
        from .asking import Question  # noqa: PLC0415 - it imports social, which may not be there

        for told in story.told["question"]:
            yield from Question(told, people, Random(told["skill"])).moments()
    yield utcnow() - timedelta(minutes=5), count_spots


def _index_titles() -> None:
    for person_id in db.session.scalars(select(Person.id)):
        index_title(person_id)


class Story:
    """What happens; `chance` draws the lots, the same every time."""

    def __init__(self, people: Sequence[Member], manager: str) -> None:
        self.people, self.manager, self.chance = people, manager, Random("expertise")
        self.told: dict[str, Any] = tomllib.loads(TEXTS.read_text(encoding="utf-8"))

    def moments(self) -> Iterator[Moment]:
        """Give what happens, with its moments."""
        for number, member in enumerate(self.people):
            yield utcnow() - timedelta(days=80 - number / 4), partial(self._say, member)
        for number in range(len(self.people) * 3):
            yield utcnow() - timedelta(days=40 - number / 12), self._confirm
        yield utcnow() - timedelta(hours=3), self._ask

    def _say(self, member: Member) -> None:
        if member.person.username == self.manager:
            declare(said=self.told["manager"], actor=member)
            return
        family = self.told["trades"].get(member.person.job_family or "", [])
        names = dict.fromkeys([*self._some(family, 5, 2), *self._some(self.told["shared"], 2)])
        said: dict[str, list[str]] = {level: [] for level in Level}
        for name in names:
            level = self.chance.choices(("teach", "expert", "practise", "learn"), (2, 3, 5, 2))[0]
            said[level].append(name)
            if level in ("teach", "expert") and self.chance.random() < 0.6:
                said["ask"].append(name)
        if self.chance.random() < 0.8:
            give_consent(actor=member)
        said["practise"] += self._some(self.told["languages"], 2)
        said["wish"] += self._some(self.told["wished"], 1)
        declare(said={level: ", ".join(listed) for level, listed in said.items()}, actor=member)

    def _some(self, names: Sequence[str], most: int, least: int = 1) -> list[str]:
        return self.chance.sample(names, min(len(names), self.chance.randint(least, most)))

    def _confirm(self) -> None:
        """Somebody confirms a skill of somebody else, as colleagues of one trade do."""
        member, by = self.chance.sample(self.people, 2)
        known = select(Declaration.skill_id).join(Skill, Skill.id == Declaration.skill_id)
        known = known.where(
            Declaration.person_id == member.id, Declaration.rank <= KNOWING, Skill.kind != LANGUAGE
        )
        skills = db.session.scalars(known.order_by(Declaration.rank, Declaration.skill_id).limit(3)).all()
        if skills:
            note = self.chance.choice(self.told["notes"])
            endorse(person=member.person, skill_id=self.chance.choice(skills), note=note, actor=by)

    def _ask(self) -> None:
        """The community manager is asked by two colleagues."""
        asked = next(member for member in self.people if member.person.username == self.manager)
        for member in self.chance.sample([each for each in self.people if each is not asked], 2):
            mine = select(Declaration.skill_id).where(
                Declaration.person_id == member.id, Declaration.rank <= 3
            )
            known = db.session.scalars(mine.order_by(Declaration.skill_id)).first()
            if known and db.session.get(Endorsement, (member.id, known, asked.id)) is None:
                ask_colleague(colleague=asked.person, skill_id=known, actor=member)
