"""What is reported: some of all that is said in a year, some profiles and groups; and what became of it.

The rows are those that moderation would have written (`judged.py` decides them). What is hidden or closed is
so by `social` itself, so that its counters are true. Nobody is told of anything again.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from parvis.db import Model, db, utcnow
from parvis.directory.models import Person
from parvis.events import EventRecord
from parvis.identity.models import Member
from parvis_moderation.models import (
    Act,
    Appeal,
    Case,
    Decision,
    Desk,
    LogEntry,
    Manager,
    Report,
    State,
    Suspension,
)
from parvis_social.content.care import close_comments, open_comments
from parvis_social.content.delete import give_back, withhold
from parvis_social.content.models import Content
from parvis_social.content.text import beginning
from parvis_social.place.models import Membership, Place, Role
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased

from bench.judged import Deed, Judgement
from bench.load import Loader, loading, opened
from bench.population import Scene

EVERY = 1_500
"""One content of so many is reported within the year: some 700 cases among a million."""
LEAST = 40
MANAGERS = 5
KINDS = {"content": 85, "profile": 10, "place": 5}
"""Of a hundred cases; contents are posts and comments alike."""
HEAT = 1.5
"""How places differ in how much is reported there: sigma of a lognormal law."""
SOON = 2.5, 1.5
"""Hours until a content is reported: a lognormal law."""
YEAR = timedelta(days=365)
TITLE = 120
TABLES: tuple[type[Model], ...] = (Case, Report, Decision, Appeal, Suspension, LogEntry)


class Subject(NamedTuple):
    """A thing that is reported, when, and what whoever reports it sees; `author` answers for it."""

    at: datetime
    kind: str
    id: int
    place: int | None
    author: int
    title: str
    url: str
    html: str = ""
    context: tuple[tuple[str, str], ...] = ()
    closed: bool = False
    version: int = 0

    @property
    def seen(self) -> dict[str, object]:
        """The copy that its case keeps."""
        return {"html": self.html, "context": self.context, "pictures": [], "version": self.version}


def populate(url: str, scene: Scene, *, now: datetime | None = None, seed: int = 1) -> int:
    """Let people report what is said, and others decide; return somebody who moderates the whole site.

    The database is one that `population.populate` has filled, with the tables of moderation. The cast of the
    scene and the writers moderate nothing, and of the contents that pages are measured with none is reported.
    """
    now, rng = now or utcnow(), Random(f"reported {seed}")
    with opened(url):
        everybody = list(db.session.scalars(select(Member.id).order_by(Member.id)))
        seen = {*scene.cast.values(), *scene.writers}
        managers = sorted(rng.sample([person for person in everybody if person not in seen], MANAGERS))
        subjects = sorted(_subjects(rng, everybody, now, set(scene.planted)))
        judgement = Judgement(seed, now, everybody, managers, *_people_of(subjects))
        rows = judgement.rows(subjects)
        db.session.rollback()
        with loading(TABLES) as loader:
            for model in TABLES:
                loader.load_named(model, rows[model])
            loader.continue_numbers(Case, Report, Decision, LogEntry)
        db.session.add_all(Manager(person_id=person, appointed=True) for person in managers)
        for deed in sorted(judgement.deeds):
            _carry_out(deed)
        db.session.commit()
    return managers[0]


def _subjects(rng: Random, everybody: Sequence[int], now: datetime, but: set[int]) -> Iterator[Subject]:
    newest = db.session.scalar(select(func.max(Content.id))) or 0
    wanted = max(LEAST, rng.gauss(newest / EVERY, (newest / EVERY) ** 0.5))
    number = {kind: round(wanted * part / 100) for kind, part in KINDS.items()}
    yield from _contents(rng, _quarrelled(rng, newest, number["content"], but), now)
    some = rng.sample(everybody, number["profile"])
    query = select(Person.id, Person.display_name, Person.handle).where(Person.id.in_(some))
    for row in db.session.execute(query.order_by(Person.id)):
        at = now - YEAR * rng.random()
        yield Subject(at, "profile", row.id, None, row.id, row.display_name, f"/people/{row.handle}")
    owners = (
        select(Place.id, Place.name, Place.slug, func.min(Membership.person_id).label("owner"))
        .join(Membership, Membership.place_id == Place.id)
        .where(Place.kind == "group", Place.access == "open", Membership.role == Role.OWNER)
        .group_by(Place.id, Place.name, Place.slug)
        .order_by(Place.id)
    )
    groups = db.session.execute(owners).all()
    for row in rng.sample(groups, min(len(groups), number["place"])):
        at = now - YEAR * rng.random()
        yield Subject(at, "place", row.id, row.id, row.owner, row.name, f"/groups/{row.slug}")


def _quarrelled(rng: Random, newest: int, number: int, but: set[int]) -> list[int]:
    """Choose contents, more of them where people quarrel than elsewhere."""
    some = rng.sample(range(1, newest + 1), min(newest, 12 * number))
    heat: dict[int, float] = defaultdict(lambda: rng.lognormvariate(0, HEAT))
    query = select(Content.id, Content.root_id, Content.place_id).where(Content.type.in_(("post", "comment")))
    rows = [
        row
        for row in db.session.execute(query.where(Content.id.in_(some)).order_by(Content.id))
        if not {row.id, row.root_id} & but
    ]
    return sorted(
        row.id for row in sorted(rows, key=lambda row: rng.expovariate(heat[row.place_id]))[:number]
    )


def _contents(rng: Random, ids: list[int], now: datetime) -> Iterator[Subject]:
    root, author = aliased(Content), aliased(Person)
    query = (
        select(Content, Place.access, root, author.display_name)
        .join(Place, Place.id == Content.place_id)
        .outerjoin(root, root.id == Content.root_id)
        .outerjoin(author, author.id == root.author_id)
        .where(Content.id.in_(ids))
        .order_by(Content.id)
    )
    for content, access, above, name in db.session.execute(query):
        since = timedelta(hours=rng.lognormvariate(*SOON))
        at = min(content.created_at + since, now - (now - content.created_at) * rng.random())
        url, under = f"/contents/{above.id if above else content.id}", f"?comment={content.id}#c{content.id}"
        title = content.title or beginning(content.body_html, TITLE)
        yield Subject(
            at, "comment" if above else "content", content.id, content.place_id, content.author_id, title,
            url + under * (above is not None), content.body_html,
            ((name, above.title or above.body_html),) if above else (), access != "open", content.version,
        )  # fmt: skip


def _people_of(
    subjects: Sequence[Subject],
) -> tuple[dict[int, Person], dict[int, str], dict[int, list[int]], dict[int, list[int]]]:
    """Return who answers for things and in which language they are written to, and of places: who looks
    after them (of groups, not of walls), and, of closed ones, who reads them."""
    theirs = {subject.author for subject in subjects}
    people = {each.id: each for each in db.session.scalars(select(Person).where(Person.id.in_(theirs)))}
    members = db.session.scalars(select(Member).where(Member.id.in_(theirs)))
    languages = {member.id: member.language or "en" for member in members}
    keepers, readers = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    query = (
        select(Membership.place_id, Membership.person_id, Membership.role, Place.access)
        .join(Place, Place.id == Membership.place_id)
        .where(Place.id.in_({subject.place for subject in subjects}), Place.person_id.is_(None))
        .where((Place.access != "open") | (Membership.role != Role.MEMBER))
        .order_by(Membership.place_id, Membership.person_id)
    )
    for row in db.session.execute(query):
        readers[row.place_id].append(row.person_id)
        if row.role != Role.MEMBER:
            keepers[row.place_id].append(row.person_id)
    return people, languages, keepers, readers


def _carry_out(deed: Deed) -> None:
    """Do to a content what was decided, as whoever decided; it was so then."""
    content, actor = db.session.get_one(Content, deed.content), db.session.get_one(Member, deed.by)
    last = db.session.scalar(select(func.max(EventRecord.id))) or 0
    if deed.act == Act.LOCK and deed.undone:
        open_comments(content=content, actor=actor)
    elif deed.act == Act.LOCK:
        close_comments(content=content, reason=deed.reason, actor=actor)
        content.locked_at = deed.at
    elif deed.undone:
        give_back(content=content, actor=actor)
    else:
        withhold(content=content, actor=actor)
        content.deleted_at = content.withheld_at = deed.at
    db.session.flush()
    db.session.execute(update(EventRecord).where(EventRecord.id > last).values(at=deed.at))


def leave_open(url: str, number: int) -> None:
    """Let exactly so many cases wait for those who moderate the whole site: the oldest, and new ones."""
    with opened(url):
        waiting = select(Case.id).where(Case.state == State.OPEN, Case.desk == Desk.MANAGERS)
        ids = list(db.session.scalars(waiting.order_by(Case.id)))
        db.session.execute(delete(Case).where(Case.id.in_(ids[number:])))
        db.session.commit()
        first = (db.session.scalar(select(func.max(Case.id))) or 0) + 1
        new = list(enumerate(_fresh(number - len(ids)), first))
        people = db.session.scalars(select(Member.id).order_by(Member.id).limit(2)).all()
        db.session.rollback()
        with db.engine.connect() as connection:
            loader = Loader(connection)
            loader.load_named(Case, (
                {"id": id, "kind": each.kind, "subject_id": each.id, "place_id": each.place,
                 "person_id": each.author, "desk": Desk.MANAGERS, "state": State.OPEN, "reason": "other",
                 "title": each.title, "url": each.url, "seen": each.seen, "reports_count": 1,
                 "opened_at": each.at, "outcome": ""}
                for id, each in new
            ))  # fmt: skip
            loader.load_named(Report, (
                {"case_id": id, "reporter_id": people[people[0] == each.author], "reason": "other",
                 "note": "", "at": each.at}
                for id, each in new
            ))  # fmt: skip
            loader.continue_numbers(Case, Report)
            if loader.copies:
                with connection.begin():
                    connection.exec_driver_sql("ANALYZE moderation_case, moderation_report")


def _fresh(number: int) -> list[Subject]:
    """Return some of the newest contents that nobody has reported, as if somebody just had."""
    known = select(Case.subject_id).where(Case.kind.in_(("content", "comment")))
    query = select(Content.id).where(
        Content.type.in_(("post", "comment")), Content.deleted_at.is_(None), Content.id.not_in(known)
    )
    ids = db.session.scalars(query.order_by(Content.id.desc()).limit(max(0, number)))
    return list(_contents(Random(number), sorted(ids), utcnow()))
