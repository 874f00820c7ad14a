"""What is reported in the large company could have been: moderation would have left the same."""

import statistics
from collections import Counter

import pytest
from parvis.api import Member, db
from parvis_blog.plugin import BlogPlugin
from parvis_groups.plugin import GroupsPlugin
from parvis_moderation.domain.case import get_case_for
from parvis_moderation.domain.decide import decide
from parvis_moderation.domain.text import reasons
from parvis_moderation.models import Act, Case, Decision
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.plugin import SocialPlugin
from sqlalchemy import func, select, text

from bench import reported
from bench.population import populate

pytestmark = [
    pytest.mark.proof,
    pytest.mark.plugins(
        social=SocialPlugin, groups=GroupsPlugin, blog=BlogPlugin, moderation=ModerationPlugin
    ),
    pytest.mark.both_databases,
]
SEVERE = ", ".join(f"'{name}'" for name, reason in reasons().items() if reason.severe)
RULES = {
    "reports of a case": """
        SELECT count(*) FROM moderation_case AS c WHERE reports_count = 0 OR reports_count <>
        (SELECT count(*) FROM moderation_report AS r WHERE r.case_id = c.id)""",
    "a case is opened by its first report": """
        SELECT count(*) FROM moderation_case AS c WHERE opened_at <>
        (SELECT min(at) FROM moderation_report AS r WHERE r.case_id = c.id)""",
    "nobody reports what is their own": """
        SELECT count(*) FROM moderation_report AS r JOIN moderation_case AS c ON c.id = r.case_id
        WHERE r.reporter_id = c.person_id""",
    "nobody decides on what is their own": """
        SELECT count(*) FROM moderation_decision WHERE by_id = person_id""",
    "who reports what is closed belongs there": """
        SELECT count(*) FROM moderation_report AS r JOIN moderation_case AS c ON c.id = r.case_id
        JOIN social_content AS s ON s.id = c.subject_id AND c.kind IN ('content', 'comment')
        WHERE s.audience <> 0 AND NOT EXISTS (SELECT 1 FROM social_membership AS m
        WHERE m.place_id = c.place_id AND m.person_id = r.reporter_id)""",
    "a case is of its author, where that was written": """
        SELECT count(*) FROM moderation_case AS c JOIN social_content AS s ON s.id = c.subject_id
        WHERE c.kind IN ('content', 'comment') AND (c.person_id <> s.author_id OR c.place_id <> s.place_id
        OR (c.kind = 'comment') <> (s.root_id IS NOT NULL))""",
    "nothing has two cases that are open": """
        SELECT count(*) FROM (SELECT 1 AS one FROM moderation_case WHERE state <> 'closed'
        GROUP BY kind, subject_id HAVING count(*) > 1) AS twice""",
    "what is severe is with those of the whole site": f"""
        SELECT count(*) FROM moderation_case AS c WHERE desk = 'place' AND EXISTS (SELECT 1
        FROM moderation_report AS r WHERE r.case_id = c.id AND r.reason IN ({SEVERE}))""",
    "who decides for a place looks after it, others for the whole site": """
        SELECT count(*) FROM moderation_decision AS d JOIN moderation_case AS c ON c.id = d.case_id
        WHERE CASE d.desk WHEN 'place' THEN d.act IN ('warn', 'suspend') OR NOT EXISTS
        (SELECT 1 FROM social_membership AS m WHERE m.place_id = c.place_id AND m.person_id = d.by_id
        AND m.role <> 'member')
        ELSE NOT EXISTS (SELECT 1 FROM moderation_manager AS m WHERE m.person_id = d.by_id) END""",
    "a case says what was decided last": """
        SELECT count(*) FROM moderation_case AS c WHERE CASE state
        WHEN 'open' THEN decided_at IS NOT NULL OR outcome <> ''
        ELSE (SELECT count(*) FROM moderation_decision AS d WHERE d.case_id = c.id AND d.act = c.outcome
        AND d.at = c.decided_at AND d.reason = c.reason) <> 1 OR (state = 'waiting') <> (outcome = 'edit')
        END""",
    "whom a decision is about is told, but of nothing": """
        SELECT count(*) FROM moderation_decision WHERE (act = 'nothing') <> (text = '')
        OR text LIKE '%{%'""",
    "who is suspended is so by a decision that stands": """
        SELECT count(*) FROM moderation_decision AS d LEFT JOIN moderation_suspension AS s
        ON s.decision_id = d.id WHERE (d.act = 'suspend' AND d.undone_at IS NULL) <> (s.until IS NOT NULL)
        OR s.until <> d.until OR s.person_id <> d.person_id""",
    "an appeal is answered by somebody else": """
        SELECT count(*) FROM moderation_appeal AS a JOIN moderation_decision AS d ON d.id = a.decision_id
        WHERE a.at < d.at OR a.by_id IN (d.by_id, d.person_id) OR (a.outcome = '') <> (a.by_id IS NULL)
        OR (a.outcome = 'overturned') <> (d.undone_at IS NOT NULL)""",
    "what is hidden is withheld": """
        SELECT count(*) FROM social_content AS s LEFT JOIN moderation_case AS c ON c.subject_id = s.id
        AND c.kind IN ('content', 'comment') LEFT JOIN moderation_decision AS d ON d.case_id = c.id
        AND d.act = 'hide' AND d.undone_at IS NULL WHERE (s.withheld_at IS NULL) <> (d.id IS NULL)
        OR s.withheld_at <> d.at OR s.deleted_by_id <> d.by_id""",
    "what is closed is locked": """
        SELECT count(*) FROM social_content AS s LEFT JOIN moderation_case AS c ON c.subject_id = s.id
        AND c.kind = 'content' LEFT JOIN moderation_decision AS d ON d.case_id = c.id
        AND d.act = 'lock' AND d.undone_at IS NULL WHERE (s.locked_at IS NULL) <> (d.id IS NULL)
        OR s.locked_at <> d.at""",
    "contents of a place": """
        SELECT count(*) FROM social_place AS p WHERE contents_count <> (SELECT count(*)
        FROM social_content AS c WHERE c.place_id = p.id AND c.root_id IS NULL AND c.deleted_at IS NULL)""",
    "comments of a content": """
        SELECT count(*) FROM social_content AS p WHERE root_id IS NULL AND comments_count <> (SELECT count(*)
        FROM social_content AS c WHERE c.root_id = p.id AND c.deleted_at IS NULL)""",
    "every decision stands in the log": """
        SELECT count(*) FROM moderation_decision AS d WHERE 1 <> (SELECT count(*) FROM moderation_log AS l
        WHERE l.case_id = d.case_id AND l.at = d.at AND l.actor_id = d.by_id
        AND l.what = 'moderation.' || d.act)""",
}


@pytest.fixture
def manager(company, database_url, monkeypatch):
    """Let the company talk, and report much of that; return who moderates."""
    monkeypatch.setattr(reported, "LEAST", 300)
    scene = populate(database_url, viewer=company, posts=2000)
    return reported.populate(database_url, scene)


def count(query):
    return db.session.execute(text(query)).scalar_one()


def test_all_of_it_could_have_been(manager):
    assert {name: wrong for name, query in RULES.items() if (wrong := count(query))} == {}


def test_most_is_decided_soon_in_every_way_and_some_is_open(manager):
    states = dict(db.session.execute(select(Case.state, func.count()).group_by(Case.state)).all())
    assert (sum(states.values()), states["open"] / sum(states.values())) == (
        pytest.approx(300, abs=60),
        pytest.approx(0.05, abs=0.045),
    )
    acts = Counter(db.session.scalars(select(Decision.act)))
    assert set(acts) == set(Act) - {Act.HOLD}
    assert acts[Act.NOTHING] / acts.total() == pytest.approx(0.55, abs=0.12)
    hours = [delay / 3600 for delay in db.session.scalars(select(Decision.delay))]
    assert 8 < statistics.median(hours) < 48
    answered = dict(
        db.session.execute(text("SELECT outcome, count(*) FROM moderation_appeal GROUP BY 1")).all()
    )
    assert min(answered["upheld"], answered["overturned"]) >= 1
    several = select(func.count()).where(Case.reports_count > 1)
    assert 0.2 < db.session.scalar(several) / sum(states.values()) < 0.7


def test_some_places_have_much_more_of_it_than_others(manager):
    cases = select(func.count()).select_from(Case).where(Case.kind.in_(("content", "comment")))
    by_place = sorted(db.session.scalars(cases.group_by(Case.place_id)), reverse=True)
    assert by_place[0] > 4 * statistics.mean(by_place)


def test_whoever_moderates_can_go_on_deciding(manager):
    member = db.session.get(Member, manager)
    waiting = select(Case.id).where(Case.state == "open", Case.desk == "managers", Case.person_id != manager)
    case = get_case_for(member, db.session.scalars(waiting.order_by(Case.id)).first())
    decide(case_id=case.case.id, act=Act.NOTHING, reason="other", text="", actor=member)
    db.session.commit()
    assert (case.is_manager, case.case.state) == (True, "closed")


def test_as_many_wait_as_are_to_and_the_queue_asks_no_more_for_thousands(
    manager, people, database_url, count_queries
):
    waiting = select(func.count()).where(Case.state == "open", Case.desk == "managers")
    browser = people.browser(db.session.get(Member, manager))
    for number in (10, 2000):
        db.session.rollback()
        reported.leave_open(database_url, number)
        assert db.session.scalar(waiting) == number
        browser.get("/moderation")
        with count_queries(at_most=8):
            assert browser.get("/moderation").status_code == 200
