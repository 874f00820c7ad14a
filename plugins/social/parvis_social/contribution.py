"""What plugins give to social through its hooks: small frozen values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PlaceKind:
    """A kind of place. Without its plugin, its places and all that they hold are nowhere to be seen.

    `url` gives the address of a place's page from its slug. `stream` is the filter of the home feed that its
    contents come under: `groups`, `people` or `leaders`. `icon` is one of core's. `removes`: whether those
    who look after it may remove what others comment; where not, they hide it with a reason that everybody
    sees. `voice`: what its owners are called beside their comments, which then stand out; empty: nothing.
    """

    name: str
    label: str
    url: Callable[[str], str]
    stream: str
    icon: str
    removes: bool = True
    voice: str = ""


@dataclass(frozen=True)
class ContentType:
    """A type of content.

    `card` is the template of what stands between a card's head and its actions; it is given `card` (a
    `Card`). `load` returns the details of several contents by their ids, in one query, where a card needs
    more than every content has: they are `card.detail`, and a `title` that one has heads the card. `url`
    gives the address of its page where that is not social's. `compose` gives the address of the form by
    which it is published in a place, by the place's id: the composer leads there. `edit` gives that of the
    form by which its author changes it. `shared`: may be published in every place, not only where a place's
    settings allow it. `search` returns the words that several contents are found by, by their ids, in one
    query, where they say more than a card shows.
    """

    name: str
    label: str
    card: str
    load: Callable[[Sequence[int]], Mapping[int, Any]] | None = None
    url: Callable[[int], str] | None = None
    compose: Callable[[int], str] | None = None
    edit: Callable[[int], str] | None = None
    shared: bool = False
    search: Callable[[Sequence[int]], Mapping[int, str]] | None = None


@dataclass(frozen=True)
class NotificationKind:
    """A kind of notification.

    `label` names it in the settings ("Somebody mentions me"). `sentence` returns what one notification says,
    in the reader's language, of a `NotificationView`; `url` where it leads. `level` is the least level of a
    place at which it is told: `mentions` for what is addressed to somebody, `all` for the rest. `default`:
    whether it is on until somebody says otherwise.
    """

    name: str
    label: str
    sentence: Callable[[Any], str]
    url: Callable[[Any], str]
    level: str = "mentions"
    default: bool = True
