"""What groups declares."""

from collections.abc import Iterable
from datetime import datetime

from parvis.api import (
    Erasure,
    EventRecord,
    Job,
    Member,
    NavItem,
    Person,
    PersonalData,
    Plugin,
    SearchSource,
    SlotContent,
    Veto,
    hookimpl,
)
from parvis.api import gettext as _
from parvis.api import lazy_gettext as _l
from parvis_social.api import Matter, NotificationKind, Place, PlaceKind

from . import personal_data
from .domain import told
from .domain.life import count_life
from .domain.matter import matters
from .domain.membership import ban_of, banned_sentence
from .domain.merge import forget_merges
from .models import KIND
from .permission import GroupsPermission
from .picture import forget_files
from .search import groups_source, groups_tagged
from .settings import GroupsSettings
from .views import care, directory, group, membership, opening
from .web import bp

VIEWS = (care, directory, group, membership, opening)
"""Named so that they are imported: each registers on the blueprint."""


class GroupsPlugin(Plugin[GroupsSettings]):
    """Anybody opens a group in a minute, anybody joins, people talk."""

    name = "groups"
    title = "Groups"
    version = "0.1.0"
    requires = ("social",)
    blueprint = bp
    permissions = GroupsPermission
    styles = ("groups.css",)

    @hookimpl
    def register_place_kinds(self) -> Iterable[PlaceKind]:
        """A group is a place."""
        yield PlaceKind(
            KIND, _l("Group"), lambda slug: f"/groups/{slug}", "groups", "group", tagged=groups_tagged
        )

    @hookimpl
    def register_notification_kinds(self) -> Iterable[NotificationKind]:
        """Requests, invitations, roles, bans, groups without an owner, merges, topics."""
        yield from told.KINDS

    @hookimpl
    def register_search_documents(self) -> Iterable[SearchSource]:
        """Groups."""
        yield groups_source()

    @hookimpl
    def register_jobs(self) -> Iterable[Job]:
        """Count signs of life, pass groups without an owner on, forget what can no longer be taken back."""
        yield Job("groups:life", count_life, "7 * * * *")
        yield Job("groups:ownerless", told.pass_on, "23 5 * * *")
        yield Job("groups:merges", forget_merges, "47 4 * * *")

    @hookimpl
    def check_contribution(self, place: Place, actor: Member) -> None:
        """Keep who is banned from publishing, commenting and reacting."""
        if place.kind == KIND and (reason := ban_of(place.id, actor.id)) is not None:
            raise Veto(banned_sentence(place.shown_name, reason))

    @hookimpl
    def matters(self, viewer: Member, since: datetime | None, limit: int) -> Iterable[Matter]:
        """Groups that nobody took over, merges that are proposed, groups opened beside similar ones."""
        return matters(viewer, since, limit)

    @hookimpl
    def on_event(self, event: EventRecord) -> None:
        """Tell people what concerns them; find owners for the groups of who leaves; forget old pictures."""
        told.tell(event)
        forget_files(event)

    @hookimpl
    def slot(self, name: str, viewer: Member | None) -> Iterable[SlotContent]:
        """Suggestions beside the home page; a row in the list of keys."""
        if name == "home_aside" and viewer is not None:
            yield SlotContent("groups", "groups/home.html", once=True)
        elif name == "shortcuts" and viewer is not None:
            yield SlotContent("groups", "groups/shortcuts.html", once=True)

    @hookimpl
    def navigation(self, viewer: Member) -> Iterable[NavItem]:
        """The directory of groups."""
        for area in ("main", "phone"):
            yield NavItem("groups", _("Groups"), "groups.directory", "group", area, order=10, shortcut="g g")

    @hookimpl
    def export_personal_data(self, person: Person) -> Iterable[PersonalData]:
        """What they opened, asked, proposed and were invited to."""
        return personal_data.export(person)

    @hookimpl
    def erase_personal_data(self, erasure: Erasure) -> None:
        """Offer the groups they own alone to others, and forget what they asked."""
        personal_data.erase(erasure)
