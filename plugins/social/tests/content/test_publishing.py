"""Posts and comments: what is kept, who may, and what two who do it at once get."""

import pytest
from parvis.api import EventRecord, Invalid, NotAllowed, NotFound, TooMany, db
from parvis_social.content.care import lock, mark_answer, pin, unlock
from parvis_social.content.comment import comment
from parvis_social.content.delete import delete, purge_deleted, restore
from parvis_social.content.edit import ChangedMeanwhile, edit, versions_of
from parvis_social.content.models import Content, ContentTag, Mention, Tag, Text
from parvis_social.content.post import post
from parvis_social.content.reaction import react, unreact
from parvis_social.content.read import get_content_for
from parvis_social.content.text import render
from parvis_social.place.change import archive, change_access
from parvis_social.place.membership import add_member, remove_member
from parvis_social.place.models import Access, Place, Role
from parvis_social.place.wall import wall_of
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin)


def kinds():
    return [event.kind for event in db.session.scalars(db.select(EventRecord).order_by(EventRecord.id))]


@pytest.mark.both_databases
def test_a_post_is_kept_with_its_people_and_tags(club, member, other):
    made = post(place=club, text=f"For @{other.person.handle} about #Welding", actor=member)
    db.session.commit()

    assert (made.type, made.place_id, made.author_id, made.audience) == ("post", club.id, member.id, 0)
    assert f'href="/people/{other.person.handle}"' in made.body_html
    assert made.tags == ["Welding"]
    assert db.session.scalars(db.select(Mention.person_id)).all() == [other.id]
    assert db.session.get(Text, made.id).source.startswith("For @")
    db.session.refresh(club)
    assert (club.contents_count, club.latest_id) == (1, made.id)
    assert db.session.scalar(db.select(Tag.contents_count)) == 1
    assert kinds() == ["social.place_joined", "social.mentioned", "social.published"]


@pytest.mark.both_databases
def test_a_form_sent_twice_publishes_once(club, member):
    first = post(place=club, text="Once", actor=member, form_key="k1")
    db.session.commit()
    assert post(place=club, text="Once", actor=member, form_key="k1").id == first.id


@pytest.mark.parametrize("text", ["", "   \n", "x" * 20_001])
def test_a_post_has_a_text_of_bearable_length(club, member, text):
    with pytest.raises(Invalid) as refusal:
        post(place=club, text=text, actor=member)
    assert refusal.value.field == "text"


def test_who_is_no_member_is_asked_to_join_first(club, other):
    with pytest.raises(NotAllowed, match="Join Club first"):
        post(place=club, text="Hello", actor=other)


def test_a_closed_place_is_nowhere_to_others(member, other, make_place):
    closed = make_place("board", member, access=Access.CLOSED)
    made = post(place=closed, text="Plans", actor=member)
    with pytest.raises(NotFound):
        post(place=closed, text="Hello", actor=other)
    with pytest.raises(NotFound):
        get_content_for(other, made.id)
    with pytest.raises(NotFound):
        comment(root=made, text="Hello", actor=other)


@pytest.mark.settings(**{"plugins.social": {"posts_per_hour": 2}})
def test_nobody_publishes_without_end(club, member):
    post(place=club, text="1", actor=member)
    post(place=club, text="2", actor=member)
    with pytest.raises(TooMany):
        post(place=club, text="3", actor=member)


def test_colleagues_write_on_a_wall(member, other):
    made = post(place=wall_of(member.person), text="Welcome", actor=other)
    assert get_content_for(member, made.id).manages
    assert wall_of(member.person).id == made.place_id


@pytest.mark.both_databases
def test_comments_are_numbered_and_two_levels_deep(club, member, other):
    root = post(place=club, text="Question", actor=member)
    first = comment(root=root, text="Answer", actor=other)
    reply = comment(root=root, text="Thanks", actor=member, parent_id=first.id)
    deeper = comment(root=root, text="Welcome", actor=other, parent_id=reply.id)
    db.session.commit()

    assert [c.number for c in (first, reply, deeper)] == [1, 2, 3]
    assert [c.parent_id for c in (first, reply, deeper)] == [None, first.id, first.id]
    db.session.refresh(root)
    assert (root.comments_count, root.comments_given, root.latest_id) == (3, 3, deeper.id)


@pytest.mark.both_databases
def test_a_comment_moves_its_content_up_under_its_tags(club, member):
    root = post(place=club, text="#tag", actor=member)
    last = comment(root=root, text="More", actor=member)
    assert db.session.scalar(db.select(ContentTag.latest_id)) == last.id


def test_nobody_comments_where_comments_are_closed(club, member, other):
    root = post(place=club, text="Quiet", actor=member)
    lock(content=root, reason="It is decided.", actor=member)
    with pytest.raises(NotAllowed):
        comment(root=root, text="But", actor=other)
    unlock(content=root, actor=member)
    assert comment(root=root, text="But", actor=other).number == 1


def test_only_who_looks_after_a_place_closes_comments_and_says_why(club, member, other):
    add_member(place=club, person_id=other.id, actor=other)
    root = post(place=club, text="Mine", actor=other)
    with pytest.raises(NotAllowed):
        lock(content=root, reason="No more", actor=other)
    with pytest.raises(Invalid, match="say why"):
        lock(content=root, reason=" ", actor=member)


@pytest.mark.both_databases
def test_an_edit_keeps_what_was_said_before(club, member):
    made = post(place=club, text="First #one", actor=member)
    edit(content=made, text="Second #two", actor=member, version=1)
    db.session.commit()

    assert [v.source for v in versions_of(made)] == ["First #one"]
    assert (made.version, made.tags, made.body_html.count("two")) == (2, ["two"], 2)
    counts = dict(db.session.execute(db.select(Tag.folded, Tag.contents_count)).all())
    assert counts == {"one": 0, "two": 1}


@pytest.mark.both_databases
def test_of_two_edits_one_is_kept_and_the_other_told(club, member):
    made = post(place=club, text="First", actor=member)
    edit(content=made, text="Second", actor=member, version=1)
    with pytest.raises(ChangedMeanwhile) as refusal:
        edit(content=made, text="Third", actor=member, version=1)
    assert refusal.value.version == 2


def test_a_minor_edit_tells_nobody_new(club, member, other):
    made = post(place=club, text="First", actor=member)
    edit(content=made, text=f"Hello @{other.person.handle}", actor=member, version=1, minor=True)
    assert "social.mentioned" not in kinds()
    edit(content=made, text="Hello nobody", actor=member, version=2)
    edit(content=made, text=f"Hello @{other.person.handle}", actor=member, version=3)
    assert kinds().count("social.mentioned") == 1


def test_only_the_author_edits(club, member, other):
    add_member(place=club, person_id=other.id, actor=other)
    made = post(place=club, text="Mine", actor=other)
    with pytest.raises(NotAllowed):
        edit(content=made, text="Yours", actor=member, version=1)


@pytest.mark.both_databases
def test_a_deletion_can_be_taken_back_for_a_while(club, member):
    made = post(place=club, text="Gone #tag", actor=member)
    delete(content=made, actor=member)
    db.session.commit()
    with pytest.raises(NotFound):
        get_content_for(member, made.id)
    assert (club.contents_count, db.session.scalar(db.select(Tag.contents_count))) == (0, 0)
    restore(content=made, actor=member)
    assert get_content_for(member, made.id).content.id == made.id
    assert (club.contents_count, db.session.scalar(db.select(Tag.contents_count))) == (1, 1)


@pytest.mark.both_databases
def test_a_deleted_comment_leaves_the_count_and_the_answer(club, member, other):
    root = post(place=club, text="Question", actor=member)
    answer = comment(root=root, text="Answer", actor=other)
    mark_answer(comment=answer, actor=member)
    delete(content=answer, actor=other)
    db.session.refresh(root)
    assert (root.comments_count, root.comments_given, root.answer_id) == (0, 1, None)


def test_who_looks_after_the_place_removes_and_others_do_not(club, member, other, people):
    third = people.member("Third One")
    for each in (other, third):
        add_member(place=club, person_id=each.id, actor=each)
    made = post(place=club, text="Rude", actor=other)
    with pytest.raises(NotAllowed):
        delete(content=made, actor=third)
    delete(content=made, actor=member)
    with pytest.raises(NotFound):
        restore(content=made, actor=other)


@pytest.mark.both_databases
def test_what_was_deleted_long_ago_is_gone_for_good(club, member):
    made = post(place=club, text="Old", actor=member)
    comment(root=made, text="Old too", actor=member)
    kept = post(place=club, text="Kept", actor=member)
    delete(content=made, actor=member)
    db.session.execute(
        db.update(Content).where(Content.id == made.id).values(deleted_at=db.func.datetime("2020-01-01"))
        if db.engine.dialect.name == "sqlite"
        else db.update(Content).where(Content.id == made.id).values(deleted_at=db.text("'2020-01-01+00'"))
    )
    db.session.commit()
    purge_deleted()
    purge_deleted()
    assert db.session.scalars(db.select(Content.id)).all() == [kept.id]


@pytest.mark.both_databases
def test_a_person_has_one_reaction(club, member, other):
    made = post(place=club, text="Nice", actor=member)
    react(content=made, kind="like", actor=other)
    react(content=made, kind="insight", actor=other)
    react(content=made, kind="like", actor=member)
    assert made.reactions == {"like": 1, "insight": 1}
    unreact(content=made, actor=other)
    assert made.reactions == {"like": 1}
    with pytest.raises(Invalid):
        react(content=made, kind="hate", actor=other)


def test_three_are_pinned_at_most(club, member):
    posts = [post(place=club, text=str(number), actor=member) for number in range(4)]
    for made in posts[:3]:
        pin(content=made, actor=member)
    with pytest.raises(Invalid):
        pin(content=posts[3], actor=member)


def test_nothing_is_added_to_an_archived_place(club, member):
    made = post(place=club, text="Before", actor=member)
    archive(place=club, actor=member)
    for adding in (
        lambda: post(place=club, text="After", actor=member),
        lambda: comment(root=made, text="After", actor=member),
        lambda: react(content=made, kind="like", actor=member),
        lambda: edit(content=made, text="After", actor=member, version=1),
    ):
        with pytest.raises(NotAllowed):
            adding()


@pytest.mark.both_databases
def test_closing_a_place_closes_all_that_it_holds(club, member, other):
    made = post(place=club, text="#plans", actor=member)
    below = comment(root=made, text="More", actor=member)
    change_access(place=club, access=Access.CLOSED, actor=member)
    db.session.commit()
    for content in (made, below):
        with pytest.raises(NotFound):
            get_content_for(other, content.id)
        assert get_content_for(member, content.id).content.audience == club.id
    assert db.session.scalar(db.select(Tag.contents_count)) == 0
    change_access(place=club, access=Access.OPEN, actor=member)
    assert get_content_for(other, made.id).content.id == made.id
    assert db.session.scalar(db.select(Tag.contents_count)) == 1


def test_the_last_owner_stays(club, member, other):
    with pytest.raises(Invalid, match="without an owner"):
        remove_member(place=club, person_id=member.id, actor=member)
    add_member(place=club, person_id=other.id, actor=other, role=Role.OWNER)
    assert remove_member(place=club, person_id=member.id, actor=member)


@pytest.mark.both_databases
def test_comments_written_at_once_all_count_and_none_has_another_s_number(club, member, at_once):
    root_id = post(place=club, text="Busy", actor=member).id
    db.session.commit()

    def write():
        root = db.session.get_one(Content, root_id)
        return comment(root=root, text="Me", actor=db.session.get_one(type(member), member.id)).number

    assert sorted(at_once(*[write] * 6)) == [1, 2, 3, 4, 5, 6]
    db.session.expire_all()
    assert db.session.get(Content, root_id).comments_count == 6


@pytest.mark.both_databases
def test_a_form_sent_twice_at_once_publishes_once(club, member, at_once):
    place_id = club.id
    db.session.commit()

    def send():
        actor = db.session.get_one(type(member), member.id)
        return post(place=db.session.get_one(Place, place_id), text="Hi", actor=actor, form_key="same").id

    assert len(set(at_once(*[send] * 4))) == 1
    db.session.expire_all()
    assert db.session.get(Place, place_id).contents_count == 1


@pytest.mark.both_databases
def test_reactions_at_once_all_count(club, member, people, at_once):
    root_id = post(place=club, text="Popular", actor=member).id
    fans = [people.member().id for _ in range(5)]
    db.session.commit()

    def like(fan):
        react(
            content=db.session.get_one(Content, root_id),
            kind="like",
            actor=db.session.get_one(type(member), fan),
        )

    at_once(*[lambda fan=fan: like(fan) for fan in fans])
    db.session.expire_all()
    assert db.session.get(Content, root_id).reactions == {"like": 5}


def test_handles_tags_and_emoji_are_found_in_text_only(people):
    anna = people.member("Anna Blum")
    found = render(
        "@anna.blum. @nobody `@anna.blum #code` [@anna.blum](/x) a#b #42 #Été :tada: :nothing: mail@anna.blum"
    )
    assert found.mentioned == (anna.id,)
    assert found.tags == ("Été",)
    assert found.html.count("/people/anna.blum") == 1
    assert "🎉" in found.html
    assert ":nothing:" in found.html


def test_a_bare_address_becomes_a_link_without_the_full_stop():
    html = render("See https://example.org/a_(b)?x=1.").html
    assert 'href="https://example.org/a_(b)?x=1"' in html
    assert html.endswith("</a>.</p>")
