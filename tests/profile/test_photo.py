"""Photos: who may see one, which is the face, and that no row is ever without its files."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from parvis.application.factory import Parvis
from parvis.config import Config
from parvis.db import db
from parvis.errors import Invalid, NotFound, Veto
from parvis.events import Follower, follow
from parvis.hookspecs import hookimpl
from parvis.identity.models import Member
from parvis.image import Processed
from parvis.plugin import Plugin
from parvis.profile.change import change_profile
from parvis.profile.models import Photo
from parvis.profile.photo import (
    MOST_PHOTOS,
    SIZES,
    Prepared,
    add_photo,
    describe_photo,
    forget_files,
    move_photo,
    remove_photo,
)
from parvis.profile.profile import Said, photos_of, read_said
from parvis.settings import Settings
from parvis.testing.plugin import Client, People
from PIL import Image
from sqlalchemy import select

TINY = dict.fromkeys((*SIZES, "96", "192", "384"), b"jpeg")


def picture(width: int = 60, height: int = 40, kind: str = "JPEG") -> bytes:
    out = BytesIO()
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (0, 0, width // 2, height))
    image.save(out, kind)
    return out.getvalue()


def tiny() -> Prepared:
    return Prepared(Processed(60, 40, TINY, dict.fromkeys(TINY, (60, 40))))


def added(member: Member, count: int = 1) -> list[Photo]:
    photos = [add_photo(actor=member, prepared=tiny()) for _ in range(count)]
    db.session.commit()
    return photos


def face_of(app: Parvis, member: Member) -> str:
    with app.test_request_context():
        return member.person.photo_url(96)


def files(config: Config) -> list[Path]:
    return sorted(path for path in (config.path.parent / "media" / "photos").rglob("*") if path.is_file())


def test_a_photo_is_added_without_javascript(config: Config, member: Member, member_client: Client) -> None:
    sent = {"photo": (BytesIO(picture()), "me.jpg"), "alternative": "In red"}
    answer = member_client.post("/profile/photos", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 303
    photo = db.session.scalars(select(Photo)).one()
    assert (photo.alternative, photo.width, photo.height, photo.position) == ("In red", 60, 40, 0)
    assert len(files(config)) == len(TINY)
    assert member_client.get(f"/photos/{photo.id}/large.jpg").data[:3] == b"\xff\xd8\xff"


def test_the_chosen_square_is_the_face(app: Parvis, member: Member, member_client: Client) -> None:
    sent = {"photo": (BytesIO(picture()), "me.png"), "crop_x": "0.5", "crop_y": "0", "crop_size": "0.5"}
    member_client.post("/profile/photos", data=sent, content_type="multipart/form-data")
    face = Image.open(BytesIO(member_client.get(face_of(app, member)).data))
    red, _green, blue = face.convert("RGB").getpixel((face.width // 2, face.height // 2))  # type: ignore[misc]  # of an RGB image it is three
    assert (face.width == face.height, red > 200, blue < 60) == (True, True, True)


@pytest.mark.parametrize(
    ("data", "more", "sentence"),
    [
        (b"\x00\x00\x00\x20ftypheic" + b"x" * 50, {}, "HEIC"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", {}, "SVG"),
        (b"MZ\x90", {}, "not a photo"),
        (picture()[:200], {}, "damaged"),
        (picture(), {"crop_x": "2", "crop_y": "0", "crop_size": "1"}, "square"),
        (picture(), {"crop_x": "nan", "crop_y": "0", "crop_size": "1"}, "square"),
        (picture(), {"crop_x": "one", "crop_y": "0", "crop_size": "1"}, "square"),
        (picture(), {"alternative": "x" * 301}, "too long"),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(
    config: Config, member_client: Client, data: bytes, more: dict[str, str], sentence: str
) -> None:
    sent = {"photo": (BytesIO(data), "me.jpg"), **more}
    answer = member_client.post("/profile/photos", data=sent, content_type="multipart/form-data")
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert (db.session.scalars(select(Photo)).all(), files(config)) == ([], [])


def test_no_file_is_refused_kindly(member_client: Client) -> None:
    answer = member_client.post(
        "/profile/photos", data={"alternative": "x"}, content_type="multipart/form-data"
    )
    assert (answer.status_code, "choose a photo first" in answer.text) == (422, True)


def test_there_is_room_for_twelve(config: Config, member: Member) -> None:
    added(member, MOST_PHOTOS)
    with pytest.raises(Invalid, match="12 photos"):
        add_photo(actor=member, prepared=tiny())
    assert len(files(config)) == MOST_PHOTOS * len(TINY)


def test_the_first_photo_is_the_face_and_order_changes_it(member: Member) -> None:
    first, second, third = added(member, 3)
    assert member.person.face_key == first.media_key
    move_photo(actor=member, photo_id=third.id, to="first")
    assert member.person.face_key == third.media_key
    assert photos_of(member.id) == [third, first, second]
    move_photo(actor=member, photo_id=third.id, to="later")
    move_photo(actor=member, photo_id=second.id, to="earlier")
    assert photos_of(member.id) == [first, second, third]
    move_photo(actor=member, photo_id=first.id, to="earlier")
    move_photo(actor=member, photo_id=third.id, to="later")
    move_photo(actor=member, photo_id=third.id, to="nowhere")
    assert photos_of(member.id) == [first, second, third]
    remove_photo(actor=member, photo_id=first.id)
    assert member.person.face_key == second.media_key


def test_without_photos_the_face_is_the_directorys(member: Member) -> None:
    member.person.directory_photo_key = "faces/aa/directory.jpg"
    (photo,) = added(member)
    remove_photo(actor=member, photo_id=photo.id)
    assert member.person.face_key == "faces/aa/directory.jpg"


def test_only_ones_own_photos_can_be_changed(member: Member, other: Member) -> None:
    (photo,) = added(member)
    with pytest.raises(NotFound):
        describe_photo(actor=other, photo_id=photo.id, alternative="x")
    with pytest.raises(NotFound):
        move_photo(actor=other, photo_id=photo.id, to="first")
    with pytest.raises(NotFound):
        remove_photo(actor=other, photo_id=photo.id)
    assert photos_of(member.id) == [photo]


def test_files_go_when_the_removal_is_certain(config: Config, member: Member) -> None:
    kept, gone = added(member, 2)
    remove_photo(actor=member, photo_id=gone.id)
    db.session.rollback()
    follow([Follower("test", forget_files)])
    assert len(files(config)) == 2 * len(TINY)
    remove_photo(actor=member, photo_id=gone.id)
    db.session.commit()
    follow([Follower("test", forget_files)])
    follow([Follower("again", forget_files)])  # a follower may see an event twice
    assert [path.stem.split("-")[0] in kept.media_key for path in files(config)] == [True] * len(TINY)


def test_the_buttons_of_the_page_work(member: Member, member_client: Client) -> None:
    first, second = added(member, 2)
    member_client.post(f"/profile/photos/{second.id}/move", data={"to": "first"})
    member_client.post(f"/profile/photos/{second.id}", data={"alternative": 'On "top" <b>'})
    member_client.post(f"/profile/photos/{first.id}/remove")
    assert [(photo.id, photo.alternative) for photo in photos_of(member.id)] == [(second.id, 'On "top" <b>')]
    assert "On &#34;top&#34; &lt;b&gt;" in member_client.get("/profile/photos").text


def test_a_photo_is_kept_by_the_browser_and_by_nobody_between(member: Member, member_client: Client) -> None:
    (photo,) = added(member)
    headers = member_client.get(f"/photos/{photo.id}/medium.jpg").headers
    assert headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert (headers["Content-Type"], headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")


@pytest.mark.parametrize("address", ["huge.jpg", "96.jpg", "..%2Flarge.jpg", "large.png"])
def test_only_the_sizes_there_are_are_answered(member: Member, member_client: Client, address: str) -> None:
    (photo,) = added(member)
    assert member_client.get(f"/photos/{photo.id}/{address}").status_code == 404


@pytest.mark.parametrize("number", ["0", "99", "9223372036854775808", "-1", "x"])
def test_a_photo_that_is_not_there_is_not_found(member_client: Client, number: str) -> None:
    assert member_client.get(f"/photos/{number}/large.jpg").status_code == 404


def test_hidden_photos_show_nowhere_not_even_as_the_face(
    app: Parvis, people: People, member: Member, administrator: Member
) -> None:
    (photo,) = added(member)
    face = face_of(app, member)
    change_profile(actor=member, said=Said(hidden=frozenset({"photos"})))
    db.session.commit()
    watcher, own = people.browser(administrator), people.browser(member)
    assert [watcher.get(f"/photos/{photo.id}/{size}.jpg").status_code for size in SIZES] == [404, 404]
    assert f"/photos/{photo.id}/" not in watcher.get(f"/people/{member.person.handle}").text
    assert watcher.get(face).mimetype == "image/svg+xml"
    assert own.get(f"/photos/{photo.id}/large.jpg").status_code == 200
    change_profile(actor=member, said=Said(version=read_said(member.id).version))
    db.session.commit()
    assert watcher.get(face).mimetype == "image/jpeg"


def test_a_photo_added_while_photos_are_hidden_is_not_the_face(member: Member) -> None:
    change_profile(actor=member, said=Said(hidden=frozenset({"photos"})))
    added(member)
    assert member.person.face_key is None


def test_photos_of_who_left_are_gone_with_them(people: People, member: Member, other: Member) -> None:
    (photo,) = added(member)
    member.person.present = False
    db.session.commit()
    assert people.browser(other).get(f"/photos/{photo.id}/large.jpg").status_code == 404


def test_who_has_no_photo_has_initials(people: People, member_client: Client) -> None:
    person = people.person("Zoe Zola")
    assert person.photo_url(72).startswith("data:image/svg+xml,")
    answer = member_client.get(f"/faces/{person.handle}/96")
    assert (answer.mimetype, ">ZZ<" in answer.text) == ("image/svg+xml", True)
    assert member_client.get(f"/faces/{person.handle}/97").status_code == 404


def test_a_face_whose_file_is_lost_becomes_initials(
    app: Parvis, member: Member, member_client: Client
) -> None:
    member.person.face_key = "photos/aa/lost.jpg"
    db.session.commit()
    assert member_client.get(face_of(app, member)).mimetype == "image/svg+xml"


@pytest.mark.parametrize("count", [1, 3])
def test_the_gallery_costs_the_same_for_one_and_three(
    member: Member, member_client: Client, count_queries: Any, count: int
) -> None:
    added(member, count)
    with count_queries(exactly=2):
        member_client.get("/profile/photos")


class Scanner(Plugin[Settings]):
    """Refuses every upload."""

    name = "scanner"

    @hookimpl
    def check_upload(self, upload: Any, actor: Any) -> None:
        """Refuse, naming what was sent."""
        raise Veto(f"No {upload.purpose} called {upload.filename} from {actor.person.display_name}.")


@pytest.mark.plugins(scanner=Scanner)
def test_a_plugin_may_refuse_an_upload(config: Config, member_client: Client) -> None:
    sent = {"photo": (BytesIO(picture()), "me.jpg")}
    answer = member_client.post("/profile/photos", data=sent, content_type="multipart/form-data")
    assert (answer.status_code, "No photo called me.jpg from Ada Member." in answer.text) == (422, True)
    assert files(config) == []


def test_where_photos_cannot_be_kept_none_is_added(
    config: Config, member: Member, member_client: Client
) -> None:
    folder = config.path.parent / "media" / "photos"
    folder.write_text("a file where a folder must be")
    answer = member_client.post(
        "/profile/photos", data={"photo": (BytesIO(picture()), "me.jpg")}, content_type="multipart/form-data"
    )
    assert answer.status_code == 503
    assert db.session.scalars(select(Photo)).all() == []
