"""Every hook of social, for the plugins that require it. docs/social.md explains each with an example."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from parvis.api import Member, hookspec

from .contribution import (
    Action,
    Caretakers,
    ContentType,
    Matter,
    NotificationKind,
    PlaceKind,
    Publication,
    Reportable,
)

if TYPE_CHECKING:  # named only
    from .place.models import Place


class SocialHooks:
    """What those that require social may add."""

    @hookspec
    def register_place_kinds(self) -> Iterable[PlaceKind]:  # type: ignore[empty-body]  # a specification has no body
        """Declare kinds of places. Since 0.1."""

    @hookspec
    def register_content_types(self) -> Iterable[ContentType]:  # type: ignore[empty-body]  # as above
        """Declare types of contents. Since 0.1."""

    @hookspec
    def register_notification_kinds(self) -> Iterable[NotificationKind]:  # type: ignore[empty-body]  # as above
        """Declare kinds of notifications. Since 0.1."""

    @hookspec
    def register_actions(self) -> Iterable[Action]:  # type: ignore[empty-body]  # as above
        """Declare ways that stand in the menus of contents, or beside places. Since 0.1."""

    @hookspec
    def register_reportables(self) -> Iterable[Reportable]:  # type: ignore[empty-body]  # as above
        """Declare kinds of things that people can report. Since 0.1."""

    @hookspec
    def register_caretakers(self) -> Iterable[Caretakers]:  # type: ignore[empty-body]  # as above
        """Declare who looks after the whole site. Since 0.1."""

    @hookspec
    def matters(  # type: ignore[empty-body]  # as above
        self, viewer: Member, since: datetime | None, limit: int
    ) -> Iterable[Matter]:
        """Tell what waits for those who look after the whole site, the oldest first. Since 0.1."""

    @hookspec
    def check_contribution(self, place: "Place", actor: Member, publication: Publication | None) -> None:
        """Refuse, by raising Veto, that somebody publishes, comments or reacts in a place. Since 0.1."""
