"""The company that benchmarks look at is one that the domain could have made: all its counters are true."""

import pytest
from parvis.api import db
from parvis_blog.plugin import BlogPlugin
from parvis_groups.plugin import GroupsPlugin
from parvis_social.plugin import SocialPlugin
from sqlalchemy import text

from bench.population import populate

pytestmark = [
    pytest.mark.proof,
    pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin, blog=BlogPlugin),
    pytest.mark.both_databases,
]

RULES = {
    "members of a place": """
        SELECT count(*) FROM social_place AS p WHERE p.kind = 'group'
        AND members_count <> (SELECT count(*) FROM social_membership AS m WHERE m.place_id = p.id)""",
    "contents of a place": """
        SELECT count(*) FROM social_place AS p WHERE contents_count <>
        (SELECT count(*) FROM social_content AS c WHERE c.place_id = p.id AND c.root_id IS NULL)""",
    "newest of a place": """
        SELECT count(*) FROM social_place AS p WHERE latest_id <>
        (SELECT coalesce(max(c.id), 0) FROM social_content AS c WHERE c.place_id = p.id)""",
    "comments of a content": """
        SELECT count(*) FROM social_content AS p WHERE root_id IS NULL AND (comments_count <> comments_given
        OR comments_count <> (SELECT count(*) FROM social_content AS c WHERE c.root_id = p.id))""",
    "reactions to a content": """
        SELECT count(*) FROM social_content AS c WHERE reactions_count <>
        (SELECT count(*) FROM social_reaction AS r WHERE r.content_id = c.id)""",
    "newest of a thread": """
        SELECT count(*) FROM social_content AS p WHERE latest_id <>
        (SELECT coalesce(max(c.id), p.id) FROM social_content AS c WHERE c.root_id = p.id)""",
    "last number of a thread": """
        SELECT count(*) FROM social_content AS p WHERE comments_given <>
        (SELECT coalesce(max(c.number), 0) FROM social_content AS c WHERE c.root_id = p.id)""",
    "replies under their own thread": """
        SELECT count(*) FROM social_content AS c JOIN social_content AS p ON p.id = c.parent_id
        WHERE p.root_id <> c.root_id OR p.parent_id IS NOT NULL""",
    "answers under their own thread": """
        SELECT count(*) FROM social_content AS c JOIN social_content AS a ON a.id = c.answer_id
        WHERE a.root_id <> c.id""",
    "a comment is where its root is": """
        SELECT count(*) FROM social_content AS c JOIN social_content AS p ON p.id = c.root_id
        WHERE p.place_id <> c.place_id OR p.audience <> c.audience""",
    "audiences": """
        SELECT count(*) FROM social_content AS c JOIN social_place AS p ON p.id = c.place_id
        WHERE c.audience <> CASE p.access WHEN 'open' THEN 0 ELSE p.id END""",
    "who writes in a closed place belongs to it": """
        SELECT count(*) FROM social_content AS c WHERE audience <> 0 AND NOT EXISTS
        (SELECT 1 FROM social_membership AS m WHERE m.place_id = c.place_id AND m.person_id = c.author_id)""",
    "who reacts in a closed place belongs to it": """
        SELECT count(*) FROM social_reaction AS r JOIN social_content AS c ON c.id = r.content_id
        WHERE c.audience <> 0 AND NOT EXISTS
        (SELECT 1 FROM social_membership AS m WHERE m.place_id = c.place_id AND m.person_id = r.person_id)""",
    "a text for each content": """
        SELECT count(*) FROM social_content AS c LEFT JOIN social_text AS t ON t.content_id = c.id
        WHERE t.content_id IS NULL AND c.type <> 'article'""",
    "contents of a tag": """
        SELECT count(*) FROM social_tag AS t WHERE contents_count <>
        (SELECT count(*) FROM social_content_tag AS ct JOIN social_content AS c ON c.id = ct.content_id
         WHERE ct.tag_id = t.id AND c.audience = 0)""",
    "newest of a tagged content": """
        SELECT count(*) FROM social_content_tag AS ct JOIN social_content AS c ON c.id = ct.content_id
        WHERE ct.latest_id <> c.latest_id""",
    "unread notifications": """
        SELECT count(*) FROM social_visitor AS v WHERE unread <>
        (SELECT count(*) FROM social_notification AS n WHERE n.person_id = v.person_id
         AND n.id > v.read_up_to AND n.read_at IS NULL)""",
    "nobody is told of what is closed": """
        SELECT count(*) FROM social_notification AS n JOIN social_content AS c ON c.id = n.content_id
        WHERE c.audience <> 0 OR n.place_id <> c.place_id OR n.root_id <> coalesce(c.root_id, c.id)""",
    "each group has an owner": """
        SELECT count(*) FROM social_place AS p WHERE kind = 'group' AND 1 <>
        (SELECT count(*) FROM social_membership AS m WHERE m.place_id = p.id AND role = 'owner')""",
}
REACTIONS = "SELECT id, reactions FROM social_content WHERE id IN (SELECT content_id FROM social_reaction)"
COUNTED = "SELECT content_id, kind, count(*) FROM social_reaction GROUP BY content_id, kind"


@pytest.fixture
def scene(company, database_url):
    """Let it talk."""
    return populate(database_url, viewer=company, posts=2000)


def count(query):
    return db.session.execute(text(query)).scalar_one()


def test_all_that_is_counted_is_true(scene):
    assert {name: wrong for name, query in RULES.items() if (wrong := count(query))} == {}
    found = {}
    for content, kind, number in db.session.execute(text(COUNTED)):
        found.setdefault(content, {})[kind] = number
    said = db.session.execute(text(REACTIONS).columns(reactions=db.JSON))
    assert {row.id: row.reactions for row in said} == found


def test_as_much_is_there_as_was_asked_for(scene):
    assert count("SELECT count(*) FROM social_content") == 4000 + 501
    assert 1500 < count("SELECT count(*) FROM social_content WHERE root_id IS NULL") < 2100
    planted = "SELECT comments_count FROM social_content WHERE id = {}"
    assert [count(planted.format(n)) for n in (scene.long, scene.short, scene.article)] == [500, 20, 500]
    belongs = "SELECT count(*) FROM social_membership WHERE person_id = {}"
    assert [count(belongs.format(scene.cast[who])) for who in ("median", "light", "new")] == [2, 1, 0]
    assert count(f"SELECT unread FROM social_visitor WHERE person_id = {scene.cast['told']}") > 300


@pytest.mark.parametrize("query", ["", "?order=reactions", "?answered=1"])
def test_an_article_with_500_comments_costs_as_much_as_one_with_three(scene, people, count_queries, query):
    browser, address = people.browser(people.member("Ada")), f"/blogs/articles/{scene.article}{query}"
    browser.get(address)
    with count_queries(exactly=4):
        page = browser.get(address)
    assert ("500 comments" in page.text, page.text.count('<article class="so-comment') > 5) == (True, True)


def test_what_is_written_next_has_the_next_number(scene, people):
    from parvis_social.content.post import post  # noqa: PLC0415
    from parvis_social.place.wall import wall_of  # noqa: PLC0415

    ada = people.member("Ada")
    assert post(place=wall_of(ada.person), text="Hello", actor=ada).id == scene.contents + 1
