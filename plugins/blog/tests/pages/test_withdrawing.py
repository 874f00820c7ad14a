"""An article that colleagues have commented does not go without a trace; what they wrote stays to be read."""

from datetime import timedelta

import pytest
from parvis.api import Invalid, NotAllowed, NotFound, db, utcnow
from parvis_blog.models import Article, Draft
from parvis_blog.plugin import BlogPlugin
from parvis_social.api import Content, comment, get_content_for
from parvis_social.content.delete import delete, purge_deleted, restore, withdraw
from parvis_social.content.models import Hiding, Text
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, blog=BlogPlugin)
REASON = "The figures were wrong"


@pytest.fixture
def article(blog, chief, member, other, make_article):
    """Give an article that two colleagues have commented."""
    made = make_article(blog, chief, title="Kiwititle", source="Kiwitext #kiwitag", series="Kiwiseries")
    said = comment(root=made, text="Wekacomment", actor=member)
    comment(root=made, text="Wekareply", actor=other, parent_id=said.id)
    db.session.commit()
    return made


def test_its_author_withdraws_it_with_a_reason_that_stays_above_the_comments(
    people, chief, member, article, deliver, index
):
    deliver()
    author, reader = people.browser(chief), people.browser(member)
    assert f'href="/contents/{article.id}/withdraw"' in author.get(f"/blogs/articles/{article.id}").text
    asked = author.post(f"/contents/{article.id}/delete")
    assert asked.location == f"/contents/{article.id}/withdraw"
    assert "does not go without a trace" in author.get(asked.location).text
    assert author.post(asked.location, data={"reason": ""}).status_code == 422
    author.post(asked.location, data={"reason": REASON})
    deliver()
    index()
    shown = reader.get(f"/blogs/articles/{article.id}", follow_redirects=True).text
    assert [word in shown for word in ("Emma Chief withdrew it", REASON, "Wekacomment", "Wekareply")] == [
        True
    ] * 4
    places = (
        "/",
        "/blogs",
        "/blogs/emmas-blog",
        "/search?q=kiwitext",
        "/search?q=wekacomment",
        "/tags/kiwitag",
        "/notifications",
    )
    pages = [shown, *(reader.get(path).text for path in places)]
    assert [word in page for page in pages for word in ("Kiwititle", "Kiwitext", "Kiwiseries")] == [
        False
    ] * 3 * len(pages)
    assert "<mark>Wekacomment</mark>" in reader.get("/search?q=wekacomment").text
    for path in ("edit", "history", "reactions", "withdraw"):
        assert reader.get(f"/contents/{article.id}/{path}").status_code == 404
    assert reader.get(f"/blogs/articles/{article.id}/text").status_code == 404
    assert reader.post(f"/contents/{article.id}/comment", data={"text": "late"}).status_code == 404


@pytest.mark.both_databases
def test_it_is_taken_back_for_some_minutes_by_who_withdrew_it(blog, chief, member, article, again):
    withdraw(content=article, reason=REASON, actor=chief)
    db.session.commit()
    with pytest.raises(NotFound):
        restore(content=again(article), actor=member)
    restore(content=again(article), actor=again(chief))
    db.session.commit()
    reading = get_content_for(member, article.id)
    assert (reading.content.title, reading.content.withdrawn, db.session.query(Hiding).count()) == (
        "Kiwititle",
        False,
        0,
    )
    withdraw(content=again(article), reason=REASON, actor=again(chief))
    again(article).deleted_at = utcnow() - timedelta(minutes=11)
    db.session.commit()
    with pytest.raises(NotFound):
        restore(content=again(article), actor=again(chief))


def test_who_may_not_remove_it_may_not_withdraw_it_either(chief, member, administrator, article):
    for actor in (member, administrator):
        with pytest.raises(NotAllowed):
            withdraw(content=article, reason=REASON, actor=actor)
    with pytest.raises(NotAllowed, match="only be withdrawn"):
        delete(content=article, actor=chief)
    with pytest.raises(Invalid, match="say why"):
        withdraw(content=article, reason=" ", actor=chief)


def test_what_nobody_has_commented_is_removed_as_ever(people, blog, chief, make_article):
    quiet = make_article(blog, chief, title="Quiet")
    author = people.browser(chief)
    assert author.post(f"/contents/{quiet.id}/delete").location == f"/contents/{quiet.id}/restore"


@pytest.mark.both_databases
def test_what_it_said_is_forgotten_in_time_and_the_mark_stays(chief, member, article, again):
    withdraw(content=article, reason=REASON, actor=chief)
    db.session.flush()
    again(article).deleted_at = utcnow() - timedelta(days=31)
    db.session.commit()
    for _twice in range(2):
        purge_deleted()
    db.session.expire_all()
    left = again(article)
    assert (left.title, left.body_html, left.withdrawn) == ("", "", True)
    assert [db.session.query(model).count() for model in (Article, Draft, Hiding)] == [0, 0, 1]
    comments = db.session.query(Content).filter_by(root_id=article.id).count()
    assert (comments, db.session.query(Text).count()) == (2, 2)
    assert get_content_for(again(member), article.id, withdrawn=True).content.id == article.id


def test_comments_under_the_mark_stay_their_authors_to_remove(people, chief, other, article):
    withdraw(content=article, reason=REASON, actor=chief)
    db.session.commit()
    mine = db.session.scalar(db.select(Content.id).where(Content.author_id == other.id))
    people.browser(other).post(f"/contents/{mine}/delete")
    shown = people.browser(chief).get(f"/contents/{article.id}").text
    assert ("Wekareply" in shown, "Wekacomment" in shown) == (False, True)
