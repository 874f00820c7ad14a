"""What got dearer is named, and nothing else."""

import pytest

from bench.comparison import Incomparable, dearer


def report(people=1000, **pages):
    """Make a report of the pages of one database: queries, ratio and bytes of each."""
    found = [
        {"name": name.replace("_", " "), "queries": queries, "ratio": ratio, "bytes": size}
        for name, (queries, ratio, size) in {"reference": (1, 1.0, 7000), **pages}.items()
    ]
    return {"people": people, "contents": 2000, "pages": {"sqlite": {"pages": found}}}


BEFORE = report(home=(8, 4.0, 20_000), groups=(3, 5.0, 30_000))


@pytest.mark.parametrize(
    ("now", "named"),
    [
        (report(home=(8, 4.0, 20_000)), []),
        (report(home=(8, 4.5, 22_000)), []),
        (report(home=(1, 1.0, 2_000)), []),
        (report(home=(9, 4.0, 20_000)), ["home (sqlite): queries 8 → 9"]),
        (report(home=(8, 4.7, 20_000)), ["home (sqlite): ratio 4 → 4.70"]),
        (report(home=(8, 4.0, 24_000)), ["home (sqlite): bytes 20,000 → 24,000"]),
        (report(new_page=(99, 99.0, 99_000)), []),
        (report(reference=(9, 9.0, 9_000)), []),
    ],
)
def test_only_what_costs_more_than_the_tolerance_allows_is_named(now, named):
    assert dearer(BEFORE, now, 0.15) == named


def test_companies_of_different_sizes_are_not_compared():
    with pytest.raises(Incomparable, match="people: 1,000 then, 2,000 now"):
        dearer(BEFORE, report(people=2000))
