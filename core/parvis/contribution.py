"""What plugins give to pages and to the start: small frozen values, collected by hooks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class NavItem:
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
    values: Mapping[str, Any] = field(default_factory=dict)
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


@dataclass(frozen=True)
class SlotContent:
    """A piece of HTML for a named slot of a layout or page, rendered from a template.

    `once`: what it shows depends on its context alone, whose values can be hashed; it is drawn once for all
    to whom it looks alike.
    """

    name: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
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
