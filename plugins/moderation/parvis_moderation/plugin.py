"""What moderation declares."""

from collections.abc import Iterable, Sequence

from flask_babel import format_date
from parvis.api import (
    Erasure,
    EventRecord,
    Job,
    JoinStep,
    Member,
    NavItem,
    Person,
    PersonalData,
    Plugin,
    SlotContent,
    hookimpl,
)
from parvis.api import gettext as _
from parvis.api import lazy_gettext as _l
from parvis_social.api import (
    Action,
    Caretakers,
    NotificationKind,
    Place,
    Publication,
    Reportable,
    reportables,
)

from . import personal_data
from .command import commands
from .domain import log
from .domain.charter import current_version, step_of
from .domain.manager import managers, read_managers, seems_manager
from .domain.queue import count_open
from .domain.rule import check_rules, flag_links, look_up
from .domain.subject import REPORTABLES
from .domain.suspension import check_not_suspended
from .domain.told import KINDS, tell
from .domain.upkeep import keep_in_order
from .domain.visit import end_due
from .permission import ModerationPermission
from .settings import ModerationSettings
from .views import charter, oversight, question, queue, report, rule, told, visit, waiting
from .web import bp

VIEWS = (charter, oversight, question, queue, report, rule, told, visit, waiting)
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

    def check(self) -> Sequence[str]:
        """Name settings that contradict each other."""
        if self.settings.hide_after_reports == 1:
            return [
                "plugins.moderation.hide_after_reports is 1: anybody could hide what they like; 2 at least"
            ]
        if self.settings.hidden_days > self.settings.case_days:
            return [
                "plugins.moderation.hidden_days is more than case_days: what is hidden would stay so for good"
            ]
        return ()

    @hookimpl
    def register_jobs(self) -> Iterable[Job]:
        """Read who moderates from the directory; bring on what waits too long."""
        yield Job("moderation:managers", read_managers, "23 * * * *")
        yield Job("moderation:upkeep", keep_in_order, "37 * * * *")
        yield Job("moderation:visits", end_due, "* * * * *")

    @hookimpl
    def join_steps(self, member: Member) -> Iterable[JoinStep]:
        """Accepting the charter as it is now; while there is none, nothing is asked."""
        version = current_version()
        if version:
            name = step_of(version)
            yield JoinStep(name, _("Our charter"), "moderation.accept", required=True, order=5)

    @hookimpl
    def register_reportables(self) -> Iterable[Reportable]:
        """What core has: profiles and photos. What plugins publish, they declare."""
        yield from REPORTABLES

    @hookimpl
    def register_actions(self) -> Iterable[Action]:
        """Reporting, beside whatever can be; the rules of a place, among its settings."""
        for kind in reportables():
            path = f"/moderation/report/{kind}/{{id}}"
            yield Action(f"report {kind}", _l("Report"), "shield", path, kind)
        yield Action(
            "ask", _l("Not sure? Ask those who look after the site"), "question", "/moderation/ask", "opening"
        )
        yield Action("rules", _l("Rules for writing"), "shield", "/moderation/rules/{id}", "settings")

    @hookimpl
    def register_caretakers(self) -> Iterable[Caretakers]:
        """Who moderates the whole site looks after all else in it, too."""
        yield Caretakers("moderation", managers)

    @hookimpl
    def register_notification_kinds(self) -> Iterable[NotificationKind]:
        """Decisions, what became of reports, and what is to be decided."""
        yield from KINDS

    @hookimpl
    def on_event(self, event: EventRecord) -> None:
        """Tell people what concerns them; keep the log."""
        log.follow(event)
        tell(event)
        if event.kind in ("social.published", "social.commented", "social.edited"):
            flag_links(event)

    @hookimpl
    def export_personal_data(self, person: Person) -> Iterable[PersonalData]:
        """What they reported, what was decided about them, and what they decided."""
        return personal_data.export(person)

    @hookimpl
    def erase_personal_data(self, erasure: Erasure) -> None:
        """Forget what is only theirs, and what was written to them."""
        personal_data.erase(erasure)

    @hookimpl(trylast=True)
    def check_contribution(self, place: Place, actor: Member, publication: Publication | None) -> None:
        """Refuse contributions of who is suspended; hold to the place's rules.

        Last of all plugins: what is refused anyway neither waits nor is looked at twice.
        """
        until, rules = look_up(place, actor)
        check_not_suspended(until, format_date)
        if publication is not None:
            check_rules(rules, place, actor, publication)

    @hookimpl
    def navigation(self, viewer: Member) -> Iterable[NavItem]:
        """The queue, for those who moderate the whole site; for everybody, what they reported."""
        if seems_manager(viewer):
            waiting = count_open()
            for area, order in (("main", 80), ("me", 55)):  # on a phone there is only the second
                yield NavItem(
                    "moderation",
                    _("To decide"),
                    "moderation.queue",
                    "shield",
                    area,
                    order=order,
                    badge=waiting,
                )
        yield NavItem("reports", _("Reports and decisions"), "moderation.mine", "shield", "me", order=60)

    @hookimpl
    def slot(self, name: str, viewer: Member | None) -> Iterable[SlotContent]:
        """The way to the charter at the foot of every page; reporting somebody beside their profile."""
        if name == "footer" and current_version():
            yield SlotContent("charter", "moderation/footer.html", once=True)
        elif name == "profile_aside" and viewer is not None:
            yield SlotContent("report", "moderation/profile.html", {"viewer": viewer})
