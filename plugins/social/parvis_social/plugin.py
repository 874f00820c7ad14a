"""What social declares."""

from collections.abc import Iterable

from flask import request
from parvis.api import (
    AccountSection,
    Erasure,
    EventRecord,
    Job,
    Member,
    NavItem,
    Person,
    PersonalData,
    Plugin,
    ProfileSection,
    SearchSource,
    SlotContent,
    hookimpl,
)
from parvis.api import gettext as _
from parvis.api import lazy_gettext as _l

from . import personal_data
from .content import act_views, comment, file_views, post, suggest_views, waiting_views
from .content import views as content_views
from .content.delete import purge_deleted
from .content.file import forget_files
from .content.waiting import forget_refused
from .contribution import ContentType, NotificationKind, PlaceKind, Reportable
from .feed import views as feed_views
from .feed.latest import acquaintance
from .hookspecs import SocialHooks
from .notification import follower, upkeep
from .notification import views as notification_views
from .notification.kinds import KINDS
from .notification.list import choices_of
from .permission import SocialPermission
from .place import views as place_views
from .place import wall
from .place.reader import BESIDE, my_places, visitor_of
from .registry import notification_kinds_by_plugin
from .reportable import REPORTABLES
from .search import search_sources
from .settings import SocialSettings
from .web import bp

VIEWS = (
    act_views,
    content_views,
    feed_views,
    file_views,
    notification_views,
    place_views,
    suggest_views,
    waiting_views,
)
"""Named so that they are imported: each registers on the blueprint."""


class SocialPlugin(Plugin[SocialSettings]):
    """Conversations: what features that publish something are built on."""

    name = "social"
    title = "Conversations"
    version = "0.1.0"
    blueprint = bp
    permissions = SocialPermission
    hookspecs = (SocialHooks,)
    styles = ("social.css",)
    scripts = ("social.js",)

    @hookimpl
    def register_place_kinds(self) -> Iterable[PlaceKind]:
        """Everybody's wall."""
        yield PlaceKind(wall.KIND, _l("Wall"), lambda slug: f"/people/{slug}/wall", "people", "person")

    @hookimpl
    def register_content_types(self) -> Iterable[ContentType]:
        """Posts, and the comments under whatever is published."""
        yield ContentType(post.TYPE, _l("Post"), "social/post.html", edit=lambda id: f"/contents/{id}/edit")
        yield ContentType(comment.TYPE, _l("Comment"), "social/post.html")

    @hookimpl
    def register_reportables(self) -> Iterable[Reportable]:
        """Contents of every type, comments, and places of every kind but walls."""
        yield from REPORTABLES

    @hookimpl
    def register_search_documents(self) -> Iterable[SearchSource]:
        """Contents of every type, and tags."""
        return search_sources()

    @hookimpl
    def register_jobs(self) -> Iterable[Job]:
        """Forget what was deleted long ago, files that nobody has, and old notifications."""
        yield Job("social:purge", purge_deleted, "41 2 * * *")
        yield Job("social:refused", forget_refused, "44 2 * * *")
        yield Job("social:forget_files", forget_files, "11 3 * * *")
        yield Job("social:notifications", upkeep.keep_in_order, "26 3 * * *")

    @hookimpl
    def register_notification_kinds(self) -> Iterable[NotificationKind]:
        """Mentions, answers, comments, reactions, and what is published where one wants to know all."""
        yield from KINDS

    @hookimpl
    def on_event(self, event: EventRecord) -> None:
        """Tell people what concerns them."""
        follower.tell(event)

    @hookimpl
    def navigation(self, viewer: Member) -> Iterable[NavItem]:
        """Notifications, and what one keeps and follows."""
        unread = visitor_of(viewer).unread
        yield NavItem(
            "notifications",
            _("Notifications"),
            "social.notifications",
            "bell",
            "phone",
            order=40,
            badge=unread,
        )
        yield NavItem("kept", _("Read later"), "social.kept", "bookmark", order=50)
        yield NavItem("kept", _("Read later"), "social.kept", "bookmark", "me", order=20)
        yield NavItem("following", _("What I follow"), "social.follows", "eye", "me", order=30)

    @hookimpl
    def slot(self, name: str, viewer: Member | None) -> Iterable[SlotContent]:
        """The bell, the stream at home, my places beside the menu, following on a profile, a row of keys."""
        if viewer is None:
            return
        if name == "topbar":
            yield SlotContent("write", "social/new.html", once=True)
            bell = {"unread": visitor_of(viewer).unread, "here": request.endpoint == "social.notifications"}
            yield SlotContent("bell", "social/bell.html", bell, once=True)
        elif name == "home":
            yield feed_views.home_slot()
        elif name == "side":
            yield SlotContent("places", "social/side.html", {"places": my_places(viewer, limit=BESIDE)})
        elif name == "profile_actions":
            yield SlotContent(
                "follow", "social/follow_person.html", {"acquaintance": acquaintance, "viewer": viewer}
            )
        elif name == "shortcuts":
            yield SlotContent("shortcuts", "social/shortcuts.html", once=True)

    @hookimpl
    def profile_sections(self, person: Person, viewer: Member) -> Iterable[ProfileSection]:
        """What they published last, of what the viewer may read."""
        if latest := acquaintance(person.id, viewer=viewer).latest:
            yield ProfileSection("social", _("Lately"), "social/profile.html", {"latest": latest}, order=200)

    @hookimpl
    def account_sections(self, member: Member) -> Iterable[AccountSection]:
        """Of what one wants to be told."""
        context = {"told": notification_kinds_by_plugin(), "chosen": choices_of(member)}
        yield AccountSection("social", _("Notifications"), "social/choices.html", context, order=40)

    @hookimpl
    def export_personal_data(self, person: Person) -> Iterable[PersonalData]:
        """What they published, keep, follow and were told."""
        return personal_data.export(person)

    @hookimpl
    def erase_personal_data(self, erasure: Erasure) -> None:
        """Forget what is only theirs, and what they published if it is to go."""
        personal_data.erase(erasure)
