"""The first page of a place: what is pinned, the latest first, and what is new, in one go."""

import pytest
from parvis.api import db
from parvis_social.api import comment, pin, place_page, place_stream, post
from parvis_social.plugin import SocialPlugin

pytestmark = [pytest.mark.plugins(social=SocialPlugin), pytest.mark.both_databases]


@pytest.mark.parametrize("order", ["new", "active"])
@pytest.mark.parametrize("count", [0, 1, 20, 23])
def test_the_first_page_is_what_is_pinned_and_what_is_new(make_place, member, other, order, count):
    place = make_place("club", other, member)
    written = [post(place=place, text=f"Post {number}", actor=other) for number in range(count)]
    for each in written[:3]:
        pin(content=each, actor=other)
    for each in written[2:6]:
        comment(root=each, text="Yes", actor=member)
    db.session.commit()
    pinned, latest = place_page(place.id, viewer=member, order=order)
    apart = place_stream(place.id, viewer=member, order=order)
    assert [card.id for card in pinned] == [each.id for each in reversed(written[:3])]
    assert (list(latest.cards), latest.before) == (list(apart.cards), apart.before)
