"""What people contributed on a tag is told of open places alone, and only what still stands there."""

import pytest
from parvis.api import db
from parvis_social.api import (
    Access,
    change_access,
    comment,
    mark_answer,
    open_contributions,
    post,
    publish,
)
from parvis_social.content.delete import delete
from parvis_social.plugin import SocialPlugin

pytestmark = [pytest.mark.plugins(social=SocialPlugin), pytest.mark.both_databases]


def told(*people, tags=("Welding",)):
    found = open_contributions(tags=tags, people=[each.id for each in people])
    return [(each.person.display_name, each.subject) for each in found]


@pytest.fixture
def answered(member, other):
    """Return what has `member` ask about a tag in a place, and `other` answer."""

    def ask(place, text="How? #welding", by=None):
        asked = post(place=place, text=text, actor=member)
        said = comment(root=asked, text="So", actor=by or other)
        mark_answer(comment=said, actor=member)
        db.session.commit()
        return asked, said

    return ask


def test_an_answer_that_is_marked_counts_with_what_was_asked(club, member, other, answered):
    asked, said = answered(club)
    found = open_contributions(tags=["#Welding", "welding"], people=[other.id, member.id])
    assert [(each.person.id, each.subject, each.url) for each in found] == [
        (other.id, "How? #welding", f"/contents/{asked.id}?comment={said.id}#c{said.id}")
    ]
    assert (told(member), told(other, tags=["other"]), told(other, tags=[])) == ([], [], [])


def test_other_comments_and_answers_to_oneself_do_not(club, member, other, answered):
    comment(root=post(place=club, text="How? #welding", actor=member), text="So", actor=other)
    answered(club, by=member)
    assert told(member, other) == []


@pytest.mark.parametrize("access", [Access.CLOSED, Access.SECRET])
def test_nothing_of_a_closed_or_secret_place_is_told_to_anybody(make_place, member, other, answered, access):
    answered(make_place("closed", member, other, access=access))
    place = make_place("open", member, other)
    answered(place)
    assert len(told(other)) == 1
    change_access(place=place, access=access, actor=member)
    db.session.commit()
    assert told(other) == []


def test_what_is_hidden_or_deleted_or_of_who_left_is_not_told(club, member, other, answered):
    for number, end in enumerate(("delete", "hide", "root", "left")):
        asked, said = answered(club)
        assert told(other) == [("Bob Other", "How? #welding")], number
        if end == "delete":
            delete(content=said, actor=other)
        elif end == "root":
            delete(content=asked, actor=member)
        elif end == "hide":
            said.hidden_at = said.created_at
        else:
            other.person.present = False
        db.session.commit()
        assert told(other) == [], end


def test_contents_with_a_title_count(club, member):
    publish(
        type="post", place=club, actor=member, title="Welding at sea", body_html="<p>So</p>", tags=["welding"]
    )
    publish(type="post", place=club, actor=member, body_html="<p>So</p>", tags=["welding"])
    db.session.commit()
    assert told(member) == [("Ada Member", "Welding at sea")]
