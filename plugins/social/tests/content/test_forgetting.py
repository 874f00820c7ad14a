"""What was deleted: what is left of it at once, in a few minutes, and after a month."""

from datetime import timedelta

import pytest
from parvis.api import NotFound, db, utcnow
from parvis_social.content.bookmark import bookmark
from parvis_social.content.comment import comment
from parvis_social.content.delete import delete, purge_deleted, restore
from parvis_social.content.edit import edit
from parvis_social.content.models import Bookmark, Content, File, Mention, Reaction, Text, Version
from parvis_social.content.post import post
from parvis_social.content.reaction import react
from parvis_social.content.read import get_content_for
from parvis_social.content.thread import list_comments
from parvis_social.plugin import SocialPlugin

pytestmark = [pytest.mark.plugins(social=SocialPlugin), pytest.mark.both_databases]


@pytest.fixture
def club(member, other, make_place):
    """Return a place with two members."""
    return make_place("club", member, other)


@pytest.fixture
def attachment(member):
    """Return a file of `member` that is attached to nothing yet."""
    file = File(
        owner_id=member.id, media_key="files/a.bin", name="a.pdf", content_type="application/pdf", size=3
    )
    db.session.add(file)
    db.session.commit()
    return file


def pretend_deleted(content, *, ago):
    changing = db.update(Content).where(Content.id == content.id)
    db.session.execute(changing.values(deleted_at=utcnow() - ago))
    db.session.commit()
    db.session.expire_all()


def ids():
    return db.session.scalars(db.select(Content.id).order_by(Content.id)).all()


def test_a_deletion_is_taken_back_by_who_deleted_only_and_for_some_minutes(club, member, other):
    made = post(place=club, text="Mine", actor=other)
    delete(content=made, actor=member)
    with pytest.raises(NotFound):
        restore(content=made, actor=other)

    pretend_deleted(made, ago=timedelta(minutes=9))
    assert get_content_for(member, made.id, deleted=True).may_restore
    pretend_deleted(made, ago=timedelta(minutes=11))
    with pytest.raises(NotFound):
        restore(content=made, actor=member)


def test_comments_vanish_with_what_they_stand_under_and_come_back_with_it(club, member, other):
    root = post(place=club, text="Question", actor=member)
    reply = comment(root=root, text="Answer", actor=other)
    delete(content=root, actor=member)
    for reader in (member, other):
        with pytest.raises(NotFound):
            get_content_for(reader, reply.id)

    restore(content=root, actor=member)
    assert get_content_for(other, reply.id).root.id == root.id


def test_a_comment_whose_root_is_gone_is_not_restored(club, member):
    root = post(place=club, text="Question", actor=member)
    reply = comment(root=root, text="Answer", actor=member)
    delete(content=reply, actor=member)
    delete(content=root, actor=member)
    with pytest.raises(NotFound):
        restore(content=reply, actor=member)


def test_answers_stay_under_a_deleted_comment(club, member, other):
    root = post(place=club, text="Question", actor=member)
    first = comment(root=root, text="Answer", actor=other)
    reply = comment(root=root, text="Thanks", actor=member, parent_id=first.id)
    delete(content=first, actor=other)

    (shown,) = list_comments(root, viewer=member).comments
    assert (shown.id, shown.deleted, shown.body_html) == (first.id, True, "")
    assert [below.id for below in shown.replies] == [reply.id]
    assert root.comments_count == 1
    with pytest.raises(NotFound, match="no longer there"):
        comment(root=root, text="And?", actor=member, parent_id=first.id)


def test_answers_outlive_the_comment_they_stand_under_and_nothing_of_its_words_does(
    club, member, other, attachment
):
    root = post(place=club, text="Question", actor=member)
    first = comment(root=root, text=f"@{other.person.handle}", actor=member, files=[attachment.id])
    edit(content=first, text=f"More, @{other.person.handle}", actor=member, version=1)
    react(content=first, kind="like", actor=other)
    bookmark(content=first, actor=other)
    reply = comment(root=root, text="Thanks", actor=other, parent_id=first.id)
    delete(content=first, actor=member)
    pretend_deleted(first, ago=timedelta(days=31))

    purge_deleted()
    purge_deleted()
    db.session.expire_all()

    assert ids() == [root.id, first.id, reply.id]
    assert [below.id for below in list_comments(root, viewer=member).comments[0].replies] == [reply.id]
    left = db.session.get(Content, first.id)
    assert (left.body_html, left.files, left.reactions) == ("", [], {})
    for said in (Text, Version, Mention, Reaction, Bookmark):
        of_it = db.select(db.func.count()).select_from(said).where(said.content_id == first.id)
        assert db.session.scalar(of_it) == 0
    assert db.session.get(File, attachment.id).content_id is None

    delete(content=reply, actor=other)
    pretend_deleted(reply, ago=timedelta(days=31))
    purge_deleted()
    purge_deleted()
    assert ids() == [root.id]


def test_what_was_deleted_lately_is_kept(club, member):
    made = post(place=club, text="Oops", actor=member)
    delete(content=made, actor=member)
    pretend_deleted(made, ago=timedelta(days=29))
    purge_deleted()
    assert ids() == [made.id]


def test_the_files_of_what_is_forgotten_are_nobody_s(club, member, attachment):
    root = post(place=club, text="Plan", actor=member)
    comment(root=root, text="Here", actor=member, files=[attachment.id])
    delete(content=root, actor=member)
    pretend_deleted(root, ago=timedelta(days=31))

    purge_deleted()

    assert ids() == []
    db.session.expire_all()
    assert db.session.get(File, attachment.id).content_id is None


def test_forgetting_goes_on_where_it_was_interrupted(club, member, monkeypatch):
    monkeypatch.setattr("parvis_social.content.delete.PURGE_AT_ONCE", 2)
    made = [post(place=club, text=str(number), actor=member) for number in range(5)]
    for each in made:
        delete(content=each, actor=member)
        pretend_deleted(each, ago=timedelta(days=31))
    purge_deleted()
    assert ids() == []
    assert club.contents_count == 0
