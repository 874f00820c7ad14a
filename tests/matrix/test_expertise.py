"""Pages of expertise with everything that ships: what others add to them stays within eight queries."""

import pytest
from parvis.db import db
from parvis_blog.plugin import BlogPlugin
from parvis_expertise.domain.declare import declare
from parvis_expertise.domain.endorse import endorse
from parvis_expertise.domain.vocabulary import find_skills
from parvis_expertise.plugin import ExpertisePlugin
from parvis_groups.plugin import GroupsPlugin
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(
    expertise=ExpertisePlugin, social=SocialPlugin, groups=GroupsPlugin, blog=BlogPlugin,
    moderation=ModerationPlugin,
)  # fmt: skip
MOST = 8
PAGES = (
    "/expertise",
    "/expertise?who=who+knows+about+welding",
    "/expertise?who=weldnig",
    "/expertise?who=hugo+weldnig",
    "/expertise?who=quentin",
    "/expertise?who=quentin+hall&site=1&asks=1",
    "/expertise/skills/{skill}",
    "/expertise/skills/{skill}?show=wish",
    "/expertise/skills/{skill}?show=about",
    "/expertise/ask?q=welding",
    "/expertise/mine",
    "/expertise/colleagues",
    "/expertise/map",
    "/people/{handle}",
    "/people/{handle}/expertise",
    "/search?q=welding",
)


def test_no_page_of_expertise_costs_more_than_eight_queries(people, member, other, count_queries):
    declare(said={"teach": "Welding", "wish": "Rust"}, actor=member)
    welding = find_skills(["welding"])["welding"]
    for number in range(3):
        knowing = people.member(f"Quentin Hall{number}")
        declare(said={"teach": "Welding", "expert": "Breton"}, actor=knowing)
        endorse(person=knowing.person, skill_id=welding.id, note="On the hull", actor=other)
    db.session.commit()
    browser, spent = people.browser(member), {}
    for path in PAGES:
        address = path.format(skill=welding.id, handle=other.person.handle)
        browser.get(address)
        with count_queries(at_most=99) as counted:
            assert browser.get(address).status_code == 200
        spent[path] = len(counted)
    assert {path: number for path, number in spent.items() if number > MOST} == {}
