"""Who has a skill, who confirms it, and who is found by a question."""

import random
import time
from dataclasses import replace
from functools import partial

import pytest
from parvis.api import Invalid, Member, NotAllowed, NotFound, TooMany, Unit, db
from parvis_expertise.domain import endorse as endorsing
from parvis_expertise.domain.declare import declare, said_of, skills_of
from parvis_expertise.domain.find import understand
from parvis_expertise.domain.map import count_spots, read_map
from parvis_expertise.domain.people import PAGE, Filter, choices, list_people
from parvis_expertise.domain.title import index_title, people_called
from parvis_expertise.models import Endorsement
from parvis_expertise.plugin import ExpertisePlugin
from sqlalchemy import inspect

pytestmark = [pytest.mark.plugins(expertise=ExpertisePlugin), pytest.mark.both_databases]
NOBODY = Filter()


def again(member):
    """Fetch somebody in the session of the present thread."""
    return db.session.get_one(Member, inspect(member).identity)


def names(found):
    return [each.person.given_name for each in found.people]


# what people say


def test_what_is_said_stands_there_at_its_level_and_is_read_back(member, says):
    says(member, teach="Soudage, C++", practise="welding, Java", ask="Java, Basket weaving", wish="Rust")
    shown = [(each.skill.english, each.level, each.asks) for each in skills_of(member.person)]
    assert shown == [
        ("C++", "teach", False),
        ("Welding", "teach", False),
        ("Java", "practise", True),
        ("Basket weaving", "ask", True),
        ("Rust", "wish", False),
    ]
    said = said_of(member.person)
    assert (said["teach"], said["practise"], said["ask"]) == ("C++, Welding", "Java", "Java, Basket weaving")
    says(member, **said)
    assert said_of(member.person) == said


def test_many_who_say_at_once_that_they_have_a_skill_are_all_counted(people, member, says, skill, at_once):
    says(member, teach="Welding")
    persons = [people.member() for _ in range(6)]
    db.session.commit()
    acts = [
        lambda each=each: declare(said={"teach": "Welding"}, actor=again(each))
        for each in (*persons, *persons)
    ]
    assert at_once(*acts) == [None] * 12
    assert skill("Welding").people_count == 7


def test_a_word_on_a_skill_that_is_sent_twice_is_one(member, other, says, skill, at_once):
    says(member, teach="Welding")
    db.session.commit()
    about = skill("Welding").id
    confirm = partial(endorsing.endorse, skill_id=about, note="On the hull")
    asks = partial(endorsing.ask_colleague, skill_id=about)
    made = at_once(
        *[lambda: confirm(person=again(member).person, actor=again(other)).by_id] * 2,
        *[lambda: asks(colleague=again(other).person, actor=again(member))] * 2,
    )
    assert sorted(map(str, made)) == [str(other.id), str(other.id), "None", "None"]
    assert db.session.scalar(db.select(db.func.count()).select_from(Endorsement)) == 1


def test_what_is_no_longer_said_is_gone_and_no_longer_counted(member, says, skill):
    says(member, teach="Welding", wish="Rust")
    assert (skill("Welding").people_count, skill("Rust").people_count) == (1, 0)
    says(member, learn="Rust")
    assert (skill("Welding").people_count, skill("Rust").people_count) == (0, 1)


def test_too_many_skills_are_refused_beside_the_fullest_field(member):
    said = {"teach": "Welding", "learn": ", ".join(f"Skill {number}" for number in range(40))}
    with pytest.raises(Invalid, match="at most 40") as refusal:
        declare(said=said, actor=member)
    assert refusal.value.field == "learn"
    with pytest.raises(Invalid) as refusal:
        declare(said={"wish": "x" * 61}, actor=member)
    assert refusal.value.field == "wish"


# what colleagues say


def test_who_confirms_stands_beside_a_skill_with_on_what_they_worked(member, other, says, confirms, skill):
    says(member, expert="Welding")
    confirms(other, member, "Welding", note="The  hull ")
    listed = list_people(skill("Welding"), NOBODY, viewer=other).people[0]
    assert (listed.endorsed, [(w.by.display_name, w.note) for w in listed.words]) == (
        1,
        [("Bob Other", "The hull")],
    )
    assert [each.endorsed for each in skills_of(member.person)] == [1]


def test_only_what_somebody_says_they_have_is_confirmed_and_not_by_themselves(member, other, says, confirms):
    says(member, wish="Welding", teach="Rust")
    with pytest.raises(NotFound):
        confirms(other, member, "Welding")
    with pytest.raises(NotAllowed):
        confirms(member, member, "Rust")
    for note in ("", " ", "x" * 201):
        with pytest.raises(Invalid):
            confirms(other, member, "Rust", note=note)


def shown_anywhere(skill, of, viewer):
    """Tell whether a word on a skill is shown to somebody: in lists, in counts, on the person's page."""
    listed = list_people(skill, NOBODY, viewer=viewer).people[0]
    words = endorsing.words_on(of.person, viewer=viewer)
    return {listed.endorsed, len(listed.words), len(words), *(each.endorsed for each in skills_of(of.person))}


def test_a_hidden_word_is_shown_nowhere_but_to_whose_it_is_until_it_is_shown_again(
    member, other, administrator, says, confirms, skill
):
    says(member, teach="Welding")
    confirms(other, member, "Welding")
    of = {"skill_id": skill("Welding").id, "by_id": other.id, "actor": member}
    assert shown_anywhere(skill("Welding"), member, administrator) == {1}
    endorsing.hide(**of)
    assert shown_anywhere(skill("Welding"), member, administrator) == {0}
    assert shown_anywhere(skill("Welding"), member, other) == {0}
    assert [word.state for word in endorsing.words_on(member.person, viewer=member)] == ["hidden"]
    confirms(other, member, "Welding", note="Said again")
    assert shown_anywhere(skill("Welding"), member, administrator) == {0}
    endorsing.show(**of)
    assert shown_anywhere(skill("Welding"), member, administrator) == {1}


def test_a_declined_word_is_gone_and_is_not_said_again(member, other, says, confirms, skill):
    says(member, teach="Welding")
    confirms(other, member, "Welding")
    of = {"skill_id": skill("Welding").id, "by_id": other.id, "actor": member}
    endorsing.decline(**of)
    assert shown_anywhere(skill("Welding"), member, member) == {0}
    assert db.session.get(Endorsement, (member.id, of["skill_id"], other.id)).note == ""
    with pytest.raises(NotAllowed, match="prefers"):
        confirms(other, member, "Welding")
    for act in (endorsing.show, endorsing.hide, endorsing.decline):
        with pytest.raises(NotFound):
            act(**of)


def test_nobody_decides_on_words_on_somebody_else(member, other, administrator, says, confirms, skill):
    says(member, teach="Welding")
    confirms(other, member, "Welding")
    for actor in (other, administrator):
        for act in (endorsing.hide, endorsing.decline, endorsing.show):
            with pytest.raises(NotFound):
                act(skill_id=skill("Welding").id, by_id=other.id, actor=actor)


def test_one_takes_ones_own_word_back(member, other, administrator, says, confirms, skill):
    says(member, teach="Welding")
    confirms(other, member, "Welding")
    endorsing.take_back(person=member.person, skill_id=skill("Welding").id, actor=administrator)
    assert shown_anywhere(skill("Welding"), member, member) == {1}
    endorsing.take_back(person=member.person, skill_id=skill("Welding").id, actor=other)
    assert shown_anywhere(skill("Welding"), member, member) == {0}


def test_who_is_asked_confirms_or_would_rather_not(member, other, administrator, says, confirms, skill):
    says(member, teach="Welding")
    welding = skill("Welding")
    for colleague in (other, administrator, other):
        endorsing.ask_colleague(colleague=colleague.person, skill_id=welding.id, actor=member)
    assert [each.person for each in endorsing.asked_of(other)] == [member.person]
    assert shown_anywhere(welding, member, member) == {0}
    confirms(other, member, "Welding")
    endorsing.refuse(person=member.person, skill_id=welding.id, actor=administrator)
    assert (endorsing.asked_of(other), endorsing.asked_of(administrator)) == ([], [])
    assert shown_anywhere(welding, member, member) == {1}
    endorsing.ask_colleague(colleague=administrator.person, skill_id=welding.id, actor=member)
    assert endorsing.asked_of(administrator) == []


@pytest.mark.settings(**{"plugins.expertise": {"requests_per_day": 1}})
def test_who_asks_is_held_to_measure(people, member, other, administrator, says, skill):
    says(member, teach="Welding")
    welding = skill("Welding").id
    for colleague in (member.person, people.person("Never Came")):
        with pytest.raises(Invalid):
            endorsing.ask_colleague(colleague=colleague, skill_id=welding, actor=member)
    with pytest.raises(NotFound):
        endorsing.ask_colleague(colleague=member.person, skill_id=welding, actor=other)
    endorsing.ask_colleague(colleague=other.person, skill_id=welding, actor=member)
    with pytest.raises(TooMany):
        endorsing.ask_colleague(colleague=administrator.person, skill_id=welding, actor=member)


def test_who_left_is_listed_nowhere_and_their_words_are_gone(
    people, member, other, says, confirms, skill, deliver
):
    says(member, teach="Welding")
    says(other, teach="Welding")
    confirms(other, member, "Welding")
    other.person.present = False
    db.session.commit()
    found = list_people(skill("Welding"), NOBODY, viewer=member)
    assert (names(found), found.people[0].endorsed, endorsing.words_on(member.person, viewer=member)) == (
        ["Ada"],
        0,
        [],
    )
    other.person.present, member.person.present = True, False
    endorsing.ask_colleague(colleague=other.person, skill_id=skill("Welding").id, actor=member)
    assert (names(list_people(skill("Welding"), NOBODY, viewer=other)), endorsing.asked_of(other)) == (
        ["Bob"],
        [],
    )


# who is listed, and in which order


@pytest.fixture
def viewer(people):
    """Somebody of the department that half of the others are of."""
    return people.member("View Er", department="Research", site="Nantes")


def test_people_are_listed_by_what_they_say_those_of_other_departments_first_among_equals(
    people, viewer, says, skill
):
    for name, department, level in (
        ("Abe A", "Research", "teach"),
        ("Bea B", "Sales", "teach"),
        ("Cid C", "Research", "expert"),
        ("Dan D", "", "expert"),
        ("Eve E", "Sales", "learn"),
        ("Fay F", "Sales", "practise"),
        ("Gus G", "Sales", "ask"),
        ("Hal H", "Sales", "wish"),
    ):
        says(people.member(name, department=department), **{level: "Welding"})
    found = list_people(skill("Welding"), NOBODY, viewer=viewer)
    assert names(found) == ["Bea", "Abe", "Dan", "Cid", "Fay", "Gus", "Eve"]
    assert names(list_people(skill("Welding"), Filter(wish=True), viewer=viewer)) == ["Hal"]
    stranger = people.member("No Department")
    assert names(list_people(skill("Welding"), NOBODY, viewer=stranger))[:4] == ["Abe", "Bea", "Cid", "Dan"]


def test_a_list_is_narrowed_by_site_department_language_and_who_may_be_asked(people, viewer, says, skill):
    abe = says(
        people.member("Abe A", site="Nantes", department="Sales"), teach="Welding, Java", expert="Breton"
    )
    bea = says(people.member("Bea B", site="Lyon", department="Sales"), teach="Welding", ask="Welding")
    for filtered, expected in (
        (Filter(site=abe.person.site_id), ["Abe"]),
        (Filter(site=bea.person.site_id), ["Bea"]),
        (Filter(department=abe.person.department_id), ["Abe", "Bea"]),
        (Filter(department=10**9), []),
        (Filter(language=skill("Breton").id), ["Abe"]),
        (Filter(asks=True), ["Bea"]),
        (Filter(also=(skill("Java").id,)), ["Abe"]),
    ):
        assert names(list_people(skill("Welding"), filtered, viewer=viewer)) == expected
    db.session.query(Unit).update({"headcount": 1})
    offered = choices()
    assert [[name for _id, name in kind] for kind in offered] == [
        ["Lyon", "Nantes"],
        ["Research", "Sales"],
        ["Breton"],
    ]


def test_all_pages_together_list_everybody_once_in_their_order(people, viewer, says, skill):
    levels, departments = ("teach", "expert", "learn"), ("Research", "Sales", "")
    for number in range(PAGE * 2 + 3):
        made = people.member(f"P{number % 7} Q{number}", department=departments[number % 2 + number % 5 // 4])
        says(made, **{levels[number % 3]: "Welding"})
    welding, after, seen = skill("Welding"), None, []
    while True:
        found = list_people(welding, NOBODY, viewer=viewer, after=after)
        seen += [
            (each.level, not each.elsewhere, each.person.sort_name, each.person.id) for each in found.people
        ]
        after = found.after
        if after is None:
            break
    order = [(levels.index(level), *rest) for level, *rest in seen]
    assert (len(seen), order) == (PAGE * 2 + 3, sorted(order))


# by their title


def test_a_title_is_found_by_all_its_words_or_their_beginnings(people, member, says, skill):
    for name, title in (("Abe A", "Soudeur"), ("Bea B", "Ingénieure mécanique senior"), ("Cid C", None)):
        index_title(people.person(name, title=title, site="Lyon").id)

    def titled(ways, wanted=NOBODY, but=()):
        found = people_called(ways, [], wanted, chosen=NOBODY, but=but)
        return [known.person.given_name for known in found]

    assert titled([["soudeur"]]) == ["Abe"]
    assert titled([["ingenieur", "mecanique"], ["soud"]]) == ["Bea"]
    assert titled([["mecanique", "soudeur"]]) == titled([]) == []
    assert titled([["soudeur"]], Filter(site=10**9)) == []


def test_who_says_so_is_not_listed_by_their_title_too(people, says, skill):
    welder = says(people.member("Abe A", title="Soudeur"), teach="Welding")
    index_title(welder.id)
    but = [skill("Welding").id]
    assert people_called([["soudeur"]], [], NOBODY, chosen=NOBODY, but=but) == []


# what a question is about


@pytest.fixture
def company(people):
    """Sites and departments to ask about."""
    for name, site, department in (
        ("Abe A", "Lannion", "Quality"),
        ("Bea B", "Đà Nẵng", "Human Resources"),
        ("Cid C", "Nantes", "Sales"),
    ):
        people.person(name, site=site, department=department)
    db.session.query(Unit).update({"headcount": 1})
    db.session.commit()


QUESTIONS = {
    "qui connaît le M2M à Lannion ?": (["Machine-to-machine"], "Lannion", None),
    "who knows about Kubernetes in Lannion?": (["Kubernetes"], "Lannion", None),
    "Qui sait programmer en C++ à Nantes": (["C++"], "Nantes", None),
    "c# ?": (["C#"], None, None),
    "looking for somebody who speaks Vietnamese in Da Nang": (["Vietnamese"], "Đà Nẵng", None),
    "Qui s’y connaît en droit du travail ?": (["Labour law"], None, None),
    "travail en hauteur": (["Work at height"], None, None),
    "who works on quality in Human Resources": (["Quality management"], None, "Human Resources"),
    "une experte en calcul par éléments finis et en soudage": (
        ["Finite element analysis", "Welding"],
        None,
        None,
    ),
    "anybody in Quality": ([], None, "Quality"),
    "kubernets": (["Kubernetes"], None, None),
    "qui connait la soudgae à lanion": (["Welding"], "Lannion", None),
    "who can help me with GDPR": (["Data protection"], None, None),
    "peut-on m'aider avec l'usinage": (["Machining"], None, None),
    "???": ([], None, None),
    "qui": ([], None, None),
}


def test_questions_in_both_languages_are_understood(company):
    offered, found = choices(), {}
    for question in QUESTIONS:
        about = understand(question, offered)
        places = [place.name if place else None for place in (about.site, about.department)]
        found[question] = ([skill.english for skill in about.skills], *places)
    assert found == QUESTIONS


def test_what_was_mistyped_is_said(company):
    assert understand("kubernets à Lanion", choices()).corrected == [
        ("kubernets", "Kubernetes"),
        ("lanion", "Lannion"),
    ]


def test_of_what_is_not_known_the_words_are_left_for_titles(company):
    about = understand("who is a lighthouse keeper?", choices())
    assert (about.skills, about.ways) == ([], [["lighthouse", "keeper"]])


def test_whatever_is_asked_is_no_error(company):
    for question in ("\0", "%", "é" * 5000, "a " * 5000, "' OR 1=1 --", "zzzz " * 100, "\ud800", "+ # ."):
        understand(question, choices())


# by their name


@pytest.fixture
def called(people, company):
    """Return what tells who is found by a name, and by a title."""
    for name, title, site in (
        ("Hélène Dupont", "Chemist", "Nantes"),
        ("Hugo Dupont", "Welder", "Lannion"),
        ("Florence Nantes", "Dupont engineer", "Lannion"),
        ("Jean Soudage", None, "Nantes"),
        ("Guy Quillien", None, "Nantes"),
    ):
        index_title(people.person(name, title=title, site=site).id)

    def find(question, chosen=NOBODY):
        about = understand(question, choices())
        wanted = replace(chosen, site=chosen.site or (about.site.id if about.site else None))
        found = people_called(about.ways, about.called, wanted, chosen=chosen)
        return [(known.person.display_name, known.by_name) for known in found]

    return find


NAMES = {
    "helene dupont": [("Hélène Dupont", True)],
    "Qui est Dupont, Hélène ?": [("Hélène Dupont", True)],
    "dupont": [("Hélène Dupont", True), ("Hugo Dupont", True), ("Florence Nantes", False)],
    "where is hug dup": [("Hugo Dupont", True)],
    "hu": [],
    "dupont à Nantes": [("Hélène Dupont", True)],
    "florence nantes": [("Florence Nantes", True)],
    "soudage": [("Jean Soudage", True), ("Hugo Dupont", False)],
    "dupont soudage": [("Hélène Dupont", True), ("Hugo Dupont", True)],
    "nobody zanzibar": [],
    "guy": [("Guy Quillien", True)],
    "qui": [],
}


def test_people_are_found_by_their_names_before_those_of_such_a_title(called):
    assert {question: called(question) for question in NAMES} == NAMES


def test_who_left_or_is_elsewhere_is_not_found_by_name(people, called):
    lannion = people.member("View Er", site="Lannion").person.site_id
    assert called("dupont", Filter(site=lannion)) == [("Hugo Dupont", True), ("Florence Nantes", False)]
    people.person("Zed Dupont").present = False
    assert len(called("dupont")) == 3


# the map


@pytest.mark.settings(**{"plugins.expertise": {"map_from": 5}})
def test_the_map_names_no_small_department_and_no_small_number(people, says):
    for number in range(5):
        says(
            people.member(f"A{number}", department="Sales"),
            practise="Negotiation",
            **({} if number else {"teach": "Rust"}),
        )
    says(people.member("B", department="Legal"), expert="Contract law")
    says(people.member("C", department="Sales"), wish="COBOL")
    db.session.query(Unit).filter_by(name="Sales").update({"headcount": 6})
    db.session.query(Unit).filter_by(name="Legal").update({"headcount": 4})
    count_spots()
    count_spots()
    db.session.commit()
    assert [(r.unit.name, [(s.english, n) for s, n in r.skills]) for r in read_map()] == [
        ("Sales", [("Negotiation", 5), ("Rust", None)])
    ]


@pytest.mark.proof
def test_whatever_is_asked_by_the_thousand_is_answered_soon(company, member, says):
    says(member, teach="Welding, C++", practise="Breton")
    chance, offered, slow = random.Random(3), choices(), []
    words = "qui connaît weldign soudage à Nantes lanion l’ C++ c# ? Dupont % _ 😀 ½ and et Đà ada member"
    pieces = (*words.split(), "\\", "x" * 90, "\x00", "\u0301", "\ud800", "' OR 1=1 --", "")
    for _number in range(1500):
        question = " ".join(chance.choices(pieces, k=chance.randrange(1, 30)))
        begun = time.process_time()
        about = understand(question, offered)
        people_called(about.ways, about.called, NOBODY, chosen=NOBODY)
        slow += [question] if time.process_time() - begun > 0.5 else []
    assert slow == []
