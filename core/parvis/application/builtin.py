"""What core itself adds through its own hooks: menus, join steps, jobs, sections. Plugins are its equals."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from parvis.contribution import (
    AccountSection,
    Job,
    JoinStep,
    NavItem,
    PersonalData,
    ProfileSection,
    SearchSource,
)
from parvis.directory.job import synchronise_directory
from parvis.hookspecs import hookimpl
from parvis.i18n import gettext as _
from parvis.i18n import lazy_gettext as _l
from parvis.identity.form import PreferencesForm
from parvis.identity.job import forget_old
from parvis.identity.session import browser_session, sessions_of
from parvis.permissions import CorePermission, may
from parvis.personal_data import request as personal_data
from parvis.personal_data.export import forget_archives
from parvis.personal_data.own import erase_own, export_own
from parvis.profile.photo import forget_files
from parvis.profile.search import people_source
from parvis.runtime import runtime

if TYPE_CHECKING:  # named only
    from parvis.directory.models import Person
    from parvis.events import EventRecord
    from parvis.identity.models import Member
    from parvis.personal_data.erasure import Erasure


JOIN_STEPS = (
    JoinStep("core:preferences", _l("Your language"), "identity.join_preferences", order=10),
    JoinStep("core:introduction", _l("Your face, and two lines"), "profile.join_introduction", order=20),
)


class Builtin:
    """Core's own contributions."""

    @hookimpl
    def register_jobs(self) -> Iterable[Job]:
        """Synchronise the directory, answer who asks about their data, and forget what is past."""
        if runtime().directory is not None:
            yield Job(
                "core:synchronise", synchronise_directory, runtime().config.directory.synchronise or None
            )
        yield Job("core:forget", forget_old, "17 * * * *")
        yield Job(personal_data.JOB, personal_data.answer)
        yield Job("core:forget_archives", forget_archives, "27 * * * *")

    @hookimpl
    def register_search_documents(self) -> Iterable[SearchSource]:
        """The people in the company."""
        yield people_source()

    @hookimpl
    def on_event(self, event: "EventRecord") -> None:
        """Delete the files of photos that were removed; have done what people ask about their data."""
        forget_files(event)
        personal_data.follow(event)

    @hookimpl
    def export_personal_data(self, person: "Person") -> Iterable[PersonalData]:
        """What core keeps about somebody."""
        return export_own(person)

    @hookimpl
    def erase_personal_data(self, erasure: "Erasure") -> None:
        """Forget the account, the profile, the photos."""
        erase_own(erasure)

    @hookimpl
    def navigation(self, viewer: "Member") -> Iterable[NavItem]:
        """Home, people, own page; the administrator's page where it may be seen."""
        me = {"handle": viewer.person.handle}
        for area in ("main", "phone"):
            yield NavItem("home", _("Home"), "home.index", "home", area, order=0, shortcut="g h")
            yield NavItem("people", _("People"), "profile.people", "people", area, order=20, shortcut="g p")
        yield NavItem("me", _("My profile"), "profile.show", "person", "phone", order=90, values=me)
        yield NavItem("me", _("My profile"), "profile.show", "person", "me", order=0, values=me)
        yield NavItem("account", _("Account and settings"), "identity.account", "settings", "me", order=10)
        if may(viewer, CorePermission.SEE_STATUS):
            yield NavItem("status", _("Administration"), "status.administration", "status", "me", order=80)

    @hookimpl
    def join_steps(self, member: "Member") -> Iterable[JoinStep]:
        """Language and time zone, then a photo and two lines; both can be skipped."""
        return JOIN_STEPS

    @hookimpl
    def profile_sections(self, person: "Person", viewer: "Member") -> Iterable[ProfileSection]:
        """What an administrator may do about a person."""
        if may(viewer, CorePermission.END_SESSIONS):
            yield ProfileSection(
                "administration", _("Administration"), "administration/person.html", order=900
            )

    @hookimpl
    def account_sections(self, member: "Member") -> Iterable[AccountSection]:
        """Preferences, the browsers that are signed in, and one's data."""
        yield AccountSection(
            "preferences",
            _("Language and display"),
            "identity/preferences.html",
            {"form": PreferencesForm(obj=member)},
            10,
        )
        yield AccountSection(
            "sessions", _("Where you are signed in"), "identity/sessions.html",
            {"sessions": sessions_of(member), "present": browser_session().row}, 90,
        )  # fmt: skip
        yield AccountSection("data", _("My data"), "personal_data/section.html", order=95)
