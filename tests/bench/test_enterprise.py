"""The large company has the shape that was measured in large companies, and so does the life in it."""

import math
import statistics
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace

import pytest

from bench.crowd import gather
from bench.enterprise import FAMILIES, enterprise
from bench.habit import Rhythm, habits

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MEMBERS = 57_000


@pytest.fixture(scope="module")
def founded():
    return enterprise(30_000)


@pytest.fixture(scope="module")
def life():
    return habits(range(MEMBERS), now=NOW, seed=1)


def test_sixty_sites_follow_zipfs_law(founded):
    sizes = [count for _site, count in Counter(person.site for person in founded.people).most_common()]
    ranks = [math.log(rank) for rank in range(1, 61)]
    slope = statistics.linear_regression(ranks, [math.log(size) for size in sizes]).slope
    assert (len(sizes), slope) == (60, pytest.approx(-0.9, abs=0.1))


def test_48_departments_have_lognormal_sizes_and_eight_job_families(founded):
    sizes = Counter(person.department for person in founded.people)
    del sizes["Executive Office"]
    spread = statistics.stdev(math.log(size) for size in sizes.values())
    assert (len(sizes), spread) == (48, pytest.approx(0.8, abs=0.25))
    families = {person.job_family for person in founded.people} - {"Assistance"}
    assert families == set(FAMILIES)
    assert len(families) == 8


def test_managers_have_five_or_six_people_in_the_middle_and_ten_to_twelve_in_the_mean(founded):
    spans = list(Counter(person.manager for person in founded.people if person.manager).values())
    assert 5 <= statistics.median(spans) <= 6
    assert 10 <= statistics.fmean(spans) <= 12


def test_everybody_but_the_chief_has_a_manager_and_nobody_a_user_name_of_another(founded):
    assert [person for person in founded.people if person.manager is None] == [founded.chief_executive]
    assert len({person.username for person in founded.people}) == len(founded.people) == 30_000
    assert enterprise(3_000).people[2_999].username == enterprise(3_000).people[2_999].username


def test_41_of_57_thousand_have_joined_after_a_year_and_all_by_now(life):
    opening = NOW - timedelta(days=730)
    year = sum(joined <= opening + timedelta(days=365) for joined in life.joined.values())
    assert (year, max(life.joined.values()) <= NOW) == (pytest.approx(41_000, rel=0.02), True)


def test_a_fifth_never_comes_and_the_others_as_often_as_measured(life):
    coming = [math.log(rate) for rate in life.visits.values() if rate]
    assert len(coming) == pytest.approx(0.8 * MEMBERS, rel=0.02)
    assert statistics.fmean(coming) == pytest.approx(-1.73, abs=0.03)
    assert statistics.stdev(coming) == pytest.approx(1.484, abs=0.03)


def test_few_write_most_and_those_who_come_often_write_more(life):
    rates = sorted(life.contributions.values())
    middle, upper = (math.log(rates[round(part * MEMBERS)]) for part in (0.5, 0.8413))
    assert (middle, upper - middle) == (pytest.approx(-5.018, abs=0.05), pytest.approx(2.0, abs=0.05))
    pairs = [(math.log(life.visits[n]), math.log(rate)) for n, rate in life.contributions.items() if rate]
    assert statistics.correlation(*zip(*pairs, strict=True)) == pytest.approx(0.75, abs=0.02)
    weekly = sum(-math.expm1(-rate) for rate in rates)
    silent = 1 - len(life.writers(Random(1))) / MEMBERS
    assert (weekly, silent) == (pytest.approx(2_000, rel=0.1), pytest.approx(0.6, abs=0.02))


@pytest.mark.proof
def test_groups_have_lognormal_sizes_and_people_belong_to_two_or_to_dozens(life):
    people = list(range(MEMBERS))
    design = SimpleNamespace(writing=life.writers(Random(1)), apart=(), arrange=lambda *_crowd: None)
    crowd = gather(people, dict.fromkeys(people, "x"), viewer=MEMBERS // 2, seed=1, design=design)
    sizes = sorted(len(set(group.members)) for group in crowd.groups)
    assert (len(sizes), sizes[-3] > 10_000, sizes[-4] < 10_000) == (4_000, True, True)
    assert statistics.stdev(math.log(size) for size in sizes) == pytest.approx(1.5, abs=0.02)
    assert 18 <= statistics.median(sizes) <= 22
    belongs = Counter(person for group in crowd.groups for person in set(group.members))
    counts = sorted(belongs[person] for person in people)
    assert (statistics.median(counts), statistics.fmean(counts)) == (2, pytest.approx(4.75, abs=0.1))
    assert counts[round(0.99 * MEMBERS)] == pytest.approx(40, abs=2)
    silent = sum(not group.weight for group in crowd.groups) / 4_000
    kinds = Counter(group.topic for group in crowd.groups)
    assert (silent, kinds["team"] / 4_000) == (pytest.approx(0.35, abs=0.02), pytest.approx(0.35, abs=0.03))
    assert sum(len(followed) >= 499 for followed in crowd.follows.values()) >= 50


def test_what_is_written_is_written_at_working_hours_of_the_site():
    rhythm = Rhythm({1: 1, 2: 7}, start=NOW - timedelta(weeks=52), weeks=52)
    moments = [rhythm.moment(part / 20_000) for part in range(20_000)]
    assert moments == sorted(moments)
    assert sum(moment.weekday() < 5 for moment in moments) / 20_000 > 0.95
    rng = Random(1)
    hours = {
        person: Counter(moment.hour for moment in moments if rhythm.awake(person, moment, rng))
        for person in (1, 2)
    }
    assert sum(count for hour, count in hours[1].items() if 7 <= hour < 18) > 0.85 * hours[1].total()
    assert sum(count for hour, count in hours[2].items() if 1 <= hour < 12) > 0.85 * hours[2].total()
