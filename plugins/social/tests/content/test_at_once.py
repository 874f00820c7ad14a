"""What two or more do at the same moment: nothing doubled, nothing lost, nobody waits for ever."""

from random import Random

import pytest
from parvis.api import Invalid, Member, NotAllowed, NotFound, db
from parvis_social.content.care import mark_answer, pin, unpin
from parvis_social.content.comment import comment
from parvis_social.content.delete import delete, restore
from parvis_social.content.edit import ChangedMeanwhile, edit, versions_of
from parvis_social.content.models import Content, ContentTag, Reaction, Tag, Text
from parvis_social.content.post import post
from parvis_social.content.reaction import KINDS, react, unreact
from parvis_social.place.change import archive, change_access
from parvis_social.place.models import EVERYONE, Access, Place
from parvis_social.plugin import SocialPlugin

pytestmark = [pytest.mark.plugins(social=SocialPlugin), pytest.mark.both_databases]

UNLIMITED = pytest.mark.settings(**{"plugins.social": {"posts_per_hour": 10_000}})


def content(content_id):
    return db.session.get_one(Content, content_id)


def place(place_id):
    return db.session.get_one(Place, place_id)


def actor(person_id):
    return db.session.get_one(Member, person_id)


def outcomes(results):
    return sorted(type(result).__name__ for result in results)


def test_of_two_edits_one_wins_and_the_other_learns_of_it(member, make_place, at_once):
    made = post(place=make_place("club", member), text="First", actor=member)

    def write(text):
        return edit(content=content(made.id), text=text, actor=actor(member.id), version=1).version

    results = at_once(lambda: write("Second"), lambda: write("Third"))

    assert outcomes(results) == ["ChangedMeanwhile", "int"]
    (refused,) = (result for result in results if isinstance(result, ChangedMeanwhile))
    assert (refused.version, content(made.id).version) == (2, 2)
    assert [version.source for version in versions_of(content(made.id))] == ["First"]
    assert db.session.get(Text, made.id).source == ("Second" if results[0] == 2 else "Third")


def test_an_edit_and_a_deletion_leave_the_counts_of_tags_true(member, make_place, at_once):
    made = post(place=make_place("club", member), text="#one", actor=member)

    at_once(
        lambda: edit(content=content(made.id), text="#two", actor=actor(member.id), version=1),
        lambda: delete(content=content(made.id), actor=actor(member.id)),
    )

    assert content(made.id).deleted_at is not None
    assert set(db.session.scalars(db.select(Tag.contents_count))) == {0}


def test_a_deletion_counts_once_however_often_it_is_asked_for(member, make_place, at_once):
    club = make_place("club", member)
    made, me = post(place=club, text="#gone", actor=member).id, member.id
    post(place=club, text="#gone", actor=member)

    at_once(*[lambda: delete(content=content(made), actor=actor(me))] * 4)

    assert place(club.id).contents_count == 1
    assert db.session.scalar(db.select(Tag.contents_count)) == 1

    at_once(*[lambda: restore(content=content(made), actor=actor(me))] * 4)

    assert place(club.id).contents_count == 2
    assert db.session.scalar(db.select(Tag.contents_count)) == 2


def test_no_more_than_three_are_pinned(member, make_place, at_once):
    club = make_place("club", member)
    posts = [post(place=club, text=str(number), actor=member).id for number in range(5)]

    results = at_once(*[lambda n=n: pin(content=content(n), actor=actor(member.id)) for n in posts])

    assert outcomes(results) == ["Invalid", "Invalid", "NoneType", "NoneType", "NoneType"]
    assert len([n for n in posts if content(n).pinned_at]) == 3


def test_a_deleted_comment_is_never_the_answer(member, make_place, at_once):
    club, me = make_place("club", member), member.id
    for _ in range(4):
        root = post(place=club, text="Question", actor=member)
        reply = comment(root=root, text="Answer", actor=member).id

        at_once(
            lambda reply=reply: mark_answer(comment=content(reply), actor=actor(me)),
            lambda reply=reply: delete(content=content(reply), actor=actor(me)),
        )

        assert content(root.id).answer_id is None
        assert content(root.id).comments_count == 0


def test_nothing_is_left_open_in_a_place_that_is_closed_meanwhile(member, make_place, at_once):
    me = member.id
    for number in range(5):
        club = make_place(f"club-{number}", member)
        root, club = post(place=club, text="#root", actor=member).id, club.id

        results = at_once(
            lambda club=club: post(place=place(club), text="#new", actor=actor(me)).id,
            lambda root=root: comment(root=content(root), text="Me", actor=actor(me)).id,
            lambda club=club: change_access(place=place(club), access=Access.CLOSED, actor=actor(me)),
        )

        assert outcomes(results) == ["NoneType", "int", "int"]
        audiences = db.select(Content.audience).where(Content.place_id == club)
        assert set(db.session.scalars(audiences)) == {club}
    assert set(db.session.scalars(db.select(Tag.contents_count))) == {0}


def test_nothing_is_added_to_a_place_that_is_archived_meanwhile(member, make_place, at_once):
    club = make_place("club", member)

    def write():
        return post(place=place(club.id), text="New", actor=actor(member.id)).created_at

    written, _nothing = at_once(
        write, lambda: archive(place=place(club.id), actor=actor(member.id)).__class__
    )

    assert isinstance(written, NotAllowed) or written <= place(club.id).archived_at
    with pytest.raises(NotAllowed):
        write()


def test_a_form_sent_to_two_places_at_once_publishes_in_one(member, make_place, at_once):
    clubs, me = [make_place(f"club-{number}", member).id for number in range(2)], member.id

    def write(club):
        return post(place=place(club), text="#once", actor=actor(me), form_key="same").id

    first, second = at_once(*[lambda club=club: write(club) for club in clubs])

    assert first == second == db.session.scalars(db.select(Content.id)).one()
    assert sum(place(club).contents_count for club in clubs) == 1
    assert db.session.scalar(db.select(Tag.contents_count)) == 1


def test_one_person_s_reactions_at_once_are_one(member, make_place, at_once):
    made = post(place=make_place("club", member), text="Nice", actor=member)

    results = at_once(
        *[
            lambda kind=kind: react(content=content(made.id), kind=kind, actor=actor(member.id))
            for kind in KINDS
        ]
    )

    assert results == [None] * len(KINDS)
    kept = db.session.scalars(db.select(Reaction.kind)).one()
    assert content(made.id).reactions == {kept: 1}


@UNLIMITED
def test_whatever_many_do_in_a_place_nobody_waits_for_ever_and_all_counts_stay_true(
    member, people, make_place, at_once
):
    me = member.id
    persons = [me, *(people.member().id for _ in range(5))]
    clubs = [make_place(f"club-{number}", member, *map(actor, persons[1:])).id for number in range(2)]
    roots = [
        post(place=place(club), text=f"#tag{number} #all", actor=member).id
        for club in clubs
        for number in range(4)
    ]

    def busy(seed):
        chance = Random(seed)

        def one():
            root, author = content(chance.choice(roots)), actor(chance.choice(persons))
            words = " ".join(f"#tag{number}" for number in chance.sample(range(6), 3))
            acts = (
                lambda: post(place=place(chance.choice(clubs)), text=f"{words} #all", actor=author),
                lambda: comment(root=root, text="Me too", actor=author),
                lambda: react(content=root, kind=chance.choice(list(KINDS)), actor=author),
                lambda: unreact(content=root, actor=author),
                lambda: delete(content=root, actor=actor(me)),
                lambda: pin(content=root, actor=actor(me)),
                lambda: unpin(content=root, actor=actor(me)),
                lambda: edit(content=root, text=words, actor=actor(root.author_id), version=root.version),
                lambda: change_access(
                    place=root.place,
                    access=chance.choice([Access.OPEN, Access.CLOSED]),
                    actor=actor(me),
                ),
            )
            try:
                chance.choices(acts, weights=[5, 5, 4, 1, 1, 1, 1, 3, 1])[0]()
            except (Invalid, NotAllowed, NotFound):
                db.session.rollback()

        def many():
            for _ in range(12):
                one()
                db.session.commit()
                db.session.expire_all()

        return many

    results = at_once(*[busy(seed) for seed in range(6)])

    assert results == [None] * 6
    check_counts(clubs)


def check_counts(clubs):
    """Compare every stored count with what there is."""
    for club in map(place, clubs):
        contents = db.session.scalars(db.select(Content).where(Content.place_id == club.id)).all()
        listed = [each for each in contents if each.root_id is None and each.deleted_at is None]
        assert club.contents_count == len(listed)
        assert {each.audience for each in contents} == {club.audience}
        for each in contents:
            below = [c for c in contents if c.root_id == each.id]
            assert each.comments_count == len([c for c in below if c.deleted_at is None])
            assert sorted(c.number for c in below) == list(range(1, each.comments_given + 1))
            assert each.latest_id >= max([each.id, *(c.id for c in below)])
            kinds = db.session.scalars(db.select(Reaction.kind).where(Reaction.content_id == each.id)).all()
            assert each.reactions == {kind: kinds.count(kind) for kind in set(kinds)}
    counted = (
        db.select(Tag.contents_count, db.func.count(Content.id))
        .outerjoin(ContentTag, ContentTag.tag_id == Tag.id)
        .outerjoin(
            Content,
            (Content.id == ContentTag.content_id)
            & (Content.audience == EVERYONE)
            & Content.deleted_at.is_(None),
        )
        .group_by(Tag.id)
    )
    assert {stored - real for stored, real in db.session.execute(counted)} == {0}
