"""What got dearer since an earlier run: ratios, queries and bytes, beside those of a file.

Times are not compared, for they tell more of the machine than of the code. Queries may never become more;
ratios and bytes may grow by the tolerance, which is what measuring the same thing twice may differ by.
"""

from collections.abc import Iterator, Mapping
from typing import Any

TOLERANCE = 0.15
MEASURES = {"queries": 0.0, "ratio": 1.0, "bytes": 1.0}
"""What is compared, and how much of the tolerance each has: queries are counted, not measured."""

Figures = Mapping[str, Mapping[str, Mapping[str, float]]]
"""By the kind of database and the name of the page: the measures."""


class Incomparable(ValueError):
    """Two runs looked at companies of different sizes."""


def figures_of(report: Mapping[str, Any]) -> Figures:
    """Return what can be compared in a report's JSON."""
    return {
        kind: {
            page["name"]: {measure: page[measure] for measure in MEASURES}
            for page in result["pages"][1:]  # the first is the reference page itself
        }
        for kind, result in report["pages"].items()
    }


def dearer(before: Mapping[str, Any], now: Mapping[str, Any], tolerance: float = TOLERANCE) -> list[str]:
    """Compare two reports as JSON; name what got dearer beyond the tolerance.

    Raises:
        Incomparable: they are of companies of different sizes.
    """
    for size in ("people", "contents"):
        if before[size] != now[size]:
            raise Incomparable(f"{size}: {before[size]:,} then, {now[size]:,} now")
    return list(differences(figures_of(before), figures_of(now), tolerance))


def differences(before: Figures, now: Figures, tolerance: float) -> Iterator[str]:
    """Name each measure of a page in both that is more than it was; pages in one of them alone pass."""
    for kind, pages in now.items():
        for name, page in pages.items():
            was = before.get(kind, {}).get(name, {})
            for measure, share in MEASURES.items():
                if measure in was and page[measure] > was[measure] * (1 + share * tolerance):
                    grown = f"{_number(was[measure])} → {_number(page[measure])}"
                    yield f"{name} ({kind}): {measure} {grown}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"
