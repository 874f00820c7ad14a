"""Skills are found by any of their names while one types, and made where they are missing."""

import pytest
from flask_babel import force_locale
from parvis.api import Invalid, NotFound, TooMany, db
from parvis_expertise.domain import curate
from parvis_expertise.domain.vocabulary import find_skills, get_skill, skills_named, suggest_skills
from parvis_expertise.domain.word import skill_key
from parvis_expertise.models import Skill
from parvis_expertise.plugin import ExpertisePlugin
from sqlalchemy import func, select

pytestmark = [pytest.mark.plugins(expertise=ExpertisePlugin), pytest.mark.both_databases]


SAME = {
    "C": "c",
    "C++": "cplusplus",
    "C#": "csharp",
    ".NET": "dotnet",
    "Node.js": "node js",
    "L’Usinage": "usinage",
    "Gestion de l'équipe": "gestion equipe",
    "  work AT height ": "work height",
    "R&D": "r",
    "d": "d",
    "…": "",
}
SUGGESTED = {
    "soud": "Welding",
    "weld": "Welding",
    "SOUDAGE": "Welding",
    "telecom": "Telecommunications",
    "c++": "C++",
    "c#": "C#",
    "c": "C",
    "m2m": "Machine-to-machine",
    "k8s": "Kubernetes",
    "qualite manag": "Quality management",
    "langue signes": "French Sign Language",
    "rgpd": "Data protection",
}
ANYTHING = ("", "   ", "%", "\0", "'; drop", "é" * 500, "a b c d e f g h i j k", "*", "\ud800", "c+" * 300)


def test_names_are_compared_without_case_accents_and_small_words(app):
    assert {name: skill_key(name) for name in SAME} == SAME


def test_what_is_typed_suggests_a_skill_by_any_of_its_names(app):
    assert {typed: suggest_skills(typed)[0].english for typed in SUGGESTED} == SUGGESTED


def test_whatever_is_typed_is_no_error(app):
    assert max(len(suggest_skills(typed)) for typed in ANYTHING) <= 8


def test_skills_that_colleagues_have_come_first(member, says):
    says(member, practise="Software testing")
    assert suggest_skills("software")[0].english == "Software testing"


def test_a_skill_that_is_missing_is_made_in_the_language_of_who_names_it(member, skill):
    with force_locale("fr"):
        made, known = skills_named(["Vannerie", "soudage"], actor=member)
        assert (made.name_for("fr"), made.name_for("en"), made.english) == ("Vannerie", "Vannerie", "")
    assert known is skill("Welding")
    assert suggest_skills("vann") == [made]


def test_a_name_is_made_once_however_it_is_written(member):
    (first,) = skills_named(["Basket weaving", "BASKET   weaving!"], actor=member)
    assert skills_named(["basket-weaving"], actor=member) == [first]


def test_two_who_name_a_skill_at_once_name_the_same(member, other, at_once, again):
    ids = member, other

    def act(who):
        return lambda: skills_named(["Basket weaving"], actor=again(who))[0].id

    made = set(at_once(*(act(who) for who in ids)))
    assert len(made) == 1


@pytest.mark.settings(**{"plugins.expertise": {"new_skills_per_day": 2}})
def test_one_person_brings_only_so_many_new_ones_a_day(member, other):
    skills_named(["One thing", "Other thing"], actor=member)
    skills_named(["One thing", "Welding"], actor=member)
    with pytest.raises(TooMany):
        skills_named(["Third thing"], actor=member)
    skills_named(["Third thing"], actor=other)


def test_a_name_says_something_and_is_not_too_long(member):
    for name in ("x" * 61, "!!!"):
        with pytest.raises(Invalid):
            skills_named([name], actor=member)


# looking after the words


def test_a_skill_gets_its_name_in_the_other_language_and_is_found_by_it(member, skill):
    (made,) = skills_named(["Basket weaving"], actor=member)
    curate.rename(
        skill=made, english="Basket weaving", french="Vannerie", others=["paniers", "osier"], actor=member
    )
    assert (skill("vannerie"), skill("osier"), made.name_for("fr")) == (made, made, "Vannerie")
    curate.rename(skill=made, english="Basketry", french="Vannerie", others=[], actor=member)
    assert set(find_skills(["osier", "basket weaving", "basketry", "vannerie"])) == {"basketry", "vannerie"}


def test_a_name_of_another_skill_is_not_taken_from_it(skill, member):
    with pytest.raises(Invalid, match="another skill"):
        curate.rename(skill=skill("Welding"), english="Welding", french="Usinage", others=[], actor=member)
    with pytest.raises(Invalid):
        curate.rename(skill=skill("Welding"), english="", french=" ", others=[], actor=member)


def test_those_named_in_one_language_alone_are_listed(member):
    (made,) = skills_named(["Basket weaving"], actor=member)
    assert curate.list_skills(unpaired=True) == ([made], None)
    assert curate.list_skills(unpaired=False)[0][0] == made
    listed, before = curate.list_skills(unpaired=False)
    assert curate.list_skills(unpaired=False, before=before)[0][0].id < listed[-1].id


@pytest.fixture
def both(people, member, says, confirms, skill):
    """Two names of one skill, with people who have the one, the other and both, and what is confirmed."""
    one, two, three = (people.member(name) for name in ("One", "Two", "Three"))
    says(one, teach="Wickerwork")
    says(two, learn="Wickerwork", ask="Wickerwork", expert="Basket weaving")
    says(three, practise="Basket weaving")
    confirms(member, one, "Wickerwork")
    confirms(member, two, "Wickerwork", note="Baskets")
    confirms(three, two, "Basket weaving")
    confirms(three, two, "Wickerwork")
    return skill("Wickerwork"), skill("Basket weaving")


def rows():
    """Return all that people say and confirm, as plain values."""
    tables = "expertise_declaration", "expertise_endorsement", "expertise_name", "expertise_word"
    found = {t: sorted(map(str, db.session.execute(db.text(f"SELECT * FROM {t}")))) for t in tables}
    columns = Skill.id, Skill.english, Skill.french, Skill.people_count, Skill.merged_into_id
    return found, sorted(map(str, db.session.execute(select(*columns))))


def test_what_is_merged_is_found_under_one_skill(both, administrator, skill):
    wicker, basket = both
    curate.merge(skill=wicker, into=basket, actor=administrator)
    db.session.commit()
    assert (skill("wickerwork"), get_skill(wicker.id), basket.people_count) == (basket, basket, 3)
    held = db.session.execute(
        db.text("SELECT skill_id, rank, asks FROM expertise_declaration ORDER BY person_id")
    ).all()
    assert [tuple(row) for row in held] == [
        (basket.id, 1, False),
        (basket.id, 2, True),
        (basket.id, 3, False),
    ]
    query = "SELECT count(*) FROM expertise_endorsement WHERE skill_id = :s"
    assert db.session.scalar(db.text(query), {"s": basket.id}) == 3


def test_a_merge_that_is_taken_back_leaves_what_there_was(both, administrator):
    before = rows()
    made = curate.merge(skill=both[0], into=both[1], actor=administrator)
    db.session.commit()
    assert rows() != before
    curate.undo_merge(merge=made, actor=administrator)
    db.session.commit()
    db.session.expire_all()
    after = rows()
    assert after[1] == before[1]
    for table in before[0]:
        assert [r.partition("20")[0] for r in after[0][table]] == [
            r.partition("20")[0] for r in before[0][table]
        ]


def test_what_became_part_of_another_since_is_not_taken_back_before_it(both, administrator, skill):
    first = curate.merge(skill=both[0], into=both[1], actor=administrator)
    second = curate.merge(skill=both[1], into=skill("Creativity methods"), actor=administrator)
    assert get_skill(both[0].id) is skill("Creativity methods")
    with pytest.raises(Invalid, match="later"):
        curate.undo_merge(merge=first, actor=administrator)
    curate.undo_merge(merge=second, actor=administrator)
    curate.undo_merge(merge=curate.get_merge(first.id), actor=administrator)
    assert [get_skill(each.id) for each in both] == list(both)


def test_a_skill_does_not_become_part_of_itself(skill, administrator):
    with pytest.raises(Invalid):
        curate.merge(skill=skill("Welding"), into=skill("Soudage"), actor=administrator)
    with pytest.raises(Invalid):
        curate.skill_called("Nothing of the kind")
    with pytest.raises(NotFound):
        get_skill(10**9)


def test_of_the_language_without_a_name_the_merged_one_names_it(member, administrator, skill):
    (english,) = skills_named(["Basket weaving"], actor=member)
    with force_locale("fr"):
        (french,) = skills_named(["Vannerie"], actor=member)
    made = curate.merge(skill=french, into=english, actor=administrator)
    assert (english.english, english.french) == ("Basket weaving", "Vannerie")
    curate.undo_merge(merge=made, actor=administrator)
    assert (english.french, french.french, skill("Vannerie")) == ("", "Vannerie", french)
    assert db.session.scalar(select(func.count()).select_from(Skill).where(Skill.french == "Vannerie")) == 1
