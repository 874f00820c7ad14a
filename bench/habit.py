"""How people live in the site: when they joined, how often they come, how much they write, and at what hours.

The laws are those measured in a company of 57,000 members: joining along a logistic curve, visits and
contributions lognormal among people and correlated, each person's own a Poisson process; working hours of the
site where somebody works.
"""

import math
from bisect import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from statistics import NormalDist

WEEK = timedelta(weeks=1)
YEARS = 2.0
"""Since the site was opened."""
STEEPNESS, MIDDLE = 3.7, 0.755
"""Of the logistic curve, in years: 41,000 of 57,000 have joined after the first."""
NEVER = 0.2
VISITS = (-1.73, 1.484)
CONTRIBUTIONS = (-5.018, 2.0)
TOGETHER = 0.75
"""Correlation of the logarithms of how often somebody comes and writes, among those who come."""

OFFSETS = {"FR": 1, "DE": 1, "PL": 1, "ES": 1, "BE": 1, "MA": 1, "IE": 0, "PT": 0, "CA": -5, "VN": 7}
"""Hours before UTC; summer time changes nothing that matters here."""
DAY = (
    0.02, 0.01, 0.01, 0.01, 0.01, 0.02, 0.05, 0.2, 0.6, 1.0, 1.0, 0.9, 0.4, 0.6, 1.0, 0.9, 0.8, 0.5, 0.2, 0.1,
    0.08, 0.06, 0.05, 0.03,
)  # fmt: skip
"""How much is written in each hour of a working day, of its most."""
REST = 0.06
"""And on a Saturday or Sunday, of that."""
HOURS = 168
TRIES = 6


@dataclass(frozen=True)
class Habits:
    """Of each member: when they joined, how often a week they come, and how often a week they write."""

    joined: Mapping[int, datetime]
    visits: Mapping[int, float]
    contributions: Mapping[int, float]

    def writers(self, rng: Random) -> dict[int, float]:
        """Return who writes at all within a year, with how often; the others never do."""
        return {
            person: rate
            for person, rate in self.contributions.items()
            if rng.random() < -math.expm1(-52 * rate)
        }

    def last_visit(self, rng: Random, person: int, now: datetime) -> datetime | None:
        """Draw when somebody last came, if ever since they joined."""
        if not (rate := self.visits[person]):
            return None
        return max(self.joined[person], now - rng.expovariate(rate) * WEEK)


def habits(people: Iterable[int], *, now: datetime, seed: int) -> Habits:
    """Draw how each of the members lives."""
    rng = Random(f"habits {seed}")
    law = NormalDist()
    # Those who never come are those who would write least: of the law, the others have the rest, which is no
    # normal one. Its moments tell how it must count, for visits to have their own law and the correlation.
    least = law.inv_cdf(NEVER)
    mean = law.pdf(least) / (1 - NEVER)
    variance = 1 + least * mean - mean**2
    weight = math.sqrt(TOGETHER**2 / (variance + TOGETHER**2 * (1 - variance)))
    deviation = math.sqrt(weight**2 * variance + 1 - weight**2)
    joined, visits, contributions = {}, {}, {}
    for person in people:
        joined[person] = now - timedelta(days=365) * (YEARS - _joined(rng))
        writing = rng.gauss(0, 1)
        if writing < least:
            visits[person] = contributions[person] = 0.0
            continue
        other = math.sqrt(1 - weight**2) * rng.gauss(0, 1)
        coming = (weight * (writing - mean) + other) / deviation
        visits[person] = math.exp(VISITS[0] + VISITS[1] * coming)
        contributions[person] = math.exp(CONTRIBUTIONS[0] + CONTRIBUTIONS[1] * writing)
    return Habits(joined, visits, contributions)


def _curve(years: float) -> float:
    return 1 / (1 + math.exp(-STEEPNESS * (years - MIDDLE)))


def _joined(rng: Random) -> float:
    """Draw the years after the opening, which was with those whom a pilot had won."""
    part = (1 - rng.random()) * _curve(YEARS)
    return min(YEARS, max(0.0, MIDDLE - math.log(1 / part - 1) / STEEPNESS))


class Rhythm:
    """When things are written: at the working hours of the sites, and by whoever is at work."""

    def __init__(self, offsets: Mapping[int, int], *, start: datetime, weeks: int) -> None:
        self.offsets, self.weeks = offsets, weeks
        self.start = start - timedelta(hours=start.weekday() * 24 + start.hour, minutes=start.minute,
                                       seconds=start.second, microseconds=start.microsecond)  # fmt: skip
        counts: dict[int, int] = {}
        for offset in offsets.values():
            counts[offset] = counts.get(offset, 0) + 1
        profile = [
            sum(count * _at_work(hour + offset) for offset, count in counts.items()) for hour in range(HOURS)
        ]
        whole = sum(profile)
        self.upto = [0.0, *(part / whole for part in accumulate(profile))]

    def moment(self, part: float) -> datetime:
        """Return when so much of everything has been written, from 0 to 1."""
        week, rest = divmod(part * self.weeks, 1)
        hour = min(HOURS - 1, bisect(self.upto, rest) - 1)
        within = (rest - self.upto[hour]) / (self.upto[hour + 1] - self.upto[hour])
        return self.start + timedelta(weeks=week, hours=hour + within)

    def awake(self, person: int, moment: datetime, rng: Random) -> bool:
        """Draw whether somebody writes at a moment: mostly, in the busy hours of where they work."""
        hour = moment.weekday() * 24 + moment.hour
        return rng.random() < _at_work(hour + self.offsets.get(person, 0))


def _at_work(hour: int) -> float:
    day, clock = divmod(hour % HOURS, 24)
    return DAY[clock] * (1.0 if day < 5 else REST)
