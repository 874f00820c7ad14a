"""What moderation declares."""

from collections.abc import Iterable

from parvis.api import Job, JoinStep, Member, Plugin, SlotContent, hookimpl
from parvis.api import gettext as _

from .command import commands
from .domain.charter import current_version, step_of
from .domain.manager import read_managers
from .permission import ModerationPermission
from .settings import ModerationSettings
from .views import charter
from .web import bp

VIEWS = (charter,)
"""Named so that they are imported: each registers on the blueprint."""


class ModerationPlugin(Plugin[ModerationSettings]):
    """Trust and Engage: a charter, reports, decisions that explain themselves."""

    name = "moderation"
    title = "Moderation"
    version = "0.1.0"
    requires = ("social",)
    blueprint = bp
    permissions = ModerationPermission
    commands = commands
    styles = ("moderation.css",)

    @hookimpl
    def register_jobs(self) -> Iterable[Job]:
        """Read who moderates from the directory."""
        yield Job("moderation:managers", read_managers, "23 * * * *")

    @hookimpl
    def join_steps(self, member: Member) -> Iterable[JoinStep]:
        """Accepting the charter as it is now; while there is none, nothing is asked."""
        version = current_version()
        if version:
            name = step_of(version)
            yield JoinStep(name, _("Our charter"), "moderation.accept", required=True, order=5)

    @hookimpl
    def slot(self, name: str, viewer: Member | None) -> Iterable[SlotContent]:
        """The way to the charter, at the foot of every page and below the sign-in."""
        if name == "footer" and current_version():
            yield SlotContent("charter", "moderation/footer.html", once=True)
