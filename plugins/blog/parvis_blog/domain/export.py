"""An article to be kept elsewhere: what was written, who wrote it, who published it for them, its files."""

import re
from collections.abc import Mapping
from pathlib import PurePath
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from parvis.api import Member, NotFound, Person, db
from parvis.api import gettext as _
from parvis_social.api import Reading, get_file_for, read_file
from sqlalchemy import select

from ..models import Article
from .read import nothing
from .render import FILES, in_language, inline_files

IN_MEMORY = 2 * 1024 * 1024
"""So many bytes of an archive at most; more of it waits on the disk."""
_ADDRESS = re.compile(rf'{FILES}(\d{{1,18}})/[^\s)"]*')


def as_text(reading: Reading) -> str:
    """Return an article in Markdown, both languages one after the other, as it was last published.

    Raises:
        NotFound: it is of another type.
    """
    article, publisher = _article(reading)
    head = [_by(reading, publisher), reading.content.created_at.date().isoformat(), reading.place.name]
    parts = [_part(reading.content.title, head, _lead(article) + article.source)]
    if article.second_source:
        second = _lead(article, second=True) + article.second_source
        parts.append(_part(article.second_title, head, second))
    return "\n\n---\n\n".join(parts) + "\n"


def files_of(reading: Reading) -> list[int]:
    """Return the ids of the pictures and files of an article: above it, in it, under it."""
    article, _publisher = _article(reading)
    lead = [article.lead["id"]] if article.lead else []
    inside = inline_files(article.source) + inline_files(article.second_source)
    return list(dict.fromkeys([*lead, *inside, *(file["id"] for file in reading.content.files)]))


def as_archive(reading: Reading, *, viewer: Member) -> IO[bytes]:
    """Return a zip of `article.md` and its pictures and files, to which the text leads; read from its start.

    What is not open to the viewer, or not to be found, is left out.
    """
    packed: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    names: dict[str, str] = {}
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for number in files_of(reading):
            try:
                file = get_file_for(viewer, number)
                names[str(number)] = f"files/{number}-{PurePath(file.name).name}"
                archive.writestr(names[str(number)], read_file(file))
            except NotFound:
                names.pop(str(number), None)
        archive.writestr("article.md", _leading_to(names, as_text(reading)))
    packed.seek(0)
    return packed


def _leading_to(names: Mapping[str, str], text: str) -> str:
    """Return a text whose addresses of files are those within the archive."""

    def own(found: re.Match[str]) -> str:
        name = names.get(found[1])
        return f"<{name}>" if name and " " in name else name or found[0]

    return _ADDRESS.sub(own, text)


def _article(reading: Reading) -> tuple[Article, str | None]:
    query = (
        select(Article, Person.display_name)
        .outerjoin(Person, Person.id == Article.publisher_id)
        .where(Article.content_id == reading.content.id)
    )
    row = db.session.execute(query).first()
    if row is None:
        raise nothing()
    return row[0], row[1]


def _by(reading: Reading, publisher: str | None) -> str:
    author = reading.content.author.display_name
    if publisher is None:
        return author
    return _("Published by %(publisher)s for %(author)s", publisher=publisher, author=author)


def _lead(article: Article, *, second: bool = False) -> str:
    if not article.lead:
        return ""
    lead = in_language(article.lead, second=second)
    caption = lead["caption"].replace('"', "'")
    return f'![{lead["alt"]}]({FILES}{lead["id"]}/picture "{caption}")\n\n'


def _part(title: str, head: list[str], source: str) -> str:
    return f"# {title}\n\n{' · '.join(head)}\n\n{source}"
