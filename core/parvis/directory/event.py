"""Facts about the company's people, as the directory tells them."""

from dataclasses import dataclass
from typing import Any, ClassVar

from parvis.events import Event
from parvis.i18n import lazy_gettext as _l


@dataclass(frozen=True, kw_only=True)
class PersonAdded(Event):
    """Somebody is in the directory who was not known before."""

    kind: ClassVar[str] = "core.person_added"


@dataclass(frozen=True, kw_only=True)
class PersonChanged(Event):
    """The directory says something else of a person: a name, a title, a place in the company."""

    kind: ClassVar[str] = "core.person_changed"


@dataclass(frozen=True, kw_only=True)
class PersonLeft(Event):
    """A person is gone from the directory, or disabled in it; whatever gives them access ends."""

    kind: ClassVar[str] = "core.person_left"


@dataclass(frozen=True, kw_only=True)
class PersonReturned(Event):
    """A person who had left, or was disabled, is back: the same account."""

    kind: ClassVar[str] = "core.person_returned"


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """All that named a person is gone; search indexes are made anew, since their files keep old words."""

    kind: ClassVar[str] = "core.person_erased"
    accountable: ClassVar[Any] = _l("Erased a person")
