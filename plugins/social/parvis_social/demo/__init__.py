"""What the demo company's people write on walls, and whom they follow: by the same rules as everybody."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from parvis.api import Member, Person, db, utcnow
from parvis.testing.moment import later
from sqlalchemy import select

from ..content.comment import comment
from ..content.models import Content
from ..content.post import post
from ..content.reaction import KINDS, react
from ..place.follow import follow_person
from ..place.wall import wall_of

TEXTS = Path(__file__).with_name("life.toml")
FOLLOWED = (2, 7)
BEGUN = timedelta(days=120)

HINTS = (
    "Write on your wall, mention somebody with @, add a picture; react and comment under what others wrote.",
    "Choose what the home page shows, and in which order; follow a colleague, a group, a #tag; mute a group.",
)

Moment = tuple[datetime, Callable[[], object]]


def show(company: Any) -> Iterator[Moment]:
    """Say what happens when: people follow each other, write, answer, react; the same every time."""
    chance, people = Random("social"), everybody()
    by_name = {member.person.username: member for member in people}
    for member in people:
        for followed in chance.sample(people, chance.randint(*FOLLOWED)):
            if followed is not member:
                yield utcnow() - BEGUN, partial(follow_person, person=followed.person, actor=member)
    for told in tomllib.loads(TEXTS.read_text(encoding="utf-8"))["post"]:
        author = _called(company, told.get("by"), by_name) or chance.choice(people)
        wall = _called(company, told.get("on"), by_name) or author
        at = utcnow() - timedelta(days=told["days"], hours=chance.randint(1, 9))
        yield from _thread(told, author, wall, at, people, chance)


def everybody() -> list[Member]:
    """Return the members of the demo, in one order."""
    query = select(Member).join(Person, Person.id == Member.id).order_by(Person.username)
    return list(db.session.scalars(query))


def _thread(
    told: dict[str, Any], author: Member, wall: Member, at: datetime, people: list[Member], chance: Random
) -> Iterator[Moment]:
    written: list[Content] = []

    def begin() -> None:
        written.append(dated(post(place=wall_of(wall.person), text=told["text"], actor=author), at))

    def go_on(words: str, who: Member, moment: datetime) -> None:
        dated(comment(root=written[0], text=words, actor=who), moment)

    def admire(who: Member, kind: str) -> None:
        react(content=written[0], kind=kind, actor=who)

    yield at, begin
    for member in chance.sample(people, chance.randint(0, 9)):
        kind = chance.choice(list(KINDS))
        yield later(at, chance, 400), partial(admire, member, kind)
    for words in told.get("comments", ()):
        at = later(at, chance, 400)
        yield at, partial(go_on, words, chance.choice(people), at)


def dated(content: Content, at: datetime) -> Content:
    """Put a content back in time, and its place with it: only the demo does."""
    content.created_at = at
    content.place.active_at = at
    db.session.flush()
    return content


def _called(company: Any, name: str | None, by_name: dict[str, Member]) -> Member | None:
    """Return one of those whom the company calls by name (`chief_executive`)."""
    return by_name.get(getattr(company, name).username) if name else None
