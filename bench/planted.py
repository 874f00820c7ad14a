"""What is planted in a large company, for whoever measures whether it is found: each kind is listed by name.

Groups that are nearly the same as another; groups closed in on one department; departments that talk to
nobody else; sites left behind; people who follow too much.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from parvis.db import db
from parvis_social.place.models import Membership, PersonFollow
from sqlalchemy import func, select

from bench.crowd import HEAVY_FOLLOWS, HEAVY_GROUPS, Place
from bench.habit import Habits, Rhythm

TWINS, CLOSED_IN = 0.01, 0.02
"""Shares of the groups."""
APART, BEHIND = 2, 3
"""So many departments talk to nobody else, and so many sites are left behind."""
SHARE_BEHIND = 0.12
"""Of the people of such a site so many have joined; elsewhere it is four in five."""
COMMON = 0.3
"""So many members of a twin belong to both."""
VARIANTS = ("{} – Europe", "{} (new)", "Groupe {}", "{} community", "The {} group", "{}s")


@dataclass
class Planted:
    """Who lives how, and what is hidden among them; `told` lists it."""

    habits: Habits
    rhythm: Rhythm
    departments: Mapping[int, int]
    """Of each member: the department."""
    now: datetime
    seed: int
    names: Mapping[int, str]
    """Of units."""
    behind: Iterable[int] = ()
    """Sites."""
    writing: Mapping[int, float] = field(init=False)
    apart: set[int] = field(init=False)
    told: dict[str, list[object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._rng = Random(f"planted {self.seed}")
        self.writing = self.habits.writers(self._rng)
        people: dict[int, list[int]] = {}
        for person, unit in self.departments.items():
            people.setdefault(unit, []).append(person)
        self.people = people
        by_size = sorted(people, key=lambda unit: len(people[unit]))
        self.lonely = by_size[len(by_size) // 3 :][:APART]
        self.apart = {person for unit in self.lonely for person in people[unit]}
        self.told["departments apart"] = [self.names[unit] for unit in self.lonely]
        self.told["sites left behind"] = [self.names[unit] for unit in self.behind]

    def last_visit(self, person: int) -> datetime | None:
        """Draw when somebody last came."""
        if person not in self.habits.visits:  # kept to look through, whatever the law
            return self.now
        return self.habits.last_visit(self._rng, person, self.now)

    def arrange(self, rng: Random, groups: list[Place], crowd: list[int]) -> None:
        """Set departments apart, close groups in, and make twins; the largest groups stay."""
        for group in groups:
            kept = [person for person in group.members if person not in self.apart]
            group.members = kept or self._somebody(rng, crowd)
        free = rng.sample(groups[20:], len(groups) - 20)
        there = set(crowd)
        for unit in self.lonely:
            mine = [person for person in self.people[unit] if person in there]
            for group in self._take(free, max(2, len(mine) // 40)):
                self._fill(rng, group, mine)
        units = [unit for unit in self.people if unit not in self.lonely and len(self.people[unit]) > 10]
        closed: list[object] = []
        for group in self._take(free, max(2, round(CLOSED_IN * len(groups)))):
            unit = rng.choice(units)
            self._fill(rng, group, [person for person in self.people[unit] if person in there])
            closed.append({"group": group.slug, "department": self.names[unit]})
        twins: list[object] = []
        for twin in self._take(free, max(2, round(TWINS * len(groups)))):
            model = free.pop()
            base = model.name.rsplit(" ", 1)[0] if model.name[-1].isdigit() else model.name
            model.name, twin.name = base, rng.choice(VARIANTS).format(base)
            twin.about, twin.topic, twin.access, model.access = model.about, model.topic, "open", "open"
            common = rng.sample(model.members, round(COMMON * len(model.members)))
            twin.members = list(dict.fromkeys([*twin.members, *common]))
            twins.append([model.slug, twin.slug])
        self.told["groups closed in on a department"] = closed
        self.told["near-duplicate groups"] = twins

    def list_followers(self, handles: Mapping[int, str]) -> None:
        """List who follows too much, of the open database: very many people, or very many groups."""
        found: set[int] = set()
        for model, most in ((PersonFollow, HEAVY_FOLLOWS), (Membership, HEAVY_GROUPS)):
            count = func.count()
            query = select(model.person_id, count).group_by(model.person_id).order_by(count.desc()).limit(200)
            rows = db.session.execute(query).all()
            least = 0.8 * min(most, rows[0][1])
            found.update(person for person, number in rows if number >= least)
        self.told["people following too much"] = sorted(handles[person] for person in found)

    def _take(self, free: list[Place], count: int) -> list[Place]:
        return [free.pop() for _ in range(min(count, max(0, len(free) - 2)))]

    def _somebody(self, rng: Random, crowd: list[int]) -> list[int]:
        found = [person for person in rng.sample(crowd, min(40, len(crowd))) if person not in self.apart]
        return found[:1]

    def _fill(self, rng: Random, group: Place, people: list[int]) -> None:
        """Give a group members of one department, as many as it had."""
        group.members, group.kept = rng.sample(people, max(2, min(len(people), len(group.members)))), True
