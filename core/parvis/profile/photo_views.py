"""Pages and pictures of photos: the gallery one looks after, a photo, a face."""

from typing import Any

from flask import Blueprint, Response, abort, g, request, url_for
from sqlalchemy import select

from parvis.avatar import initials_svg
from parvis.db import db
from parvis.directory.models import Person
from parvis.errors import DomainError, Invalid, NotFound
from parvis.face import SIZES as FACE_SIZES
from parvis.face import face_url
from parvis.i18n import gettext as _
from parvis.image import CONTENT_TYPE, Crop
from parvis.media import variant_key
from parvis.profile import photo as album
from parvis.profile.form import PhotoForm
from parvis.profile.people import checked_handle
from parvis.profile.profile import photos_of
from parvis.runtime import runtime
from parvis.web.page import done, page

FOR_GOOD = "private, max-age=31536000, immutable"
FOR_A_WHILE = "private, max-age=300"
PHOTO = "<int(max=9223372036854775807):photo_id>"


def register(bp: Blueprint) -> None:
    """Put these views into the blueprint of profiles."""
    bp.add_url_rule("/profile/photos", "photos", photos, methods=["GET", "POST"])
    bp.add_url_rule(f"/profile/photos/{PHOTO}", "describe_photo", describe_photo, methods=["POST"])
    bp.add_url_rule(f"/profile/photos/{PHOTO}/move", "move_photo", move_photo, methods=["POST"])
    bp.add_url_rule(f"/profile/photos/{PHOTO}/remove", "remove_photo", remove_photo, methods=["POST"])
    bp.add_url_rule(f"/photos/{PHOTO}/<size>.jpg", "photo", photo)
    bp.add_url_rule("/faces/<handle>/<int(max=1000):size>", "face", face)


def photos() -> Response:
    """Show one's photos, and add one."""
    form = PhotoForm()
    if request.method == "GET":
        return _photos_page(form)
    try:
        prepared = prepared_upload(form.photo)
        if prepared is None:
            raise Invalid(_("Please choose a photo first."), field="photo")
        album.add_photo(actor=g.member, prepared=prepared, alternative=form.alternative.data or "")
    except DomainError as refusal:
        db.session.rollback()
        field = form.alternative if getattr(refusal, "field", "") == "alternative" else form.photo
        field.errors = [refusal.message]
        return _photos_page(form, status=refusal.status)
    return done(_("The photo is added."), url_for("profile.photos"))


def _photos_page(form: PhotoForm, status: int = 200) -> Response:
    shown = photos_of(g.member.id)
    return page(
        "profile/photos.html",
        form=form,
        photos=shown,
        most=album.MOST_PHOTOS,
        limit=album.ALTERNATIVE_LENGTH,
        status=status,
    )


def prepared_upload(field: Any) -> album.Prepared | None:
    """Open the photo of a form, with the square chosen for the face; None if no file was sent."""
    if not field.data:
        return None
    return album.prepare_photo(
        data=field.data.read(), filename=field.data.filename or "", actor=g.member, crop=_crop()
    )


def _crop() -> Crop | None:
    sent = [request.form.get(name, "") for name in ("crop_x", "crop_y", "crop_size")]
    if not all(sent):
        return None
    try:
        x, y, size = map(float, sent)
    except ValueError as error:
        raise Invalid(
            _("The chosen square lies outside the photo. Please choose it again."), field="crop"
        ) from error
    return Crop(x, y, size)


def describe_photo(photo_id: int) -> Response:
    """Keep what a photo shows."""
    album.describe_photo(actor=g.member, photo_id=photo_id, alternative=request.form.get("alternative", ""))
    return done(_("Saved."), url_for("profile.photos"))


def move_photo(photo_id: int) -> Response:
    """Make a photo the main one, or move it by one place."""
    album.move_photo(actor=g.member, photo_id=photo_id, to=request.form.get("to", ""))
    return done(_("Saved."), url_for("profile.photos"))


def remove_photo(photo_id: int) -> Response:
    """Remove a photo."""
    album.remove_photo(actor=g.member, photo_id=photo_id)
    return done(_("The photo is removed."), url_for("profile.photos"))


def photo(photo_id: int, size: str) -> Response:
    """Answer one size of a photo that the member may see."""
    found = album.get_photo_for(g.member, photo_id)
    if size not in album.SIZES:
        abort(404)
    picture = _picture(found.media_key, size)
    return picture or abort(404)


def face(handle: str, size: int) -> Response:
    """Answer the square of a person's face, or their initials."""
    query = select(Person.face_key, Person.display_name, Person.present).where(
        Person.handle == checked_handle(handle)
    )
    person = db.session.execute(query).first()
    if person is None or size not in FACE_SIZES or not (person.present or g.member.administrator):
        raise NotFound(_("There is nobody of this name in the company."))
    picture = _picture(person.face_key, str(size)) if person.face_key else None
    if picture is None:
        picture = _answer(initials_svg(person.display_name, size=size).encode(), "image/svg+xml", FOR_A_WHILE)
    elif request.full_path != face_url(handle=handle, name="", key=person.face_key, pixels=size):
        picture.headers["Cache-Control"] = FOR_A_WHILE
    return picture


def _picture(key: str, variant: str) -> Response | None:
    try:
        return _answer(runtime().media.get(variant_key(key, variant)), CONTENT_TYPE, FOR_GOOD)
    except KeyError:
        return None


def _answer(data: bytes, content_type: str, caching: str) -> Response:
    response = Response(data, mimetype=content_type)
    response.headers["Cache-Control"] = caching
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
