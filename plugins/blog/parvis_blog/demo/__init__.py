"""The chief executive's blog of the demo company, with what is said and asked in it: by everybody's rules."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from parvis.api import Member, Person, add_once, db, utcnow
from parvis.testing.moment import later
from parvis_social.api import Content, Role, comment, follow_place, prepare_file, react
from sqlalchemy import select

from ..domain.ask import add_voice, answer, ask, recount
from ..domain.blog import give_role, open_blog
from ..domain.draft import add_file, begin_draft, save_draft
from ..domain.publish import month_of, publish_draft
from ..domain.read import get_blog_by_id
from ..models import LEADER, Article, Blog, Draft, Leader, Question

TEXTS = Path(__file__).with_name("life.toml")
HINTS = (
    "Read the blog of {company.chief_executive.given_name}, ask a question, add your voice to another.",
    "As {company.chief_executive.given_name}: answer a question; write an article in two languages.",
)
SAID = ("title", "source", "second_title", "second_source", "series", "tags", "acknowledge")

Moment = tuple[datetime, Callable[[], object]]


def show(company: Any) -> Iterator[Moment]:
    """Say what happens when: the blog is opened, articles appear, people comment and ask."""
    query = select(Member).join(Person, Person.id == Member.id).order_by(Person.username)
    people = list(db.session.scalars(query))
    named = {member.person.username: member for member in people}
    chief = named[company.chief_executive.username]
    delegate = named[company.community_manager.username]
    yield from Story(people, chief, delegate).moments()


class Story:
    """What happens in the blog; `chance` draws the lots ahead, so that they are the same every time."""

    def __init__(self, people: list[Member], chief: Member, delegate: Member) -> None:
        self.chief, self.delegate, self.chance = chief, delegate, Random("blog")
        self.others = [person for person in people if person is not chief]
        self.told = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
        self.blog: Blog

    def moments(self) -> Iterator[Moment]:
        """Give what happens, with its moments."""
        yield utcnow() - timedelta(days=200), self._open
        for told in self.told["article"]:
            yield from self._article(told, utcnow() - timedelta(days=told["days"], hours=2))
        for told in self.told["question"]:
            at = utcnow() - timedelta(days=told["days"])
            yield at, partial(self._ask, told, at)

    def _open(self) -> None:
        add_once(Leader, person_id=self.chief.id)  # as the directory's group of leaders would say
        self.blog = open_blog(kind=LEADER, actor=self.chief, leader=None, **self.told["blog"])
        give_role(blog=self.blog, person=self.delegate.person, role=Role.MODERATOR, actor=self.chief)
        for member in self.others:
            follow_place(place=self.blog.place, actor=member)

    def _article(self, told: dict[str, Any], at: datetime) -> Iterator[Moment]:
        written: list[Content] = []
        yield at, partial(self._publish, told, at, written)
        moment = at
        for words in told.get("comments", ()):
            moment = later(moment, self.chance)
            who = self.chief if words.startswith("! ") else self.chance.choice(self.others)
            yield moment, partial(self._comment, words.removeprefix("! "), who, moment, written)
        fans = self.chance.sample(self.others, min(9, len(self.others)))
        for member in fans:
            yield later(at, self.chance), partial(self._react, written, member)

    def _publish(self, told: dict[str, Any], at: datetime, written: list[Content]) -> None:
        actor = self.delegate if told.get("delegate") else self.chief
        draft = begin_draft(blog=self.blog, actor=actor)
        said = {name: told[name] for name in SAID if name in told}
        if "picture" in told:
            said |= self._picture(told, draft, actor)
        save_draft(draft=draft, actor=actor, version=draft.version, **said)
        content = publish_draft(draft=draft, actor=actor, version=draft.version)
        content.created_at = content.place.active_at = at
        db.session.get_one(Article, content.id).month = month_of(at)
        written.append(content)

    def _picture(self, told: dict[str, Any], draft: Draft, actor: Member) -> dict[str, Any]:
        from parvis.testing.scene import scene  # noqa: PLC0415 - the demo's pictures, never needed otherwise

        drawn = scene(told["picture"], told["title"], 1600)
        prepared = prepare_file(data=drawn, filename=f"{told['picture']}.jpg", actor=actor)
        lead = add_file(draft=draft, prepared=prepared, actor=actor)
        return {
            "lead_id": lead["id"], "lead_alt": told["picture_alt"], "lead_caption": told["picture_caption"],
            "second_lead_alt": told["second_alt"], "second_lead_caption": told["second_caption"],
        }  # fmt: skip

    def _comment(self, words: str, who: Member, at: datetime, written: list[Content]) -> None:
        parent = written[-1].id if who is self.chief and len(written) > 1 else None
        said = comment(root=written[0], text=words, actor=who, parent_id=parent)
        said.created_at = at
        written.append(said)

    def _react(self, written: list[Content], member: Member) -> None:
        react(content=written[0], kind="like", actor=member)

    def _ask(self, told: dict[str, Any], at: datetime) -> None:
        asker, *voices = self.chance.sample(self.others, min(told["voices"], len(self.others)))
        view = get_blog_by_id(asker, self.blog.place_id)
        question: Question = ask(
            view=view, text=told["text"], actor=asker, anonymous=told.get("anonymous", False)
        )
        question.asked_at = at
        for member in voices:
            add_voice(question=question, actor=member)
        if "answer" in told:
            answer(question=question, text=told["answer"], actor=self.chief)
            question.answered_at = at + timedelta(days=told.get("after", 2))
            recount(self.blog)
