"""Pictures and other files: opened and checked before anything is kept, attached to what is published.

Pictures are made anew without metadata, and shown. Other files are kept as they came and only ever
downloaded. Bytes are written before their row, and removed only once nobody can attach the file any more, so
that whatever is shown has its bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath

from parvis.api import (
    PICTURE_EXTENSION,
    PICTURE_TYPE,
    Invalid,
    Member,
    NotAllowed,
    NotFound,
    TooMany,
    Upload,
    Variant,
    add_once,
    clean,
    db,
    hooks,
    media,
    new_key,
    process_picture,
    utcnow,
    variant_key,
)
from parvis.api import gettext as _
from sqlalchemy import Select, delete, func, select, update

from ..place.access import manages, nothing, role_in
from ..place.models import Place
from ..registry import place_kinds
from ..settings import settings
from .models import Content, DraftFile, File, HeldFile, WaitingFile
from .read import get_content_for

MIB = 1024 * 1024
SHOWN = {"jpg", "jpeg", "png", "webp"}
"""Endings of pictures that are shown: whether it is one, the content tells."""
PICTURES = SHOWN | {"heic", "heif", "gif", "bmp", "tif", "tiff", "svg", "avif"}
"""Endings that claim to be a picture; of those that cannot be shown, the refusal says what to do."""
SIZES = (Variant("thumb", 480, 480), Variant("large", 1600, 1600))
DOWNLOAD_TYPE = "application/octet-stream"
NAME_LENGTH = 200
ALTERNATIVE_LENGTH = 300
KEPT_UNATTACHED = timedelta(days=1)
"""How long a file waits for what it is to be attached to."""
STILL_IN_HAND = timedelta(hours=1)
"""How much later it is removed: who is just attaching it is done by then."""
MOST_UNATTACHED = 50
AT_ONCE = 200


@dataclass(frozen=True)
class Prepared:
    """An upload that was checked and opened, before anything of it is kept."""

    name: str
    data: Mapping[str, bytes]
    """By the name of a picture's size; of other files under an empty name."""
    size: int
    width: int | None = None
    height: int | None = None

    @property
    def is_picture(self) -> bool:
        """Whether it is shown, and not only downloaded."""
        return self.width is not None


def prepare_file(*, data: bytes, filename: str, actor: Member) -> Prepared:
    """Have an upload checked and opened; call it before the first query, for it takes its time.

    Raises:
        Veto: a plugin refuses it.
        Invalid: it is empty, too large, damaged, or of a kind that is not taken; `field` is `files`.
    """
    name = file_name(filename)
    limits = settings()
    if not data:
        raise Invalid(_("“%(name)s” is empty. Please choose another file.", name=name), field="files")
    if len(data) > limits.max_file * MIB:
        raise Invalid(
            _("“%(name)s” is too large: %(limit)s MiB at most.", name=name, limit=limits.max_file),
            field="files",
        )
    hooks().check("check_upload", upload=Upload("file", name, data), actor=actor)
    taken = {each.lower().removeprefix(".") for each in limits.file_types} - SHOWN
    if ending(name) in taken:
        return Prepared(name, {"": data}, len(data))
    return _picture(name, data, others=sorted(taken))


def check_number(number: int) -> None:
    """Refuse more files than one content may have; call it before they are opened."""
    most = settings().max_files
    if number > most:
        raise Invalid(_("%(most)s files at most can be attached.", most=most), field="files")


def _picture(name: str, data: bytes, *, others: Sequence[str]) -> Prepared:
    """Open a picture, whatever its name ends in: a telephone sends some without any ending."""
    try:
        made = process_picture(data, variants=SIZES)
    except Invalid as refusal:
        if ending(name) in PICTURES:
            raise Invalid(
                _("%(file)s: %(problem)s", file=name, problem=refusal.message), field="files"
            ) from refusal
        raise Invalid(
            _(
                "“%(name)s” cannot be attached. Pictures can, and files that end in %(endings)s.",
                name=name,
                endings=", ".join(others),
            ),
            field="files",
        ) from refusal
    width, height = made.sizes["large"]
    stem = PurePath(name).stem or "picture"
    return Prepared(f"{stem}.{PICTURE_EXTENSION}", made.variants, len(made.variants["large"]), width, height)


def keep_file(*, prepared: Prepared, actor: Member, alternative: str = "") -> File:
    """Keep an upload; it is its owner's alone until something that it is attached to is published.

    Raises:
        TooMany: so many of the actor's wait already for what they are to be attached to.
        MediaUnavailable: files cannot be kept at the moment; there is no row then.
    """
    _check_waiting(actor)
    extension = PICTURE_EXTENSION if prepared.is_picture else "bin"
    key = new_key("files", extension)
    media().put_all({_key(key, size): data for size, data in prepared.data.items()})
    kept = File(
        owner_id=actor.id,
        media_key=key,
        name=prepared.name,
        content_type=PICTURE_TYPE if prepared.is_picture else DOWNLOAD_TYPE,
        size=prepared.size,
        width=prepared.width,
        height=prepared.height,
        alternative=clean(alternative)[:ALTERNATIVE_LENGTH],
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def _check_waiting(actor: Member) -> None:
    waiting = _waiting().where(File.owner_id == actor.id).limit(MOST_UNATTACHED)
    if (db.session.scalar(select(func.count()).select_from(waiting.subquery())) or 0) >= MOST_UNATTACHED:
        raise TooMany(_("You have sent many files without publishing them. Please go on a little later."))


def _waiting() -> Select[int]:
    return select(File.id).where(File.content_id.is_(None), File.created_at > utcnow() - KEPT_UNATTACHED)


def upload(*, data: bytes, filename: str, actor: Member, alternative: str = "") -> File:
    """Check, open and keep a file: `prepare_file` and `keep_file` in one, where nothing waits meanwhile."""
    prepared = prepare_file(data=data, filename=filename, actor=actor)
    return keep_file(prepared=prepared, actor=actor, alternative=alternative)


def hold_file(*, file: File, place: Place, actor: Member) -> None:
    """Let a file of the actor's wait, for as long as needed, for what is still being written in a place.

    Whoever looks after the place sees it from now on and may attach it.

    Raises:
        NotFound, NotAllowed: it is not the actor's, or they do not look after the place.
    """
    if file.owner_id != actor.id:
        raise nothing()
    if not manages(role_in(place.id, actor.id)):
        raise NotAllowed(_("Only those who look after %(place)s can do this.", place=place.shown_name))
    add_once(HeldFile, file_id=file.id, place_id=place.id)


def get_held_file(place: Place, file_id: int) -> File:
    """Fetch a file that is held for what is written in a place: who may see that, the caller has asked.

    Raises:
        NotFound: there is none, or what it was for is published.
    """
    held = select(HeldFile.place_id).where(HeldFile.file_id == File.id, HeldFile.place_id == place.id)
    file = db.session.scalar(select(File).where(File.id == file_id, held.exists()))
    if file is None:
        raise nothing()
    return file


def release_files(file_ids: Sequence[int]) -> None:
    """Hold files no longer: what is not attached meanwhile is forgotten like any other."""
    if file_ids:
        db.session.execute(delete(HeldFile).where(HeldFile.file_id.in_(file_ids)))


def _is_held_for(file: File, member: Member) -> bool:
    """Tell whether a file is held for a place that a member looks after."""
    held = db.session.get(HeldFile, file.id)
    return held is not None and _looks_after(held.place_id, member)


def _looks_after(place_id: int, member: Member) -> bool:
    place = db.session.get_one(Place, place_id)
    return place.kind in place_kinds() and manages(role_in(place.id, member.id))


def _is_theirs(file: File, member: Member) -> bool:
    """Tell whether a file that is not published is a member's to see: as its owner, once held as a keeper.

    What waits with a post, both see.
    """
    held = db.session.get(HeldFile, file.id)
    if held is not None:
        return _looks_after(held.place_id, member)
    if file.owner_id == member.id:
        return True
    waits = db.session.get(WaitingFile, file.id)
    return (
        waits is not None
        and waits.waiting.refused_at is None
        and _looks_after(waits.waiting.place_id, member)
    )


def attach(content: Content, file_ids: Sequence[int], *, actor: Member, inline: Sequence[int] = ()) -> None:
    """Let a content have these files and no others, in this order; cards list all but the `inline` ones.

    Raises:
        Invalid: one is not the actor's, is attached to something else, or there are too many.
    """
    before = _attached(content)
    if not file_ids and not before:
        return
    found = check_files(file_ids, actor=actor, content=content)
    gone = before - {file.id for file in found}
    if gone:
        db.session.execute(update(File).where(File.id.in_(gone)).values(content_id=None, place_id=None))
    for file in found:
        file.content_id, file.place_id = content.id, content.place_id
    content.files = [file_facts(file) for file in found if file.id not in inline]
    db.session.flush()
    release_files([file.id for file in found if file.id not in before])


def _attached(content: Content) -> set[int]:
    """Return the ids of what is attached to a content; one that was just written has nothing."""
    if content.version == 1 and not content.files:
        return set()
    return set(db.session.scalars(select(File.id).where(File.content_id == content.id)))


def check_files(file_ids: Sequence[int], *, actor: Member, content: Content | None = None) -> list[File]:
    """Return files that are to be attached, each once, kept from being attached elsewhere meanwhile.

    `content`: what some of them may be attached to already.

    Raises:
        Invalid: as `attach` does; call this before the first write.
    """
    wanted = list(dict.fromkeys(file_ids))
    if not wanted:
        return []
    check_number(len(wanted))
    query = select(File).where(File.id.in_(wanted)).order_by(File.id).with_for_update(key_share=True)
    found = {
        file.id: file for file in db.session.scalars(query, execution_options={"populate_existing": True})
    }
    return [_own(found.get(file_id), content, actor) for file_id in wanted]


def _own(file: File | None, content: Content | None, actor: Member) -> File:
    """Return a file that is attached to the content already, or waits: the actor's own, or held for them."""
    if file is not None and file.content_id is None:
        recent = file.created_at > utcnow() - KEPT_UNATTACHED
        kept = recent or any(db.session.get(model, file.id) is not None for model in (WaitingFile, DraftFile))
        waits = file.owner_id == actor.id and kept
        if waits or _is_held_for(file, actor):
            return file
    elif file is not None and content is not None and file.content_id == content.id:
        return file
    raise Invalid(_("One of the files is no longer there. Please attach it again."), field="files")


def file_facts(file: File) -> dict[str, object]:
    """Return what contents keep of a file for their cards, and forms show of it."""
    shown: dict[str, object] = {"id": file.id, "name": file.name, "size": file.size}
    if file.width is not None:
        shown |= {"width": file.width, "height": file.height, "alt": file.alternative}
    return shown


def own_files(file_ids: Sequence[int], member: Member) -> list[dict[str, object]]:
    """Return those of some files that are a member's own, as forms show them, in their order."""
    if not file_ids:
        return []
    mine = select(File).where(File.id.in_(file_ids), File.owner_id == member.id)
    found = {file.id: file for file in db.session.scalars(mine)}
    return [file_facts(found[file_id]) for file_id in file_ids if file_id in found]


def describe(words: Mapping[int, str], *, actor: Member) -> None:
    """Say what pictures show to those who cannot see them: of the actor's own files, by their ids."""
    mine = select(File).where(File.id.in_(words), File.owner_id == actor.id, File.width.is_not(None))
    for file in db.session.scalars(mine).all():
        file.alternative = clean(words[file.id])[:ALTERNATIVE_LENGTH]
        content = db.session.get(Content, file.content_id) if file.content_id else None
        if content is not None:
            content.files = [file_facts(file) if each["id"] == file.id else each for each in content.files]
    db.session.flush()


def get_file_for(member: Member, file_id: int) -> File:
    """Fetch a file of a content that the member may read, or that is not published yet and theirs to see.

    Raises:
        NotFound: there is none, or it is not open to the member.
    """
    file = db.session.get(File, file_id)
    if file is None:
        raise nothing()
    if file.content_id is not None:
        get_content_for(member, file.content_id)
    elif not _is_theirs(file, member):
        raise nothing()
    return file


def read_file(file: File, size: str = "large") -> bytes:
    """Return a file's bytes; of a picture, one of its `SIZES`.

    Raises:
        NotFound: there is no such size, or the file is gone.
    """
    if file.width is not None and size not in {variant.name for variant in SIZES}:
        raise NotFound(_("There is no such file."))
    try:
        return media().get(_key(file.media_key, size if file.width is not None else ""))
    except KeyError as error:
        raise NotFound(_("There is no such file.")) from error


def detach(content_ids: Sequence[int] | Select[int]) -> None:
    """Leave the files of contents that are forgotten to the job that removes what nobody has."""
    theirs = update(File).where(File.content_id.in_(content_ids))
    db.session.execute(
        theirs.values(content_id=None, place_id=None), execution_options={"synchronize_session": False}
    )


def forget_files() -> None:
    """Remove files that were never published, or whose content is forgotten: a job, which may run twice.

    The bytes go first: where they cannot be removed, or it ends in between, the row leads there next time.
    Nobody can attach such a file any more, and no transaction is open while a bucket is asked.
    """
    until = utcnow() - KEPT_UNATTACHED - STILL_IN_HAND
    kept = [
        ~select(each).where(each.file_id == File.id).exists() for each in (HeldFile, WaitingFile, DraftFile)
    ]
    forgotten = (File.content_id.is_(None), File.created_at < until, *kept)
    old = select(File).where(*forgotten).order_by(File.id).limit(AT_ONCE)
    while files := db.session.scalars(old).all():
        ids, keys = [file.id for file in files], [key for file in files for key in keys_of(file)]
        db.session.commit()
        media().delete(keys)
        db.session.execute(delete(File).where(File.id.in_(ids), *forgotten))
        db.session.commit()


def keys_of(file: File) -> list[str]:
    """Return under which keys a file's bytes are kept."""
    names = [variant.name for variant in SIZES] if file.width is not None else [""]
    return [_key(file.media_key, name) for name in names]


def _key(key: str, size: str) -> str:
    return variant_key(key, size) if size else key


def file_name(filename: str) -> str:
    """Return a name without folders and unseen characters, as people see it: on our disk it has another."""
    name = clean(filename.replace("\\", "/").rpartition("/")[2]).strip(". ") or "file"
    stem, dot, last = name.rpartition(".")
    return f"{(stem or last)[: NAME_LENGTH - 20]}{dot}{last[:16]}" if dot and stem else name[:NAME_LENGTH]


def ending(name: str) -> str:
    """Return the ending of a file's name, in small letters."""
    return name.rpartition(".")[2].lower() if "." in name else ""
