"""A little life for the demo: some people join, say who they are, and show photos drawn for it."""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import entry_points
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import func, select, update

from parvis import jobs
from parvis.cli.context import CommandContext, Trouble
from parvis.cli.database import upgrade_all
from parvis.cli.progress import Progress
from parvis.db import db, utcnow, writing
from parvis.directory.models import Person
from parvis.directory.synchronisation import synchronise
from parvis.events import EventRecord, follow
from parvis.identity.joining import finish_step, undone
from parvis.identity.models import Member
from parvis.profile.change import change_profile
from parvis.profile.photo import Prepared, add_photo, prepare_photo
from parvis.profile.profile import Period, Said, read_said
from parvis.runtime import hooks
from parvis.testing import company as work
from parvis.testing.portrait import portrait
from parvis.testing.scene import SCENES, scene

TEXTS = Path(__file__).with_name("data") / "life.toml"
PERSONAS = ("chief_executive", "administrator", "group_owner", "community_manager")
MEMBERS = 60
YEAR = utcnow().year
Show = Callable[[work.Company], Iterable[tuple[datetime, Callable[[], object]]]]


@dataclass(frozen=True)
class Life:
    """What one of them says, in which language, and shows: a kind of picture and its description each."""

    person: work.Person
    language: str
    said: Said
    pictures: tuple[tuple[str, str], ...]


def lives(company: work.Company) -> list[Life]:
    """Draw by lot who has come so far, always the same, those called by name last: they have just joined."""
    texts, chance = tomllib.loads(TEXTS.read_text(encoding="utf-8")), Random("life")
    named = {name: getattr(company, name) for name in PERSONAS}
    others = [
        person
        for person in company.people
        if person.may_sign_in and not person.disabled and person not in (company.newcomer, *named.values())
    ]
    drawn = [_drawn(person, texts, chance) for person in chance.sample(others, MEMBERS - len(named))]
    return [*drawn, *(_called(person, texts["personas"][name]) for name, person in named.items())]


def _called(person: work.Person, told: dict[str, Any]) -> Life:
    said = Said(
        headline=told["headline"],
        about=told["about"],
        career=[Period(role, where, begun, ended or None) for role, where, begun, ended in told["career"]],
        interests=told["interests"],
        languages=tuple(told["languages"]),
    )
    language = "fr" if "Français" in said.languages else "en"
    return Life(person, language, said, tuple((kind, words) for kind, words in told["photos"]))


def _drawn(person: work.Person, texts: dict[str, Any], chance: Random) -> Life:
    language = "fr" if person.site.language == "fr" else "en"
    own, place = texts[language], 0 if language == "fr" else 1
    begun = YEAR - chance.randint(1, 22)
    earlier = Period(
        chance.choice(own["roles"]), chance.choice(own["organisations"]), str(begun - 4), str(begun)
    )
    spoken = dict.fromkeys([person.site.language, "en", *chance.sample(["fr", "es", "de"], 1)])
    said = Said(
        headline=chance.choice(own["headlines"]),
        about=chance.choice(own["abouts"]) if chance.random() < 0.7 else "",
        career=[earlier, Period(person.title, work.NAME, str(begun))][: chance.randint(0, 2)],
        interests=[pair[place] for pair in chance.sample(texts["interests"], chance.randint(1, 5))],
        languages=tuple(texts["languages"][code][place] for code in spoken),
        hidden=frozenset(["career"]) if chance.random() < 0.1 else frozenset(),
    )
    more = [(chance.choice(list(SCENES)), "")] if chance.random() < 0.2 else []
    return Life(person, language, said, (("portrait", person.name), *more))


def settle(config: Path, company: work.Company) -> None:
    """Make the tables of a site, read the company's people, and fill some life in."""
    upgrade_all(CommandContext(str(config)))
    context = CommandContext(str(config))
    with Progress() as progress:
        with context.in_app():
            report = synchronise(progress=progress)
        if not report.ok:
            raise Trouble(str(report))
        fill(context.app, company, progress)
        show_plugins(context.app, company, progress)


def show_plugins(app: Flask, company: work.Company, progress: Progress) -> None:
    """Let what the plugins bring happen, in the order of its moments, whichever plugin brings it.

    A plugin brings it by an entry point of the group `parvis.demo`, under its name: a function that is given
    the company, and gives moments with what happens then: functions without arguments, each a transaction.
    `HINTS` beside it are lines of what to try, with `{company.newcomer.given_name}` and the like.
    """
    found = {point.name: point for point in entry_points(group="parvis.demo")}
    with app.app_context(), writing():
        shows: list[Show] = [found[p.name].load() for p in hooks().active if p.name in found]
        moments = sorted((each for show in shows for each in show(company)), key=lambda each: each[0])
        for done, (moment, happen) in enumerate(moments, 1):
            before = db.session.scalar(select(func.max(EventRecord.id))) or 0
            happen()
            db.session.flush()
            later = update(EventRecord).where(EventRecord.id > before)
            db.session.execute(later.values(at=moment))  # and with them what people are told of
            db.session.commit()
            while follow(jobs.followers()):  # what each is told comes in the order in which it happened
                pass
            progress(done, len(moments), "plugins")


def fill(app: Flask, company: work.Company, progress: Progress) -> None:
    """Have them join one by one; their photos are drawn and opened ahead, on both cores."""
    told = lives(company)
    with app.app_context(), writing():
        members = [_join(life) for life in told]
        db.session.commit()
    executor = ThreadPoolExecutor(2)
    try:
        prepared = _prepared(app, executor, list(zip(members, told, strict=True)))
        with app.app_context(), writing():
            for done, (member_id, life) in enumerate(zip(members, told, strict=True), 1):
                _settle(member_id, life, prepared)
                progress(done, len(told), "life")
    finally:
        executor.shutdown(cancel_futures=True)


def _join(life: Life) -> int:
    person = db.session.scalars(select(Person).where(Person.username == life.person.username)).one()
    member = Member(id=person.id, steps_done=[], language=life.language, administrator=False)
    member.person = person
    db.session.add(member)
    db.session.flush()
    for step in undone(member):
        finish_step(member, step.name)
    return person.id


def _prepared(app: Flask, executor: Executor, all_lives: list[tuple[int, Life]]) -> Iterator[Prepared]:
    def prepare(member_id: int, life: Life, kind: str) -> Prepared:
        name = life.person.username
        drawn = portrait(name, 480, look=life.person.look) if kind == "portrait" else scene(kind, name, 1000)
        with app.app_context():
            actor = db.session.get_one(Member, member_id)
            return prepare_photo(data=drawn, filename=f"{kind}.jpg", actor=actor)

    waiting = [
        executor.submit(prepare, member_id, life, kind)
        for member_id, life in all_lives
        for kind, _words in life.pictures
    ]
    return (each.result() for each in waiting)


def _settle(member_id: int, life: Life, prepared: Iterator[Prepared]) -> None:
    """Say and show everything of one person, through the same rules as everybody."""
    pictures = [(next(prepared), words) for _kind, words in life.pictures]
    actor = db.session.get_one(Member, member_id)
    change_profile(actor=actor, said=replace(life.said, version=read_said(member_id).version))
    for picture, words in pictures:
        add_photo(actor=actor, prepared=picture, alternative=words)
    db.session.commit()
