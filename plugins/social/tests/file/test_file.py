"""Files: what is taken and what is not, who may see one, and when it is gone."""

import io
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from parvis.api import Invalid, Member, NoSettings, NotFound, Plugin, TooMany, Upload, Veto, hookimpl, media
from parvis.db import db, utcnow
from parvis.media import MediaUnavailable
from parvis.testing.portrait import portrait
from parvis_social.content.card import file_url
from parvis_social.content.comment import comment
from parvis_social.content.delete import delete, purge_deleted, restore
from parvis_social.content.edit import edit
from parvis_social.content.file import (
    MOST_UNATTACHED,
    file_name,
    forget_files,
    get_file_for,
    keys_of,
    read_file,
    upload,
)
from parvis_social.content.gallery import files_of_place
from parvis_social.content.models import Content, File
from parvis_social.content.post import post
from parvis_social.place.change import change_access
from parvis_social.place.membership import remove_member
from parvis_social.place.models import Access
from parvis_social.plugin import SocialPlugin
from PIL import Image

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
HEIC = b"\x00\x00\x00\x20ftypheic" + b"x" * 50
PHOTO = portrait("Target", 200)


class Scanner(Plugin[NoSettings]):
    """Refuses what carries a virus, as a plugin of some company would."""

    name = "scanner"

    @hookimpl
    def check_upload(self, upload: Upload, actor: Member) -> None:
        if b"EICAR" in upload.data:
            raise Veto(f"{upload.filename}, sent as a {upload.purpose}, carries a virus.")


pytestmark = pytest.mark.plugins(social=SocialPlugin, scanner=Scanner)


def encoded(image, kind="PNG", **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@pytest.fixture
def club(make_place, member, other):
    """Return a closed place of two."""
    return make_place("club", member, other, access=Access.CLOSED)


@pytest.fixture
def plan(club, member):
    """Return a file that is published in the club."""
    return published(club, member, "plan.pdf")


def published(place, actor, *names):
    """Publish a post with files of these names; return the first of them."""
    files = [
        upload(data=PHOTO if name.endswith("jpg") else b"x", filename=name, actor=actor) for name in names
    ]
    post(place=place, text="See", actor=actor, files=[file.id for file in files])
    db.session.commit()
    return files[0]


def url(file, size=""):
    return f"/social/files/{file.id}/{file.name}" + (f"?size={size}" if size else "")


def kept_files():
    """Name what is kept in the folder of files."""
    folder = Path(media().place)
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


# what is taken


@pytest.mark.both_databases
def test_a_picture_is_made_anew_in_two_sizes_without_what_it_told_of_its_maker(member):
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    data = encoded(Image.new("RGB", (2000, 1000), "teal"), exif=exif)
    file = upload(data=data, filename="sea.PNG", actor=member, alternative=" The\nsea ")
    sizes = {size: Image.open(io.BytesIO(read_file(file, size))) for size in ("thumb", "large")}
    assert {size: image.size for size, image in sizes.items()} == {"thumb": (480, 240), "large": (1600, 800)}
    assert [b"PhoneMaker" in read_file(file, size) for size in sizes] == [False, False]
    kept = (file.name, file.content_type, file.width, file.height, file.alternative)
    assert kept == ("sea.jpg", "image/jpeg", 1600, 800, "The sea")


def test_a_picture_without_an_ending_is_one_by_its_content(member):
    assert upload(data=PHOTO, filename="image:4711", actor=member).name == "image:4711.jpg"


def test_another_file_is_kept_as_it_came_and_never_as_what_it_says_it_is(member):
    file = upload(data=HTML, filename="notes.TXT", actor=member)
    assert (read_file(file), file.name, file.width) == (HTML, "notes.TXT", None)
    assert file.content_type == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("me.jpg", HTML, "not a photo"),
        ("me.jpg", SVG, "SVG files cannot be shown"),
        ("me.svg", SVG, "SVG files cannot be shown"),
        ("me.heic", HEIC, "Apple's HEIC format"),
        ("me.png", PHOTO[:-500], "damaged"),
        ("page.html", HTML, "cannot be attached. Pictures can, and files that end in csv"),
        ("report.pdf.exe", b"MZ", "cannot be attached"),
        ("pdf", b"%PDF-1.7", "cannot be attached"),
        ("report.pdf", b"", "is empty"),
        ("report.pdf", b"EICAR", "report.pdf, sent as a file, carries a virus"),
        ("a\0b\u202egpj.exe", b"MZ", "“abgpj.exe” cannot"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_leaves_nothing(member, name, data, said):
    with pytest.raises((Invalid, Veto), match=said):
        upload(data=data, filename=name, actor=member)
    assert (db.session.scalar(db.select(File.id)), kept_files()) == (None, [])


def test_a_small_file_that_becomes_a_huge_picture_is_refused(member):
    bomb = encoded(Image.new("1", (13_000, 13_000)))
    with pytest.raises(Invalid, match=r"bomb\.png: This photo has too many pixels"):
        upload(data=bomb, filename="bomb.png", actor=member)


@pytest.mark.settings(**{"plugins.social": {"max_file": 1}})
def test_a_file_above_the_limit_is_refused(member):
    assert upload(data=b"x" * 2**20, filename="a.pdf", actor=member).size == 2**20
    with pytest.raises(Invalid, match="too large: 1 MiB at most"):
        upload(data=b"x" * (2**20 + 1), filename="a.pdf", actor=member)


@pytest.mark.settings(**{"plugins.social": {"file_types": [".SVG", "jpg"]}})
def test_a_site_that_takes_drawings_keeps_them_for_download_only_and_still_makes_photos_anew(member):
    drawing = upload(data=SVG, filename="plan.svg", actor=member)
    photo = upload(data=PHOTO, filename="me.jpg", actor=member)
    assert (drawing.content_type, drawing.width) == ("application/octet-stream", None)
    assert (photo.content_type, photo.width) == ("image/jpeg", 200)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("..", "file"),
        ("", "file"),
        ("\0\x1b[2J.pdf", "[2J.pdf"),
        ("a\r\nContent-Type: text/html.pdf", "html.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        (".htaccess", "htaccess"),
        ("été 🐞 ?#%.pdf", "été 🐞 ?#%.pdf"),
        ("x" * 300 + ".pdf", "x" * 180 + ".pdf"),
        ("\ud800.pdf", "pdf"),
    ],
)
def test_a_name_is_one_that_can_be_shown(sent, kept):
    assert file_name(sent) == kept


def test_who_sends_files_without_publishing_them_has_to_stop(member, other):
    for _number in range(MOST_UNATTACHED):
        upload(data=b"x", filename="a.pdf", actor=member)
    with pytest.raises(TooMany):
        upload(data=b"x", filename="a.pdf", actor=member)
    assert upload(data=b"x", filename="a.pdf", actor=other).id


@pytest.mark.both_databases
def test_where_files_cannot_be_kept_there_is_no_row_either(member):
    folder = Path(media().place)
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("in the way of every file")
    with pytest.raises(MediaUnavailable):
        upload(data=PHOTO, filename="me.jpg", actor=member)
    assert db.session.scalar(db.select(File.id)) is None


def test_where_files_cannot_be_kept_the_form_comes_back_with_its_words(club, people, member):
    folder = Path(media().place)
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("in the way of every file")
    sent = {"text": "My words", "files": (io.BytesIO(PHOTO), "me.jpg")}
    answer = people.browser(member).post(
        f"/places/{club.id}/post", data=sent, content_type="multipart/form-data"
    )
    assert (answer.status_code, "My words" in answer.text) == (503, True)
    assert [db.session.scalar(db.select(table.id)) for table in (File, Content)] == [None, None]


# what it is attached to


@pytest.mark.both_databases
def test_only_ones_own_files_that_still_wait_can_be_attached(club, member, other):
    waiting, taken = upload(data=b"x", filename="a.pdf", actor=member), published(club, member, "b.pdf")
    theirs, old = (upload(data=b"x", filename="c.pdf", actor=actor) for actor in (other, member))
    old.created_at = utcnow() - timedelta(days=1, minutes=1)
    db.session.commit()
    for refused in (taken.id, theirs.id, old.id, 2**62):
        with pytest.raises(Invalid, match="no longer there"):
            post(place=club, text="x", actor=member, files=[waiting.id, refused])
        db.session.rollback()
    made = post(place=club, text="x", actor=member, files=[waiting.id, waiting.id])
    assert made.files == [{"id": waiting.id, "name": "a.pdf", "size": 1}]


@pytest.mark.settings(**{"plugins.social": {"max_files": 2}})
def test_more_files_than_allowed_are_refused_before_any_is_opened(club, people, member):
    sent = {"text": "My words", "files": [(io.BytesIO(b"x"), f"{number}.pdf") for number in range(3)]}
    answer = people.browser(member).post(
        f"/places/{club.id}/post", data=sent, content_type="multipart/form-data"
    )
    assert (answer.status_code, "2 files at most" in answer.text, kept_files()) == (422, True, [])


# who may see it


@pytest.mark.both_databases
def test_a_file_waits_for_its_owner_alone(member, other):
    file = upload(data=b"x", filename="a.pdf", actor=member)
    db.session.commit()
    assert get_file_for(member, file.id) is file
    with pytest.raises(NotFound):
        get_file_for(other, file.id)


def test_a_file_of_a_closed_place_is_its_members_until_they_leave(
    club, plan, people, member, other, administrator
):
    def seen(viewer):
        return people.browser(viewer).get(url(plan)).status_code

    assert [seen(viewer) for viewer in (member, other, administrator, people.member())] == [
        200,
        200,
        404,
        404,
    ]
    remove_member(place=club, person_id=other.id, actor=member)
    db.session.commit()
    assert seen(other) == 404
    change_access(place=club, access=Access.OPEN, actor=member)
    db.session.commit()
    assert seen(other) == 200


def test_who_is_not_signed_in_is_sent_to_sign_in(plan, client):
    assert client.get(url(plan)).location.startswith("/login")


def test_a_file_is_gone_with_what_it_is_attached_to(club, plan, people, member, other):
    content = db.session.get_one(Content, plan.content_id)
    delete(content=content, actor=member)
    db.session.commit()
    assert [people.browser(viewer).get(url(plan)).status_code for viewer in (member, other)] == [404, 404]
    restore(content=content, actor=member)
    db.session.commit()
    assert people.browser(other).get(url(plan)).status_code == 200


def test_a_file_of_a_comment_is_gone_with_what_was_commented(club, people, member, other):
    root = post(place=club, text="Question", actor=member)
    file = upload(data=b"x", filename="a.pdf", actor=other)
    comment(root=root, text="Answer", actor=other, files=[file.id])
    db.session.commit()
    reader = people.browser(other)
    assert reader.get(url(file)).status_code == 200
    delete(content=root, actor=member)
    db.session.commit()
    assert reader.get(url(file)).status_code == 404


def test_a_file_taken_out_by_an_edit_is_seen_by_its_owner_alone(club, plan, people, member, other):
    content = db.session.get_one(Content, plan.content_id)
    edit(content=content, text="See", actor=member, version=content.version, files=[])
    db.session.commit()
    assert [people.browser(viewer).get(url(plan)).status_code for viewer in (member, other)] == [200, 404]


# how it is answered


def test_another_file_is_only_ever_downloaded(club, people, member):
    text = published(club, member, "été 🐞 ?#%.txt")
    answer = people.browser(member).get(file_url(text.id, text.name))
    headers = answer.headers
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "application/octet-stream", b"x")
    assert headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''%C3%A9t%C3%A9%20%F0%9F%90%9E%20%3F#%25.txt" in headers["Content-Disposition"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cache-Control"] == "private, no-cache"


def test_a_picture_is_shown_in_its_two_sizes_and_no_other(club, people, member):
    photo = published(club, member, "me.jpg")
    browser = people.browser(member)
    answers = [browser.get(url(photo, size)) for size in ("", "large", "thumb")]
    assert [(answer.status_code, answer.mimetype) for answer in answers] == [(200, "image/jpeg")] * 3
    assert answers[0].headers["Content-Disposition"] == "inline; filename=me.jpg"
    wrong = ("huge", "../../x", "%00", "thumb/x")
    assert [browser.get(url(photo, size)).status_code for size in wrong] == [404] * 4


def test_a_browser_that_has_it_is_asked_again_whether_it_may(club, plan, people, member, other):
    browser = people.browser(other)
    had = {"If-None-Match": browser.get(url(plan)).headers["ETag"]}
    again = browser.get(url(plan), headers=had)
    assert (again.status_code, again.data, again.headers["Cache-Control"]) == (304, b"", "private, no-cache")
    remove_member(place=club, person_id=other.id, actor=member)
    db.session.commit()
    assert browser.get(url(plan), headers=had).status_code == 404


@pytest.mark.parametrize("number", [0, 2**63 - 1, 2**63, "x"])
def test_a_file_that_is_not_there_is_not_there(member_client, number):
    assert member_client.get(f"/social/files/{number}/x.pdf").status_code == 404


def test_a_file_whose_bytes_are_lost_is_not_there(plan, people, member):
    media().delete(keys_of(plan))
    assert people.browser(member).get(url(plan)).status_code == 404


# a place's files


@pytest.mark.both_databases
@pytest.mark.parametrize("count", [1, 3])
def test_a_place_lists_its_pictures_and_its_files_newest_first(club, member, other, count_queries, count):
    root = post(place=club, text="Question", actor=member)
    for number in range(count):
        file = upload(data=b"x", filename=f"{number}.pdf", actor=other)
        comment(root=root, text="", actor=other, files=[file.id])
        published(club, member, f"{number}.jpg")
    with count_queries(exactly=2):
        files = files_of_place(club, viewer=other, pictures=False)
        pictures = files_of_place(club, viewer=other, pictures=True)
    assert [file.name for file in files] == [f"{number}.pdf" for number in reversed(range(count))]
    assert [file.name for file in pictures] == [f"{number}.jpg" for number in reversed(range(count))]
    assert {(file.owner_name, file.width) for file in files} == {("Bob Other", None)}
    first = files[0]
    assert first.content_url == f"/contents/{root.id}?comment={first.content_id}#c{first.content_id}"


@pytest.mark.both_databases
def test_a_places_files_go_on_after_the_last_one(club, member):
    published(club, member, *[f"{number}.pdf" for number in range(5)])
    first = files_of_place(club, viewer=member, pictures=False, limit=2)
    rest = files_of_place(club, viewer=member, pictures=False, limit=2, before=first[1].id)
    assert [file.name for file in [*first, *rest]] == ["4.pdf", "3.pdf", "2.pdf", "2.pdf", "1.pdf", "0.pdf"]


@pytest.mark.both_databases
def test_a_places_files_are_those_one_may_read(club, people, plan, member, other):
    root = post(place=club, text="Question", actor=member)
    comment(root=root, text="", actor=other, files=[upload(data=b"x", filename="b.pdf", actor=other).id])
    delete(content=root, actor=member)
    db.session.commit()
    seen = [
        [file.name for file in files_of_place(club, viewer=viewer, pictures=False)]
        for viewer in (member, other, people.member())
    ]
    assert seen == [["plan.pdf"], ["plan.pdf"], []]


# when it is gone


def days_pass(*files, hours=26):
    for file in files:
        file.created_at = utcnow() - timedelta(hours=hours)
    db.session.commit()


@pytest.mark.both_databases
def test_files_that_were_never_published_go_after_a_day_with_their_bytes(club, plan, member):
    never = upload(data=PHOTO, filename="me.jpg", actor=member)
    waiting = upload(data=b"x", filename="waiting.pdf", actor=member)
    days_pass(never, plan)
    days_pass(waiting, hours=24)
    for _time in range(2):
        forget_files()
        assert db.session.scalars(db.select(File.name).order_by(File.id)).all() == ["plan.pdf", "waiting.pdf"]
        assert kept_files() == sorted([*keys_of(plan), *keys_of(waiting)])


@pytest.mark.both_databases
def test_files_go_after_what_they_were_attached_to_is_forgotten(club, plan, member, other):
    root = db.session.get_one(Content, plan.content_id)
    below = upload(data=PHOTO, filename="me.jpg", actor=other)
    comment(root=root, text="", actor=other, files=[below.id])
    delete(content=root, actor=member)
    root.deleted_at = utcnow() - timedelta(days=31)
    days_pass(plan, below, hours=24 * 40)
    purge_deleted()
    forget_files()
    assert (db.session.scalar(db.select(File.id)), kept_files()) == (None, [])


def test_a_file_whose_bytes_cannot_be_removed_is_tried_again(member):
    file = upload(data=b"x", filename="a.pdf", actor=member)
    days_pass(file)
    folder, aside = Path(media().place), Path(media().place).with_name("aside")
    folder.rename(aside)
    folder.write_text("in the way of every file")
    with pytest.raises(MediaUnavailable):
        forget_files()
    db.session.rollback()
    folder.unlink()
    aside.rename(folder)
    assert db.session.scalar(db.select(File.name)) == "a.pdf"
    forget_files()
    assert (db.session.scalar(db.select(File.id)), kept_files()) == (None, [])
