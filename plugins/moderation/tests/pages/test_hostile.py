"""Whatever is sent to moderation: a refusal in a sentence, never a fault."""

import pytest
from parvis.api import db, utcnow
from parvis_moderation.domain.question import ask
from parvis_moderation.domain.rule import set_rules
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.api import Waiting, post
from parvis_social.plugin import SocialPlugin

pytestmark = [
    pytest.mark.plugins(social=SocialPlugin, moderation=ModerationPlugin),
    pytest.mark.both_databases,
    pytest.mark.proof,
]

FIELDS = {
    "/moderation/rules/{place}": ("newcomers_wait", "words", "per_day", "flag_links"),
    "/moderation/waiting/{waiting}/refuse": ("text",),
    "/moderation/ask": ("text",),
    "/moderation/questions/{question}": ("text",),
    "/places/{place}/post": ("text", "confirmed", "form_key", "kept_files"),
    "/moderation/report/content/{root}": ("reason", "note", "photo"),
    "/moderation/cases/1/decide/hide": ("reason", "days", "text"),
    "/moderation/visit": ("address", "reason", "hours"),
    "/moderation/log.csv": ("what", "actor", "person", "since", "until"),
}  # fmt: skip
ODD = {
    "a NUL": "a\0b", "half a pair": b"a\xed\xa0\x80b", "2^63": str(2**63), "2^63 minus 1": str(2**63 - 1),
    "much too large": "9" * 5000, "other digits": "٣²", "many": ",".join(map(str, range(1, 2000))),
    "below": "-9223372036854775809", "long": "x" * 65536,
}  # fmt: skip


@pytest.fixture
def addresses(make_place, member, other, administrator):
    """Give the addresses of the forms: of a place of Carla, who moderates, with rules of all kinds."""
    place = make_place("club", administrator, member, other)
    root = post(place=place, text="Look", actor=other)
    set_rules(
        place_id=place.id, newcomers_wait=True, words="zut", per_day=900, flag_links=True, actor=administrator
    )
    waiting = Waiting(place_id=place.id, author_id=member.id, source="Q", body_html="<p>Q</p>", at=utcnow())
    db.session.add(waiting)
    db.session.flush()
    ids = {"place": place.id, "root": root.id, "waiting": waiting.id}
    ids["question"] = ask(text="May I?", actor=member).id
    db.session.commit()
    return {address.format(**ids): fields for address, fields in FIELDS.items()}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_no_field_of_a_form_makes_a_fault(people, member, administrator, addresses, odd):
    faults = []
    for who in (administrator, member):
        browser = people.browser(who)
        for address, fields in addresses.items():
            for field in fields:
                response = browser.post(address, data={"reason": "other", "text": "Hello", field: odd})
                if response.status_code >= 500:
                    faults.append((address, field))
    assert faults == []


@pytest.mark.parametrize("odd", ["a%00b", "%ff%fe", "%ed%a0%80", "9" * 400, str(2**63), "a" * 5000])
def test_no_address_makes_a_fault(people, administrator, addresses, odd):
    browser, faults = people.browser(administrator), []
    for address in (
        "/moderation?show={}", "/moderation?show=posts&after={}", "/moderation?place={}&after={}",
        "/moderation?show=matters&since={}&shown={}",
        "/moderation?show=matters&since=2026-01-01T00:00:00%2B00:00&shown={}",
        "/moderation/rules/{}", "/moderation/waiting/{}", "/moderation/waiting/1/files/{}?size={}",
        "/moderation/questions/{}", "/moderation/cases/{}", "/moderation/cases/1/pictures/{}",
        "/moderation/cases/1/decide/{}", "/moderation/decisions/{}", "/moderation/log?what={}&before={}",
        "/moderation/reports?before={}&told={}", "/moderation/report/{}/1", "/charter?version={}",
    ):  # fmt: skip
        response = browser.get(address.replace("{}", odd))
        if response.status_code >= 500:
            faults.append(address)
    assert faults == []
