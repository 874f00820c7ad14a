"""Questions to those who know, in the demo company: one has an answer, one waits. It needs social."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from parvis.api import Member, db, utcnow
from parvis_social.api import Content, comment, mark_answer
from sqlalchemy import select

from ..domain.ask import ask_experts
from ..domain.vocabulary import find_skills
from ..domain.word import skill_key
from ..models import RANKS, Declaration, Level
from ..social import open_places

Moment = tuple[datetime, Callable[[], object]]


class Question:
    """One question, and what becomes of it; `chance` draws the lots, the same every time."""

    def __init__(self, told: dict[str, Any], people: Sequence[Member], chance: Random) -> None:
        self.told, self.people, self.chance = told, people, chance
        self.said: list[Content] = []

    def moments(self) -> Iterator[Moment]:
        """Give what happens, with its moments."""
        at = utcnow() - timedelta(days=self.told["days"])
        yield at, partial(self._ask, at)
        for words in self.told["answers"]:
            at += timedelta(minutes=self.chance.randint(20, 300))
            yield at, partial(self._answer, words, at)
        if self.told["answers"]:
            yield at + timedelta(days=2), partial(self._thank, at + timedelta(days=2))

    def _ask(self, at: datetime) -> None:
        """Have somebody ask who belongs to the group, where there is one; else anybody, under the tag."""
        asking = self.chance.sample(self.people, len(self.people))
        there = {member: self._group(member) for member in asking}
        actor = next((member for member in asking if there[member] is not None), asking[0])
        said = ask_experts(text=self.told["text"], skill=self.told["skill"], place=there[actor], actor=actor)
        self.said.append(_dated(said, at))

    def _group(self, member: Member) -> int | None:
        word = self.told["group"]
        return next((place.id for place in open_places(member) if word in place.name), None)

    def _answer(self, words: str, at: datetime) -> None:
        """Have somebody answer who knows it, and has not said anything yet."""
        key = skill_key(self.told["skill"])
        knows = select(Member).join(Declaration, Declaration.person_id == Member.id)
        knows = knows.where(
            Declaration.skill_id == find_skills([key])[key].id,
            Declaration.rank <= RANKS[Level.PRACTISE],
            Member.id.not_in([content.author_id for content in self.said]),
        )
        actor = db.session.scalars(knows.order_by(Declaration.rank, Member.id).limit(1)).first()
        if actor is not None:
            self.said.append(_dated(comment(root=self.said[0], text=words, actor=actor), at))

    def _thank(self, at: datetime) -> None:
        """Have the one who asked mark the answer, and say how it went."""
        asked, *answers = self.said
        actor = db.session.get_one(Member, asked.author_id)
        if answers:
            mark_answer(comment=answers[self.told["answer"]], actor=actor)
            _dated(comment(root=asked, text=self.told["thanks"], actor=actor), at)


def _dated(content: Content, at: datetime) -> Content:
    """Put a content back in time, and its place with it: only the demo does."""
    content.created_at = content.place.active_at = at
    db.session.flush()
    return content
