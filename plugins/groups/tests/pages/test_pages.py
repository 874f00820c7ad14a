"""The pages of groups, as people use them without JavaScript, and what htmx asks of them."""

import re

import pytest
from parvis.api import Person, Plugin, db, hookimpl, utcnow
from parvis_groups.domain import similar
from parvis_groups.domain.invitation import invite
from parvis_groups.domain.membership import join, set_role
from parvis_groups.domain.merge import merge
from parvis_groups.domain.request import ask
from parvis_groups.models import Ban, Group, Invitation, JoinRequest, Offer
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import (
    Caretakers,
    Membership,
    Place,
    comment,
    keep_file,
    pin,
    post,
    prepare_file,
    role_in,
)
from parvis_social.plugin import SocialPlugin


class KeeperPlugin(Plugin):
    """Whoever is called Kim looks after the whole site."""

    name = "keeper"
    title = "Keeper"
    version = "1.0.0"
    requires = ("social",)

    @hookimpl
    def register_caretakers(self):
        yield Caretakers("keeper", lambda: db.select(Person.id).where(Person.given_name == "Kim"))


pytestmark = pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin)
HTMX = {"HX-Request": "true"}


# the directory


def test_the_directory_lists_mine_new_active_and_what_is_found(make_group, people, member, other):
    make_group("Chess", member, other, tags=["games"])
    make_group("Works council", other, access="closed", theme="work", tags=["rights"])
    browser = people.browser(member)
    named = lambda path: re.findall(r'class="gr-row__name"[^>]*>([^<]+)', browser.get(path).text)  # noqa: E731
    assert named("/groups") == ["Chess"]
    assert sorted(named("/groups?tab=active")) == ["Chess", "Works council"]
    assert named("/groups?tab=new") == ["Works council", "Chess"]
    assert named("/groups?q=ches") == ["Chess"]
    assert named("/groups?q=ches&theme=leisure") == named("/groups?q=ches&tag=rights") == []
    assert named("/groups?q=ches&theme=work&tag=games") == ["Chess"]
    assert "1 group found" in browser.get("/groups?q=ches").text
    assert named("/groups?tag=rights") == ["Works council"]
    assert named("/groups?tab=active&unit=99999999999999999999&theme=nothing&after=broken") == named(
        "/groups?tab=active"
    )


def test_wherever_a_group_is_listed_its_signs_of_life_are(make_group, people, member, other):
    group = make_group("Chess", other, tags=["games"])
    make_group("Chess at night", other)
    comment(root=post(place=group.place, text="Hello", actor=other), text="Yes", actor=other)
    group.posts_month, group.active_members = 12, 5
    db.session.commit()
    browser, when = people.browser(member), group.place.active_at.isoformat()
    for path in (
        "/groups?tab=active", "/groups?tab=new", "/groups?q=chess", "/groups/similar?name=chess",
        "/groups/chess", "/groups/chess-at-night/about", "/groups/chess-at-night/similar",
    ):  # fmt: skip
        text = browser.get(path).text
        assert ("12 posts, 5 people in 30 days" in text, f'datetime="{when}"' in text) == (True, True)
    assert "just opened" in browser.get("/groups?tab=new").text


def test_a_list_goes_on_without_repeating(make_group, people, member):
    for number in range(23):
        db.session.add(Place(kind="group", slug=f"g{number}", name=f"Group {number}", types=[]))
        db.session.flush()
        place = db.session.scalars(db.select(Place).where(Place.slug == f"g{number}")).one()
        db.session.add(Group(place_id=place.id, purpose="Many"))
    db.session.commit()
    browser = people.browser(member)
    first = browser.get("/groups?tab=new").text
    following = re.search(r'hx-get="([^"]+after=[^"]+)"', first)[1].replace("&amp;", "&")
    rest = browser.get(following, headers=HTMX).text
    slugs = [re.findall(r'class="gr-row__name" href="/groups/(g\d+)"', text) for text in (first, rest)]
    assert slugs[0] + slugs[1] == [f"g{number}" for number in reversed(range(23))]
    assert "<html" not in rest


@pytest.mark.settings(**{"plugins.groups": {"per_day": 30}})
def test_what_is_found_is_counted_and_goes_on(make_group, people, member, other, monkeypatch):
    for number in range(22):
        make_group(f"Photo {number}", other, theme="leisure")
    make_group("Photo work", other)
    browser = people.browser(member)
    first = browser.get("/groups?q=photo&theme=leisure").text
    following = re.search(r'hx-get="([^"]+after=20[^"]*)"', first)[1].replace("&amp;", "&")
    rest = browser.get(following, headers=HTMX).text
    shown = [re.findall(r'class="gr-row__name"[^>]*>([^<]+)', text) for text in (first, rest)]
    assert (list(map(len, shown)), len({*shown[0], *shown[1]}), "<html" in rest) == ([20, 2], 22, False)
    assert "22 groups found" in first
    monkeypatch.setattr(similar, "LOOKED_AT", 5)
    assert "More than 5 groups found" in browser.get("/groups?q=photo").text


def test_suggestions_can_be_sent_away(make_group, people, member, other):
    group = make_group("Chess", other)
    from parvis_social.place.follow import follow_person  # noqa: PLC0415

    follow_person(person=other.person, actor=member)
    db.session.commit()
    browser = people.browser(member)
    assert "1 person near you is in it" in browser.get("/groups?tab=suggested").text
    browser.post(f"/groups/{group.place.slug}/dismiss", data={"next": "/groups?tab=suggested"})
    assert "gr-row__name" not in browser.get("/groups?tab=suggested").text


def test_a_group_is_named_in_the_language_of_who_reads(make_group, people, member, other):
    group = make_group(
        "Photo club", other, languages=["en", "fr"], second_name="Club photo", second_purpose="Des images",
    )  # fmt: skip
    join(group=group, actor=member)
    made = post(place=group.place, text="Hello", actor=other)
    member.language = "fr"
    db.session.commit()
    french, english = people.browser(member), people.browser(other)
    for path in ("/groups?tab=active", "/groups/photo-club", "/groups/photo-club/about"):
        assert ("Club photo" in french.get(path).text, "Des images" in french.get(path).text) == (True, True)
    assert "Club photo" not in english.get("/groups?tab=active").text
    profile = f"/people/{other.person.handle}"
    for path in ("/", f"/contents/{made.id}", "/following", profile, f"/places/{group.place_id}/post"):
        shown = [browser.get(path).text for browser in (french, english)]
        named = [("Club photo" in text, "Photo club" in text) for text in shown]
        assert (path, named) == (path, [(True, False), (False, True)])


def test_menus_lead_to_groups_and_name_mine(make_group, people, member):
    make_group("Chess", member)
    text = people.browser(member).get("/").text
    assert text.count('href="/groups"') == 2
    assert 'href="/groups/chess"' in text


# a group


def test_a_group_shows_its_stream_its_owners_and_what_one_can_do(make_group, people, member, other):
    group = make_group("Chess", other, description="We *play*")
    written = post(place=group.place, text="First **move**", actor=other)
    pin(content=written, actor=other)
    db.session.commit()
    text = people.browser(member).get("/groups/chess").text
    assert ("<strong>move</strong>" in text, "We <em>play</em>" in text, "gr-pin" in text) == (True,) * 3
    assert (">Join<" in text, "so-composer" in text) == (True, False)
    people.browser(member).post("/groups/chess/join")
    text = people.browser(member).get("/groups/chess").text
    assert (">Join<" in text, "so-composer" in text, "Leave the group" in text) == (False, True, True)


def test_a_closed_group_says_what_it_is_who_looks_after_it_and_lets_one_ask(
    make_group, people, member, other
):
    group = make_group("Council", other, access="closed", purpose="What concerns us")
    browser = people.browser(member)
    text = browser.get("/groups/council").text
    assert ("What concerns us" in text, other.person.display_name in text, "Ask to join" in text) == (
        True,
    ) * 3
    assert browser.post("/groups/council/ask", data={"message": "I was elected"}).status_code == 303
    assert "Take the request back" in browser.get("/groups/council").text
    owner = people.browser(other)
    assert "I was elected" in owner.get("/groups/council/requests").text
    owner.post(f"/groups/council/requests/{member.id}", data={"accept": "1", "words": "Welcome"})
    assert role_in(group.place_id, member.id) == "member"
    gone = owner.post(f"/groups/council/requests/{member.id}", data={"accept": "1"})
    assert (gone.status_code, "answered or taken back" in gone.text) == (404, True)


def test_the_tab_says_how_many_wait_to_those_who_look_after_the_group(make_group, people, member, other):
    group = make_group("Council", member, other, access="closed")
    askers = [people.member() for _ in range(3)]
    gone = askers[2]
    for asker in askers:
        ask(group=group, message="", actor=asker)
    gone.person.present = False
    db.session.commit()
    owner = people.browser(member)
    assert 'Requests <span class="pv-soft">2</span>' in owner.get("/groups/council").text
    assert "Requests" not in people.browser(other).get("/groups/council").text
    owner.post(f"/groups/council/requests/{askers[0].id}", data={"accept": "1"})
    assert 'Requests <span class="pv-soft">1</span>' in owner.get("/groups/council/about").text


def test_a_request_can_be_refused_or_taken_back(make_group, people, member, other):
    group = make_group("Council", other, access="closed")
    ask(group=group, message="", actor=member)
    db.session.commit()
    people.browser(member).post("/groups/council/withdraw")
    assert db.session.scalars(db.select(JoinRequest.person_id)).all() == []
    ask(group=group, message="", actor=member)
    db.session.commit()
    people.browser(other).post(f"/groups/council/requests/{member.id}", data={"refuse": "1"})
    assert role_in(group.place_id, member.id) is None


def test_a_request_that_is_too_long_is_said_so_and_kept(make_group, people, member, other):
    make_group("Council", other, access="closed")
    answer = people.browser(member).post("/groups/council/ask", data={"message": "long " * 120})
    assert (answer.status_code, "long long" in answer.text, "too long" in answer.text) == (422, True, True)


def test_colleagues_are_found_chosen_and_invited_at_once(make_group, people, member):
    group = make_group("Chess", member)
    anna, bert = people.member("Anna Blum"), people.member("Bert Anders")
    browser = people.browser(member)
    found = browser.post(
        "/groups/chess/invite", data={"q": "an", "find": "1", "person": str(bert.id), "message": "Come"}
    )
    assert (found.status_code, "Anna Blum" in found.text, "Come</textarea>" in found.text) == (
        200,
        True,
        True,
    )
    assert re.search(rf'value="{bert.id}" checked', found.text)
    typed = browser.post("/groups/chess/invite", data={"q": "ann"}, headers=HTMX)
    assert ("Anna Blum" in typed.text, "<html" in typed.text) == (True, False)
    sent = {"person": [str(anna.id), str(bert.id)], "message": "Come"}
    assert browser.post("/groups/chess/invite", data=sent).location == "/groups/chess"
    assert db.session.scalars(db.select(Invitation.message)).all() == ["Come", "Come"]
    invited = people.browser(anna)
    assert "Come" in invited.get("/groups").text
    invited.post("/groups/chess/invitation", data={"accept": "1"})
    people.browser(bert).post("/groups/chess/invitation", data={"decline": "1"})
    assert [role_in(group.place_id, person.id) for person in (anna, bert)] == ["member", None]


def test_inviting_nobody_is_said_to_be_so(make_group, people, member):
    make_group("Chess", member)
    answer = people.browser(member).post("/groups/chess/invite", data={"message": "Kept"})
    assert (answer.status_code, "Please choose somebody to invite." in answer.text) == (422, True)
    assert "Kept</textarea>" in answer.text


def test_an_invitation_is_taken_back(make_group, people, member, other):
    group = make_group("Chess", member, access="secret")
    invite(group=group, people=[other.id], message="", actor=member)
    db.session.commit()
    address = f"/groups/{group.place.slug}"
    people.browser(member).post(f"{address}/invitations/{other.id}/take-back")
    assert people.browser(other).get(address).status_code == 404


def test_members_are_found_by_name_and_looked_after(make_group, people, member, other):
    anna = people.member("Anna Blum")
    group = make_group("Chess", member, other, anna)
    browser = people.browser(member)
    text = browser.get("/groups/chess/members?q=blu", headers=HTMX).text
    assert ("Anna Blum" in text, other.person.display_name in text, "<html" in text) == (True, False, False)
    browser.post(f"/groups/chess/members/{anna.id}/role", data={"role": "moderator"})
    assert role_in(group.place_id, anna.id) == "moderator"
    browser.post(f"/groups/chess/members/{other.id}/remove")
    assert role_in(group.place_id, other.id) is None
    assert browser.get(f"/groups/chess/members/{other.id}/remove").status_code == 404
    assert browser.get(f"/groups/chess/members/{2**70}/ban").status_code == 404


def test_a_ban_needs_a_reason_and_can_be_lifted(make_group, people, member, other):
    make_group("Chess", member, other)
    browser = people.browser(member)
    unsaid = browser.post(f"/groups/chess/members/{other.id}/ban", data={"reason": " "})
    assert (unsaid.status_code, "pv-field__errors" in unsaid.text) == (422, True)
    browser.post(f"/groups/chess/members/{other.id}/ban", data={"reason": "Noise at night"})
    assert "Noise at night" in people.browser(other).get("/groups/chess").text
    assert people.browser(other).post("/groups/chess/join").status_code == 403
    assert "Noise at night" in browser.get("/groups/chess/members").text
    browser.post(f"/groups/chess/members/{other.id}/unban")
    assert db.session.scalars(db.select(Ban.person_id)).all() == []


def test_whoever_writes_asks_or_has_left_can_be_banned(make_group, people, member, other):
    group = make_group("Chess", member, access="closed")
    ask(group=group, message="Let me in", actor=other)
    db.session.commit()
    browser = people.browser(member)
    ban = f"/groups/chess/members/{other.id}/ban"
    assert f'href="{ban}"' in browser.get("/groups/chess/requests").text
    assert browser.get(f"/groups/chess/ban?handle=@{other.person.handle}").location == ban
    nobody = browser.get("/groups/chess/ban?handle=nobody.at.all")
    assert (nobody.status_code, "nobody.at.all" in nobody.text) == (404, True)
    assert other.person.display_name in browser.get(ban).text
    assert browser.post(ban, data={"reason": "Spam"}).status_code == 303
    assert db.session.scalars(db.select(Ban.person_id)).all() == [other.id]
    assert db.session.scalars(db.select(JoinRequest.person_id)).all() == []
    assert people.browser(other).get(f"/groups/chess/members/{member.id}/ban").status_code == 404
    assert browser.get("/groups/chess/members/999999/ban").status_code == 404


def test_an_owner_hands_over_and_steps_back(make_group, people, member, other):
    group = make_group("Chess", member, other)
    browser = people.browser(member)
    assert "Step back to moderator" not in browser.get("/groups/chess/members").text
    over = f"/groups/chess/members/{other.id}/hand-over"
    assert f'href="{over}"' in browser.get("/groups/chess/members").text
    assert "You own it no longer" in browser.get(over).text
    wrong = browser.post(over, data={"role": "king"})
    assert (wrong.status_code, role_in(group.place_id, other.id)) == (422, "member")
    assert browser.post(over, data={"role": "moderator"}).status_code == 303
    assert [role_in(group.place_id, each.id) for each in (member, other)] == ["moderator", "owner"]
    owner = people.browser(other)
    owner.post(f"/groups/chess/members/{member.id}/role", data={"role": "owner"})
    assert "Step back to moderator" in owner.get("/groups/chess/members").text
    owner.post(f"/groups/chess/members/{other.id}/role", data={"role": "member"})
    assert [role_in(group.place_id, each.id) for each in (member, other)] == ["owner", "member"]


def test_who_leaves_reads_first_what_it_means_and_the_only_owner_stays(make_group, people, member, other):
    group = make_group("Chess", member, other)
    assert "What you wrote stays" in people.browser(other).get("/groups/chess/leave").text
    assert people.browser(other).post("/groups/chess/leave").location == "/groups"
    kept = people.browser(member).post("/groups/chess/leave")
    assert (kept.status_code, "without an owner" in kept.text) == (422, True)
    assert db.session.scalars(
        db.select(Membership.person_id).where(Membership.place_id == group.place_id)
    ).all() == [member.id]


@pytest.mark.parametrize("count", [1, 3])
def test_pictures_and_files_are_gathered(make_group, people, member, picture, count):
    group = make_group("Chess", member)
    for number in range(count):
        files = [
            keep_file(prepared=prepare_file(data=data, filename=name, actor=member), actor=member).id
            for data, name in ((picture().getvalue(), "a.jpg"), (b"a;b", f"list{number}.csv"))
        ]
        post(place=group.place, text="Look", actor=member, files=files)
    db.session.commit()
    browser = people.browser(member)
    pictures, files = (
        browser.get("/groups/chess/files").text,
        browser.get("/groups/chess/files?show=files").text,
    )
    assert (pictures.count("size=thumb"), pictures.count(".csv")) == (count, 0)
    assert (files.count("size=thumb"), files.count("</span> <span")) == (0, count)


# settings


def test_settings_change_what_a_group_says(make_group, people, member):
    group = make_group("Chess", member)
    browser = people.browser(member)
    said = {
        "name": "Chess & Go", "purpose": "Boards", "theme": "leisure", "scope": "company", "tags": "games",
        "language": "en", "second_name": "Échecs et go", "second_purpose": "Plateaux", "description": "New",
    }  # fmt: skip
    assert browser.post("/groups/chess/settings", data=said).location == "/groups/chess/settings"
    db.session.expire_all()
    assert (group.place.name, group.languages, group.place.second_name) == (
        "Chess & Go",
        ["en", "fr"],
        "Échecs et go",
    )
    wrong = browser.post("/groups/chess/settings", data={**said, "name": "", "purpose": "Not lost"})
    assert (wrong.status_code, "Not lost" in wrong.text) == (422, True)
    assert "Please give the group a name." in wrong.text


def test_two_languages_are_spoken_without_a_second_name(make_group, people, member):
    group = make_group("Chess", member)
    browser = people.browser(member)
    browser.post("/groups/chess/settings", data={"name": "Chess", "purpose": "Boards", "language": "en fr"})
    db.session.expire_all()
    assert (group.languages, group.place.shown_name) == (["en", "fr"], "Chess")
    assert '<option selected value="en fr">' in browser.get("/groups/chess/settings").text
    assert "English, Français" in browser.get("/groups/chess/about").text


def test_rules_say_who_publishes_and_of_what_new_members_are_told(make_group, people, member, other):
    group = make_group("Chess", member, other)
    browser = people.browser(member)
    sent = {"posting": "moderators", "level": "all"}
    assert browser.post("/groups/chess/settings/rules", data=sent).status_code == 303
    db.session.expire_all()
    assert (group.place.posting, group.place.level) == ("moderators", "all")
    assert "Owners and moderators publish here" in people.browser(other).get("/groups/chess").text
    wrong = browser.post("/groups/chess/settings/rules", data={"posting": "nobody", "level": "all"})
    assert (wrong.status_code, "Please choose one of these." in wrong.text) == (422, True)


@pytest.mark.parametrize("wanted", ["closed", "secret"])
def test_closing_a_group_is_confirmed_and_holds_at_once(make_group, people, member, other, wanted):
    make_group("Chess", member)
    browser, stranger = people.browser(member), people.browser(other)
    assert stranger.get("/groups/chess/members").status_code == 200
    asked = browser.get(f"/groups/chess/settings/access?access={wanted}")
    assert (asked.status_code, "It holds at once" in asked.text) == (200, True)
    browser.post("/groups/chess/settings/access", data={"access": wanted})
    assert stranger.get("/groups/chess/members").status_code == 404
    browser.post("/groups/chess/settings/access", data={"access": "open"})
    assert stranger.get("/groups/chess/members").status_code == 200
    assert browser.get("/groups/chess/settings/access?access=ajar").status_code == 303


def test_archiving_is_confirmed_and_can_be_taken_back(make_group, people, member, other):
    make_group("Chess", member, other)
    browser = people.browser(member)
    assert "Any owner can open it again" in browser.get("/groups/chess/archive").text
    browser.post("/groups/chess/archive")
    text = people.browser(other).get("/groups/chess").text
    assert ("This group is archived" in text, "so-composer" in text) == (True, False)
    assert people.browser(other).get("/groups/chess/invite").status_code == 403
    browser.post("/groups/chess/archive", data={"take_back": "1"})
    assert "so-composer" in people.browser(other).get("/groups/chess").text


def test_two_own_groups_become_one_and_two_again(make_group, people, member, other):
    origin, target = make_group("Chess", member, other), make_group("Board games", member)
    post(place=origin.place, text="Moved along", actor=other)
    db.session.commit()
    browser = people.browser(member)
    assert "Board games" in browser.get("/groups/chess/merge?q=board").text
    preview = browser.get("/groups/chess/merge?into=board-games").text
    assert ("1 member joins Board games." in preview, "1 post moves" in preview) == (True, True)
    assert browser.post("/groups/chess/merge", data={"into": "board-games"}).location == "/groups/board-games"
    assert browser.get("/groups/chess").location == "/groups/board-games"
    for path in ("about", "members?q=ada", "files?show=files", "requests", "settings", "invite", "similar"):
        assert browser.get(f"/groups/chess/{path}").location == f"/groups/board-games/{path}"
    text = people.browser(other).get("/groups/board-games").text
    assert ("Moved along" in text, role_in(target.place_id, other.id)) == (True, "member")
    requests = browser.get("/groups/board-games/requests").text
    undo = re.search(r'action="(/groups/board-games/merges/\d+)"', requests)[1]
    browser.post(undo, data={"undo": "1"})
    assert "Moved along" in browser.get("/groups/chess").text


def test_a_merge_is_proposed_to_other_owners_who_answer(make_group, people, member, other):
    make_group("Chess", member)
    make_group("Board games", other)
    browser, asked = people.browser(member), people.browser(other)
    sent = {"into": "board-games", "message": "We are only two"}
    assert browser.post("/groups/chess/merge", data=sent).location == "/groups/chess/settings"
    page = asked.get("/groups/board-games/requests").text
    assert "We are only two" in page
    answer = re.search(r'action="(/groups/board-games/merges/\d+)"', page)[1]
    asked.post(answer, data={"accept": "1"})
    assert browser.get("/groups/chess").location == "/groups/board-games"


def test_who_may_not_know_of_the_group_that_another_became_part_of_is_told_so(
    make_group, people, member, other
):
    origin, target = make_group("Chess", member), make_group("Plans", member, access="secret")
    merge(origin=origin, target=target, actor=member)
    db.session.commit()
    for path in ("", "/about", "/members", "/files"):
        answer = people.browser(other).get(f"/groups/chess{path}")
        assert (answer.status_code, "which is not open to you" in answer.text) == (200, True)
    assert people.browser(member).get("/groups/chess/about").location == f"/groups/{target.place.slug}/about"


def test_a_merge_into_a_more_open_group_needs_a_word(make_group, people, member):
    make_group("Chess", member, access="closed")
    make_group("Board games", member)
    browser = people.browser(member)
    assert 'name="opening"' in browser.get("/groups/chess/merge?into=board-games").text
    refused = browser.post("/groups/chess/merge", data={"into": "board-games"})
    assert (refused.status_code, "pv-notice--bad" in refused.text) == (422, True)
    sent = {"into": "board-games", "opening": "1"}
    assert browser.post("/groups/chess/merge", data=sent).status_code == 303


# without an owner


def test_a_group_without_an_owner_is_taken_over_by_whom_it_is_offered_to(make_group, people, member, other):
    group = make_group("Chess", member, other)
    group.orphaned_at = utcnow()
    db.session.add(Offer(place_id=group.place_id, person_id=other.id))
    db.session.commit()
    browser = people.browser(other)
    assert "Become its owner" in browser.get("/groups/chess").text
    assert browser.post("/groups/chess/owner").status_code == 303
    assert role_in(group.place_id, other.id) == "owner"


def test_administrators_find_an_owner_for_a_group_that_has_none(
    make_group, people, member, other, administrator
):
    group = make_group("Chess", member, other)
    group.orphaned_at = utcnow()
    db.session.commit()
    browser = people.browser(administrator)
    assert "Chess" in browser.get("/groups/ownerless").text
    wrong = browser.post(f"/groups/ownerless/{group.place_id}", data={"handle": administrator.person.handle})
    assert (wrong.status_code, "Please choose a member of the group." in wrong.text) == (422, True)
    browser.post(f"/groups/ownerless/{group.place_id}", data={"handle": f"@{other.person.handle}"})
    assert role_in(group.place_id, other.id) == "owner"
    assert people.browser(member).get("/groups/ownerless").status_code == 404


def test_a_moderator_looks_after_members_but_not_after_roles(make_group, people, member, other):
    anna = people.member("Anna Blum")
    group = make_group("Chess", member, other, anna)
    set_role(group=group, person_id=other.id, role="moderator", actor=member)
    db.session.commit()
    browser = people.browser(other)
    page = browser.get("/groups/chess/members").text
    assert (f"/members/{anna.id}/ban" in page, "/role" in page, f"/members/{member.id}/" in page) == (
        True,
        False,
        False,
    )
    assert browser.post(f"/groups/chess/members/{anna.id}/role", data={"role": "owner"}).status_code == 403
    assert browser.post(f"/groups/chess/members/{member.id}/remove").status_code == 403
    assert browser.post(f"/groups/chess/members/{anna.id}/remove").status_code == 303


def test_joining_brings_a_group_into_the_left_column(make_group, people, member, other):
    join(group=make_group("Chess", other), actor=member)
    db.session.commit()
    assert 'href="/groups/chess"' in people.browser(member).get("/people").text


@pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin, keeper=KeeperPlugin)
def test_who_looks_after_the_site_is_led_to_the_groups_without_an_owner(people, member):
    keeper, link = people.browser(people.member("Kim Keeper")), 'href="/groups/ownerless"'
    assert [link in keeper.get(path).text for path in ("/groups?tab=active", "/groups?q=x")] == [True, True]
    assert link not in people.browser(member).get("/groups?tab=active").text
    assert keeper.get("/groups/ownerless").status_code == 200
