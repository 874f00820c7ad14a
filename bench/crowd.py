"""Who belongs where: groups of all kinds and sizes, their members, who follows whom, and a cast of viewers.

The numbers are those of a company of 57,000 members: 4,000 groups, 273,000 memberships (median 2 a person,
some with 300), sizes lognormal and three of tens of thousands; of the groups 35 % are teams, 15 % the life of
a site, 35 % professional and 15 % leisure, 35 % of all silent; a few people write most of what is written.
Other companies are as large as they are, in proportion. One seed is one crowd.
"""

from bisect import bisect
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random
from typing import Protocol

MEMBERS = 57_000
GROUPS = 4_000
MEMBERSHIPS = 273_000
LARGEST = (0.36, 0.19, 0.184)
"""Shares of all people that the largest groups have; the others are as large as the law says."""
SPREAD = 1.51
"""Of the logarithms of their sizes: 1.5 once they are whole numbers."""
SOCIABLE = 1.35
"""And of how much likelier some belong to a group than others: one in a hundred to forty."""
HEAVY_GROUPS, HEAVY_FOLLOWS, HEAVY_PEOPLE = 300, 500, 50
SMALL = 15
SILENT = 0.35
WRITERS = 0.4
"""So many of the members ever write."""
TAGS = 300
WALLS = 0.1

KINDS = (("team", 0.35), ("site", 0.15), ("professional", 0.35), ("leisure", 0.15))
TOPICS = {
    "team": ("Steel", "Quay", "Dock", "Crane", "Tide", "Buoy", "Lighthouse", "Harbour", "Sluice", "Pilot"),
    "site": ("Canteen", "Bicycles", "Car sharing", "Garden", "Gym", "Nursery", "Parking", "Newcomers"),
    "professional": (
        "Python", "Hydraulique", "Safety", "Sécurité", "Design", "Qualité", "Purchasing", "Welding",
        "Mesures", "Statistics", "Accessibility", "Environnement", "Law", "Finance", "Networks",
    ),
    "leisure": (
        "Photographie", "Photography", "Chess", "Échecs", "Choir", "Chorale", "Sailing", "Voile", "Running",
        "Randonnée", "Bread", "Jazz", "Cinema", "Books", "Astronomy", "Vélo",
    ),
}  # fmt: skip
FORMS = ("{}", "{} friends", "{} together", "Les amis de {}", "{} of the north", "{} Europe", "All about {}")


@dataclass
class Place:
    """A group or a wall that will be: who belongs to it, and how much is said there."""

    id: int
    kind: str
    slug: str
    name: str
    access: str = "open"
    topic: str = ""
    about: str = ""
    """The subject in its name, such as Sailing."""
    weight: float = 0.0
    person_id: int | None = None
    members: list[int] = field(default_factory=list)
    kept: bool = False
    """Nobody else is put into it."""
    voices: list[int] = field(default_factory=list)
    loudness: list[float] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether everyone reads it."""
        return self.access == "open"

    def voice(self, rng: Random) -> int:
        """Return one of its members, those who write much more often than others."""
        if not self.voices:
            return rng.choice(self.members)
        return self.voices[bisect(self.loudness, rng.random() * self.loudness[-1], hi=len(self.voices) - 1)]


@dataclass(frozen=True)
class Cast:
    """The people through whose eyes pages are measured, by what makes them particular."""

    median: int
    """Two groups, three colleagues, a tag."""
    light: int
    """One group, which is small: some fifteen people."""
    heavy: int
    """300 groups, 500 people, 20 tags."""
    quiet: int
    """Thirty groups and as many people, and none of them ever says anything."""
    new: int
    """Nothing at all."""
    told: int
    """Ten thousand unread notifications."""

    def all(self) -> tuple[int, ...]:
        """Return them all."""
        return (self.median, self.light, self.heavy, self.quiet, self.new, self.told)


@dataclass
class Crowd:
    """Everybody, everywhere."""

    people: list[int]
    cast: Cast
    groups: list[Place]
    walls: list[Place]
    writers: list[int]
    loudness: list[float]
    follows: dict[int, list[int]]
    tag_follows: dict[int, list[int]]

    @property
    def places(self) -> list[Place]:
        """All groups and walls, by their ids."""
        return [*self.groups, *self.walls]

    def writer(self, rng: Random) -> int:
        """Return somebody, those who write much more often than others."""
        return self.writers[bisect(self.loudness, rng.random() * self.loudness[-1], hi=len(self.writers) - 1)]


class Design(Protocol):
    """What else is decided of a crowd, by whoever founds it."""

    writing: Mapping[int, float]
    """Who writes at all, and how often in comparison."""
    apart: Collection[int]
    """People who talk to each other alone."""

    def arrange(self, rng: Random, groups: list[Place], crowd: list[int]) -> None:
        """Change who belongs to which groups, and their names."""


def gather(
    people: Sequence[int], handles: dict[int, str], *, viewer: int, seed: int, design: Design | None = None
) -> Crowd:
    """Decide who belongs where, among people by their ids; `viewer` is who pages are looked at by."""
    rng = Random(f"crowd {seed}")
    scale = len(people) / MEMBERS
    others = [person for person in people if person != viewer]
    light, heavy, quiet, new, told = (others[len(others) * n // 6] for n in range(1, 6))
    cast = Cast(viewer, light, heavy, quiet, new, told)
    crowd = [person for person in others if person not in set(cast.all())]
    # Each writes as often as a lognormal law has it, and most not at all.
    writing = {person: rng.lognormvariate(0, 2) for person in crowd if rng.random() < WRITERS}
    if design is not None:
        writing = {person: design.writing[person] for person in crowd if person in design.writing}
    groups = list(_groups(rng, max(40, round(GROUPS * scale))))
    _fill(rng, groups, crowd, wanted=round(MEMBERSHIPS * scale))
    _plant(rng, groups, crowd, cast)
    everywhere = writing
    if design is not None:
        design.arrange(rng, groups, crowd)
        crowd = [person for person in crowd if person not in design.apart]
        everywhere = {person: rate for person, rate in writing.items() if person not in design.apart}
    walls = [
        Place(len(groups) + n, "wall", handles[person], handles[person], person_id=person, weight=1.0)
        for n, person in enumerate(rng.sample(crowd, round(len(crowd) * WALLS)), 1)
    ]
    for wall in walls:
        wall.members = [wall.person_id or 0]
    for group in groups:
        _hear(group, writing)
    _quieten(groups, cast)
    follows, tag_follows = _follows(rng, crowd, cast, everywhere)
    return Crowd(
        list(people), cast, groups, walls, list(everywhere), list(accumulate(everywhere.values())), follows,
        tag_follows,
    )  # fmt: skip


def _groups(rng: Random, count: int) -> Iterator[Place]:
    kinds, shares = zip(*KINDS, strict=True)
    for number in range(1, count + 1):
        topic = rng.choices(kinds, shares)[0]
        form, about = rng.choice(FORMS), rng.choice(TOPICS[topic])
        name = form.format(about)
        access = "open" if number <= 20 else rng.choices(("open", "closed", "secret"), (75, 15, 10))[0]
        yield Place(number, "group", f"group-{number}", f"{name} {number}", access, topic, about)


def _fill(rng: Random, groups: list[Place], crowd: list[int], *, wanted: int) -> None:
    """Give groups members: sizes lognormal, a few very large, together as many as wanted."""
    large = [len(crowd) * share for share in LARGEST]
    drawn = [rng.lognormvariate(0, SPREAD) for _ in groups[len(large) :]]
    room = wanted - sum(large) - HEAVY_PEOPLE * HEAVY_GROUPS * min(1.0, len(groups) / GROUPS)
    factor = room / sum(drawn)
    sizes = [*large, *(size * factor for size in drawn)]
    sociable = list(accumulate(rng.lognormvariate(0, SOCIABLE) for _ in crowd))
    for group, wished in zip(groups, sizes, strict=True):
        size = min(len(crowd) // 2, max(1, round(wished)))
        chosen: dict[int, None] = {}
        while len(chosen) < size:
            chosen.update(dict.fromkeys(rng.choices(crowd, cum_weights=sociable, k=size - len(chosen) + 3)))
        group.members = list(chosen)[:size]


def _plant(rng: Random, groups: list[Place], crowd: list[int], cast: Cast) -> None:
    """Let some belong to very many groups, the large ones likelier, and the cast to what it is for."""
    most = min(HEAVY_GROUPS, len(groups) // 2)
    regulars = rng.sample(crowd, max(1, HEAVY_PEOPLE * len(groups) // GROUPS))
    for person in (*regulars, cast.heavy):
        theirs = [group for group in groups if person in set(group.members)] if person != cast.heavy else []
        known = {group.id for group in theirs}
        free = [group for group in groups if group.id not in known]
        count = max(0, most - len(theirs))
        for group in sorted(free, key=lambda group: rng.expovariate(len(group.members)))[:count]:
            group.members.append(person)  # small ones stay small
    opened = [group for group in groups[3:] if group.open]
    for group in (groups[3], opened[len(opened) // 2]):
        group.members.append(cast.median)
    min(opened, key=lambda group: abs(len(group.members) - SMALL)).members.append(cast.light)
    for group in rng.sample(opened, 5):
        group.members.append(cast.told)


def _hear(group: Place, writing: dict[int, float]) -> None:
    group.voices = [person for person in group.members if person in writing]
    group.loudness = list(accumulate(writing[person] for person in group.voices))


def _quieten(groups: list[Place], cast: Cast) -> None:
    """Say how much is written in each group: in the largest much, in a third of them nothing, ever."""
    rng = Random(f"noise {len(groups)}")
    silent = []
    for number, group in enumerate(groups):
        kept = number < 20 or {cast.median, cast.light} & set(group.members)
        if not kept and rng.random() < SILENT:
            silent.append(group)
        else:
            group.weight = len(group.members) ** 0.6 * rng.lognormvariate(0, 1)
    for group in [group for group in silent if group.open and not group.kept][:30]:
        group.members.append(cast.quiet)


def _follows(
    rng: Random, crowd: list[int], cast: Cast, writing: dict[int, float]
) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Decide who follows which people and tags: a third of all a few, some hundreds."""
    writers = list(writing)
    follows = {
        person: _some(rng, writers, min(200, 1 + int(rng.expovariate(1 / 6))), person)
        for person in crowd
        if rng.random() < 0.35
    }
    most = min(HEAVY_FOLLOWS, len(writers) // 2)
    for person in rng.sample(crowd, max(1, HEAVY_PEOPLE * len(crowd) // MEMBERS)):
        follows[person] = _some(rng, writers, most, person)
    listeners = [person for person in crowd if person not in writing]
    follows[cast.heavy] = _some(rng, writers, most, cast.heavy)
    follows[cast.median] = _some(rng, writers, 3, cast.median)
    follows[cast.quiet] = _some(rng, listeners, 30, cast.quiet)
    tags = {
        person: sorted(rng.sample(range(1, TAGS + 1), rng.randint(1, 5)))
        for person in crowd
        if rng.random() < 0.15
    }
    tags[cast.heavy] = sorted(rng.sample(range(1, TAGS + 1), 20))
    tags[cast.median] = [7]
    return follows, tags


def _some(rng: Random, people: list[int], count: int, but: int) -> list[int]:
    return [person for person in rng.sample(people, min(count, len(people))) if person != but]
