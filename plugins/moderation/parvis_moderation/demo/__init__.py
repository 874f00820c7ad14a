"""The demo company has a charter that everybody has accepted, and a queue that lives."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from parvis.api import Member, Person, db, utcnow
from parvis_social.api import EVERYONE, Content, Place, comment, post, wall_of
from sqlalchemy import select, update

from ..domain.appeal import answer, appeal
from ..domain.charter import accept_charter, publish_charter, read_texts
from ..domain.decide import decide
from ..domain.manager import appoint
from ..domain.report import report
from ..domain.text import begun
from ..models import Act, Case, Decision, Outcome, Report

TEXTS = Path(__file__).with_name("life.toml")
HINTS = (
    "As {company.newcomer.given_name}: read the charter that everybody accepts on their first visit.",
    "As {company.community_manager.given_name}: under “To decide”, hide what was reported, take that back.",
)
Moment = tuple[datetime, Callable[[], object]]


def show(company: Any) -> Iterator[Moment]:
    """Say what happens when: the charter first, then now and then something that somebody reports."""
    manager = company.community_manager.username
    yield utcnow() - timedelta(days=400), partial(_begin, manager)
    query = select(Member).join(Person, Person.id == Member.id).order_by(Person.username)
    people = [each for each in db.session.scalars(query) if each.person.username != manager]
    chance = Random("moderation")
    for told in tomllib.loads(TEXTS.read_text(encoding="utf-8"))["case"]:
        yield from Story(told, people, manager, chance).moments()


def _begin(manager: str) -> None:
    """Publish the charter, have everybody accept it, and appoint the community manager."""
    texts = read_texts()
    charter = publish_charter(french=texts["fr"], english=texts["en"], actor=None)
    charter.at = utcnow() - timedelta(days=400)
    for member in db.session.scalars(select(Member).order_by(Member.id)):
        accept_charter(version=charter.version, actor=member)
    appoint(person=_called(manager).person, actor=None)


def _called(username: str) -> Member:
    query = select(Member).join(Person, Person.id == Member.id).where(Person.username == username)
    return db.session.scalars(query).one()


class Story:
    """Something that is written, reported and decided; `chance` draws the lots ahead, always the same."""

    def __init__(self, told: dict[str, Any], people: Sequence[Member], manager: str, chance: Random) -> None:
        self.told, self.manager = told, manager
        self.author, *self.reporters = chance.sample(people, 1 + len(told["reports"]))
        self.lot = chance.random()
        self.written: Content
        self.case: Case
        self.made: Decision

    def moments(self) -> Iterator[Moment]:
        """Give what happens, with its moments."""
        at = utcnow() - timedelta(days=self.told["days"])
        yield at, partial(self._write, at)
        for number, who in enumerate(self.reporters):
            yield at + timedelta(minutes=20 * (number + 1)), partial(self._report, number, who, at)
        if "act" in self.told:
            decided = at + timedelta(hours=self.told["hours"])
            yield decided, partial(self._decide, decided)
            if "appeal" in self.told:
                yield decided + timedelta(hours=12), self._appeal

    def _write(self, at: datetime) -> None:
        """Have it written on the author's wall, or under something that everybody reads."""
        if self.told["about"] == "post":
            self.written = post(place=wall_of(self.author.person), text=self.told["text"], actor=self.author)
        else:
            self.written = comment(root=self._root(), text=self.told["text"], actor=self.author)
        self.written.created_at = at

    def _root(self) -> Content:
        """Return one of the latest contents under which everybody may comment."""
        open_ones = (
            select(Content)
            .join(Place, Place.id == Content.place_id)
            .where(
                Content.root_id.is_(None), Content.audience == EVERYONE, Content.locked_at.is_(None),
                Content.deleted_at.is_(None), Place.archived_at.is_(None),
                Content.author_id != self.author.id,
            )
            .order_by(Content.id.desc())
            .limit(20)
        )  # fmt: skip
        found = db.session.scalars(open_ones).all()
        if not found:
            return post(place=wall_of(self.reporters[0].person), text="…", actor=self.reporters[0])
        return found[int(self.lot * len(found))]

    def _report(self, number: int, who: Member, at: datetime) -> None:
        reason, note = self.told["reports"][number]
        kind = "comment" if self.written.root_id else "content"
        at += timedelta(minutes=20 * (number + 1))
        self.case, _new = report(kind=kind, subject_id=self.written.id, reason=reason, note=note, actor=who)
        db.session.execute(
            update(Report).where(Report.case_id == self.case.id, Report.reporter_id == who.id).values(at=at)
        )
        if number == 0:
            self.case.opened_at = at

    def _decide(self, at: datetime) -> None:
        act, title = Act(self.told["act"]), self.case.title
        text = begun(act=act, person=self.author.person, title=title) if act != Act.NOTHING else ""
        self.made = decide(
            case_id=self.case.id, act=act, reason=self.told["reason"], text=text, actor=_called(self.manager)
        )
        self.made.at = self.case.decided_at = at
        self.made.delay = int((at - self.case.opened_at).total_seconds())

    def _appeal(self) -> None:
        self.made.at = utcnow()  # for a moment: one appeals within some days
        appeal(decision_id=self.made.id, text=self.told["appeal"], actor=self.author)
        answer(
            decision_id=self.made.id, outcome=Outcome.UPHELD, text=self.told["answer"],
            actor=_called(self.manager),
        )  # fmt: skip
        self.made.at = self.case.decided_at or utcnow()
