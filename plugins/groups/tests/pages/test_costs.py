"""What pages of groups cost: the same for one and for three of anything, and never more than eight."""

import pytest
from parvis.api import db
from parvis_groups.domain.proposal import propose
from parvis_groups.domain.request import ask
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import comment, pin, post
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin)
MOST = 8
HTMX = {"HX-Request": "true"}


@pytest.fixture
def lively(make_group, people, member, other):
    """Return what makes a group with so many members, posts, comments, pinned ones and requests."""

    def make(count):
        group = make_group("Photo", member, other, access="closed", tags=["light"], description="Hello")
        for number in range(count):
            joining = people.member(f"Further Member{number}")
            make_group(f"Photo {number}", joining, member, tags=["light"])
            ask(group=group, message="Please", actor=people.member(f"Asking Person{number}"))
            propose(group=group, text="Birds", actor=joining)
            written = post(place=group.place, text=f"Post {number}", actor=other)
            comment(root=written, text="Yes", actor=member)
            pin(content=written, actor=member)
        db.session.commit()
        return group

    return make


PAGES = {
    "/groups": 5,
    "/groups?tab=active": 5,
    "/groups?tab=suggested": 5,
    "/groups?q=photo": 6,
    "/groups/new": 3,
    "/groups/photo": 6,
    "/groups/photo/about": 6,
    "/groups/photo/members": 5,
    "/groups/photo/files": 4,
    "/groups/photo/requests": 7,
    "/groups/photo/invite": 3,
    "/groups/photo/settings": 4,
}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_costs_the_same_for_one_and_for_three(lively, people, member, count_queries, path, count):
    lively(count)
    browser = people.browser(member)
    browser.get(path)
    with count_queries(exactly=PAGES[path]):
        assert browser.get(path).status_code == 200


def test_a_further_part_of_the_stream_asks_for_nothing_but_what_it_shows(
    lively, people, member, count_queries
):
    lively(3)
    browser, path = people.browser(member), "/groups/photo?before=1000000"
    browser.get(path, headers=HTMX)
    with count_queries(exactly=4):
        part = browser.get(path, headers=HTMX)
    assert ("Post 2" in part.text, "<html" in part.text) == (True, False)


def test_no_page_costs_more_than_eight_queries():
    assert max(PAGES.values()) <= MOST
