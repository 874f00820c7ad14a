"""What plugins give to pages and to the start: small frozen values, collected by hooks.

What every page makes by the dozen is a named tuple: a frozen dataclass takes four times as long to make.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:  # models are only named here
    from parvis.events import EventRecord
    from parvis.identity.models import Member

NOTHING: Mapping[str, Any] = MappingProxyType({})


class NavItem(NamedTuple):
    """A way to a page. `area`: main (left column), phone (bottom bar) or me (own menu).

    `shortcut`: keys that lead there, such as "g x"; they work where the item stands in the left column.
    """

    name: str
    label: str
    endpoint: str
    icon: str
    area: str = "main"
    order: int = 100
    badge: int = 0
    values: Mapping[str, Any] = NOTHING
    shortcut: str = ""


@dataclass(frozen=True)
class ProfileSection:
    """A part of a profile page; `template` is rendered with `context`, `person` and `viewer`."""

    name: str
    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 100


@dataclass(frozen=True)
class AccountSection:
    """A part of the account page; forms in it post to the plugin's own views."""

    name: str
    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 100


@dataclass(frozen=True)
class JoinStep:
    """One page of the first visit; a `required` one must be done before anything else is shown.

    The page of `endpoint` calls `parvis.api.finish_step(member, name)` when it is done, then redirects to
    `parvis.api.next_join_url()`. `done` answers from the plugin's own data where the step can be undone
    (a new version of a charter); by default it is whether finish_step was called.
    """

    name: str
    title: str
    endpoint: str
    required: bool = False
    order: int = 100
    done: bool | None = None


class SlotContent(NamedTuple):
    """A piece of HTML for a named slot of a layout or page, rendered from a template.

    `once`: what it shows depends on its context alone, whose values can be hashed; it is drawn once for all
    to whom it looks alike.
    """

    name: str
    template: str
    context: Mapping[str, Any] = NOTHING
    order: int = 100
    once: bool = False


@dataclass(frozen=True)
class Job:
    """Durable work: `function` takes ids and plain values, may run twice, and must not show it.

    With a `schedule` (five cron fields, UTC) it also runs by itself, once however many machines there are;
    `function` then must work without arguments.
    """

    name: str
    function: Callable[..., None]
    schedule: str | None = None


@dataclass(frozen=True)
class Identity:
    """Who an authentication found: the person's id, whether as administrator, and by which way.

    `administrator` None leaves what the member has.
    """

    person_id: int
    administrator: bool | None = None
    way: str = "directory"


@dataclass(frozen=True)
class Upload:
    """Bytes somebody sent, before anything is kept: what a scanner looks at."""

    purpose: str
    filename: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class PersonalData:
    """What an owner keeps about somebody: a part of the archive that they download.

    `data`, of plain values and moments, becomes `<owner>/<name>.json`. `files` stand under `<owner>/<name>/`:
    by the name of each what reads its bytes, called when its turn comes; a `KeyError` leaves it out.
    """

    name: str
    data: Any
    files: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)


@dataclass(frozen=True)
class SearchDocument:
    """What can be found of one thing. Nothing of it is shown: what is shown, `SearchSource.show` loads.

    `audience` None is everybody, else the id of the place whose members read it. `author` (a person's id),
    `place` and `tags` can be filtered by, `at` by date. `language` is `fr`, `en`, or None: both, or unknown.
    `topics` is what it is about, or what somebody knows, in any language; it counts more than `body`.
    """

    id: int
    title: str
    body: str = ""
    topics: str = ""
    language: str | None = None
    audience: int | None = None
    author: int | None = None
    place: int | None = None
    tags: Sequence[str] = ()
    at: datetime | None = None


@dataclass(frozen=True)
class SearchHit:
    """One thing as a viewer finds it, who may see it. `text` is what the excerpt is made of.

    `detail` is said below the title ("by whom, where"); `photo` is the address of a face or picture of 96
    pixels; without one, `icon` is shown.
    """

    id: int
    title: str
    url: str
    text: str = ""
    detail: str = ""
    photo: str = ""
    icon: str = "file"
    at: datetime | None = None


@dataclass(frozen=True)
class SearchSource:
    """Documents of one kind, declared by whoever owns them.

    Args:
        name: of the kind; begins with the plugin's own and a colon.
        label: what such a thing is called, in the reader's language ("Question").
        category: where it is listed: `people`, `groups` or `contents`.
        ids: given an id and a number, the ids above it, ascending, at most so many: for the rebuild.
        load: the documents of these ids, in one query or a few; those that it leaves out are forgotten.
        changed: which ids an event makes stale; lazily, where there are many.
        show: what of these ids a viewer may see, in one query or a few; what it leaves out does not show.
        closed_places: the places that are closed to others and open to a viewer, if the source has such.
        find_places: the places, among those a viewer may know of, that `in:` means by these words.
        without_index: ids found by the database alone, while there is no index.
        family: kinds of one family have no id in common; one `show` of theirs shows things of all.
    """

    name: str
    label: str
    category: str
    ids: Callable[[int, int], Sequence[int]]
    load: Callable[[Sequence[int]], Iterable[SearchDocument]]
    changed: "Callable[[EventRecord], Iterable[int]]"
    show: "Callable[[Sequence[int], Member], Iterable[SearchHit]]"
    closed_places: "Callable[[Member], Iterable[int]] | None" = None
    find_places: "Callable[[str, Member], Iterable[int]] | None" = None
    without_index: Callable[[str], Sequence[int]] | None = None
    family: str = ""
    order: int = 100


@dataclass(frozen=True)
class SearchWords:
    """Further words by which documents of another owner are found, that everybody may know.

    Args:
        name: of the kind: `core:person`.
        load: by id, the `topics` and the further `body` of what is found by them, in one query or a few.
        changed: which ids an event makes stale.
        show: by id, what stands before the text of which the excerpt is made, in one query or a few.
    """

    name: str
    load: Callable[[Sequence[int]], Mapping[int, tuple[str, str]]]
    changed: "Callable[[EventRecord], Iterable[int]]"
    show: "Callable[[Sequence[int], Member], Mapping[int, str]]"
