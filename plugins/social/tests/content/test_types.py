"""Types that other plugins bring: where they are published, how they are shown, what they may break."""

from collections.abc import Iterable

import pytest
from parvis.api import NoSettings, NotAllowed, Plugin, db, hookimpl, hooks
from parvis_social.api import ContentType, Rendered, publish, revise
from parvis_social.content.edit import versions_of
from parvis_social.plugin import SocialPlugin


class Ideas(Plugin[NoSettings]):
    """Brings one type that places allow, one that all take, and one that is broken."""

    name = "ideas"
    requires = ("social",)

    @hookimpl
    def register_content_types(self) -> Iterable[ContentType]:
        yield ContentType(
            "idea",
            "Idea",
            "social/post.html",
            url=lambda id: f"/ideas/{id}",
            compose=lambda place: f"/ideas/new?place={place}",
            edit=lambda id: f"/ideas/{id}/edit",
        )
        yield ContentType("thanks", "Thanks", "social/post.html", shared=True)
        yield ContentType(
            "vote",
            "Vote",
            "social/post.html",
            load=lambda ids: {number: {"title": "Now"} for number in ids},
            whole=lambda number: f"<p>All of {number}</p>",
            shared=True,
        )
        yield ContentType(
            "broken", "Broken", "ideas/not_there.html", load=lambda ids: {}[ids[0]], shared=True
        )
        yield ContentType("post", "Not a post", "ideas/not_there.html")


pytestmark = pytest.mark.plugins(social=SocialPlugin, ideas=Ideas)


@pytest.fixture
def club(member, make_place):
    return make_place("club", member, types=["idea"])


def published(type, place, actor, text="<p>More bread</p>"):
    made = publish(type=type, place=place, actor=actor, body_html=text, title="Title")
    db.session.commit()
    return made


def test_a_place_takes_what_it_allows_and_what_every_place_does(club, make_place, member):
    other_place = make_place("den", member)
    assert published("idea", club, member).type == "idea"
    assert published("thanks", other_place, member).type == "thanks"
    with pytest.raises(NotAllowed, match="This cannot be published in Den"):
        published("idea", other_place, member)


def test_a_type_has_pages_of_its_own(club, member, member_client):
    made = published("idea", club, member)
    text = member_client.get("/").text
    assert (f'href="/ideas/{made.id}"' in text, f'href="/ideas/{made.id}/edit"' in text) == (True, True)


def test_what_has_no_form_to_change_it_offers_none(club, member, member_client):
    made = published("thanks", club, member)
    text = member_client.get("/").text
    assert ("More bread" in text, f"/contents/{made.id}/edit" in text) == (True, False)


def test_the_composer_leads_to_the_forms_of_what_a_place_takes(club, make_place, member, member_client):
    other_place = make_place("den", member)
    found = [
        f'href="/ideas/new?place={place.id}"' in member_client.get(f"/places/{place.id}/post").text
        for place in (club, other_place)
    ]
    assert found == [True, False]


def test_a_type_that_breaks_costs_only_what_it_would_have_shown(club, member, member_client):
    published("idea", club, member)
    made = published("broken", club, member)
    page = member_client.get("/")
    assert (page.status_code, "More bread" in page.text, f"/contents/{made.id}" in page.text) == (
        200,
        True,
        True,
    )
    failures = [told for _at, told in hooks().states["ideas"].failures]
    assert [told.partition(":")[0] for told in failures] == [
        "details of broken", "template ideas/not_there.html",
    ]  # fmt: skip


def test_nobody_takes_a_type_of_social_away(club, member, member_client):
    member_client.post(f"/places/{club.id}/post", data={"text": "A post all the same"})
    assert "A post all the same" in member_client.get("/").text


def test_what_a_type_loads_for_a_card_of_socials_need_not_be_a_value_that_is_kept(
    club, member, member_client
):
    made = published("vote", club, member)
    page = member_client.get("/")
    assert (page.status_code, f'id="content-{made.id}"' in page.text) == (200, True)


def test_the_history_of_a_content_is_what_its_type_says_it_was_with_who_changed_it(
    club, member, other, member_client
):
    said = published("vote", club, member)
    revise(content=said, actor=other, version=1, title="Another", rendered=Rendered("<p>Less</p>"))
    db.session.commit()
    [version] = versions_of(said)
    assert (version.title, version.body_html) == ("Title", f"<p>All of {said.id}</p>")
    shown = member_client.get(f"/contents/{said.id}/history").text
    titles = [f"<h3>{title}</h3>" in shown for title in ("Another", "Title")]
    assert (titles, f"changed by {other.person.display_name}" in shown) == ([True, True], True)
    assert shown.count(f"<p>All of {said.id}</p>") == 2
