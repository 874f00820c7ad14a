"""What other plugins have for whoever moderates the whole site stands beside the cases."""

from datetime import UTC, datetime, timedelta

import pytest
from parvis.api import Plugin, db, hookimpl
from parvis_moderation.domain.manager import appoint
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.api import Matter, cares_for_site
from parvis_social.plugin import SocialPlugin

START = datetime(2026, 1, 1, tzinfo=UTC)


class AskingPlugin(Plugin):
    """Has seventy matters, of which some are of one moment."""

    name = "asking"
    title = "Asking"
    version = "1.0.0"
    requires = ("social",)

    @hookimpl
    def matters(self, viewer, since, limit):
        found = [
            Matter("A question", f"Matter {n}", f"/asking/{n}", START + timedelta(days=n // 3), note="Why?")
            for n in range(70)
        ]
        return [each for each in found if since is None or each.since >= since][:limit]


class FailingPlugin(Plugin):
    """Cannot tell what waits."""

    name = "failing"
    title = "Failing"
    version = "1.0.0"
    requires = ("social",)

    @hookimpl
    def matters(self, viewer, since, limit):
        raise ValueError


pytestmark = pytest.mark.plugins(
    social=SocialPlugin, moderation=ModerationPlugin, asking=AskingPlugin, failing=FailingPlugin
)


def test_they_stand_beside_the_cases_and_have_a_page_of_their_own(people, member, administrator):
    browser, titles = people.browser(administrator), []
    page = browser.get("/moderation").text
    assert sum(f">Matter {n}</a>" in page for n in range(70)) == 3
    assert ("All of them" in page, "Why?" in page) == (True, True)
    address = "/moderation?show=matters"
    while address:
        page = browser.get(address).text
        titles += [each.split("<")[0] for each in page.split('">Matter ')[1:]]
        _before, _link, more = page.partition('href="/moderation?show=matters&amp;since=')
        address = (
            f"/moderation?show=matters&since={more.split(chr(34))[0]}".replace("&amp;", "&") if more else ""
        )
    assert sorted(map(int, titles)) == list(range(70))


def test_they_are_for_those_who_moderate_alone(people, member, other, make_place):
    make_place("club", other)
    assert people.browser(member).get("/moderation?show=matters").status_code == 404
    assert "Matter 1" not in people.browser(other).get("/moderation?show=matters").text


@pytest.mark.parametrize(
    "since", ["x", "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-12:00", "2026-01-01"]
)
def test_an_address_that_is_none_shows_the_first_page_or_the_rest(people, administrator, since):
    assert (
        people.browser(administrator).get(f"/moderation?show=matters&since={since}&shown=%00").status_code
        == 200
    )


def test_those_who_moderate_look_after_the_whole_site(member, administrator):
    assert [cares_for_site(each) for each in (member, administrator)] == [False, True]
    appoint(person=member.person, actor=None)
    db.session.commit()
    assert [cares_for_site(each) for each in (member, administrator)] == [True, False]
