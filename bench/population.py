"""A company that talks: groups, memberships, posts, comments, follows, reactions, notifications.

`crowd.py` decides who belongs where, `conversation.py` what is said, `writing.py` in which words; here it is
put into the migrated tables, with all counters and audiences as the domain would have them. One seed is one
company.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from random import Random
from typing import Any, Protocol

from parvis.db import Model, db, utcnow
from parvis.directory.models import Person, Unit
from parvis.identity.models import Member
from parvis_groups.models import Group, GroupTag, GroupWord
from parvis_social.content.models import (
    Bookmark,
    Content,
    ContentTag,
    File,
    Mention,
    Reaction,
    Tag,
    TagFollow,
)
from parvis_social.content.models import Text as Source
from parvis_social.content.text import tag_key
from parvis_social.notification.kinds import COMMENTED, MENTIONED, PUBLISHED, REPLIED
from parvis_social.notification.models import Notification
from parvis_social.place.models import Membership, PersonFollow, PlaceFollow, Visitor
from parvis_social.place.models import Place as PlaceRow
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bench.article import ADDED, plant
from bench.conversation import CONTENT, Conversations
from bench.crowd import TOPICS, Crowd, Design, Place, gather
from bench.habit import Rhythm
from bench.load import Loader, loading, opened, settle
from bench.writing import Stock

CHUNK = 20_000
UNREAD = 10_000
TOLD = 8
"""Notifications of somebody, in the mean."""
SEEN = 24
"""Of who pages are looked at by: so that there is something to see."""
KINDS = (COMMENTED, REPLIED, MENTIONED, PUBLISHED)
TABLES: tuple[type[Model], ...] = (
    PlaceRow, Group, Membership, PlaceFollow, PersonFollow, TagFollow, Visitor, Content, Source, Mention,
    Reaction, Bookmark, File, Tag, ContentTag, Notification,
)  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """What pages are measured with: ids of people of the cast, of planted contents and of groups."""

    cast: dict[str, int]
    long: int
    """A post with 500 comments."""
    short: int
    """A post with 20."""
    article: int
    """An article with 500."""
    lively: tuple[tuple[int, str], ...]
    """Id and slug of open groups in which much is said, the largest first."""
    writers: tuple[int, ...]
    """People who belong to the first of these."""
    strangers: tuple[int, ...]
    """People who do not."""
    tags: tuple[str, ...]
    """The most used."""
    contents: int
    names: tuple[str, ...] = ()
    """Of some people."""

    @property
    def planted(self) -> tuple[int, int, int]:
        """The contents that pages are measured with."""
        return self.long, self.short, self.article


class Life(Design, Protocol):
    """A design that also tells the hours of everybody."""

    rhythm: Rhythm

    def last_visit(self, person: int) -> datetime | None:
        """Tell when somebody last came."""


def populate(url: str, *, viewer: str, posts: int, seed: int = 1, life: Life | None = None) -> Scene:
    """Fill a database whose people and members are there: so many posts and as many comments, an article.

    Args:
        viewer: username of who looks at most pages, and is made the member in the middle.
        life: how people live, where that is decided elsewhere.
    """
    with opened(url):
        handles = dict(_handles())
        me = db.session.scalar(select(Person.id).where(Person.username == viewer))
        assert me is not None
        units = {kind: list(_units(kind)) for kind in ("site", "department")}
        stock = Stock(seed, handles[me], () if life is None else chain.from_iterable(TOPICS.values()))
        db.session.rollback()
        crowd = gather(list(handles), handles, viewer=me, seed=seed, design=life)
        rhythm = life and life.rhythm
        said = Conversations(crowd, handles, posts=posts, seed=seed, now=utcnow(), rhythm=rhythm)
        with loading(TABLES) as loader:
            _load_conversations(loader, said, stock)
            _load_places(loader, said, units, stock)
            _load_follows(loader, said)
            last_visit = (lambda _person: said.now - timedelta(days=1)) if life is None else life.last_visit
            _load_visitors(loader, said, Random(f"visits {seed}"), last_visit)
            article = plant(loader, said, stock)
            loader.continue_numbers(PlaceRow, Content, Tag, File, Notification)
        _index_groups()
        settle()
        names = db.session.scalars(select(Person.display_name).where(Person.id % 97 == 0).limit(40)).all()
    return replace(_scene(crowd, said, stock, article), names=tuple(names))


def _handles() -> Iterator[tuple[int, str]]:
    query = select(Member.id, Person.handle).join(Person, Person.id == Member.id)
    for row in db.session.execute(query.where(Person.present.is_(True)).order_by(Member.id)):
        yield row.id, row.handle


def _units(kind: str) -> Iterable[int]:
    return db.session.scalars(select(Unit.id).where(Unit.kind == kind).order_by(Unit.id))


def _load_conversations(loader: Loader, said: Conversations, stock: Stock) -> None:
    for rows in said.rows(stock, CHUNK):
        loader.load(Content, CONTENT, rows.contents)
        loader.load(Source, ("content_id", "source", "renderer"), rows.texts)
        loader.load(Reaction, ("content_id", "person_id", "kind", "at"), rows.reactions)
        loader.load(ContentTag, ("content_id", "tag_id", "latest_id"), rows.tags)
        loader.load(Mention, ("content_id", "person_id"), rows.mentions)
        loader.load(
            File,
            ("id", "owner_id", "content_id", "place_id", "media_key", "name", "content_type", "size", "width",
             "height", "alternative", "created_at"),
            rows.files,
        )  # fmt: skip
    labels = enumerate(stock.labels, 1)
    tags = ((number, tag_key(label), label, said.tags_count[number]) for number, label in labels)
    loader.load(Tag, ("id", "folded", "label", "contents_count"), tags)


def _load_places(loader: Loader, said: Conversations, units: dict[str, list[int]], stock: Stock) -> None:
    founded = said.moment(0)
    loader.load(
        PlaceRow,
        ("id", "kind", "slug", "name", "access", "posting", "level", "types", "person_id", "created_at",
         "latest_id", "active_at", "contents_count", "members_count"),
        (
            (
                place.id, place.kind, place.slug, place.name, place.access,
                "readers" if place.kind == "wall" else "members", "mentions", [], place.person_id, founded,
                counted.latest, counted.active_at, counted.contents,
                0 if place.kind == "wall" else len(place.members),
            )
            for place in said.crowd.places
            for counted in (said.counted[place.id],)
        ),
    )  # fmt: skip
    loader.load(
        Group,
        ("place_id", "purpose", "description", "description_html", "theme", "scope", "unit_id", "languages",
         "second_purpose", "tags", "difference", "founder_id", "posts_month",
         "active_members"),
        (
            (
                group.id, f"What we know about {group.name}, for whoever wants to know it too", "", "",
                "leisure" if group.topic == "leisure" else "work", *_scope(group, units), ["fr", "en"], "",
                [stock.labels[group.id % len(stock.labels)]], "", group.members[0], counted.month,
                len(counted.people),
            )
            for group in said.crowd.groups
            for counted in (said.counted[group.id],)
        ),
    )  # fmt: skip


def _scope(group: Place, units: dict[str, list[int]]) -> tuple[str, int | None]:
    kind = {"site": "site", "team": "department"}.get(group.topic)
    if kind is None or not units[kind]:
        return "company", None
    return kind, units[kind][group.id % len(units[kind])]


def _load_follows(loader: Loader, said: Conversations) -> None:
    crowd, since = said.crowd, said.moment(0)
    belonging = [(person, group, n) for group in crowd.groups for n, person in enumerate(group.members)]
    loader.load(
        Membership,
        ("person_id", "place_id", "role", "since"),
        ((person, group.id, _role(n), since) for person, group, n in belonging),
    )
    loader.load(
        PlaceFollow,
        ("person_id", "place_id", "level", "muted_until", "seen_id", "since"),
        (
            (person, group.id, "mentions", None, said.counted[group.id].latest * (person % 3) // 2, since)
            for person, group, _n in belonging
        ),
    )
    loader.load(
        PersonFollow,
        ("person_id", "followed_id", "since"),
        ((person, other, since) for person, others in crowd.follows.items() for other in others),
    )
    loader.load(
        TagFollow,
        ("person_id", "tag_id", "since"),
        ((person, tag, since) for person, tags in crowd.tag_follows.items() for tag in tags),
    )
    public = [content for content, root, _place, _author in said.public if content == root]
    keeping = [person for person in crowd.people if person % 10 == 0 or person == crowd.cast.heavy]
    loader.load(
        Bookmark,
        ("person_id", "content_id", "at"),
        ((person, content, since) for person in keeping for content in public[person % 97 :: 397][:5]),
    )


def _role(number: int) -> str:
    return ("owner", "moderator", "member")[min(number, 2)]


def _load_visitors(
    loader: Loader, said: Conversations, rng: Random, last_visit: Callable[[int], datetime | None]
) -> None:
    """Tell people of what others wrote, and count what they have not read."""
    told = sorted(_told(said, rng))
    numbers: dict[int, list[int]] = {}
    for number, (_content, person, *_rest) in enumerate(told, 1):
        numbers.setdefault(person, []).append(number)
    loader.load(
        Notification,
        ("id", "person_id", "kind", "actor_id", "place_id", "content_id", "root_id", "count", "data",
         "created_at"),
        (
            (number, person, kind, author, place, content, root, 1, {}, said.moment(content))
            for number, (content, person, kind, root, place, author) in enumerate(told, 1)
        ),
    )  # fmt: skip
    loader.load(
        Visitor,
        ("person_id", "feed_order", "feed_filter", "seen_id", "last_visit_id", "seen_at", "unread",
         "read_up_to", "choices"),
        (_visitor(said, rng, person, numbers.get(person, []), last_visit(person))
         for person in said.crowd.people if person != said.crowd.cast.new),
    )  # fmt: skip


def _told(said: Conversations, rng: Random) -> Iterator[tuple[int, int, str, int, int, int]]:
    public, cast = list(said.public), said.crowd.cast
    if not public:
        return
    for person in said.crowd.people:
        if person == cast.new:
            continue
        drawn = min(200, int(rng.expovariate(1 / TOLD)))
        count = {cast.told: UNREAD, cast.median: SEEN}.get(person, drawn)
        found: dict[tuple[str, int], None] = {}
        for content, root, place, author in rng.sample(public, min(count, len(public))):
            kind = rng.choice(KINDS if content != root else KINDS[2:])
            if author != person and (kind, root) not in found:  # on one root all of a kind are one row
                found[kind, root] = None
                yield content, person, kind, root, place, author


def _visitor(
    said: Conversations, rng: Random, person: int, numbers: list[int], seen_at: datetime | None
) -> tuple[Any, ...]:
    unread = len(numbers) if person == said.crowd.cast.told else int(len(numbers) * rng.random() ** 2)
    read = len(numbers) - unread
    seen = int(said.total * (1 - min(0.9, rng.expovariate(20))))
    before = max(0, seen - int(rng.expovariate(1 / 500)))
    mark = numbers[read - 1] if read else 0
    return (person, "new", "all", seen, before, seen_at, unread, mark, {})


def _index_groups() -> None:
    """Keep by what words groups are found, as the plugin does it."""
    from parvis_groups.domain.word import found_by  # noqa: PLC0415 - with stemmers

    groups = db.session.scalars(select(Group).options(joinedload(Group.place)).order_by(Group.place_id))
    words, tags = zip(*map(found_by, groups), strict=True)
    db.session.rollback()
    with loading((GroupWord, GroupTag)) as loader:
        loader.load_named(GroupWord, chain.from_iterable(words))
        loader.load_named(GroupTag, chain.from_iterable(tags))


def _scene(crowd: Crowd, said: Conversations, stock: Stock, article: int) -> Scene:
    lively = [group for group in crowd.groups[:20] if group.open]
    members, stars = set(lively[0].members), set(crowd.cast.all())
    mine = [person for person in lively[0].members if person not in stars]
    others = [person for person in crowd.people if person not in members and person not in stars]
    return Scene(
        cast=asdict(crowd.cast), long=said.long, short=said.short, article=article,
        lively=tuple((group.id, group.slug) for group in lively),
        writers=tuple(mine[:400]), strangers=tuple(others[:2000]),
        tags=tuple(map(tag_key, stock.labels[:3])), contents=said.total + ADDED,
    )  # fmt: skip
