"""Reading the whole directory, or what changed in it, and never taking a part for the whole."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from parvis.directory.entry import BadEntry, Decoder, DirectoryEntry
from parvis.directory.ldap.ber import Row
from parvis.directory.ldap.connection import Deadline, Link
from parvis.directory.ldap.error import DirectoryUnavailable, IncompleteRead
from parvis.directory.settings import DirectorySettings

PAGE_TIMEOUT = 60.0  # seconds for a page
READ_TIMEOUT = 900.0  # seconds for everything
PHOTO_PAGE = 50  # entries a page when each may bring two megabytes
MANY = 1000  # changed entries above which reading everybody is quicker than one by one, and takes less memory


@dataclass(frozen=True)
class Page:
    """Some people of the directory, and the entries among them that could not be understood."""

    entries: tuple[DirectoryEntry, ...]
    skipped: tuple[BadEntry, ...]


@dataclass(frozen=True)
class Change:
    """What differs from what was known: `missing` keys are gone; `changed` people are new or modified."""

    missing: frozenset[str]
    changed: tuple[DirectoryEntry, ...]
    skipped: tuple[BadEntry, ...]


def read_pages(
    link: Link, settings: DirectorySettings, attributes: Sequence[str], size: int
) -> Iterator[list[Row]]:
    """Read everybody page by page.

    Raises:
        IncompleteRead: anything but a complete answer to each page.
    """
    everything, cookie, count = Deadline(READ_TIMEOUT), b"", 0
    while True:
        try:
            link.deadline = Deadline(min(PAGE_TIMEOUT, everything.left))
            rows, cookie = link.page(settings.base_dn, settings.people, attributes, size=size, cookie=cookie)
        except (DirectoryUnavailable, TimeoutError) as error:
            raise IncompleteRead(f"the read stopped after {count} people: {error}") from error
        count += len(rows)
        yield rows
        if not cookie:
            return


def read_all(link: Link, settings: DirectorySettings, decoder: Decoder, *, photo: bool) -> Iterator[Page]:
    """Read and decode everybody page by page."""
    size = PHOTO_PAGE if photo else settings.page_size
    attributes = [*decoder.attributes, decoder.photo_attribute] if photo else decoder.attributes
    for rows in read_pages(link, settings, attributes, size):
        yield _page(rows, decoder)


def read_marks(
    link: Link, settings: DirectorySettings, decoder: Decoder
) -> tuple[dict[str, tuple[str, str]], list[BadEntry]]:
    """Read only everybody's key, with DN and mark of modification, and which entries have none to read."""
    marks, skipped = {}, []
    for rows in read_pages(link, settings, decoder.key_attributes, settings.page_size):
        for dn, values in rows:
            try:
                marks[decoder.key(dn, values)] = decoder.name(dn, values), decoder.modified(values)
            except BadEntry as error:
                skipped.append(error)
    return marks, skipped


def read_change(
    link: Link, settings: DirectorySettings, decoder: Decoder, known: Mapping[str, str]
) -> Change | None:
    """Find what differs from the keys and marks that are known; `None` where that is too much.

    Marks are only compared for being equal, never with a clock: no overlap to choose, no change lost between
    two servers whose clocks or replication differ.
    """
    marks, skipped = read_marks(link, settings, decoder)
    differing = {key: dn for key, (dn, modified) in marks.items() if known.get(key) != modified}
    if len(differing) > MANY:
        return None
    changed: list[DirectoryEntry] = []
    for dn in differing.values():
        page = _page(_read_one(link, settings, decoder, dn), decoder)
        changed += [entry for entry in page.entries if entry.key in differing]
        skipped += page.skipped
    missing = known.keys() - marks.keys() - {bad.key for bad in skipped}
    return Change(frozenset(missing), tuple(changed), tuple(skipped))


def read_photo(link: Link, decoder: Decoder, dn: str) -> bytes | None:
    """Read one person's photo."""
    rows = link.find(dn, "(objectClass=*)", [decoder.photo_attribute], base_only=True)
    return decoder.photo(rows[0].values) if rows else None


def _read_one(link: Link, settings: DirectorySettings, decoder: Decoder, dn: str) -> list[Row]:
    link.deadline = Deadline(PAGE_TIMEOUT)
    try:
        return link.find(dn, settings.people, decoder.attributes, base_only=True)
    except DirectoryUnavailable as error:
        raise IncompleteRead(str(error)) from error


def _page(rows: Sequence[Row], decoder: Decoder) -> Page:
    entries, skipped = [], []
    for dn, values in rows:
        try:
            entries.append(decoder.decode(dn, values))
        except BadEntry as error:
            skipped.append(error)
    return Page(tuple(entries), tuple(skipped))
