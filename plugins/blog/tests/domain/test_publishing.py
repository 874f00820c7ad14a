"""From a draft to an article: in whose name, in which languages, when, and what it was before."""

from datetime import timedelta

import pytest
from parvis.api import Invalid, Member, NotAllowed, NotFound, db, utcnow
from parvis_blog.domain.article import get_article_for, read_article
from parvis_blog.domain.blog import give_role, take_role
from parvis_blog.domain.draft import (
    ChangedMeanwhile,
    add_file,
    ask_review,
    begin_draft,
    discard_draft,
    end_review,
    get_draft_for,
    list_drafts,
    remark,
    save_draft,
)
from parvis_blog.domain.export import as_text
from parvis_blog.domain.publish import publish_draft, publish_due, schedule, unschedule
from parvis_blog.models import Article, Draft
from parvis_blog.plugin import BlogPlugin
from parvis_social.api import Content, Role, archive, get_content_for, prepare_file
from parvis_social.content.edit import versions_of
from parvis_social.content.file import get_file_for
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, blog=BlogPlugin)
both = pytest.mark.both_databases
FRENCH = {"second_title": "Notre année", "second_source": "Nous avons *construit* une turbine."}


@both
def test_an_author_publishes_in_their_own_name(blog, chief, other, make_article):
    content = make_article(blog, chief, tags="Tides, year", source="We *built* it. #turbine")
    article = db.session.get_one(Article, content.id)
    assert (content.author_id, article.publisher_id, content.title) == (chief.id, None, "Our year")
    assert "<em>built</em>" in article.html
    assert sorted(content.tags) == ["Tides", "turbine", "year"]
    assert get_content_for(other, content.id).content.id == content.id


@both
def test_what_a_delegate_publishes_is_the_leaders_and_says_who_published_it(
    blog, chief, delegate, make_article
):
    content = make_article(blog, delegate)
    page = read_article(get_article_for(chief, content.id))
    assert (content.author_id, page.detail.publisher.display_name) == (chief.id, "Dan Delegate")
    assert "Published by Dan Delegate for Emma Chief" in as_text(get_content_for(chief, content.id))


@both
@pytest.mark.parametrize("who", ["member", "administrator"])
def test_nobody_else_writes_in_a_blog(blog, chief, make_draft, request, who):
    outsider, draft = request.getfixturevalue(who), make_draft(blog, chief)
    with pytest.raises(NotAllowed):
        begin_draft(blog=blog, actor=outsider)
    with pytest.raises(NotAllowed):
        save_draft(draft=draft, actor=outsider, version=draft.version, title="Mine")
    with pytest.raises(NotAllowed):
        publish_draft(draft=draft, actor=outsider, version=draft.version)
    with pytest.raises(NotAllowed):
        schedule(draft=draft, actor=outsider, version=2, at=utcnow() + timedelta(days=1), timezone="UTC")
    with pytest.raises(NotAllowed):
        discard_draft(draft=draft, actor=outsider)
    with pytest.raises(NotAllowed):
        ask_review(draft=draft, person=outsider.person, actor=outsider)
    with pytest.raises(NotFound):
        get_draft_for(outsider, draft.id)
    assert list_drafts(outsider) == []


@both
def test_files_that_are_added_at_once_are_all_there(blog, chief, make_draft, at_once):
    draft = make_draft(blog, chief)
    files = [prepare_file(data=b"Minutes", filename=f"{number}.txt", actor=chief) for number in range(4)]

    def add(prepared):
        actor = db.session.get_one(Member, chief.id)
        return add_file(draft=db.session.get_one(Draft, draft.id), prepared=prepared, actor=actor)["name"]

    names = [f"{number}.txt" for number in range(4)]
    assert at_once(*[lambda each=each: add(each) for each in files]) == names
    assert sorted(file["name"] for file in db.session.get_one(Draft, draft.id).files) == names


def test_a_delegate_who_is_one_no_longer_publishes_nothing(blog, chief, delegate, make_draft):
    draft = make_draft(blog, delegate)
    take_role(blog=blog, person=delegate.person, actor=chief)
    with pytest.raises(NotAllowed):
        publish_draft(draft=draft, actor=delegate, version=draft.version)


def test_authors_and_delegates_share_their_drafts(blog, chief, delegate, make_draft):
    draft = make_draft(blog, delegate)
    assert [each.draft.id for each in list_drafts(chief)] == [draft.id]
    save_draft(draft=draft, actor=chief, version=draft.version, source="Another beginning")
    assert (draft.source, draft.changed_by_id) == ("Another beginning", chief.id)


def test_of_two_who_write_at_once_none_loses_a_word(blog, chief, delegate, make_draft):
    draft = make_draft(blog, delegate)
    seen = draft.version
    save_draft(draft=draft, actor=chief, version=seen, title="Hers")
    with pytest.raises(ChangedMeanwhile, match="Emma Chief changed this draft"):
        save_draft(draft=draft, actor=delegate, version=seen, title="His")
    assert draft.title == "Hers"


def test_a_draft_can_only_be_in_an_authors_name(blog, chief, delegate, make_draft):
    draft = make_draft(blog, chief)
    with pytest.raises(Invalid, match="one of the authors"):
        save_draft(draft=draft, actor=chief, version=draft.version, author_id=delegate.id)
    give_role(blog=blog, person=delegate.person, role=Role.OWNER, actor=chief)
    save_draft(draft=draft, actor=chief, version=draft.version, author_id=delegate.id)
    assert draft.author_id == delegate.id


@both
def test_the_reader_gets_their_language_with_a_switch(app, blog, chief, member, make_article):
    content = make_article(blog, chief, **FRENCH)
    reading = get_article_for(member, content.id)
    english, french = read_article(reading).detail, read_article(reading, language="fr").detail
    assert (english.language, english.title, english.languages) == ("en", "", ("en", "fr"))
    assert (french.title, "construit" in french.html) == ("Notre année", True)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": ""}, "title"),
        ({"source": ""}, "source"),
        ({"second_title": "Notre année"}, "second_source"),
        ({"second_source": "Une turbine"}, "second_title"),
        ({"source": "[" * 2000}, "source"),
    ],
)
def test_what_is_unfinished_is_kept_and_not_published(blog, chief, make_draft, said, field):
    draft = make_draft(blog, chief, **said)
    with pytest.raises(Invalid) as refusal:
        publish_draft(draft=draft, actor=chief, version=draft.version)
    assert (refusal.value.field, db.session.query(Content).count()) == (field, 0)


def test_a_draft_of_another_version_than_was_seen_is_not_published(blog, chief, make_draft):
    draft = make_draft(blog, chief)
    with pytest.raises(Invalid, match="changed meanwhile"):
        publish_draft(draft=draft, actor=chief, version=draft.version - 1)


@both
def test_a_change_is_published_and_what_it_was_stays_to_be_seen(blog, chief, delegate, make_article, again):
    content = make_article(blog, chief, **FRENCH)
    draft = get_draft_for(chief, db.session.scalar(db.select(Draft.id))).draft
    save_draft(draft=draft, actor=delegate, version=draft.version, source="We built *two*.")
    assert "two" not in db.session.get_one(Article, content.id).html
    publish_draft(draft=draft, actor=delegate, version=draft.version)
    db.session.commit()
    article, [before] = db.session.get_one(Article, content.id), versions_of(content)
    assert ("<em>two</em>" in article.html, article.publisher_id) == (True, None)  # the author published it
    assert before.changed_by_id == delegate.id
    assert ("turbine" in before.body_html, "construit" in before.body_html) == (True, True)
    assert (content.version, content.edited_at is not None) == (2, True)


def test_a_published_article_is_not_thrown_away_with_its_draft(blog, chief, make_article):
    make_article(blog, chief)
    draft = db.session.scalar(db.select(Draft))
    with pytest.raises(Invalid, match="is published"):
        discard_draft(draft=draft, actor=chief)


def test_a_draft_is_thrown_away(blog, chief, make_draft, add_picture):
    draft = make_draft(blog, chief)
    add_picture(draft, chief)
    discard_draft(draft=draft, actor=chief)
    assert db.session.query(Draft).count() == 0


def test_a_closed_blog_takes_nothing(blog, chief, make_draft):
    draft = make_draft(blog, chief)
    archive(place=blog.place, actor=chief)
    with pytest.raises(NotAllowed, match="archived"):
        publish_draft(draft=draft, actor=chief, version=draft.version)
    with pytest.raises(NotAllowed, match="closed"):
        begin_draft(blog=blog, actor=chief)


# pictures


@both
def test_a_picture_of_a_draft_is_its_writers_and_reviewers_then_everybodys(
    blog, chief, delegate, member, make_draft, add_picture
):
    draft = make_draft(blog, delegate)
    picture = add_picture(draft, delegate)
    assert get_file_for(chief, picture["id"]).id == picture["id"]
    with pytest.raises(NotFound):
        get_file_for(member, picture["id"])
    line = f'![The quay](/social/files/{picture["id"]}/tide.jpg "At <dawn>")'
    save_draft(
        draft=draft, actor=chief, version=draft.version, source=f"Look:\n\n{line}", lead_id=picture["id"]
    )
    content = publish_draft(draft=draft, actor=chief, version=draft.version)
    db.session.commit()
    html = db.session.get_one(Article, content.id).html
    assert get_file_for(member, picture["id"]).content_id == content.id
    assert "<figcaption>At &lt;dawn&gt;</figcaption></figure>" in html
    assert (f'width="{picture["width"]}"' in html, content.files) == (True, [])


# later


@both
def test_what_is_due_is_published_once_by_whom_it_was_scheduled(blog, chief, delegate, make_draft, again):
    draft = make_draft(blog, delegate)
    moment = utcnow() + timedelta(hours=1)
    schedule(draft=draft, actor=delegate, version=draft.version, at=moment, timezone="Europe/Paris")
    publish_due()
    assert draft.content_id is None
    draft.scheduled_at = utcnow() - timedelta(seconds=1)
    db.session.commit()
    for _twice in range(2):
        publish_due()
        db.session.commit()
    content = db.session.scalar(db.select(Content))
    assert (db.session.query(Content).count(), draft.content_id) == (1, content.id)
    assert db.session.get_one(Article, content.id).publisher_id == delegate.id


@both
def test_what_cannot_be_published_stays_a_draft_and_says_why(
    blog, chief, delegate, make_draft, people, deliver
):
    refused, fine = make_draft(blog, delegate), make_draft(blog, chief, title="Fine")
    for draft, actor in ((refused, delegate), (fine, chief)):
        schedule(
            draft=draft, actor=actor, version=draft.version, at=utcnow() + timedelta(hours=1), timezone="UTC"
        )
        draft.scheduled_at = utcnow() - timedelta(seconds=1)
    take_role(blog=blog, person=delegate.person, actor=chief)
    db.session.commit()
    publish_due()
    deliver()
    assert (refused.content_id, refused.scheduled_at, fine.content_id is None) == (None, None, False)
    assert "Only the authors" in refused.problem
    assert "could not be published: Our year" in people.browser(chief).get("/notifications").text


def test_a_moment_that_is_over_is_refused(blog, chief, make_draft):
    draft = make_draft(blog, chief)
    with pytest.raises(Invalid, match="still to come"):
        schedule(draft=draft, actor=chief, version=draft.version, at=utcnow(), timezone="UTC")


def test_a_draft_need_not_be_published_when_it_should_have_been(blog, chief, make_draft):
    draft = make_draft(blog, chief)
    later = utcnow() + timedelta(days=1)
    schedule(draft=draft, actor=chief, version=draft.version, at=later, timezone="UTC")
    unschedule(draft=draft, actor=chief)
    assert (draft.scheduled_at, draft.scheduled_by_id) == (None, None)


# looking at it


@both
def test_who_is_asked_looks_at_a_draft_and_says_what_they_think(
    blog, chief, member, other, make_draft, people, deliver
):
    draft = make_draft(blog, chief)
    ask_review(draft=draft, person=member.person, actor=chief)
    deliver()
    assert "asks you to look at a draft: Our year" in people.browser(member).get("/notifications").text
    writing = get_draft_for(member, draft.id)
    assert writing.writes is False
    with pytest.raises(NotFound):
        get_draft_for(member, draft.id, to_write=True)
    with pytest.raises(NotFound):
        get_draft_for(other, draft.id)
    remark(writing=writing, text="Say **who** built it", actor=member)
    deliver()
    assert "has looked at your draft" in people.browser(chief).get("/notifications").text
    end_review(draft=draft, person_id=member.id, actor=chief)
    with pytest.raises(NotFound):
        get_draft_for(member, draft.id)


def test_who_was_not_asked_says_nothing(blog, chief, delegate, make_draft):
    draft = make_draft(blog, chief)
    with pytest.raises(NotFound):
        remark(writing=get_draft_for(delegate, draft.id), text="Nice", actor=delegate)
