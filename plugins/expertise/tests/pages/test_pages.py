"""The pages of expertise, as people use them without JavaScript; and who may not."""

import pytest
from parvis.api import db
from parvis_expertise.domain import endorse as endorsing
from parvis_expertise.domain.title import index_title
from parvis_expertise.models import Declaration, Merge
from parvis_expertise.plugin import ExpertisePlugin
from sqlalchemy import select

pytestmark = pytest.mark.plugins(expertise=ExpertisePlugin)
PRIVATE = "zanzibar"


@pytest.fixture
def other_client(people, other):
    """A browser of the colleague."""
    return people.browser(other)


def test_one_says_what_one_knows_and_others_find_it(member, member_client, other_client, skill):
    assert member_client.get("/expertise/mine").status_code == 200
    form = {"teach": "Soudage", "ask": "soudage, Basket weaving", "wish": "Rust"}
    assert member_client.post("/expertise/mine", data=form).location == "/expertise/colleagues"
    shown = other_client.get(f"/people/{member.person.handle}").text
    assert ("Welding" in shown, "Basket weaving" in shown, "Can teach it" in shown) == (True, True, True)
    welding = skill("Welding").id
    page = other_client.get(f"/expertise/skills/{welding}").text
    assert ("Ada Member" in page, "May be asked" in page) == (True, True)
    assert "Ada Member" in other_client.get(f"/expertise/skills/{skill('Rust').id}?show=wish").text
    assert "Ada Member" not in other_client.get(f"/expertise/skills/{skill('Rust').id}").text
    assert 'value="Welding"' in member_client.get("/expertise/mine").text


def test_what_is_refused_stands_beside_its_field_and_nothing_is_lost(member_client):
    member_client.get("/expertise/mine")
    long = "x" * 61
    response = member_client.post("/expertise/mine", data={"teach": "Welding", "learn": f"Rust, {long}"})
    assert (response.status_code, "is too long" in response.text, "Welding" in response.text) == (
        422,
        True,
        True,
    )
    assert db.session.scalars(select(Declaration)).all() == []


def test_the_profile_invites_to_say_something_and_others_see_no_empty_section(
    member, member_client, other_client
):
    path = f"/people/{member.person.handle}"
    assert (
        "Say what I know" in member_client.get(path).text,
        "Expertise" in other_client.get(path).text,
    ) == (True, False)


def test_a_question_finds_people_and_says_why(people, member, other, other_client, says, confirms):
    says(member, teach="Kubernetes", ask="Kubernetes")
    confirms(other, member, "Kubernetes", note="The cluster of 2024")
    index_title(people.person("Titus Never", title="Kubernetes administrator").id)
    db.session.commit()
    text = other_client.get("/expertise?who=who+knows+about+kubernets%3F").text
    for expected in (
        "Ada Member",
        "Can teach it",
        "May be asked",
        "Bob Other",
        "The cluster of 2024",
        "Titus Never",
        "Kubernetes administrator",
        "was read as",
        "By their title in the directory",
    ):
        assert expected in text
    assert "That was not understood" in other_client.get("/expertise?who=xyzzy").text


def test_a_name_finds_who_is_called_so_and_says_that_it_is_their_name(member, other, other_client, says):
    says(member, teach="Welding")
    found = {
        who: other_client.get(f"/expertise?who={who}").text for who in ("ada+member", "welding", "memebr")
    }
    told = {
        who: ("By their name" in text, "Their name" in text, "Ada Member" in text)
        for who, text in found.items()
    }
    assert told == {
        "ada+member": (True, True, True), "welding": (False, False, True), "memebr": (False, False, False)
    }  # fmt: skip


def test_of_several_skills_nobody_has_both_each_is_offered(member, other_client, says):
    says(member, teach="Welding")
    text = other_client.get("/expertise?who=welding+and+oceanography").text
    assert ("Ada Member" in text, "Nobody says that they know all of it" in text) == (False, True)


def test_names_are_suggested_in_the_language_of_who_types(member, member_client):
    assert "Welding" in member_client.get("/expertise/suggest?q=soud").json
    member.language = "fr"
    db.session.commit()
    assert "Soudage" in member_client.get("/expertise/suggest?q=weld").json


def test_a_colleague_is_asked_confirms_and_whose_it_is_hides_it(
    member, other, administrator_client, member_client, other_client, says, skill
):
    says(member, teach="Welding")
    welding = skill("Welding").id
    member_client.get("/expertise/colleagues")
    member_client.post(f"/expertise/colleagues/{welding}/ask", data={"colleague": f"@{other.person.handle}"})
    assert "Colleagues ask you" in other_client.get("/expertise/colleagues").text
    path = f"/people/{member.person.handle}/expertise"
    other_client.get(f"{path}/{welding}")
    assert other_client.post(f"{path}/{welding}", data={"note": ""}).status_code == 422
    assert other_client.post(f"{path}/{welding}", data={"note": PRIVATE}).status_code == 303
    assert PRIVATE in administrator_client.get(path).text
    member_client.get("/expertise/colleagues")
    member_client.post(f"/expertise/colleagues/{welding}/words", data={"by": other.id, "hide": "1"})
    for address in (
        path,
        f"/expertise/skills/{welding}",
        "/expertise?who=welding",
        f"/people/{member.person.handle}",
    ):
        for browser in (administrator_client, other_client):
            text = browser.get(address).text
            assert (PRIVATE in text, "Confirmed by" in text) == (False, False)
    assert PRIVATE in member_client.get("/expertise/colleagues").text


def test_who_is_asked_for_nobody_known_is_told_so(member, member_client, says, skill):
    says(member, teach="Welding")
    member_client.get("/expertise/colleagues")
    response = member_client.post(
        f"/expertise/colleagues/{skill('Welding').id}/ask", data={"colleague": "@nobody"}
    )
    assert (response.status_code, "There is nobody of this name" in response.text) == (404, True)


def test_who_would_rather_not_is_asked_no_more(member, other, other_client, says, skill):
    says(member, teach="Welding")
    welding = skill("Welding").id
    endorsing.ask_colleague(colleague=other.person, skill_id=welding, actor=member)
    db.session.commit()
    other_client.get("/expertise/colleagues")
    other_client.post(f"/people/{member.person.handle}/expertise/{welding}/refuse")
    assert "Colleagues ask you" not in other_client.get("/expertise/colleagues").text


def test_who_left_is_nowhere(member, other_client, says, skill):
    says(member, teach="Welding")
    member.person.present = False
    db.session.commit()
    assert other_client.get(f"/people/{member.person.handle}/expertise").status_code == 404
    for address in (f"/expertise/skills/{skill('Welding').id}", "/expertise?who=welding"):
        assert "Ada Member" not in other_client.get(address).text


def test_names_are_paired_and_merged_by_who_looks_after_them_and_a_merge_is_taken_back(
    member, administrator_client, other_client, says, skill
):
    says(member, teach="Wickerwork", learn="Basket weaving")
    wicker, basket = skill("Wickerwork").id, skill("Basket weaving").id
    assert "Wickerwork" in administrator_client.get("/expertise/words?show=unpaired").text
    administrator_client.get(f"/expertise/words/{basket}")
    form = {"english": "Basket weaving", "french": "Vannerie", "others": "paniers"}
    administrator_client.post(f"/expertise/words/{basket}", data=form)
    assert skill("paniers").french == "Vannerie"
    refused = administrator_client.post(f"/expertise/words/{basket}", data={**form, "french": "Soudage"})
    assert (refused.status_code, "name of another skill" in refused.text) == (422, True)
    nothing = administrator_client.post(f"/expertise/words/{wicker}/merge", data={"into": "Nothing such"})
    assert nothing.status_code == 422
    administrator_client.post(f"/expertise/words/{wicker}/merge", data={"into": "Vannerie"})
    assert other_client.get(f"/expertise/skills/{wicker}").location == f"/expertise/skills/{basket}"
    merge = db.session.scalars(select(Merge)).one().id
    administrator_client.post(f"/expertise/merges/{merge}/undo")
    assert other_client.get(f"/expertise/skills/{wicker}").status_code == 200


ROUTES = [
    ("GET", "/expertise"),
    ("GET", "/expertise/mine"),
    ("POST", "/expertise/mine/contributions"),
    ("POST", "/expertise/mine"),
    ("GET", "/expertise/suggest?q=w"),
    ("GET", "/expertise/skills/1"),
    ("GET", "/expertise/map"),
    ("GET", "/expertise/ask"),
    ("POST", "/expertise/ask"),
    ("GET", "/expertise/colleagues"),
    ("POST", "/expertise/colleagues/1/ask"),
    ("POST", "/expertise/colleagues/1/words"),
    ("GET", "/people/{handle}/expertise"),
    ("GET", "/people/{handle}/expertise/1"),
    ("POST", "/people/{handle}/expertise/1"),
    ("POST", "/people/{handle}/expertise/1/take-back"),
    ("POST", "/people/{handle}/expertise/1/refuse"),
]
CURATING = [
    ("GET", "/expertise/words"),
    ("GET", "/expertise/words/1"),
    ("POST", "/expertise/words/1"),
    ("POST", "/expertise/words/1/merge"),
    ("POST", "/expertise/merges/1/undo"),
]


def test_every_route_is_named_here(app):
    rules = {
        (method, rule.rule.partition("?")[0])
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("expertise.") and not rule.endpoint.endswith("static")
        for method in rule.methods & {"GET", "POST"}
    }
    assert len(rules) == len(ROUTES) + len(CURATING)


def test_who_is_not_signed_in_sees_and_does_nothing(client, member):
    client.get("/login")
    found = {
        client.open(path.format(handle=member.person.handle), method=method).location.partition("?")[0]
        for method, path in ROUTES + CURATING
    }
    assert found == {"/login"}


def test_only_who_may_looks_after_the_words(member_client, administrator_client):
    member_client.get("/expertise")
    found = {member_client.open(path, method=method).status_code for method, path in CURATING}
    assert found == {404}
    assert "Look after the words" not in member_client.get("/expertise").text
    assert "Look after the words" in administrator_client.get("/expertise").text


@pytest.mark.parametrize(
    "path", ["skills/0", "skills/99999", "skills/999999999999999999999999", "words/99999"]
)
def test_what_is_not_there_is_not_found(administrator_client, path):
    assert administrator_client.get(f"/expertise/{path}").status_code == 404


def test_strange_values_in_an_address_are_as_if_they_were_not_there(member, member_client, says, skill):
    says(member, teach="Welding")
    for query in (
        "site=x&after=%00",
        "site=99999999999999999999",
        "show=wishes&language=-1",
        "asks=%00&department=0",
    ):
        assert member_client.get(f"/expertise/skills/{skill('Welding').id}?{query}").status_code == 200
