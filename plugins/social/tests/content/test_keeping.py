"""What is kept of publishing: files, keys, drafts, bookmarks, tags; and what a reader learns of a content."""

import pytest
from parvis.api import EventRecord, Invalid, NotAllowed, NotFound, db
from parvis_social.content.bookmark import bookmark, unbookmark
from parvis_social.content.care import lock, mark_answer, unmark_answer
from parvis_social.content.comment import comment
from parvis_social.content.delete import delete
from parvis_social.content.draft import draft_of, forget_draft, keep_draft
from parvis_social.content.edit import edit, versions_of
from parvis_social.content.models import Bookmark, Content, File, Tag
from parvis_social.content.post import post
from parvis_social.content.reaction import KINDS, list_reactions, react, unreact
from parvis_social.content.read import get_content_for
from parvis_social.content.tag import get_tag_for, suggest_tags
from parvis_social.place.follow import follow_tag
from parvis_social.place.models import Access
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin)


def file_of(person, name="plan.pdf"):
    file = File(owner_id=person.id, media_key=f"files/{name}", name=name, content_type="x/y", size=3)
    db.session.add(file)
    db.session.commit()
    return file


def events(kind):
    found = db.session.scalars(db.select(EventRecord).where(EventRecord.kind == kind))
    return [(event.actor_id, event.person_id, event.content_id, event.data) for event in found]


@pytest.mark.both_databases
def test_a_file_is_enough_to_publish(club, member):
    plan = file_of(member)
    made = post(place=club, text="", actor=member, files=[plan.id, plan.id])
    said = comment(root=made, text=" ", actor=member, files=[file_of(member, "b.pdf").id])

    assert (made.body_html, [file["name"] for file in made.files]) == ("", ["plan.pdf"])
    assert [file["name"] for file in said.files] == ["b.pdf"]
    assert (plan.content_id, plan.place_id) == (made.id, club.id)


def test_files_come_and_go_with_an_edit(club, member):
    plan, photo = file_of(member), file_of(member, "b.pdf")
    made = post(place=club, text="Plan", actor=member, files=[plan.id])
    edit(content=made, text="Plan", actor=member, version=1, files=[photo.id])
    assert [file["id"] for file in made.files] == [photo.id]
    db.session.refresh(plan)
    assert plan.content_id is None
    with pytest.raises(Invalid, match="write something"):
        edit(content=made, text="", actor=member, version=2, files=[])
    assert edit(content=made, text="", actor=member, version=2).files[0]["id"] == photo.id


@pytest.mark.parametrize("whose", ["another's", "nobody's", "published"])
def test_what_cannot_be_attached_leaves_nothing_behind(club, member, other, whose):
    """A view that shows its form again commits what was written so far: there must be nothing."""
    file_id = file_of(other if whose == "another's" else member).id
    if whose == "published":
        post(place=club, text="First", actor=member, files=[file_id])
    elif whose == "nobody's":
        file_id += 1
    root = post(place=club, text="Root", actor=member)
    db.session.commit()
    before = db.session.scalar(db.select(db.func.count(Content.id)))

    for adding in (
        lambda: post(place=club, text="New", actor=member, files=[file_id]),
        lambda: comment(root=root, text="New", actor=member, files=[file_id]),
        lambda: edit(content=root, text="New", actor=member, version=1, files=[file_id]),
    ):
        with pytest.raises(Invalid) as refusal:
            adding()
        assert refusal.value.field == "files"
    db.session.commit()
    db.session.expire_all()

    assert db.session.scalar(db.select(db.func.count(Content.id))) == before
    assert (root.version, root.comments_given, root.body_html) == (1, 0, "<p>Root</p>")


def test_a_closed_thread_leaves_nothing_behind_either(club, member):
    root = post(place=club, text="Root", actor=member)
    lock(content=root, reason="Done", actor=member)
    with pytest.raises(NotAllowed):
        comment(root=root, text="New", actor=member)
    db.session.commit()
    assert db.session.scalar(db.select(db.func.count(Content.id))) == 1


@pytest.mark.parametrize("key", ["", "x" * 41, "a\nb", None])
def test_a_key_that_no_form_has_is_none(club, member, key):
    first = post(place=club, text="Same", actor=member, form_key=key)
    assert post(place=club, text="Same", actor=member, form_key=key).id != first.id


def test_two_people_may_have_the_same_key(club, member, make_place, other):
    theirs = make_place("theirs", other)
    first = post(place=club, text="A", actor=member, form_key="k")
    assert post(place=theirs, text="B", actor=other, form_key="k").id != first.id


@pytest.mark.both_databases
def test_a_comment_sent_twice_is_said_once(club, member):
    root = post(place=club, text="Root", actor=member)
    first = comment(root=root, text="Yes", actor=member, form_key="k")
    assert comment(root=root, text="Yes", actor=member, form_key="k").id == first.id
    assert root.comments_count == 1


def test_a_comment_stands_under_a_content_only(club, member):
    root = post(place=club, text="Root", actor=member)
    elsewhere = comment(root=post(place=club, text="Other", actor=member), text="Hm", actor=member)
    with pytest.raises(NotFound):
        comment(root=elsewhere, text="Deeper", actor=member)
    with pytest.raises(NotFound):
        comment(root=root, text="Beside", actor=member, parent_id=elsewhere.id)


def test_a_comment_of_bearable_length(club, member):
    root = post(place=club, text="Root", actor=member)
    comment(root=root, text="x" * 5000, actor=member)
    with pytest.raises(Invalid) as refusal:
        comment(root=root, text="x" * 5001, actor=member)
    assert refusal.value.field == "text"
    post(place=club, text="x" * 20_000, actor=member)


def test_an_edited_comment_keeps_to_its_length(club, member):
    said = comment(root=post(place=club, text="Root", actor=member), text="Short", actor=member)
    with pytest.raises(Invalid):
        edit(content=said, text="x" * 5001, actor=member, version=1)
    edit(content=said, text="Longer", actor=member, version=1)
    assert [version.source for version in versions_of(said)] == ["Short"]


def test_an_edit_that_changes_nothing_is_none(club, member):
    plan = file_of(member)
    made = post(place=club, text="Same", actor=member, files=[plan.id])
    edit(content=made, text="Same  ", actor=member, version=1)
    edit(content=made, text="Same", actor=member, version=1, files=[plan.id, plan.id])
    assert (made.version, made.edited_at, versions_of(made)) == (1, None, [])


@pytest.mark.both_databases
def test_drafts_are_kept_for_each_place_and_forgotten_when_published(club, member, make_place):
    elsewhere = make_place("elsewhere", member)
    keep_draft(place=club, source="Begun", actor=member)
    keep_draft(place=club, source="Begun and gone on", actor=member)
    keep_draft(place=elsewhere, source="Other", actor=member)

    post(place=club, text="Done", actor=member)

    assert (draft_of(club, member), draft_of(elsewhere, member)) == ("", "Other")
    keep_draft(place=elsewhere, source="  ", actor=member)
    assert draft_of(elsewhere, member) == ""


def test_a_draft_that_is_too_long_is_kept_whole(club, member, other):
    keep_draft(place=club, source="x" * 21_000, actor=member)
    assert len(draft_of(club, member)) == 21_000
    assert draft_of(club, other) == ""
    forget_draft(place=club, actor=member)
    assert draft_of(club, member) == ""


@pytest.mark.both_databases
def test_keeping_for_later_twice_is_once(club, member):
    made = post(place=club, text="Long", actor=member)
    bookmark(content=made, actor=member)
    bookmark(content=made, actor=member)
    assert db.session.scalar(db.select(db.func.count()).select_from(Bookmark)) == 1
    unbookmark(content=made, actor=member)
    unbookmark(content=made, actor=member)
    assert db.session.scalar(db.select(db.func.count()).select_from(Bookmark)) == 0


def test_tags_of_closed_places_are_counted_and_suggested_nowhere(club, member, make_place):
    post(place=make_place("board", member, access=Access.CLOSED), text="#merger #secret", actor=member)
    post(place=club, text="#merge #market", actor=member)
    assert [tag.folded for tag in suggest_tags("me")] == ["merge"]
    assert [tag.folded for tag in suggest_tags("")] == ["market", "merge"]
    assert get_tag_for(member, "Merger").contents_count == 0
    with pytest.raises(NotFound):
        get_tag_for(member, "unheard")


@pytest.mark.both_databases
def test_a_tag_of_closed_places_is_there_for_their_members_only(member, other, make_place):
    board = make_place("board", member, access=Access.SECRET)
    made = post(place=board, text="#merger", actor=member)
    assert get_tag_for(member, "Merger").label == "merger"
    for unknown in ("merger", "unheard"):
        with pytest.raises(NotFound, match="Nothing carries this tag yet"):
            get_tag_for(other, unknown)

    delete(content=made, actor=member)
    with pytest.raises(NotFound):
        get_tag_for(member, "merger")


@pytest.mark.both_databases
def test_a_tag_that_one_follows_stays_one_s_own(club, member, other):
    made = post(place=club, text="#tag", actor=member)
    follow_tag(tag=get_tag_for(other, "tag"), actor=other)
    delete(content=made, actor=member)
    assert get_tag_for(other, "tag").contents_count == 0
    with pytest.raises(NotFound):
        get_tag_for(member, "tag")


@pytest.mark.both_databases
def test_a_tag_is_one_however_it_is_written(club, member):
    post(place=club, text="#Été #ete", actor=member)
    made = post(place=club, text="#ETE", actor=member)
    assert db.session.execute(db.select(Tag.folded, Tag.label, Tag.contents_count)).all() == [
        ("ete", "Été", 2)
    ]
    assert made.tags == ["Été"]


def test_comments_carry_no_tags(club, member):
    said = comment(root=post(place=club, text="Root", actor=member), text="#tag", actor=member)
    edit(content=said, text="#other", actor=member, version=1)
    assert (said.tags, db.session.scalars(db.select(Tag.id)).all()) == ([], [])


@pytest.mark.parametrize("count", [1, 3])
def test_reactions_are_listed_by_kind_and_person(club, member, people, count_queries, count):
    made = post(place=club, text="Nice", actor=member)
    fans = [people.member() for _ in range(count)]
    for fan in fans:
        react(content=made, kind="insight", actor=fan)
    react(content=made, kind="like", actor=member)
    db.session.commit()

    with count_queries(exactly=1):
        listed = [(person.id, kind) for person, kind in list_reactions(made, kind="insight")]
    assert listed == [(fan.id, "insight") for fan in fans]
    assert len(list_reactions(made)) == count + 1
    assert len(list_reactions(made, after=fans[0].id)) == count - 1


def test_changing_one_s_reaction_is_told_once(club, member, other):
    made = post(place=club, text="Nice", actor=member)
    for kind in KINDS:
        react(content=made, kind=kind, actor=other)
    unreact(content=made, actor=other)
    unreact(content=made, actor=other)
    assert made.reactions == {}
    assert events("social.reacted") == [(other.id, member.id, made.id, {"reaction": "like"})]


def test_another_answer_takes_the_first_one_s_place(club, member, other):
    root = post(place=club, text="Question", actor=member)
    first, second = (comment(root=root, text=text, actor=other) for text in ("A", "B"))
    mark_answer(comment=first, actor=member)
    mark_answer(comment=first, actor=member)
    mark_answer(comment=second, actor=member)
    unmark_answer(comment=first, actor=member)
    assert root.answer_id == second.id
    assert events("social.answered") == [
        (member.id, other.id, comment_.id, {"root": root.id}) for comment_ in (first, second)
    ]
    unmark_answer(comment=second, actor=member)
    assert root.answer_id is None


def test_naming_oneself_tells_nobody(club, member):
    post(place=club, text=f"I, @{member.person.handle}", actor=member)
    assert events("social.mentioned") == []


def test_events_say_what_happened_and_nothing_that_was_written(club, member, other):
    made = post(place=club, text=f"Canary #canary @{other.person.handle}", actor=member)
    comment(root=made, text="Canary", actor=member)
    edit(content=made, text="Canaries", actor=member, version=1)
    lock(content=made, reason="Canary", actor=member)
    delete(content=made, actor=member)
    db.session.flush()
    said = [event.data for event in db.session.scalars(db.select(EventRecord))]
    assert "anar" not in str(said)


def test_reading_a_content_costs_two_queries_at_most(club, member, other, count_queries):
    root = post(place=club, text="Root", actor=member)
    said = comment(root=root, text="Said", actor=member)
    lock(content=root, reason="Done", actor=member)
    db.session.commit()
    for content_id in (root.id, said.id):
        db.session.expunge_all()
        with count_queries(at_most=2):
            reading = get_content_for(other, content_id)
            assert reading.content.author.display_name == "Ada Member"
            assert (reading.place.slug, reading.root.id) == ("club", root.id)
            assert not reading.may_comment


def test_a_type_that_no_plugin_knows_is_nowhere(club, member):
    made = post(place=club, text="Article", actor=member)
    said = comment(root=made, text="Said", actor=member)
    made.type = "article"
    db.session.commit()
    for content_id in (made.id, said.id):
        with pytest.raises(NotFound):
            get_content_for(member, content_id)
    made.type, club.kind = "post", "guild"
    db.session.commit()
    with pytest.raises(NotFound):
        get_content_for(member, made.id)


@pytest.mark.parametrize("content_id", [0, -1, 2**31, 2**63 - 1])
def test_a_content_that_is_not_there_is_not_found(app, member, content_id):
    with pytest.raises(NotFound):
        get_content_for(member, content_id)
