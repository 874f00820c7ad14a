"""Whatever is sent to social and groups: a refusal in a sentence, never a fault, never more than one may."""

from time import process_time

import pytest
from parvis.api import EventRecord, db
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import Content, Membership, Place, comment, post
from parvis_social.content.models import Mention, Text
from parvis_social.content.post import MOST
from parvis_social.plugin import SocialPlugin

pytestmark = [
    pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin),
    pytest.mark.both_databases,
    pytest.mark.proof,
]

TEXT = ("text", "form_key", "kept_files", "parent", "place", "from", "remove_file", "alternative", "version")
FIELDS = {
    "/places/{place}/post": TEXT,
    "/places/0/post": TEXT,
    "/places/{place}/draft": ("text",),
    "/places/{place}/follow": ("take_back", "next"),
    "/places/{place}/level": ("level", "next"),
    "/places/{place}/mute": ("how_long", "next"),
    "/social/preview": ("text",),
    "/contents/{root}/comment": TEXT,
    "/contents/{root}/edit": (*TEXT, "minor"),
    "/contents/{root}/react": ("kind",),
    "/contents/{root}/bookmark": ("take_back",),
    "/contents/{root}/lock": ("reason",),
    "/contents/{reply}/answer": ("take_back",),
    "/people/ada.member/wall": TEXT,
    "/people/bob.other/follow": ("take_back", "next"),
    "/tags/photo/follow": ("take_back", "next"),
    "/groups/new": (
        "name", "purpose", "theme", "scope", "site", "department", "description", "tags", "language",
        "second_name", "second_purpose", "access", "difference", "form_key", "shown",
    ),
    "/groups/similar": ("join", "shown"),
    "/groups/photo/propose": ("text", "name", "purpose", "shown"),
    "/groups/photo/settings": ("name", "purpose", "scope", "site", "description", "tags", "language"),
    "/groups/photo/settings/rules": ("posting", "level", "types"),
    "/groups/photo/settings/access": ("access",),
    "/groups/photo/invite": ("person", "message", "q", "find"),
    "/groups/photo/merge": ("into", "message", "opening"),
    "/groups/photo/ask": ("message",),
    "/groups/photo/members/2/role": ("role",),
    "/groups/photo/members/2/ban": ("reason",),
    "/groups/photo/requests/2": ("words", "accept"),
}  # fmt: skip
"""The forms, and the fields that each of them reads."""

GOOD = {"text": "Hello", "name": "Pictures", "purpose": "Many", "access": "open", "version": "1"}
ODD = {
    "a NUL": "a\0b",
    "half a pair": b"a\xed\xa0\x80b",
    "2^63": str(2**63),
    "2^63 minus 1": str(2**63 - 1),
    "much too large": "9" * 5000,
    "other digits": "٣²",
    "many": ",".join(map(str, range(1, 2000))),
    "long": "x" * 65536,
}


@pytest.fixture
def addresses(member, other, make_group):
    """Give the addresses of the forms, of a group that holds something."""
    group = make_group("Photo", member, other)
    root = post(place=group.place, text="Look #photo", actor=member)
    ids = {"place": group.place_id, "root": root.id, "reply": comment(root=root, text="Yes", actor=other).id}
    db.session.commit()
    return {address.format(**ids): fields for address, fields in FIELDS.items()}


@pytest.mark.settings(**{"plugins.social": {"posts_per_hour": 10_000}, "plugins.groups": {"per_day": 1000}})
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_no_field_of_a_form_makes_a_fault(member_client, addresses, odd):
    faults = []
    for address, fields in addresses.items():
        for field in fields:
            response = member_client.post(address, data={**GOOD, field: odd})
            if response.status_code >= 500:
                faults.append((address, field))
    assert faults == []


@pytest.mark.parametrize("odd", ["a%00b", "%ff%fe", "%ed%a0%80", "9" * 400, "a" * 5000])
def test_no_address_makes_a_fault(member_client, addresses, odd):
    faults = []
    for address in (
        "/groups/{}", "/groups/{}/members", "/groups?tag={}", "/groups?q={}", "/groups?after={}",
        "/groups/similar?name={}&tags={}", "/groups/photo/members?q={}&after={}", "/groups/photo?before={}",
        "/groups/photo/files?before={}", "/groups/photo/merge?into={}",
        "/groups/photo/settings/access?access={}",
        "/tags/{}", "/tags/photo?before={}", "/people/{}", "/people/{}/wall", "/contents/1?comment={}",
        "/contents/1?reply={}", "/contents/1/reactions?kind={}&after={}", "/contents/{}", "/places/{}/draft",
        "/social/files/1/{}", "/social/files/{}/a", "/social/suggest/people?q={}",
        "/social/suggest/tags?q={}",
        "/feed?before={}", "/following?after={}&name={}&places={}", "/notifications?before={}",
        "/bookmarks?before={}",
        "/people?q={}&site={}&after={}", "/photos/{}/medium.jpg", "/faces/{}/96",
    ):  # fmt: skip
        if member_client.get(address.replace("{}", odd)).status_code >= 500:
            faults.append(address)
    assert faults == []


BOMBS = {
    "quotes": "> " * 9000,
    "lists": "\n".join("  " * depth + "- x" for depth in range(130)),
    "brackets": "[" * 10_000,
    "links": "[a](" * 4000,
    "stars": "*a **b " * 2500,
    "ticks": "`" * 9999 + "a" + "`" * 9998,
    "tables": "|" * 9000 + "\n" + "|-" * 4500,
    "people": " ".join(f"@bob.other @nobody{number}" for number in range(600)),
    "tags": " ".join(f"#t{number}" for number in range(3000)),
    "signs": ":smile: " * 2400,
    "addresses": "https://a.example/( " * 900,
    "marks": "a\u0301" * 9000,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_text_made_to_hurt_is_shown_or_refused_in_time(member_client, addresses, bomb):
    start = process_time()
    response = member_client.post(next(iter(addresses)), data={"text": bomb[:MOST]})
    assert response.status_code in (303, 422)
    assert process_time() - start < 5


def test_so_many_people_and_tags_are_cut(member_client, people, addresses):
    handles = [people.person().handle for _ in range(60)]
    text = " ".join(f"@{handle}" for handle in handles) + "".join(f" #t{number}" for number in range(10_000))
    assert member_client.post(next(iter(addresses)), data={"text": text}).status_code == 422
    assert member_client.post(next(iter(addresses)), data={"text": text[:MOST]}).status_code == 303
    newest = db.session.scalars(db.select(Content).order_by(Content.id.desc())).first()
    told = db.session.scalar(db.select(db.func.count()).where(Mention.content_id == newest.id))
    assert (len(newest.tags), told) == (20, 20)


UNKNOWN = {
    "author_id": "2", "actor": "2", "member_id": "2", "place_id": "999", "audience": "0", "role": "owner",
    "type": "article", "body_html": "<script>", "pinned_at": "2020-01-01", "access": "secret", "id": "77",
    "founder_id": "2", "created_at": "2000-01-01T00:00:00",
}  # fmt: skip


def test_fields_that_no_form_has_change_nothing(member, other, people, addresses):
    browser = people.browser(other)
    address = next(iter(addresses))
    assert browser.post(address, data={"text": "Mine", **UNKNOWN}).status_code == 303
    written = db.session.scalars(db.select(Content).order_by(Content.id.desc())).first()
    place = db.session.get_one(Place, written.place_id)
    shown = (written.author_id, written.type, written.body_html, written.audience, written.pinned_at)
    assert shown == (other.id, "post", "<p>Mine</p>", 0, None)
    assert (place.slug, place.access, written.created_at.year > 2000) == ("photo", "open", True)
    assert browser.post("/groups/photo/settings/access", data={"access": "secret"}).status_code == 404
    assert browser.post(f"/groups/photo/members/{other.id}/role", data={"role": "owner"}).status_code == 404
    assert db.session.get_one(Membership, (other.id, place.id)).role == "member"


def test_looking_changes_nothing_whatever_the_address_says(app, member_client, addresses):
    def state():
        db.session.rollback()
        return [
            db.session.execute(db.select(db.func.count()).select_from(table)).scalar_one()
            for name, table in sorted(db.metadata.tables.items())
            if name.startswith(("social_", "groups_", "event"))
            and name in set(db.inspect(db.engine).get_table_names())
        ] + list(db.session.scalars(db.select(Text.source).order_by(Text.content_id)))

    before = state()
    for address, fields in addresses.items():
        said = "&".join(f"{field}=open" for field in (*fields, "accept", "take_back", "confirm"))
        assert member_client.get(f"{address}?{said}").status_code in (200, 302, 303, 403, 404, 405)
    assert state() == before
    assert db.session.scalar(db.select(db.func.count()).select_from(EventRecord)) > 0
