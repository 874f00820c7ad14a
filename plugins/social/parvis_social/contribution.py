"""What plugins give to social through its hooks: small frozen values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from parvis.api import Veto

if TYPE_CHECKING:  # models are only named here
    from parvis.api import Member
    from sqlalchemy import Select


@dataclass(frozen=True)
class PlaceKind:
    """A kind of place. Without its plugin, its places and all that they hold are nowhere to be seen.

    `url` gives the address of a place's page from its slug. `stream` is the filter of the home feed that its
    contents come under: `groups`, `people` or `leaders`. `icon` is one of core's. `removes`: whether those
    who look after it may remove what others comment; where not, they hide it with a reason that everybody
    sees. `voice`: what its owners are called beside their comments, which then stand out; empty: nothing.
    `tagged` returns a query of the ids of its places that say of themselves that they are about one of some
    tags, given as `tag_key` folds them.
    """

    name: str
    label: str
    url: Callable[[str], str]
    stream: str
    icon: str
    removes: bool = True
    voice: str = ""
    tagged: "Callable[[Sequence[str]], Select[int]] | None" = None


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
    query, where they say more than a card shows. `withdraws`: what others commented is not deleted, but
    withdrawn with a reason, which stays above their comments. `forget` deletes what the type keeps of
    contents in tables of its own, by their ids, once no more than that is left of them. `whole` returns all
    that one content says now, by its id, as safe HTML, where that is more than cards show: its history does.
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
    withdraws: bool = False
    forget: Callable[[Sequence[int]], None] | None = None
    whole: Callable[[int], str] | None = None


@dataclass(frozen=True)
class Action:
    """A way to a page of a plugin, from the menu of each content or comment, or beside a place.

    `path` is its address, with `{id}` for that of the content, comment or place. `on`: `content`, `comment`,
    `place`, or the name of a `Reportable`, beside which the page of its plugin shows it. It stands where the
    reader neither wrote what it is about nor owns the place. What is on `settings` stands among those of
    a place, for its owners; what is on `opening`, where somebody is about to open one (without `{id}`).
    """

    name: str
    label: str
    icon: str
    path: str
    on: str = "content"


@dataclass(frozen=True)
class Reported:
    """One thing as somebody sees it who reports it.

    `author` answers for it (a person's id), `place` is where it stands. `title` names it in one line, `html`
    is safe. `context` is what stands around it: who said what, as name and safe HTML. `pictures` are
    addresses with what each shows. `version` grows when it is changed.
    """

    id: int
    title: str
    url: str
    html: str = ""
    author: int | None = None
    place: int | None = None
    version: int = 1
    context: Sequence[tuple[str, str]] = ()
    pictures: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Reportable:
    """A kind of things that people can report, and what can be done to them.

    `label` names the kind ("Comment"). `see` returns one as a viewer sees it, and raises NotFound if they
    may not. The others do something to it, whoever decides that may: `hide` takes it away from everybody, and
    returns what `show` is given to bring it back; `lock` closes its comments with a reason, `unlock` opens
    them. Nobody (None) hides where a setting says that enough reports do. `picture` returns one of its
    pictures as bytes, by its number among those that were seen and what `hide` returned, while it is hidden.
    What a kind leaves out is not offered.
    """

    name: str
    label: str
    see: "Callable[[Member, int], Reported]"
    hide: "Callable[[int, Member | None], Mapping[str, Any]] | None" = None
    show: "Callable[[int, Mapping[str, Any], Member], None] | None" = None
    lock: "Callable[[int, str, Member], None] | None" = None
    unlock: "Callable[[int, Member], None] | None" = None
    picture: "Callable[[int, int, Mapping[str, Any]], bytes] | None" = None


@dataclass(frozen=True)
class Publication:
    """What somebody is about to publish or to change in a place, as rules see it before that is done.

    `type` names the type of content, `html` is what it says, rendered and safe, `title` its title.
    `content_id` is that of what is changed, None of something new. `confirmed` is the key of the
    `SecondLook` that its author has taken; empty: none yet; None: its form cannot ask for one. `admitted`: it
    waited, and somebody who may has let it in.
    """

    type: str
    html: str
    title: str = ""
    content_id: int | None = None
    confirmed: str | None = None
    admitted: bool = False


class SecondLook(Veto):
    """The author should look at it once more: sent again with this `key`, it is published as it is."""

    def __init__(self, message: str, *, key: str) -> None:
        super().__init__(message)
        self.key = key


class Waits(Veto):
    """Somebody who looks after the place reads it before it is published: the sentence tells the author why.

    What comes by a form of posts is kept until then; anything else is refused.
    """


@dataclass(frozen=True)
class Caretakers:
    """Some of those who look after the whole site. `people` returns the query of their ids."""

    name: str
    people: "Callable[[], Select[int]]"


@dataclass(frozen=True)
class Matter:
    """Something that waits for those who look after the whole site, beside what is reported.

    `label` says of what kind it is ("No owner"), `title` what it is about, `url` where it is settled, `since`
    since when it waits. `note` is what somebody said of it, or what is known.
    """

    label: str
    title: str
    url: str
    since: datetime
    note: str = ""


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
