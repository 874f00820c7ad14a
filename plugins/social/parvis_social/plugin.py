"""What social declares."""

from collections.abc import Iterable

from parvis.api import EventRecord, Job, Plugin, hookimpl
from parvis.api import lazy_gettext as _

from .content import comment, post
from .content.delete import purge_deleted
from .content.file import forget_files
from .contribution import ContentType, NotificationKind, PlaceKind
from .hookspecs import SocialHooks
from .notification import follower
from .notification.kinds import KINDS
from .permission import SocialPermission
from .place import wall
from .settings import SocialSettings
from .web import bp


class SocialPlugin(Plugin[SocialSettings]):
    """Conversations: what features that publish something are built on."""

    name = "social"
    title = "Conversations"
    version = "0.1.0"
    blueprint = bp
    permissions = SocialPermission
    hookspecs = (SocialHooks,)

    @hookimpl
    def register_place_kinds(self) -> Iterable[PlaceKind]:
        """Everybody's wall."""
        yield PlaceKind(wall.KIND, _("Wall"), lambda slug: f"/people/{slug}/wall", "people", "person")

    @hookimpl
    def register_content_types(self) -> Iterable[ContentType]:
        """Posts, and the comments under whatever is published."""
        yield ContentType(post.TYPE, _("Post"), "social/post.html")
        yield ContentType(comment.TYPE, _("Comment"), "social/post.html")

    @hookimpl
    def register_jobs(self) -> Iterable[Job]:
        """Forget what was deleted long ago, and files that nobody has."""
        yield Job("social:purge", purge_deleted, "41 2 * * *")
        yield Job("social:forget_files", forget_files, "11 3 * * *")

    @hookimpl
    def register_notification_kinds(self) -> Iterable[NotificationKind]:
        """Mentions, answers, comments, reactions, and what is published where one wants to know all."""
        yield from KINDS

    @hookimpl
    def on_event(self, event: EventRecord) -> None:
        """Tell people what concerns them."""
        follower.tell(event)
