"""What tests of contents share."""

import pytest


@pytest.fixture
def club(member, make_place):
    """Return a place that `member` owns."""
    return make_place("club", member)
