"""What those who keep order take away is gone from everywhere, is kept, and comes back where it stood."""

from datetime import timedelta

import pytest
from parvis.api import Invalid, NotFound, db, utcnow
from parvis.testing.portrait import portrait
from parvis_social.api import (
    Content,
    Place,
    close_comments,
    comment,
    give_back,
    keep_file,
    let_go,
    open_comments,
    post,
    prepare_file,
    reportables,
    withhold,
    withhold_place,
)
from parvis_social.content.delete import purge_deleted
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin)


@pytest.fixture
def written(make_place, member, other):
    """Make a post with a picture, a tag, a mention and a comment; Bob wrote it."""
    place = make_place("corner", member, other)
    prepared = prepare_file(data=portrait("A", 200), filename="quokka.png", actor=other)
    file = keep_file(prepared=prepared, actor=other)
    text = f"Quokkapost #quokkatag @{member.person.handle}"
    root = post(place=place, text=text, actor=other, files=[file.id])
    under = comment(root=root, text="Quokkacomment", actor=member)
    db.session.commit()
    return place, root, under, file


SURFACES = (
    "/",
    "/tags/quokkatag",
    "/notifications",
    "/people/{bob}",
    "/people/{bob}/wall",
    "/search?q=quokka*",
)


@pytest.mark.parametrize(
    "database_kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.proof)], indirect=True
)
def test_it_is_gone_from_the_next_request_on_and_back_where_it_stood(
    written, people, member, other, administrator, deliver, index
):
    place, root, under, file = written
    deliver()
    index()
    reader, author = people.browser(member), people.browser(other)
    paths = [path.format(bob=other.person.handle) for path in SURFACES]
    own = [f"/contents/{root.id}", f"/social/files/{file.id}/x", f"/contents/{under.id}/reactions"]
    shown = {path for path in paths if "uokkapost" in reader.get(path).text}
    assert shown == set(paths) - {f"/people/{other.person.handle}/wall"}
    withhold(content=root, actor=administrator)
    db.session.commit()
    for browser in (reader, author, people.browser(administrator)):
        assert [path for path in paths if "uokkapost" in browser.get(path).text] == []
        assert {browser.get(path).status_code for path in own} == {404}
        assert browser.get(f"/contents/{root.id}/restore").status_code == 404
    assert db.session.get_one(Place, place.id).contents_count == 0
    deliver()
    index()
    found = reader.get("/search?q=quokka*").text
    assert [word for word in ("Quokkapost", "Quokkacomment", "quokka.png") if word in found] == []
    give_back(content=root, actor=administrator)
    db.session.commit()
    deliver()
    index()
    back = {path for path in paths if "uokkapost" in reader.get(path).text}
    assert back == shown - {"/notifications"}  # what was told of it is not told again
    assert {reader.get(path).status_code for path in own} == {200}
    assert db.session.get_one(Place, place.id).contents_count == 1


def test_a_comment_goes_alone_and_what_it_stood_under_stays(written, people, member, administrator):
    _place, root, under, _file = written
    withhold(content=under, actor=administrator)
    db.session.commit()
    page = people.browser(member).get(f"/contents/{root.id}").text
    assert ("Quokkapost" in page, "Quokkacomment" in page) == (True, False)
    assert db.session.get_one(Content, root.id).comments_count == 0
    give_back(content=under, actor=administrator)
    db.session.commit()
    assert "Quokkacomment" in people.browser(member).get(f"/contents/{root.id}").text


def test_it_is_kept_until_it_is_let_go(written, administrator):
    _place, root, _under, _file = written
    assert withhold(content=root, actor=administrator) is True
    assert withhold(content=root, actor=administrator) is False
    root.deleted_at = utcnow() - timedelta(days=900)
    db.session.commit()
    purge_deleted()
    assert db.session.get(Content, root.id) is not None
    let_go([root.id])
    db.session.commit()
    purge_deleted()
    assert db.session.get(Content, root.id, populate_existing=True) is None


def test_what_its_author_deleted_is_not_brought_back(written, other, administrator):
    from parvis_social.content.delete import delete  # noqa: PLC0415 - what its page does

    _place, root, _under, _file = written
    delete(content=root, actor=other)
    assert withhold(content=root, actor=administrator) is False
    give_back(content=root, actor=administrator)
    assert root.deleted_at is not None


def test_a_place_goes_with_all_that_it_holds_and_comes_back(written, people, member, administrator, deliver):
    place, root, _under, _file = written
    withhold_place(place=place, actor=administrator)
    db.session.commit()
    browser = people.browser(member)
    assert (browser.get(f"/contents/{root.id}").status_code, "Quokkapost" in browser.get("/").text) == (
        404,
        False,
    )
    deliver()
    assert "Quokkapost" not in browser.get("/notifications").text
    withhold_place(place=place, actor=administrator, withheld=False)
    db.session.commit()
    assert "Quokkapost" in browser.get("/").text


def test_a_place_does_not_come_back_where_another_one_is_by_now(make_place, member, other, administrator):
    first = make_place("corner", member)
    withhold_place(place=first, actor=administrator)
    db.session.commit()
    second = make_place("corner", other)
    withhold_place(place=second, actor=administrator)
    withhold_place(place=second, actor=administrator, withheld=False)
    with pytest.raises(Invalid, match="Another place"):
        withhold_place(place=first, actor=administrator, withheld=False)


def test_what_was_forgotten_meanwhile_is_not_missed(written, administrator):
    _place, root, _under, _file = written
    kind = reportables()["content"]
    kept = kind.hide(root.id, administrator)
    db.session.delete(root)
    db.session.commit()
    kind.show(root.id, kept, administrator)
    assert reportables()["place"].show(2**40, {}, administrator) is None


def test_comments_are_closed_and_opened_again_for_those_who_keep_order(
    written, people, member, administrator
):
    _place, root, _under, _file = written
    close_comments(content=root, reason="It went round in circles", actor=administrator)
    db.session.commit()
    assert "It went round in circles" in people.browser(member).get(f"/contents/{root.id}").text
    open_comments(content=root, actor=administrator)
    db.session.commit()
    assert root.locked_at is None


def test_what_can_be_reported_is_seen_as_who_reports_sees_it(written, make_place, member, other):
    _place, root, under, file = written
    kinds = reportables()
    assert list(kinds) == ["content", "comment", "place"]
    seen = kinds["content"].see(member, root.id)
    assert (seen.title.startswith("Quokkapost"), seen.author, len(seen.pictures)) == (True, other.id, 1)
    said = kinds["comment"].see(other, under.id)
    assert [who for who, _html in said.context] == ["Bob Other"]
    for kind, id in (("comment", root.id), ("content", under.id), ("content", 99)):
        with pytest.raises(NotFound):
            kinds[kind].see(member, id)
    closed = make_place("attic", other, access="secret")
    with pytest.raises(NotFound):
        kinds["place"].see(member, closed.id)
