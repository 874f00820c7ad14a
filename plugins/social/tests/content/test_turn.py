"""What a page has fetched can be written to: it is locked alone, whatever came with it."""

import pytest
from parvis.api import db
from parvis_social.content.care import lock, pin
from parvis_social.content.comment import comment
from parvis_social.content.delete import delete
from parvis_social.content.edit import edit
from parvis_social.content.models import Content
from parvis_social.content.post import post
from parvis_social.content.reaction import react
from parvis_social.content.read import get_content_for
from parvis_social.plugin import SocialPlugin

pytestmark = [pytest.mark.plugins(social=SocialPlugin), pytest.mark.both_databases]

ACTS = {
    "comment": lambda content, actor: comment(root=content, text="Yes", actor=actor),
    "react": lambda content, actor: react(content=content, kind="like", actor=actor),
    "edit": lambda content, actor: edit(content=content, text="Other", actor=actor, version=1),
    "pin": lambda content, actor: pin(content=content, actor=actor),
    "lock": lambda content, actor: lock(content=content, reason="Enough", actor=actor),
    "delete": lambda content, actor: delete(content=content, actor=actor),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_a_page_fetched_can_be_written_to(club, member, act):
    written = post(place=club, text="Hello", actor=member).id
    db.session.commit()
    db.session.expunge_all()
    ACTS[act](get_content_for(member, written).content, member)
    db.session.commit()
    assert db.session.get_one(Content, written).version == (2 if act == "edit" else 1)


@pytest.mark.parametrize("path", ["comment", "react", "bookmark"])
def test_forms_of_a_content_are_taken(club, member, member_client, path):
    written = post(place=club, text="Hello", actor=member).id
    db.session.commit()
    form = {"comment": {"text": "Yes"}, "react": {"kind": "like"}, "bookmark": {}}[path]
    assert member_client.post(f"/contents/{written}/{path}", data=form).status_code == 303
