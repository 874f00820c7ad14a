"""What social declares."""

from collections.abc import Iterable

from parvis.api import Plugin, hookimpl
from parvis.api import lazy_gettext as _

from .contribution import PlaceKind
from .hookspecs import SocialHooks
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
        yield PlaceKind(wall.KIND, _("Wall"), lambda place: f"/people/{place.slug}", "people", "person")
