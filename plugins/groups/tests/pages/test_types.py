"""Which types of content a group takes besides posts: those that plugins bring, as its owners allow."""

from collections.abc import Iterable

import pytest
from parvis.api import NoSettings, NotAllowed, Plugin, db, hookimpl
from parvis_groups.domain.create import create_group
from parvis_groups.models import Group
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import ContentType, Place, publish
from parvis_social.plugin import SocialPlugin


class Ideas(Plugin[NoSettings]):
    """Brings a type that places allow, and one that all take."""

    name = "ideas"
    requires = ("social",)

    @hookimpl
    def register_content_types(self) -> Iterable[ContentType]:
        yield ContentType(
            "idea", "Idea box", "social/post.html", compose=lambda place: f"/ideas/new?place={place}"
        )
        yield ContentType("thanks", "Thanks", "social/post.html", shared=True)


pytestmark = [
    pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin, ideas=Ideas), pytest.mark.both_databases,
]  # fmt: skip
RULES = {"posting": "members", "level": "mentions"}


def test_owners_choose_what_else_is_published_in_their_group(people, member, other):
    group = create_group(name="Photo", purpose="Pictures", actor=member)
    db.session.commit()
    idea = {
        "type": "idea",
        "place": group.place,
        "actor": member,
        "body_html": "<p>Bread</p>",
        "title": "Bread",
    }
    owner = people.browser(member)
    settings, address = owner.get("/groups/photo/settings").text, f"/ideas/new?place={group.place_id}"
    assert ("Idea box" in settings, "Thanks" in settings, address in owner.get("/groups/photo").text) == (
        True, False, False
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        publish(**idea)
    db.session.rollback()
    assert (
        owner.post("/groups/photo/settings/rules", data={**RULES, "types": ["idea", "thanks"]}).status_code
        == 303
    )
    assert db.session.scalar(db.select(Place.types).join(Group)) == ["idea"]
    db.session.expire_all()
    assert publish(**idea).title == "Bread"
    db.session.commit()
    page = owner.get("/groups/photo").text
    assert (address in page, "Bread" in page) == (True, True)
    assert people.browser(other).post("/groups/photo/settings/rules", data=RULES).status_code == 404
    assert owner.post("/groups/photo/settings/rules", data=RULES).status_code == 303
    assert db.session.scalar(db.select(Place.types).join(Group)) == []
