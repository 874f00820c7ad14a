"""What core has that can be reported: profiles, and each of their photos."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple, cast

from markupsafe import Markup
from parvis.api import (
    PICTURE_EXTENSION,
    Member,
    NotFound,
    Person,
    Photo,
    add_photo,
    change_profile,
    db,
    get_person_for,
    get_photo_for,
    media,
    move_photo,
    new_key,
    prepare_photo,
    read_profile,
    read_said,
    remove_photo,
    variant_key,
)
from parvis.api import gettext as _
from parvis.api import lazy_gettext as _l
from parvis_social.api import Reportable, Reported
from sqlalchemy import func, select

LARGEST = "large"
"""The size of a photo that is kept while it is away."""


def _see_profile(viewer: Member, person_id: int) -> Reported:
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound(_("There is nobody of this name in the company."))
    person = get_person_for(viewer, person.handle)
    shown = read_profile(person, viewer=viewer)
    words = [shown.said.headline, *(f"{link.label}: {link.url}" for link in shown.said.links)]
    parts = [Markup("<p>%s</p>") % word for word in words if word]
    parts.append(Markup(shown.about_html))
    parts += [Markup("<p>%s</p>") % ", ".join(shown.said.interests)] if shown.said.interests else []
    return Reported(
        person.id,
        person.display_name,
        f"/people/{person.handle}",
        str(Markup("").join(parts)),
        person.id,
        version=shown.said.version,
        pictures=[(_address(photo.id), photo.alternative) for photo in shown.photos],
    )


def _hide_profile(person_id: int, actor: Member | None) -> Mapping[str, Any]:
    """Empty what a profile says in free words, as its person would, and keep it to bring it back."""
    owner = db.session.get(Member, person_id)
    if owner is None:
        return {}
    said = read_said(person_id)
    kept = {
        "headline": said.headline, "about": said.about, "interests": list(said.interests),
        "links": [[link.label, link.url] for link in said.links],
    }  # fmt: skip
    change_profile(actor=owner, said=replace(said, headline="", about="", interests=(), links=()))
    return kept


class _Link(NamedTuple):
    """A link as it was kept: what changes a profile makes its own of it."""

    label: str
    url: str


def _show_profile(person_id: int, kept: Mapping[str, Any], actor: Member) -> None:
    """Bring it back where its person has not written something else meanwhile."""
    owner = db.session.get(Member, person_id) if kept else None
    if owner is None:
        return
    said, links = read_said(person_id), [_Link(*each) for each in kept["links"]]
    change_profile(
        actor=owner,
        said=replace(
            said,
            headline=said.headline or kept["headline"],
            about=said.about or kept["about"],
            interests=said.interests or kept["interests"],
            links=said.links or cast("Any", links),
        ),
    )


def _address(photo_id: int) -> str:
    return f"/photos/{photo_id}/medium.jpg"


def _see_photo(viewer: Member, photo_id: int) -> Reported:
    photo = get_photo_for(viewer, photo_id)
    person = db.session.get_one(Person, photo.person_id)
    return Reported(
        photo.id,
        _("Photo of %(name)s", name=person.display_name),
        f"/people/{person.handle}",
        "",
        person.id,
        pictures=[(_address(photo.id), photo.alternative)],
    )


def _hide_photo(photo_id: int, actor: Member | None) -> Mapping[str, Any]:
    """Remove a photo as its person would, and keep a copy to bring it back."""
    photo = db.session.get(Photo, photo_id)
    owner = db.session.get(Member, photo.person_id) if photo else None
    if photo is None or owner is None:
        return {}
    first = db.session.scalar(select(func.min(Photo.position)).where(Photo.person_id == owner.id))
    key = new_key("moderation", PICTURE_EXTENSION)
    media().put_all({key: media().get(variant_key(photo.media_key, LARGEST))})
    kept = {
        "key": key,
        "person": owner.id,
        "alternative": photo.alternative,
        "first": photo.position == first,
    }
    remove_photo(actor=owner, photo_id=photo_id)
    return kept


def _show_photo(photo_id: int, kept: Mapping[str, Any], actor: Member) -> None:
    owner = db.session.get(Member, kept["person"]) if kept else None
    if owner is None:
        return
    prepared = prepare_photo(data=media().get(kept["key"]), filename="photo.jpg", actor=owner)
    photo = add_photo(actor=owner, prepared=prepared, alternative=kept["alternative"])
    if kept["first"]:
        move_photo(actor=owner, photo_id=photo.id, to="first")


def _picture(photo_id: int, number: int, kept: Mapping[str, Any]) -> bytes:
    """Return the copy of a photo that was removed."""
    if number or "key" not in kept:
        raise NotFound(_("It is no longer there."))
    return media().get(kept["key"])


REPORTABLES = (
    Reportable("profile", _l("A profile"), _see_profile, _hide_profile, _show_profile),
    Reportable("photo", _l("A photo"), _see_photo, _hide_photo, _show_photo, picture=_picture),
)
