"""The large company lives in a database as the domain would have made it, and what is planted is there."""

import hashlib
from collections import Counter

import pytest
from parvis.api import db
from parvis.directory.models import Person
from parvis.testing.company import write_ldif
from parvis.testing.services import create_database, require, slapd
from parvis_expertise.models import Declaration, Endorsement, Skill
from parvis_moderation.models import Case
from parvis_social.content.models import Content
from parvis_social.content.models import Text as Source
from parvis_social.place.models import Membership, PersonFollow, Place
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session

from bench import populate
from bench.load import opened
from bench.site import Site, Staff
from bench.writing import of_topic, vocabulary

PEOPLE, POSTS = 1_600, 3_000
MADE = []
"""What was made with one seed, each time."""


def test_the_words_of_a_topic_follow_zipfs_law_and_are_not_those_of_another():
    words = vocabulary(1, "Sailing")["en"]
    assert (words[0], len(words) > 200) == ("sailing", True)
    assert words[:30] != vocabulary(1, "Python")["en"][:30]
    said = " ".join(part.source for part in of_topic(1, "Sailing")[0]).lower()
    counted = Counter(said.replace(".", " ").split())
    first, tenth = counted["sailing"], sum(counted[word] for word in words[5:15]) / 10
    assert 4 < first / tenth < 25


@pytest.fixture(scope="module")
def founded():
    return populate.found(PEOPLE, 1)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request, tmp_path_factory):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('populated') / 'parvis.db'}"
    return create_database(request.getfixturevalue("postgresql_server"))


@pytest.fixture(scope="module")
def planted(founded, url):
    return populate.populate(founded, url, posts=POSTS, seed=1)


@pytest.fixture
def ask(planted, url):
    engine = create_engine(url)
    with Session(engine) as session:
        yield lambda query: session.execute(query).all()
    engine.dispose()


@pytest.mark.proof
def test_what_is_planted_is_there(planted, ask):
    groups = dict(ask(select(Place.slug, Place.id).where(Place.kind == "group")))
    for plant in planted["groups closed in on a department"]:
        inside = select(Person.department_id).join(Membership, Membership.person_id == Person.id).distinct()
        assert len(ask(inside.where(Membership.place_id == groups[plant["group"]]))) == 1
    for slugs in planted["near-duplicate groups"]:
        shared = select(Membership.person_id).where(Membership.place_id.in_([groups[slug] for slug in slugs]))
        shared = shared.group_by(Membership.person_id).having(func.count() == 2)
        assert ask(shared)
    for name in planted["departments apart"]:
        theirs = "SELECT p.id FROM person p JOIN unit u ON u.id = p.department_id WHERE u.name = :name"
        outside = text(
            f"SELECT count(*) FROM social_content c WHERE c.author_id IN ({theirs}) AND EXISTS (SELECT 1 FROM"
            f" social_membership m WHERE m.place_id = c.place_id AND m.person_id NOT IN ({theirs}))"
        ).bindparams(name=name)
        assert ask(outside)[0][0] == 0
    for name in planted["sites left behind"]:
        joined = text(
            "SELECT avg(CASE WHEN m.id IS NULL THEN 0.0 ELSE 1.0 END) FROM person p"
            " JOIN unit u ON u.id = p.site_id LEFT JOIN member m ON m.id = p.id WHERE u.name = :name"
        ).bindparams(name=name)
        assert float(ask(joined)[0][0]) < 0.45
    follows = select(Person.handle, func.count()).join(PersonFollow, PersonFollow.person_id == Person.id)
    most = max(ask(follows.group_by(Person.handle)), key=lambda row: row[1])
    assert most[0] in planted["people following too much"]


@pytest.mark.proof
def test_the_same_seed_is_the_same_company_on_both_databases(ask):
    rows = [
        ask(select(Person.id, Person.handle).order_by(Person.id)),
        ask(select(Source.content_id, Source.source).order_by(Source.content_id)),
        ask(select(Content.id, Content.place_id, Content.author_id, Content.root_id).order_by(Content.id)),
        ask(select(Membership.place_id, Membership.person_id).order_by(*Membership.__table__.primary_key)),
        ask(select(Declaration.person_id, Declaration.skill_id).order_by(*Declaration.__table__.primary_key)),
        ask(select(Case.kind, Case.subject_id, Case.reports_count).order_by(Case.kind, Case.subject_id)),
    ]
    assert all(rows)
    made = [hashlib.sha256(repr([tuple(row) for row in found]).encode()).hexdigest() for found in rows]
    MADE.append(made)
    assert made == MADE[0]


@pytest.mark.proof
def test_people_know_things_and_all_that_is_counted_is_true(ask):
    assert ask(select(func.count()).select_from(Declaration))[0][0] > 1_000
    assert ask(select(func.count()).select_from(Endorsement))[0][0] > 300
    wrong = text(
        "SELECT count(*) FROM expertise_skill s WHERE people_count <> (SELECT count(*) FROM"
        " expertise_declaration d WHERE d.skill_id = s.id AND d.rank <= 5)"
    )
    assert (ask(wrong)[0][0], ask(select(func.max(Skill.people_count)))[0][0] > 50) == (0, True)
    times = [row[0] for row in ask(select(Content.created_at).order_by(Content.id).limit(5_000))]
    assert times == sorted(times)
    assert sum(moment.weekday() < 5 for moment in times) > 0.95 * len(times)


@pytest.mark.proof
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_whoever_is_synchronised_from_its_ldif_is_nobody_new(founded, planted, url, tmp_path):
    require("slapd")
    with (tmp_path / "people.ldif").open("w", encoding="utf-8") as file:
        write_ldif(founded, file)
    with slapd(tmp_path / "people.ldif", base=founded.base_dn) as server:
        site = Site("sqlite", url, tmp_path, Staff(founded, server, tmp_path))
        said = site.run("directory", "sync", "--full", "--dry-run")
    assert "0 added" in said or "nothing" in said, said
    with opened(url):
        assert db.session.scalar(select(func.count()).select_from(Person)) == PEOPLE
