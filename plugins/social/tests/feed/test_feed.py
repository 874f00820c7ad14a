"""The home feed and other streams show what is followed and may be read, and nothing else."""

import random
from datetime import timedelta

import pytest
from parvis.api import db, read_rows, utcnow
from parvis.statement import EXTENSION
from parvis_social.content.bookmark import bookmark
from parvis_social.content.comment import comment
from parvis_social.content.delete import delete
from parvis_social.content.models import Content, ContentTag, Tag, TagFollow
from parvis_social.content.post import post
from parvis_social.content.tag import get_tag_for
from parvis_social.feed import newest
from parvis_social.feed.query import END
from parvis_social.feed.stream import (
    ORDERS,
    activity_of,
    bookmarks_of,
    filters,
    home_feed,
    place_stream,
    tag_stream,
)
from parvis_social.feed.visit import see_home
from parvis_social.place import reader
from parvis_social.place.follow import follow_person, follow_place, follow_tag, mute
from parvis_social.place.membership import add_member, remove_member
from parvis_social.place.models import (
    Access,
    Membership,
    PersonFollow,
    Place,
    PlaceFollow,
    Posting,
    Role,
    Visitor,
)
from parvis_social.place.reader import my_places
from parvis_social.place.visitor import blank_row
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin)


def make_place(slug, owner, access=Access.OPEN, kind="wall"):
    place = Place(kind=kind, slug=slug, name=slug.title(), access=access, posting=Posting.MEMBERS, types=[])
    db.session.add(place)
    db.session.flush()
    add_member(place=place, person_id=owner.id, actor=owner, role=Role.OWNER)
    db.session.flush()
    return place


def ids(cards):
    return [card.id for card in cards.cards]


@pytest.fixture
def crowd(people):
    return [people.member() for _ in range(6)]


def scatter(crowd, chance):
    """Let some people write, comment, follow, join, leave, mute and delete at random."""
    owner = crowd[0]
    places = [make_place(f"p{n}", owner, chance.choice(list(Access))) for n in range(6)]
    places.append(make_place("gone", owner, kind="unknown"))
    for person in crowd[1:]:
        for place in places:
            if chance.random() < 0.5:
                add_member(place=place, person_id=person.id, actor=owner)
            elif chance.random() < 0.5:
                db.session.add(PlaceFollow(person_id=person.id, place_id=place.id))
    for person in crowd:
        for followed in crowd:
            if person is not followed and chance.random() < 0.3:
                follow_person(person=followed.person, actor=person)
    contents = []
    for number in range(60):
        place = chance.choice(places)
        members = db.session.scalars(
            db.select(Membership.person_id).where(Membership.place_id == place.id)
        ).all()
        chosen = chance.choice(members)
        author = next(p for p in crowd if p.id == chosen)
        if place.kind == "unknown":
            made = Content(type="post", place_id=place.id, author_id=author.id, audience=0)
            db.session.add(made)
            db.session.flush()
            made.latest_id = made.id
        else:
            made = post(place=place, text=f"{number} #t{chance.randint(0, 3)}", actor=author)
        contents.append(made)
        if chance.random() < 0.4:
            root = chance.choice([c for c in contents if c.place.kind == "wall"] or [made])
            if root.place.kind == "wall" and root.deleted_at is None:
                comment(root=root, text="yes", actor=next(p for p in crowd if p.id == root.author_id))
    for person in crowd:
        for tag in db.session.scalars(db.select(Tag)):
            if chance.random() < 0.4:
                follow_tag(tag=tag, actor=person)
        for place in places:
            follow = db.session.get(PlaceFollow, (person.id, place.id))
            if follow and chance.random() < 0.3:
                mute(place=place, until=utcnow() + timedelta(hours=chance.choice([-1, 1])), actor=person)
            if person is not owner and chance.random() < 0.15:
                remove_member(place=place, person_id=person.id, actor=person)
    for made in chance.sample(contents, 8):
        if made.place.kind == "wall" and db.session.get(Membership, (made.author_id, made.place_id)):
            delete(content=made, actor=next(p for p in crowd if p.id == made.author_id))
    db.session.commit()


def expected(viewer, order, since=0):
    """Say in plain Python what stands in a feed, in which order."""
    mine = {m.place_id for m in db.session.scalars(db.select(Membership)) if m.person_id == viewer.id}
    follows = {f.place_id: f for f in db.session.scalars(db.select(PlaceFollow)) if f.person_id == viewer.id}
    people = {f.followed_id for f in db.session.scalars(db.select(PersonFollow)) if f.person_id == viewer.id}
    tags = {f.tag_id for f in db.session.scalars(db.select(TagFollow)) if f.person_id == viewer.id}
    tagged = {t.content_id for t in db.session.scalars(db.select(ContentTag)) if t.tag_id in tags}
    muted = {p for p, f in follows.items() if f.muted_until and f.muted_until > utcnow()}
    found = []
    for content in db.session.scalars(db.select(Content)):
        place = content.place
        reads = place.access == Access.OPEN or place.id in mine
        if content.root_id or content.deleted_at or place.kind != "wall" or not reads:
            continue
        if content.author_id == viewer.id or (
            place.id not in muted
            and (place.id in follows or content.author_id in people or content.id in tagged)
        ):
            found.append(content)
    key = (lambda c: c.latest_id) if order == "active" else (lambda c: c.id)
    return [content.id for content in sorted(found, key=key, reverse=True) if key(content) > since]


def all_pages(viewer, **chosen):
    """Return the ids on all pages of a feed, each page going on where the last one ended."""
    shown, before = [], None
    for _page in range(60):
        page = home_feed(viewer, before=before, **chosen)
        shown += ids(page)
        before = page.before
        if before is None:
            break
    return shown


@pytest.mark.both_databases
@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.proof) for seed in (2, 3))])
def test_the_feed_is_what_one_follows_and_may_read(crowd, seed):
    scatter(crowd, random.Random(seed))
    middle = db.session.scalar(db.select(db.func.max(Content.id))) // 2
    for viewer in crowd:
        db.session.add(Visitor(**{**blank_row(viewer.id), "last_visit_id": middle}))
        db.session.commit()
        for order in ORDERS:
            wanted, new = expected(viewer, order), expected(viewer, order, since=middle)
            for limit in (1, 2, 7, 100):  # a page less than one source holds, as long as several, and all
                assert all_pages(viewer, order=order, chosen="all", limit=limit) == wanted
                assert all_pages(viewer, order=order, chosen="unread", limit=limit) == new


@pytest.mark.both_databases
def test_who_follows_little_is_shown_the_same_as_who_follows_more(app, crowd, monkeypatch):
    scatter(crowd, random.Random(5))
    little = {viewer: pages_with_reasons(viewer) for viewer in crowd}
    assert {reader.amount_followed(viewer) for viewer in crowd} == {reader.Amount.LITTLE}
    monkeypatch.setattr(reader, "SOME", 0)
    app.extensions[EXTENSION].clear()  # what is prepared knows the number
    assert {reader.amount_followed(viewer) for viewer in crowd} == {reader.Amount.SOME}
    assert {viewer: pages_with_reasons(viewer) for viewer in crowd} == little


@pytest.mark.both_databases
@pytest.mark.parametrize("near", [3, 20, 1000])
def test_what_is_found_among_the_newest_of_all_is_the_same(app, crowd, near, monkeypatch):
    scatter(crowd, random.Random(4))
    usual = {viewer: pages_with_reasons(viewer) for viewer in crowd}
    monkeypatch.setattr(reader, "MANY", 0)
    monkeypatch.setattr(newest, "NEAR", near)
    app.extensions[EXTENSION].clear()  # what is prepared knows the numbers
    assert {viewer: pages_with_reasons(viewer) for viewer in crowd} == usual
    values = {"viewer": crowd[1].id, "before": END, "since": 0, "most": 2, "now": utcnow()}
    found = read_rows(newest.newest_statement("new", "all"), values)
    assert len(found) == 2 or near == 3


def pages_with_reasons(viewer):
    """Return what all pages of all of somebody's feeds show, and why."""
    found = {}
    for order in ORDERS:
        for chosen in ("all", "people", "unread"):
            before, shown = END, []
            while before:
                page = home_feed(viewer, order=order, chosen=chosen, before=before, limit=3)
                shown += [(card.id, card.reason) for card in page.cards]
                before = page.before
            found[order, chosen] = shown
    return found


@pytest.mark.both_databases
def test_a_card_says_why_it_is_there(member, other, people):
    third = people.member("Third One")
    place, elsewhere = make_place("club", other), make_place("lab", other)
    add_member(place=place, person_id=member.id, actor=member)
    made = [
        post(place=place, text="by place", actor=other),
        post(place=elsewhere, text="#welding by tag", actor=other),
        post(place=place, text="own", actor=member),
    ]
    add_member(place=elsewhere, person_id=third.id, actor=third)
    made.append(post(place=elsewhere, text="by person", actor=third))
    follow_person(person=third.person, actor=member)
    follow_tag(tag=get_tag_for(member, "welding"), actor=member)
    db.session.commit()
    cards = home_feed(member, order="new", chosen="all").cards
    assert [(c.id, c.reason) for c in cards] == [
        (made[3].id, "2"), (made[2].id, "0"), (made[1].id, "3welding"), (made[0].id, "1")
    ]  # fmt: skip


@pytest.mark.both_databases
def test_leaving_a_closed_place_takes_effect_at_once(member, other):
    place = make_place("board", other, Access.CLOSED)
    add_member(place=place, person_id=member.id, actor=other)
    made = post(place=place, text="#plans", actor=other)
    follow_person(person=other.person, actor=member)
    follow_tag(tag=get_tag_for(member, "plans"), actor=member)
    bookmark(content=made, actor=member)
    db.session.commit()
    tag = get_tag_for(member, "plans")

    def everywhere():
        return [
            ids(home_feed(member, order="new", chosen="all")),
            ids(tag_stream(tag, viewer=member)),
            ids(activity_of(other.id, viewer=member)),
            ids(bookmarks_of(member)),
            [followed.place.id for followed in my_places(member)],
        ]

    assert everywhere() == [[made.id], [made.id], [made.id], [made.id], [place.id]]
    remove_member(place=place, person_id=member.id, actor=member)
    db.session.commit()
    assert everywhere() == [[], [], [], [], []]


def test_unread_is_what_came_since_the_last_visit(member, other):
    place = make_place("club", other)
    follow_place(place=place, actor=member)
    first = post(place=place, text="1", actor=other)
    see_home(actor=member, newest_id=first.id)
    db.session.commit()
    assert len(home_feed(member, order="new", chosen="unread").cards) == 1
    db.session.get(Visitor, member.id).seen_at = utcnow() - timedelta(hours=1)
    see_home(actor=member, newest_id=first.id)
    second = post(place=place, text="2", actor=other)
    db.session.commit()
    assert ids(home_feed(member, order="new", chosen="unread")) == [second.id]


def test_a_filter_is_offered_only_where_there_is_a_kind_of_place_for_it(app):
    assert filters() == ["all", "people", "unread"]


@pytest.mark.parametrize("count", [1, 3])
def test_streams_cost_the_same_for_one_and_three(member, other, count_queries, count):
    place = make_place("club", other)
    add_member(place=place, person_id=member.id, actor=member)
    for number in range(count):
        made = post(place=place, text=f"{number} #tag", actor=other)
        bookmark(content=made, actor=member)
        for _each in range(3):
            comment(root=made, text="more", actor=member)
    follow_tag(tag=get_tag_for(member, "tag"), actor=member)
    db.session.commit()
    tag = get_tag_for(member, "tag")
    for stream, queries in (
        (
            lambda: home_feed(member, order="new", chosen="all"),
            3,
        ),  # one tells who reads
        (lambda: home_feed(member, order="active", chosen="people"), 3),
        (lambda: place_stream(place.id, viewer=member), 2),
        (lambda: tag_stream(tag, viewer=member), 2),
        (lambda: activity_of(other.id, viewer=member), 2),
        (lambda: bookmarks_of(member), 2),
    ):
        with count_queries(exactly=queries):
            cards = stream().cards
        assert [len(card.comments) for card in cards] == [2] * count
