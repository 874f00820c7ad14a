"""Growth is told between the smallest and the largest."""

import pytest

from bench.growth import Figures, Result


def test_what_costs_more_than_a_third_more_misses_the_goal():
    flat = Figures("home", (4.0, 9.0, 5.0), (8, 8, 8))
    steep = Figures("group", (4.0, 5.0, 6.0), (8, 8, 8))
    assert (flat.grown, flat.met, steep.grown, steep.met) == (1.25, True, 1.5, False)
    assert Result((1, 2, 3), (flat, steep)).median == pytest.approx(1.375)
