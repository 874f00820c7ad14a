"""A pytest plugin for whoever builds on social; installed with it and found by pytest by itself."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from parvis.api import Member, db

if TYPE_CHECKING:  # importing them declares tables, which only tests with social want
    from .place.models import Place


@pytest.fixture
def make_place(app: Any) -> "Callable[..., Place]":
    """Return what makes a place: `make_place("club", owner, member, access="closed", kind="blog")`.

    It is of a kind that some plugin of the test registers: by default a wall, which is nobody's.
    """
    from .place.membership import add_member  # noqa: PLC0415 - as above
    from .place.models import Access, Place, Posting, Role  # noqa: PLC0415 - as above

    def make(
        slug: str,
        owner: Member,
        *members: Member,
        access: str = Access.OPEN,
        posting: str = Posting.MEMBERS,
        kind: str = "wall",
        **columns: Any,
    ) -> Place:
        values = {"name": slug.title(), "types": [], **columns}
        place = Place(kind=kind, slug=slug, access=access, posting=posting, **values)
        db.session.add(place)
        db.session.flush()
        add_member(place=place, person_id=owner.id, actor=owner, role=Role.OWNER)
        for member in members:
            add_member(place=place, person_id=member.id, actor=member)
        db.session.commit()
        return place

    return make
