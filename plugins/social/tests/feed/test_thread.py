"""A thread is shown a page at a time, from its end; a link to a comment opens the page that it is on."""

import pytest
from parvis.api import Member, db
from parvis_social.content.bookmark import bookmark
from parvis_social.content.card import card_of
from parvis_social.content.care import mark_answer
from parvis_social.content.comment import comment
from parvis_social.content.delete import delete
from parvis_social.content.post import post
from parvis_social.content.reaction import react
from parvis_social.content.read import get_content_for
from parvis_social.content.thread import PAGE, list_comments
from parvis_social.feed.stream import place_stream
from parvis_social.plugin import SocialPlugin

pytestmark = [
    pytest.mark.plugins(social=SocialPlugin),
    pytest.mark.settings(**{"plugins.social": {"posts_per_hour": 1000}}),
]


@pytest.fixture
def root(make_place, member, other):
    return post(place=make_place("club", member, other), text="What do you think?", actor=member)


def say(root, actor, count, parent=None):
    said = [
        comment(root=root, text=f"Comment {number}", actor=actor, parent_id=parent.id if parent else None)
        for number in range(count)
    ]
    db.session.commit()
    return said


def numbers(page):
    return [shown.number for shown in page.comments]


@pytest.mark.both_databases
def test_a_thread_begins_with_its_end_and_goes_back_to_its_beginning(root, member):
    say(root, member, 2 * PAGE + 5)
    page, found = list_comments(root, viewer=member), []
    assert (page.before, page.after) == (PAGE + 6, None)
    while True:
        found = numbers(page) + found
        if page.before is None:
            break
        page = list_comments(root, viewer=member, before=page.before)
    assert found == list(range(1, 2 * PAGE + 6))


@pytest.mark.both_databases
def test_from_an_older_page_one_goes_forward_again(root, member):
    say(root, member, 2 * PAGE + 5)
    first = list_comments(root, viewer=member, before=6)
    assert (numbers(first), first.before, first.after) == ([1, 2, 3, 4, 5], None, 5)
    second = list_comments(root, viewer=member, after=first.after)
    assert (numbers(second), second.after) == (list(range(6, PAGE + 6)), PAGE + 5)
    third = list_comments(root, viewer=member, after=second.after)
    assert (numbers(third), third.after) == (list(range(PAGE + 6, 2 * PAGE + 6)), None)


@pytest.mark.both_databases
@pytest.mark.parametrize("index", [0, PAGE, 2 * PAGE + 4])
def test_a_link_to_a_comment_opens_the_page_that_it_is_on(root, member, other, index):
    said = say(root, member, 2 * PAGE + 5)
    (answer,) = say(root, other, 1, said[index])
    for linked in (said[index], answer):
        page = list_comments(root, viewer=member, around=linked.id)
        shown = {c.id for c in page.comments} | {r.id for c in page.comments for r in c.replies}
        assert linked.id in shown
        assert len(page.comments) <= PAGE


def test_a_link_to_a_comment_from_elsewhere_opens_the_end(root, make_place, member):
    say(root, member, 3)
    (foreign,) = say(post(place=make_place("den", member), text="Else", actor=member), member, 1)
    assert numbers(list_comments(root, viewer=member, around=foreign.id)) == [1, 2, 3]
    assert numbers(list_comments(root, viewer=member, around=2**62)) == [1, 2, 3]


@pytest.mark.both_databases
def test_a_deleted_comment_is_there_only_while_it_holds_answers_together(root, member, other):
    alone, answered, last = say(root, member, 3)
    (answer,) = say(root, other, 1, answered)
    for gone in (alone, answered):
        delete(content=gone, actor=member)
    db.session.commit()
    shown = list_comments(root, viewer=other).comments
    assert [(c.id, c.deleted, c.body_html) for c in shown] == [
        (answered.id, True, ""),
        (last.id, False, "<p>Comment 2</p>"),
    ]
    delete(content=answer, actor=other)
    db.session.commit()
    assert [c.id for c in list_comments(root, viewer=other).comments] == [last.id]


@pytest.mark.both_databases
def test_contents_and_comments_say_what_their_own_reader_did_to_them(root, member, other):
    (said,) = say(root, member, 1)
    (reply,) = say(root, member, 1, said)
    react(content=root, kind="insight", actor=other)
    react(content=said, kind="like", actor=other)
    bookmark(content=reply, actor=other)
    bookmark(content=root, actor=member)
    db.session.commit()

    def told(viewer):
        db.session.expire_all()
        (first,) = list_comments(root, viewer=viewer).comments
        (streamed,) = place_stream(root.place_id, viewer=viewer).cards
        card = card_of(get_content_for(viewer, root.id))
        below = card_of(get_content_for(viewer, reply.id))
        each = (card, below, streamed, first, *first.replies, *streamed.comments)
        return [(item.my_reaction, item.bookmarked) for item in each]

    root_told, said_told, reply_told = ("insight", False), ("like", False), (None, True)
    assert told(other) == [root_told, root_told, root_told, said_told, reply_told, said_told, reply_told]
    nothing = (None, False)
    assert told(member) == [(None, True)] * 3 + [nothing] * 4


@pytest.mark.both_databases
@pytest.mark.parametrize("count", [1, 3, PAGE + 3])
def test_a_thread_costs_the_same_for_one_and_many(root, member, other, count_queries, count):
    said = say(root, member, count)
    for each in said:
        say(root, other, 1, each)
    linked = said[0].id
    for queries, values in ((1, {}), (3, {"around": linked})):
        db.session.expire_all()
        db.session.refresh(root)
        viewer = db.session.get(Member, member.id)
        with count_queries(exactly=queries):
            list_comments(root, viewer=viewer, **values)


@pytest.mark.both_databases
def test_the_answer_comes_apart_unless_it_is_the_first_shown(root, member, other, count_queries):
    said = say(root, other, PAGE + 3)
    replies = say(root, member, 2, said[-1])
    mark_answer(comment=said[4], actor=member)
    db.session.commit()
    db.session.refresh(root)
    with count_queries(exactly=1):
        page = list_comments(root, viewer=member)
    assert (page.answer.id, page.answer.body_html, page.comments[0].id) == (
        said[4].id, "<p>Comment 4</p>", said[5].id
    )  # fmt: skip
    assert [reply.id for reply in page.comments[-1].replies] == [reply.id for reply in replies]
    assert list_comments(root, viewer=member, after=4).answer is None
    delete(content=said[4], actor=other)
    db.session.commit()
    assert list_comments(root, viewer=member).answer is None


def test_a_page_with_an_answer_and_replies_costs_four_queries(root, people, member, other, count_queries):
    said = say(root, other, PAGE + 3)
    say(root, member, 2, said[-1])
    mark_answer(comment=said[1], actor=member)
    db.session.commit()
    browser, address = people.browser(other), f"/contents/{root.id}"
    browser.get(address)
    with count_queries(exactly=4):
        text = browser.get(address).text
    assert ("The answer" in text, "Comment 1<" in text) == (True, True)


def test_a_content_that_nobody_commented_costs_nothing(root, member, count_queries):
    with count_queries(exactly=0):
        assert list_comments(root, viewer=member).comments == []
