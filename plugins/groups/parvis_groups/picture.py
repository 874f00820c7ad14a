"""The picture of a group: opened and cut square elsewhere, kept in few sizes."""

from flask import Response, url_for
from parvis.api import (
    PICTURE_EXTENSION,
    PICTURE_TYPE,
    EventRecord,
    Member,
    NotFound,
    Processed,
    Upload,
    Variant,
    clean,
    hooks,
    media,
    new_key,
    process_picture,
    record,
    variant_key,
)
from parvis.api import gettext as _

from .domain.change import set_picture
from .event import PictureReplaced
from .models import Group
from .web import initials_url

SIZES = (96, 192, 384)
VARIANTS = tuple(Variant(str(size), size, square=True) for size in SIZES)


def prepare_picture(*, data: bytes, filename: str, actor: Member) -> Processed:
    """Have an upload checked and opened; call it before the first query, for it takes its time.

    Raises:
        Veto: a plugin refuses it.
        Invalid: it is no picture that can be taken.
    """
    hooks().check("check_upload", upload=Upload("group", clean(filename)[:200], data), actor=actor)
    return process_picture(data, variants=VARIANTS)


def keep_picture(prepared: Processed) -> str:
    """Keep the files of a picture; return the key under which they are."""
    key = new_key("groups", PICTURE_EXTENSION)
    media().put_all({variant_key(key, name): data for name, data in prepared.variants.items()})
    return key


def replace_picture(*, group: Group, prepared: Processed | None, actor: Member) -> None:
    """Give a group a picture, or none; the files of the one it had are deleted once that is certain.

    Raises:
        NotAllowed, NotFound: the actor does not own it.
    """
    before = set_picture(group=group, key=keep_picture(prepared) if prepared else None, actor=actor)
    if before:
        record(PictureReplaced(actor=actor.id, place=group.place_id, media_key=before))


def forget_files(event: EventRecord) -> None:
    """Follow the event log: delete the files of a picture that was replaced."""
    if event.kind == PictureReplaced.kind:
        key = event.data["media_key"]
        media().delete(variant_key(key, variant.name) for variant in VARIANTS)


def picture_url(slug: str, name: str, key: str | None, pixels: int) -> str:
    """Return the address of a group's picture, for a place so many pixels wide; without one, its initials."""
    if not key:
        return initials_url(name)
    size = next((size for size in SIZES if size >= pixels), SIZES[-1])
    return url_for("groups.picture", slug=slug, size=size, v=key.rpartition("/")[2][:8])


def picture_answer(key: str | None, size: int) -> Response:
    """Answer one size of a picture."""
    try:
        data = media().get(variant_key(key or "", str(size))) if key and size in SIZES else None
    except KeyError:
        data = None
    if data is None:
        raise NotFound(_("There is no such picture."))
    answer = Response(data, mimetype=PICTURE_TYPE)
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer
