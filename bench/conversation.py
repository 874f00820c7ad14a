"""What is said where, when and under what: posts and comments of a year, decided first, then made rows.

Ids are in the order of time. What a post's row says of its thread (how many comments, the newest) is known
before the row is made, so that each row is written once.
"""

from array import array
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from parvis_social.content.reaction import KINDS as REACTIONS
from parvis_social.content.text import RENDERER

from bench.crowd import TAGS, Crowd, Place
from bench.habit import TRIES, Rhythm
from bench.writing import Part, Stock, join

YEAR = timedelta(days=365)
MONTH = timedelta(days=30)
LONG, SHORT = 500, 20
"""Comments under two posts that are planted for the pages of a content."""
PUBLIC = 20_000
"""So many of the newest contents that everyone reads are kept in mind, to notify of."""

CONTENT = (
    "id", "type", "place_id", "author_id", "audience", "title", "body_html", "files", "tags", "root_id",
    "parent_id", "number", "latest_id", "comments_given", "comments_count", "answer_id", "reactions",
    "reactions_count", "created_at", "version", "pinned_at", "lock_reason",
)  # fmt: skip


@dataclass
class Rows:
    """Rows of one part of all that is said, by table."""

    contents: list[tuple[Any, ...]] = field(default_factory=list)
    texts: list[tuple[Any, ...]] = field(default_factory=list)
    reactions: list[tuple[Any, ...]] = field(default_factory=list)
    tags: list[tuple[Any, ...]] = field(default_factory=list)
    mentions: list[tuple[Any, ...]] = field(default_factory=list)
    files: list[tuple[Any, ...]] = field(default_factory=list)


@dataclass
class Counted:
    """What a place has come to."""

    contents: int = 0
    latest: int = 0
    active_at: datetime | None = None
    month: int = 0
    people: set[int] = field(default_factory=set)


class Conversations:
    """Everything that is said: `posts` posts and as many comments."""

    def __init__(
        self, crowd: Crowd, handles: dict[int, str], *, posts: int, seed: int, now: datetime,
        rhythm: Rhythm | None = None,
    ) -> None:  # fmt: skip
        self.rhythm = rhythm
        self.crowd, self.handles, self.now, self.seed = crowd, handles, now, seed
        self.total = 2 * posts
        self.places = {place.id: place for place in crowd.places}
        self.counted = {place.id: Counted() for place in crowd.places}
        self.tags_count = [0] * (TAGS + 1)
        self.public: deque[tuple[int, int, int, int]] = deque(maxlen=PUBLIC)
        """Id, root, place and author of contents that everyone reads."""
        self.files = 0
        size = self.total + 1
        self.place_of, self.author_of = array("I", bytes(4 * size)), array("I", bytes(4 * size))
        self.root_of, self.latest_of = array("I", bytes(4 * size)), array("I", bytes(4 * size))
        self.count_of, self.first_of = array("I", bytes(4 * size)), array("I", bytes(4 * size))
        self.long = self.short = 0
        self._decide(Random(f"conversations {seed}"))

    def moment(self, content: int) -> datetime:
        """Return when something was written."""
        if self.rhythm is not None:
            return min(self.now, self.rhythm.moment(content / (self.total + 1)))
        return self.now - YEAR + YEAR * (content / self.total) - timedelta(seconds=1)

    def _decide(self, rng: Random) -> None:
        """Decide of each content where it is, who wrote it, and what it stands under."""
        places = self.crowd.places
        loudness = list(accumulate(place.weight for place in places))
        planted = self._planted()
        posts, lately = array("I"), deque[int](maxlen=300)
        first = self.total * 4 // 5
        for content in range(1, self.total + 1):
            if content in (first, first + 1):
                place = self.crowd.groups[content - first]
                if content == first:
                    self.long = content
                else:
                    self.short = content
                self._say(content, place, place.voice(rng), 0)
                continue
            root = planted.get(content, 0)
            if not root and posts and rng.random() < 0.5:
                root = self._subject(rng, posts, lately)
                lately.append(root)
            if root:
                place = self.places[self.place_of[root]]
                self._say(content, place, self._awake(rng, content, place, self._commenter), root)
            else:
                place = places[min(len(places) - 1, rng_index(rng, loudness))]
                self._say(content, place, self._awake(rng, content, place, _voice), 0)
                posts.append(content)

    def _planted(self) -> dict[int, int]:
        """Return the comments under the two planted posts, spread over what is written after them."""
        first = self.total * 4 // 5
        room = self.total - first - 2
        planted = {}
        for root, count, offset in ((first, LONG, 2), (first + 1, SHORT, 3)):
            step = room / (count + 1)
            for number in range(count):
                position = first + offset + int(step * number)
                while position in planted:
                    position += 1
                planted[position] = root
        return planted

    def _subject(self, rng: Random, posts: "array[int]", lately: "deque[int]") -> int:
        """Return what is commented: something new, or where others are talking."""
        if lately and rng.random() < 0.35:
            return lately[int(rng.random() * len(lately))]
        return posts[-1 - min(len(posts) - 1, int(rng.expovariate(1 / 200)))]

    def _awake(self, rng: Random, content: int, place: Place, choose: Callable[[Random, Place], int]) -> int:
        """Choose somebody who is at work at that hour, if one is found soon."""
        person = choose(rng, place)
        if self.rhythm is None:
            return person
        moment = self.moment(content)
        for _ in range(TRIES):
            if self.rhythm.awake(person, moment, rng):
                break
            person = choose(rng, place)
        return person

    def _commenter(self, rng: Random, place: Place) -> int:
        if place.open and (place.kind == "wall" or rng.random() < 0.2):
            return self.crowd.writer(rng)
        return place.voice(rng)

    def _say(self, content: int, place: Place, author: int, root: int) -> None:
        self.place_of[content], self.author_of[content] = place.id, author
        self.latest_of[content] = content
        counted = self.counted[place.id]
        counted.latest = content
        if root:
            self.root_of[content], self.latest_of[root] = root, content
            self.count_of[root] += 1
            if not self.first_of[root]:
                self.first_of[root] = content
        else:
            counted.contents += 1

    def rows(self, stock: Stock, size: int) -> Iterator[Rows]:
        """Give the rows of all that is said, so many contents at once."""
        rng = Random(f"rows {self.seed}")
        given, above = array("I", bytes(4 * (self.total + 1))), array("I", bytes(4 * (self.total + 1)))
        recent = self.now - MONTH
        rows = Rows()
        for content in range(1, self.total + 1):
            root, at = self.root_of[content], self.moment(content)
            place = self.places[self.place_of[content]]
            author = self.author_of[content]
            counted = self.counted[place.id]
            counted.active_at = at
            if at > recent:
                counted.people.add(author)
                counted.month += not root
            number = parent = None
            if root:
                given[root] += 1
                number = given[root]
                parent = above[root] if above[root] and rng.random() < 0.35 else None
                if parent is None:
                    above[root] = content
            self._write(rng, rows, stock, content, place, author, (root or None, parent, number), at)
            if len(rows.contents) >= size:
                yield rows
                rows = Rows()
        yield rows

    def _write(
        self, rng: Random, rows: Rows, stock: Stock, content: int, place: Place, author: int,
        thread: tuple[int | None, int | None, int | None], at: datetime,
    ) -> None:  # fmt: skip
        root, parent, number = thread
        parts = stock.some(rng, 1 if root else 4, place.about)
        files: list[dict[str, Any]] = []
        labels: list[str] = []
        if rng.random() < 0.03:
            parts.append(self._name(rng, rows, stock, content, place))
        if not root:
            labels = self._tag(rng, rows, stock, content, place, parts)
            if rng.random() < 0.04:
                files = [self._attach(rows, content, place, author, at)]
        source, html = join(parts)
        count = self.count_of[content]
        answer = self.first_of[content] if count and content % 40 == 0 else None
        pinned = at if not root and content % 200 == 0 else None
        audience = 0 if place.open else place.id
        reactions = self._react(rng, rows, content, place, 1.2 if not root else 0.4, at)
        rows.contents.append(
            (
                content, "comment" if root else "post", place.id, author, audience, "", html, files, labels,
                root, parent, number, self.latest_of[content], count, count, answer,
                reactions, sum(reactions.values()), at, 1, pinned, "",
            )
        )  # fmt: skip
        rows.texts.append((content, source, RENDERER))
        if place.open:
            self.public.append((content, root or content, place.id, author))

    def _name(self, rng: Random, rows: Rows, stock: Stock, content: int, place: Place) -> Part:
        person = place.voice(rng)
        rows.mentions.append((content, person))
        return stock.mention(self.handles[person])

    def _tag(
        self, rng: Random, rows: Rows, stock: Stock, content: int, place: Place, parts: list[Part]
    ) -> list[str]:
        if rng.random() > 0.2:
            return []
        tag = rng_index(rng, stock.often)
        parts.append(stock.tags[tag])
        rows.tags.append((content, tag + 1, self.latest_of[content]))
        self.tags_count[tag + 1] += place.open
        return [stock.labels[tag]]

    def _attach(self, rows: Rows, content: int, place: Place, author: int, at: datetime) -> dict[str, Any]:
        self.files += 1
        name, size, width, height = f"picture-{self.files}.jpg", 180_000, 1200, 800
        key = f"social/{self.files:09d}/picture"
        rows.files.append(
            (self.files, author, content, place.id, key, name, "image/jpeg", size, width, height, "", at)
        )
        return {"id": self.files, "name": name, "size": size, "width": width, "height": height, "alt": ""}

    def _react(
        self, rng: Random, rows: Rows, content: int, place: Place, mean: float, at: datetime
    ) -> dict[str, int]:
        count = 60 if content in (self.long, self.short) else int(rng.expovariate(1 / mean))
        found: dict[str, int] = {}
        kinds = list(REACTIONS)
        for person in {self._commenter(rng, place) for _ in range(count)} if count else ():
            kind = kinds[int(rng.random() ** 2 * len(kinds))]
            rows.reactions.append((content, person, kind, at))
            found[kind] = found.get(kind, 0) + 1
        return {kind: found[kind] for kind in kinds if kind in found}


def _voice(rng: Random, place: Place) -> int:
    return place.voice(rng)


def rng_index(rng: Random, cumulated: list[float]) -> int:
    """Return an index with the probability that cumulated weights give it."""
    return rng.choices(range(len(cumulated)), cum_weights=cumulated)[0]
