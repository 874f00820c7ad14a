"""Groups of the demo company, with what is said in them: all by the same rules as what people do."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from parvis.api import Member, Person, db, utcnow
from parvis.testing.moment import later
from parvis_social.api import (
    Content,
    Role,
    add_member,
    comment,
    keep_file,
    lock,
    mark_answer,
    pin,
    post,
    prepare_file,
    react,
    set_role,
)
from sqlalchemy import select

from ..domain.change import archive_group
from ..domain.create import create_group
from ..domain.life import count_life
from ..domain.request import ask
from ..models import Group

TEXTS = Path(__file__).with_name("life.toml")
DAYS = 75
"""Over how many days the conversations are spread, up to today."""

BEGUN = timedelta(days=110)
TEXTS_SAID = (
    "name", "purpose", "description", "access", "scope", "theme", "languages", "tags", "difference",
    "second_name", "second_purpose",
)  # fmt: skip
KINDS = ("like", "like", "like", "celebrate", "insight", "support", "laugh")

HINTS = (
    "As {company.newcomer.given_name}: open a group called “Photos”, and see which there are already.",
    "As {company.group_owner.given_name}: answer the two who ask to join your closed group.",
    "As {company.community_manager.given_name}: look after the newcomers' group; propose to merge it.",
)

Moment = tuple[datetime, Callable[[], object]]


def show(company: Any) -> Iterator[Moment]:
    """Say what happens when: groups are opened, people join, talk, react; the same every time."""
    chance = Random("groups")
    query = select(Member).join(Person, Person.id == Member.id).order_by(Person.username)
    people = list(db.session.scalars(query))
    named = {member.person.username: member for member in people}
    called = {name: named[getattr(company, name).username] for name in ("group_owner", "community_manager")}
    for told in tomllib.loads(TEXTS.read_text(encoding="utf-8"))["group"]:
        founder = called.get(told.get("founder", "")) or chance.choice(people)
        if not _works_at(founder, told.get("at")):
            founder = next(member for member in people if _works_at(member, told["at"]))
        yield from Story(told, founder, people, chance).moments()
    yield utcnow(), count_life


def _works_at(member: Member, city: str | None) -> bool:
    site = member.person.site
    return city is None or (site is not None and site.name == city)


class Story:
    """What happens in one group; `chance` draws the lots ahead, so that they are the same every time."""

    def __init__(self, told: dict[str, Any], founder: Member, people: list[Member], chance: Random) -> None:
        self.told, self.founder, self.chance = told, founder, chance
        others = [person for person in people if person is not founder]
        joining = chance.sample(others, min(told["size"] - 1, len(others)))
        self.members = [founder, *joining]
        self.outside = [person for person in others if person not in joining]
        self.group: Group

    def moments(self) -> Iterator[Moment]:
        """Give what happens, with its moments, not yet in their order."""
        opened = utcnow() - BEGUN - timedelta(days=self.chance.randint(0, 200))
        yield opened, partial(self._open, opened)
        for thread in self.told.get("thread", ()):
            at = utcnow() - timedelta(days=self.chance.random() ** 2 * DAYS, hours=3)
            yield from self._thread(thread, at)
        for message, who in zip(self.told.get("requests", ()), self.outside, strict=False):
            yield utcnow(), partial(self._ask, message, who)
        if self.told.get("archived"):
            yield utcnow(), lambda: archive_group(group=self.group, actor=self.founder)

    def _open(self, at: datetime) -> None:
        said = {name: self.told[name] for name in TEXTS_SAID if name in self.told}
        person = self.founder.person
        unit = {"site": person.site_id, "department": person.department_id}.get(self.told.get("scope", ""))
        self.group = create_group(**said, unit_id=unit, actor=self.founder)
        place = self.group.place
        place.created_at = at
        for member in self.members[1:]:
            add_member(place=place, person_id=member.id, actor=member)
        if len(self.members) > 8:
            set_role(place=place, person_id=self.members[1].id, role=Role.MODERATOR)

    def _thread(self, thread: dict[str, Any], at: datetime) -> Iterator[Moment]:
        """Have a post written and commented."""
        author, written = self.chance.choice(self.members), list[Content]()
        yield at, partial(self._write, thread, author, written, at)
        for words in thread.get("comments", ()):
            at = later(at, self.chance)
            who = self.chance.choice([member for member in self.members if member is not author])
            yield at, partial(self._comment, self._named(words), who, written, at)
        yield later(at, self.chance), partial(self._end, thread, author, written)
        for number in range(1 + len(thread.get("comments", ()))):
            for member in self.chance.sample(self.members, self._how_many(number)):
                kind = self.chance.choice(KINDS)
                yield later(at, self.chance), partial(self._react, written, number, member, kind)

    def _write(self, thread: dict[str, Any], author: Member, written: list[Content], at: datetime) -> None:
        text, files = self._named(thread["text"]), self._picture(thread, author)
        written.append(_dated(post(place=self.group.place, text=text, actor=author, files=files), at))

    def _comment(self, words: str, who: Member, written: list[Content], at: datetime) -> None:
        written.append(_dated(comment(root=written[0], text=words, actor=who), at))

    def _ask(self, message: str, who: Member) -> None:
        ask(group=self.group, message=message, actor=who)

    def _react(self, written: list[Content], number: int, member: Member, kind: str) -> None:
        react(content=written[number], kind=kind, actor=member)

    def _end(self, thread: dict[str, Any], author: Member, written: list[Content]) -> None:
        """Mark the answer, pin, close."""
        if thread.get("answer"):
            mark_answer(comment=written[thread["answer"]], actor=author)
        if thread.get("pinned"):
            pin(content=written[0], actor=self.founder)
        if thread.get("locked"):
            lock(content=written[0], reason=thread["locked"], actor=self.founder)

    def _named(self, text: str) -> str:
        return text.replace("{someone}", f"@{self.chance.choice(self.members).person.handle}")

    def _how_many(self, number: int) -> int:
        many = self.chance.choice((0, 0, 1, 2, 4, 7) if number == 0 else (0, 0, 0, 1, 2))
        return min(many, len(self.members))

    def _picture(self, thread: dict[str, Any], author: Member) -> list[int]:
        from parvis.testing.scene import scene  # noqa: PLC0415 - the demo's pictures, never needed otherwise

        if "picture" not in thread:
            return []
        drawn = scene(thread["picture"], thread["text"], 1000)
        prepared = prepare_file(data=drawn, filename=f"{thread['picture']}.jpg", actor=author)
        words = thread["text"].splitlines()[0][:120]
        return [keep_file(prepared=prepared, actor=author, alternative=words).id]


def _dated(content: Content, at: datetime) -> Content:
    """Put a content back in time, and its place with it: only the demo does."""
    content.created_at = at
    content.place.active_at = at
    db.session.flush()
    return content
