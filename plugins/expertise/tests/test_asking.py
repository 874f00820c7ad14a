"""Ask the experts: everybody reads a question, five at most are told, what waits stays in sight."""

import pytest
from parvis.api import Invalid, NotFound, db
from parvis.search.finder import find
from parvis_expertise.domain.ask import ask_experts, tag_of
from parvis_expertise.plugin import ExpertisePlugin
from parvis_social.api import Content, comment, mark_answer, post, wall_of
from parvis_social.plugin import SocialPlugin
from sqlalchemy import select

pytestmark = pytest.mark.plugins(expertise=ExpertisePlugin, social=SocialPlugin)
TOLD = "has a question on Welding"


@pytest.fixture
def asked(member):
    """Return what has somebody ask: `asked("How?")`, on welding, on their wall, unless said otherwise."""

    def ask(text="Zanzibar, how?", skill="Welding", place=None, actor=member, **more):
        content = ask_experts(text=text, skill=skill, place=place, actor=actor, **more)
        db.session.commit()
        return content

    return ask


@pytest.fixture
def told(people, deliver):
    """Return what tells who of some members is told of a question."""

    def names(members):
        deliver()
        return [
            each.person.display_name for each in members
            if TOLD in people.browser(each).get("/notifications").text
        ]  # fmt: skip

    return names


def test_those_who_may_be_asked_are_told_once_and_nobody_else(people, says, asked, told):
    ann, bea, cid = (people.member(name) for name in ("Ann Asks", "Bea Knows", "Cid Else"))
    says(ann, practise="Welding", ask="Soudage")
    says(bea, teach="Welding")
    says(cid, ask="Milling")
    asked()
    assert told([ann, bea, cid]) == ["Ann Asks"]
    assert told([ann, bea, cid]) == ["Ann Asks"]


def test_five_are_told_at_most_who_know_it_best(people, says, asked, told):
    learning = [says(people.member(f"L{n}"), learn="Welding", ask="Welding") for n in range(4)]
    teaching = [says(people.member(f"T{n}"), teach="Welding", ask="Welding") for n in range(4)]
    asked()
    names = told([*teaching, *learning])
    assert (names[:4], len(names)) == (["T0", "T1", "T2", "T3"], 5)


def test_among_equals_it_is_not_always_the_same(people, says, asked, told):
    everybody = [says(people.member(f"T{n:02}"), teach="Welding", ask="Welding") for n in range(12)]
    first, second, third = asked(), asked("And why?"), asked("And when?")
    assert len({first.id, second.id, third.id}) == 3
    assert len(told(everybody)) > 5


def test_who_asks_left_or_silenced_the_place_is_not_told(people, says, member, make_place, asked, told):
    gone = says(people.member("Gone Away"), teach="Welding", ask="Welding")
    says(member, teach="Welding", ask="Welding")
    gone.person.present = False
    db.session.commit()
    asked()
    assert told([member]) == []


def test_a_question_goes_to_an_open_place_of_ones_own_and_to_no_other(member, other, make_place, asked):
    club, closed = make_place("club", member, other), make_place("hidden", member, access="closed")
    theirs = make_place("theirs", other)
    assert asked(place=club.id).place_id == club.id
    for place in (closed.id, theirs.id, 2**40):
        with pytest.raises(NotFound):
            asked(place=place)


def test_it_carries_the_tag_of_the_skill_once(asked):
    assert [asked(text).tags for text in ("How?", "How? #Welding", "How? #steel")] == [
        ["welding"], ["welding"], ["steel", "welding"],
    ]  # fmt: skip


def test_a_skill_that_no_tag_can_name_is_asked_for_by_another_of_its_names(app):
    with app.test_request_context():
        assert [tag_of(name) for name in ("C++", "Droit du travail", "Something new")] == [
            "cpp", "labour-law", "something-new",
        ]  # fmt: skip
        for nothing in ("", "!!!", "#"):
            with pytest.raises(Invalid):
                tag_of(nothing)


@pytest.mark.parametrize(("form", "status"), [
    ({"text": "", "skill": "Welding"}, 422), ({"text": "How?", "skill": ""}, 422),
    ({"text": "How?", "skill": "Welding", "place": "999999999999999999"}, 404),
    ({"text": "x" * 20_001, "skill": "Welding"}, 422),
])  # fmt: skip
def test_what_cannot_be_asked_is_said_beside_what_was_typed(member_client, form, status):
    answer = member_client.post("/expertise/ask", data=form)
    assert (answer.status_code, db.session.scalar(select(Content.id))) == (status, None)
    assert form["text"][:100] in answer.text


def test_a_form_sent_twice_asks_once(member_client):
    for _time in range(2):
        form = {"text": "How?", "skill": "Welding", "form_key": "one"}
        assert member_client.post("/expertise/ask", data=form).status_code == 303
    assert len(db.session.scalars(select(Content.id)).all()) == 1


def test_an_asker_changes_their_question_as_a_post(people, member, asked):
    content = asked()
    browser = people.browser(member)
    assert "Zanzibar, how?" in browser.get(f"/contents/{content.id}/edit").text
    browser.post(f"/contents/{content.id}/edit", data={"text": "Zanzibar, why? #welding", "version": 1})
    assert "Zanzibar, why?" in browser.get(f"/contents/{content.id}").text


def test_a_question_waits_on_the_skills_page_and_the_search_until_it_is_answered(
    people, member, other, skill, asked, index
):
    content = asked()
    index()
    browser, skills = people.browser(other), f"/expertise/skills/{skill('Welding').id}?show=about"
    waiting = [
        path
        for path in (skills, "/search?q=welding", "/search?q=soudage", "/search?q=qui+soudage+welding")
        if "Zanzibar, how?" in browser.get(path).text and "Without an answer yet" in browser.get(path).text
    ]
    assert waiting == [skills, "/search?q=welding", "/search?q=soudage", "/search?q=qui+soudage+welding"]
    said = comment(root=content, text="So", actor=other)
    mark_answer(comment=said, actor=member)
    db.session.commit()
    assert "Answered" in browser.get(skills).text
    assert "Without an answer yet" not in browser.get("/search?q=welding").text


@pytest.mark.parametrize("access", ["closed", "secret"])
def test_what_closed_places_say_on_a_skill_their_members_see_alone(
    people, member, other, make_place, skill, access
):
    post(place=make_place("hidden", member, access=access), text="Quokka #welding", actor=member)
    db.session.commit()
    path = f"/expertise/skills/{skill('Welding').id}?show=about"
    assert ["Quokka" in people.browser(who).get(path).text for who in (member, other)] == [True, False]


@pytest.mark.parametrize("count", [1, 3])
def test_what_there_is_on_a_skill_costs_the_same_for_one_and_for_three(
    people, member, skill, asked, index, count_queries, count
):
    for number in range(count):
        asked(f"Zanzibar {number}?")
    index()
    browser, path = people.browser(member), f"/expertise/skills/{skill('Welding').id}?show=about"
    browser.get(path)
    with count_queries(exactly=5):
        assert browser.get(path).text.count("Zanzibar") == count


@pytest.mark.plugins(expertise=ExpertisePlugin)
def test_without_social_nobody_is_offered_to_ask(member_client, skill, index):
    index()
    assert member_client.get("/expertise/ask").status_code == 404
    assert member_client.post("/expertise/ask", data={"text": "How?", "skill": "Welding"}).status_code == 404
    path = f"/expertise/skills/{skill('Welding').id}"
    for shown in (path, f"{path}?show=about", "/search?q=welding"):
        assert "Ask the experts" not in member_client.get(shown).text


def test_the_search_finds_a_question_by_every_name_of_what_it_is_about(app, member, other, asked, index):
    asked("Zanzibar, how?", skill="M2M", actor=other)
    index()
    with app.test_request_context():
        found = {
            typed: [each.hit.title for each in find(member, typed).results] for typed in ("m2m", "soudage")
        }
    assert found == {"m2m": ["Zanzibar, how? #machine-to-machine"], "soudage": []}


def test_who_knows_something_finds_what_waits_for_an_answer_on_it(
    people, member, other, says, asked, make_place
):
    says(member, teach="Welding")
    says(other, practise="Soudage")
    content = asked()
    post(place=make_place("hidden", member, access="secret"), text="Quokka? #welding", actor=member)
    db.session.commit()
    learning = says(people.member("Cid Wishes"), wish="Welding")

    def offered():
        pages = {
            who.person.given_name: people.browser(who).get("/expertise").text
            for who in (member, other, learning)
        }
        assert "Quokka" not in "".join(pages.values())
        return [
            name for name, text in pages.items() if "You may know the answer" in text and "Zanzibar" in text
        ]

    assert offered() == [other.person.given_name]
    mark_answer(comment=comment(root=content, text="So", actor=other), actor=member)
    db.session.commit()
    assert offered() == []


def test_a_tag_in_either_language_means_a_skill_whose_names_are_compared_alike(
    people, member, other, says, skill
):
    says(other, practise="M2M")
    post(place=wall_of(member.person), text="Quokka? #machine-à-machine", actor=member, type="question")
    db.session.commit()
    browser = people.browser(other)
    paths = ("/expertise", "/search?q=m2m", f"/expertise/skills/{skill('M2M').id}?show=about")
    assert [path for path in paths if "Quokka?" in browser.get(path).text] == list(paths)
