"""The charter: published by version, accepted by everybody, each new version again."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from flask import current_app
from markupsafe import Markup
from parvis.api import (
    Invalid,
    Member,
    NotFound,
    add_once,
    clean,
    db,
    finish_step,
    record,
    render_markdown,
    utcnow,
)
from parvis.api import gettext as _
from sqlalchemy import func, select, update

from ..event import CharterAccepted, CharterPublished
from ..models import Acceptance, Charter

LANGUAGES = ("fr", "en")
MOST = 20_000
STEP = "moderation:charter"
KEPT_SECONDS = 20
"""How long a process remembers which version is the newest: every page of everybody asks."""
EXTENSION = "parvis_moderation_charter"
TEXTS = Path(__file__).parents[1] / "text"


@dataclass(frozen=True)
class Block:
    """A paragraph or a heading of the charter; `kind`: `same`, `added` or `removed`."""

    kind: str
    html: str


def current_version() -> int:
    """Return the number of the newest version; 0 while there is none."""
    kept: dict[str, tuple[float, int]] = current_app.extensions.setdefault(EXTENSION, {})
    if "version" not in kept or time.monotonic() - kept["version"][0] > KEPT_SECONDS:
        kept["version"] = (time.monotonic(), db.session.scalar(select(func.max(Charter.version))) or 0)
    return kept["version"][1]


def step_of(version: int) -> str:
    """Return the name of the step that is done once a version is accepted."""
    return f"{STEP}-{version}"


def current_charter() -> Charter | None:
    """Return the newest version, None if there is none yet."""
    return db.session.scalar(select(Charter).order_by(Charter.version.desc()).limit(1))


def get_charter(version: int) -> Charter:
    """Fetch a version.

    Raises:
        NotFound: there is none of this number.
    """
    found = db.session.get(Charter, version)
    if found is None:
        raise NotFound(_("There is no such version of the charter."))
    return found


def list_versions() -> Sequence[Charter]:
    """List all versions, the newest first: there are few in the life of a site."""
    return db.session.scalars(select(Charter).order_by(Charter.version.desc())).all()


def publish_charter(*, french: str, english: str, actor: Member | None) -> Charter:
    """Publish a version of the charter: everybody is asked to accept it, with what changed.

    Args:
        french, english: Markdown, of at most 20,000 characters each.
        actor: who publishes it; None: the command line.

    Raises:
        Invalid: one of them is empty or too long, or nothing has changed; `field` says which.
    """
    texts = {"french": _text(french, "french"), "english": _text(english, "english")}
    last = current_charter()
    if last is not None and (last.french, last.english) == (texts["french"], texts["english"]):
        raise Invalid(_("Nothing has changed: this is the charter as it stands."))
    charter = Charter(
        version=last.version + 1 if last else 1,
        **texts,
        french_html=render_markdown(texts["french"]),
        english_html=render_markdown(texts["english"]),
        by_id=actor.id if actor else None,
    )
    db.session.add(charter)
    db.session.flush()
    current_app.extensions.pop(EXTENSION, None)
    record(CharterPublished(actor=actor.id if actor else None, version=charter.version))
    return charter


def _text(source: str, field: str) -> str:
    text = clean(source, multiline=True)
    if not text:
        raise Invalid(_("The charter needs its text in both languages."), field=field)
    if len(text) > MOST:
        raise Invalid(
            _(
                "This is too long: %(limit)s characters at most, and it has %(count)s.",
                limit=MOST,
                count=len(text),
            ),
            field=field,
        )
    return text


def read_texts(folder: Path = TEXTS) -> dict[str, str]:
    """Read `charter.fr.md` and `charter.en.md`, by default those that come with the plugin.

    Raises:
        OSError: one of them cannot be read.
    """
    return {code: (folder / f"charter.{code}.md").read_text(encoding="utf-8") for code in LANGUAGES}


def accept_charter(*, version: int, actor: Member) -> None:
    """Accept a version of the charter, which makes a person a member.

    Raises:
        Invalid: a newer one was published meanwhile, and is shown next.
    """
    charter = current_charter()
    if charter is None or charter.version != version:
        raise Invalid(_("The charter was changed a moment ago. Please read it as it is now."))
    if add_once(Acceptance, person_id=actor.id, version=version, at=utcnow()):
        one_more = update(Charter).where(Charter.version == version)
        db.session.execute(one_more.values(accepted_count=Charter.accepted_count + 1))
        record(CharterAccepted(actor=actor.id, version=version))
    finish_step(actor, step_of(version))


def last_accepted(member: Member) -> int:
    """Return the newest version that somebody has accepted; 0: none."""
    query = select(func.max(Acceptance.version)).where(Acceptance.person_id == member.id)
    return db.session.scalar(query) or 0


def what_changed(charter: Charter, since: int, language: str) -> list[Block]:
    """Return the charter paragraph by paragraph, with what was added and removed since an earlier version."""
    before = db.session.get(Charter, since) if since and since != charter.version else None
    if before is None:
        return []
    return list(_compared(_blocks(before.source(language)), _blocks(charter.source(language))))


def _blocks(source: str) -> list[str]:
    return [block.strip() for block in source.split("\n\n") if block.strip()]


def _compared(old: list[str], new: list[str]) -> Iterator[Block]:
    for what, begin, end, new_begin, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield from _shown("same", new[new_begin:new_end])
        else:
            yield from _shown("removed", old[begin:end])
            yield from _shown("added", new[new_begin:new_end])


def _shown(kind: str, blocks: list[str]) -> Iterator[Block]:
    for block in blocks:
        yield Block(kind, Markup(render_markdown(block)))
