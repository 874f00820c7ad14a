"""Every hook of core, by the moment at which it is called. docs/hooks.md explains each with an example.

Four kinds, told by their names: `register_*` run once at start; nouns contribute to a page; `check_*` run
before a change and may raise `Veto`; `on_*` run after it. `authenticate` alone asks for the first answer.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

from parvis.contribution import (
    AccountSection,
    Identity,
    Job,
    JoinStep,
    NavItem,
    PersonalData,
    ProfileSection,
    SearchSource,
    SearchWords,
    SlotContent,
    Upload,
)

if TYPE_CHECKING:  # models are only named here
    from parvis.directory.models import Person
    from parvis.events import EventRecord
    from parvis.identity.models import Member
    from parvis.personal_data.erasure import Erasure

hookspec = pluggy.HookspecMarker("parvis")
hookimpl = pluggy.HookimplMarker("parvis")


class StartHooks:
    """Once, when the app starts."""

    @hookspec
    def register_jobs(self) -> Iterable[Job]:  # type: ignore[empty-body]  # a specification has no body
        """Declare durable jobs and schedules. Since 0.1."""

    @hookspec
    def register_search_documents(self) -> Iterable[SearchSource]:  # type: ignore[empty-body]  # as above
        """Declare what can be found by the search. Since 0.1."""

    @hookspec
    def register_search_words(self) -> Iterable[SearchWords]:  # type: ignore[empty-body]  # as above
        """Have what others declare found by further words. Since 0.1."""


class SignInHooks:
    """While somebody signs in."""

    @hookspec(firstresult=True)
    def authenticate(self, username: str, password: str) -> Identity | None:
        """Tell who signs in with these, or None to leave it to others. Since 0.1."""

    @hookspec
    def check_sign_in(self, person: "Person") -> None:
        """Refuse, by raising Veto, a person whom an authentication found. Since 0.1."""

    @hookspec
    def join_steps(self, member: "Member") -> Iterable[JoinStep]:  # type: ignore[empty-body]  # as above
        """Add pages to the first visit. Since 0.1."""


class PageHooks:
    """While a page is made."""

    @hookspec
    def navigation(self, viewer: "Member") -> Iterable[NavItem]:  # type: ignore[empty-body]  # as above
        """Add entries to the menus. Since 0.1."""

    @hookspec
    def slot(self, name: str, viewer: "Member | None") -> Iterable[SlotContent]:  # type: ignore[empty-body]  # as above
        """Add a piece to a named place of the layout or of a page. Since 0.1."""

    @hookspec
    def profile_sections(self, person: "Person", viewer: "Member") -> Iterable[ProfileSection]:  # type: ignore[empty-body]  # as above
        """Add sections to a person's page, of what `viewer` may see. Since 0.1."""

    @hookspec
    def account_sections(self, member: "Member") -> Iterable[AccountSection]:  # type: ignore[empty-body]  # as above
        """Add sections to the member's own account page. Since 0.1."""


class ChangeHooks:
    """Before and after something changes."""

    @hookspec
    def check_upload(self, upload: Upload, actor: "Member") -> None:
        """Refuse, by raising Veto, bytes that somebody sends. Since 0.1."""

    @hookspec
    def on_event(self, event: "EventRecord") -> None:
        """Follow the event log: called by the worker for each event, at least once, in order. Since 0.1."""


class PersonalDataHooks:
    """What is kept about somebody."""

    @hookspec
    def export_personal_data(self, person: "Person") -> Iterable[PersonalData]:  # type: ignore[empty-body]  # as above
        """Give all that is kept about a person. Since 0.1."""

    @hookspec
    def erase_personal_data(self, erasure: "Erasure") -> None:
        """Forget a person: what is only theirs goes, what others need stays without their name. Since 0.1."""


SPECIFICATIONS = (StartHooks, SignInHooks, PageHooks, ChangeHooks, PersonalDataHooks)
